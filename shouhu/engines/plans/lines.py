"""Lines as a file gives them become the paragraphs of a paper."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import quantiles

from shouhu.engines.plans import labels, reading
from shouhu.engines.plans.mending import mend
from shouhu.engines.plans.page import BadPlan, Kind, Paper, Paragraph

LONGEST, MOST_LINES = 1_000_000, 30_000
"""Characters and lines of a document: some five times the longest collection seen."""
_LONGEST_WRAPPER = 400
_LONGEST_CELL = 400
_STOPS = "。；！？：.;!?:"
_NARROWEST, _WIDEST, _RAGGED = 12, 60, 2.5
_INDENTS = ("\u3000", "  ", "\t")
_LONGEST_TITLE = 60


@dataclass(frozen=True)
class Line:
    """One line of a document as it was (or a paragraph whose lines are joined already); ``kind`` as of a paragraph."""

    text: str
    kind: Kind = "text"


def paper(name: str, lines: Sequence[Line]) -> Paper:
    """
    This function will make the paper of a document's lines.

    Lines that were broken at the margin are joined again (``Paper.text`` keeps the break), blank ones and those that
    belong to a web page or a printed page, and not to the plan, get no paragraph.

    :raises BadPlan: nothing is left, or more than any plan holds.
    """
    if len(lines) > MOST_LINES or sum(len(line.text) + 1 for line in lines) > LONGEST:
        raise BadPlan(f"{name}：内容过长，不像一份方案；请只保留方案正文，另存后重试")
    text = "\n".join(line.text for line in lines)
    paragraphs = tuple(_paragraphs(text, lines))
    if not paragraphs:
        raise BadPlan(f"{name}：没有读到文字，请打开文件核对内容后重试")
    return Paper(name, text, paragraphs)


def _paragraphs(text: str, lines: Sequence[Line]) -> Iterator[Paragraph]:
    for start, end, kind in _joined(lines):
        was = text[start:end]
        start, end = start + len(was) - len(was.lstrip()), end - len(was) + len(was.rstrip())
        mended = mend(text[start:end]).text
        if mended.strip() and not (kind != "row" and is_wrapper(mended)):
            yield Paragraph(mended, start, end, kind)


def row(cells: Sequence[Sequence[str]]) -> list[Line]:
    """
    This function will make the lines of a table row, given the paragraphs of each cell.

    A row of one cell, and one whose cells hold whole texts (a table that only sets the page), gives its paragraphs.
    """
    filled = [[text for text in cell if text.strip()] for cell in cells]
    if len(cells) < 2 or any(len(cell) > 5 and sum(map(len, cell)) > _LONGEST_CELL for cell in filled):
        return [Line(text) for cell in filled for text in cell]
    texts = [re.sub(r"\s*[\t\n]\s*", " ", "；".join(cell)).strip() for cell in filled]
    return [Line("\t".join(texts), "row")] if any(texts) else []


def is_wrapper(text: str) -> bool:
    """This function will say whether a mended paragraph belongs to the page around a plan."""
    return len(text) <= _LONGEST_WRAPPER and bool(reading.either("wrappers").fullmatch(text.strip()))


def _joined(lines: Sequence[Line]) -> Iterator[tuple[int, int, Kind]]:
    """Start, end and kind of every paragraph."""
    margin = _Margin([line.text for line in lines if line.kind == "text"])
    start = place = 0
    before: Line | None = None
    for line in lines:
        if before is not None and not margin.broke(before, line):
            yield start, place - 1, before.kind
            start = place
        place += len(line.text) + 1
        before = line
    if before is not None:
        yield start, place - 1, before.kind


def width(text: str) -> float:
    """This function will give the width of a text in full-width characters."""
    return sum(0.5 if character.isascii() else 1 for character in text)


class _Margin:
    """Where the lines of a document are broken, if they are."""

    def __init__(self, texts: Sequence[str]) -> None:
        written = [text.rstrip() for text in texts if text.strip()]
        widths = sorted(map(width, written))
        self.width = quantiles(widths, n=10)[8] if len(widths) > 7 else 0
        full = [each for each in widths if abs(each - self.width) <= _RAGGED]
        # Broken lines pile up at the margin; paragraphs are as long as they like.
        self.breaks = (
            _NARROWEST <= self.width <= _WIDEST and len(full) * 4 >= len(widths) and widths[-1] <= self.width + 6
        )
        self.indents = sum(text.startswith(_INDENTS) for text in written) > 1

    def broke(self, line: Line, following: Line) -> bool:
        """Whether a line was broken in the middle of a paragraph, and goes on in the following one."""
        written, then = line.text.rstrip(), following.text
        if line.kind != "text" or following.kind != "text" or not written.strip() or not then.strip():
            return False
        if (
            "《" in written
            and written.rfind("《") > written.rfind("》")
            and "》" in then
            and len(written) <= _LONGEST_TITLE
        ):
            return True
        if not self.breaks or width(written) < self.width - _RAGGED or then.startswith(_INDENTS):
            return False
        return goes_on(written, then, indents=self.indents)


def goes_on(written: str, then: str, *, indents: bool) -> bool:
    """
    This function will say whether a line that reaches the margin goes on in the following one, which is not indented.

    ``indents`` says whether the first lines of paragraphs are indented in this document.
    """
    if labels.starts(mend(then).text):
        return written[-1] not in _STOPS + "）》”"
    return indents or written[-1] not in _STOPS
