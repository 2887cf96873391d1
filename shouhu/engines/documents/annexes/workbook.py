"""XlsxWriter taught to take whole lines: the same workbooks in a tenth of the time, and text that stays text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

Cell = str | int | float | date | None
Pen = str
"""The beginning of a cell: its column, a place for the number of its line, its style."""

LONGEST_TEXT = 32_767
"""Excel's limit for a cell, in UTF-16 units."""
_CUT = "……（过长，已截断）"
_FIRST_DAY = date(1899, 12, 30)
_FIRST_SAFE_DAY = date(1900, 3, 1)
"""Before it Excel's calendar has a day that never was."""
_MOST_DIGITS = 10**15
"""From here on Excel would round: such numbers are written as text."""
_ODD = re.compile(r"[\r\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]|_x[0-9A-Fa-f]{4}_|\A<r>")
"""What XlsxWriter does not write as it stands: it takes a text in <r> for markup of its own."""
_SPECIAL = re.compile(r"[&<>\r\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")


@contextmanager
def workbook(path: Path, *, as_of: date) -> Iterator[xlsxwriter.Workbook]:
    """
    This function will open a new workbook and write it to ``path`` at the end; nothing is left of one that fails.

    The same content gives the same bytes: the day of creation is ``as_of``, and XlsxWriter fixes the times in the zip.
    """
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": datetime(as_of.year, as_of.month, as_of.day), "author": "", "comments": ""})
    book.set_calc_mode("auto")
    try:
        yield book
    except BaseException:
        for sheet in book.worksheets():
            sheet.row_data_fh.close()
            Path(sheet.row_data_filename).unlink(missing_ok=True)
        book.fileclosed = True
        raise
    book.close()


class LineSheet(Worksheet):  # type: ignore[misc]  # XlsxWriter comes without types
    """
    A worksheet written from the top down, a whole line at a time, into the file that XlsxWriter keeps for its rows.

    Cells written in the ordinary way must not be mixed in. Merged ranges may reach below the last line.
    """

    def __init__(self) -> None:
        super().__init__()
        self.n_lines = self.n_columns = 0
        self.ranges: list[str] = []
        """Merged cells, ready to be written."""

    def pens(self, formats: Iterable[Format]) -> tuple[Pen, ...]:
        """This function will prepare formats for ``line``, the first for column A."""
        return tuple(f'<c r="{_letter(at)}{_ROW}" s="{format._get_xf_index()}"' for at, format in enumerate(formats))

    def line(self, values: Sequence[Cell], pens: Sequence[Pen], height: float, *, fixed: bool = False) -> None:
        """
        This function will write the next line.

        :param values: one a column; None and "" make an empty cell with its style.
        :param height: in points; a height that is not ``fixed`` follows the text when somebody edits the line.
        """
        self.put(self.drawn(values, pens, height, fixed=fixed), len(pens))

    def drawn(self, values: Sequence[Cell], pens: Sequence[Pen], height: float, *, fixed: bool = False) -> str:
        """This function will prepare a line for ``put``, which may write it many times over."""
        parts = [f'<row r="{_ROW}" ht="{height:g}" customHeight="1">' if fixed else f'<row r="{_ROW}" ht="{height:g}">']
        index_of = self.str_table.string_table.get
        for pen, value in zip(pens, values, strict=True):
            if value is None or value == "":
                parts.append(f"{pen}/>")
            elif isinstance(value, str):
                index = index_of(value)
                if index is None:
                    parts.append(f"{pen}{self._new_text(value)}</c>")
                else:
                    parts.append(f"{pen}{_SHARED}><v>{index}</v></c>")
            elif isinstance(value, date):
                parts.append(f"{pen}{_day(value)}</c>")
            elif -_MOST_DIGITS < value < _MOST_DIGITS:
                parts.append(f"{pen}><v>{value!r}</v></c>")
            else:
                parts.append(f"{pen}{_inline(str(value))}</c>")
        parts.append("</row>")
        return "".join(parts)

    def put(self, line: str, n_columns: int) -> None:
        """This function will write a line that ``drawn`` has prepared."""
        self.n_lines += 1
        self.fh.write(line.replace(_ROW, str(self.n_lines)))
        self.str_table.count += line.count(_SHARED)
        self.dim_rowmin, self.dim_rowmax = 0, self.n_lines - 1
        self.n_columns = max(self.n_columns, n_columns)
        self.dim_colmin, self.dim_colmax = 0, self.n_columns - 1

    def _new_text(self, text: str) -> str:
        """A place in the workbook's table of texts; a text that XlsxWriter would not write as it is stays in its cell."""
        if len(text) > LONGEST_TEXT // 2 or _ODD.search(text):
            return _inline(text)
        index: int = self.str_table.unique_count
        self.str_table.string_table[text] = index
        self.str_table.unique_count += 1
        return f"{_SHARED}><v>{index}</v>"

    def merged(self, first_row: int, first_column: int, last_row: int, last_column: int) -> None:
        """This function will merge cells that are, or will be, written as lines; counted from 0. One cell is left alone."""
        if (first_row, first_column) != (last_row, last_column):
            first, last = _letter(first_column), _letter(last_column)
            self.ranges.append(f'<mergeCell ref="{first}{first_row + 1}:{last}{last_row + 1}"/>')

    def _write_merge_cells(self) -> None:
        """Take the place of XlsxWriter's own, which is slow for the many merged cells of blocks."""
        if self.ranges:
            self.fh.write(f'<mergeCells count="{len(self.ranges)}">{"".join(self.ranges)}</mergeCells>')


_ROW = "\0"
"""Stands for the number of the line; no text can hold it."""
_SHARED = ' t="s"'
_letter: Callable[[int], str] = cache(xl_col_to_name)


def _day(value: date) -> str:
    return f"><v>{(value - _FIRST_DAY).days}</v>" if value >= _FIRST_SAFE_DAY else _inline(value.isoformat())


def _inline(text: str) -> str:
    if len(text.encode("utf-16-le", "surrogatepass")) // 2 > LONGEST_TEXT:
        text = _shortened(text)
    return f' t="inlineStr"><is><t xml:space="preserve">{_SPECIAL.sub(_spelt, text)}</t></is>'


def _spelt(found: re.Match[str]) -> str:
    """What XML, or the workbook's own ``_xHHHH_`` notation, needs in place of a character."""
    match found.group():
        case "&":
            return "&amp;"
        case "<":
            return "&lt;"
        case ">":
            return "&gt;"
        case "\r":
            return "" if found.string[found.end() : found.end() + 1] == "\n" else "\n"
        case mark if len(mark) > 1:
            return "_x005F" + mark
        case character if character < " ":
            return f"_x{ord(character):04X}_"
        case _:
            return "\ufffd"


def _shortened(text: str) -> str:
    room = (LONGEST_TEXT - len(_CUT)) * 2
    return text.encode("utf-16-le", "surrogatepass")[:room].decode("utf-16-le", "ignore") + _CUT
