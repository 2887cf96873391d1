"""A whole register at once: the same program over Polars columns, a bit a row; masks are packed at the end."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from shouhu.engines.rules.expressions import Comparison, Flag
from shouhu.engines.rules.facts import Fact, declared
from shouhu.engines.rules.program import Function, Program, Step
from shouhu.engines.rules.record import aspect, fen
from shouhu.engines.rules.values import Approximate

NEGATION = "~{}"
ROWS_AT_ONCE = 1 << 19
WORD = 62
"""Bits in one word of a mask, so that a word stays a positive 64-bit number everywhere."""
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
    A register settled for one program: per flag a nullable boolean column, per number its closed bounds.

    Money is in fen; an unknown number is [0, infinity).
    """

    rows: int
    flags: dict[str, pl.Series]
    low: dict[str, pl.Series]
    high: dict[str, pl.Series]
    known: dict[str, pl.Series]
    blank: dict[str, pl.Series]
    """Per fact that implies others: it has no answer."""

    def take(self, rows: Sequence[int]) -> Frame:
        """This function will keep some rows."""
        at = pl.Series(rows, dtype=pl.UInt32)

        def kept(part: dict[str, pl.Series]) -> dict[str, pl.Series]:
            return {name: series.gather(at) for name, series in part.items()}

        return Frame(len(rows), kept(self.flags), kept(self.low), kept(self.high), kept(self.known), kept(self.blank))

    @property
    def columns(self) -> list[pl.Series]:
        """Every column that the facts are held in, each once."""
        return list({id(s): s for part in (self.flags, self.low, self.high) for s in part.values()}.values())


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
    frame = Frame(len(raw), {}, {}, {}, {}, blank)
    for name in program.facts:
        fact, series = declared()[name], columns[name]
        if fact.is_number:
            frame.known[name] = series.is_not_null()
            frame.low[name] = series.fill_null(0.0)
            frame.high[name] = columns[name + _HIGH].fill_null(float("inf"))
        elif fact.type in ("yes_no", "names"):
            frame.flags[name] = series
        else:
            frame.known[name] = series.is_not_null()
    for atom in program.atoms:
        if isinstance(atom, Flag) and atom.name not in frame.flags:
            frame.flags[atom.name] = _aspect(columns[atom.fact], declared()[atom.fact], atom.name)
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
            column = frame.flags[atom.name].slice(start, rows)
            made[f"t{place}"] = column.fill_null(False) if column.null_count() else column
            made[f"f{place}"] = (~column).fill_null(False) if column.null_count() else ~column
        else:
            made[f"t{place}"], made[f"f{place}"] = _compare(atom, frame, number)

    for name in names:
        if name not in made:
            if name[0] in "tf":
                rails(int(name[1:]))
            elif name.startswith("x_"):
                low, high = frame.low[name[2:]], frame.high[name[2:]]
                made[name] = low.slice(start, rows) != high.slice(start, rows)
            else:
                made[name] = _known(frame, name[2:]).slice(start, rows)
    return [made[name] for name in names]


def _known(frame: Frame, fact: str) -> pl.Series:
    return frame.known[fact] if fact in frame.known else frame.flags[fact].is_not_null()


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


def pack(bits: Sequence[pl.Series], rows: int) -> list[pl.Series]:
    """
    This function will pack boolean columns into words of ``WORD`` bits, the first column into the lowest bit.

    It goes by bytes, and chooses between two bytes, since a cast from boolean takes many times as long.
    """
    constants = [pl.repeat(1 << k, rows, dtype=pl.UInt8, eager=True) for k in range(8)]
    zero = pl.repeat(0, rows, dtype=pl.UInt8, eager=True)
    words = []
    for first in range(0, len(bits), WORD):
        word: pl.Series | None = None
        chunk = bits[first : first + WORD]
        for shift in range(0, len(chunk), 8):
            byte = zero
            for constant, bit in zip(constants, chunk[shift : shift + 8], strict=False):
                byte = byte | constant.zip_with(bit, zero)
            wide = byte.cast(pl.UInt64)
            word = wide if word is None else word | wide * (1 << shift)
        words.append(zero.cast(pl.UInt64) if word is None else word)
    return words or [zero.cast(pl.UInt64)]
