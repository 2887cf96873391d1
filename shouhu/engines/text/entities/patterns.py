"""Many words as one pattern that reads each sign once."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

_MANY, _SHELF = 40, 20
"""Branches are tried one by one: of more than so many, each shelf is looked at as a whole first."""


def any_of(words: Iterable[str]) -> str:
    """This function will give a pattern for any of some words, the longest that fits, grouped by their beginnings."""
    rest: dict[str, list[str]] = {}
    optional = False
    for word in words:
        if word:
            rest.setdefault(word[0], []).append(word[1:])
        else:
            optional = True
    if not rest:
        return ""
    branches = [(sign, re.escape(sign) + any_of(tails)) for sign, tails in sorted(rest.items())]
    if len(branches) > _MANY:
        shelves = [branches[at : at + _SHELF] for at in range(0, len(branches), _SHELF)]
        together = "|".join(
            f"(?=[{''.join(re.escape(sign) for sign, _ in shelf)}])(?:{'|'.join(branch for _, branch in shelf)})"
            for shelf in shelves
        )
    else:
        together = "|".join(branch for _, branch in branches)
    return f"(?:{together}){'?' if optional else ''}"


def beginning(words: Collection[str]) -> str:
    """This function will give a pattern that fits, without taking anything, where one of some words may begin."""
    first, second = ("".join(sorted({word[at] for word in words})) for at in (0, 1))
    return f"(?=[{first}][{second}])"
