"""What the text of an annex looks like, and how much room it takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal, NamedTuple

import xlsxwriter
from xlsxwriter.format import Format

from shouhu.engines.documents.annexes.workbook import Cell

Style = Literal["text", "centre", "own", "count", "money", "share", "date", "ratio"]
"""text, centre: what people typed in, kept as text; own: our wording; the rest: numbers and days."""

BODY_FONT, HEAD_FONT, TITLE_FONT = "仿宋_GB2312", "黑体", "方正小标宋简体"
BODY_SIZE, LARGE_SIZE = 10.5, 12
LARGER = LARGE_SIZE / BODY_SIZE
LINE_HEIGHT, LEAST_HEIGHT, PADDING = 14.0, 24.0, 5.0
"""In points, for the body."""
MOST_HEIGHT = 409.0
"""Excel's limit for a line, in points."""
INK, HEAD_GROUND, TOTAL_GROUND = "#1C2B39", "#E7F0F7", "#F5F7F9"

TINTS: Mapping[str, tuple[str, str]] = {
    "red": ("#B3261E", "#FCEBEA"),
    "orange": ("#9A4B00", "#FDF0E2"),
    "yellow": ("#6B5300", "#FFF3C4"),
    "green": ("#1C6A3F", "#E8F4EC"),
    "unknown": ("#4F5B67", "#EEF1F4"),
    "decide": ("#553A99", "#F0ECFA"),
}
"""Ink and ground of a colour's cell; always beside the word and the shape."""


class Tinted(NamedTuple):
    """A text in the tint of a colour."""

    text: str
    colour: str


Value = Cell | Tinted


def formats(book: xlsxwriter.Workbook) -> dict[str, Format]:
    """This function will give every format of a table by name: the styles, their totals, the tints, and wide texts."""
    plain = {"font_name": BODY_FONT, "font_size": BODY_SIZE, "valign": "vcenter", "text_wrap": True, "font_color": INK}
    body = {**plain, "border": 1}
    styles: dict[Style, dict[str, Any]] = {
        "text": {"num_format": "@", "align": "left"},
        "centre": {"num_format": "@", "align": "center"},
        "own": {"align": "left"},
        "count": {"align": "center"},
        "money": {"num_format": "#,##0.00", "align": "right"},
        "share": {"num_format": "0.00%", "align": "center"},
        "ratio": {"num_format": "0.00", "align": "center"},
        "date": {"num_format": "yyyy-mm-dd", "align": "center"},
    }
    made: dict[str, dict[str, Any]] = {}
    for name, style in styles.items():
        made[name] = {**body, **style}
        made[f"{name} total"] = {**body, **style, "bold": True, "bg_color": TOTAL_GROUND}
    for colour, (ink, ground) in TINTS.items():
        made[colour] = {**body, "align": "center", "bold": True, "font_color": ink, "bg_color": ground}
    made["head"] = {**body, "font_name": HEAD_FONT, "align": "center", "bg_color": HEAD_GROUND}
    made["annex"] = {**plain, "font_name": HEAD_FONT, "font_size": 16}
    made["title"] = {**plain, "font_name": TITLE_FONT, "font_size": 22, "align": "center"}
    made["plain"] = plain
    made["told"] = {**body, "align": "left"}
    made["lead"] = {**body, "font_name": HEAD_FONT, "font_size": LARGE_SIZE, "bg_color": HEAD_GROUND}
    made["sign"] = {**body, "font_size": LARGE_SIZE}
    for align in ("left", "center", "right"):
        made[align] = {**plain, "font_size": LARGE_SIZE, "align": align}
    return {name: book.add_format(properties) for name, properties in made.items()}


def height(texts: Sequence[Value], widths: Sequence[float], least: float = LEAST_HEIGHT) -> float:
    """This function will give the height in points that the longest of the wrapped texts needs; widths in characters."""
    most = 1
    for text, width in zip(texts, widths, strict=True):
        if type(text) is Tinted:
            text = text.text
        if type(text) is str and (len(text) * 2 >= width or "\n" in text) and (lines := _n_lines(text, width)) > most:
            most = lines
    return min(MOST_HEIGHT, max(least, most * LINE_HEIGHT + PADDING))


@lru_cache(maxsize=4096)
def height_without(
    values: tuple[Value, ...], left_out: tuple[int, ...], widths: tuple[float, ...], least: float
) -> float:
    """This function will give the height that a line needs when some of its columns are left out."""
    return height([None if at in left_out else value for at, value in enumerate(values)], widths, least)


def _n_lines(text: str, width: float) -> int:
    """How many lines a text takes: Chinese breaks anywhere, so a character a line is kept in hand for punctuation."""
    room = max(4.0, width - 1.0)
    lines = 0
    for part in text.split("\n"):
        length = len(part.encode("gb18030", "replace"))
        lines += 1 if length <= room else int(-(-length // (room - 1.5)))
    return lines
