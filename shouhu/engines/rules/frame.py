"""
A whole register at once: the same program over Polars columns of bytes, a bit a row.

A register is cut into eight slices of equal length, and bit k of byte b stands for row b of slice k: a *plane*.
Polars combines planes many times as fast as boolean columns, and needs no more room for them.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

import polars as pl

from shouhu.engines.rules.expressions import Comparison, Flag
from shouhu.engines.rules.facts import Fact, declared
from shouhu.engines.rules.program import Function, Program, Step
from shouhu.engines.rules.record import aspect, fen
from shouhu.engines.rules.values import Approximate

NEGATION = "~{}"
BYTES_AT_ONCE = 1 << 17
_BITS = tuple(pl.Series([1 << k], dtype=pl.UInt8) for k in range(8))
_NONE = pl.Series([0], dtype=pl.UInt8)
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

    Money is in fen; an unknown number is [0, infinity). All but the bounds are planes; up to seven empty rows at the end
    fill the last slice up.
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

    @property
    def slice_rows(self) -> int:
        """Rows of a slice, bytes of a plane."""
        return -(-self.rows // 8)

    @property
    def columns(self) -> list[pl.Series]:
        """Every column that the facts are held in."""
        return [series for part in (self.true, self.false, self.low, self.high) for series in part.values()]


def needed(program: Program) -> tuple[str, ...]:
    """This function will name the facts that a table needs for a program: those used and those that imply used ones."""
    return (*program.questions, "surveyed_on")


def settle(raw: pl.DataFrame, program: Program, *, as_of: date | None) -> Frame:
    """This function will settle a table: drop expired answers, fill what given answers imply, bound what is unknown."""
    rows, raw = len(raw), pl.concat([raw, raw.clear(-len(raw) % 8)], rechunk=True)
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
    blank = {name: columns[name].is_null().head(rows) for name in program.questions if declared()[name].implies}
    frame = Frame(rows, {}, {}, {}, {}, {}, {}, blank)
    for name in program.facts:
        series = columns[name]
        frame.known[name] = plane(series.is_not_null())
        if declared()[name].is_number:
            frame.low[name] = series.fill_null(0.0)
            frame.high[name] = columns[name + _HIGH].fill_null(float("inf"))
            frame.inexact[name] = plane(frame.low[name] != frame.high[name])
    for flag in (atom for atom in program.atoms if isinstance(atom, Flag)):
        fact, series = declared()[flag.fact], columns[flag.fact]
        series = series if series.dtype == pl.Boolean else _aspect(series, fact, flag.name)
        frame.true[flag.name], frame.false[flag.name] = plane(series.eq_missing(True)), plane(series.eq_missing(False))
    return frame


def _aspect(series: pl.Series, fact: Fact, name: str) -> pl.Series:
    """Read one aspect by way of the few different values that a column has."""
    values = series.drop_nulls().unique().to_list()
    read = {v: aspect(fact, name, tuple(filter(None, v.split(","))) if fact.type == "persons" else v) for v in values}
    return series.replace_strict(list(read), list(read.values()), default=None, return_dtype=pl.Boolean)


def plane(column: pl.Series) -> pl.Series:
    """This function will give the plane of a boolean column whose length is a multiple of eight."""
    size = len(column) // 8
    # Choosing between two constants is thirty times as fast as a cast from boolean.
    return reduce(or_, (bit.zip_with(column.slice(size * k, size), _NONE) for k, bit in enumerate(_BITS)))


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

    def run(self, frame: Frame) -> list[list[pl.Series]]:
        """This function will evaluate a frame; for every group the planes of its steps."""
        given = inputs(self.program, frame, self.function.inputs)

        def part(start: int) -> tuple[pl.Series, ...]:
            ones = pl.repeat(255, min(BYTES_AT_ONCE, size - start), dtype=pl.UInt8, eager=True)
            return self.function.run(*(plane.slice(start, BYTES_AT_ONCE) for plane in given), ones, ~ones)

        size = frame.slice_rows
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            parts = pool.map(part, range(0, max(size, 1), BYTES_AT_ONCE))
            planes = iter([pl.concat(pieces) for pieces in zip(*parts, strict=True)])
        return [[next(planes) for _ in group] for group in self.groups]


def inputs(program: Program, frame: Frame, names: Iterable[str]) -> list[pl.Series]:
    """This function will compute the planes of the named inputs of a program."""
    names = tuple(names)
    places = {place: program.atoms[place] for place in (int(name[1:]) for name in names if name[0] in "tf")}
    made: dict[str, pl.Series] = {}

    def rails(place: int) -> tuple[pl.Series, pl.Series]:
        atom = places[place]
        if isinstance(atom, Flag):
            return frame.true[atom.name], frame.false[atom.name]
        true, false = _compare(atom, frame)
        return plane(true), plane(false)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for place, pair in zip(places, pool.map(rails, places), strict=True):
            made[f"t{place}"], made[f"f{place}"] = pair
    made |= {f"x_{fact}": series for fact, series in frame.inexact.items()}
    made |= {f"k_{fact}": series for fact, series in frame.known.items()}
    return [made[name] for name in names]


def _compare(atom: Comparison, frame: Frame) -> tuple[pl.Series, pl.Series]:
    """Compare the sum of the positive terms with that of the negative ones, at both ends of their bounds."""

    def number(side: Mapping[str, pl.Series], fact: str, factor: int) -> pl.Series:
        return side[fact] if factor == 1 else side[fact] * float(factor)

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


def by_row(planes: Sequence[pl.Series], rows: int) -> list[pl.Series]:
    """This function will turn planes into columns of bytes, one byte a row, the first plane its lowest bit."""
    masks = []
    for first in range(0, len(planes), 8):
        chunk = planes[first : first + 8]
        slices = [
            reduce(or_, (bit.zip_with((plane & row) != 0, _NONE) for bit, plane in zip(_BITS, chunk, strict=False)))
            for row in _BITS
        ]
        masks.append(pl.concat(slices).head(rows))
    return masks


def whole(planes: Sequence[pl.Series], rows: int) -> list[int]:
    """This function will give for every row a Python number with a bit for each plane, the first the lowest."""
    masks = by_row(planes, rows)
    words = [
        reduce(or_, (byte.cast(pl.UInt64) * (1 << 8 * k) for k, byte in enumerate(masks[first : first + 7])))
        for first in range(0, len(masks), 7)
    ]
    numbers: list[int] = words[0].to_list() if words else [0] * rows
    for k, word in enumerate(words[1:], 1):
        numbers = [low | high << 56 * k for low, high in zip(numbers, word.to_list(), strict=True)]
    return numbers
