"""Deadlines: what always holds, and what is said about them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouhu.engines.periods.calendar import Calendar
from shouhu.engines.periods.deadlines import Counting, Pause, due, overdue

DAY = timedelta(1)
SHIPPED = Calendar.shipped()

DAYS = st.dates(date(2021, 12, 1), date(2027, 3, 1))
LENGTHS = st.integers(1, 80)
COUNTINGS = st.sampled_from(("worked", "calendar"))
PAUSES = st.lists(
    st.tuples(DAYS, st.integers(0, 40)).map(lambda pause: (pause[0], pause[0] + DAY * pause[1])), max_size=4
)
CALENDARS = st.dictionaries(DAYS, st.booleans(), max_size=30).map(SHIPPED.with_exceptions)


def days(after: date, until: date) -> list[date]:
    """This function will give the days of ``after < day <= until``."""
    return [after + DAY * n for n in range(1, (until - after).days + 1)]


@given(DAYS, LENGTHS, CALENDARS, COUNTINGS, PAUSES)
def test_the_due_day_is_worked_and_not_paused_and_not_early(
    start: date, n_days: int, calendar: Calendar, counting: Counting, pauses: list[Pause]
) -> None:
    found = due(start, n_days, calendar, counting=counting, pauses=pauses).due_on
    assert calendar.is_worked(found)
    assert not any(first <= found <= last for first, last in pauses)
    assert (found - start).days >= n_days


@given(DAYS, LENGTHS, CALENDARS, PAUSES)
def test_exactly_so_many_worked_days_are_left(
    start: date, n_days: int, calendar: Calendar, pauses: list[Pause]
) -> None:
    found = due(start, n_days, calendar, pauses=pauses).due_on
    paused = {day for first, last in pauses for day in days(first - DAY, last)}
    assert sum(calendar.is_worked(day) and day not in paused for day in days(start, found)) == n_days


@given(DAYS, LENGTHS, CALENDARS, COUNTINGS, PAUSES, st.tuples(DAYS, st.integers(0, 40)))
def test_a_longer_term_a_later_start_or_a_pause_is_never_due_earlier(
    start: date, n_days: int, calendar: Calendar, counting: Counting, pauses: list[Pause], more: tuple[date, int]
) -> None:
    found = due(start, n_days, calendar, counting=counting, pauses=pauses).due_on
    assert due(start, n_days + 1, calendar, counting=counting, pauses=pauses).due_on >= found
    assert due(start + DAY, n_days, calendar, counting=counting, pauses=pauses).due_on >= found
    longer = [*pauses, (more[0], more[0] + DAY * more[1])]
    assert due(start, n_days, calendar, counting=counting, pauses=longer).due_on >= found


@given(DAYS, LENGTHS, CALENDARS)
def test_what_is_so_many_days_overdue_was_due_so_many_days_ago(due_on: date, n_days: int, calendar: Calendar) -> None:
    today = due(due_on, n_days, calendar).due_on
    assert overdue(due_on, today, calendar) == n_days
    assert overdue(today, due_on, calendar) == 0


@given(DAYS, LENGTHS, CALENDARS, COUNTINGS, PAUSES)
def test_the_caveat_stands_exactly_where_a_year_is_not_known(
    start: date, n_days: int, calendar: Calendar, counting: Counting, pauses: list[Pause]
) -> None:
    found = due(start, n_days, calendar, counting=counting, pauses=pauses)
    known = all(calendar.covers(day) for day in days(start, found.due_on))
    assert ("未收录" in str(found)) == (not known)


@pytest.mark.parametrize(
    ("start", "n_days", "counting", "pauses", "said"),
    [
        (
            date(2022, 5, 31), 5, "worked", [],
            "自2022-05-31(周二)次日起算5个工作日；跳过6月3日至5日端午节；至2022-06-08(周三)届满。",
        ),
        (
            date(2022, 9, 28), 10, "worked", [],
            "自2022-09-28(周三)次日起算10个工作日；跳过10月1日至7日国庆节；10月8日至9日国庆节调休上班，计入；"
            "跳过其他周末2天；至2022-10-17(周一)届满。",
        ),
        (
            date(2022, 5, 31), 5, "worked", [(date(2022, 6, 6), date(2022, 6, 8))],
            "自2022-05-31(周二)次日起算5个工作日；跳过6月3日至5日端午节；6月6日至8日中止计算；跳过其他周末2天；"
            "至2022-06-13(周一)届满。",
        ),
        (
            date(2022, 12, 29), 3, "worked", [],
            "自2022-12-29(周四)次日起算3个工作日；跳过12月31日至2023年1月2日元旦；至2023-01-04(周三)届满。",
        ),
        (
            date(2022, 9, 16), 15, "calendar", [],
            "自2022-09-16(周五)次日起算15个自然日；最后一日2022-10-01(周六)逢国庆节，顺延至其后第一个工作日"
            "(民法典第203条)；至2022-10-08(周六)届满。",
        ),
        (
            date(2026, 12, 28), 5, "worked", [],
            "自2026-12-28(周一)次日起算5个工作日；跳过周末2天；至2027-01-04(周一)届满；"
            "2027年放假调休安排未收录，暂按周一至周五上班推算，安排公布并录入后应重新计算。",
        ),
    ],
)  # fmt: skip
def test_a_clerk_can_follow_the_counting(
    start: date, n_days: int, counting: Counting, pauses: list[Pause], said: str
) -> None:
    assert str(due(start, n_days, SHIPPED, counting=counting, pauses=pauses)) == said


def test_a_day_that_the_district_sets_apart_is_told() -> None:
    district = SHIPPED.with_exceptions({date(2022, 5, 10): False}, names={date(2022, 5, 10): "防汛停工"})
    assert "跳过5月10日防汛停工" in due(date(2022, 5, 9), 2, district).explained


def test_no_term_without_days_and_no_pause_that_ends_before_it_begins() -> None:
    with pytest.raises(ValueError, match="至少为1天"):
        due(date(2022, 5, 31), 0, SHIPPED)
    with pytest.raises(ValueError, match="早于始日"):
        due(date(2022, 5, 31), 5, SHIPPED, pauses=[(date(2022, 6, 2), date(2022, 6, 1))])
