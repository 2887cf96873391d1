"""The body: headings with their numbers, paragraphs, tables."""

from __future__ import annotations

from collections.abc import Iterator

from shouhu.engines.documents.letters import texts
from shouhu.engines.documents.letters.ink import KEPT, paragraph, run, spaced
from shouhu.engines.documents.letters.letter import Heading, Letter, Part, Table
from shouhu.engines.documents.letters.page import LINE
from shouhu.engines.documents.letters.tables import table

_FIGURES = ("", *"一二三四五六七八九")
_FORMS = ("{}、", "（{}）", "{}.", "（{}）")
_FEW = 4 * 28
"""Characters of a last paragraph that goes to the next page with the signature; a longer one stays and fills its page."""


def body(letter: Letter) -> str:
    """This function will write the body; a short last paragraph stays with what is signed under it."""
    return "".join(_written(letter.body))


def _written(parts: tuple[Part, ...]) -> Iterator[str]:
    counts = [0, 0, 0, 0]
    before: Part = ""
    for at, part in enumerate(parts):
        match part:
            case Heading(text=text, level=level):
                counts[level - 1] += 1
                counts[level:] = [0] * (4 - level)
                yield paragraph(f"Heading{level}", run(numeral(counts[level - 1], level) + text))
            case Table():
                if isinstance(before, Table):
                    yield paragraph("Normal", more=spaced(LINE // 2))  # or they would become one
                yield table(part)
            case str():
                is_kept = 0 < at == len(parts) - 1 and texts.width(part) <= _FEW
                yield paragraph("Normal", run(part), more=KEPT if is_kept else "")
        before = part


def numeral(count: int, level: int) -> str:
    """This function will number a heading: 一、（一）1.（1）by its level; from 100 on in figures."""
    tens, ones = divmod(count, 10)
    before = {0: "", 1: "十"}.get(tens, f"{_FIGURES[tens % 10]}十")
    number = f"{before}{_FIGURES[ones]}" if level < 3 and count < 100 else str(count)
    return _FORMS[level - 1].format(number)
