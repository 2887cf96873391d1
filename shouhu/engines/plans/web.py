"""Web pages: the text of the page without what stands around it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from lxml import etree

from shouhu.engines.plans import lines, reading
from shouhu.engines.plans.lines import Line
from shouhu.engines.plans.page import BadPlan

_LEFT_OUT = frozenset(
    (
        "aside", "button", "footer", "form", "head", "iframe", "nav", "noscript", "object", "rt", "script", "select", "style",
        "svg", "template", "textarea", "title",
    )
)  # fmt: skip
_BLOCKS = frozenset(
    (
        "address", "article", "blockquote", "body", "center", "dd", "div", "dl", "dt", "fieldset", "figure", "h1", "h2", "h3",
        "h4", "h5", "h6", "header", "html", "li", "main", "ol", "p", "pre", "section", "table", "tbody", "td", "th", "tr", "ul",
    )
)  # fmt: skip
_HEADING = re.compile("h[1-6]")
_MOSTLY_LINKS = 0.6
_MOST_NESTED, _MOST_TABLES = 1_000, 30
_BREAK = re.compile(r"[^\S\u3000]*\n[^\S\u3000]*")
_BREAK_IN_LATIN = re.compile(r"(?<=[!-~])\s*\n\s*(?=[!-~])")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


@dataclass
class _Element:
    tag: str
    is_left_out: bool
    is_cell: bool
    count: int
    cells: list[list[str]] = field(default_factory=list)


def read_html(text: str, name: str) -> list[Line]:
    """
    This function will give the lines of a web page: no navigation, scripts, adverts, lists of links and hidden parts.

    :raises BadPlan: nested as no page is.
    """
    page = _Page(name)
    parser = etree.HTMLParser(target=page, encoding="utf-8", no_network=True)
    parser.feed(text.encode("utf-8", "replace"))
    parser.close()
    return page.lines


@cache
def _page_part() -> re.Pattern[str]:
    return re.compile(
        rf"(?:^|[\s_-])(?:{'|'.join(reading.words('page_parts'))})(?=$|[\s_\d-]|s\b|box|list|bar)", re.IGNORECASE
    )


class _Page:
    """Takes the parser's events; ``_open`` are the elements not closed yet, text goes to the innermost cell or the page."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.lines: list[Line] = []
        self._open: list[_Element] = []
        self._sinks: list[list[Line]] = [self.lines]
        self._left_out = self._linking = 0
        self._texts: list[str] = []
        self._linked = 0
        self._label = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take the start of an element."""
        if tag == "br":
            self._texts.append("\n")
        if tag in _BLOCKS:
            self._flush()
        element = _Element(tag, tag in _LEFT_OUT or _is_around(attributes), tag in ("td", "th"), _start(attributes) - 1)
        self._open.append(element)
        self._left_out += element.is_left_out
        self._linking += tag == "a"
        if element.is_cell:
            self._sinks.append([])
        if len(self._sinks) > _MOST_TABLES or len(self._open) > _MOST_NESTED:
            raise BadPlan(
                f"{self._name}：网页的结构异常，拒绝读取；请用浏览器打开，把正文复制到 Word 中，另存为 .docx 后重试"
            )
        if tag == "li" and not self._left_out:
            self._number()

    def end(self, tag: str) -> None:
        """Take the end of an element."""
        if tag in _BLOCKS:
            self._flush()
        element = self._open.pop()
        self._left_out -= element.is_left_out
        self._linking -= tag == "a"
        if element.is_cell:
            cell = [line.text for line in self._sinks.pop()]
            row = next((outer for outer in reversed(self._open) if outer.tag == "tr"), None)
            if row:
                row.cells.append(cell)
            else:
                self._sinks[-1].extend(map(Line, cell))
        elif tag == "tr":
            self._sinks[-1].extend(lines.row(element.cells))

    def data(self, data: str) -> None:
        """Take text."""
        if not self._left_out:
            self._texts.append(_BREAK.sub("", _BREAK_IN_LATIN.sub(" ", data)))
            self._linked += len(data.strip()) if self._linking else 0

    def close(self) -> None:
        """Take the end of the page."""
        self._flush()

    def _number(self) -> None:
        """A numbered list's label, as browsers print it."""
        holder = next((element for element in reversed(self._open[:-1]) if element.tag in ("ol", "ul")), None)
        if holder and holder.tag == "ol":
            holder.count += 1
            self._label = f"{holder.count}."

    def _flush(self) -> None:
        text, linked = "".join(self._texts), self._linked
        self._texts, self._linked = [], 0
        size = len(text.strip())
        if not size or (linked > size * _MOSTLY_LINKS and not text.strip().startswith("附")):
            return
        text, self._label = self._label + text.lstrip(), ""
        heading = any(_HEADING.fullmatch(element.tag) for element in self._open[-3:])
        self._sinks[-1].extend(Line(line, "heading" if heading else "text") for line in text.split("\n"))


def _start(attributes: dict[str, str]) -> int:
    """What a numbered list starts with."""
    start = attributes.get("start", "")
    return int(start) if start.isdecimal() and len(start) < 4 else 1


def _is_around(attributes: dict[str, str]) -> bool:
    """Whether an element's names say that it is part of the page around the text, or nobody sees it."""
    if _HIDDEN.search(attributes.get("style", "")) or "hidden" in attributes:
        return True
    return any(_page_part().search(attributes.get(name, "")) for name in ("class", "id", "role"))
