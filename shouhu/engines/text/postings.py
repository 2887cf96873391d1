"""An inverted table in three arrays: which texts have which feature, and how often."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

Keys = np.ndarray[Any, np.dtype[np.uint64]]
Slots = np.ndarray[Any, np.dtype[np.uint32]]
Counts = np.ndarray[Any, np.dtype[np.uint8]]
Places = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]

PORTION = 65_536
"""Keys that are worked at once."""


@dataclass(frozen=True, slots=True)
class Postings:
    """
    Texts by feature; never changed, so readers need no lock.

    ``keys`` are sorted and distinct; those of ``keys[i]`` stand at ``starts[i]`` to ``starts[i + 1]`` of ``slots`` (the
    number of the text) and ``counts`` (how often it has the feature, 255 meaning at least that).
    """

    keys: Keys
    starts: Places
    slots: Slots
    counts: Counts

    @classmethod
    def none(cls) -> Postings:
        """This function will give the table of no texts."""
        return cls(np.empty(0, np.uint64), np.zeros(1, np.int64), np.empty(0, np.uint32), np.empty(0, np.uint8))

    @property
    def sizes(self) -> Places:
        """This function will give how many texts have each key."""
        return np.diff(self.starts)

    @property
    def nbytes(self) -> int:
        """This function will give the bytes that the arrays take."""
        return sum(part.nbytes for part in (self.keys, self.starts, self.slots, self.counts))

    def joined(self, keys: Keys, slots: Slots, counts: Counts) -> Postings:
        """This function will give the table with more postings: a key, a text and a count each, in any order."""
        order = np.argsort(keys, kind="stable")
        keys = keys[order]
        at = self.starts[np.searchsorted(self.keys, keys, "right")]
        fresh, n = np.unique(keys, return_counts=True)
        union = np.union1d(self.keys, fresh)
        starts = np.zeros(len(union) + 1, np.int64)
        starts[np.searchsorted(union, self.keys) + 1] = self.sizes
        starts[np.searchsorted(union, fresh) + 1] += n
        return Postings(
            union,
            np.cumsum(starts),
            np.insert(self.slots, at, slots[order]),
            np.insert(self.counts, at, counts[order]),
        )

    def loose(self) -> tuple[Keys, Slots, Counts]:
        """This function will give all postings as ``joined`` takes them."""
        return np.repeat(self.keys, self.sizes), self.slots, self.counts

    def squares(self, weights: Floats, often: Floats, n_texts: int) -> Floats:
        """
        This function will give the squared length of every text.

        :param weights: of each key. :param often: the factor of each count, 0 to 255.
        """
        sums = np.zeros(n_texts)
        for first in range(0, len(self.keys), PORTION):  # so that little memory is needed at once
            last = min(first + PORTION, len(self.keys))
            part = slice(self.starts[first], self.starts[last])
            each = np.repeat(weights[first:last], self.sizes[first:last]) * often[self.counts[part]]
            sums += np.bincount(self.slots[part], np.square(each), n_texts)
        return sums

    def kept(self, alive: Mask) -> Postings:
        """This function will give the table of those texts alone that are alive, numbered anew in their order."""
        stays = alive[self.slots]
        ends = np.concatenate(([0], np.cumsum(stays)))[self.starts]
        used = np.diff(ends) > 0
        numbers = (np.cumsum(alive) - 1).astype(np.uint32)
        starts = np.concatenate((ends[:1], ends[1:][used]))
        return Postings(self.keys[used], starts, numbers[self.slots[stays]], self.counts[stays])

    def n_texts(self, keys: Keys) -> Places:
        """This function will give how many texts have each of these keys, in any order."""
        return self._found(keys)[1]

    def of(self, keys: Keys) -> tuple[Places, Slots, Counts]:
        """This function will give the postings of some keys, each as the place of its key in ``keys``, text, count."""
        starts, sizes = self._found(keys)
        which = np.repeat(np.arange(len(keys)), sizes)
        at = np.arange(len(which)) + np.repeat(starts - (np.cumsum(sizes) - sizes), sizes)
        return which, self.slots[at], self.counts[at]

    def _found(self, keys: Keys) -> tuple[Places, Places]:
        """Where the postings of each key begin, and how many there are."""
        if not len(self.keys):
            return np.zeros(len(keys), np.int64), np.zeros(len(keys), np.int64)
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        known = self.keys[at] == keys
        return self.starts[at], np.where(known, self.starts[at + 1] - self.starts[at], 0)
