"""
Learning weights: softmax regression, several heads at once, by accelerated gradient descent.

Every step is plain arithmetic in a fixed order: no library for linear algebra, whose sums depend on the processor.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Doubles = NDArray[np.float64]
Floats = NDArray[np.float32]

DECAY = 1e-4
"""How strongly weights are drawn back to where they started, per unit of evidence."""
STEPS = 300
_POWER_STEPS = 20
_FINE = float(1 << 40)


@dataclass(frozen=True, eq=False)
class Lesson:
    """
    What is to be learnt: ``features`` (a row a text; the last column is 1 for all), ``wanted`` probabilities.

    ``heads`` are the columns of each head in ``wanted``; ``counts[h]`` is how much each row counts in head h.
    """

    features: csr_matrix
    wanted: Doubles
    heads: tuple[slice, ...]
    counts: tuple[Doubles, ...]


def learn(lesson: Lesson, start: Floats) -> Floats:
    """
    This function will find weights, one row a feature, near ``start`` and near what is wanted.

    :param start: the weights that the rules ask for; decay pulls towards them, except for the last row, the bias.
    """
    transposed = lesson.features.T.tocsr()
    decay = np.full((len(start), 1), DECAY, dtype=np.float32)
    decay[-1] = 0
    step = np.float32(1 / (_steepest(lesson, transposed) + DECAY))
    weights, ahead, momentum = start.copy(), start.copy(), 1.0
    for _ in range(STEPS):
        slope = transposed @ _surprise(lesson, lesson.features @ ahead) + decay * (ahead - start)
        moved = ahead - step * slope
        faster = (1 + (1 + 4 * momentum**2) ** 0.5) / 2
        ahead = moved + np.float32((momentum - 1) / faster) * (moved - weights)
        weights, momentum = moved, faster
    return weights


def _surprise(lesson: Lesson, found: Floats) -> Floats:
    """This function will say how far each answer is from what is wanted, weighted, as a mean over the rows."""
    scores = found.astype(np.float64)
    far = np.empty_like(found)
    for head, counts in zip(lesson.heads, lesson.counts, strict=True):
        raised = np.exp(scores[:, head] - scores[:, head].max(axis=1, keepdims=True))
        shares = raised / raised.sum(axis=1, keepdims=True)
        # Processors differ in the last bit of exp; what is rounded coarser than that is the same on all.
        shares = np.round(shares * _FINE) / _FINE
        far[:, head] = (shares - lesson.wanted[:, head]) * counts[:, None]
    return far


def _steepest(lesson: Lesson, transposed: csr_matrix) -> float:
    """This function will bound the curvature, so that steps are as long as is safe: power iteration, 10 % on top."""
    counts = np.max(lesson.counts, axis=0)
    vector = np.ones(lesson.features.shape[1], dtype=np.float32)
    counts = counts.astype(np.float32)
    length = 1.0
    for _ in range(_POWER_STEPS):
        vector = transposed @ (counts * (lesson.features @ vector))
        length = float(np.abs(vector).max())
        vector = vector / np.float32(length)
    return 0.55 * length
