"""The end of a plan: list of annexes, signature, date, contact, and the annexes themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from shouhu.engines.plans import reading
from shouhu.engines.plans.labels import Label
from shouhu.engines.plans.page import Paragraph

_LONGEST_SIGN = 30
_LONGEST_TITLE = 60
_LISTED = re.compile(r"附\s*件\s*[：:]\s*(?:(\d{1,2})[.、])?")


def closing(paragraphs: Sequence[Paragraph], firsts: Sequence[Label | None]) -> set[int]:
    """
    This function will give the places of the paragraphs that close a plan.

    ``firsts`` are the labels that the paragraphs start with. A plan that goes on behind such paragraphs (a notice with
    its plan below, an annex list in the middle) keeps what is numbered there.
    """
    begin = next((place for place, first in enumerate(firsts) if first), len(firsts))
    latest: dict[str, int] = {}
    left: set[int] = set()
    index = begin
    for mark in _marks(paragraphs, begin):
        if mark < index:
            continue
        latest |= {first.kind: first.number for first in firsts[index:mark] if first}
        listed = _end_of_list(paragraphs, firsts, mark)
        index = next((place for place in range(listed, len(firsts)) if firsts[place]), len(firsts))
        start = _with_signature(paragraphs, firsts, mark)
        match _goes_on(
            paragraphs[mark + 1 : index], firsts[index] if index < len(firsts) else None, latest, firsts[begin]
        ):
            case "series":
                left.update(range(mark, listed))
            case "plan":
                left.update(range(start, index))
            case _:
                left.update(range(start, len(paragraphs)))
                break
    return left


def _marks(paragraphs: Sequence[Paragraph], start: int) -> Iterator[int]:
    for index in range(start, len(paragraphs)):
        if paragraphs[index].kind != "row" and _mark().fullmatch(paragraphs[index].text):
            yield index


@cache
def _mark() -> re.Pattern[str]:
    tail = reading.patterns("tail")
    return re.compile("|".join(f"(?:{tail[name]})" for name in ("annex", "dated", "closing")))


def _end_of_list(paragraphs: Sequence[Paragraph], firsts: Sequence[Label | None], index: int) -> int:
    """Behind the last line of 附件：1.… 2.… 3.…"""
    listed = _LISTED.match(paragraphs[index].text)
    number = int(listed[1] or 0) if listed else 0
    place = index + 1
    while (
        listed
        and place < len(firsts)
        and (first := firsts[place])
        and first.kind == "1."
        and first.number == number + 1
    ):
        number, place = first.number, place + 1
    return place


def _goes_on(between: Sequence[Paragraph], label: Label | None, latest: Mapping[str, int], top: Label | None) -> str:
    """How the numbering goes on behind a mark: ``series`` as before it, ``plan`` with a plan of its own, or not at all."""
    if label is None or top is None:
        return ""
    annexed = any(re.match(r"附\s*件", paragraph.text) for paragraph in between)
    if not annexed and label.number > 1 and label.number == latest.get(label.kind, 0) + 1:
        return "series"
    is_top = label.kind in ("一、", top.kind)
    return "plan" if label.number == 1 and is_top and any(map(_is_title, between)) else ""


def _is_title(paragraph: Paragraph) -> bool:
    text = paragraph.text
    return len(text) <= _LONGEST_TITLE and text.endswith(("方案", "计划", "预案")) and not re.search("[，。；：]", text)


def _with_signature(paragraphs: Sequence[Paragraph], firsts: Sequence[Label | None], index: int) -> int:
    """Where the closing starts if whoever signed stands above the date."""
    if re.fullmatch(reading.patterns("tail")["dated"], paragraphs[index].text):
        above = index - 1
        while above > 0 and not firsts[above] and _is_signature(paragraphs[above].text):
            above -= 1
        return above + 1
    return index


def _is_signature(text: str) -> bool:
    return len(text) <= _LONGEST_SIGN and not re.search("[，。；：]", text)
