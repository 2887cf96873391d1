"""Why: the rules that hold and the words that weighed most, marked in the text as it was written."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from shouhu.engines.text import rules
from shouhu.engines.text.features import Reading, rule_key
from shouhu.engines.text.model import NAMED, Model

_MOST_RULES = 6
_MOST_WORDS = 3
_TELLING = 0.35
"""A character belongs to the telling words if it weighs this much of the weightiest one."""
_SLIGHT = 0.02
_LONGEST = 14


@dataclass(frozen=True, slots=True)
class Reason:
    """
    One reason: what it says, where (``text[start:end]`` of the original), its weight (above 0 speaks for fraud).

    ``rule`` is the rule's id; None when the words were learnt from texts.
    """

    says: str
    start: int
    end: int
    weight: float
    rule: str | None


def reasons(reading: Reading, model: Model, suspected: list[bool]) -> list[tuple[Reason, ...]]:
    """
    This function will give the reasons for each text of a batch, rules first, each kind by weight.

    :param suspected: whether the words that speak for fraud are asked for, or those that speak against it.
    """
    leaning = _leaning(model)
    weights = _weights(reading, model, leaning)
    return [
        (*_of_rules(reading, model, leaning, text), *_of_words(reading, weights, text, 1 if fraud else -1))
        for text, fraud in enumerate(suspected)
    ]


@lru_cache(maxsize=4)
def _leaning(model: Model) -> NDArray[np.float32]:
    """This function will say how much each feature speaks for fraud rather than against it."""
    leaning: NDArray[np.float32] = model.wide[:, 0] - model.wide[:, 1]
    return leaning


def _of_rules(reading: Reading, model: Model, leaning: NDArray[np.float32], text: int) -> list[Reason]:
    found = []
    book = rules.book().rules
    keys = np.array([rule_key(book[hit.number], quoted=hit.quoted) for hit in reading.hits[text]], dtype=np.uint32)
    for hit, place in zip(reading.hits[text], model.places(keys).tolist(), strict=True):
        rule = book[hit.number]
        weight = float(leaning[place]) * NAMED if place >= 0 else 0.0
        start, end = reading.squeezed.span(text, hit.start, hit.end)
        says = f"（引述）{rule.says}" if hit.quoted else rule.says
        found.append(Reason(says, start, end, weight, rule.id))
    return sorted(found, key=lambda reason: -abs(reason.weight))[:_MOST_RULES]


def _weights(reading: Reading, model: Model, leaning: NDArray[np.float32]) -> NDArray[np.float64]:
    """This function will spread the weight of every known run evenly over its characters."""
    grams, squeezed = reading.grams, reading.squeezed
    characters = len(squeezed.codes)
    places = model.places(grams.keys)
    known = places >= 0
    at, long = grams.at[known], grams.long[known]
    run = model.counts[places[known]]
    share = leaning[places[known]] * run / long
    weights = np.zeros(characters)
    for offset in range(int(long.max(initial=0))):
        reached = long > offset
        weights += np.bincount(at[reached] + offset, weights=share[reached], minlength=characters)
    squares = np.bincount(squeezed.owner[at], weights=run * run, minlength=len(reading.names))
    spread: NDArray[np.float64] = weights / np.sqrt(np.maximum(squares, 1))[squeezed.owner]
    return spread


def _of_words(reading: Reading, weights: NDArray[np.float64], text: int, sign: int) -> list[Reason]:
    starts = reading.squeezed.starts
    mine = weights[starts[text] : starts[text + 1]] * sign
    if not len(mine) or (heaviest := float(mine.max())) < _SLIGHT:
        return []
    telling = np.concatenate(([False], mine >= heaviest * _TELLING, [False]))
    edges = np.flatnonzero(telling[1:] != telling[:-1]).reshape(-1, 2)
    runs = sorted(((float(mine[a:b].sum()), int(a), int(b)) for a, b in edges.tolist() if b - a > 1), reverse=True)
    found = []
    for weight, a, b in runs[:_MOST_WORDS]:
        words = reading.squeezed.texts[text][a:b]
        if not any(map(str.isalpha, words)):
            continue  # a number speaks neither for nor against
        shown = words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"
        says = f"“{shown}”多见于{'诈骗' if sign > 0 else '正常内容'}"
        found.append(Reason(says, *reading.squeezed.span(text, a, b), weight * sign, None))
    return found
