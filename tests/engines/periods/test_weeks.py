"""Weeks tile time, and stay in order however their deadlines are moved."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouhu.engines.periods.weeks import WEEK, ZONE, Timetable, Week, WeeksOutOfOrder, timetables

TOWNSHIP = timetables()["township"]
FIRST = Week(date(2022, 5, 2))
INSTANTS = st.datetimes(datetime(2022, 4, 18), datetime(2022, 7, 18)).map(lambda at: at.replace(tzinfo=ZONE))
SHIFTS = st.lists(st.timedeltas(-WEEK, WEEK), max_size=10)


@st.composite
def timetable(draw: st.DrawFn) -> Timetable:
    """This strategy will draw a timetable with weeks moved, only as far as is allowed."""
    found = Timetable("township", draw(st.integers(1, 7)), draw(st.times()), "")
    for n, shift in enumerate(draw(SHIFTS)):
        week = FIRST.later(n)
        try:
            found = found.with_moved({week: found.deadline(week) + shift})
        except WeeksOutOfOrder:
            continue
    return found


@given(timetable(), INSTANTS)
def test_every_instant_lies_in_the_span_of_its_week_and_of_no_other(timetable: Timetable, at: datetime) -> None:
    week = timetable.week_of(at)
    held = [n for n in range(-4, 5) for after, until in [timetable.span(week.later(n))] if after < at <= until]
    assert held == [0]
    assert timetable.next_deadline(at) == timetable.deadline(week) >= at


@given(timetable())
def test_deadlines_never_cross(timetable: Timetable) -> None:
    assert all(a < b for a, b in pairwise(timetable.deadline(FIRST.later(n)) for n in range(-3, 14)))


def test_exactly_on_the_deadline_is_in_time_in_any_time_zone() -> None:
    week = Week.of(date(2022, 5, 31))
    five = datetime(2022, 5, 31, 9, tzinfo=UTC)  # 17:00 in China
    assert TOWNSHIP.deadline(week) == five
    assert TOWNSHIP.in_time(week, five)
    assert not TOWNSHIP.in_time(week, five + timedelta(milliseconds=1))


def test_the_campaign_office_moves_a_deadline() -> None:
    week = Week.of(date(2022, 10, 4))  # in 国庆节, yet a Tuesday like any other
    assert TOWNSHIP.deadline(week) == datetime(2022, 10, 4, 17, tzinfo=ZONE)
    moved = TOWNSHIP.with_moved({week: datetime(2022, 10, 8, 17, tzinfo=ZONE)})
    assert moved.next_deadline(datetime(2022, 10, 5, tzinfo=ZONE)) == datetime(2022, 10, 8, 17, tzinfo=ZONE)
    assert moved.deadline(week.later()) == datetime(2022, 10, 11, 17, tzinfo=ZONE)


def test_a_record_after_freezing_belongs_to_the_next_week() -> None:
    week, frozen_at = Week.of(date(2022, 5, 31)), datetime(2022, 5, 31, 15, 20, tzinfo=ZONE)
    frozen = TOWNSHIP.with_moved({week: frozen_at})
    assert frozen.week_of(frozen_at) == week
    assert frozen.week_of(frozen_at + timedelta(seconds=1)) == week.later()
    assert frozen.span(week.later()) == (frozen_at, TOWNSHIP.deadline(week.later()))


@pytest.mark.parametrize("to", [datetime(2022, 6, 7, 17, tzinfo=ZONE), datetime(2022, 5, 24, 17, tzinfo=ZONE)])
def test_a_deadline_does_not_pass_its_neighbours(to: datetime) -> None:
    with pytest.raises(WeeksOutOfOrder, match="2022年第22周的报送时限不能改到"):
        TOWNSHIP.with_moved({Week.of(date(2022, 5, 31)): to})


def test_the_shipped_timetables_cite_the_plan_or_are_marked_as_ours() -> None:
    assert {t.level: (t.weekday, t.time) for t in timetables().values()} == {
        "neighbourhood": (1, time(17)), "township": (2, time(17)), "county": (3, time(12)),
    }  # fmt: skip
    assert [t.level for t in timetables().values() if (t.clause is None) != (t.mark == "P")] == []


def test_a_week_is_told_by_its_monday() -> None:
    with pytest.raises(ValueError, match="not a Monday"):
        Week(date(2022, 5, 31))
