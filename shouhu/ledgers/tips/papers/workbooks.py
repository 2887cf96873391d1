"""Workbooks written anew from what their cells show: no names of authors, no paths, no comments, nothing hidden beside."""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from io import BytesIO

from xlsxwriter import Workbook

from shouhu.engines.documents.grids.archive import Held
from shouhu.engines.documents.grids.grid import Broken, Cell, Scaled, Sheet
from shouhu.engines.documents.grids.xlsx import read_xlsx

CELLS_AT_MOST = 500_000
_LONGEST = 32_767
"""Characters of a cell."""
_LARGEST = 1e300
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")


def bare(content: bytes) -> bytes | None:
    """
    This function will make a workbook of the cells of another; None when there are too many.

    :raises RefusedInput: it is hostile or damaged.
    """
    sheets = read_xlsx(Held("", content), lambda *_: None)
    if sum(len(row) for sheet in sheets for row in sheet.cells) > CELLS_AT_MOST:
        return None
    written = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(written, options) as book:
        book.set_properties({"created": datetime(2000, 1, 1)})  # not the hour at which the copy was made
        formats = {date: book.add_format({"num_format": "yyyy-mm-dd"}),
                   datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"})}  # fmt: skip
        for n, sheet in enumerate(sheets, 1):
            page = book.add_worksheet(_title(n, sheet))
            for number, row in zip(sheet.numbers, sheet.cells, strict=True):
                for column, cell in enumerate(row):
                    shown = _shown(cell)
                    if isinstance(shown, date):
                        page.write_datetime(number - 1, column, shown, formats[type(shown)])
                    elif isinstance(shown, str):
                        page.write_string(number - 1, column, shown[:_LONGEST])
                    elif shown is not None:
                        page.write_number(number - 1, column, shown)
    return written.getvalue()


def _title(n: int, sheet: Sheet) -> str:
    return f"{n} {_FORBIDDEN.sub('', sheet.name or '')}"[:31].strip()


def _shown(cell: Cell) -> str | float | date | None:
    if isinstance(cell, Broken):
        return cell.text
    if isinstance(cell, Scaled):
        return _shown(float(cell.number * cell.factor))
    if isinstance(cell, int | float) and (not math.isfinite(cell) or abs(cell) > _LARGEST):
        return str(cell)
    return cell
