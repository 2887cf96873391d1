"""A timeline (Gantt): spans of days as bars under a scale of months, with the day of today."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext

from shouhu.web.charts.bars import BAR, ROW
from shouhu.web.charts.drawing import FILL, INK, LINE, MUTED, Cell, Chart, cut, sheet, tag, text, told, width_of

TOP = 26
"""Room for the scale."""
SHORT = timedelta(70)
"""A timeline up to this long is scaled by weeks, a longer one by months."""


@dataclass(frozen=True)
class Span:
    """A bar: from a day to a day, both included; ``says`` how it stands, in words; ``depth`` sets its label further in."""

    label: str
    starts_on: date
    ends_on: date
    colour: str = "brand"
    says: str = ""
    url: str = ""
    depth: int = 0


def timeline(title: str, spans: Sequence[Span], *, today: date, of: str, width: int = 760) -> Chart:
    """
    This function will draw a bar for each span under a scale of days, with a line at today where that lies inside.

    :param of: heads the labels in the table
    """
    first = min((one.starts_on for one in spans), default=today)
    last = max((one.ends_on for one in spans), default=today)
    start = min(max((width_of(one.label) + 14 * one.depth for one in spans), default=0) + 12, 0.4 * width)
    days = (last - first).days + 1
    scale = (width - start - 8) / days
    height = TOP + len(spans) * ROW + 4

    def at(day: date) -> float:
        return start + (day - first).days * scale

    drawn = list(_scale(first, last, at, height, width))
    for number, one in enumerate(spans):
        y = TOP + number * ROW
        long = max(((one.ends_on - one.starts_on).days + 1) * scale, 3.0)
        bar = tag("rect", x=at(one.starts_on), y=float(y + 5), width=long, height=BAR, fill=FILL[one.colour], rx=2)
        label = text(cut(one.label, start - 10 - 14 * one.depth), 14 * one.depth, y + 17)
        said = f"{one.label}  {one.starts_on} {gettext('至')} {one.ends_on}  {one.says}".rstrip()
        drawn.append(told(label + bar + _beside(one, at(one.starts_on), long, y, width), said, one.url))
    if first <= today <= last:
        x = at(today) + scale / 2
        drawn.append(
            tag("path", d=f"M{x:.1f} {TOP - 6}V{height}", stroke=INK, stroke_width=1.5, stroke_dasharray="4 3")
        )
        drawn.append(text(gettext("今天"), x, 11, anchor="middle", font_weight="bold"))
    rows = tuple(
        (Cell("　" * one.depth + one.label, one.url), Cell(str(one.starts_on)), Cell(str(one.ends_on)), Cell(one.says))
        for one in spans
    )
    head = (of, gettext("开始"), gettext("结束"), gettext("进展"))
    return Chart(title, sheet(title, "".join(drawn), width=width, height=height), head, rows)


def _beside(one: Span, x: float, long: float, y: int, width: int) -> str:
    """How a span stands, behind its bar or before it, wherever there is room."""
    room = width_of(one.says)
    if not one.says:
        return ""
    if x + long + 6 + room <= width:
        return text(one.says, x + long + 6, y + 17, fill=MUTED)
    return text(one.says, x - 6, y + 17, anchor="end", fill=MUTED)


def _scale(first: date, last: date, at: Callable[[date], float], height: int, width: int) -> Iterator[str]:
    """A thin line at the beginning of every week or month, with its day above where there is room."""
    free = -1.0
    for day in _marks(first, last):
        x = at(day)
        yield tag("path", d=f"M{x:.1f} {TOP - 6}V{height}", stroke=LINE, stroke_width=1)
        said = f"{day.month}月" if day.day == 1 and last - first > SHORT else f"{day:%m-%d}"
        if x >= free and x + width_of(said) <= width:
            yield text(said, x + 2, 11, fill=MUTED)
            free = x + width_of(said) + 10


def _marks(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        if last - first > SHORT:
            day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        else:
            day += timedelta(7 - day.weekday())
