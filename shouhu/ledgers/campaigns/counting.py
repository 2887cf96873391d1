"""Worked days before and after a due day, by the calendar of the office."""

from __future__ import annotations

from datetime import date, timedelta

from shouhu.engines.periods.calendar import Calendar
from shouhu.engines.periods.deadlines import SERIOUSLY_OVERDUE, overdue

DAY = timedelta(1)


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


def reminded_on(due_on: date, n_days: int, calendar: Calendar) -> date:
    """This function will give the worked day that lies so many worked days before a due day."""
    return _worked_back(due_on - DAY, calendar, n_days)


def _worked_back(today: date, calendar: Calendar, n: int) -> date:
    """The n-th worked day counted back from a day, the day itself among them."""
    day = today + DAY
    while n:
        day -= DAY
        n -= calendar.is_worked(day)
    return day
