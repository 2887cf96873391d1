"""Many words as one pattern that reads each sign once."""

from __future__ import annotations

import re
from collections.abc import Iterable


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
    branches = [re.escape(sign) + any_of(tails) for sign, tails in rest.items()]
    return f"(?:{'|'.join(branches)}){'?' if optional else ''}"
