"""
The model: one weight a feature and answer, added up and turned into calibrated probabilities; numpy only.

Its file holds the weights as half-precision numbers, the sounds of characters, the calibration for each register and
what it was made from. ``from_rules`` gives the same without training: the rules' own weights and nothing else.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shouhu.engines.text import rules
from shouhu.engines.text.features import VERSION, Reading, rule_key
from shouhu.engines.text.taxonomy import codes, registers

HEADS = ("fraud", "guise", "scheme", "urgent")
NAMED = 0.12
"""How much a feature with a name counts; the runs of a text together have length one."""
_SLOTS = 1 << 20
_MADE_AT = (1980, 1, 1, 0, 0, 0)  # the same for all, so that the same weights are the same file

Floats = NDArray[np.float32]


class BadModel(Exception):
    """A model file that may not be used; ``str()`` says why, in Chinese."""


def columns() -> tuple[tuple[str, str], ...]:
    """This function will give (axis, code) of each column of the weights."""
    return tuple((head, code) for head in HEADS for code in head_codes(head))


def head_codes(head: str) -> tuple[str, ...]:
    """This function will give the codes that a head chooses from."""
    return (*codes(head), "no") if head == "urgent" else codes(head)


@cache
def head_slice(head: str) -> slice:
    """This function will give the columns of a head."""
    axes = [axis for axis, _ in columns()]
    return slice(axes.index(head), axes.index(head) + axes.count(head))


@dataclass(frozen=True, eq=False)
class Model:
    """
    ``weights[i]`` are those of the feature ``keys[i]``, ascending; all other features are not looked at. ``rarity[i]``
    is how much that run of characters counts beside the others of a text: the fewer texts hold it, the more.

    ``calibration[r]`` turns the evidence for fraud in register r (last row: register not known) into log-odds: slope
    and shift; ``cooling`` divides the scores of each head; ``band`` are the probabilities of fraud up to which the
    answer is no and from which it is yes: between them a person decides.
    """

    keys: NDArray[np.uint32]
    rarity: NDArray[np.float16]
    weights: NDArray[np.float16]
    bias: Floats
    calibration: Floats
    cooling: Floats
    band: Floats
    sounds: NDArray[np.uint16]
    made_from: str

    @cached_property
    def _table(self) -> NDArray[np.int32]:
        table = np.full(_SLOTS, -1, dtype=np.int32)
        table[self.keys & np.uint32(_SLOTS - 1)] = np.arange(len(self.keys), dtype=np.int32)
        return table

    @cached_property
    def wide(self) -> Floats:
        """The weights as numbers that are quick to add."""
        return self.weights.astype(np.float32)

    @cached_property
    def counts(self) -> Floats:
        """``rarity`` as numbers that are quick to multiply."""
        return self.rarity.astype(np.float32)

    def places(self, keys: NDArray[np.uint32]) -> NDArray[np.int32]:
        """This function will give the row of each key, -1 where the model does not know it."""
        found = self._table[keys & np.uint32(_SLOTS - 1)]
        return np.where(self.keys[found] == keys, found, np.int32(-1)) if len(self.keys) else found

    def rows(self, reading: Reading) -> tuple[NDArray[np.int64], NDArray[np.int32], Floats]:
        """This function will give the features of a batch as (text, row of the weights, value), ordered by text."""
        texts = len(reading.names)
        grams = self.places(reading.grams.keys)
        known = grams >= 0
        owner = reading.squeezed.owner[reading.grams.at[known]].astype(np.int64)
        once = np.sort(owner * len(self.keys) + grams[known])
        once = once[np.diff(once, prepend=-1) != 0]  # np.unique, which would load numpy.ma
        owner, row = np.divmod(once, len(self.keys)) if len(once) else (once, once)
        run = self.counts[row]
        length = np.sqrt(np.bincount(owner, weights=run * run, minlength=texts)).astype(np.float32)
        counts = np.array([len(names) for names in reading.names])
        named_owner = np.repeat(np.arange(texts), counts)
        named = self.places(np.array([k for names in reading.names for k in names], dtype=np.uint32))
        named_owner, named = named_owner[named >= 0], named[named >= 0]
        value = np.concatenate((run / length[owner], np.full(len(named), NAMED, dtype=np.float32)))
        both, places = np.concatenate((owner, named_owner)), np.concatenate((row.astype(np.int32), named))
        order = np.argsort(both, kind="stable")
        return both[order], places[order], value[order].astype(np.float32)

    def scores(self, reading: Reading) -> Floats:
        """This function will add up the weights: one row a text, one column an answer."""
        owner, row, value = self.rows(reading)
        scores = np.repeat(self.bias[None, :], len(reading.names), axis=0)
        if len(owner):
            first = np.flatnonzero(np.concatenate(([True], owner[1:] != owner[:-1])))
            scores[owner[first]] += np.add.reduceat(self.wide[row] * value[:, None], first, axis=0)
        return scores

    def probabilities(self, scores: Floats, texts_in: Sequence[str | None]) -> Judged:
        """This function will turn scores into probabilities, calibrated for the register of each text."""
        order = list(registers())
        which = [order.index(register) if register in order else len(order) for register in texts_in]
        slope, shift = self.calibration[which].T
        fraud = scores[:, head_slice("fraud")]
        told = 1 / (1 + np.exp(-(slope * (fraud[:, 0] - fraud[:, 1]) + shift)))
        cooled = {head: scores[:, head_slice(head)] / self.cooling[n] for n, head in enumerate(HEADS)}
        unclear = softmax(cooled["fraud"])[:, 2]
        types = {}
        for head in ("guise", "scheme"):
            types[head] = softmax(cooled[head]) * (unclear + (1 - unclear) * told)[:, None]
            types[head][:, -1] += (1 - unclear) * (1 - told)  # honest texts have no type
        return Judged(told, unclear, types["guise"], types["scheme"], softmax(cooled["urgent"])[:, 0])

    def to_bytes(self) -> bytes:
        """This function will write the model: the same bytes for the same weights, on every machine."""
        made_from = np.frombuffer(self.made_from.encode(), dtype=np.uint8)
        arrays = {"version": np.array([VERSION]), "made_from": made_from}
        arrays |= {name: getattr(self, name) for name in _ARRAYS}
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
            for name, array in arrays.items():
                content = io.BytesIO()
                np.lib.format.write_array(content, array, version=(1, 0), allow_pickle=False)
                entry = zipfile.ZipInfo(f"{name}.npy", _MADE_AT)
                entry.create_system = 3  # whatever the system really is
                archive.writestr(entry, content.getvalue())
        return out.getvalue()


@dataclass(frozen=True, eq=False)
class Judged:
    """
    Probabilities, one row a text.

    ``fraud`` is that of fraud if it can be told at all, ``unclear`` that it cannot; ``guise``, ``scheme`` over their codes.
    """

    fraud: Floats
    unclear: Floats
    guise: Floats
    scheme: Floats
    urgent: Floats


_ARRAYS = ("keys", "rarity", "weights", "bias", "calibration", "cooling", "band", "sounds")


def softmax(scores: Floats) -> Floats:
    """This function will turn the scores of one head into probabilities, row by row."""
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Floats = raised / raised.sum(axis=1, keepdims=True)
    return shares


def load(path: Path | None = None) -> Model:
    """
    This function will read a model.

    :param path: the office's own, the shipped one when None.
    :raises BadModel: no model, or one for other rules or another version of this software.
    """
    try:
        content = (files(__package__) / "weights.npz").read_bytes() if path is None else path.read_bytes()
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            version, made_from = int(arrays["version"][0]), arrays["made_from"].tobytes().decode()
            model = Model(**{name: arrays[name] for name in _ARRAYS}, made_from=made_from)
    except OSError as error:
        raise BadModel(f"读不到模型文件：{path or 'weights.npz'}") from error
    except (ValueError, KeyError, IndexError, EOFError, UnicodeDecodeError, zipfile.BadZipFile) as error:
        raise BadModel(f"不是本软件的模型文件：{path or 'weights.npz'}") from error
    if version != VERSION or model.weights.shape != (len(model.keys), len(columns())):
        raise BadModel("模型文件是另一版本的软件训练的，请重新训练")
    if rules.sha256() not in made_from:
        raise BadModel("模型文件是按另一套规则训练的，请重新训练")
    return model


def prior(keys: NDArray[np.uint32]) -> Floats:
    """
    This function will give the weights that the rules themselves ask for, one row a key.

    A quoted sign says nothing for fraud; training starts here, so a rule that no text shows keeps what it was given.
    """
    row_of = {int(known): row for row, known in enumerate(keys)}
    column_of = {column: place for place, column in enumerate(columns())}
    weights = np.zeros((len(keys), len(column_of)), dtype=np.float32)
    for rule in rules.book().rules:
        for quoted in (False, True):
            row = row_of.get(rule_key(rule, quoted=quoted))
            for vote in rule.votes if row is not None else ():
                if not (quoted and vote[0] in ("fraud", "urgent")):
                    weights[row, column_of[vote]] += rule.weight / NAMED
    return weights


def distinct(keys: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """This function will sort keys; of those that would share a place in the table the first given is kept."""
    _, first = np.unique(keys & np.uint32(_SLOTS - 1), return_index=True)
    return np.sort(keys[first])


_BY_HAND = {
    ("fraud", "unclear"): 0.3, ("fraud", "no"): 0.7, ("guise", "none"): 0.7, ("scheme", "none"): 0.7, ("urgent", "no"): 2.0,
}  # fmt: skip


def from_rules() -> Model:
    """This function will give the model without any training: rules only, calibrated by hand."""
    keys = distinct(
        np.array([rule_key(rule, quoted=q) for rule in rules.book().rules for q in (False, True)], dtype=np.uint32)
    )
    bias = np.zeros(len(columns()), dtype=np.float32)
    for vote, weight in _BY_HAND.items():
        bias[columns().index(vote)] = weight
    return Model(
        keys=keys, rarity=np.ones(len(keys), dtype=np.float16), weights=prior(keys).astype(np.float16), bias=bias,
        calibration=np.tile(np.array([1.0, 0.0], dtype=np.float32), (len(registers()) + 1, 1)),
        cooling=np.ones(len(HEADS), dtype=np.float32), band=np.array([0.3, 0.75], dtype=np.float32),
        sounds=np.zeros(0x10000, dtype=np.uint16), made_from=rules.sha256(),
    )  # fmt: skip
