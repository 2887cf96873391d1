"""
Training: from labelled texts to the bytes of a model, the same bytes whenever the same texts, rules and code go in.

Each text is learnt as it is, without its register, and in variants; weights are drawn towards those of the rules.
Calibration and the band of doubt come from predictions for texts not learnt from. Needs the extra ``[train]``.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from random import Random
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from pypinyin.pinyin_dict import pinyin_dict

from shouhu.engines.text import rules
from shouhu.engines.text.calibration import answer, calibrated
from shouhu.engines.text.corpus import Example, groups
from shouhu.engines.text.features import VERSION, Reading, read, rule_key
from shouhu.engines.text.learning import Lesson, learn
from shouhu.engines.text.model import HEADS, Floats, Model, columns, distinct, head_slice, prior
from shouhu.engines.text.noise import vary
from shouhu.engines.text.taxonomy import registers

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

FOLDS = 3
VARIANTS = 1
OFFICE = 3.0
"""An office's own closed tip counts as much as this many of our texts."""
_SEED = 20221122
_SEEN_IN = 2
_MOST_KEYS = 60_000
_AT_ONCE = 512
_UNCLEAR = 0.5
_BROUGHT = 0.4
"""How much of its own weight a rule brings along, before any text speaks for it."""
_SECOND = 0.35
_HEAD_COUNTS = {"fraud": 1.0, "guise": 1.0, "scheme": 1.0, "urgent": 0.5}
_PLAIN = {"zh": "z", "ch": "c", "sh": "s", "ing": "in", "eng": "en"}

Doubles = NDArray[np.float64]


class TrainingUnavailable(Exception):
    """The extra for training is not installed; ``str()`` says how to get it, in Chinese."""


def train(ours: Sequence[Example], office: Sequence[Example] = ()) -> bytes:
    """
    This function will train a model and give the bytes of its file.

    :param ours: the texts of this software (``corpus.ours()``); ``office`` the closed tips of one's own.
    :raises TrainingUnavailable: scipy is missing.
    """
    examples = [*ours, *office]
    weights = np.array([1.0] * len(ours) + [OFFICE] * len(office))
    fold_of = folds(examples)
    unseen = [scores for _, _, *scores in cross_fitted(examples, weights, fold_of)]
    order = np.argsort(np.concatenate([np.flatnonzero(fold_of == fold) for fold in range(FOLDS)]))
    known, unknown = (np.concatenate([fold[place] for fold in unseen])[order] for place in (0, 1))
    return calibrated(fit(examples, weights), examples, known, unknown).to_bytes()


def cross_fitted(
    examples: Sequence[Example], weights: Doubles, fold_of: NDArray[np.int64]
) -> Iterator[tuple[Model, NDArray[np.int64], Floats, Floats]]:
    """This function will give for each fold: a model that did not learn it, its places, its scores with and without register."""
    for fold in sorted(set(fold_of.tolist())):
        inside, outside = np.flatnonzero(fold_of != fold), np.flatnonzero(fold_of == fold)
        model = fit([examples[n] for n in inside.tolist()], weights[inside])
        unseen = [examples[n] for n in outside.tolist()]
        yield model, outside, scores(model, unseen), scores(model, unseen, registers_given=False)


def folds(examples: Sequence[Example]) -> NDArray[np.int64]:
    """This function will deal texts into folds such that near-duplicates lie in the same one."""
    group = groups([example.text for example in examples])
    return np.array([_number(f"{_SEED} {examples[root].text}") % FOLDS for root in group.tolist()], dtype=np.int64)


def scores(model: Model, examples: Sequence[Example], *, registers_given: bool = True) -> Floats:
    """This function will score texts with a model, one row a text."""
    given = [example.register if registers_given else None for example in examples]
    texts = [example.text for example in examples]
    parts = [model.scores(reading) for reading in _readings(texts, given, model.sounds)]
    return np.concatenate([np.zeros((0, len(columns())), dtype=np.float32), *parts])


def fit(examples: Sequence[Example], weights: Doubles) -> Model:
    """
    This function will learn from labelled texts; the model is not calibrated yet.

    :param weights: how much each text counts.
    """
    heard = sounds()
    keys, rarity = _keys(examples, heard)
    texts, given, source, counts = _written_out(examples, weights)
    blank = Model(
        keys=keys, rarity=rarity, weights=np.zeros((len(keys), 0), dtype=np.float16), bias=np.zeros(len(columns()), dtype=np.float32),
        calibration=np.tile(np.array([1, 0], dtype=np.float32), (len(registers()) + 1, 1)),
        cooling=np.ones(len(HEADS), dtype=np.float32), band=np.array([0.1, 0.9], dtype=np.float32), sounds=heard,
        made_from=f"{rules.sha256()} {made_from(examples)}",
    )  # fmt: skip
    features = _matrix(blank, texts, given)
    wanted, head_counts = _wanted([examples[n] for n in source], counts)
    lesson = Lesson(features, wanted, tuple(head_slice(head) for head in HEADS), head_counts)
    start = np.concatenate([_BROUGHT * prior(keys), np.zeros((1, len(columns())), dtype=np.float32)])
    learnt = learn(lesson, start)
    return Model(
        **{name: getattr(blank, name) for name in ("keys", "rarity", "calibration", "cooling", "band", "sounds", "made_from")},
        weights=learnt[:-1].astype(np.float16), bias=learnt[-1],
    )  # fmt: skip


def made_from(examples: Sequence[Example]) -> str:
    """This function will give the hash of what a model is trained from besides the rules: texts, labels and this code."""
    digest = hashlib.sha256(f"{VERSION}\n".encode())
    for name in ("calibration", "features", "learning", "model", "noise", "training"):
        digest.update((files(__package__) / f"{name}.py").read_bytes().replace(b"\r\n", b"\n"))
    digest.update((files(__package__) / "noise.yaml").read_bytes().replace(b"\r\n", b"\n"))
    for example in examples:
        digest.update(repr(example).encode())
    return digest.hexdigest()


@cache
def sounds() -> NDArray[np.uint16]:
    """
    This function will number the sounds of characters: without tones, zh as z, ing as in, as southern typists mix them.

    0 is for what has no sound.
    """
    spoken = {}
    for code, readings in pinyin_dict.items():
        if code < 0x10000:
            letters = unicodedata.normalize("NFD", readings.split(",")[0])
            plain = "".join(letter for letter in letters if letter.isalpha())
            for accented, simple in _PLAIN.items():
                plain = plain.replace(accented, simple)
            spoken[code] = plain
    number = {sound: place for place, sound in enumerate(sorted(set(spoken.values())), 1)}
    table = np.zeros(0x10000, dtype=np.uint16)
    for code, sound in spoken.items():
        table[code] = number[sound]
    return table


def _readings(texts: Sequence[str], given: Sequence[str | None], heard: NDArray[np.uint16]) -> Iterator[Reading]:
    for start in range(0, len(texts), _AT_ONCE):
        yield read(texts[start : start + _AT_ONCE], given[start : start + _AT_ONCE], heard)


def _keys(examples: Sequence[Example], heard: NDArray[np.uint16]) -> tuple[NDArray[np.uint32], NDArray[np.float16]]:
    """
    This function will choose the features to learn: those met in several texts, the commonest first; all with a name.

    :returns: keys and their rarity.
    """
    runs, named = [], []
    given = [example.register for example in examples]
    for reading in _readings([example.text for example in examples], given, heard):
        owner = reading.squeezed.owner[reading.grams.at].astype(np.uint64)
        runs.append((np.unique(owner << np.uint64(32) | reading.grams.keys) & np.uint64(0xFFFFFFFF)).astype(np.uint32))
        named += [key for names in reading.names for key in names]
    keys, seen = np.unique(np.concatenate(runs), return_counts=True)
    often = np.argsort(-seen, kind="stable")[:_MOST_KEYS]
    chosen = keys[often[seen[often] >= _SEEN_IN]]
    named += [rule_key(rule, quoted=quoted) for rule in rules.book().rules for quoted in (False, True)]
    kept = distinct(np.concatenate([np.array(sorted(set(named)), dtype=np.uint32), chosen]))
    rarity = np.ones(len(kept), dtype=np.float16)
    _, places, runs_at = np.intersect1d(kept, keys, assume_unique=True, return_indices=True)
    rarity[places] = np.sqrt(np.log(1 + len(examples) / seen[runs_at]))
    return kept, rarity


def _written_out(
    examples: Sequence[Example], weights: Doubles
) -> tuple[list[str], list[str | None], list[int], Doubles]:
    """This function will write each text as it is, without register, and in variants: text, register, source, count."""
    texts: list[str] = []
    given: list[str | None] = []
    source: list[int] = []
    counts: list[float] = []
    for number, example in enumerate(examples):
        draw = Random(_number(example.text) ^ _SEED)
        ways = [(example.text, example.register, 1.0), (example.text, None, 0.5)]
        for _ in range(VARIANTS):
            ways.append((vary(example.text, draw), example.register if draw.random() < 0.5 else None, 0.5))
        for text, register, count in ways:
            texts.append(text)
            given.append(register)
            source.append(number)
            counts.append(count * weights[number])
    return texts, given, source, np.array(counts)


def _matrix(model: Model, texts: Sequence[str], given: Sequence[str | None]) -> csr_matrix:
    """This function will put the features of texts side by side: those with a key, and 1 for all."""
    try:
        from scipy.sparse import csr_matrix, hstack
    except ImportError as error:
        raise TrainingUnavailable("重新训练需要 scipy，请先安装：pip install 'shouhu[train]'") from error
    owners, rows, values, done = [], [], [], 0
    for reading in _readings(texts, given, model.sounds):
        owner, row, value = model.rows(reading)
        owners.append(owner + done)
        rows.append(row.astype(np.int64))
        values.append(value)
        done += len(reading.names)
    places = (np.concatenate(owners), np.concatenate(rows))
    keyed = csr_matrix((np.concatenate(values), places), shape=(done, len(model.keys)))
    ones = np.ones((done, 1), dtype=np.float32)
    return hstack([keyed, csr_matrix(ones)], format="csr")


def _wanted(examples: Sequence[Example], counts: Doubles) -> tuple[Doubles, tuple[Doubles, ...]]:
    """This function will give the wanted probabilities and how much each row counts in each head."""
    column_of = {column: place for place, column in enumerate(columns())}
    wanted = np.zeros((len(examples), len(column_of)))
    head_counts = []
    for head in HEADS:
        mine = counts.copy()
        right = np.array([column_of[head, answer(head, example)] for example in examples])
        wanted[np.arange(len(examples)), right] = 1
        for row, example in enumerate(examples):
            if head != "fraud":
                mine[row] *= {"yes": 1.0, "unclear": _UNCLEAR, "no": 0.0}[example.fraud]
            if head == "scheme" and len(example.schemes) > 1:
                second = column_of[head, example.schemes[1]]
                wanted[row, right[row]], wanted[row, second] = 1 - _SECOND, _SECOND
        if total := mine.sum():
            mine *= _HEAD_COUNTS[head] / total
        head_counts.append(mine)
    return wanted, tuple(head_counts)


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "replace")).digest()[:6], "big")
