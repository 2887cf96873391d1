"""Parquet files of big data: column names as the head, typed values as cells."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from shouhu.engines.documents.grids.grid import MOST_SLOTS, WIDEST, Progress, RefusedInput, Sheet

MOST_RECORDS = 5_000_000


def read_parquet(path: Path, progress: Progress) -> list[Sheet]:
    """
    This function will read a Parquet file; its head is row 0, its records count from 1.

    :raises RefusedInput: damaged, or too large.
    """
    try:
        found = pl.scan_parquet(path)
        columns = found.collect_schema()
        records = int(found.select(pl.len()).collect().item())
        if len(columns) > WIDEST or records > MOST_RECORDS or records * len(columns) > 8 * MOST_SLOTS:
            raise RefusedInput(f"{path.name}：{records} 行 {len(columns)} 列，超过可以读取的范围，请分成几个文件后重试")
        rows = found.select(_plain(name, kind) for name, kind in columns.items()).collect().rows()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise RefusedInput(f"{path.name}：文件损坏，或不是 Parquet 文件") from error
    progress(f"读取 {path.name}", records, records)
    return [Sheet(None, list(range(records + 1)), [tuple(columns), *rows])]


def _plain(name: str, kind: pl.DataType) -> pl.Expr:
    """A column as the cells of a workbook would hold it."""
    column = pl.col(name)
    if kind == pl.Boolean:
        return pl.when(column).then(pl.lit("TRUE")).when(~column).then(pl.lit("FALSE")).alias(name)
    if isinstance(kind, pl.List):
        words = column.cast(pl.List(pl.String)).list.join("、")
        return pl.when(column.list.len() == 0).then(pl.lit("否")).otherwise(words).alias(name)
    if kind.is_decimal():
        return column.cast(pl.Float64)
    return column if kind.is_numeric() or kind in (pl.Date, pl.Datetime) else column.cast(pl.String)
