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
    words = _of_words(reading, _weights(reading, model, leaning), np.where(suspected, 1.0, -1.0))
    return [(*ruled, *told) for ruled, told in zip(_of_rules(reading, model, leaning), words, strict=True)]


@lru_cache(maxsize=4)
def _leaning(model: Model) -> NDArray[np.float32]:
    """This function will say how much each feature speaks for fraud rather than against it."""
    leaning: NDArray[np.float32] = model.wide[:, 0] - model.wide[:, 1]
    return leaning


def _of_rules(reading: Reading, model: Model, leaning: NDArray[np.float32]) -> list[list[Reason]]:
    book = rules.book().rules
    hits = [(text, hit, book[hit.number]) for text, found in enumerate(reading.hits) for hit in found]
    places = model.places(np.array([rule_key(rule, quoted=hit.quoted) for _, hit, rule in hits], dtype=np.uint32))
    weights = np.where(places >= 0, leaning[places].astype(np.float64) * NAMED, 0.0)
    found: list[list[Reason]] = [[] for _ in reading.hits]
    for (text, hit, rule), weight in zip(hits, weights.tolist(), strict=True):
        start, end = reading.squeezed.span(text, hit.start, hit.end)
        says = f"（引述）{rule.says}" if hit.quoted else rule.says
        found[text].append(Reason(says, start, end, weight, rule.id))
    return [sorted(of_text, key=lambda reason: -abs(reason.weight))[:_MOST_RULES] for of_text in found]


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


def _of_words(reading: Reading, weights: NDArray[np.float64], signs: NDArray[np.float64]) -> list[list[Reason]]:
    owner, starts = reading.squeezed.owner, reading.squeezed.starts
    mine = weights * signs[owner]
    heaviest = np.zeros(len(signs))
    np.maximum.at(heaviest, owner, mine)
    telling = (mine >= heaviest[owner] * _TELLING) & (heaviest[owner] >= _SLIGHT)
    joined = telling[1:] & telling[:-1] & (owner[1:] == owner[:-1])
    begins = np.flatnonzero(telling & ~np.concatenate(([False], joined)))
    ends = np.flatnonzero(telling & ~np.concatenate((joined, [False]))) + 1
    runs: list[list[tuple[float, int, int]]] = [[] for _ in signs]
    for text, a, b in zip(owner[begins].tolist(), begins.tolist(), ends.tolist(), strict=True):
        if b - a > 1:
            runs[text].append((float(mine[a:b].sum()), a - int(starts[text]), b - int(starts[text])))
    return [
        [
            _told(reading, text, run, sign)
            for run in sorted(of_text, reverse=True)[:_MOST_WORDS]
            if _is_said(reading, text, run)
        ]
        for text, (of_text, sign) in enumerate(zip(runs, signs.tolist(), strict=True))
    ]


def _is_said(reading: Reading, text: int, run: tuple[float, int, int]) -> bool:
    """Whether there is a letter in a run of characters: a number speaks neither for nor against."""
    return any(map(str.isalpha, reading.squeezed.texts[text][run[1] : run[2]]))


def _told(reading: Reading, text: int, run: tuple[float, int, int], sign: float) -> Reason:
    weight, a, b = run
    words = reading.squeezed.texts[text][a:b]
    shown = words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"
    says = f"“{shown}”多见于{'诈骗' if sign > 0 else '正常内容'}"
    return Reason(says, *reading.squeezed.span(text, a, b), weight * sign, None)
