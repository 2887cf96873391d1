"""
The manual that the desk shows as its help: chapters of Markdown in ``manual/``, which also read well where they lie.

A line ``<!-- pages: survey-home survey-looks -->`` under a heading says of which pages (names of routes) the section is the
help. A fenced block ``rights`` holds rows ``what one does：right``; the desk shows who holds that right.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from urllib.parse import unquote

from django.urls import reverse
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from shouhu.ledgers.units.rights import holders, roles

CHAPTERS = (
    "start", "home", "account", "campaign", "plan", "institution", "import", "columns", "survey", "tip", "intake", "informant", "rating", "list",
    "disposal", "calendar", "clearance", "supervision", "letter", "objection", "own", "unit", "security", "journal", "backup", "network", "rate",
    "text",
    "draw",
)  # fmt: skip
"""Names of the files, in reading order."""

_PAGES = re.compile(r"^<!-- pages: (.*) -->\n", re.MULTILINE)
_ROW = re.compile(r"^(.*)：([a-z.]+)$", re.MULTILINE)
_LINK = re.compile(r"^([a-z]+)\.md(#.*)?$")


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it: the help of some pages. The first of a chapter has no anchor."""

    chapter: str
    anchor: str
    title: str
    source: str
    pages: tuple[str, ...]

    @property
    def url(self) -> str:
        """Where it is read."""
        return reverse("help-page", args=[self.chapter]) + (f"#{self.anchor}" if self.anchor else "")

    @property
    def html(self) -> str:
        """This function will give the section as HTML, without its heading."""
        return _rendered(self.source)


@dataclass(frozen=True)
class Chapter:
    """A file of the manual."""

    name: str
    title: str
    sections: tuple[Section, ...]


@cache
def chapters() -> dict[str, Chapter]:
    """This function will give the chapters by name, in reading order."""
    return {name: _chapter(name) for name in CHAPTERS}


def section_of(route: str) -> Section | None:
    """This function will give the help of a page; where the page has none of its own, the chapter of its room."""
    room = chapters().get(route.split("-")[0])
    return _by_page().get(route) or (room.sections[0] if room else None)


def find(words: Sequence[str]) -> Iterator[tuple[Section, str]]:
    """This function will give the sections that hold all of these words, each with the place of the first."""
    for chapter in chapters().values():
        for section in chapter.sections:
            text = _plain(section)
            low = text.lower()
            if all(word.lower() in low for word in words):
                at = low.index(words[0].lower())
                yield section, text[max(at - 30, 0) : at + 90]


def slug(title: str) -> str:
    """This function will make the anchor of a heading as the usual places that show Markdown do."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


@cache
def _by_page() -> dict[str, Section]:
    sections = [section for chapter in chapters().values() for section in chapter.sections]
    return {page: section for section in sections for page in section.pages}


def _chapter(name: str) -> Chapter:
    text = (files(__package__) / "manual" / f"{name}.md").read_text("utf-8")
    head, *parts = re.split(r"^## ", text, flags=re.MULTILINE)
    title = head.splitlines()[0].removeprefix("# ")
    first = Section(name, "", title, *_told(head.partition("\n")[2]))
    others = [(part.partition("\n")[0], part.partition("\n")[2]) for part in parts]
    return Chapter(name, title, (first, *(Section(name, slug(head), head, *_told(body)) for head, body in others)))


def _told(text: str) -> tuple[str, tuple[str, ...]]:
    """What is read, and the pages whose help it is."""
    pages = [page for found in _PAGES.findall(text) for page in found.split()]
    return _PAGES.sub("", text).strip(), tuple(pages)


def _plain(section: Section) -> str:
    """A section as plain words."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", f"{section.title} {section.html}")).split())


class _Renderer(RendererHTML):
    """HTML as the desk writes it: tables that scroll, links between chapters, rights as those who hold them."""

    def table_open(self, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType) -> str:
        return '<div class="table-scroll"><table class="list compact">'

    def table_close(self, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType) -> str:
        return "</table></div>"

    def link_open(self, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType) -> str:
        """A link to another chapter; one to what the desk does not show is only its words."""
        found = _LINK.match(unquote(str(tokens[at].attrGet("href"))))
        if not found:
            return "<span>"
        return f'<a href="{html.escape(reverse("help-page", args=[found[1]]) + (found[2] or ""))}">'

    def link_close(self, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType) -> str:
        opening = next(token for token in reversed(tokens[:at]) if token.type == "link_open")
        return "</a>" if _LINK.match(str(opening.attrGet("href"))) else "</span>"

    def softbreak(self, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType) -> str:
        """A line that goes on: between Chinese nothing, between Latin words a space."""
        beside = tokens[at - 1].content[-1:] + tokens[at + 1].content[:1] if 0 < at < len(tokens) - 1 else ""
        return " " if len(beside) == 2 and beside.isascii() else ""

    def fence(self, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType) -> str:
        """A block of commands, or the table of who may do what."""
        if tokens[at].info != "rights":
            return f"<pre><code>{html.escape(tokens[at].content)}</code></pre>"
        titles = {role.code: role.title for role in roles().values()}
        rows = [
            (what, "、".join(title for code, title in titles.items() if code in holders(right)))
            for what, right in _ROW.findall(tokens[at].content)
        ]
        body = "".join(f'<tr><th scope="row">{html.escape(what)}</th><td>{who}</td></tr>' for what, who in rows)
        head = '<tr><th scope="col">办什么</th><th scope="col">哪些岗位</th></tr>'
        return f'<div class="table-scroll"><table class="list compact"><thead>{head}</thead><tbody>{body}</tbody></table></div>'


@cache
def _rendered(source: str) -> str:
    markdown = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer).enable("table")
    return str(markdown.render(source))
