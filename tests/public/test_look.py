"""How the public site looks: contrasts in every way to look, sizes, and how little is loaded."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.test import Client

from tests import office
from tests.web.test_contrast import contrast

STATIC = Path(__file__).parents[2] / "shouhu/public/static/public"
SHEET = (STATIC / "public.css").read_text("utf-8")
TEXTS = [
    *((text, ground) for text in ("ink", "muted", "link") for ground in ("paper", "ground", "light", "alarm-light", "good-light")),
    *(("alarm", ground) for ground in ("paper", "ground", "alarm-light")),
    ("on-button", "button"),
    ("paper", "alarm"),
]  # fmt: skip
EDGES = [
    ("edge", "paper"),
    ("edge", "ground"),
    ("button", "ground"),
    ("alarm", "ground"),
    ("ink", "ground"),
    ("good", "good-light"),
]


def tokens(look: str) -> dict[str, str]:
    """This function will give the colours of a look: those of the base, and what each switch changes."""
    found: dict[str, str] = {}
    for selector in (":root", *(f".{one}" for one in look.split())):
        block = re.search(rf"^{re.escape(selector)} {{(.*?)^}}", SHEET, re.DOTALL | re.MULTILINE)
        assert block
        found |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block[1]))
    return found


@pytest.mark.parametrize("look", ["", "large", "contrast", "large contrast"])
def test_what_is_written_is_read(look: str) -> None:
    colours, least = tokens(look), 7 if look else 4.5
    low = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in TEXTS}
    assert {pair: round(one, 2) for pair, one in low.items() if one < least} == {}
    shapes = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in EDGES}
    assert {pair: round(one, 2) for pair, one in shapes.items() if one < 3} == {}


def test_large_is_large() -> None:
    sizes = {look: re.search(rf"\{look} {{.*?--text: (\d+)px", SHEET, re.DOTALL) for look in (":root", ".large")}
    assert {look: int(found[1]) for look, found in sizes.items() if found} == {":root": 18, ".large": 24}
    smaller = re.findall(r"font(?:-size)?: (?:700 )?(0?\.\d+|\d+px)", SHEET)
    assert smaller == []


@pytest.mark.django_db
def test_a_page_is_small(client: Client) -> None:
    office.post()
    files = {path.name: len(gzip.compress(path.read_bytes())) for path in STATIC.iterdir()}
    for path in ("/public/", "/public/form/", "/public/mine/", "/public/privacy/"):
        whole = len(client.get(path).content) + sum(files.values())
        assert whole <= 40_000, f"{path}: {whole}"
