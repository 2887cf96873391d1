"""When measures are due: counted from their start, their approved pauses and extensions and the calendar, never stored alone."""

from __future__ import annotations

from collections.abc import Iterable

from shouhu.engines.periods.calendar import Calendar
from shouhu.engines.periods.deadlines import Deadline, due
from shouhu.ledgers.campaigns.counting import late_before, left, serious_before
from shouhu.ledgers.disposals.models import Application, Task

__all__ = ["counted", "late_before", "left", "serious_before"]


def counted(task: Task, applications: Iterable[Application], calendar: Calendar) -> Deadline:
    """This function will count a measure's due day with the applications about it that were approved."""
    approved = sorted((one for one in applications if one.approved_at), key=lambda one: one.pk)
    pauses = [(one.from_on, one.until_on) for one in approved if one.from_on and one.until_on]
    more = sum(one.n_days or 0 for one in approved)
    deadline = due(task.starts_on, task.n_days + more, calendar, pauses=pauses)
    if not more:
        return deadline
    first = f"原定{task.n_days}个工作日，经批准延长{more}个工作日"
    return Deadline(
        deadline.start_on, deadline.n_days, deadline.counting, deadline.due_on, (first, *deadline.explained)
    )
