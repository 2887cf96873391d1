"""What waits for a post, how far the work has come, and what another calendar would move."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce, Substr

from shouhu.engines.periods.calendar import Calendar
from shouhu.engines.periods.deadlines import SERIOUSLY_OVERDUE
from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.campaigns.models import CalendarDay
from shouhu.ledgers.clearances import actions as clearances
from shouhu.ledgers.clearances.models import Clearance
from shouhu.ledgers.disposals.counting import late_before, left, serious_before
from shouhu.ledgers.disposals.models import Application, Refund, Task
from shouhu.ledgers.disposals.moving import Moved, moved_by, of_objection, of_site
from shouhu.ledgers.disposals.queries.details import pending
from shouhu.ledgers.disposals.queries.lists import COUNTED, FINISHED, UNFINISHED, seen
from shouhu.ledgers.institutions import queries as institutions
from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.ratings import actions as ratings
from shouhu.ledgers.ratings.models import Objection
from shouhu.ledgers.ratings.transitions import WORST_FIRST
from shouhu.ledgers.units.scope import Scope


@dataclass(frozen=True)
class Due:
    """A line of somebody's work list: what is to be done, where, by when."""

    kind: str
    """``do``, ``review``, ``approve`` or ``take``."""
    what: str
    where: str
    colour: str
    disposal_id: int
    task_id: int | None
    due_on: date | None
    left: int | None
    """Worked days left; negative: overdue by so many."""
    is_returned: bool = False
    """Whether it was done and sent back."""

    @property
    def seriously(self) -> bool:
        """严重逾期."""
        return self.left is not None and -self.left > SERIOUSLY_OVERDUE


@dataclass(frozen=True)
class Progress:
    """Counts for one colour or one town (附件4)."""

    key: str
    n_open: int
    n_closed: int
    n_tasks: int
    n_finished: int
    n_overdue: int
    n_serious: int
    owed_fen: int
    paid_fen: int


def due_for(scope: Scope, today: date) -> list[Due]:
    """
    This function will give the work that waits for the post of a scope, the most urgent first.

    To do: its own measures and those of disposals it handles. To review, to approve and to hand out: what its role may.
    """
    calendar, post = campaigns.calendar(), scope.post
    running = Task.objects.filter(institutions.in_sight(scope, "disposal__institution__"), disposal__closed_at=None)
    running = running.select_related("disposal__institution")
    mine = running.filter(UNFINISHED).filter(Q(post=post) | Q(post=None, disposal__handler=post))
    work = [_of_task("do", one, today, calendar) for one in mine]
    if scope.may("disposal.review"):
        done = running.filter(done_at__isnull=False, reviewed_at=None).exclude(done_by=post)
        work += [_of_task("review", one, today, calendar) for one in done]
        orphans = seen(scope).filter(closed_at=None, handler=None).select_related("institution")
        work += [
            Due("take", "指定经办岗位", one.institution.name, one.colour, one.pk, None, None, None) for one in orphans
        ]
    if scope.may("disposal.approve"):
        work += [
            Due("approve", f"审批{Application.KINDS[one.kind]}：{one.task.says}", one.task.disposal.institution.name,
                one.task.disposal.colour, one.task.disposal_id, one.task_id, one.task.due_on,
                left(one.task.due_on, today, calendar))
            for one in pending(scope).exclude(asked_by=post)
        ]  # fmt: skip
    return sorted(work, key=lambda one: (one.due_on is None, one.due_on or today, WORST_FIRST.index(one.colour)))


def progress(scope: Scope, today: date, *, by: str = "colour") -> list[Progress]:
    """
    This function will count disposals, measures and refunds by ``colour`` or by ``town`` (12-digit code).

    Colours come worst first, towns by code.
    """
    key = F("disposal__colour") if by == "colour" else Substr("disposal__institution__code", 1, 9)
    own_key = F("colour") if by == "colour" else Substr("institution__code", 1, 9)
    calendar = campaigns.calendar()
    within = institutions.in_sight(scope, "disposal__institution__")
    running = UNFINISHED & Q(disposal__closed_at=None)
    counts: tuple[Iterable[Mapping[str, Any]], ...] = (
        seen(scope).order_by().values(key=own_key).annotate(
            n_open=Count("pk", filter=Q(closed_at=None)), n_closed=Count("pk", filter=Q(closed_at__isnull=False))
        ),
        Task.objects.filter(within, COUNTED).order_by().values(key=key).annotate(
            n_tasks=Count("pk"), n_finished=Count("pk", filter=FINISHED),
            n_overdue=Count("pk", filter=running & Q(due_on__lt=late_before(today, calendar))),
            n_serious=Count("pk", filter=running & Q(due_on__lt=serious_before(today, calendar))),
        ),
        Refund.objects.filter(within).order_by().values(key=key).annotate(
            owed_fen=Coalesce(Sum("sum_fen", filter=Q(kind="owed")), 0),
            paid_fen=Coalesce(Sum("sum_fen", filter=Q(kind="paid")), 0),
        ),
    )  # fmt: skip
    found: dict[str, dict[str, int]] = {}
    for rows in counts:
        for row in rows:
            found.setdefault(row["key"], {}).update({name: row[name] for name in row if name != "key"})
    names = [one.name for one in fields(Progress)][1:]
    ordered = sorted(found, key=lambda one: WORST_FIRST.index(one) if by == "colour" else one)
    return [
        Progress(one if by == "colour" else one.ljust(12, "0"), **{name: found[one].get(name, 0) for name in names})
        for one in ordered
    ]


def preview(on: date, *, is_worked: bool) -> list[Moved]:
    """This function will tell which open deadlines would move if a day were worked or not."""
    calendar = campaigns.calendar().with_exceptions({on: is_worked})
    sites = clearances.moved_sites(calendar, Clearance.objects.all())
    objections = ratings.moved_objections(calendar, Objection.objects.all())
    return [*moved_by(calendar, Task.objects.all())[0], *map(of_site, sites), *map(of_objection, objections)]


def days_apart(first: date, last: date) -> dict[date, CalendarDay]:
    """This function will give the days that an office set apart, from a day to a day."""
    rows = CalendarDay.objects.filter(on__gte=first, on__lte=last).select_related("set_by__unit")
    return {row.on: row for row in rows}


def _of_task(kind: str, one: Task, today: date, calendar: Calendar) -> Due:
    institution: Institution = one.disposal.institution
    is_returned = kind == "do" and one.returned_at is not None
    what = f"审核：{one.says}" if kind == "review" else f"退回补办：{one.says}" if is_returned else one.says
    return Due(kind, what, institution.name, one.disposal.colour, one.disposal_id, one.pk, one.due_on,
               left(one.due_on, today, calendar) if kind == "do" else None, is_returned)  # fmt: skip
