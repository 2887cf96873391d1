"""How much two tasks speak of the same: pairs of characters that they share, the rare ones weighing more."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

_PLAIN = re.compile(r"[^\u4e00-\u9fff0-9A-Za-z]+")


def scores(tasks: Sequence[str], others: Sequence[str]) -> list[list[float]]:
    """This function will give, for each of the tasks, its likeness to each of the others, from 0 to 1."""
    pairs = [_pairs(text) for text in (*tasks, *others)]
    spread = Counter(pair for found in pairs for pair in found)
    weights = {pair: math.log((1 + len(pairs)) / n) for pair, n in spread.items()}
    vectors = [{pair: math.sqrt(n) * weights[pair] for pair, n in found.items()} for found in pairs]
    return [[_cosine(one, other) for other in vectors[len(tasks) :]] for one in vectors[: len(tasks)]]


def _pairs(text: str) -> Counter[str]:
    pieces = _PLAIN.split(text)
    return Counter(piece[at : at + 2] for piece in pieces for at in range(len(piece) - 1))


def _cosine(one: dict[str, float], other: dict[str, float]) -> float:
    shared = sum(weight * other[pair] for pair, weight in one.items() if pair in other)
    length = math.sqrt(sum(w * w for w in one.values()) * sum(w * w for w in other.values()))
    return shared / length if length else 0.0
