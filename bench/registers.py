"""The invented facts of ``data`` as the engines take them: a typed table, a settled frame, records of Python values."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from bench import data
from shouhu.engines.rules.facts import declared
from shouhu.engines.rules.frame import Frame, needed, settle
from shouhu.engines.rules.program import Program
from shouhu.engines.rules.values import Approximate

ABOUT, HALF_WIDTH = 0.05, 0.1
"""The share of numbers that were read with a qualifier, and how far their bounds lie from the figure."""


def table(program: Program, rows: int, seed: int = 1) -> pl.DataFrame:
    """This function will give invented facts in the layout of ``frame.table``: money in fen, numbers as two bounds."""
    raw, lot = data.frame(rows, seed), np.random.Generator(np.random.PCG64(seed))
    columns = []
    for name in needed(program):
        fact, column = declared()[name], raw[name]
        if fact.is_number:
            figure = column * 100 if fact.type == "money" else column
            about = pl.Series(lot.random(rows, dtype=np.float32) < ABOUT)
            columns.append((figure * (1 - HALF_WIDTH)).round().zip_with(about, figure).alias(name))
            columns.append((figure * (1 + HALF_WIDTH)).round().zip_with(about, figure).alias(f"{name}__high"))
        elif fact.type in ("persons", "names"):
            columns.append(column.list.join(",") if fact.type == "persons" else column.list.len() > 0)
        else:
            columns.append(column)
    return pl.DataFrame(columns)


def frame(program: Program, rows: int, seed: int = 1) -> Frame:
    """This function will give the frame that the column engine takes."""
    return settle(table(program, rows, seed), program, as_of=None)


def booleans(plane: pl.Series, rows: int) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """This function will give a plane of the column engine as a boolean vector, row by row."""
    slices = np.unpackbits(plane.to_numpy()[np.newaxis], axis=0, bitorder="little")
    return slices.reshape(-1)[:rows].astype(np.bool_)


def records(rows: int, seed: int = 1) -> list[dict[str, Any]]:
    """This function will give invented records, every declared fact by name."""
    lot = np.random.Generator(np.random.PCG64(seed))
    return [
        {name: _value(name, value, lot) for name, value in row.items()} for row in data.frame(rows, seed).to_dicts()
    ]


def _value(name: str, value: Any, lot: np.random.Generator) -> Any:
    fact = declared()[name]
    if fact.is_number and value is not None and lot.random() < ABOUT:
        return Approximate(value, "约", round(value * (1 - HALF_WIDTH)), round(value * (1 + HALF_WIDTH)))
    if fact.type == "names":
        return tuple(value) or False if value is not None else None
    return tuple(value) if fact.type == "persons" and value is not None else value
