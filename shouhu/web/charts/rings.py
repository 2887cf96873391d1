"""A ring of shares with the total in its middle."""

from __future__ import annotations

import math
from collections.abc import Sequence

from django.utils.translation import gettext

from shouhu.web.charts.drawing import (
    FILL,
    LINE,
    MUTED,
    TEXT,
    Cell,
    Chart,
    Mark,
    cut,
    figure,
    share,
    sheet,
    sign,
    tag,
    text,
    told,
)

OUTER, INNER = 72.0, 48.0


def donut(title: str, marks: Sequence[Mark], *, of: str, unit: str = "", width: int = 340) -> Chart:
    """
    This function will draw what a total is made of, with labels, values and shares beside the ring.

    A value that is not known is no part of the total.
    """
    total = sum(mark.value or 0 for mark in marks)
    height = max(2 * OUTER + 8, len(marks) * 24 + 8)
    x, y = OUTER + 4, height / 2
    drawn = [tag("circle", cx=x, cy=y, r=(OUTER + INNER) / 2, fill="none", stroke=LINE, stroke_width=OUTER - INNER)]
    turned = 0.0
    for mark in marks:
        if mark.value:
            part = mark.value / total
            said = f"{mark.label} {figure(mark.value, unit)} {share(mark.value, total)}"
            drawn.append(told(_slice(x, y, turned, turned + part, FILL[mark.colour]), said))
            turned += part
    drawn.append(text(figure(total), x, y + 6, anchor="middle", font_size=26, font_weight=600))
    drawn.append(text(unit, x, y + 26, anchor="middle", fill=MUTED))
    left, top = 2 * OUTER + 24, (height - len(marks) * 24) / 2
    for number, mark in enumerate(marks):
        base = top + number * 24 + 16
        hue = TEXT.get(mark.colour, FILL[mark.colour])
        name = text(sign(mark.colour), left, base, fill=hue, aria_hidden="true")
        name += text(cut(mark.label, width - left - 98), left + 18, base)
        value = text(figure(mark.value), width - 50, base, anchor="end", font_weight=600)
        drawn.append(told(name + value, f"{mark.label} {figure(mark.value, unit)}", mark.url))
        part_of = share(mark.value, total) if mark.value else "0%" if mark.value == 0 else ""
        drawn.append(text(part_of, width - 2, base, anchor="end", fill=MUTED))
    rows = tuple(
        (
            Cell(mark.label),
            Cell(figure(mark.value, unit), mark.url),
            Cell(share(mark.value or 0, total) if total else ""),
        )
        for mark in marks
    )
    return Chart(title, sheet(title, "".join(drawn), width=width, height=height), (of, title, gettext("占比")), rows)


def _slice(x: float, y: float, start: float, end: float, fill: str) -> str:
    """A part of the ring between two shares of a turn, clockwise from the top, with a gap of the paper's colour."""
    if end - start > 0.9999:
        return tag("circle", cx=x, cy=y, r=(OUTER + INNER) / 2, fill="none", stroke=fill, stroke_width=OUTER - INNER)
    corners = []
    for turn, radius in ((start, OUTER), (end, OUTER), (end, INNER), (start, INNER)):
        angle = 2 * math.pi * turn - math.pi / 2
        corners.append(f"{x + radius * math.cos(angle):.1f} {y + radius * math.sin(angle):.1f}")
    big = int(end - start > 0.5)
    d = f"M{corners[0]}A{OUTER} {OUTER} 0 {big} 1 {corners[1]}L{corners[2]}A{INNER} {INNER} 0 {big} 0 {corners[3]}Z"
    return tag("path", d=d, fill=fill, stroke="#ffffff", stroke_width=1.5)
