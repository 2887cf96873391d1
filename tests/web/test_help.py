"""The manual is the desk's help: every page has its section, and what it quotes is what the desk says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml
from django.test import Client
from django.urls import reverse

from shouhu.ledgers.units.rights import rights, roles
from shouhu.web import handbook
from tests.office import post, sit
from tests.security.doors import matrix
from tests.web.test_parts import TEMPLATES

ROOT = Path(__file__).parents[2]
MANUAL = ROOT / "shouhu/web/manual"
QUOTED = re.compile(r"「([^」]+)」")
SPOKEN = re.compile(
    r"""\{% translate "([^"]+)"|_\("([^"]+)"\)|\{% translate '([^']+)'|\{% blocktranslate[^%]*%\}(.*?)\{% endblocktranslate"""
)
GAP = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\{.*?\}\}|\{\w*\}")
NO_PAGE = re.compile(r"^root$|-(file|photo|map|points|problems|template|export|bell|worker|manifest|work)$")
"""Routes that give a file or data; an export that asks first is a page, and has its section too."""
LONG = 9
"""A quotation this long may be a part of a sentence; a shorter one is a button or heading, word for word."""


def _plain(text: str) -> str:
    """This function will write a text with its gaps as the manual does, and without spaces, which browsers fold."""
    return re.sub(r"\s", "", GAP.sub("…", text))


def _strings(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield "".join(part.value if isinstance(part, ast.Constant) else "…" for part in node.values)  # type: ignore[misc]


def _leaves(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _leaves(part)


@cache
def said() -> frozenset[str]:
    """This function will give every text that the desk and its commands may show."""
    code = [
        path for path in (ROOT / "shouhu").rglob("*.py") if "demo" not in path.parts and "engines" not in path.parts
    ]
    texts = [text for path in code for text in _strings(path)]
    texts += [text for path in TEMPLATES for found in SPOKEN.findall(path.read_text("utf-8")) for text in found if text]
    for room in ("campaigns", "disposals", "supervision", "tips"):
        texts += _leaves(yaml.safe_load((ROOT / f"shouhu/ledgers/{room}/workflow.yaml").read_text("utf-8")))
    return frozenset(map(_plain, texts))


def _is_said(quoted: str) -> bool:
    wanted = _plain(quoted)
    return wanted in said() or (len(wanted) >= LONG and any(wanted in text for text in said()))


@pytest.mark.parametrize("name", handbook.CHAPTERS)
def test_what_the_manual_quotes_the_desk_says(name: str) -> None:
    quoted = QUOTED.findall((MANUAL / f"{name}.md").read_text("utf-8").replace("\n", ""))
    assert [one for one in quoted if one and not _is_said(one)] == []


def test_every_file_is_a_chapter() -> None:
    assert {path.stem for path in MANUAL.glob("*.md")} == set(handbook.CHAPTERS)


def test_every_page_has_its_section_once() -> None:
    told = [page for chapter in handbook.chapters().values() for section in chapter.sections for page in section.pages]
    assert sorted(told) == sorted(set(told))
    assert set(told) - set(matrix()) == set()
    pages = {name for name, row in matrix().items() if "GET" in row.methods and not NO_PAGE.search(name)}
    assert pages - set(told) == set()
    assert [name for name in matrix() if name != "set_language" and not handbook.section_of(name)] == ["root"]


def test_anchors_and_links_lead_somewhere() -> None:
    anchors = {name: {one.anchor for one in chapter.sections} for name, chapter in handbook.chapters().items()}
    for name, chapter in handbook.chapters().items():
        assert len(anchors[name]) == len(chapter.sections), name
        for target, anchor in re.findall(r"\]\(([a-z]+)\.md#?([^)]*)\)", (MANUAL / f"{name}.md").read_text("utf-8")):
            assert anchor in anchors[target], f"{name}: {target}#{anchor}"


def test_rights_are_told_from_where_they_are_declared() -> None:
    rows = [
        row
        for name in handbook.CHAPTERS
        for row in re.findall(r"：([a-z]+\.[a-z]+)$", (MANUAL / f"{name}.md").read_text("utf-8"), re.M)
    ]
    assert set(rows) == set(rights()) - {"home.view"}
    table = next(one.html for one in handbook.chapters()["journal"].sections if one.title == "谁能办")
    assert "<td>审计员</td>" in table
    assert not [role.title for role in roles().values() if role.title != "审计员" and role.title in table]


# --- the pages -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_page_brings_its_help_along(client: Client) -> None:
    page = sit(client, post()).get(reverse("survey-mine")).content.decode()
    drawer = page[page.index('id="help"') :]
    assert "计划上门" in drawer
    assert "/help/survey/#我的排查" in drawer


@pytest.mark.django_db
@pytest.mark.parametrize("name", handbook.CHAPTERS)
def test_chapters_open_before_and_after_the_log_in(client: Client, name: str) -> None:
    for _ in range(2):
        page = client.get(reverse("help-page", args=[name])).content.decode()
        assert handbook.chapters()[name].title in page
        assert "&lt;!--" not in page
        assert "```" not in page
        sit(client, post())


@pytest.mark.django_db
def test_words_are_found_across_chapters(client: Client) -> None:
    found = client.get(reverse("help-index"), {"q": "两步 换手机"}).content.decode()
    assert "/help/account/#两步验证" in found
    assert "没有找到" in client.get(reverse("help-index"), {"q": "<b>紫色"}).content.decode()
    assert client.get("/help/nothing/").status_code == 404


def test_what_is_no_markdown_is_shown_and_not_run() -> None:
    one = handbook.Section("start", "", "", "<script>x</script> [a](javascript:x) [b](https://example.org) **c**", ())
    assert "<script" not in one.html
    assert "href" not in one.html
    assert "<strong>c</strong>" in one.html
