"""Registers as offices make them: real files, written with another library than the one under test reads with."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from shouhu.engines.documents.reading import read_registers
from shouhu.engines.documents.register import Register, Remark

Rows = Sequence[Sequence[Any]]


def workbook(
    path: Path,
    sheets: Mapping[str, Rows] | Rows,
    *,
    merges: Sequence[str] = (),
    formats: Mapping[str, str] | None = None,
    hidden: Sequence[str] = (),
) -> Path:
    """This function will write an .xlsx file; ``merges`` and ``formats`` (cell to number format) are of the first sheet."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in (sheets if isinstance(sheets, Mapping) else {"台账": sheets}).items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        sheet.sheet_state = "hidden" if name in hidden else "visible"
    first = book.worksheets[0]
    for area in merges:
        first.merge_cells(area)
    for cell, code in (formats or {}).items():
        first[cell].number_format = code
    book.save(path)
    return path


def table(path: Path, *rows: Sequence[Any]) -> Register:
    """This function will write rows as the only sheet of a workbook and read them as a register."""
    return read_registers([workbook(path / "台账.xlsx", rows)])


def column(path: Path, title: str, *cells: Any) -> list[Any]:
    """This function will read cells under one title, each in a row with a name, and give the values of its fact."""
    register = table(path, ["机构名称", title], *([f"第{at}养老院", cell] for at, cell in enumerate(cells)))
    (fact,) = set(register.columns) - set(register.missing) - {"name"}
    return register.columns[fact]


def at(register: Register, cell: str) -> list[Remark]:
    """This function will give the remarks about a cell."""
    return [remark for remark in register.cells if remark.cell == cell]


def said(register: Register) -> str:
    """This function will give all remarks as one text, to look for words in."""
    return "\n".join(f"{r.sheet}|{r.cell}|{r.column}|{r.content}|{r.why}" for r in register.cells)


def parts(path: Path) -> dict[str, bytes]:
    """This function will unpack a zip file."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(path: Path, entries: Mapping[str, bytes], *, stored: bool = False) -> Path:
    """This function will pack entries as a zip file."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def altered(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """This function will change one part of a workbook in place."""
    entries = parts(path)
    entries[part] = change(entries[part])
    return packed(path, entries)


def small_workbook() -> dict[str, bytes]:
    """This function will give the parts of a sound workbook with two institutions."""
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (["机构名称", "床位数", "是否爆雷"], ["甲养老院", 30, "否"], ["乙养老院", 40, "是"]):
        sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    with zipfile.ZipFile(buffer) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
