"""What all charts share: data, colours, figures as text, and the elements of SVG."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from django.utils.translation import gettext

from shouhu.engines.rules import words

INK, MUTED, LINE, PAPER, BRAND = "#1c2b39", "#4f5b67", "#d9e0e6", "#ffffff", "#17507a"
FILL = {
    "red": "#c0392b", "orange": "#d87a16", "yellow": "#b98a00", "green": "#2b7f55", "unknown": "#8592a0", "decide": "#7657c4",
    "brand": "#2c6da0", "second": "#0f7c7c", "third": "#8a4f7d", "fourth": "#5f6b76",
}  # fmt: skip
"""Fills by name: the colours of the list, then what is none of them. The same as in static/desk/tokens.css."""
TEXT = {
    "red": "#b3261e", "orange": "#9a4b00", "yellow": "#6b5300", "green": "#1c6a3f", "unknown": "#4f5b67", "decide": "#553a99",
}  # fmt: skip
"""Colours of the list as text; what is none of them is written in ink."""
DARK_ON = {"orange", "yellow", "unknown"}
"""Fills on which ink is read better than paper."""
STEPS = ("#f5f7f9", "#e7f0f7", "#d3e3ef", "#b3cfe2", "#8fb8d4", "#6ba0c5")
"""Fills of areas: none, then from few to many."""
SIZE = 13
"""Of letters, in units of the drawing."""

Number = int | float


@dataclass(frozen=True)
class Mark:
    """
    One value of a chart: what it is of, how much (None: not known), a name of FILL, and where its records are.

    ``shown`` is written instead of a value that may not be told.
    """

    label: str
    value: Number | None
    colour: str = "brand"
    url: str = ""
    shown: str = ""

    def figure(self, unit: str = "") -> str:
        """This function will write the value for a reader."""
        return self.shown or figure(self.value, unit)


@dataclass(frozen=True)
class Series:
    """Values that belong together, one for each label of the chart; None: not known."""

    label: str
    values: Sequence[Number | None]
    colour: str = "brand"
    urls: Sequence[str] = ()

    def url(self, at: int) -> str:
        """Where the records behind a value are, if anywhere."""
        return self.urls[at] if self.urls else ""


@dataclass(frozen=True)
class Cell:
    """A figure of the table beside a chart."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class Chart:
    """A drawing and the same figures as a table."""

    title: str
    svg: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


def figure(value: Number | None, unit: str = "") -> str:
    """This function will write a value for a reader: 12,345, 3.5, 未知."""
    if value is None:
        return gettext("未知")
    written = f"{value:,.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else f"{value:,}"
    return gettext("%(number)s%(unit)s") % {"number": written, "unit": unit} if unit else written


def share(value: Number, total: Number) -> str:
    """This function will write a value as a percentage of a total that is not 0, one decimal."""
    return f"{100 * value / total:.1f}%"


def width_of(text: str, size: float = SIZE) -> float:
    """This function will estimate how wide a text is drawn: Chinese characters are as wide as high, others about half."""
    return sum(size if unicodedata.east_asian_width(char) in "FW" else 0.56 * size for char in text)


def cut(text: str, width: float) -> str:
    """This function will shorten a text to a width, with … for what is left out."""
    if width_of(text) <= width:
        return text
    while text and width_of(text + "…") > width:
        text = text[:-1]
    return text + "…"


def ticks(top: Number, about: int = 4) -> list[Number]:
    """This function will give round numbers from 0 to the first at or above top, about as many as asked."""
    if top <= 0:
        return [0, 1]
    rough = top / about
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)
    found: list[Number] = [step * number for number in range(math.ceil(top / step) + 1)]
    return [int(tick) for tick in found] if step >= 1 else found


def tag(name: str, *inside: str, **attributes: object) -> str:
    """This function will write an element; of attribute names _ becomes -, at the end it is dropped; numbers get 1 decimal."""
    said = "".join(f' {key.rstrip("_").replace("_", "-")}="{_written(value)}"' for key, value in attributes.items())
    return f"<{name}{said}>{''.join(inside)}</{name}>" if inside else f"<{name}{said}/>"


def _written(value: object) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else escape(str(value))


def text(said: str, x: float, y: float, *, anchor: str = "start", fill: str = INK, **more: object) -> str:
    """This function will write a text at a point; y is its base line."""
    return tag("text", escape(said), x=float(x), y=float(y), text_anchor=anchor, fill=fill, **more)


def told(drawn: str, said: str, url: str = "") -> str:
    """This function will give a drawing the sentence that is shown over it and read out, and make it a link where there is one."""
    title = tag("title", escape(said))
    return tag("a", title, drawn, href=url, aria_label=said) if url else tag("g", title, drawn)


def sign(colour: str) -> str:
    """This function will give the shape that stands for a colour: of the list its own, else a square."""
    return words.SHAPE.get(colour, "■")


def legend(
    entries: Iterable[tuple[str, str]], *, right: float, top: float = 0, dashes: Sequence[str] = ()
) -> tuple[str, float]:
    """
    This function will draw labels (label, colour) behind their shapes, or behind a piece of line, and give the height.

    :param right: how far a line of labels may go
    :param dashes: how each line is drawn, in the order of the entries, where they are lines
    """
    x, y, drawn = 0.0, top + SIZE, []
    for number, (label, colour) in enumerate(entries):
        room = 28 if dashes else SIZE + 4
        wide = room + width_of(label) + 14
        if x and x + wide - 14 > right:
            x, y = 0.0, y + 20
        if dashes:
            piece = {"d": f"M{x:.1f} {y - 4:.1f}h24", "stroke": FILL[colour], "stroke_dasharray": dashes[number]}
            drawn.append(tag("path", **piece, stroke_width=2))
        else:
            drawn.append(text(sign(colour), x, y, fill=FILL[colour], aria_hidden="true"))
        drawn.append(text(label, x + room, y))
        x += wide
    return "".join(drawn), y - top + 12


def sheet(title: str, drawn: str, *, width: float, height: float) -> str:
    """This function will close a drawing: its size, its title, and whether links in it can be followed."""
    role = "group" if "<a " in drawn else "img"
    box = f"0 0 {_written(float(width))} {_written(float(height))}"
    return tag(
        "svg", tag("title", escape(title)), drawn,
        xmlns="http://www.w3.org/2000/svg", viewBox=box, role=role, aria_label=title, font_size=SIZE,
    )  # fmt: skip
