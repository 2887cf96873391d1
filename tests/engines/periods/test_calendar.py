"""The shipped days are consistent with themselves; a district's table wins over them."""

from __future__ import annotations

from datetime import date, timedelta
from importlib.resources import files
from typing import Any

import pytest
import yaml

from shouhu.engines import periods
from shouhu.engines.periods.calendar import Calendar

DAYS = yaml.safe_load((files(periods) / "days.yaml").read_text("utf-8"))


def days_of(year: int) -> list[date]:
    """This function will give every day of a year."""
    first = date(year, 1, 1)
    return [first + timedelta(n) for n in range((date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize(
    ("year", "n_worked"), [(2020, 249), (2021, 250), (2022, 249), (2023, 249), (2024, 251), (2025, 248), (2026, 248)]
)
def test_so_many_days_are_worked_in_a_year(year: int, n_worked: int) -> None:
    assert sum(Calendar.shipped().is_worked(day) for day in days_of(year)) == n_worked


@pytest.mark.parametrize("year", DAYS, ids=lambda year: str(year["year"]))
def test_the_days_of_a_year_are_plausible(year: dict[str, Any]) -> None:
    """A slip of the pen in the table would break one of these."""
    calendar, seen = Calendar.shipped(), list[date]()
    for row in year["holidays"]:
        first, last = row["from"], row["to"]
        assert first <= last and last.year == year["year"]
        run = [first + timedelta(n) for n in range((last - first).days + 1)]
        worked: list[date] = row.get("worked", [])
        # What is worked is a weekend near the holiday, which is no longer than ten days.
        assert all(day.weekday() > 4 and day not in run for day in worked)
        assert all(min(abs(day - first), abs(day - last)) <= timedelta(12) for day in worked) and len(run) <= 10
        seen += [*run, *worked]
        assert not any(calendar.is_worked(day) for day in run)
    assert len(seen) == len(set(seen))


def test_all_years_from_2004_are_covered() -> None:
    assert Calendar.shipped().years == frozenset(range(2004, 2027))


def test_a_district_sets_days_apart() -> None:
    shipped = Calendar.shipped()
    plain, holiday, saturday, weekend = date(2022, 6, 1), date(2022, 6, 3), date(2022, 6, 11), date(2022, 10, 8)
    district = shipped.with_exceptions(
        {plain: False, holiday: True, saturday: True, weekend: True}, names={saturday: "集中排查"}
    )
    assert [district.is_worked(day) for day in (plain, holiday, saturday, weekend)] == [False, True, True, True]
    assert district.name(plain) == "本地放假"
    assert district.name(holiday) == "本地调整上班"
    assert district.name(saturday) == "集中排查"
    assert district.name(weekend) == "国庆节调休上班"  # nothing changed here
    assert shipped.is_worked(plain) and not shipped.is_worked(holiday) and shipped.name(plain) is None


def test_single_days_do_not_make_a_year_known() -> None:
    shipped, new_year = Calendar.shipped(), date(2027, 1, 1)
    assert not shipped.with_exceptions({new_year: False}).covers(new_year)
    assert shipped.with_exceptions({new_year: False}, names={new_year: "元旦"}, years=[2027]).covers(new_year)
