"""Old Excel workbooks (.xls), read by xlrd: it alone of the readers at hand gives errors, merged cells and formats."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import xlrd

from shouhu.engines.documents.grids.grid import (
    MOST_SLOTS,
    Broken,
    Cell,
    Progress,
    RefusedInput,
    Sheet,
    formatted,
    meaning_of,
)
from shouhu.engines.documents.grids.xlsx import ERROR

LARGEST = 64 << 20


def read_xls(path: Path, progress: Progress) -> list[Sheet]:
    """
    This function will read every worksheet of an .xls file, hidden ones too.

    :raises RefusedInput: damaged, encrypted, or too large.
    """
    if path.stat().st_size > LARGEST:
        raise RefusedInput(f"{path.name}：文件过大，请用 Excel 或 WPS 另存为 .xlsx 后重试")
    sheets: list[Sheet] = []
    try:
        with xlrd.open_workbook(
            file_contents=path.read_bytes(),
            logfile=io.StringIO(),
            formatting_info=True,
            ragged_rows=True,
            on_demand=True,
        ) as book:
            for index in range(book.nsheets):
                sheets.append(_sheet(book, book.sheet_by_index(index)))
                book.unload_sheet(index)
                progress(f"读取 {path.name}", index + 1, book.nsheets)
    except Exception as error:  # xlrd lets whatever a damaged record causes pass through
        if "encrypt" in str(error).lower() or "password" in str(error).lower():
            raise RefusedInput(f"{path.name}：文件已加密，请去掉密码另存后重试") from error
        raise RefusedInput(f"{path.name}：文件损坏或不完整，请用 Excel 或 WPS 打开检查，另存为 .xlsx 后重试") from error
    if sum(len(row) for sheet in sheets for row in sheet.cells) > MOST_SLOTS:
        raise RefusedInput(f"{path.name}：单元格过多，请分成几个文件后重试")
    return sheets


def _sheet(book: Any, source: Any) -> Sheet:
    sheet = Sheet(source.name, hidden=source.visibility != 0)
    for at in range(source.nrows):
        row = [_value(book, cell) for cell in source.row(at)]
        if row.count(None) < len(row):
            sheet.numbers.append(at + 1)
            sheet.cells.append(row)
    sheet.merges = [(top + 1, left, bottom, right - 1) for top, bottom, left, right in source.merged_cells]
    return sheet


def _value(book: Any, cell: Any) -> Cell:
    if cell.ctype == xlrd.XL_CELL_TEXT:
        return str(cell.value) if cell.value.strip() else None
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return Broken(xlrd.error_text_from_code.get(cell.value, "#?"), ERROR)
    if cell.ctype not in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        return None
    number = int(cell.value) if cell.value.is_integer() else float(cell.value)
    shown = book.format_map.get(book.xf_list[cell.xf_index].format_key)
    meaning = meaning_of(shown.format_str) if shown else None
    if cell.ctype == xlrd.XL_CELL_DATE and meaning is None:
        meaning = "date"
    return formatted(number, meaning, since_1904=book.datemode == 1)
