"""
Days as plans print them: 2022年5月26日, 20xx年5月, 5月中旬, 即日起, 4—5月, 5.15-5.31; as far as printed and no further.

A day is text: ``2022-05-26``, ``XXXX-05-15`` without a year, ``XXXX-05`` for a month, ``XXXX-05-early|mid|end`` for a
part of one, ``即日`` for from today on. A year is never inferred: in 2022年4月至10月 the second day is ``XXXX-10``; in
2022年5月1日至31日, where the month is left out with it, both are those of the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from shouhu.engines.documents.numbers import numeral

TODAY = "即日"
_ANY = "XXXX"
_PARTS = {
    "上旬": "early",
    "上中旬": "early",
    "中下旬": "mid",
    "初": "early",
    "中旬": "mid",
    "中": "mid",
    "下旬": "end",
    "底": "end",
    "末": "end",
}


@dataclass(frozen=True)
class Day:
    """One day, part of a month or month; ``start:end`` is its place in the text it was found in."""

    year: str
    month: int
    day: int
    part: str
    start: int
    end: int

    @property
    def value(self) -> str:
        """The day as the plan's JSON has it."""
        if not self.month:
            return TODAY
        text = f"{self.year}-{self.month:02}"
        return f"{text}-{self.day:02}" if self.day else f"{text}-{self.part}" if self.part else text


@dataclass(frozen=True)
class Span:
    """From a day to a day; either end may be missing (6月底前, 4月22日起)."""

    first: Day | None
    last: Day | None
    start: int
    end: int


_N = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_YEAR = (
    r"(?:(?P<year>(?:19|20)\d\d|[二〇○零一三四五六七八九]{4}|20[xX×*＊]{2}|20[xX×*＊]|[xX×*＊]{2,4})年(?:度)?"
    r"|(?P<named>今年|本年度?|当年|明年|次年|翌年|去年|同年))"
)
_SPACE = r"[ 　]*"
_PART = r"(?P<part>上中旬|中下旬|上旬|中旬|下旬|初|底|末|中(?![央国心小学级共期旬秋]))"
_MONTH = rf"(?<![\d.])(?P<month>{_N}){_SPACE}月份?"
_DAY = rf"(?P<day>{_N}){_SPACE}(?:[日号]|(?=[—–\-~～至到]{{1,2}}\d{{1,2}}[日号]))"
_SPELT = re.compile(
    rf"(?:{_YEAR}(?:的)?{_SPACE})?(?:{_MONTH}{_SPACE}(?:{_DAY}|{_PART})?|(?<=年)(?P<yearend>底|末|初)|(?P<end>年底|年末|年初))"
)
_DOTTED = re.compile(
    r"(?<![\d.])(?P<year>(?:19|20)\d\d)(?P<dot>[.\-/])(?P<month>\d{1,2})(?:(?P=dot)(?P<day>\d{1,2}))?(?![\d.年%倍])"
)
_SHORT = re.compile(r"(?<![\d.])(?P<month>\d{1,2})\.(?P<day>\d{1,2})(?![\d.%倍万元个])")
_NOW = re.compile(r"即日|(?:(?:本)?(?:方案|通知|文件)?(?:自|从)?(?:印发|发布|发文|下发)之日)")
_BETWEEN = re.compile(
    r"[ 　]*(?:起|开始|份)?[ 　]*[，,]?[ 　]*(?:持续)?(?:[—–―─\-~～－〜]{1,2}|一直到|直到|直至|至|到)[ 　]*"
)
_BARE_MONTH = re.compile(rf"(?<![\d.年月第])(?P<month>\d{{1,2}})(?:月份?)?{_BETWEEN.pattern}(?=\d{{1,2}}{_SPACE}月)")
_BARE_DAY = re.compile(rf"{_N}{_SPACE}[日号]|(?P<part>上旬|中旬|下旬|月?底|月?末)")
_MASKED = re.compile(r"(?:[xX×*＊]{1,4}年)?[xX×*＊]{1,2}[ 　]*月(?:[xX×*＊]{1,2}[日号]|上旬|中旬|下旬|底|末|初)?")
_BEFORE = re.compile(r"[ 　]*(?:之前|以前|前|止|为止|截止)(?!期|[ 　]*[一二三四五六七八九十\d]+[ 　]*[名位个])")
_UNTIL = re.compile(r"(?:截止到?|截至|不迟于|不晚于|最迟(?:于|在)?)[ 　]*$")
_FROM = re.compile(r"[ 　]*(?:起|开始|以来)(?!诉)")

DURATION = re.compile(
    r"(?:大?约|用|利用|为期|历时|大致|预计)?[ 　]*(?:半个?|\d+(?:\.\d+)?个?|[一二两三四五六七八九十]+个?)"
    r"(?:多|半)?(?:年|个?月|周|星期|天)(?:半)?(?:左右|上下)?"
)
"""约半个月, 5个月左右."""


def find(text: str) -> list[Day]:
    """This function will find the days that a text prints, in its order; days of every month (每月5日) are none."""
    days: dict[int, Day] = {}
    for match in _NOW.finditer(text):
        _keep(days, Day("", 0, 0, "", *match.span()))
    for pattern in (_SPELT, _DOTTED):
        for match in pattern.finditer(text):
            if (day := _day(match, text)) is not None:
                _keep(days, day)
    for match in _SHORT.finditer(text):
        if _dotted_range(text, match) and (day := _day(match, text)) is not None:
            _keep(days, day)
    return [days[start] for start in sorted(days)]


def spans(text: str) -> list[Span]:
    """This function will find ranges (4月至5月中旬), ends (6月底前), beginnings (4月22日起) and single days."""
    return list(_spans(text, find(text)))


def deadlines(text: str, *, done: re.Pattern[str]) -> list[Day]:
    """
    This function will find the days by which something is to be done: 5月底前, 不迟于…, 于5月18日 followed by ``done``.

    Days of a range belong to a phase and are none, unless 前 follows its end.
    """
    found = []
    for span in spans(text):
        if span.last is None or span.last.value == TODAY or _yearly(text, span.last):
            continue
        behind, before = text[span.last.end :], text[: span.last.start]
        if _BEFORE.match(behind) or _UNTIL.search(before):
            due = not re.match(r"[^。；]{0,3}[，,]?[^。；，]{0,6}(?:共|已|累计)", behind)
        else:
            due = span.first is None or span.first == span.last
            due = due and bool(re.search(r"(?:于|在|到|至|应)[ 　]*$", before) or span.last.part == "end")
            due = due and bool(done.match(re.split(r"[。；]", behind)[0][:24]))
        if due:
            found.append(span.last)
    return found


def _keep(days: dict[int, Day], day: Day) -> None:
    if not any(other.start < day.end and day.start < other.end for other in days.values()):
        days[day.start] = day


def _day(match: re.Match[str], text: str) -> Day | None:
    named = match.groupdict()
    year = _year(named.get("year"))
    if named.get("end") or named.get("yearend"):
        early = (named.get("end") or named.get("yearend") or "").endswith("初")
        return Day(year, 1 if early else 12, 0, "early" if early else "end", *match.span())
    month, day = _number(named["month"]), _number(named.get("day"))
    if not 1 <= month <= 12 or not _exists(year, month, day):
        return None
    if re.search(r"[每第近个各]$", text[: match.start()]) or re.match(
        r"(?:内|以内|以上|左右|时间|的时间)", text[match.end() :]
    ):
        return None
    return Day(year, month, day, _PARTS.get(named.get("part") or "", ""), *match.span())


def _year(text: str | None) -> str:
    if not text or not re.fullmatch(r"\d{4}|[二〇○零一三四五六七八九]{4}", text):
        return _ANY
    return "".join(str(int(numeral(c))) if not c.isdigit() else c for c in text.replace("○", "〇"))


def _number(text: str | None) -> int:
    return int(numeral(text)) if text else 0


def _exists(year: str, month: int, day: int) -> bool:
    try:
        date(int(year) if year != _ANY else 2000, month, day or 1)
    except ValueError:
        return False
    return True


def _dotted_range(text: str, match: re.Match[str]) -> bool:
    """5.15 alone may be the number of a section; in a range of two it is a day."""
    before, behind = text[: match.start()], text[match.end() :]
    joined = _BETWEEN.match(behind)
    if joined and _SHORT.match(text, match.end() + joined.end()):
        return True
    return bool(re.search(rf"\d\.\d{{1,2}}{_BETWEEN.pattern}$", before))


def _yearly(text: str, day: Day) -> bool:
    return bool(re.search(r"每年(?:的)?[ 　]*$", text[: day.start]))


def _spans(text: str, days: list[Day]) -> Iterator[Span]:
    at, number = 0, 0
    while number < len(days):
        first = days[number]
        number += 1
        if first.start < at:
            continue
        if bare := _bare_month(text, first, at):
            yield Span(bare, first, bare.start, first.end)
            at = first.end
            continue
        joined = _BETWEEN.match(text, first.end)
        second = days[number] if joined and number < len(days) and days[number].start == joined.end() else None
        if joined and second is None:
            second = _bare_day(text, first, joined.end())
        elif second is not None:
            number += 1
        if second is None and joined and (masked := _MASKED.match(text, joined.end())):
            yield Span(first, None, first.start, masked.end())
        elif second is not None:
            yield Span(first, second, first.start, second.end)
            at = second.end
        elif _FROM.match(text, first.end) or first.value == TODAY:
            yield Span(first, None, first.start, first.end)
        elif _BEFORE.match(text, first.end) or _UNTIL.search(text[: first.start]):
            yield Span(None, first, first.start, first.end)
        else:
            yield Span(first, first, first.start, first.end)


def _bare_month(text: str, last: Day, at: int) -> Day | None:
    """4—5月: the month of the beginning stands without 月."""
    window = max(at, last.start - 8)
    for match in _BARE_MONTH.finditer(text, window, last.start + 6):
        if match.end() == last.start and match.start() >= at and 1 <= int(match["month"]) <= 12:
            return Day(last.year, int(match["month"]), 0, "", match.start(), match.end())
    return None


def _bare_day(text: str, first: Day, at: int) -> Day | None:
    """5月1日至31日, 5月上旬至中旬: the month of the end is that of the beginning."""
    match = _BARE_DAY.match(text, at)
    if not match or not first.month:
        return None
    if match["part"]:
        part = _PARTS[match["part"].removeprefix("月")]
        return replace(first, day=0, part=part, start=match.start(), end=match.end())
    day = _number(re.sub(r"[ 　日号]", "", match[0]))
    if not _exists(first.year, first.month, day):
        return None
    return replace(first, day=day, part="", start=match.start(), end=match.end())
