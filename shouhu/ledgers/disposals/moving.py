"""Which open deadlines another calendar would move: asked before the calendar changes, and again when it does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from shouhu.engines.periods.calendar import Calendar
from shouhu.engines.periods.deadlines import Deadline
from shouhu.ledgers.disposals.counting import counted
from shouhu.ledgers.disposals.models import Task


@dataclass(frozen=True)
class Moved:
    """A measure whose due day moves."""

    task_id: int
    disposal_id: int
    institution: str
    code: str
    says: str
    before: date
    after: date


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
                Moved(task.pk, task.disposal_id, institution.name, institution.code, task.says, task.due_on,
                      deadline.due_on)
            )  # fmt: skip
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
