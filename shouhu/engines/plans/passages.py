"""The pieces of a plan that can say something: every numbered item, then what stands before and behind them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from shouhu.engines.plans.page import Item, Outline, Paper, Paragraph

_LONGEST = 600
"""No sentence is longer; what goes on without a stop is cut, so that no pattern can run away."""
_OPEN, _CLOSE = "（(《“‘〔[【", "）)》”’〕]】"


@dataclass(frozen=True)
class Place:
    """Where something stands in ``Paper.text``."""

    start: int
    end: int


@dataclass(frozen=True)
class Passage:
    """One numbered item without its children, or a paragraph outside of all items (``where`` is empty then)."""

    paper: Paper
    where: str
    block: int
    label: str
    heading: str
    body: str
    start: int
    end: int
    above: tuple[Passage, ...] = ()
    leaf: bool = True

    @property
    def text(self) -> str:
        """Heading and body as one text."""
        if not self.heading or not self.body:
            return self.heading or self.body
        return self.heading + ("" if self.heading[-1] in "。；：:，！？" else "。") + self.body

    @property
    def section(self) -> str:
        """The heading of the outermost item that this one stands in."""
        return (self.above[0] if self.above else self).heading

    def place(self, phrase: str) -> Place:
        """This function will find a phrase of this passage in the document as it was, else give the whole passage."""
        was = self.paper.text[self.start : self.end]
        at = was.find(phrase)
        if at >= 0:
            return Place(self.start + at, self.start + at + len(phrase))
        loose = r"\s*".join(re.escape(character) for character in phrase[:80] if not character.isspace())
        found = re.search(loose, was) if loose else None
        return Place(self.start + found.start(), self.start + found.end()) if found else Place(self.start, self.end)


def passages(paper: Paper, outline: Outline) -> tuple[Passage, ...]:
    """This function will list the pieces in the order of the document: head, items with parents first, tail."""

    def loose(paragraphs: tuple[Paragraph, ...]) -> Iterator[Passage]:
        for paragraph in paragraphs:
            yield Passage(paper, "", 0, "", "", paragraph.text, paragraph.start, paragraph.end)

    def walk(items: tuple[Item, ...], above: tuple[Passage, ...]) -> Iterator[Passage]:
        for item in items:
            here = Passage(
                paper, item.no, item.block, item.label, item.heading.strip(), item.body.strip(),
                item.start, item.end, above, not item.children,
            )  # fmt: skip
            yield here
            yield from walk(item.children, (*above, here))

    return (*loose(outline.head), *walk(outline.items, ()), *loose(outline.tail))


def sentences(text: str) -> list[str]:
    """This function will cut a text at full stops, not inside of brackets or quotes."""
    return _cut(text, "。！？!?\n\t")


def clauses(text: str, marks: str = "，；,;。！？!?\n\t") -> list[str]:
    """This function will cut a text at the given marks, not inside of brackets or quotes."""
    return _cut(text, marks)


def _cut(text: str, marks: str) -> list[str]:
    pieces: list[str] = []
    begin = depth = 0
    for at, character in enumerate(text):
        depth = max(0, depth + (character in _OPEN) - (character in _CLOSE))
        ends = character in marks and (depth == 0 or character in "\n\t")
        if ends or at - begin >= _LONGEST:
            pieces.append(text[begin : at + (not ends)])
            begin, depth = at + 1, 0
    pieces.append(text[begin:])
    return [piece.strip() for piece in pieces if piece.strip()]
