"""When measures are due: counted from their start, their approved pauses and extensions and the calendar, never stored alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from shouhu.engines.periods.calendar import Calendar
from shouhu.engines.periods.deadlines import SERIOUSLY_OVERDUE, Deadline, due, overdue
from shouhu.ledgers.disposals.models import Application, Task


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


def left(due_on: date, today: date, calendar: Calendar) -> int | None:
    """
    This function will give the worked days until a due day, 0 on it; negative: how many have begun since.

    :returns: None on the free days right after the due day, when it is over and nothing is overdue yet.
    """
    if due_on >= today:
        return overdue(today, due_on, calendar)
    return -overdue(due_on, today, calendar) or None


def late_before(today: date, calendar: Calendar) -> date:
    """This function will give the day such that exactly what was due before it is overdue: the last worked day."""
    return _worked_back(today, calendar, 1)


def serious_before(today: date, calendar: Calendar) -> date:
    """This function will give the day such that exactly what was due before it is seriously overdue."""
    return _worked_back(today, calendar, SERIOUSLY_OVERDUE + 1)


def _worked_back(today: date, calendar: Calendar, n: int) -> date:
    """The n-th worked day counted back from a day, the day itself among them."""
    day = today + timedelta(1)
    while n:
        day -= timedelta(1)
        n -= calendar.is_worked(day)
    return day
