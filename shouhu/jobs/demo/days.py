"""The three months as acts at instants: they happen in the order of time, and what lies after the morning of the day never does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import count
from zoneinfo import ZoneInfo

from django.utils.timezone import localdate

from shouhu.engines.periods.calendar import Calendar

ZONE = ZoneInfo("Asia/Shanghai")


class Days:
    """What is still to happen; an act may put further acts after itself."""

    def __init__(self, as_of: date) -> None:
        self.as_of = as_of
        self.now = moment(as_of, 8)
        self._calendar = Calendar.shipped()
        self._waiting: list[tuple[datetime, int, Callable[[datetime], object]]] = []
        self._serial = count()

    def put(self, at: datetime, act: Callable[[datetime], object]) -> None:
        """This function will let an act happen at an instant, unless that is still to come."""
        if at <= self.now:
            heappush(self._waiting, (at, next(self._serial), act))

    def run(self) -> None:
        """This function will let everything happen, the earliest first; of one instant, in the order in which it was put."""
        while self._waiting:
            at, _, act = heappop(self._waiting)
            act(at)

    def later(self, at: datetime, n_worked: int, hour: int = 10, minute: int = 0) -> datetime:
        """This function will give an hour some worked days after an instant, or before it if negative."""
        day, step = localdate(at), 1 if n_worked >= 0 else -1
        left = abs(n_worked)
        while left or not self._calendar.is_worked(day):
            day += timedelta(step)
            left -= self._calendar.is_worked(day) and left > 0
        return moment(day, hour, minute)


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    """This function will give an instant of the office's day, in China."""
    return datetime.combine(day, time(hour, minute), ZONE)
