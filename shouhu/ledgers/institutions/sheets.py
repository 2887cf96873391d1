"""The file of an import: how its tables are understood, and its rows."""

from __future__ import annotations

import contextlib
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Any

from shouhu.engines.documents.grids.grid import RefusedInput
from shouhu.engines.documents.headers import SheetMapping
from shouhu.engines.documents.reading import read_registers
from shouhu.engines.documents.register import Register
from shouhu.engines.rules.facts import declared
from shouhu.ledgers.institutions.values import Facts
from shouhu.ledgers.units.refusals import Refused

MOST_REMARKS = 500
"""Remarks on columns, sheets and files that are kept; the rest is counted."""


class Unimportable(Refused):
    """The file cannot be imported; ``str()`` says why."""


@dataclass(frozen=True)
class Row:
    """A row as read: where it stands, its facts, and what is wrong with it: ``[cell, title, why]``."""

    place: str
    facts: Facts
    problems: list[list[str]]
    cells: Mapping[str, str]
    """Fact name to the cell that holds it."""


class _Understood(Exception):
    """Ends a reading as soon as the tables are understood."""


def understood(content: bytes, name: str) -> list[dict[str, Any]]:
    """
    This function will tell how the tables of a file are read, for the clerk to confirm or correct, as JSON.

    :raises Unimportable: a file of another kind, damaged, hostile, or without any known column.
    """
    tables: list[SheetMapping] = []

    def note(found: list[SheetMapping]) -> list[SheetMapping]:
        tables.extend(found)
        raise _Understood

    with contextlib.suppress(_Understood):
        _read(content, name, note, None)
    return [
        {
            "place": table.sheet or table.file, "head": list(table.head), "unit": float(table.unit),
            "columns": [
                {"letters": column.letters, "title": column.title, "fact": column.fact, "note": column.note}
                for column in table.columns if column.title
            ],
        }
        for table in tables
    ]  # fmt: skip


def rows_of(
    content: bytes, name: str, mapping: Sequence[Mapping[str, Any]], as_of: date
) -> tuple[list[Row], dict[str, Any]]:
    """
    This function will read the rows of a file by a confirmed mapping, and report on its columns and sheets.

    :raises Unimportable: the file does not read as it did when the mapping was confirmed.
    """
    used: list[SheetMapping] = []

    def settle(found: list[SheetMapping]) -> list[SheetMapping]:
        if len(found) != len(mapping):
            raise Unimportable("文件的表与确认列对应时不一致，请重新上传")
        used.extend(_chosen(table, confirmed) for table, confirmed in zip(found, mapping, strict=True))
        return list(used)

    register = _read(content, name, settle, as_of)
    remarks = [[r.sheet or "", r.column, r.why] for r in register.cells if r.cell is None]
    report = {
        "remarks": remarks[:MOST_REMARKS], "n_remarks": len(remarks), "missing": register.missing,
    }  # fmt: skip
    return _rows(register, used), report


def corrected(
    mapping: Sequence[Mapping[str, Any]], choices: Mapping[tuple[int, str], str | None]
) -> list[dict[str, Any]]:
    """
    This function will put a clerk's choices into a mapping; ``choices``: (table, column letters) to fact or None.

    :raises Unimportable: one fact is chosen for two columns of a table, a fact is not declared, or no column gives the name.
    """
    tables = []
    for number, table in enumerate(mapping):
        columns = [{**column} for column in table["columns"]]
        for column in columns:
            fact = choices.get((number, column["letters"]), column["fact"])
            if fact is not None and fact not in declared():
                raise Unimportable(f"没有“{fact}”这一项")
            if fact != column["fact"]:
                column.update(fact=fact, note="" if fact else "人工指定不使用")
        facts = [column["fact"] for column in columns if column["fact"]]
        if twice := next((fact for fact in facts if facts.count(fact) > 1), None):
            letters = "、".join(column["letters"] for column in columns if column["fact"] == twice)
            title = declared()[twice].title
            raise Unimportable(f"“{table['place']}”的 {letters} 列都对应“{title}”，每项只能用一列")
        if "name" not in facts:
            raise Unimportable(f"“{table['place']}”没有一列对应“机构名称”，请指明")
        tables.append({**table, "columns": columns})
    return tables


def _read(content: bytes, name: str, confirm: Callable[[list[SheetMapping]], list[SheetMapping]],
          as_of: date | None) -> Register:  # fmt: skip
    # The reader takes a town from the file's name, so the copy on disk bears it.
    path = PurePath(name.replace("\\", "/"))
    safe = re.sub(r"[^\w\-（）()—.·]", "_", path.stem)[:60] or "台账"
    with TemporaryDirectory(prefix="shouhu-") as folder:
        copy = Path(folder) / f"{safe}{path.suffix.lower()[:10]}"
        copy.write_bytes(content)
        try:
            return read_registers([copy], confirm=confirm, as_of=as_of)
        except RefusedInput as error:
            raise Unimportable(str(error)) from error


def _chosen(table: SheetMapping, confirmed: Mapping[str, Any]) -> SheetMapping:
    facts = {column["letters"]: column["fact"] for column in confirmed["columns"]}
    columns = tuple(replace(column, fact=facts.get(column.letters)) for column in table.columns)
    return replace(table, columns=columns)


def _rows(register: Register, tables: Sequence[SheetMapping]) -> list[Row]:
    problems: dict[tuple[str | None, int], list[list[str]]] = defaultdict(list)
    for remark in register.cells:
        if remark.cell:
            problems[remark.sheet, int(re.sub(r"\D", "", remark.cell))].append([remark.cell, remark.column, remark.why])
    of_sheet: dict[str | None, list[SheetMapping]] = defaultdict(list)
    for table in tables:
        of_sheet[table.sheet].append(table)
    columns = list(register.columns.items())
    found = []
    for at, (sheet, number) in enumerate(zip(register.sheets, register.rows, strict=True)):
        # Several tables may stand below each other in a sheet; the row belongs to the last head above it.
        heads = of_sheet[sheet]
        table = heads[max(bisect_right([one.head[1] for one in heads], number) - 1, 0)]
        facts = {name: values[at] for name, values in columns if values[at] is not None}
        cells = {fact: f"{column.letters}{number}" for fact, column in table.facts.items()}
        place = f"{sheet} 第 {number} 行" if sheet else f"第 {number} 行"
        found.append(Row(place[:80], facts, problems[sheet, number], cells))
    return found
