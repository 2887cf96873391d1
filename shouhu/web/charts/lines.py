"""Lines over time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby

from shouhu.web.charts.drawing import (
    FILL,
    LINE,
    MUTED,
    PAPER,
    SIZE,
    Cell,
    Chart,
    Number,
    Series,
    figure,
    legend,
    sheet,
    tag,
    text,
    ticks,
    told,
    width_of,
)

DASHES = ("none", "6 3", "2 3", "8 3 2 3")
"""Lines are told apart by their dashes too."""
HEIGHT = 180


def line(
    title: str, labels: Sequence[str], series: Sequence[Series], *, of: str, unit: str = "", width: int = 340
) -> Chart:
    """
    This function will draw at most four series over the same labels, from 0 up; where a value is not known, the line breaks.

    :param of: heads the labels in the table
    """
    marks = ticks(max((value for one in series for value in one.values if value is not None), default=0))
    names, top = "", 10.0
    if len(series) > 1:
        names, top = legend([(one.label, one.colour) for one in series], right=width, dashes=DASHES)
    left = max(width_of(figure(mark, unit)) for mark in marks) + 8
    tails = [width_of(figure(value)) for one in series for value in one.values[-1:]]
    right = width - max([*tails, *(width_of(label) / 2 for label in labels[-1:])], default=0) - 10
    bottom = top + HEIGHT
    step = (right - left) / max(len(labels) - 1, 1)

    def place(at: int, value: Number) -> tuple[float, float]:
        return left + at * step, bottom - HEIGHT * value / marks[-1]

    drawn = [names]
    for mark in marks:
        y = place(0, mark)[1]
        drawn.append(tag("path", d=f"M{left:.1f} {y:.1f}H{right:.1f}", stroke=LINE, stroke_width=1))
        drawn.append(text(figure(mark, unit if mark == marks[-1] else ""), left - 8, y + 4, anchor="end", fill=MUTED))
    widest = max((width_of(label) for label in labels), default=0) + 10
    every = max(1, math.ceil(widest / step))
    for at, label in enumerate(labels):
        if (len(labels) - 1 - at) % every == 0:  # the last day is always named
            drawn.append(text(label, place(at, 0)[0], bottom + 18, anchor="middle", fill=MUTED))
    for one, dash in zip(series, DASHES[: len(series)], strict=True):
        drawn.append(_path([None if v is None else place(at, v) for at, v in enumerate(one.values)], one, dash))
        for at, value in enumerate(one.values):
            if value is not None:
                x, y = place(at, value)
                dot = tag("circle", cx=x, cy=y, r=3, fill=FILL[one.colour], stroke=PAPER, stroke_width=1)
                drawn.append(told(dot, f"{labels[at]} {one.label} {figure(value, unit)}", one.url(at)))
    ends = [(place(0, last)[1] + 4, figure(last)) for one in series for last in one.values[-1:] if last is not None]
    drawn += [text(said, right + 8, y, font_weight=600) for y, said in _apart(ends)]
    rows = tuple(
        (Cell(label), *(Cell(figure(one.values[at], unit), one.url(at)) for one in series))
        for at, label in enumerate(labels)
    )
    head = (of, *(one.label for one in series))
    return Chart(title, sheet(title, "".join(drawn), width=width, height=bottom + 26), head, rows)


def _apart(ends: list[tuple[float, str]]) -> list[tuple[float, str]]:
    """The values behind the lines, from the top, moved down where they would cover each other."""
    placed: list[tuple[float, str]] = []
    for y, said in sorted(ends):
        placed.append((max(y, placed[-1][0] + SIZE) if placed else y, said))
    return placed


def _path(places: Sequence[tuple[float, float] | None], series: Series, dash: str) -> str:
    """A line through what is known, in as many parts as there are gaps."""
    d = ""
    for there, run in groupby(places, key=lambda place: place is not None):
        if there:
            d += "M" + "L".join(f"{place[0]:.1f} {place[1]:.1f}" for place in run if place)
    if not d:
        return ""
    return tag("path", d=d, fill="none", stroke=FILL[series.colour], stroke_width=2, stroke_dasharray=dash)
