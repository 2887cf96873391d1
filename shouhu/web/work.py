"""What waits for a post, from every room: the work list of the home page and the numbers beside the rooms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from shouhu.engines.periods.calendar import Calendar
from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.clearances import queries as clearances
from shouhu.ledgers.disposals import queries as disposals
from shouhu.ledgers.disposals.counting import left
from shouhu.ledgers.ratings import queries as ratings
from shouhu.ledgers.surveys import queries as surveys
from shouhu.ledgers.units.scope import Scope, same_person

LONG = 2000
"""No post reads a longer list; what is beyond is found in the rooms."""


@dataclass(frozen=True)
class Item:
    """Something to be done: what, about whom, on which page, until when (``left`` worked days, negative when overdue)."""

    room: str
    what: str
    where: str
    route: str
    pk: int
    colour: str = ""
    due_on: date | None = None
    left: int | None = None
    is_returned: bool = False
    """Whether it was done and came back."""

    @property
    def url(self) -> str:
        """Where to go."""
        return reverse(self.route, args=[self.pk])


def waiting(scope: Scope, today: date) -> list[Item]:
    """This function will give everything that waits for the post of a scope, the most urgent first."""
    calendar = campaigns.calendar()
    rooms = (_surveys, _ratings, _objections)
    items = [item for room in rooms for item in room(scope, today, calendar)]
    items += [*_disposals(scope, today), *_clearances(scope, today)]
    return sorted(items, key=lambda item: (item.due_on is None, item.due_on or today))[:LONG]


def _disposals(scope: Scope, today: date) -> Iterator[Item]:
    if not scope.may("disposal.view"):
        return
    for due in disposals.due_for(scope, today):
        page = ("disposal-task", due.task_id) if due.task_id else ("disposal-page", due.disposal_id)
        yield Item("disposal", due.what, due.where, *page, due.colour, due.due_on, due.left, due.is_returned)


def _clearances(scope: Scope, today: date) -> Iterator[Item]:
    if not scope.may("clearance.view"):
        return
    for due in clearances.due_for(scope, today):
        about = ("clearance", _("清零行动：%s") % due.title, due.name, "clearance-page", due.clearance_id)
        yield Item(*about, "", due.due_on, due.left, due.is_returned)


def _surveys(scope: Scope, today: date, calendar: Calendar) -> Iterator[Item]:
    if scope.may("survey.fill"):
        for row in surveys.mine(scope).filter(state__in=("open", "returned"))[:LONG]:
            is_returned = row.state == "returned"
            what = _("退回重填排查表") if is_returned else _("上门排查")
            days = left(row.due_on, today, calendar)
            yield Item("survey", what, row.institution.name, "survey-fill", row.pk, "", row.due_on, days, is_returned)
    if scope.may("survey.review"):
        for sheet in surveys.to_review(scope)[:LONG]:
            if not same_person(sheet.submitted_by, scope.post, today):
                name = sheet.assignment.institution.name
                yield Item("survey", _("审核排查表"), name, "survey-sheet", sheet.pk)


def _ratings(scope: Scope, today: date, calendar: Calendar) -> Iterator[Item]:
    if not (scope.may("rating.decide") or scope.may("rating.approve")):
        return
    queue = ratings.to_decide(scope, today)
    waiting: list[tuple[str, QuerySet[Any]]] = []
    if scope.may("rating.decide"):
        waiting = [(_("研判定级"), queue.undecided)]
    if scope.may("rating.approve"):
        waiting += [(_("确认降级"), queue.falling), (_("第二人签字"), queue.unsigned.exclude(proposed_by=scope.post))]
    for what, rows in waiting:
        # Names alone: the reasons beside them are long, and no part of this list.
        for pk, name, colour in rows.values_list("institution", "institution__name", "colour")[:LONG]:
            yield Item("rating", what, name, "rating-page", pk, colour)


def _objections(scope: Scope, today: date, calendar: Calendar) -> Iterator[Item]:
    if scope.may("objection.decide"):
        for one in ratings.objections(scope).filter(decided_at=None).exclude(filed_by=scope.post):
            about = ("objection", _("答复异议"), one.institution.name, "objection-page", one.pk)
            yield Item(*about, "", one.due_on, left(one.due_on, today, calendar))
