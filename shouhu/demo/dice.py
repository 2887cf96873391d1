"""Drawing by lot, the same on every machine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Draws made of ``Random.random()`` alone, the one method whose sequence Python promises to keep for a seed."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed).random

    def chance(self, share: float) -> bool:
        """This function will say yes in ``share`` (0 to 1) of all calls."""
        return self._random() < share

    def between(self, low: int, high: int, step: int = 1) -> int:
        """This function will give low, low + step, … or at most high."""
        return low + step * int(self._random() * ((high - low) // step + 1))

    def pick(self, things: Sequence[T]) -> T:
        """This function will give one of the things."""
        return things[int(self._random() * len(things))]

    def shuffled(self, things: Iterable[T]) -> list[T]:
        """This function will give the things in an order drawn by lot."""
        return [thing for _, _, thing in sorted((self._random(), place, thing) for place, thing in enumerate(things))]
