"""Words that finders know, from ``words.txt``, and where they stand in a text."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, cached_property
from importlib.resources import files


def words(of: str) -> list[str]:
    """This function will give the words of one list."""
    return _lists()[of]


@cache
def _lists() -> dict[str, list[str]]:
    lists: dict[str, list[str]] = {}
    of = ""
    for line in (files(__package__) / "words.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            of = line[1:-1]
        elif not line.startswith("#"):
            lists.setdefault(of, []).extend(line.split())
    return lists


class Words:
    """
    Words looked up by the place where they begin or end, the longest first.

    Some hundred words in one regular expression take longer to compile than a thousand texts to read.
    """

    def __init__(self, of: Iterable[str]) -> None:
        self._words = frozenset(of)

    def __contains__(self, word: str) -> bool:
        return word in self._words

    @cached_property
    def _from(self) -> dict[str, list[int]]:
        return _lengths(self._words, 0)

    @cached_property
    def _up_to(self) -> dict[str, list[int]]:
        return _lengths(self._words, -1)

    def ends(self, text: str, start: int) -> list[int]:
        """This function will give where the words end that begin at a place."""
        lengths = self._from.get(text[start : start + 1], ())
        return [start + n for n in lengths if text[start : start + n] in self._words and start + n <= len(text)]

    def starts(self, text: str, end: int) -> list[int]:
        """This function will give where the words begin that end at a place."""
        lengths = self._up_to.get(text[end - 1 : end], ())
        return [end - n for n in lengths if n <= end and text[end - n : end] in self._words]

    def begin(self, text: str, start: int) -> bool:
        """This function will tell whether a word begins at a place."""
        return bool(self.ends(text, start))

    def end(self, text: str, end: int) -> bool:
        """This function will tell whether a word ends at a place."""
        return bool(self.starts(text, end))

    def last(self, text: str) -> int:
        """This function will give where the longest word begins that a text ends in; its end where it ends in none."""
        return (self.starts(text, len(text)) or [len(text)])[0]

    def without(self, text: str) -> str:
        """This function will take these words out of a text, from its beginning on."""
        left, at = [], 0
        while at < len(text):
            ends = self.ends(text, at)
            if not ends:
                left.append(text[at])
            at = ends[0] if ends else at + 1
        return "".join(left)


def _lengths(words: frozenset[str], sign: int) -> dict[str, list[int]]:
    """The lengths of the words that have the same first or last sign, the longest first."""
    found: dict[str, list[int]] = {}
    for length in sorted({*map(len, words)}, reverse=True):
        for by in {word[sign] for word in words if len(word) == length}:
            found.setdefault(by, []).append(length)
    return found
