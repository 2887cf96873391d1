"""PDF files with text: characters by their places become lines and paragraphs, without page numbers and running heads."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import pypdfium2
from pypdfium2 import raw

from shouhu.engines.plans.lines import Line, goes_on
from shouhu.engines.plans.page import BadPlan

MOST_PAGES, MOST_PER_PAGE = 300, 20_000
"""Pages of a document; characters of a page, of which a full one has some 1,500."""
_LEAST_PER_PAGE = 20
"""Characters of a page that was not scanned, on average."""
_INDENT, _WORD, _LATIN, _CELL, _SHORT = 1.2, 0.6, 0.15, 1.8, 5.0
"""In characters: an indent, a gap between words, between Latin words, between cells, what a broken line lacks to the margin."""
_EDGE = 2
"""Lines at the top and at the bottom of a page that may be running heads."""
_MOST_PAGES_HAVE = 0.5
_PLACE = re.compile(r"[\s\d]+")
_PAGE_NUMBER = re.compile(r"\s*(?:第?\s*[-—–－·]*\s*\d{1,4}\s*[-—–－·]*\s*页?(?:\s*[/，,]?\s*共?\s*\d{1,4}\s*页)?)\s*")


class _Sign(NamedTuple):
    """A character and its box on the page, in points."""

    text: str
    left: float
    bottom: float
    right: float
    top: float

    @property
    def middle(self) -> float:
        return (self.bottom + self.top) / 2

    @property
    def size(self) -> float:
        return max(self.top - self.bottom, 1.0)


@dataclass(frozen=True)
class _Written:
    """A line of a page: its text, and where it starts and ends in characters from the margin of its page."""

    text: str
    left: float
    right: float


def read_pdf(content: bytes, name: str) -> list[Line]:
    """
    This function will give the paragraphs of a PDF file; the line ends inside them stay in their texts.

    :raises BadPlan: scanned, locked, damaged, or longer than any plan.
    """
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if error.err_code == raw.FPDF_ERR_PASSWORD:
            raise BadPlan(f"{name}：PDF 设有打开密码，请去掉密码另存后重试") from error
        raise _damaged(name) from error
    try:
        if len(document) > MOST_PAGES:
            raise BadPlan(f"{name}：有 {len(document)} 页，不像一份方案；请只保留方案正文，另存后重试")
        pages = [_written(_signs(document, number, name)) for number in range(len(document))]
    except pypdfium2.PdfiumError as error:
        raise _damaged(name) from error
    finally:
        document.close()
    if sum(len(line.text) for page in pages for line in page) < _LEAST_PER_PAGE * len(pages):
        raise BadPlan(
            f"{name}：是扫描件，没有文字；请向发文单位要 Word 文件，或用 WPS 的文字识别转换为 .docx、核对后重试"
        )
    return list(_joined([line for page in _without_running(pages) for line in page]))


def _damaged(name: str) -> BadPlan:
    return BadPlan(
        f"{name}：PDF 文件损坏或格式特殊，读不出文字；请向发文单位要 Word 文件，或用 WPS 转换为 .docx 后重试"
    )


def _signs(document: pypdfium2.PdfDocument, number: int, name: str) -> list[_Sign]:
    page = document[number]
    text = page.get_textpage()
    try:
        if text.count_chars() > MOST_PER_PAGE:
            raise BadPlan(f"{name}：第 {number + 1} 页的文字异常多，拒绝读取；请向发文单位要 Word 文件后重试")
        codes = [raw.FPDFText_GetUnicode(text, place) for place in range(text.count_chars())]
        return [
            _Sign(chr(code), *text.get_charbox(place, loose=True))
            for place, code in enumerate(codes)
            if 0x20 < code < 0xD800 or 0xE000 <= code < 0x110000
        ]
    finally:
        text.close()
        page.close()


def _written(signs: Sequence[_Sign]) -> list[_Written]:
    """The lines of a page from top to bottom."""
    rows: list[list[_Sign]] = []
    for sign in sorted(signs, key=lambda sign: -sign.middle):
        if rows and rows[-1][0].middle - sign.middle < min(rows[-1][0].size, sign.size) / 2:
            rows[-1].append(sign)
        else:
            rows.append([sign])
    for row in rows:
        row.sort(key=lambda sign: sign.left)
    # Text starts at the margin in most lines that are not the first one of a paragraph.
    starts = Counter(round(row[0].left) for row in rows)
    margin = min((start for start, times in starts.items() if times * 5 >= len(rows)), default=min(starts, default=0))
    return [_line(row, margin) for row in rows]


def _line(row: Sequence[_Sign], margin: float) -> _Written:
    """The text of a line: cells of a table set apart by tabs, other gaps as wide as they are."""
    size = max(sign.right - sign.left for sign in row) or row[0].size
    gaps = [(sign.left - before.right) / size for before, sign in pairwise(row)]
    is_row = sum(gap > _CELL for gap in gaps) > 1
    texts = [row[0].text]
    for gap, sign in zip(gaps, row[1:], strict=True):
        is_latin = texts[-1].isascii() and sign.text.isascii()
        wide = "\u3000" * round(gap) if gap > _WORD else " " if is_latin and gap > _LATIN else ""
        texts += "\t" if is_row and gap > _CELL else wide, sign.text
    return _Written("".join(texts), (row[0].left - margin) / size, (row[-1].right - margin) / size)


def _without_running(pages: Sequence[list[_Written]]) -> list[list[_Written]]:
    """Pages without their numbers, and without what stands at the edge of most of them."""
    edges = Counter(
        text for page in pages for text in {_PLACE.sub("", line.text) for line in page[:_EDGE] + page[-_EDGE:]}
    )
    running = {text for text, times in edges.items() if times >= max(3, len(pages) * _MOST_PAGES_HAVE)}

    def stays(page: list[_Written], place: int) -> bool:
        text = page[place].text
        is_edge = place < _EDGE or place >= len(page) - _EDGE
        return not is_edge or not (_PAGE_NUMBER.fullmatch(text) or _PLACE.sub("", text) in running)

    return [[line for place, line in enumerate(page) if stays(page, place)] for page in pages]


def _joined(written: Sequence[_Written]) -> Iterator[Line]:
    """Paragraphs: a line that reaches the right margin goes on in the next one that is not indented."""
    ends = sorted(line.right for line in written)
    edge = ends[len(ends) * 9 // 10] if ends else 0
    indents = sum(line.left > _INDENT for line in written) > 1
    held: list[_Written] = []
    for line in written:
        if held and not (
            held[-1].right > edge - _SHORT
            and line.left <= _INDENT
            and "\t" not in held[-1].text + line.text
            and goes_on(held[-1].text, line.text, indents=indents)
        ):
            yield _paragraph(held)
            held = []
        held.append(line)
    if held:
        yield _paragraph(held)


def _paragraph(held: Sequence[_Written]) -> Line:
    text = "\n".join(line.text for line in held)
    return Line(text, "row" if "\t" in text else "text")
