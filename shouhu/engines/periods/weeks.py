"""
Reporting weeks: 周报送, every Tuesday before 17:00 from the townships, other levels by our proposal.

A week runs from one deadline to the next. What happens exactly on the deadline is in time and belongs to the week that
ends there. Holidays and 调休 move no deadline; only whoever runs the campaign does, week by week.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

import yaml

ZONE = ZoneInfo("Asia/Shanghai")
WEEK = timedelta(weeks=1)


class WeeksOutOfOrder(Exception):
    """A deadline moved past its neighbours; ``str()`` says which, in Chinese."""


@dataclass(frozen=True, order=True)
class Week:
    """The calendar week, told by its Monday, in which the reports of all levels regularly fall due."""

    monday: date

    def __post_init__(self) -> None:
        if self.monday.weekday():
            raise ValueError(f"{self.monday} is not a Monday")

    @staticmethod
    def of(day: date) -> Week:
        """This function will give the calendar week that holds a day."""
        return Week(day - timedelta(day.weekday()))

    def later(self, n: int = 1) -> Week:
        """This function will give the week ``n`` weeks on; before, where ``n`` is negative."""
        return Week(self.monday + WEEK * n)

    def __str__(self) -> str:
        year, number, _ = self.monday.isocalendar()
        return f"{year}年第{number}周"


@dataclass(frozen=True)
class Timetable:
    """
    When one level reports: regular weekday (1 is Monday) and time of day in China, and the weeks that were moved.

    ``says``, ``clause`` and ``mark`` as in ``weeks.yaml``. Instants are aware datetimes.

    :raises WeeksOutOfOrder: a moved deadline lies a week or more from its regular day, or not between its neighbours.
    """

    level: str
    weekday: int
    time: time
    says: str
    clause: str | None = None
    mark: str = ""
    moved: Mapping[Week, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for week, at in self.moved.items():
            near = abs(at - self._regular(week)) < WEEK
            if not (near and self.deadline(week.later(-1)) < at < self.deadline(week.later())):
                raise WeeksOutOfOrder(
                    f"{week}的报送时限不能改到{at.astimezone(ZONE):%Y-%m-%d %H:%M}：须在前后两周的时限之间"
                )

    def with_moved(self, moved: Mapping[Week, datetime]) -> Timetable:
        """
        This function will give the timetable with the deadlines of some weeks moved.

        It serves for freezings too: moved to when each week was frozen, ``span`` and ``week_of`` cut there.

        :raises WeeksOutOfOrder: as above.
        """
        return replace(self, moved={**self.moved, **moved})

    def deadline(self, week: Week) -> datetime:
        """This function will give the last instant at which the week's report is in time."""
        return self.moved.get(week) or self._regular(week)

    def in_time(self, week: Week, at: datetime) -> bool:
        """This function will tell whether a report handed in at an instant is in time: exactly 17:00 is, later is not."""
        return at <= self.deadline(week)

    def week_of(self, at: datetime) -> Week:
        """This function will give the week to which what is recorded at an instant belongs: the first one not yet over."""
        # A deadline lies less than a week from its regular day, so that of two calendar weeks ago is over.
        week = Week.of(at.astimezone(ZONE).date()).later(-2)
        while self.deadline(week) < at:
            week = week.later()
        return week

    def next_deadline(self, at: datetime) -> datetime:
        """This function will give the first deadline that can still be met at an instant."""
        return self.deadline(self.week_of(at))

    def span(self, week: Week) -> tuple[datetime, datetime]:
        """This function will give the instants ``after`` and ``until``; the week holds ``after < at <= until``."""
        return self.deadline(week.later(-1)), self.deadline(week)

    def _regular(self, week: Week) -> datetime:
        return datetime.combine(week.monday + timedelta(self.weekday - 1), self.time, ZONE)


@cache
def timetables() -> dict[str, Timetable]:
    """This function will give the shipped timetables by level: neighbourhood, township, county."""
    rows = yaml.safe_load((files(__package__) / "weeks.yaml").read_text("utf-8"))
    return {row["level"]: Timetable(**{**row, "time": time.fromisoformat(row["time"])}) for row in rows}
