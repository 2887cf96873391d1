"""Invented facts for the bench: a frame of typed columns of any length, drawn in whole columns."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import numpy as np
import polars as pl

from shouhu.engines.rules.facts import NUMBERS, Fact, declared

_LIKELY = {  # share of yes, where it is not 5 %
    "takes_prepayment": 0.5,
    "large_stated": 0.2,
    "funds_regular": 0.9,
    "stable": 0.95,
    "funds_for_construction": 0.3,
    "related_dealings": 0.1,
    "complaint_verified": 0.3,
    "false_publicity": 0.1,
    "suspected_crime": 0.02,
    "collapsed": 0.01,
    "bad_influence": 0.01,
    "major_opinion": 0.01,
}
_NUMBERS: dict[str, tuple[int, int]] = {  # from, to (yuan, persons, months …)
    "n_beds": (5, 300),
    "n_residents": (0, 280),
    "monthly_fee": (500, 6000),
    "max_prepayment": (0, 30_000),
    "prepaid_months": (0, 24),
    "prepaid_total": (0, 5_000_000),
    "n_prepayers": (0, 200),
    "n_large_prepayers": (0, 120),
    "assets": (100_000, 9_000_000),
    "liabilities": (0, 5_000_000),
    "n_new_outlets_3y": (0, 4),
    "n_rep_changes_3y": (0, 3),
    "n_address_changes_3y": (0, 3),
}
_PERSONS: tuple[list[str], ...] = ([], ["投资人"], ["法定代表人", "主要负责人"], ["主要负责人"], ["机构"], ["未指明"])
_COMPANIES: tuple[list[str], ...] = (
    [],
    ["云岫康椿健康产业有限公司"],
    ["云岫椿行旅行社有限公司", "云岫晴岚食品贸易有限公司"],
)
_WORDS = ("望澜康岫养老院", "云泊街道", "按月收取", "上门", "0900-0123456", "村居推荐")


def frame(
    rows: int,
    seed: int = 1,
    *,
    unknown: float = 0.15,
    facts: Collection[str] | None = None,
    as_of: date = date(2026, 6, 1),
) -> pl.DataFrame:
    """
    This function will give ``rows`` invented institutions, one column per declared fact (or only ``facts``), by name.

    Types are bool, str, float, list[str] (persons, names) and date; each value is null with the chance ``unknown``, the
    name never. The same arguments give the same frame, and a column does not depend on which others are asked for.
    """
    columns = []
    for place, fact in enumerate(declared().values()):
        if facts is None or fact.name in facts:
            lot = np.random.Generator(np.random.PCG64([seed, place]))
            column = _column(fact, rows, lot, as_of).alias(fact.name)
            if fact.name != "name" and unknown:
                known = pl.Series(lot.random(rows, dtype=np.float32) >= unknown)
                column = pl.select(pl.when(known).then(column).alias(fact.name)).to_series()
            columns.append(column)
    return pl.DataFrame(columns)


def _column(fact: Fact, rows: int, lot: np.random.Generator, as_of: date) -> pl.Series:
    if fact.type == "yes_no":
        return pl.Series(lot.random(rows, dtype=np.float32) < _LIKELY.get(fact.name, 0.05))
    if fact.type in NUMBERS:
        low, high = _NUMBERS[fact.name]
        return pl.Series(lot.integers(low, high + 1, rows, dtype=np.int32)).cast(pl.Float64)
    if fact.type == "date":
        return pl.Series(lot.integers(-300, 1, rows, dtype=np.int32) + (as_of - date(1970, 1, 1)).days).cast(pl.Date)
    if fact.type in ("persons", "names"):
        choices = _PERSONS if fact.type == "persons" else _COMPANIES
        return _drawn(pl.Series(choices, dtype=pl.List(pl.String)), rows, lot, first=0.9)
    if fact.type == "choice":
        return _drawn(pl.Series(list(fact.choices)), rows, lot, first=0.6)
    return _drawn(pl.Series(_WORDS), rows, lot, first=0.2)


def _drawn(choices: pl.Series, rows: int, lot: np.random.Generator, *, first: float) -> pl.Series:
    """The first choice with its chance, the others alike."""
    rest = lot.integers(1, len(choices), rows, dtype=np.uint32)
    return choices.gather(pl.Series(np.where(lot.random(rows, dtype=np.float32) < first, np.uint32(0), rest)))
