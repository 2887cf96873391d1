"""The numbered pieces of a paper as a tree, and what stands before and behind them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from shouhu.engines.plans import labels, reading
from shouhu.engines.plans.closing import closing
from shouhu.engines.plans.labels import RANKS, Label
from shouhu.engines.plans.mending import mend
from shouhu.engines.plans.page import Item, Outline, Paper, Paragraph

_LONGEST_JUMP = 3
_OPENING = ("chapter", "一、", "（一）")
"""Kinds that may open an outline in the middle of a paragraph."""

_GAP_HEADING = re.compile(r"((?:[^\s。；，：（）]|（[^\s（）]*）){2,24})[ \u3000]+(?=[㐀-鿿].{11,})")
_COLON_HEADING = re.compile(r"([^。；，：]{2,30}?)：(?=.)")
_NO_HEADING = re.compile(r".*(?:单位|部门|时间|时限|期限|电话|联系人|邮箱|对象|范围|地点|主题|如下|做到|包括)")

_BACK = re.compile(r"\s*(?:对)?(?:上述|以上|这几|这些|前述)")
"""What goes on behind a list speaks of all of it."""


@dataclass
class _Piece:
    """Part of a paragraph: its index, and the part of its mended text."""

    paragraph: int
    start: int
    end: int


@dataclass
class _Node:
    label: Label
    parent: _Node | None
    inline: bool
    block: int
    pieces: list[_Piece]
    children: list[_Node] = field(default_factory=list)
    latest: dict[str, int] = field(default_factory=dict)  # the number of the latest child of each kind
    restarts: Counter[str] = field(default_factory=Counter)


def outline(paper: Paper) -> Outline:
    """This function will read the numbering of a paper, however many of its labels are lost, doubled or wrong."""
    paragraphs = paper.paragraphs
    firsts = [labels.starts(paragraph.text) if paragraph.kind != "row" else None for paragraph in paragraphs]
    left = closing(paragraphs, firsts)
    tree = _Tree(paragraphs, firsts)
    head: list[Paragraph] = []
    for index, paragraph in enumerate(paragraphs):
        if index not in left and not tree.take(index):
            head.append(paragraph)
    texts = _Texts(paper)
    items = tuple(texts.item(node, "", 0) for node in tree.root.children)
    return Outline(tuple(head), items, tuple(paragraphs[index] for index in sorted(left)))


class _Tree:
    """The tree under way; ``open`` are the nodes from the top one to the one that text goes to."""

    def __init__(self, paragraphs: Sequence[Paragraph], firsts: Sequence[Label | None]) -> None:
        self.paragraphs, self.firsts = paragraphs, firsts
        self.root = _Node(Label("", "", 0, 0, 0), None, False, 0, [])
        self.open: list[_Node] = []
        self._only_inline = not any(firsts)
        self._following: list[Label | None] = [
            None
        ]  # the next label that may open an outline, seen from each paragraph
        for first in reversed(firsts[1:]):
            self._following.append(first if first and first.kind in _OPENING else self._following[-1])
        self._following.reverse()

    def take(self, index: int) -> bool:
        """Take a paragraph in; whether it belongs to the numbered pieces."""
        paragraph, first = self.paragraphs[index], self._plausible(self.firsts[index])
        inner = list(_series(paragraph.text, first, self._following[index])) if paragraph.kind != "row" else []
        if not first and not self.open:
            if not self._only_inline:
                inner = [label for label in inner if label.kind in _OPENING]
            if not inner:
                return False
        if first:
            self._add(first, inline=False)
        else:
            self._leave_inline()
            if _BACK.match(paragraph.text) and len(self.open) > 1:
                self.open.pop()
        ends = [label.start for label in inner] + [len(paragraph.text)]
        if self.open:
            self.open[-1].pieces.append(_Piece(index, first.end if first else 0, ends[0]))
        whole = self.open[-1] if self.open else None
        for label, end in zip(inner, ends[1:], strict=True):
            self._add(label, inline=True)
            self.open[-1].pieces.append(_Piece(index, label.end, end))
        if whole and inner:
            self._give_owners(whole, index)
        return True

    def _plausible(self, label: Label | None) -> Label | None:
        """The label, unless its number comes out of nowhere: 5.15前, 12、36个月."""
        if label is None or (label.number == 1 and label.kind != "1.1"):
            return label
        if label.kind == "1.1":
            before = label.text.rpartition(".")[0]
            known = [node.label for node in self.open if node.label.kind in ("1.", "1.1")]
            is_next = any(
                node.text.rpartition(".")[0] == before and 0 < label.number - node.number <= 3 for node in known
            )
            return label if is_next or (label.number == 1 and any(node.text == before for node in known)) else None
        latest = max((node.label.number for node in self.open if node.label.kind == label.kind), default=0)
        return label if label.number <= latest + _LONGEST_JUMP else None

    def _leave_inline(self) -> None:
        while self.open and self.open[-1].inline:
            self.open.pop()

    def _add(self, label: Label, *, inline: bool) -> None:
        kinds = [node.label.kind for node in self.open]
        depth = kinds.index(label.kind) if label.kind in kinds else None
        if depth is None and not inline:
            self._leave_inline()
        if depth is not None and not _is_nested(self.open[depth].label, label):
            lost = not inline and label.kind in RANKS and label.number < self.open[depth].label.number
            del self.open[depth - 1 if lost and depth else depth :]
        elif label.kind in RANKS:
            rank = RANKS[label.kind]
            lower = (place for place, node in enumerate(self.open) if RANKS.get(node.label.kind, -1) > rank)
            del self.open[next(lower, len(self.open)) :]
        parent = self.open[-1] if self.open else self.root
        if label.number < parent.latest.get(label.kind, 0):
            parent.restarts[label.kind] += 1
        parent.latest[label.kind] = label.number
        node = _Node(label, parent, inline, parent.block + parent.restarts[label.kind], [])
        parent.children.append(node)
        self.open.append(node)

    def _give_owners(self, whole: _Node, index: int) -> None:
        """Owners in brackets behind 一是…；二是…。 answer for the whole paragraph."""
        last = self.open[-1].pieces[-1]
        text = self.paragraphs[index].text
        owners = list(_owners().finditer(text))
        if len(owners) == 1 and owners[0].end() == len(text) and owners[0].start() >= last.start:
            whole.pieces.append(_Piece(index, owners[0].start(), last.end))
            last.end = owners[0].start()


def _is_nested(outer: Label, label: Label) -> bool:
    """Whether 1) starts below (1), though both are of one kind."""
    return (
        label.number == 1 and re.sub(r"\d", "", outer.text) != re.sub(r"\d", "", label.text) and label.kind == "（1）"
    )


def _owners() -> re.Pattern[str]:
    return re.compile(reading.patterns("tail")["owners"])


def _series(text: str, first: Label | None, following: Label | None) -> Iterator[Label]:
    """The labels inside a paragraph that count on: 一是…二是…, or on from the label that it starts with."""
    found = [label for label in labels.within(text, first.end if first else 0) if label.kind not in ("1.1", "A.")]
    latest = {first.kind: first.number} if first else {}
    later: dict[str, int] = {}
    opens: list[bool] = []
    for label in reversed(found):
        is_followed = following and following.kind == label.kind in _OPENING and following.number == 2
        opens.append(
            label.number == 1 and (later.get(label.kind) in (2, 3) or (label.kind not in later and bool(is_followed)))
        )
        later[label.kind] = label.number
    for label, is_opening in zip(found, reversed(opens), strict=True):
        if is_opening or 0 < label.number - latest.get(label.kind, label.number) <= 2:
            latest[label.kind] = label.number
            yield label


class _Texts:
    """Gives the nodes their texts and places."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper

    def item(self, node: _Node, path: str, level: int) -> Item:
        """This function will freeze a node and all below it."""
        label = node.label.text
        no = path + label
        if node.label.kind == "1.1" and node.parent:
            above = node.parent.label
            if label.startswith(f"{above.text}."):
                no = path.removesuffix(above.text) + label
        first, *more = node.pieces
        text = self._text(first)
        heading_end, body_start = _heading(text, is_all=not more and first.end == self._length(first))
        heading = text[:heading_end].rstrip("。：:，；、 \u3000") if heading_end else ""
        if heading and text[heading_end:body_start].strip() in ("：", ":"):
            heading += "："  # what follows belongs to the same sentence
        parts = [text[body_start:].strip(), *(self._text(piece).strip() for piece in more)]
        starts, ends = zip(*(self._place(piece) for piece in node.pieces), strict=True)
        return Item(
            no=no,
            label=label,
            level=level,
            block=node.block,
            heading=heading,
            body="\n".join(part for part in parts if part),
            start=starts[0],
            end=max(ends),
            children=tuple(self.item(child, no, level + 1) for child in node.children),
        )

    def _length(self, piece: _Piece) -> int:
        return len(self.paper.paragraphs[piece.paragraph].text)

    def _text(self, piece: _Piece) -> str:
        return self.paper.paragraphs[piece.paragraph].text[piece.start : piece.end]

    def _place(self, piece: _Piece) -> tuple[int, int]:
        paragraph = self.paper.paragraphs[piece.paragraph]
        text = self._text(piece)
        start = piece.start + len(text) - len(text.lstrip())
        end = max(start, piece.end - len(text) + len(text.rstrip()))
        first, last = mend(self.paper.text[paragraph.start : paragraph.end]).span(start, end)
        return paragraph.start + first, paragraph.start + last


def _heading(text: str, *, is_all: bool) -> tuple[int, int]:
    """Where the heading at the start of an item's text ends (0: it has none), and where its body starts."""
    written = text.rstrip()
    sentence = written.find("。") + 1 or len(written)
    if gap := _GAP_HEADING.match(written):
        return gap.end(1), gap.end()
    colon = _COLON_HEADING.match(written)
    if colon and not _NO_HEADING.fullmatch(colon[1]):
        return colon.end(1), colon.end()
    if written.endswith(("；", ";")) and sentence == len(written):
        return 0, 0
    short = written[:sentence]
    longest, commas = (30, 1) if written.endswith("。") or not is_all else (50, 3)
    if len(short) <= longest and short.count("，") <= commas:
        return sentence, sentence
    return 0, 0
