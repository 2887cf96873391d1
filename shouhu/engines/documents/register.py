"""A register as read: columns of values by fact, where each row stands, and every cell that could not be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from shouhu.engines.rules.facts import declared

LONGEST_CONTENT = 200


@dataclass(frozen=True, slots=True)
class Remark:
    """Something the office should look at: a cell, or (``cell`` None) a whole column, row of a kind, sheet or file."""

    sheet: str | None
    cell: str | None
    column: str
    content: str
    why: str


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read: its name, its SHA-256 in hexadecimal, and how many data rows it gave."""

    name: str
    sha256: str
    rows: int


@dataclass(frozen=True)
class Register:
    """
    The data rows of one or several workbooks, column by column.

    ``columns`` has every declared fact; an absent column holds None in all rows and is named in ``missing``. ``sheets``
    and ``rows`` say where a row stands as Excel shows it (a CSV or Parquet file has no sheet: None, and its rows are
    record numbers); of several input files the sheet reads "文件名/表名". ``flags`` holds "duplicate" and
    "contradiction" per row.
    """

    columns: dict[str, list[Any]]
    sheets: list[str | None]
    rows: list[int]
    flags: list[tuple[str, ...]]
    cells: list[Remark]
    sources: list[Source]
    missing: list[str]

    def __len__(self) -> int:
        return len(self.rows)


def register_lines(register: Register) -> Iterator[bytes]:
    """This function will give register.jsonl line by line: sheet, row, and the titles without units (section 26)."""
    facts = declared()
    keys = ("sheet", "row", *(fact.title for fact in facts.values()))
    columns = [register.columns[name] for name in facts]
    for values in zip(register.sheets, register.rows, *columns, strict=True):
        # Dates become ISO text, tuples lists, and an Approximate its four fields.
        yield orjson.dumps(dict(zip(keys, values, strict=True)), option=orjson.OPT_APPEND_NEWLINE)


def cell_lines(register: Register) -> Iterator[bytes]:
    """This function will give cells.jsonl line by line: sheet, cell (None for a whole column), column, content, why."""
    for remark in register.cells:
        yield orjson.dumps(remark, option=orjson.OPT_APPEND_NEWLINE)
