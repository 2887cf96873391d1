"""
Who and what is named in a text: phones, cards, links, contacts, sums, days, places, organisations, account names.

One noun a module; each reads the folded text and knows nothing of the others. ``find`` puts them together.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from shouhu.engines.text.entities import (
    amounts,
    called,
    cards,
    contacts,
    dates,
    identity,
    links,
    organisations,
    persons,
    phones,
    places,
)
from shouhu.engines.text.entities.digits import digitised
from shouhu.engines.text.entities.entity import Entity, Found, Kind
from shouhu.engines.text.entities.patterns import pattern
from shouhu.engines.text.entities.places import KnownPlaces
from shouhu.engines.text.normal import Folded, fold

__all__ = ["Entity", "Kind", "KnownPlaces", "Names", "find"]

_DIGITS = frozenset("0123456789零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖")
_FIGURES = _DIGITS | frozenset("两俩仨十百千万亿拾佰仟")
_LONG = pattern(r"\d{6}|\d(?:[ .·-]{0,3}\d){14}")  # there is one in every identity number, credit code and card
_AS_WRITTEN = frozenset({"org", "place", "date", "person", "wechat", "qq"})


class Names(Protocol):
    """Who knows names better than rules do: ``tagging.Tagger``, with the extra ``names``."""

    def find(self, text: str, organisations: list[Found]) -> Iterator[Found]:
        """This function will find organisations and persons in a folded text, given what the rules found."""


def find(text: str | Folded, *, known: KnownPlaces | None = None, names: Names | None = None) -> list[Entity]:
    """
    This function will find what a text names, in the order of the text, nothing overlapping.

    ``known`` are places found wherever they are written; ``names`` adds a tagger (slower) to the rules for names.
    """
    folded = fold(text) if isinstance(text, str) else text
    kept: list[Found] = []
    free = bytearray(len(folded.text))
    for found in _all(folded.text, known, names):
        if not any(free[found.start : found.end]):
            free[found.start : found.end] = b"\1" * (found.end - found.start)
            kept.append(found)
    return [_in_original(folded, found) for found in sorted(kept, key=lambda found: found.start)]


def _all(text: str, known: KnownPlaces | None, names: Names | None) -> Iterator[Found]:
    """The surest first: what they take, the others leave."""
    yield from links.find(text)
    if not _DIGITS.isdisjoint(text):
        digits = digitised(text)
        if _LONG.search(digits):
            yield from identity.find(text, digits)
            yield from cards.find(text, digits)
        yield from phones.find(text, digits)
    else:
        digits = text
    yield from contacts.find(text, digits)
    named = [*called.quoted(text), *organisations.find(text), *called.find(text)]
    named += list(called.again(text, named))
    if names:
        named = list(names.find(text, named))
    yield from (found for found in named if found.kind == "org")
    yield from dates.find(text)
    yield from places.find(text, known)
    if not _FIGURES.isdisjoint(text):
        yield from amounts.find(text)
    yield from persons.find(text)
    yield from (found for found in named if found.kind == "person")


def _in_original(folded: Folded, found: Found) -> Entity:
    start, end = folded.span(found.start, found.end)
    value = folded.original[start:end] if found.kind in _AS_WRITTEN else found.value
    return Entity(found.kind, value, start, end)
