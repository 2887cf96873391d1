"""
Which texts tell the same script? Nearest by cosine over single characters and pairs, and by what they name exactly.

The index lives in memory and keeps no text: features and named things are hashes under a key that the caller holds.
What comes out is a suggestion. Only a strong match may be linked without a person, and no match ever merges two texts.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from threading import Lock
from typing import Generic, TypeVar

import numpy as np

from shouhu.engines.text.entities import Entity
from shouhu.engines.text.normal import fold
from shouhu.engines.text.postings import Counts, Floats, Keys, Places, Postings, Slots

K = TypeVar("K", bound=Hashable)

TRACES = frozenset({"phone", "card", "id", "uscc", "url", "wechat", "qq"})
"""Kinds that belong to one hand: who shares one of them is in touch with the same people."""
NAMES = frozenset({"org", "person"})
"""Kinds that may coincide."""
VARIABLE = TRACES | {"amount", "date"}
"""Kinds that the same script fills in anew each time; in the text they count as one sign."""

ALIKE = 0.6
"""From this cosine on, two texts of some length tell the same script."""
TELLING = 30
"""Below so many distinct features a text is too short to be linked by its wording alone."""
RARE = 10
"""What more texts than this name is a hotline or an office, not a trace."""
SHORTEST_NUMBER = 7
"""110, 12345, 96110, 95588: shorter numbers belong to everybody."""
BY_TRACE, BY_NAME = 0.6, 0.1
"""How much of the doubt a shared rare trace, or anything else shared, takes away."""
COMMON, FEW, ASIDE = 0.2, 50, 0.05
"""
Features of more than this share of the texts (and of more than a few) cost half of the time. They are left aside where
they are at most this part of the question; in a wave of one script they are most of it.
"""
SETTLED = 32
"""The weights are worked out anew when one text in so many has come or gone."""
PORTION = 10_000
"""So many texts at most wait for the next question."""

_SIGN = "0"
_NUMBERS = re.compile(r"\d+")
_GAPS = re.compile(r"[\W_]+")
_OFTEN = 1 + np.log(np.maximum(np.arange(256), 1))
_OFTEN[0] = 0  # what is named counts nothing as wording
_MIX, _FINISH = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)


@dataclass(frozen=True, slots=True)
class Match(Generic[K]):
    """
    A text of the index beside the one that was asked about.

    ``score`` (0 to 1) orders the matches: the cosine of the wording, lifted by what both name. ``shared`` is what both name,
    as the asking text has it. ``strong`` means: may be linked without a person having looked.
    """

    id: K
    score: float
    cosine: float
    shared: tuple[Entity, ...]
    strong: bool


@dataclass(frozen=True, slots=True)
class _Features:
    keys: Keys
    counts: Counts


@dataclass(frozen=True, slots=True)
class _Shelf(Generic[K]):
    """All that a reader needs, never changed: a change puts another shelf in its place."""

    ids: list[K]
    """By number; later shelves append to the same list, beyond what this one counts."""
    lengths: Floats
    """Of the weighted features of each text; endless where the text was taken out, so that its cosine is 0."""
    n_features: Places
    settled: Postings
    """Most texts; how rare a feature is among them makes its weight."""
    recent: Postings
    """Those that came since, weighted alike."""
    n_settled: int

    @classmethod
    def empty(cls) -> _Shelf[K]:
        return cls([], np.empty(0), np.empty(0, np.int64), Postings.none(), Postings.none(), 0)

    def rarity(self, keys: Keys) -> Floats:
        """The weight of each feature: the logarithm of how many texts there are for each that has it."""
        return np.asarray(np.log1p((self.n_settled + 1) / (self.settled.n_texts(keys) + 1)))

    def named(self, key: np.uint64) -> Slots:
        """The texts that name a thing, without those taken out."""
        keys = np.array([key])
        slots = np.concatenate((self.settled.of(keys)[1], self.recent.of(keys)[1]))
        return slots[np.isfinite(self.lengths[slots])]

    def cosines(self, asked: _Features) -> Floats:
        """How near each text is; a little less where common features could be left aside."""
        rarity = self.rarity(asked.keys)
        weights = _OFTEN[asked.counts] * rarity
        squares = np.square(weights)
        weights *= rarity / (np.sqrt(squares.sum()) or 1)
        common = self.settled.n_texts(asked.keys) > max(self.n_settled * COMMON, FEW)
        used = ~common if squares[common].sum() <= ASIDE * squares.sum() else slice(None)
        keys, weights = asked.keys[used], weights[used]
        products = np.zeros(len(self.lengths))
        for part in (self.settled, self.recent):
            which, slots, counts = part.of(keys)
            products += np.bincount(slots, weights[which] * _OFTEN[counts], len(products))
        return products / self.lengths


class Index(Generic[K]):
    """
    Texts by hashes, in memory; ids are whatever the caller likes.

    Any number of threads may ask while others add and remove: askers read a shelf that nobody changes.
    """

    def __init__(self, key: bytes) -> None:
        """This function will open an empty index whose hashes nobody can tell without the key (16 to 64 bytes)."""
        if not 16 <= len(key) <= 64:
            raise ValueError("the key should have 16 to 64 bytes")
        self._key = key
        self._characters = _Secrets(key)
        self._lock = Lock()
        self._number: dict[K, int] = {}
        self._waiting: dict[K, _Features] = {}
        self._shelf: _Shelf[K] = _Shelf.empty()
        self._n_changed = 0

    def __len__(self) -> int:
        """This function will count the texts."""
        with self._lock:
            return len(self._number) + len(self._waiting)

    def __contains__(self, id: K) -> bool:
        """This function will say whether a text is there."""
        with self._lock:
            return id in self._number or id in self._waiting

    @property
    def nbytes(self) -> int:
        """This function will give the bytes of the arrays, without the ids."""
        shelf = self._current()
        return shelf.settled.nbytes + shelf.recent.nbytes + shelf.lengths.nbytes + shelf.n_features.nbytes

    def add(self, id: K, text: str, entities: Iterable[Entity]) -> None:
        """
        This function will take in a text, in place of the one that has the same id.

        Texts are shelved when the next question comes, so many in a row cost little.

        :param entities: what ``entities.find`` found in this text.
        """
        found = list(entities)
        wording = self._wording(text, found)
        named = np.fromiter({self._named(entity) for entity in found if entity.kind in TRACES | NAMES}, np.uint64)
        keys = np.concatenate((wording.keys, named))
        counts = np.concatenate((wording.counts, np.zeros(len(named), np.uint8)))
        with self._lock:
            self._take_out(id)
            self._waiting[id] = _Features(keys, counts)
            if len(self._waiting) >= PORTION:
                self._shelve()

    def remove(self, id: K) -> None:
        """This function will take a text out; one that is not there is no error."""
        with self._lock:
            self._take_out(id)

    def nearest(self, text: str, entities: Iterable[Entity], n: int = 10, *, but: K | None = None) -> list[Match[K]]:
        """
        This function will give the ``n`` texts nearest to a text, the nearest first.

        :param entities: what ``entities.find`` found in this text.
        :param but: the id of a text to leave out, as a rule the asking one.
        """
        shelf = self._current()
        found = list(entities)
        asked = self._wording(text, found)
        cosines = np.minimum(shelf.cosines(asked), 1.0)
        doubt, traced = 1 - cosines, np.zeros(len(cosines), np.bool_)
        shared: dict[int, list[Entity]] = {}
        for entity in _distinct(found):
            slots = shelf.named(self._named(entity))
            trace = _is_trace(entity) and len(slots) <= RARE
            doubt[slots] *= 1 - (BY_TRACE if trace else BY_NAME)
            traced[slots] |= trace
            for slot in slots.tolist():
                shared.setdefault(slot, []).append(entity)
        scores = 1 - doubt
        strong = traced | ((cosines >= ALIKE) & (shelf.n_features >= TELLING) & (len(asked.keys) >= TELLING))
        matches = [
            Match(shelf.ids[at], float(scores[at]), float(cosines[at]), tuple(shared.get(at, ())), bool(strong[at]))
            for at in _best(scores, n + 1)
        ]
        return [match for match in matches if match.id != but][:n]

    # --- features ------------------------------------------------------------------------------------------------------

    def _wording(self, text: str, entities: Sequence[Entity]) -> _Features:
        for entity in sorted(entities, key=lambda each: each.start, reverse=True):
            if entity.kind in VARIABLE:
                text = f"{text[: entity.start]}{_SIGN}{text[entity.end :]}"
        plain = _GAPS.sub(" ", _NUMBERS.sub(_SIGN, fold(text).text)).strip()
        if not plain:
            return _Features(np.empty(0, np.uint64), np.empty(0, np.uint8))
        ones = np.fromiter(map(self._characters.__getitem__, plain), np.uint64, len(plain))
        words = np.frombuffer(plain.encode("utf-32-le", "surrogatepass"), np.uint32) != ord(" ")
        pairs = ones[:-1] * _MIX + ones[1:]
        pairs ^= pairs >> np.uint64(29)
        pairs *= _FINISH
        keys, counts = np.unique(np.concatenate((ones[words], pairs[words[:-1] & words[1:]])), return_counts=True)
        return _Features(keys, np.minimum(counts, 255).astype(np.uint8))

    def _named(self, entity: Entity) -> np.uint64:
        content = f"{entity.kind} {entity.value}".encode("utf-8", "surrogatepass")
        return np.uint64(int.from_bytes(blake2b(content, digest_size=8, key=self._key, person=b"named").digest()))

    # --- shelves -------------------------------------------------------------------------------------------------------

    def _current(self) -> _Shelf[K]:
        if self._waiting:
            with self._lock:
                self._shelve()
        return self._shelf

    def _take_out(self, id: K) -> None:
        self._waiting.pop(id, None)
        if (number := self._number.pop(id, None)) is not None:
            shelf = self._shelf
            lengths = shelf.lengths.copy()
            lengths[number] = np.inf
            self._n_changed += 1
            self._shelf = replace(shelf, lengths=lengths)
            self._settle_if_due()

    def _shelve(self) -> None:
        """Moves what is waiting to the recent texts."""
        shelf, waiting = self._shelf, self._waiting
        if not waiting:
            return
        first = len(shelf.lengths)
        self._number.update((id, first + at) for at, id in enumerate(waiting))
        shelf.ids.extend(waiting)
        sizes = [len(features.keys) for features in waiting.values()]
        keys = np.concatenate([features.keys for features in waiting.values()])
        counts = np.concatenate([features.counts for features in waiting.values()])
        at = np.repeat(np.arange(len(waiting)), sizes)
        squares = np.bincount(at, np.square(_OFTEN[counts] * shelf.rarity(keys)), len(waiting)).astype(np.float64)
        self._shelf = _Shelf(
            shelf.ids,
            np.concatenate((shelf.lengths, _roots(squares))),
            np.concatenate((shelf.n_features, np.bincount(at, counts > 0, len(waiting)).astype(np.int64))),
            shelf.settled,
            shelf.recent.joined(keys, (at + first).astype(np.uint32), counts),
            shelf.n_settled,
        )
        self._waiting = {}  # only now: who finds nothing waiting reads the shelf
        self._n_changed += len(waiting)
        self._settle_if_due()

    def _settle_if_due(self) -> None:
        """Joins recent and settled texts, forgets those taken out, and weighs every feature anew."""
        shelf = self._shelf
        if self._n_changed * SETTLED < shelf.n_settled:
            return
        alive = np.isfinite(shelf.lengths)
        postings = shelf.settled.joined(*shelf.recent.loose()).kept(alive)
        ids = [id for id, stays in zip(shelf.ids, alive, strict=True) if stays]
        shelf = _Shelf(ids, shelf.lengths[alive], shelf.n_features[alive], postings, Postings.none(), len(ids))
        np.copyto(shelf.lengths, _roots(postings.squares(shelf.rarity(postings.keys), _OFTEN, len(ids))))
        self._number = {id: at for at, id in enumerate(ids)}
        self._shelf, self._n_changed = shelf, 0


class _Secrets(dict[str, int]):
    """A keyed hash for each character of the script, worked out when it is first met."""

    def __init__(self, key: bytes) -> None:
        super().__init__()
        self._key = key

    def __missing__(self, character: str) -> int:
        digest = blake2b(
            character.encode("utf-8", "surrogatepass"), digest_size=8, key=self._key, person=b"character"
        ).digest()
        self[character] = secret = int.from_bytes(digest)
        return secret


def _distinct(entities: Iterable[Entity]) -> list[Entity]:
    first: dict[tuple[str, object], Entity] = {}
    for entity in entities:
        if entity.kind in TRACES | NAMES:
            first.setdefault((entity.kind, entity.value), entity)
    return list(first.values())


def _is_trace(entity: Entity) -> bool:
    return entity.kind in TRACES and (entity.kind != "phone" or len(str(entity.value)) >= SHORTEST_NUMBER)


def _best(scores: Floats, n: int) -> list[int]:
    """The numbers of the highest scores, equal ones in the order in which they came, none of 0."""
    if n < len(scores):
        bound = np.partition(scores, len(scores) - n)[len(scores) - n]
        places = np.flatnonzero(scores >= bound)
    else:
        places = np.arange(len(scores))
    places = places[scores[places] > 0]
    ranked: list[int] = places[np.argsort(-scores[places], kind="stable")][:n].tolist()
    return ranked


def _roots(squares: Floats) -> Floats:
    """Lengths from their squares; a text without features is near to nothing, not to everything."""
    return np.asarray(np.sqrt(np.where(squares > 0, squares, 1)))
