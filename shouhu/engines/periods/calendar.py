"""Which days are worked: weekends, official holidays with 调休, and what a district sets apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

SATURDAY = 6
"""ISO weekday: from here on it is weekend."""


@dataclass(frozen=True)
class Calendar:
    """
    Monday to Friday are worked, Saturday and Sunday are not, but for the exceptions.

    ``exceptions`` tells for single days whether they are worked, ``names`` what such a day is called, ``years`` for which
    years the official arrangement is known.
    """

    exceptions: Mapping[date, bool]
    names: Mapping[date, str] = field(default_factory=dict)
    years: frozenset[int] = frozenset()

    @staticmethod
    def shipped() -> Calendar:
        """This function will give the official calendar of ``days.yaml``."""
        return _shipped()

    def with_exceptions(
        self, exceptions: Mapping[date, bool], *, names: Mapping[date, str] | None = None, years: Iterable[int] = ()
    ) -> Calendar:
        """
        This function will give this calendar with days set apart (True: worked), as a district enters them.

        :param names: what the days are called; a day that changes and has no name is 本地放假 or 本地调整上班.
        :param years: years for which the official arrangement is hereby entered in full, so that ``covers`` holds.
        """
        given = names or {}
        called = dict(self.names)
        for day, worked in exceptions.items():
            if day in given:
                called[day] = given[day]
            elif worked != self.is_worked(day):
                called[day] = "本地调整上班" if worked else "本地放假"
        return Calendar({**self.exceptions, **exceptions}, called, self.years.union(years))

    def is_worked(self, day: date) -> bool:
        """This function will tell whether offices work on a day."""
        return self.exceptions.get(day, day.isoweekday() < SATURDAY)

    def covers(self, day: date) -> bool:
        """This function will tell whether the official arrangement of the day's year is known."""
        return day.year in self.years

    def name(self, day: date) -> str | None:
        """This function will give what sets the day apart: a holiday, ``国庆节调休上班``; None for a plain day."""
        return self.names.get(day)


@cache
def _shipped() -> Calendar:
    """The official calendar, read once."""
    years: list[dict[str, Any]] = yaml.safe_load((files(__package__) / "days.yaml").read_text("utf-8"))
    exceptions: dict[date, bool] = {}
    names: dict[date, str] = {}
    for holiday in (holiday for year in years for holiday in year["holidays"]):
        for n in range((holiday["to"] - holiday["from"]).days + 1):
            day = holiday["from"] + timedelta(n)
            exceptions[day], names[day] = False, holiday["name"]
        for day in holiday.get("worked", ()):
            exceptions[day], names[day] = True, f"{holiday['name']}调休上班"
    return Calendar(exceptions, names, frozenset(year["year"] for year in years))
