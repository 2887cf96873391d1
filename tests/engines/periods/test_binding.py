"""Days of plans: what always holds of them, whatever is printed and whatever the office sets apart."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouhu.engines.periods.binding import Unbound, bind, bind_duration, bind_range, within_phase
from shouhu.engines.periods.calendar import Calendar
from shouhu.engines.periods.recurring import BY_HAND, occurrences
from shouhu.engines.plans import dates

GOLD = Path(__file__).parent.parent / "plans" / "gold"
DAY = timedelta(1)
SHIPPED = Calendar.shipped()
YEARS = st.integers(2019, 2030)
PRINTED = st.builds(
    lambda year, month, rest: f"{year}-{month:02}{rest}",
    st.sampled_from(("XXXX", "2021", "2024", "2026")),
    st.integers(1, 12),
    st.sampled_from(("", "-early", "-mid", "-end", "-01", "-15", "-28")),
)
OPENS_ON = st.dates(date(2020, 1, 1), date(2028, 12, 31))
CALENDARS = st.dictionaries(OPENS_ON, st.booleans(), max_size=30).map(SHIPPED.with_exceptions)


@given(PRINTED, YEARS, CALENDARS)
def test_a_day_lies_where_it_is_printed_and_no_calendar_moves_it(said: str, year: int, calendar: Calendar) -> None:
    first = bind(said, year=year, edge="start", opens_on=None, calendar=calendar)
    last = bind(said, year=year, edge="end", opens_on=None, calendar=calendar)
    assert first.on <= last.on
    assert {one.on.month for one in (first, last)} == {int(said[5:7])}
    assert {one.on.year for one in (first, last)} == {year if said.startswith("XXXX") else int(said[:4])}
    for one in (first, last):
        assert ("工作日是" in one.how) == (not calendar.is_worked(one.on))
        assert ("未收录" in one.how) == (not calendar.covers(one.on))
        assert str(one.on) in one.how
        assert len(one.how) < 200


@given(st.integers(1, 12), YEARS)
def test_the_three_parts_of_a_month_are_the_month(month: int, year: int) -> None:
    edges: tuple[Literal["start"], Literal["end"]] = ("start", "end")
    days = [
        bind(f"XXXX-{month:02}{part}", year=year, edge=edge, opens_on=None, calendar=SHIPPED).on
        for part in ("", "-early", "-mid", "-end")
        for edge in edges
    ]
    assert [days[0], days[3] + DAY, days[5] + DAY, days[1]] == [days[2], days[4], days[6], days[7]]


@given(st.one_of(PRINTED, st.just("即日")), PRINTED, YEARS, OPENS_ON, CALENDARS)
def test_a_range_is_in_order_and_within_a_year_unless_both_years_are_printed(
    start: str, end: str, year: int, opens_on: date, calendar: Calendar
) -> None:
    try:
        first, last = bind_range(start, end, year=year, opens_on=opens_on, calendar=calendar)
    except Unbound:
        assert "XXXX" not in start + end or start == "即日"
        return
    assert first.on <= last.on
    if "XXXX" in start or (start[:2] == "20" and "XXXX" in end):
        assert (last.on - first.on).days <= 366
        assert ("跨年" in first.how + last.how) == (first.on.year < last.on.year)


@given(OPENS_ON, st.integers(1, 30), st.sampled_from(("天", "周", "个月")), CALENDARS)
def test_lengths_add_up(start: date, n: int, unit: str, calendar: Calendar) -> None:
    """Days and weeks are counted out; months end on the eve of the corresponding day or with their month."""
    last = bind_duration(f"{n}{unit}", start, calendar=calendar).on
    if unit != "个月":
        assert (last - start).days + 1 == n * (7 if unit == "周" else 1)
    else:
        after = last + DAY
        assert after.day == start.day or (after.day == 1 and last.day < start.day)
        assert (after.year - start.year) * 12 + after.month - start.month == n + (after.day != start.day)


@given(OPENS_ON, OPENS_ON, st.integers(0, 90))
def test_a_deadline_outside_its_phase_keeps_its_day_and_says_so(due_on: date, starts_on: date, n: int) -> None:
    due = bind(str(due_on), year=2022, edge="end", opens_on=None, calendar=SHIPPED)
    ends_on = starts_on + DAY * n
    found = within_phase(due, starts_on=starts_on, ends_on=ends_on)
    assert found.on == due_on
    assert ("请核对" in found.how) == (not starts_on <= due_on <= ends_on)


@pytest.mark.parametrize(
    "text", ["2022年5月26日", "20xx年5月", "5月中旬", "6月底", "2月上旬", "自即日起", "2022年12月31日", "10月"]
)
def test_what_the_plan_reader_prints_can_be_bound(text: str) -> None:
    (day,) = dates.find(text)
    assert bind(day.value, year=2022, edge="end", opens_on=date(2022, 4, 22), calendar=SHIPPED).on.year == 2022


@pytest.mark.parametrize(
    "said",
    ["", "即日起", "2022", "2022-5-1", "XXXX-13", "XXXX-00", "0000-05-01", "9999-05", "XXXX-05-late", "XXXX-04-31"],
)
def test_what_is_no_day_is_refused_in_a_sentence(said: str) -> None:
    with pytest.raises(Unbound, match=r"请.*填写"):
        bind(said, year=2022, edge="end", opens_on=date(2022, 4, 22), calendar=SHIPPED)


def test_from_today_on_needs_to_know_which_day() -> None:
    with pytest.raises(Unbound, match="请填写印发或启动日期"):
        bind("即日", year=2022, edge="start", opens_on=None, calendar=SHIPPED)


@pytest.mark.parametrize("said", ["", "半天", "三周半", "0个月", "十二十天", "若干月", "5"])
def test_what_is_no_length_is_refused_in_a_sentence(said: str) -> None:
    with pytest.raises(Unbound, match="请填写结束日期"):
        bind_duration(said, date(2022, 5, 1), calendar=SHIPPED)


def test_all_days_lengths_and_rules_of_the_plans_that_we_read_can_be_bound() -> None:
    """The expected readings of plans: whatever a plan prints becomes a day, or says what is to be entered."""
    opens_on, end = date(2022, 4, 22), date(2022, 12, 31)
    n_days = n_rules = 0
    for path in sorted(GOLD.glob("*.json")):
        plan = json.loads(path.read_text("utf-8"))
        for phase in plan.get("phases", []):
            first = bind(phase["start"] or "即日", year=2022, edge="start", opens_on=opens_on, calendar=SHIPPED)
            if phase["start"] and phase["end"]:
                bind_range(phase["start"], phase["end"], year=2022, opens_on=opens_on, calendar=SHIPPED)
            if phase["duration"]:
                assert bind_duration(phase["duration"], first.on, calendar=SHIPPED).on > first.on
            n_days += 1
        for task in plan.get("tasks", []):
            if task["deadline"]:
                bind(task["deadline"], year=2022, edge="end", opens_on=opens_on, calendar=SHIPPED)
                n_days += 1
        for report in plan.get("recurring_reports", []):
            assert bool(occurrences(report["rule"], opens_on, end, SHIPPED)) == (report["rule"] not in BY_HAND)
            n_rules += 1
    assert n_days > 60
    assert n_rules > 20
