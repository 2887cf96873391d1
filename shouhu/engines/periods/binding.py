"""
The days of a plan, as ``engines.plans.dates`` prints them, bound to days of the calendar that say how they were bound.

``2022-05-26``, ``XXXX-05-15`` without a year, ``XXXX-05`` for a month, ``XXXX-05-early|mid|end`` for 上旬, 中旬, 下旬或底,
``即日``. A day that a plan names is not a term: it is not moved off a holiday (民法典203 moves terms only), but says so.
A day that its year does not have (2月29日) is refused, not replaced: 民法典202 gives the last of the month to terms counted
in months, and whether the plan means 28 February or 1 March only a person knows.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from shouhu.engines.periods.calendar import Calendar
from shouhu.engines.periods.deadlines import about_cover, full

Edge = Literal["start", "end"]

TODAY = "即日"
HALF_MONTH = 15
"""Days of 半个月. Our proposal, no document says it."""

DAY = timedelta(1)
_PARTS = {"early": ("上旬", 1, 10), "mid": ("中旬", 11, 20), "end": ("下旬", 21, 31)}
_FORM = re.compile(
    r"(?P<year>(?:19|20)\d\d|XXXX)-(?P<month>0[1-9]|1[0-2])(?:-(?:(?P<day>\d\d)|(?P<part>early|mid|end)))?"
)
_NUMBER = r"(?:半|\d{1,3}(?:\.5)?|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])"
_LENGTH = re.compile(
    rf"(?:大?约|用|利用|为期|历时|大致|预计|[ 　])*(?P<n>{_NUMBER})个?(?P<half>半)?(?:多)?个?"
    r"(?P<unit>年|月|周|星期|天|日)(?P<and_half>半)?(?:左右|上下|[ 　])*"
)
_VAGUE = re.compile(r"约|大致|预计|多|左右|上下")
_DIGITS = {"": 0} | {digit: n for n, digit in enumerate("一二三四五六七八九", 1)} | {"两": 2}


class Unbound(ValueError):
    """A day that cannot be bound; ``str()`` says what to enter, in Chinese."""


@dataclass(frozen=True)
class Bound:
    """A day, and how it came about, as a clerk would put it."""

    on: date
    how: str


def bind(said: str, *, year: int, edge: Edge, opens_on: date | None, calendar: Calendar) -> Bound:
    """
    This function will bind one day of a plan.

    :param said: as above.
    :param year: for a day that is printed without one.
    :param edge: whether the first or the last day of a month or part of one is meant; ``end`` for a deadline.
    :param opens_on: the day that 即日 stands for.
    :raises Unbound: another form, a day that its year does not have, or 即日 and no day that it stands for.
    """
    if said == TODAY:
        if opens_on is None:
            raise Unbound("方案写“即日起”，请填写印发或启动日期")
        return _bound(opens_on, ["“即日”指印发或启动之日"], edge, calendar)
    match = _FORM.fullmatch(said)
    if not match:
        raise Unbound(f"“{said}”不能推算成日期，请填写年月日")
    year = _year(said) or year
    month = int(match["month"])
    n_days = monthrange(year, month)[1]
    reasons = [] if _year(said) else [f"方案没有写年份，按{year}年计"]
    if match["day"]:
        if not 1 <= int(match["day"]) <= n_days:
            raise Unbound(f"{year}年{month}月没有{int(match['day'])}日，请按方案的本意填写日期")
        return _bound(date(year, month, int(match["day"])), [*reasons, "方案写明的日期"], edge, calendar)
    name, first, last = _PARTS[match["part"]] if match["part"] else ("", 1, 31)
    day = first if edge == "start" else min(last, n_days)
    reasons.append(f"{month}月{name}的{'第一天' if edge == 'start' else '最后一天'}")
    return _bound(date(year, month, day), reasons, edge, calendar)


def bind_range(
    start: str | None, end: str | None, *, year: int, opens_on: date | None, calendar: Calendar
) -> tuple[Bound, Bound]:
    """
    This function will bind the first and the last day of a phase or campaign.

    Where only one of them bears a year, the other is of that year; over a New Year (12月至次年2月) the end is of the year
    after, or the start of the year before.

    :raises Unbound: a side is missing or cannot be bound, or the end lies before the start all the same.
    """
    if not start:
        raise Unbound("方案没有写开始日期，请填写开始日期")
    if not end:
        raise Unbound("方案没有写结束日期，请填写结束日期")

    first_year, last_year = _year(end) or year, _year(start) or year  # of a side that bears none
    first = bind(start, year=first_year, edge="start", opens_on=opens_on, calendar=calendar)
    last = bind(end, year=last_year, edge="end", opens_on=opens_on, calendar=calendar)
    if last.on < first.on and not _year(end):
        last = bind(end, year=last_year + 1, edge="end", opens_on=opens_on, calendar=calendar)
        last = replace(last, how=f"结束的月日早于开始，跨年至{last_year + 1}年；{last.how}")
    elif last.on < first.on and not _year(start):
        first = bind(start, year=first_year - 1, edge="start", opens_on=opens_on, calendar=calendar)
        first = replace(first, how=f"开始的月日晚于结束，自{first_year - 1}年跨年；{first.how}")
    if last.on < first.on:
        raise Unbound(f"结束日期{last.on}早于开始日期{first.on}，请核对后填写")
    return first, last


def bind_duration(said: str, starts_on: date, *, calendar: Calendar) -> Bound:
    """
    This function will give the last day of a phase of which a plan tells only the length: 约半个月, 5个月, 一个半月, 20天, 半年.

    Phases follow upon each other, so the first day counts: five months from 1 May end on 30 September. Where the last
    month has no corresponding day, its last day ends the phase (民法典202).

    :raises Unbound: another form.
    """
    months, days = _length(said)
    reasons = [f"自{full(starts_on)}起历时{said.strip()}，当日计入"]
    if _VAGUE.search(said):
        reasons.append("方案只说大约，按整数推算")
    if days and "月" in said:
        reasons.append(f"半个月按{HALF_MONTH}天计")
    years, month = divmod(starts_on.month - 1 + months, 12)
    due_year, due_month = starts_on.year + years, month + 1
    n_days = monthrange(due_year, due_month)[1]
    if starts_on.day > n_days:
        reasons.append(f"{due_year}年{due_month}月没有{starts_on.day}日，取月末(民法典第202条)")
        return _bound(date(due_year, due_month, n_days) + DAY * days, reasons, "end", calendar)
    return _bound(date(due_year, due_month, starts_on.day) + DAY * (days - 1), reasons, "end", calendar)


def within_phase(due: Bound, *, starts_on: date, ends_on: date) -> Bound:
    """This function will give a deadline that also says, where it is so, that it lies outside the phase of its task."""
    if due.on < starts_on:
        return replace(due, how=f"{due.how}早于所属阶段的开始日期{full(starts_on)}，请核对。")
    if due.on > ends_on:
        return replace(due, how=f"{due.how}晚于所属阶段的结束日期{full(ends_on)}，请核对。")
    return due


def _year(said: str) -> int | None:
    """The year that is printed."""
    return int(said[:4]) if said[:4].isdigit() else None


def _length(said: str) -> tuple[int, int]:
    """Months and days, one of which may be 0."""
    match = _LENGTH.fullmatch(said.strip())
    n_halves = match and _halves(match["n"]) + bool(match["half"] or match["and_half"])
    match (match and match["unit"], n_halves):
        case ("年", int(n)) if n:
            return n * 6, 0
        case ("月", int(n)) if n:
            return n // 2, n % 2 * HALF_MONTH
        case ("周" | "星期", int(n)) if n and n % 2 == 0:
            return 0, n // 2 * 7
        case ("天" | "日", int(n)) if n and n % 2 == 0:
            return 0, n // 2
    raise Unbound(f"时长“{said}”不能推算，请填写结束日期")


def _halves(text: str) -> int:
    """Twice a number: 半, 1.5, 20, 十五, 两."""
    if text == "半":
        return 1
    if text[0].isdigit():
        return round(float(text) * 2)
    tens, ten, ones = text.rpartition("十")
    return 2 * ((_DIGITS[tens] or 1) * 10 * bool(ten) + _DIGITS[ones])


def _bound(on: date, reasons: Iterable[str], edge: Edge, calendar: Calendar) -> Bound:
    told = f"{'；'.join(reasons)}，即{full(on)}"
    return Bound(on, "；".join((told, *_about_rest(on, edge, calendar), *about_cover([on], calendar))) + "。")


def _about_rest(on: date, edge: Edge, calendar: Calendar) -> Iterator[str]:
    """That a day is not worked, and which worked day is next to it, within the phase or before the deadline."""
    if calendar.is_worked(on):
        return
    step = DAY if edge == "start" else -DAY
    near = on + step
    while not calendar.is_worked(near):
        near += step
    which = "其后第一个工作日" if edge == "start" else "此前最后一个工作日"
    yield f"逢{calendar.name(on) or '周末'}，不顺延(民法典第203条只管期间)，{which}是{full(near)}"
