"""Recurring reports: a longer range only adds reports, and what is taken from our own table is marked as ours."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from importlib.resources import files
from itertools import pairwise

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from shouhu.engines import periods
from shouhu.engines.periods.calendar import Calendar
from shouhu.engines.periods.recurring import occurrences
from shouhu.engines.periods.weeks import ZONE, Week, WeeksOutOfOrder, timetables

DAY = timedelta(1)
SHIPPED = Calendar.shipped()
DAYS = st.dates(date(2021, 1, 1), date(2027, 12, 31))
RULES = st.one_of(
    st.sampled_from(("weekly", "monthly", "monthly end", "daily", "daily 16:00", "weekly Tuesday 17:00", "weekly Sunday")),
    st.integers(1, 31).map(lambda n: f"monthly {n}th 09:30"),
)  # fmt: skip
CALENDARS = st.dictionaries(DAYS, st.booleans(), max_size=20).map(SHIPPED.with_exceptions)


@given(RULES, DAYS, st.integers(0, 70), st.integers(0, 70), CALENDARS)
def test_ranges_join(rule: str, start: date, n: int, more: int, calendar: Calendar) -> None:
    middle, end = start + DAY * n, start + DAY * (n + more)
    first = occurrences(rule, start, middle, calendar)
    second = occurrences(rule, middle + DAY, end, calendar)
    assert first + second == occurrences(rule, start, end, calendar)
    assert all(a.due_at < b.due_at and a.period != b.period for a, b in pairwise(first + second))
    assert all(start <= one.due_at.date() <= end and one.due_at.tzinfo is ZONE for one in first + second)


@given(RULES, DAYS, CALENDARS)
def test_a_changed_calendar_moves_no_report(rule: str, start: date, calendar: Calendar) -> None:
    end = start + DAY * 62
    found, shipped = (occurrences(rule, start, end, one) for one in (calendar, SHIPPED))
    assert [one.due_at for one in found] == [one.due_at for one in shipped]
    for one in found:
        assert ("不因放假变动" in one.how) == (not calendar.is_worked(one.due_at.date()))


@given(RULES, DAYS)
def test_every_rhythm_comes_round(rule: str, start: date) -> None:
    n_days = {"daily": 1, "weekly": 7, "monthly": 31}[rule.split()[0]]
    assert occurrences(rule, start, start + DAY * (n_days - 1), SHIPPED)


def test_the_weekly_report_of_the_plan_is_that_of_the_townships() -> None:
    found = occurrences("weekly Tuesday 17:00", date(2022, 4, 1), date(2022, 12, 31), SHIPPED)
    assert found
    township = timetables()["township"]
    assert [one.due_at for one in found] == [township.deadline(Week.of(one.due_at.date())) for one in found]


def test_a_week_is_not_moved_past_its_neighbours() -> None:
    moved = {Week.of(date(2022, 10, 4)): datetime(2022, 10, 11, 17, tzinfo=ZONE)}
    with pytest.raises(WeeksOutOfOrder):
        occurrences("weekly Tuesday 17:00", date(2022, 10, 1), date(2022, 10, 31), SHIPPED, moved=moved)


def test_what_plans_leave_open_is_ours() -> None:
    rows = yaml.safe_load((files(periods) / "recurring.yaml").read_text("utf-8"))
    assert {row["rhythm"]: row["mark"] for row in rows} == {"daily": "P", "weekly": "P", "monthly": "P"}
