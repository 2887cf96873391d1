"""
When the recurring reports of a plan fall due: ``weekly Tuesday 17:00``, ``monthly 5th``, ``daily 16:00`` as days and hours.

Holidays and 调休 move none of them (REP-1); who runs the campaign may move single weeks. What a plan leaves open, the day or
the hour, is taken from ``recurring.yaml`` and said.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files

import yaml

from shouhu.engines.periods.binding import Unbound
from shouhu.engines.periods.calendar import Calendar
from shouhu.engines.periods.deadlines import WEEKDAYS, full
from shouhu.engines.periods.weeks import ZONE, Timetable, Week

BY_HAND = ("regularly", "fortnightly", "half-monthly", "every ten days", "quarterly", "half-yearly", "yearly")
"""Rhythms that name no day at all: a person sets each."""
FOR_LAST_MONTH = 15
"""Up to this day a monthly report tells of the month before, later of its own. Our proposal, no document says it."""

DAY = timedelta(1)
_WEEKDAYS = {
    name: n for n, name in enumerate(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), 1)
}
_RULE = re.compile(
    rf"(?:(?P<daily>daily)|weekly(?: (?P<weekday>{'|'.join(_WEEKDAYS)}))?"
    r"|(?P<monthly>monthly)(?: (?:(?P<day>[1-9]|[12]\d|3[01])(?:st|nd|rd|th)|(?P<edge>start|end)))?)"
    r"(?: (?P<time>(?:[01]\d|2[0-3]):[0-5]\d))?"
)


@dataclass(frozen=True)
class Occurrence:
    """One report that falls due: the last instant at which it is in time (aware), what it tells of, how that was computed."""

    due_at: datetime
    period: str
    how: str


def occurrences(
    rule: str, from_on: date, to_on: date, calendar: Calendar, *, moved: Mapping[Week, datetime] | None = None
) -> list[Occurrence]:
    """
    This function will give the reports that fall due from one day to another, both included, in order.

    :param rule: as ``engines.plans`` reads it; rhythms ``BY_HAND`` have none.
    :param calendar: tells only why a day on which a report is due is not worked.
    :param moved: weeks whose deadline was moved, for weekly reports.
    :raises Unbound: another rule.
    :raises WeeksOutOfOrder: as in ``weeks.Timetable``.
    """
    if rule in BY_HAND:
        return []
    match = _RULE.fullmatch(rule)
    if not match:
        raise Unbound(f"报送规则“{rule}”不能推算，请改写，例如每周二17时、每月5日")
    if match["daily"]:
        found = _daily(match, from_on, to_on, calendar)
    elif match["monthly"]:
        found = _monthly(match, from_on, to_on, calendar)
    else:
        found = _weekly(match, from_on, to_on, calendar, moved or {})
    return [one for one in found if from_on <= one.due_at.date() <= to_on]


def _daily(match: re.Match[str], from_on: date, to_on: date, calendar: Calendar) -> Iterator[Occurrence]:
    at, reasons = _time(match, "daily")
    for n in range((to_on - from_on).days + 1):
        day = from_on + DAY * n
        yield _due(day, at, str(day), [f"每日{at:%H:%M}", *reasons], calendar)


def _weekly(
    match: re.Match[str], from_on: date, to_on: date, calendar: Calendar, moved: Mapping[Week, datetime]
) -> Iterator[Occurrence]:
    at, reasons = _time(match, "weekly")
    weekday = _WEEKDAYS[match["weekday"] or str(_open()["weekly"]["day"])]
    if not match["weekday"]:
        reasons = [f"方案没有写周几，按周{WEEKDAYS[weekday - 1]}", *reasons]
    said = [f"每周{WEEKDAYS[weekday - 1]}{at:%H:%M}", *reasons]
    timetable = Timetable("campaign", weekday, at, "").with_moved(moved)
    week, last = Week.of(from_on).later(-1), Week.of(to_on).later()  # a moved deadline may lie in the week beside
    while week <= last:
        if week in moved:
            due_at = timetable.deadline(week).astimezone(ZONE)
            how = "；".join([*said, f"这一周改在{full(due_at.date())}{due_at:%H:%M}"]) + "。"
            yield Occurrence(due_at, str(week), how)
        else:
            yield _due(timetable.deadline(week).date(), at, str(week), said, calendar)
        week = week.later()


def _monthly(match: re.Match[str], from_on: date, to_on: date, calendar: Calendar) -> Iterator[Occurrence]:
    at, reasons = _time(match, "monthly")
    default = int(str(_open()["monthly"]["day"]).removesuffix("th"))
    day = 31 if match["edge"] == "end" else int(match["day"] or default)
    if not match["day"] and match["edge"] != "end":
        reasons = [f"方案没有写几日，按{day}日", *reasons]
    named = "最后一日" if match["edge"] == "end" else f"{day}日"
    first = from_on.replace(day=1)
    while first <= to_on:
        n_days = monthrange(first.year, first.month)[1]
        told = first if day > FOR_LAST_MONTH else first - DAY
        short = [f"{first.month}月没有{day}日，按月末"] if day > n_days and match["day"] else []
        yield _due(
            first.replace(day=min(day, n_days)), at, f"{told.year}年{told.month}月",
            [f"每月{named}{at:%H:%M}", *reasons, *short], calendar,
        )  # fmt: skip
        first += DAY * n_days


def _due(day: date, at: time, period: str, reasons: list[str], calendar: Calendar) -> Occurrence:
    rest = [] if calendar.is_worked(day) else [f"逢{calendar.name(day) or '周末'}，报送时限不因放假变动"]
    return Occurrence(
        datetime.combine(day, at, ZONE), period, "；".join([f"{'；'.join(reasons)}，即{full(day)}", *rest]) + "。"
    )


def _time(match: re.Match[str], rhythm: str) -> tuple[time, list[str]]:
    """The hour, and that it is ours where the plan names none."""
    if match["time"]:
        return time.fromisoformat(match["time"]), []
    at = time.fromisoformat(str(_open()[rhythm]["time"]))
    return at, [f"方案没有写几时，按{at:%H:%M}"]


@cache
def _open() -> dict[str, dict[str, str | None]]:
    """What stands where a plan says nothing, by rhythm."""
    rows = yaml.safe_load((files(__package__) / "recurring.yaml").read_text("utf-8"))
    return {row["rhythm"]: row for row in rows}
