"""Cross-validation: verdicts on texts by models that learnt neither from them nor from their near-duplicates or writers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from shouhu.engines.text.calibration import calibrated
from shouhu.engines.text.corpus import Example
from shouhu.engines.text.screening import Verdict, screen_many
from shouhu.engines.text.training import cross_fitted, folds


def by_near_duplicates(examples: Sequence[Example]) -> NDArray[np.int64]:
    """This function will deal texts into folds, near-duplicates together: what the engine does on texts like ours."""
    return folds(examples)


def by_writer(examples: Sequence[Example]) -> NDArray[np.int64]:
    """This function will make a fold of each writer's texts: what the engine does on the texts of somebody else."""
    writers = sorted({example.by for example in examples})
    return np.array([writers.index(example.by) for example in examples], dtype=np.int64)


def cross_validated(
    examples: Sequence[Example], fold_of: NDArray[np.int64], *, registers_given: bool = True
) -> list[Verdict]:
    """
    This function will judge each text by a model that was trained and calibrated on the other folds.

    Calibration uses scores of texts outside the fold, by models that did not learn from those texts.
    """
    parts = list(cross_fitted(examples, np.ones(len(examples)), fold_of))
    verdicts: dict[int, Verdict] = {}
    for model, outside, _, _ in parts:
        others = [part for part in parts if part[1] is not outside]
        seen = [examples[n] for part in others for n in part[1].tolist()]
        known, unknown = (np.concatenate([part[place] for part in others]) for place in (2, 3))
        ready = calibrated(model, seen, known, unknown)
        mine = [examples[n] for n in outside.tolist()]
        given = [example.register if registers_given else None for example in mine]
        found = screen_many([example.text for example in mine], given, model=ready)
        verdicts |= dict(zip(outside.tolist(), found, strict=True))
    return [verdicts[n] for n in range(len(examples))]
