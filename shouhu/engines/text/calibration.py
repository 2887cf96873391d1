"""Calibration: from scores for unseen texts to probabilities that can be believed, and the band of doubt between no and yes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from shouhu.engines.text.corpus import Example
from shouhu.engines.text.model import HEADS, Floats, Model, head_codes, head_slice, softmax
from shouhu.engines.text.taxonomy import NONE, registers

Doubles = NDArray[np.float64]

MISSED = 0.02
"""Of the texts on fraud, the share that may be answered with no."""
FALSE_ALARMS = 0.02
"""Of the honest texts, the share that may be answered with yes."""
_TRUST = 25.0
"""A register's own calibration counts as much as this many of its texts pull it away from that of all."""
_COOLING = np.geomspace(0.25, 4.0, 81)
_ROUNDS = 30


def calibrated(model: Model, examples: Sequence[Example], known: Floats, unknown: Floats) -> Model:
    """
    This function will calibrate a model.

    :param known: scores of the examples by models that did not learn from them, register given; ``unknown`` not given.
    """
    told = np.array([example.fraud != "unclear" for example in examples])
    fraud = np.array([example.fraud == "yes" for example in examples], dtype=np.float64)
    evidence = [_evidence(scores) for scores in (known, unknown)]
    of_all = _logistic(evidence[0][told], fraud[told], np.array([1.0, 0.0]), pull=1e-3)
    lines = []
    for register in registers():
        mine = told & np.array([example.register == register for example in examples])
        lines.append(_logistic(evidence[0][mine], fraud[mine], of_all, pull=_TRUST))
    lines.append(_logistic(evidence[1][told], fraud[told], of_all, pull=1e-3))
    cooling = np.array([_cooling(head, examples, known) for head in HEADS], dtype=np.float32)
    model = replace(model, calibration=np.array(lines, dtype=np.float32), cooling=cooling)
    return replace(model, band=_band(model, examples, known, unknown))


def _evidence(scores: Floats) -> Doubles:
    fraud = scores[:, head_slice("fraud")].astype(np.float64)
    return np.asarray(fraud[:, 0] - fraud[:, 1])


def _logistic(evidence: Doubles, fraud: Doubles, start: Doubles, *, pull: float) -> Doubles:
    """This function will fit slope and shift by Newton's method, drawn towards ``start``."""
    line = start.astype(np.float64)
    inputs = np.stack([evidence, np.ones_like(evidence)], axis=1)
    for _ in range(_ROUNDS):
        chance = 1 / (1 + np.exp(-np.clip(inputs @ line, -30, 30)))
        slope = inputs.T @ (chance - fraud) + pull * (line - start)
        bend = (inputs * (chance * (1 - chance))[:, None]).T @ inputs + pull * np.eye(2)
        line = line - np.linalg.solve(bend, slope)
    # On 32 bits more would not be kept, and less than this is not the same on every processor.
    return np.round(np.array([max(line[0], 0.05), line[1]]), 4)


def _cooling(head: str, examples: Sequence[Example], scores: Floats) -> float:
    """This function will find by how much to divide a head's scores, so that its probabilities fit unseen texts best."""
    place = {code: number for number, code in enumerate(head_codes(head))}
    wanted, rows = [], []
    for number, example in enumerate(examples):
        if head == "fraud" or example.fraud == "yes":
            rows.append(number)
            wanted.append(place[answer(head, example)])
    if not rows:
        return 1.0
    mine = scores[rows][:, head_slice(head)]
    chosen = np.arange(len(rows)), np.array(wanted)
    losses = [-np.log(softmax(mine / np.float32(heat))[chosen] + 1e-9).mean() for heat in _COOLING]
    return float(_COOLING[int(np.argmin(losses))])


def answer(head: str, example: Example) -> str:
    """This function will give the right answer of a head for a labelled text: its code."""
    if head == "fraud":
        return example.fraud
    if head == "guise":
        return example.guise
    if head == "scheme":
        return example.schemes[0] if example.schemes else NONE
    return "yes" if example.urgent else "no"


def _band(model: Model, examples: Sequence[Example], known: Floats, unknown: Floats) -> Floats:
    """This function will place the band of doubt, as narrow as the two shares of error allow."""
    given = [example.register for example in examples]
    chance = np.concatenate(
        [
            model.probabilities(scores, texts_in).fraud
            for scores, texts_in in ((known, given), (unknown, [None] * len(given)))
        ]
    )
    of = np.array([example.fraud for example in examples] * 2)
    fraud, honest = np.sort(chance[of == "yes"]), np.sort(chance[of == "no"])
    if not len(fraud) or not len(honest):
        return np.array([0.1, 0.9], dtype=np.float32)
    low = float(fraud[int(len(fraud) * MISSED)])
    high = float(honest[int(np.ceil(len(honest) * (1 - FALSE_ALARMS))) - 1])
    middle = (low + high) / 2
    low, high = (low, high) if low < high else (middle, middle)
    return np.array([round(min(low, 0.5), 3) - 0.001, round(max(high, 0.5), 3) + 0.001], dtype=np.float32)
