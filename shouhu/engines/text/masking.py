"""
Redacted copies: what tells who somebody is or reaches him gives way to a visible mark (〔手机号〕).

Masking hides more than finding names: a long number goes even where its check digit is wrong. Nothing found in a
masked copy would be masked again, so masking twice is masking once.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from shouhu.engines.text import entities
from shouhu.engines.text.entities import KnownPlaces, Names
from shouhu.engines.text.entities.digits import digitised
from shouhu.engines.text.entities.entity import Entity, Kind
from shouhu.engines.text.entities.places import house_number
from shouhu.engines.text.normal import fold

PERSONAL: frozenset[Kind] = frozenset({"person", "phone", "card", "id", "wechat", "qq", "place"})
"""Masked unless somebody chooses otherwise; of a place, what stands from the house number on."""

_SAYS: dict[Kind, str] = {
    "org": "单位",
    "phone": "电话号码",
    "card": "银行卡号",
    "id": "身份证号",
    "uscc": "信用代码",
    "url": "网址",
    "wechat": "微信号",
    "qq": "QQ号",
    "amount": "金额",
    "date": "日期",
    "place": "门牌号",
    "person": "姓名",
}
_MOBILE, _NUMBER = "手机号", "号码"
_MARK = re.compile("〔(?:" + "|".join([*_SAYS.values(), _MOBILE, _NUMBER]) + ")〕")
_LONG = re.compile(r"\d(?:[ .-]{0,3}\d){6,}x?")
_NUMBERS: frozenset[Kind] = frozenset({"phone", "card", "id", "qq"})
_HIDDEN = "■"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A part ``text[start:end]`` of the original and the mark that stands for it."""

    start: int
    end: int
    mark: str


def mask(
    text: str,
    kinds: Collection[Kind] = PERSONAL,
    *,
    known: KnownPlaces | None = None,
    names: Names | None = None,
) -> str:
    """This function will give a copy of a text in which what is of certain kinds has given way to marks."""
    pieces, at = [], 0
    for span in spans(text, kinds, known=known, names=names):
        pieces += [text[at : span.start], span.mark]
        at = span.end
    return "".join([*pieces, text[at:]])


def spans(
    text: str,
    kinds: Collection[Kind] = PERSONAL,
    *,
    known: KnownPlaces | None = None,
    names: Names | None = None,
) -> list[Span]:
    """This function will give what ``mask`` hides, in the order of the text."""
    shown = _Shown(text)
    shown.hide([(match.start(), match.end()) for match in _MARK.finditer(text)])
    hidden: list[Span] = []
    # What was hidden may have kept something else from being found, so look until nothing is left.
    while parts := sorted(set(_parts(shown.text, frozenset(kinds), known, names))):
        hidden += [Span(shown.edges[start], shown.edges[end], mark) for start, end, mark in parts]
        shown.hide([(start, end) for start, end, _ in parts])
    return sorted(hidden)


class _Shown:
    """A text in which one sign stands for each part already hidden, with the way back: sign i covers edges i to i+1."""

    def __init__(self, text: str) -> None:
        self.text, self.edges = text, list(range(len(text) + 1))

    def hide(self, parts: list[tuple[int, int]]) -> None:
        """This function will put one sign in the place of each of some parts, given in order."""
        signs, edges, at = list[str](), list[int](), 0
        for start, end in parts:
            signs += [self.text[at:start], _HIDDEN]
            edges += self.edges[at : start + 1]
            at = end
        self.text, self.edges = "".join([*signs, self.text[at:]]), edges + self.edges[at:]


def _parts(
    text: str, kinds: frozenset[Kind], known: KnownPlaces | None, names: Names | None
) -> Iterator[tuple[int, int, str]]:
    found = entities.find(text, known=known, names=names)
    for entity in found:
        if entity.kind in kinds:
            start = entity.start
            if entity.kind == "place":
                within = house_number(fold(text[entity.start : entity.end]).text)
                if within is None:
                    continue
                start += within
            yield start, entity.end, f"〔{_says(entity)}〕"
    if kinds & _NUMBERS:
        yield from _long_numbers(text, found)


def _long_numbers(text: str, found: list[Entity]) -> Iterator[tuple[int, int, str]]:
    folded = fold(text)
    for match in _LONG.finditer(digitised(folded.text)):
        start, end = folded.span(*match.span())
        if all(entity.end <= start or end <= entity.start for entity in found):
            yield start, end, f"〔{_NUMBER}〕"


def _says(entity: Entity) -> str:
    if entity.kind == "phone" and len(str(entity.value)) == 11 and str(entity.value).startswith("1"):
        return _MOBILE
    return _SAYS[entity.kind]
