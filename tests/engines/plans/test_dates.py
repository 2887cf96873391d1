"""Days and ranges: as far as printed and no further."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouhu.engines.plans import dates

DONE = re.compile(r"[，,]?[^。；，]{0,12}?(?:完成|报送|全面)")


def ends(text: str) -> list[tuple[str | None, str | None]]:
    """The ranges of a text, as values."""
    return [(s.first.value if s.first else None, s.last.value if s.last else None) for s in dates.spans(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2022年4月至5月中旬", [("2022-04", "XXXX-05-mid")]),
        ("即日起至2月10日", [("即日", "XXXX-02-10")]),
        ("（4—5月）", [("XXXX-04", "XXXX-05")]),
        ("5.15-5.31", [("XXXX-05-15", "XXXX-05-31")]),
        ("20xx年5月15日—5月31日", [("XXXX-05-15", "XXXX-05-31")]),
        ("xx年5月", [("XXXX-05", "XXXX-05")]),
        ("6月底前", [(None, "XXXX-06-end")]),
        ("2022年底前", [(None, "2022-12-end")]),
        ("从4月22日起", [("XXXX-04-22", None)]),
        ("2023年10月15日至31日", [("2023-10-15", "2023-10-31")]),
        ("10月10-15日", [("XXXX-10-10", "XXXX-10-15")]),
        ("5月上旬至中旬", [("XXXX-05-early", "XXXX-05-mid")]),
        ("11月至次年2月", [("XXXX-11", "XXXX-02")]),
        ("10月上旬至xx月底", [("XXXX-10-early", None)]),
        ("二〇二二年五月二十六日", [("2022-05-26", "2022-05-26")]),
        ("2022.4-2022.10", [("2022-04", "2022-10")]),
        ("自印发之日起", [("即日", None)]),
        ("x月x日至x月x日", []),
        ("每月5日前", []),
        ("3个月内", []),
        ("第5.1节", []),
        ("13月1日、2月30日", []),
    ],
)
def test_ranges_as_printed(text: str, found: list[tuple[str | None, str | None]]) -> None:
    assert ends(text) == found


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("确保5月底前完成复查", ["XXXX-05-end"]),
        ("不迟于2023年6月1日", ["2023-06-01"]),
        ("到6月底，全面完成整治", ["XXXX-06-end"]),
        ("5月1日—5月10日前完成", ["XXXX-05-10"]),
        ("4月15日至5月31日集中排查", []),
        ("截至6月底，全区共排查12家", []),
        ("每年12月底前报送", []),
        ("结合1月份开展的行动", []),
    ],
)
def test_deadlines(text: str, due: list[str]) -> None:
    assert [day.value for day in dates.deadlines(text, done=DONE)] == due


@given(st.dates(date(1990, 1, 1), date(2049, 12, 31)), st.booleans())
def test_every_day_is_read_back(day: date, with_year: bool) -> None:
    text = f"于{day.year}年" * with_year + f"{day.month}月{day.day}日前完成"
    year = f"{day.year}" if with_year else "XXXX"
    assert [d.value for d in dates.find(text)] == [f"{year}-{day.month:02}-{day.day:02}"]


@given(
    st.dates(date(2020, 1, 1), date(2029, 12, 31)),
    st.dates(date(2020, 1, 1), date(2029, 12, 31)),
    st.sampled_from("至到-—～"),
)
def test_every_range_is_read_back(first: date, last: date, joint: str) -> None:
    text = f"（{first.year}年{first.month}月{first.day}日{joint}{last.year}年{last.month}月{last.day}日）"
    assert ends(text) == [(first.isoformat(), last.isoformat())]


@given(st.text(alphabet="0123456789年月日号.-至到—起前底初中旬即xX今每 第个之、，", max_size=40))
def test_places_are_within_the_text_and_in_order(text: str) -> None:
    spans = dates.spans(text)
    assert all(0 <= s.start < s.end <= len(text) for s in spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))
