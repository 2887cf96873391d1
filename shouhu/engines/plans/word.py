"""Word documents (.docx), read from their XML in one pass: paragraphs with their automatic labels, tables, text boxes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from shouhu.engines.documents.grids.archive import Archive
from shouhu.engines.documents.grids.grid import RefusedInput
from shouhu.engines.plans import lines
from shouhu.engines.plans.lines import Line
from shouhu.engines.plans.numbering import Numbering
from shouhu.engines.plans.page import BadPlan

LARGEST_PART = 24 << 20
_MOST_NESTED = 50
_MAIN = re.compile(r"word/document\d*\.xml")
_LEFT_OUT = frozenset(
    ("del", "moveFrom", "Fallback", "rt", "instrText", "delText", "pPrChange", "rPrChange", "sdtPr", "sectPr")
)
_MARKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_HEADINGS = ("heading", "标题", "title")


@dataclass
class _Style:
    name: str = ""
    based_on: str = ""
    number: str = ""
    depth: str = ""
    is_outlined: bool = False


@dataclass
class _Paragraph:
    texts: list[str] = field(default_factory=list)
    style: str = ""
    number: str = ""
    depth: str = ""
    is_outlined: bool = False


def read_docx(path: Path) -> list[Line]:
    """
    This function will give the lines of a .docx file.

    Deleted and hidden text, the table of contents, heads and feet of pages are left out.

    :raises BadPlan: hostile, damaged, or no Word document.
    """
    try:
        with Archive(path) as archive:
            main = next((name for name in archive.names() if _MAIN.fullmatch(name)), None)
            if main is None:
                raise BadPlan(f"{path.name}：不是 Word 文档；请用 Word 或 WPS 打开，另存为 .docx 后重试")
            styles = _styles(_tree(archive, "word/styles.xml"))
            body = _Body(styles, Numbering(_tree(archive, "word/numbering.xml")))
            parser = ElementTree.XMLParser(target=body)
            parser.feed(_content(archive, main))
            parser.close()
            return body.lines
    except (RefusedInput, ElementTree.ParseError) as error:
        raise BadPlan(
            f"{path.name}：文件损坏、加密或不是正常的 Word 文档，拒绝读取；请用 Word 或 WPS 打开核对，另存为 .docx 后重试"
        ) from error


def _content(archive: Archive, name: str) -> bytes:
    content = archive.read(name, LARGEST_PART)
    if b"<!DOCTYPE" in content:
        raise archive.hostile("内部的 XML 带有文档类型声明")
    return content


def _tree(archive: Archive, name: str) -> ElementTree.Element | None:
    return ElementTree.fromstring(_content(archive, name)) if name in archive else None


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _attribute(attributes: dict[str, str], name: str) -> str:
    return next((value for key, value in attributes.items() if _local(key) == name), "")


def _styles(root: ElementTree.Element | None) -> dict[str, _Style]:
    styles: dict[str, _Style] = {}
    for element in root if root is not None else ():
        style = styles.setdefault(_attribute(element.attrib, "styleId"), _Style())
        for part in element.iter():
            value = _attribute(part.attrib, "val")
            match _local(part.tag):
                case "name":
                    style.name = value.lower()
                case "basedOn":
                    style.based_on = value
                case "numId":
                    style.number = value
                case "ilvl":
                    style.depth = value
                case "outlineLvl":
                    style.is_outlined = value != "9"
    return styles


class _Body:
    """Takes the parser's events; paragraphs stand in cells, cells in tables, and tables and text boxes in paragraphs."""

    def __init__(self, styles: dict[str, _Style], numbering: Numbering) -> None:
        self.lines: list[Line] = []
        self._styles, self._numbering = styles, numbering
        self._paragraphs: list[_Paragraph] = []
        self._rows: list[list[list[str]]] = []
        self._sinks: list[list[Line]] = [self.lines]
        self._skipped = 0
        self._is_text = self._is_hidden = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take the start of an element."""
        name = _local(tag)
        if self._skipped or name in _LEFT_OUT:
            self._skipped += 1
            return
        value = _attribute(attributes, "val")
        paragraph = self._paragraphs[-1] if self._paragraphs else None
        match name:
            case "p":
                self._paragraphs.append(_Paragraph())
            case "r":
                self._is_hidden = False
            case "vanish":
                self._is_hidden = value not in ("0", "false", "off")
            case "t":
                self._is_text = True
            case "tr":
                self._rows.append([])
            case "tc":
                self._sinks.append([])
                if len(self._sinks) > _MOST_NESTED:
                    raise RefusedInput("表格嵌套过深")
            case "pStyle" if paragraph:
                paragraph.style = value
            case "numId" if paragraph:
                paragraph.number = value
            case "ilvl" if paragraph:
                paragraph.depth = value
            case "outlineLvl" if paragraph:
                paragraph.is_outlined = value != "9"
            case "tab" | "br" | "cr" | "noBreakHyphen" if paragraph and not value:
                paragraph.texts.append(_MARKS[name])

    def data(self, text: str) -> None:
        """Take text."""
        if self._is_text and not self._skipped and not self._is_hidden and self._paragraphs:
            self._paragraphs[-1].texts.append(text)

    def end(self, tag: str) -> None:
        """Take the end of an element."""
        if self._skipped:
            self._skipped -= 1
            return
        match _local(tag):
            case "t":
                self._is_text = False
            case "p":
                self._sinks[-1].extend(self._written(self._paragraphs.pop()))
            case "tc":
                cell = self._sinks.pop()
                if self._rows:
                    self._rows[-1].append([line.text for line in cell])
            case "tr":
                self._sinks[-1].extend(lines.row(self._rows.pop()))

    def close(self) -> None:
        """Take the end of the document."""

    def _written(self, paragraph: _Paragraph) -> list[Line]:
        chain = list(self._chain(paragraph.style))
        if any(style.name.startswith("toc ") for style in chain):
            return []
        number = paragraph.number or next((style.number for style in chain if style.number), "")
        text = "".join(paragraph.texts)
        if number not in ("", "0") and text.strip():
            depth = paragraph.depth or next((style.depth for style in chain if style.depth), "")
            level = (
                int(depth)
                if depth.isdecimal() and len(depth) < 3
                else self._numbering.level_of(number, paragraph.style)
            )
            text = self._numbering.label(number, level) + text
        outlined = paragraph.is_outlined or any(
            style.is_outlined or style.name.startswith(_HEADINGS) for style in chain
        )
        return [Line(line, "heading" if outlined else "text") for line in text.split("\n")]

    def _chain(self, style: str) -> Iterator[_Style]:
        """A style and those that it is based on."""
        seen: set[str] = set()
        while style in self._styles and style not in seen:
            seen.add(style)
            yield self._styles[style]
            style = self._styles[style].based_on
