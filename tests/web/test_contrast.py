"""Every colour of the desk is read on every ground that it stands on (WCAG 2.2: text 4.5, edges and fills 3)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from shouhu.web.charts import drawing

SHEETS = Path(__file__).parents[2] / "shouhu/web/static/desk"
TOKENS = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", (SHEETS / "tokens.css").read_text("utf-8")))
COLOURS = ("red", "orange", "yellow", "green", "unknown", "decide")
GROUNDS = ("paper", "ground", "brand-light")
TINTS = tuple(f"{colour}-tint" for colour in COLOURS)
STEPS = tuple(f"step-{number}" for number in range(6))

TEXTS = [
    *((text, ground) for text in (*COLOURS, "ink", "muted", "brand", "brand-dark") for ground in GROUNDS),
    *((colour, f"{colour}-tint") for colour in COLOURS),
    *((text, tint) for text in ("ink", "muted") for tint in TINTS),
    *((text, ground) for text in ("on-brand", "on-brand-muted") for ground in ("brand", "brand-dark")),
    *(("ink", ground) for ground in STEPS),
]
SHAPES = [
    *(("edge", ground) for ground in GROUNDS),
    *((name, "paper") for name in TOKENS if name.endswith("-fill")),
    ("ink", "paper"),  # the ring of the focus, with its gap of paper on any ground
]


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("text", "ground"), TEXTS)
def test_text_is_read(text: str, ground: str) -> None:
    assert contrast(TOKENS[text], TOKENS[ground]) >= 4.5


@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_shapes_are_seen(shape: str, ground: str) -> None:
    assert contrast(TOKENS[shape], TOKENS[ground]) >= 3


@pytest.mark.parametrize("name", drawing.FILL)
def test_values_inside_bars_are_read(name: str) -> None:
    assert contrast(drawing.INK if name in drawing.DARK_ON else drawing.PAPER, drawing.FILL[name]) >= 4.5


def test_charts_use_the_tokens() -> None:
    assert {f"{name}-fill": fill for name, fill in drawing.FILL.items()} == {
        name: value for name, value in TOKENS.items() if name.endswith("-fill")
    }
    assert {name: TOKENS[name] for name in COLOURS} == drawing.TEXT
    assert tuple(TOKENS[name] for name in STEPS) == drawing.STEPS
    named = (drawing.INK, drawing.MUTED, drawing.LINE, drawing.PAPER, drawing.BRAND)
    assert named == tuple(TOKENS[name] for name in ("ink", "muted", "line", "paper", "brand"))


def test_sheets_name_their_colours_by_token() -> None:
    named = {
        (sheet.name, found)
        for sheet in SHEETS.glob("*.css")
        if sheet.name != "tokens.css"
        for found in re.findall(r":[^;{}]*(#[0-9a-fA-F]{3,8})\b[^{}]*;", sheet.read_text("utf-8"))
    }
    assert named <= {("print.css", "#ffffff"), ("print.css", "#8a949d")}  # paper has no ground and stronger lines


def test_sheets_use_declared_tokens_only() -> None:
    declared = set(re.findall(r"(--[\w-]+):", "".join(p.read_text("utf-8") for p in SHEETS.glob("*.css"))))
    used = {
        (sheet.name, token)
        for sheet in SHEETS.glob("*.css")
        for token in re.findall(r"var\((--[\w-]+)\)", sheet.read_text("utf-8"))
    }
    assert {(sheet, token) for sheet, token in used if token not in declared} == set()
