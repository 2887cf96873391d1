"""A whole register at once: the same program over Polars columns, a bit a row; masks are packed at the end."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import add
from typing import Any

import polars as pl

from shouhu.engines.rules.expressions import Comparison, Flag
from shouhu.engines.rules.facts import Fact, declared
from shouhu.engines.rules.program import Function, Program, Step
from shouhu.engines.rules.record import aspect, fen
from shouhu.engines.rules.values import Approximate

NEGATION = "~{}"
ROWS_AT_ONCE = 1 << 19
_HIGH = "__high"


def table(columns: Mapping[str, Sequence[Any]], facts: Iterable[str]) -> pl.DataFrame:
    """
    This function will lay out columns of values as a typed table.

    Yes/no and names become booleans, choices and persons text, numbers two columns (``f`` and ``f__high``).
    """
    made: dict[str, pl.Series] = {}
    for name in facts:
        fact, values = declared()[name], columns[name]
        if fact.is_number:
            low, high = _bounds(values, money=fact.type == "money")
            made[name] = pl.Series(low, dtype=pl.Float64)
            made[name + _HIGH] = made[name] if high is low else pl.Series(high, dtype=pl.Float64)
        elif fact.type == "persons":
            made[name] = pl.Series([None if v is None else ",".join(v) for v in values], dtype=pl.String)
        elif fact.type == "names":
            made[name] = pl.Series([None if v is None else bool(v) for v in values], dtype=pl.Boolean)
        elif fact.type == "date":
            made[name] = pl.Series(values, dtype=pl.Date)
        else:
            made[name] = pl.Series(values, dtype=pl.Boolean if fact.type == "yes_no" else pl.String)
    return pl.DataFrame(made)


def _bounds(values: Sequence[Any], *, money: bool) -> tuple[list[float | None], list[float | None]]:
    scale = fen if money else float
    low = [None if v is None else scale(v.low if type(v) is Approximate else v) for v in values]
    if not any(type(v) is Approximate for v in values):
        return low, low
    return low, [None if v is None else scale(v.high if type(v) is Approximate else v) for v in values]


@dataclass(frozen=True)
class Frame:
    """
    A register settled for one program: per flag whether it is true and whether it is false, per number its closed bounds.

    Money is in fen; an unknown number is [0, infinity). No column holds nulls, not even the room for them: a boolean
    with a validity mask, be it full, takes three times as long to combine.
    """

    rows: int
    true: dict[str, pl.Series]
    false: dict[str, pl.Series]
    low: dict[str, pl.Series]
    high: dict[str, pl.Series]
    inexact: dict[str, pl.Series]
    known: dict[str, pl.Series]
    blank: dict[str, pl.Series]
    """Per fact that implies others: it has no answer."""

    def take(self, rows: Sequence[int]) -> Frame:
        """This function will keep some rows."""
        at = pl.Series(rows, dtype=pl.UInt32)

        def kept(part: dict[str, pl.Series]) -> dict[str, pl.Series]:
            return {name: series.gather(at) for name, series in part.items()}

        parts = (self.true, self.false, self.low, self.high, self.inexact, self.known, self.blank)
        return Frame(len(rows), *map(kept, parts))

    @property
    def columns(self) -> list[pl.Series]:
        """Every column that the facts are held in."""
        return [series for part in (self.true, self.false, self.low, self.high) for series in part.values()]


def needed(program: Program) -> tuple[str, ...]:
    """This function will name the facts that a table needs for a program: those used and those that imply used ones."""
    return (*program.questions, "surveyed_on")


def settle(raw: pl.DataFrame, program: Program, *, as_of: date | None) -> Frame:
    """This function will settle a table: drop expired answers, fill what given answers imply, bound what is unknown."""
    columns = {s.name: s for s in raw.get_columns()}
    if as_of is not None and raw["surveyed_on"].null_count() < len(raw):
        age = (pl.lit(as_of) - pl.col("surveyed_on")).dt.total_days()
        fresh = raw.select((age <= program.ruleset.answer_valid_days).fill_null(True)).to_series()
        if not fresh.all():
            for name in columns:
                if declared()[name.removesuffix(_HIGH)].expires:
                    nothing = pl.Series([None], dtype=columns[name].dtype).new_from_index(0, len(raw))
                    columns[name] = columns[name].zip_with(fresh, nothing)
    for fact in (f for f in declared().values() if f.implies and f.name in columns):
        for answer, implied in fact.implies.items():
            yes = columns[fact.name] if columns[fact.name].dtype == pl.Boolean else columns[fact.name] != ""
            given = (yes if answer else ~yes).fill_null(False)
            for name, value in implied.items():
                for column in (name, name + _HIGH) if name in columns else ():
                    if column in columns:
                        empty = given & columns[column].is_null()
                        columns[column] = columns[column].set(empty, value) if empty.any() else columns[column]
    blank = {name: columns[name].is_null() for name in program.questions if declared()[name].implies}
    frame = Frame(len(raw), {}, {}, {}, {}, {}, {}, blank)
    for name in program.facts:
        series = columns[name]
        frame.known[name] = series.is_not_null()
        if declared()[name].is_number:
            frame.low[name] = series.fill_null(0.0)
            frame.high[name] = columns[name + _HIGH].fill_null(float("inf"))
            frame.inexact[name] = frame.low[name] != frame.high[name]
    for flag in (atom for atom in program.atoms if isinstance(atom, Flag)):
        fact, series = declared()[flag.fact], columns[flag.fact]
        series = series if series.dtype == pl.Boolean else _aspect(series, fact, flag.name)
        frame.true[flag.name], frame.false[flag.name] = series.eq_missing(True), series.eq_missing(False)
    return frame


def _aspect(series: pl.Series, fact: Fact, name: str) -> pl.Series:
    """Read one aspect by way of the few different values that a column has."""
    values = series.drop_nulls().unique().to_list()
    read = {v: aspect(fact, name, tuple(filter(None, v.split(","))) if fact.type == "persons" else v) for v in values}
    return series.replace_strict(list(read), list(read.values()), default=None, return_dtype=pl.Boolean)


Group = Sequence[Step]
"""Steps whose bits are packed into one mask, the first into its lowest bit."""


@dataclass(frozen=True)
class Batch:
    """A program compiled for tables: groups of steps in, masks out."""

    program: Program
    groups: tuple[Group, ...]
    function: Function

    @classmethod
    def of(cls, program: Program, groups: Sequence[Group]) -> Batch:
        """This function will compile groups of steps for tables."""
        steps = [step for group in groups for step in group]
        return cls(program, tuple(groups), program.function(steps, negation=NEGATION))

    def run(self, frame: Frame, *, progress: Callable[[int], None] | None = None) -> list[list[pl.Series]]:
        """This function will evaluate a frame; for every group the words of its mask, lowest bits first."""
        starts = range(0, frame.rows, ROWS_AT_ONCE)
        with ThreadPoolExecutor(min(len(starts) or 1, os.cpu_count() or 1)) as pool:
            parts = []
            for start, part in zip(starts, pool.map(lambda at: self._part(frame, at), starts), strict=True):
                parts.append(part)
                if progress:
                    progress(min(start + ROWS_AT_ONCE, frame.rows))
        if not parts:
            return [pack([], 0) for _ in self.groups]
        return [
            [pl.concat([part[g][w] for part in parts]) for w in range(len(parts[0][g]))]
            for g in range(len(self.groups))
        ]

    def _part(self, frame: Frame, start: int) -> list[list[pl.Series]]:
        rows = min(ROWS_AT_ONCE, frame.rows - start)
        ones = pl.repeat(True, rows, dtype=pl.Boolean, eager=True)
        given = inputs(self.program, frame, start, rows, self.function.inputs)
        bits = iter(self.function.run(*given, ones, ~ones))
        return [pack([next(bits) for _ in group], rows) for group in self.groups]


def inputs(program: Program, frame: Frame, start: int, rows: int, names: Iterable[str]) -> list[pl.Series]:
    """This function will compute the named inputs of a program for some rows of a frame."""
    made: dict[str, pl.Series] = {}

    def number(side: Mapping[str, pl.Series], fact: str, factor: int) -> pl.Series:
        series = side[fact].slice(start, rows)
        return series if factor == 1 else series * float(factor)

    def rails(place: int) -> None:
        atom = program.atoms[place]
        if isinstance(atom, Flag):
            pair = frame.true[atom.name].slice(start, rows), frame.false[atom.name].slice(start, rows)
        else:
            pair = _compare(atom, frame, number)
        made[f"t{place}"], made[f"f{place}"] = pair

    for name in names:
        if name not in made:
            if name[0] in "tf":
                rails(int(name[1:]))
            else:
                part = frame.inexact if name.startswith("x_") else frame.known
                made[name] = part[name[2:]].slice(start, rows)
    return [made[name] for name in names]


def _compare(atom: Comparison, frame: Frame, number: Callable[..., pl.Series]) -> tuple[pl.Series, pl.Series]:
    """Compare the sum of the positive terms with that of the negative ones, at both ends of their bounds."""

    def total(side: Mapping[str, pl.Series], sign: int) -> Any:
        terms = [number(side, fact, abs(factor)) for fact, factor in atom.terms if factor * sign > 0]
        whole: Any = max(atom.constant * sign, 0)
        for term in terms:
            whole = term if isinstance(whole, int) and whole == 0 else term + whole
        return whole

    least, most = total(frame.low, 1), total(frame.high, 1)
    against_most, against_least = total(frame.high, -1), total(frame.low, -1)
    if atom.strict:
        return least > against_most, most <= against_least
    return least >= against_most, most < against_least


_BITS = tuple(pl.Series([1 << k], dtype=pl.UInt8) for k in range(8))
_NONE = pl.Series([0], dtype=pl.UInt8)


def pack(bits: Sequence[pl.Series], rows: int) -> list[pl.Series]:
    """
    This function will pack boolean columns into bytes, the first column into the lowest bit of the first byte.

    It chooses between two constants, since a cast from boolean takes thirty times as long.
    """
    packed = []
    for first in range(0, len(bits), 8):
        byte = _BITS[0].zip_with(bits[first], _NONE)
        for bit, column in zip(_BITS[1:], bits[first + 1 : first + 8], strict=False):
            byte = byte | bit.zip_with(column, _NONE)
        packed.append(byte)
    return packed or [pl.repeat(0, rows, dtype=pl.UInt8, eager=True)]


def whole(mask: Sequence[pl.Series]) -> list[int]:
    """This function will join the bytes of a mask into Python numbers."""
    words = [
        reduce(add, (byte.cast(pl.UInt64) * (1 << 8 * k) for k, byte in enumerate(mask[first : first + 7])))
        for first in range(0, len(mask), 7)
    ]
    numbers: list[int] = words[0].to_list()
    for k, word in enumerate(words[1:], 1):
        numbers = [low | high << 56 * k for low, high in zip(numbers, word.to_list(), strict=True)]
    return numbers
