"""Text as it may stand in a letter: what is taken out of it, how wide it is, where a long line may part."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

_INVISIBLE = ("Cc", "Cf", "Cs")
"""Controls, formats (also those that turn the direction of writing) and lone halves of surrogate pairs."""
_WIDE = ("W", "F", "A")
_NEVER_FIRST = "，。、；：！？）》〉】〕”’…—的"
_NEVER_LAST = "（《〈【〔“‘"
_GOOD_LAST = "的、，）》”"
_STRAY = 4
"""Characters by which a line may be longer or shorter than an even share, to part at a better place."""


def line(text: str) -> str:
    """
    This function will give a text as one line: without invisible characters, the breaks of lines and tabs as spaces.

    Noncharacters go too; so does white space at the ends.
    """
    return " ".join(paragraphs(text))


def paragraphs(text: str) -> list[str]:
    """This function will give the paragraphs of a text, one for each line that holds anything, cleaned as by ``line``."""
    kept = ("".join(map(_visible, part)).strip() for part in text.splitlines())
    return [part for part in kept if part]


def _visible(character: str) -> str:
    if character == "\t":
        return " "
    code = ord(character)
    is_noncharacter = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    return "" if is_noncharacter or unicodedata.category(character) in _INVISIBLE else character


def width(text: str) -> float:
    """This function will give the width of a text in Chinese characters; Latin letters and figures are half as wide."""
    return sum(_width(character) for character in text)


def _width(character: str) -> float:
    if unicodedata.combining(character) or "\ufe00" <= character <= "\ufe0f":
        return 0
    return 1 if unicodedata.east_asian_width(character) in _WIDE else 0.5


def parted(text: str, most: float, unbroken: Iterable[str] = ()) -> list[str]:
    """
    This function will part a title or a name into lines of about one length, none between halves of a word.

    :param most: characters that fit into a line; a line is longer only where it cannot be parted.
    :param unbroken: words to keep whole, where that leaves lines that fit.
    """
    n_lines = -int(-width(text) // most)
    if n_lines < 2:
        return [text]
    share = width(text) / n_lines
    inside = {at for word in unbroken for start in _places(text, word) for at in range(start + 1, start + len(word))}
    best: tuple[float, int] | None = None
    for at in range(1, len(text)):
        first = width(text[:at])
        off = abs(first - share)
        if first > most or off > _STRAY or not _may_part(text[at - 1], text[at]):
            continue
        cost = off + (8 if at in inside else 0) - (1 if text[at - 1] in _GOOD_LAST else 0)
        best = min(best or (cost, at), (cost, at))
    if best is None:
        return [text]
    at = best[1]
    return [text[:at].rstrip(), *parted(text[at:].lstrip(), most, unbroken)]


def _places(text: str, word: str) -> Iterable[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


def _may_part(before: str, after: str) -> bool:
    if after in _NEVER_FIRST or before in _NEVER_LAST or not _width(after):
        return False
    return not (before.isascii() and after.isascii() and before.isalnum() and after.isalnum())
