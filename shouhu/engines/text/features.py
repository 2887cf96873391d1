"""
What the model sees of a text: its runs of characters and of sounds, hashed; the rules that hold; what it names; its shape.

All texts of a batch are one array of characters, so that nothing here loops over characters.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from shouhu.engines.text import entities, rules
from shouhu.engines.text.entities import Entity
from shouhu.engines.text.normal import Folded, fold

VERSION = 2
"""Of how texts become features: a model trained with another one may not be used."""
RUNS = (1, 2, 3, 4)
SOUND_RUNS = (2, 3)
_PLANE = 0x10000
_LARGE = ((1_000, "百"), (10_000, "千"), (50_000, "万"), (200_000, "数万"), (1_000_000, "数十万"))

_ODD_ENDINGS = tuple(
    f".{ending}"
    for ending in [
        "top",
        "cyou",
        "shop",
        "xyz",
        "vip",
        "cc",
        "icu",
        "club",
        "site",
        "online",
        "fun",
        "live",
        "work",
        "buzz",
        "ink",
        "pw",
        "me",
        "win",
    ]
)
"""Ends of addresses that cost little and are seldom an office's."""

Codes = NDArray[np.uint32]
Whole = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Squeezed:
    """
    Texts without white space, punctuation and pictures, one after the other in ``codes``.

    ``owner`` says which text a character belongs to, ``at`` its place in the folded text, ``starts`` where texts begin.
    """

    folded: list[Folded]
    codes: Codes
    owner: Whole
    at: Whole
    starts: Whole
    texts: list[str]

    def span(self, text: int, start: int, end: int) -> tuple[int, int]:
        """This function will give the part of the original behind a part of a squeezed text."""
        first = int(self.starts[text])
        return self.folded[text].span(int(self.at[first + start]), int(self.at[first + end - 1]) + 1)


@dataclass(frozen=True, eq=False)
class Grams:
    """Hashed runs: ``keys[i]`` stands at character ``at[i]`` (counted over the batch) and is ``long[i]`` long."""

    keys: Codes
    at: Whole
    long: NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class Reading:
    """Everything read from a batch of texts before the model judges it."""

    squeezed: Squeezed
    grams: Grams
    hits: list[list[rules.Hit]]
    entities: list[list[Entity]]
    names: list[list[int]]
    """Keys of the features that have a name, a list a text: rules, kinds of entities, shape, register."""


def read(texts: Sequence[str], registers: Sequence[str | None], sounds: NDArray[np.uint16]) -> Reading:
    """
    This function will read a batch of texts.

    :param registers: one a text, None where it is not known.
    :param sounds: for each character of the first plane the number of its sound, 0 for none.
    """
    squeezed = squeeze(texts)
    hits = rules.book().find(squeezed.codes, squeezed.owner, squeezed.texts)
    named = [entities.find(folded) for folded in squeezed.folded]
    names = [
        [*_of_rules(found), *_of_entities(things), *_of_shape(folded.text), key(f"register {register}")]
        for found, things, folded, register in zip(hits, named, squeezed.folded, registers, strict=True)
    ]
    return Reading(squeezed, grams(squeezed, sounds), hits, named, names)


def squeeze(texts: Sequence[str]) -> Squeezed:
    """This function will fold texts and drop all but letters, digits and characters."""
    folded = [fold(text) for text in texts]
    joined = "\0".join(text.text for text in folded) + "\0"
    codes = np.frombuffer(joined.encode("utf-32-le", "replace"), dtype=np.uint32)
    ends = np.flatnonzero(codes == 0)
    if len(ends) != len(texts):  # a text that itself holds the sign between texts
        return squeeze([text.replace("\0", " ") for text in texts])
    begins = np.concatenate(([0], ends[:-1] + 1)).astype(np.int64)
    kept = np.flatnonzero(_kept()[np.minimum(codes, _PLANE - 1)] | _decimal_points(codes))
    owner = np.searchsorted(ends, kept).astype(np.int32)
    starts = np.searchsorted(owner, np.arange(len(texts) + 1)).astype(np.int32)
    squeezed = codes[kept]
    whole = squeezed.tobytes().decode("utf-32-le")
    cuts = starts.tolist()
    return Squeezed(
        folded, squeezed, owner, (kept - begins[owner]).astype(np.int32), starts,
        [whole[cuts[n] : cuts[n + 1]] for n in range(len(texts))],
    )  # fmt: skip


def grams(squeezed: Squeezed, sounds: NDArray[np.uint16]) -> Grams:
    """This function will hash every run of characters (digits alike) and of sounds of the batch."""
    digits = (squeezed.codes >= ord("0")) & (squeezed.codes <= ord("9"))
    characters = np.where(digits, np.uint32(ord("0")), squeezed.codes)
    heard = sounds[np.minimum(characters, _PLANE - 1)].astype(np.uint32)
    heard = np.where(heard == 0, characters, heard + np.uint32(_PLANE))
    keys, places, lengths = [], [], []
    for sequence, runs in ((characters, RUNS), (heard, SOUND_RUNS)):
        rolling = _mixed(sequence)
        for long in range(1, max(runs) + 1):
            if long > 1:
                rolling = rolling[:-1] * np.uint32(0x01000193) ^ _mixed(sequence[long - 1 :])
            if long not in runs:
                continue
            # A run may not reach over the end of its text.
            at = np.flatnonzero(squeezed.owner[: len(rolling)] == squeezed.owner[long - 1 :])
            keys.append(_mixed(rolling[at] + np.uint32(long)))
            places.append(at.astype(np.int32))
            lengths.append(np.full(len(at), long, dtype=np.int8))
    return Grams(np.concatenate(keys), np.concatenate(places), np.concatenate(lengths))


@cache
def key(name: str) -> int:
    """This function will give the key of a feature that has a name."""
    return zlib.crc32(name.encode())


def rule_key(rule: rules.Rule, *, quoted: bool) -> int:
    """This function will give the key of a rule that holds; quoting it in a warning is another thing than saying it."""
    return key(f"rule {rule.id}{' quoted' if quoted else ''}")


def _mixed(values: Codes) -> Codes:
    # The finishing steps of a well-known 32-bit hash: neighbours become far apart.
    mixed = values * np.uint32(0x9E3779B1)
    mixed = mixed ^ (mixed >> np.uint32(15))
    mixed = mixed * np.uint32(0x85EBCA77)
    return mixed ^ (mixed >> np.uint32(13))


@cache
def _kept() -> NDArray[np.bool_]:
    kept = np.zeros(_PLANE, dtype=np.bool_)
    for first, last in (("a", "z"), ("0", "9"), ("㐀", "鿿")):
        kept[ord(first) : ord(last) + 1] = True
    kept[[ord("%"), ord("+")]] = True
    return kept


def _decimal_points(codes: Codes) -> NDArray[np.bool_]:
    digits = (codes >= ord("0")) & (codes <= ord("9"))
    points: NDArray[np.bool_] = codes == ord(".")
    points[1:] &= digits[:-1]
    points[:-1] &= digits[1:]
    points[[0, -1]] = False
    return points


def _of_rules(hits: list[rules.Hit]) -> list[int]:
    book = rules.book().rules
    return [rule_key(book[hit.number], quoted=hit.quoted) for hit in hits]


def _of_entities(found: list[Entity]) -> list[int]:
    kinds: dict[str, int] = {}
    largest = 0.0
    for entity in found:
        kinds[entity.kind] = kinds.get(entity.kind, 0) + 1
        if entity.kind == "amount":
            largest = max(largest, float(entity.value))
        if entity.kind == "url":
            kinds["odd url" if str(entity.value).split("/")[0].endswith(_ODD_ENDINGS) else "usual url"] = 1
    names = [f"entity {kind} {'many' if count > 2 else count}" for kind, count in kinds.items()]
    if largest:
        size = next((name for limit, name in _LARGE if largest < limit), "更多")
        names.append(f"amount {size}")
    return [key(name) for name in names]


def _of_shape(folded: str) -> list[int]:
    names = [f"length {min(len(folded) // 40, 8)}"]
    names += [f"sign {sign}" for sign in ("【", "\n", "?", "!", "★", "http", "%") if sign in folded]
    return [key(name) for name in names]
