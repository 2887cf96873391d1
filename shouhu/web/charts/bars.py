"""Bars that lie: labels are Chinese names and need the room."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext

from shouhu.web.charts.drawing import (
    DARK_ON,
    FILL,
    INK,
    LINE,
    MUTED,
    PAPER,
    Cell,
    Chart,
    Mark,
    Number,
    Series,
    cut,
    figure,
    legend,
    sheet,
    tag,
    text,
    told,
    width_of,
)

ROW, BAR = 26, 16


def bars(title: str, marks: Sequence[Mark], *, of: str, unit: str = "", width: int = 340) -> Chart:
    """
    This function will draw one bar for each mark, with its label before and its value behind it.

    :param unit: written behind each value
    :param of: heads the labels in the table
    """
    start = _room([mark.label for mark in marks], width)
    tail = max((width_of(mark.figure(unit)) for mark in marks), default=0) + 8
    room, most = width - start - tail, max((mark.value or 0 for mark in marks), default=0) or 1
    drawn = []
    for number, mark in enumerate(marks):
        y = number * ROW
        long = (mark.value or 0) / most * room
        bar = tag("rect", x=float(start), y=float(y + 5), width=float(long), height=BAR, fill=FILL[mark.colour], rx=1)
        label = text(cut(mark.label, start - 8), start - 8, y + 17, anchor="end")
        value = text(mark.figure(unit), start + long + 6, y + 17, fill=MUTED if mark.value is None else INK)
        drawn.append(told(label + bar + value, f"{mark.label} {mark.figure(unit)}", mark.url))
    drawn.append(_upright(start, 0, len(marks) * ROW))
    rows = tuple((Cell(mark.label), Cell(mark.figure(unit), mark.url)) for mark in marks)
    return Chart(title, sheet(title, "".join(drawn), width=width, height=len(marks) * ROW), (of, title), rows)


def stacked(
    title: str, labels: Sequence[str], series: Sequence[Series], *, of: str, unit: str = "", width: int = 340
) -> Chart:
    """
    This function will draw a bar for each label, made of one piece for each series, with the total behind it.

    A value that is not known is left out of the drawing and said in the table.
    """
    totals = [sum(one.values[at] or 0 for one in series) for at in range(len(labels))]
    start = _room(labels, width)
    tail = max((width_of(figure(total, unit)) for total in totals), default=0) + 8
    room, most = width - start - tail, max(totals, default=0) or 1
    names, top = legend([(one.label, one.colour) for one in series], right=width)
    drawn = [names]
    for at, label in enumerate(labels):
        y = top + at * ROW
        drawn.append(text(cut(label, start - 8), start - 8, y + 17, anchor="end"))
        x = float(start)
        for one in series:
            value = one.values[at]
            if value:
                said = f"{label} {one.label} {figure(value, unit)}"
                drawn.append(told(_piece(one, value, x, y, value / most * room), said, one.url(at)))
                x += value / most * room
        drawn.append(text(figure(totals[at], unit), x + 6, y + 17))
    drawn.append(_upright(start, top, top + len(labels) * ROW))
    rows = tuple(
        (
            Cell(label),
            *(Cell(figure(one.values[at], unit), one.url(at)) for one in series),
            Cell(figure(totals[at], unit)),
        )
        for at, label in enumerate(labels)
    )
    head = (of, *(one.label for one in series), gettext("合计"))
    return Chart(title, sheet(title, "".join(drawn), width=width, height=top + len(labels) * ROW), head, rows)


def _piece(series: Series, value: Number, x: float, y: float, long: float) -> str:
    """A piece of a bar, parted from the next by a gap; its value inside where there is room."""
    gap = 1.5 if long > 4 else 0.0
    piece = tag("rect", x=x, y=float(y + 4), width=long - gap, height=BAR + 2, fill=FILL[series.colour])
    said = figure(value)
    if width_of(said) + 4 > long:
        return piece
    ink = INK if series.colour in DARK_ON else PAPER
    return piece + text(said, x + (long - gap) / 2, y + 17, anchor="middle", fill=ink)


def _room(labels: Sequence[str], width: int) -> float:
    """How far right bars begin, so that labels fit, in at most two fifths of the width."""
    return min(max((width_of(label) for label in labels), default=0) + 10, 0.4 * width)


def _upright(x: float, top: float, bottom: float) -> str:
    return tag("path", d=f"M{x:.1f} {top:.1f}V{bottom:.1f}", stroke=LINE, stroke_width=1)
