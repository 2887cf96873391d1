"""Which open deadlines another calendar moves, of all rooms: asked before the calendar changes, and told when it did."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from shouhu.engines.periods.calendar import Calendar
from shouhu.engines.periods.deadlines import Deadline
from shouhu.ledgers.clearances import transitions
from shouhu.ledgers.clearances.actions.listing import Recounted as SiteRecounted
from shouhu.ledgers.disposals.counting import counted
from shouhu.ledgers.disposals.models import Task
from shouhu.ledgers.ratings.actions.objections import Recounted as ObjectionRecounted


@dataclass(frozen=True)
class Moved:
    """A measure, a site of the 清零行动 or the answer to an objection whose due day moves."""

    institution: str
    code: str
    says: str
    before: date
    after: date
    task_id: int | None = None
    disposal_id: int | None = None


def of_site(one: SiteRecounted) -> Moved:
    """This function will tell of an unregistered site that moves: the step that it waits for."""
    institution, due_on = one.clearance.institution, one.clearance.due_on
    assert due_on
    says = f"清零行动：{transitions.TITLES[transitions.next_verb(one.clearance)]}"
    return Moved(institution.name, institution.code, says, one.before, due_on)


def of_objection(one: ObjectionRecounted) -> Moved:
    """This function will tell of an objection that moves."""
    institution = one.objection.institution
    return Moved(institution.name, institution.code, "答复异议", one.before, one.objection.due_on)


def moved_by(calendar: Calendar, tasks: QuerySet[Task]) -> tuple[list[Moved], list[Task]]:
    """
    This function will count the open ones of these measures by a calendar, without storing anything.

    :returns: what moves, and the measures whose due day or wording changes, with the new values in them.
    """
    moved, changed = [], []
    seen: dict[tuple[Any, ...], Deadline] = {}  # most measures were opened together and fall due together
    for task in _open(tasks):
        approved = [one for one in task.applications.all() if one.approved_at]
        key = (task.starts_on, task.n_days, *((one.from_on, one.until_on, one.n_days) for one in approved))
        if key not in seen:
            seen[key] = counted(task, approved, calendar)
        deadline = seen[key]
        how = list(deadline.explained)
        if deadline.due_on != task.due_on:
            institution = task.disposal.institution
            moved.append(
                Moved(
                    institution.name,
                    institution.code,
                    task.says,
                    task.due_on,
                    deadline.due_on,
                    task.pk,
                    task.disposal_id,
                )
            )
        if deadline.due_on != task.due_on or how != task.due_how:
            task.due_on, task.due_how = deadline.due_on, how
            changed.append(task)
    return moved, changed


def _open(tasks: QuerySet[Task]) -> Iterable[Task]:
    running = tasks.filter(done_at=None, waived_at=None, dropped_at=None, disposal__closed_at=None)
    wanted = running.select_related("disposal__institution").only(
        "starts_on", "n_days", "due_on", "due_how", "says", "disposal__institution__name", "disposal__institution__code"
    )
    return wanted.prefetch_related("applications").order_by("due_on", "pk")
