"""What a read document looks like: a paper of paragraphs, and the outline of its numbered pieces."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "row", "heading"]


class BadPlan(Exception):
    """The file cannot be read as a plan; ``str()`` says in Chinese why and what to do."""


@dataclass(frozen=True)
class Paragraph:
    """One paragraph or table row (cells joined by a tab), mended; ``Paper.text[start:end]`` is how it stood before."""

    text: str
    start: int
    end: int
    kind: Kind = "text"  # heading: a style of the document said so


@dataclass(frozen=True)
class Paper:
    """A document: ``text`` is all of it as it was, paragraphs joined by line ends."""

    name: str
    text: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True)
class Item:
    """A numbered piece of an outline."""

    no: str  # the numbering path, printed labels joined: 三(二)2(1), 二(一)一是, 三第一阶段
    label: str  # its own label, brackets half width, without 、 and full stop
    level: int  # depth of the label's kind within its block
    block: int  # counts restarts where a document has lost its top level; 0 first
    heading: str  # the heading sentence if it has one (ends at 。 or at the line's end), without the label
    body: str  # what follows the heading inside this item, without its children
    start: int  # place in Paper.text of heading and body
    end: int
    children: tuple["Item", ...] = ()


@dataclass(frozen=True)
class Outline:
    """The parts of a plan."""

    head: tuple[Paragraph, ...]  # title, number, addressees, preamble: all before the first label
    items: tuple[Item, ...]  # the pieces of the top level
    tail: tuple[Paragraph, ...]  # annex list, signature, date, contact
