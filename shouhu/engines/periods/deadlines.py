"""
When something is due, and how that was counted.

The day of the act is not counted (民法典201). A term of calendar days that ends on a holiday or weekend ends on the next
worked day (民法典203). A deadline is a pure function of what it is given: when the calendar changes, count again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Literal

from shouhu.engines.periods.calendar import Calendar

Counting = Literal["worked", "calendar"]
Pause = tuple[date, date]
"""The first and the last day on which the clock stands still; both are left out."""

SERIOUSLY_OVERDUE = 5
"""Worked days; more than these are 严重逾期. Our proposal, no document names a number: a week of work has passed."""

DAY = timedelta(1)
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class Deadline:
    """A day on which something is due at the latest; ``str()`` is how it was counted, as a clerk would put it."""

    start_on: date
    n_days: int
    counting: Counting
    due_on: date
    explained: tuple[str, ...]

    def __str__(self) -> str:
        return "；".join(self.explained) + "。"


def due(
    start_on: date, n_days: int, calendar: Calendar, *, counting: Counting = "worked", pauses: Sequence[Pause] = ()
) -> Deadline:
    """
    This function will count ``n_days`` from the day after ``start_on`` and give the last of them, with the reasons.

    :param start_on: the day of the act, itself not counted.
    :param n_days: at least 1; what is due at once has no deadline to count.
    :param pauses: days that are not counted, whole days, may overlap; give a pause that still runs up to today, then the
        deadline is the earliest possible one.
    :raises ValueError: ``n_days`` below 1, or a pause that ends before it begins.
    """
    if n_days < 1:
        raise ValueError(f"时限至少为1天，不能是{n_days}天")
    if wrong := next((pause for pause in pauses if pause[1] < pause[0]), None):
        raise ValueError(f"中止时限的终日{wrong[1]}早于始日{wrong[0]}")

    span = _span(start_on, n_days, calendar, counting, pauses)
    # What the term would have ended on, had it not been moved off a holiday; the same day for worked days.
    ends_on = [day for day in span if _counts(day, calendar, counting, pauses)][n_days - 1]
    explained = (
        f"自{full(start_on)}次日起算{n_days}个{'工作日' if counting == 'worked' else '自然日'}",
        *_about_days(span, calendar, counting, pauses),
        *_about_move(ends_on, span[-1], calendar),
        f"至{full(span[-1])}届满",
        *about_cover(span, calendar),
    )
    return Deadline(start_on, n_days, counting, span[-1], explained)


def overdue(due_on: date, today: date, calendar: Calendar) -> int:
    """This function will give how many worked days have begun since the due day, today included; 0 if none."""
    return sum(calendar.is_worked(due_on + DAY * n) for n in range(1, (today - due_on).days + 1))


def seriously_overdue(due_on: date, today: date, calendar: Calendar, *, more_than: int = SERIOUSLY_OVERDUE) -> bool:
    """This function will tell whether more worked days than ``more_than`` have begun since the due day."""
    return overdue(due_on, today, calendar) > more_than


# --- counting --------------------------------------------------------------------------------------------------------


def _span(
    start_on: date, n_days: int, calendar: Calendar, counting: Counting, pauses: Sequence[Pause]
) -> tuple[date, ...]:
    """Every day from the one after the act to the due day."""
    span, left, day = [], n_days, start_on
    # A term of calendar days goes on, once counted out, until a day on which an office could act.
    while left > 0 or not _counts(day, calendar, "worked", pauses):
        day += DAY
        span.append(day)
        left -= _counts(day, calendar, counting, pauses)
    return tuple(span)


def _counts(day: date, calendar: Calendar, counting: Counting, pauses: Sequence[Pause]) -> bool:
    return not _paused(day, pauses) and (counting == "calendar" or calendar.is_worked(day))


def _paused(day: date, pauses: Sequence[Pause]) -> bool:
    return any(first <= day <= last for first, last in pauses)


# --- saying how ------------------------------------------------------------------------------------------------------


def _about_days(span: Sequence[date], calendar: Calendar, counting: Counting, pauses: Sequence[Pause]) -> Iterator[str]:
    """What was left out, and which days were worked against the rule, in order; plain weekends as one number."""

    def kind(day: date) -> str:
        if _paused(day, pauses):
            return "paused"
        if not _counts(day, calendar, counting, pauses):
            return "off"
        return "set apart" if counting == "worked" and calendar.name(day) else "plain"

    n_weekend, other = 0, ""
    for what, days in groupby(span, kind):
        run = list(days)
        when = _range(run, span[0])
        names = "、".join(dict.fromkeys(name for day in run if (name := calendar.name(day))))
        match what:
            case "paused":
                yield f"{when}中止计算"
            case "off" if names:
                other = "其他"
                yield f"跳过{when}{names}"
            case "off":
                n_weekend += len(run)
            case "set apart":
                yield f"{when}{names}，计入"
    if n_weekend:
        yield f"跳过{other}周末{n_weekend}天"


def _about_move(ends_on: date, due_on: date, calendar: Calendar) -> Iterator[str]:
    """Why a term of calendar days ends later than it was counted out."""
    if ends_on < due_on:
        yield f"最后一日{full(ends_on)}逢{calendar.name(ends_on) or '周末'}，顺延至其后第一个工作日(民法典第203条)"


def about_cover(span: Iterable[date], calendar: Calendar) -> Iterator[str]:
    """This function will give the caveat for days in years whose arrangement is not known; nothing where all are known."""
    if unknown := sorted({day.year for day in span if not calendar.covers(day)}):
        years = "、".join(f"{year}年" for year in unknown)
        yield f"{years}放假调休安排未收录，暂按周一至周五上班推算，安排公布并录入后应重新计算"


def full(day: date) -> str:
    """This function will write a day with its weekday: ``2022-05-31(周二)``."""
    return f"{day}(周{WEEKDAYS[day.weekday()]})"


def _range(run: Sequence[date], reference: date) -> str:
    """``6月3日至5日``; the year only where it is not that of the reference."""
    first, last = run[0], run[-1]
    text = f"{first.year}年" * (first.year != reference.year) + f"{first.month}月{first.day}日"
    if first == last:
        return text
    year = f"{last.year}年" * (last.year != first.year)
    month = f"{last.month}月" * ((last.year, last.month) != (first.year, first.month))
    return f"{text}至{year}{month}{last.day}日"
