"""The days of a plan

A plan names days with or without a year, months, parts of a month, 即日, or only a length. A year is never guessed: whoever
makes the campaign enters it. A day that a plan names is not a term and is not moved off a holiday (民法典203 moves terms), but it
is said which worked day is next to it: before a deadline, after a start. A day that its year does not have is refused.
即日 is 2022-04-22 below, and the year entered is 2022 where no other is given.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import pytest

from shouhu.engines.periods.binding import Bound, Unbound, bind, bind_duration, bind_range, within_phase
from shouhu.engines.periods.calendar import Calendar
from tests.spec.tables import by_row

OPENS_ON = date(2022, 4, 22)

SPEC_DAYS = """
    printed    | year | as a start | as a deadline | next to a day not worked
    2022-05-26 | 2023 | 2022-05-26 | 2022-05-26    | -
    XXXX-05-26 | 2022 | 2022-05-26 | 2022-05-26    | -
    XXXX-05-26 | 2023 | 2023-05-26 | 2023-05-26    | -
    XXXX-05    | 2023 | 2023-05-01 | 2023-05-31    | 2023-05-04 after the start
    XXXX-06    | 2022 | 2022-06-01 | 2022-06-30    | -
    XXXX-06-early | 2022 | 2022-06-01 | 2022-06-10 | -
    XXXX-05-mid   | 2022 | 2022-05-11 | 2022-05-20 | -
    XXXX-06-end   | 2022 | 2022-06-21 | 2022-06-30 | -
    XXXX-08-end   | 2022 | 2022-08-21 | 2022-08-31 | 2022-08-22 after the start
    XXXX-02    | 2022 | 2022-02-01 | 2022-02-28    | 2022-02-07 after the start
    XXXX-02    | 2024 | 2024-02-01 | 2024-02-29    | -
    XXXX-02-end   | 2023 | 2023-02-21 | 2023-02-28 | -
    XXXX-02-end   | 2024 | 2024-02-21 | 2024-02-29 | -
    XXXX-02-29 | 2024 | 2024-02-29 | 2024-02-29    | -
    XXXX-02-29 | 2022 | 2022年2月没有29日，请按方案的本意填写日期 | 2022年2月没有29日，请按方案的本意填写日期 | -
    2022-06-31 | 2022 | 2022年6月没有31日，请按方案的本意填写日期 | 2022年6月没有31日，请按方案的本意填写日期 | -
    即日       | 2023 | 2022-04-22 | 2022-04-22    | -
    5月中旬    | 2022 | “5月中旬”不能推算成日期，请填写年月日 | “5月中旬”不能推算成日期，请填写年月日 | -
    XXXX-06-04 | 2022 | 2022-06-04 | 2022-06-04    | 2022-06-06 after the start, 2022-06-02 before the deadline
    XXXX-10-01 | 2022 | 2022-10-01 | 2022-10-01    | 2022-10-08 after the start, 2022-09-30 before the deadline
    XXXX-10-08 | 2022 | 2022-10-08 | 2022-10-08    | -
    XXXX-04-30 | 2022 | 2022-04-30 | 2022-04-30    | 2022-05-05 after the start, 2022-04-29 before the deadline
    XXXX-04-24 | 2022 | 2022-04-24 | 2022-04-24    | -
    XXXX-02-17 | 2024 | 2024-02-17 | 2024-02-17    | 2024-02-18 after the start, 2024-02-09 before the deadline
    XXXX-12-end   | 2022 | 2022-12-21 | 2022-12-31 | 2022-12-30 before the deadline
    XXXX-01-03 | 2026 | 2026-01-03 | 2026-01-03    | 2026-01-04 after the start, 2025-12-31 before the deadline
"""
SPEC_RANGES = """
    from       | to         | year | first      | last
    XXXX-05-15 | XXXX-05-31 | 2022 | 2022-05-15 | 2022-05-31
    XXXX-04    | XXXX-05-mid   | 2022 | 2022-04-01 | 2022-05-20
    XXXX-03    | XXXX-05-end   | 2023 | 2023-03-01 | 2023-05-31
    即日       | XXXX-05-mid   | 2022 | 2022-04-22 | 2022-05-20
    2022-04    | XXXX-10    | 2025 | 2022-04-01 | 2022-10-31
    XXXX-04    | 2023-10    | 2025 | 2023-04-01 | 2023-10-31
    XXXX-12    | XXXX-02    | 2023 | 2023-12-01 | 2024-02-29
    XXXX-11-25 | XXXX-01-10 | 2022 | 2022-11-25 | 2023-01-10
    2022-12    | XXXX-02-10 | 2022 | 2022-12-01 | 2023-02-10
    XXXX-12    | 2023-02    | 2022 | 2022-12-01 | 2023-02-28
    即日       | XXXX-02-10 | 2022 | 2022-04-22 | 2023-02-10
    XXXX-05-31 | XXXX-05-31 | 2022 | 2022-05-31 | 2022-05-31
    2022-05-02 | 2022-05-01 | 2022 | 结束日期2022-05-01早于开始日期2022-05-02，请核对后填写 | -
    -          | XXXX-02-10 | 2022 | 方案没有写开始日期，请填写开始日期 | -
    XXXX-06    | -          | 2022 | 方案没有写结束日期，请填写结束日期 | -
"""
SPEC_LENGTHS = """
    first      | length       | last
    2022-05-01 | 5个月        | 2022-09-30
    2022-05-16 | 5个月        | 2022-10-15
    2022-05-01 | 约半个月     | 2022-05-15
    2022-10-01 | 一个半月     | 2022-11-15
    2022-05-01 | 约1.5个月    | 2022-06-15
    2022-05-01 | 两个多月     | 2022-06-30
    2022-05-01 | 半年         | 2022-10-31
    2022-05-01 | 一年半       | 2023-10-31
    2022-05-02 | 两周         | 2022-05-15
    2022-05-11 | 约20天       | 2022-05-30
    2022-05-11 | 十五天左右   | 2022-05-25
    2022-12-16 | 2个月        | 2023-02-15
    2023-01-30 | 1个月        | 2023-02-28
    2024-01-30 | 1个月        | 2024-02-29
    2023-01-29 | 1个月        | 2023-02-28
    2022-08-31 | 1个月        | 2022-09-30
    2024-02-29 | 1年          | 2025-02-28
    2022-05-01 | 一段时间     | 时长“一段时间”不能推算，请填写结束日期
"""
SPEC_PHASES = """
    deadline   | phase                    | says
    XXXX-05-01 | 2022-05-01 to 2022-05-31 | -
    XXXX-05-31 | 2022-05-01 to 2022-05-31 | -
    XXXX-05    | 2022-05-01 to 2022-05-31 | -
    XXXX-04-30 | 2022-05-01 to 2022-05-31 | 早于所属阶段的开始日期2022-05-01(周日)，请核对。
    XXXX-06-early | 2022-05-01 to 2022-05-31 | 晚于所属阶段的结束日期2022-05-31(周二)，请核对。
"""
SPEC_CHANGED = """
    the office sets apart                  | deadline   | next to it
    nothing                                | 2022-05-10 | -
    2022-05-10 off                         | 2022-05-10 | 2022-05-09 before the deadline
    2022-05-09 off, 2022-05-10 off         | 2022-05-10 | 2022-05-07 before the deadline
    2022-06-04 worked                      | 2022-06-04 | -
    2022-09-30 off                         | 2022-10-01 | 2022-09-29 before the deadline
    2027-10-01 off                         | 2027-10-01 | 2027-09-30 before the deadline
"""
SPEC_HOW = """
    printed       | how computed
    2022-05-26    | 方案写明的日期，即2022-05-26(周四)。
    XXXX-05-mid   | 方案没有写年份，按2022年计；5月中旬的最后一天，即2022-05-20(周五)。
    即日          | “即日”指印发或启动之日，即2022-04-22(周五)。
    2022-10-01    | 方案写明的日期，即2022-10-01(周六)；逢国庆节，不顺延(民法典第203条只管期间)，此前最后一个工作日是2022-09-30(周五)。
    2027-06-end   | 6月下旬的最后一天，即2027-06-30(周三)；2027年放假调休安排未收录，暂按周一至周五上班推算，安排公布并录入后应重新计算。
    约半个月      | 自2022-04-22(周五)起历时约半个月，当日计入；方案只说大约，按整数推算；半个月按15天计，即2022-05-06(周五)。
    3个月         | 自2022-04-22(周五)起历时3个月，当日计入，即2022-07-21(周四)。
"""


def bound(said: str, year: int, edge: Literal["start", "end"], calendar: Calendar) -> Bound:
    return bind(said, year=year, edge=edge, opens_on=OPENS_ON, calendar=calendar)


def outcome(said: str, year: int, edge: Literal["start", "end"]) -> str:
    """This function will give the day, or what is said where there is none."""
    try:
        return str(bound(said, year, edge, Calendar.shipped()).on)
    except Unbound as refusal:
        return str(refusal)


def beside(how: str, edge: Literal["start", "end"]) -> str | None:
    """This function will give the worked day that is named, with its place."""
    words, place = ("其后第一个", "after the start") if edge == "start" else ("此前最后一个", "before the deadline")
    _, found, rest = how.partition(f"{words}工作日是")
    return f"{rest[:10]} {place}" if found else None


@pytest.mark.parametrize(**by_row(SPEC_DAYS))
def test_days(row: dict[str, str]) -> None:
    said, year = row["printed"], int(row["year"])
    assert outcome(said, year, "start") == row["as a start"]
    assert outcome(said, year, "end") == row["as a deadline"]
    if row["as a start"].startswith("20") and row["as a start"][4] == "-":
        edges: tuple[Literal["start"], Literal["end"]] = ("start", "end")
        found = (beside(bound(said, year, edge, Calendar.shipped()).how, edge) for edge in edges)
        assert (", ".join(filter(None, found)) or "-") == row["next to a day not worked"]


@pytest.mark.parametrize(**by_row(SPEC_RANGES))
def test_ranges(row: dict[str, str]) -> None:
    start, end = (None if row[key] == "-" else row[key] for key in ("from", "to"))
    try:
        found = bind_range(start, end, year=int(row["year"]), opens_on=OPENS_ON, calendar=Calendar.shipped())
        days = [str(one.on) for one in found]
    except Unbound as refusal:
        days = [str(refusal), "-"]
    assert days == [row["first"], row["last"]]


@pytest.mark.parametrize(**by_row(SPEC_LENGTHS))
def test_lengths(row: dict[str, str]) -> None:
    try:
        last = str(bind_duration(row["length"], date.fromisoformat(row["first"]), calendar=Calendar.shipped()).on)
    except Unbound as refusal:
        last = str(refusal)
    assert last == row["last"]


@pytest.mark.parametrize(**by_row(SPEC_PHASES))
def test_phases(row: dict[str, str]) -> None:
    due = bound(row["deadline"], 2022, "end", Calendar.shipped())
    starts_on, ends_on = (date.fromisoformat(day) for day in row["phase"].split(" to "))
    found = within_phase(due, starts_on=starts_on, ends_on=ends_on)
    assert found.on == due.on
    assert (found.how.removeprefix(due.how) or "-") == row["says"]


@pytest.mark.parametrize(**by_row(SPEC_CHANGED))
def test_changed_calendars(row: dict[str, str]) -> None:
    changes = [] if row["the office sets apart"] == "nothing" else row["the office sets apart"].split(", ")
    exceptions = {date.fromisoformat(change[:10]): change.endswith("worked") for change in changes}
    found = bound(row["deadline"], 2022, "end", Calendar.shipped().with_exceptions(exceptions))
    assert str(found.on) == row["deadline"]
    assert (beside(found.how, "end") or "-") == row["next to it"]


@pytest.mark.parametrize(**by_row(SPEC_HOW))
def test_how_computed(row: dict[str, str]) -> None:
    calendar = Calendar.shipped()
    if row["printed"].endswith("月"):
        assert bind_duration(row["printed"], OPENS_ON, calendar=calendar).how == row["how computed"]
    else:
        assert bound(row["printed"], 2022, "end", calendar).how == row["how computed"]
