"""
Where a name begins: Chinese writes no spaces, so the words that stand before names are known, and those inside names too.
"""

from __future__ import annotations

from shouhu.engines.text.entities.words import words

_BEFORE = words("before_names")

_WITHIN = words("within_names")

_LONGEST = max(map(len, _BEFORE))
_CUTS = {length: frozenset(word for word in _BEFORE if len(word) == length) for length in range(1, _LONGEST + 1)}
_LAST_SIGNS = frozenset(word[-1] for word in _BEFORE)
_KEPT = {length: frozenset(word for word in _WITHIN if len(word) == length) for length in range(2, 5)}
_COUNTED = frozenset("家个间所次天万千块位名号楼栋日月年点元岁")
_NUMBERS = frozenset("零一二两三四五六七八九十几多0123456789")
_JOINS = frozenset('()“”"「」『』·&*-')
_OPENING = frozenset('(“「『"')


def left_edge(text: str, floor: int, end: int) -> int:
    """
    This function will say where, between two places, the name begins that ends at the second.

    A sentence mark, a count or a word that stands before names ends what precedes; 和 in 颐和 and the like do not.
    """
    at = end
    while at > floor and not _ends_at(text, at):
        at -= 1
    while at < end and text[at] in _JOINS and text[at] not in _OPENING:
        at += 1
    digits = at
    while digits < end and text[digits].isdecimal():
        digits += 1
    return digits if digits < end else at


def follows_word(text: str, at: int) -> bool:
    """This function will tell whether a word of two signs or more that stands before names ends at a place."""
    return any(text[at - length : at] in cuts for length, cuts in _CUTS.items() if 1 < length <= at)


def _ends_at(text: str, at: int) -> bool:
    """Whether what precedes a place is no part of a name that begins there."""
    sign = text[at - 1]
    if not (sign.isalnum() or sign in _JOINS):
        return True
    if sign in _COUNTED and at > 1 and text[at - 2] in _NUMBERS:
        return True
    if sign.isdecimal() and at > 4 and text[at - 5 : at].isdecimal():
        return True
    return sign in _LAST_SIGNS and any(
        text[at - length : at] in cuts and not _is_within(text, at - length, at)
        for length, cuts in _CUTS.items()
        if length <= at
    )


def _is_within(text: str, start: int, end: int) -> bool:
    return any(
        text[first : first + length] in kept
        for length, kept in _KEPT.items()
        for first in range(max(0, start - length + 1), end)
    )
