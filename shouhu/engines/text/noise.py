"""Variants of a text for training: other numbers, clauses left out, slips, scanner's errors; drawn from a seed, always the same."""

from __future__ import annotations

import re
from functools import cache
from random import Random

from shouhu.engines.text.taxonomy import read_yaml

_CLAUSE = re.compile(r"[^，。！？；,!?;\n]+[，。！？；,!?;\n]*")
_MARKS = re.compile(r"[，。！？；：、,!?;:\s]+")
_DIGIT = re.compile(r"\d")
_WIDE = {ord(str(n)): 0xFF10 + n for n in range(10)} | {ord(","): 0xFF0C, ord(":"): 0xFF1A, ord("("): 0xFF08}
_NARROW = str.maketrans("，。！？：；（）", ",.!?:;()")
_FEWEST_CLAUSES = 3


def vary(text: str, draw: Random) -> str:
    """
    This function will write a text another way that means the same.

    :param draw: where the choices come from; the same state gives the same variant.
    """
    varied = _digits(text, draw) if draw.random() < 0.8 else text
    if draw.random() < 0.5:
        varied = _clauses(varied, draw)
    varied = _swap(varied, "synonyms", 0.5, draw)
    if draw.random() < 0.6:
        varied = _swap(varied, "homophones", 0.4, draw)
    if draw.random() < 0.2:
        varied = _swap(varied, "scanned", 0.3, draw)
    if draw.random() < 0.25:
        varied = _lose(varied, draw)
    if draw.random() < 0.3:
        varied = _MARKS.sub(lambda _: draw.choice(("", "", " ", "，")), varied)
    elif draw.random() < 0.3:
        varied = varied.translate(_WIDE if draw.random() < 0.5 else _NARROW)
    return varied or text


def _digits(text: str, draw: Random) -> str:
    return _DIGIT.sub(
        lambda digit: digit[0] if digit[0] == "0" or draw.random() < 0.4 else str(draw.randint(1, 9)), text
    )


def _clauses(text: str, draw: Random) -> str:
    clauses = _CLAUSE.findall(text)
    if len(clauses) < _FEWEST_CLAUSES:
        return text
    kept = [clause for clause in clauses if draw.random() < 0.8] or clauses
    if draw.random() < 0.3:
        place = draw.randrange(len(kept))
        kept = kept[place:] + kept[:place]
    return "".join(kept)


def _swap(text: str, kind: str, share: float, draw: Random) -> str:
    pattern, others = _words(kind)
    return pattern.sub(lambda word: draw.choice(others[word[0]]) if draw.random() < share else word[0], text)


def _lose(text: str, draw: Random) -> str:
    return "".join(character for character in text if draw.random() > 0.04)


@cache
def _words(kind: str) -> tuple[re.Pattern[str], dict[str, list[str]]]:
    # Only the first of a line is searched for where the others are slips; synonyms go either way.
    others: dict[str, list[str]] = {}
    for line in read_yaml("noise.yaml")[kind]:
        for word in line if kind == "synonyms" else line[:1]:
            others.setdefault(word, [other for other in line if other != word])
    longest_first = sorted(others, key=lambda word: (-len(word), word))
    return re.compile("|".join(map(re.escape, longest_first))), others
