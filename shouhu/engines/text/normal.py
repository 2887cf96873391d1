"""
One writing for many: full width, circled digits, capitals, dashes and invisible characters, with the way back.

Finders and the model read the folded text; whoever shows a finding marks it in the original, hence the offsets.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

# Kept as they are: what NFKC makes of them would be longer and say less.
_KEPT = "…‥㎡"
_ALIKE = dict.fromkeys("‐‑‒–—―─−﹣ー", "-") | dict.fromkeys("〜∼～", "~")
_ALIKE |= {"➕": "+", "✚": "+", "🕂": "+", "丨": "|", "•": "·", "‧": "·", "・": "·", "〇": "零", "○": "零", "Ｏ": "o"}
_ALIKE |= {chr(0x2776 + n): str(n + 1) for n in range(9)} | {chr(0x278A + n): str(n + 1) for n in range(9)}
_ALIKE |= {"萬": "万", "億": "亿", "號": "号", "電": "电", "話": "话", "塊": "块", "錢": "钱", "圓": "圆", "戶": "户"}


class _Foldings(dict[str, str]):
    """What each character folds to, worked out once."""

    def __missing__(self, character: str) -> str:
        self[character] = folded = _fold(character)
        return folded


def _fold(character: str) -> str:
    if character in _ALIKE:
        return _ALIKE[character]
    if character in _KEPT:
        return character
    # Format characters, variation selectors and the frame of a keycap digit: nobody sees them.
    if unicodedata.category(character) == "Cf" or "\ufe00" <= character <= "\ufe0f" or character == "\u20e3":
        return ""
    folded = unicodedata.normalize("NFKC", character).lower()
    return " " if folded.isspace() and folded != "\n" else folded


_FOLDINGS = _Foldings()


@dataclass(frozen=True, slots=True)
class Folded:
    """
    A folded text; ``at[i]`` is the place in ``original`` of the character that gave ``text[i]``.

    ``at`` is one longer than ``text``: its last entry is the length of the original.
    """

    text: str
    original: str
    at: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """This function will give the part of the original behind ``text[start:end]``, without hidden edges."""
        first = self.at[start]
        return (first, self.at[end - 1] + 1) if end > start else (first, first)


def fold(text: str) -> Folded:
    """
    This function will fold a text: NFKC character by character, lower case, no invisible characters, one kind of dash.

    White space becomes a space, but line ends stay. Characters are neither joined nor moved, so most texts keep their
    length and offsets are the same; where they do not, ``Folded.span`` leads back.
    """
    pieces = [_FOLDINGS[character] for character in text]
    folded = "".join(pieces)
    if len(folded) == len(text) and "" not in pieces:  # none is longer, as none is empty
        return Folded(folded, text, range(len(text) + 1))
    at = [place for place, piece in enumerate(pieces) for _ in piece]
    at.append(len(text))
    return Folded(folded, text, at)
