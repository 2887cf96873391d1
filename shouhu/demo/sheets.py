"""Sheets as offices lay them out: title lines, a head of one or two rows, data, a total, notes; as .xlsx or .csv."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet


class Shown(NamedTuple):
    """A number with a number format of its own, such as ``0.00"万元"``."""

    value: float
    number_format: str


NOT_AVAILABLE = "#N/A"
"""Written as the error that a failed look-up leaves behind."""

Cell = str | int | float | date | Shown | None


@dataclass(frozen=True)
class Column:
    """One column: its heading, the heading over a group of columns ("" for none), its width in characters."""

    heading: str
    group: str = ""
    width: float = 11
    total: bool = False
    merged: bool = False


@dataclass(frozen=True)
class Sheet:
    """
    One sheet.

    ``above`` are the lines over the head, the first being the title; ``rows`` hold one cell per column (a shorter or
    empty row leaves the rest blank); where a column is ``merged``, equal neighbours in it become one cell.
    """

    name: str
    above: Sequence[str]
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    below: Sequence[str] = ()
    total: str = ""


def save_csv(path: Path, sheet: Sheet, encoding: str) -> Path:
    """This function will write the sheet as a CSV, its head in one row."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerows([line] for line in sheet.above)
    writer.writerow([column.heading for column in sheet.columns])
    writer.writerows(["" if cell is None else cell for cell in row] for row in sheet.rows)
    writer.writerows([line] for line in sheet.below)
    path.write_bytes(lines.getvalue().encode(encoding))
    return path


def save_xlsx(path: Path, sheets: Sequence[Sheet], *, created: date) -> Path:
    """This function will write the sheets; the same sheets and ``created`` give the same bytes."""
    with xlsxwriter.Workbook(path, {"in_memory": True}) as book:
        book.set_properties({"title": sheets[0].above[0], "created": datetime.combine(created, time())})
        for sheet in sheets:
            _Writer(book, sheet).write()
    return path


class _Writer:
    """Writes one sheet, row after row."""

    def __init__(self, book: xlsxwriter.Workbook, sheet: Sheet) -> None:
        grid: dict[str, Any] = {"border": 1, "valign": "vcenter", "font_name": "宋体", "font_size": 10}
        self.book, self.sheet, self.grid = book, sheet, grid
        self.page: Worksheet = book.add_worksheet(sheet.name)
        self.title = book.add_format({"bold": True, "font_size": 18, "align": "center", "font_name": "宋体"})
        self.line = book.add_format({"font_name": "宋体", "font_size": 10, "text_wrap": True, "valign": "vcenter"})
        self.head = book.add_format({**grid, "bold": True, "align": "center", "text_wrap": True})
        self.body = book.add_format(grid)
        self.day = book.add_format({**grid, "num_format": "yyyy-mm-dd"})
        self.shown: dict[str, Any] = {}
        self.last = len(sheet.columns) - 1
        self.row = 0

    def write(self) -> None:
        page, sheet = self.page, self.sheet
        page.set_landscape()
        page.set_paper(8)  # A3
        page.fit_to_pages(max(1, len(sheet.columns) // 16), 0)
        for place, column in enumerate(sheet.columns):
            page.set_column(place, place, column.width)
        for number, text in enumerate(sheet.above):
            page.merge_range(self.row, 0, self.row, self.last, text, self.line if number else self.title)
            page.set_row(self.row, 18 if number else 30)
            self.row += 1
        head = self.row
        self.write_head()
        page.repeat_rows(head, self.row - 1)
        page.freeze_panes(self.row, 0)
        first = self.row
        for row in sheet.rows:
            for place, cell in enumerate(row):
                self.write_cell(self.row, place, cell)
            self.row += 1
        for place, column in enumerate(sheet.columns):
            if column.merged:
                self.merge(first, place)
        if sheet.total:
            self.write_total(first)
        for text in sheet.below:
            page.merge_range(self.row, 0, self.row, self.last, text, self.line)
            self.row += 1

    def write_head(self) -> None:
        columns = self.sheet.columns
        if not any(column.group for column in columns):
            for place, column in enumerate(columns):
                self.page.write_string(self.row, place, column.heading, self.head)
            self.page.set_row(self.row, 42)
            self.row += 1
            return
        for group, members in groupby(range(len(columns)), key=lambda place: columns[place].group):
            places = list(members)
            if group and len(places) > 1:
                self.page.merge_range(self.row, places[0], self.row, places[-1], group, self.head)
            elif group:
                self.page.write_string(self.row, places[0], group, self.head)
            for place in places:
                if group:
                    self.page.write_string(self.row + 1, place, columns[place].heading, self.head)
                else:
                    self.page.merge_range(self.row, place, self.row + 1, place, columns[place].heading, self.head)
        self.page.set_row(self.row + 1, 42)
        self.row += 2

    def write_cell(self, row: int, place: int, cell: Cell) -> None:
        if cell is None:
            self.page.write_blank(row, place, None, self.body)
        elif cell == NOT_AVAILABLE:
            self.page.write_formula(row, place, "=NA()", self.body, NOT_AVAILABLE)
        elif isinstance(cell, str):
            self.page.write_string(row, place, cell, self.body)
        elif isinstance(cell, Shown):
            if cell.number_format not in self.shown:
                self.shown[cell.number_format] = self.book.add_format({**self.grid, "num_format": cell.number_format})
            self.page.write_number(row, place, cell.value, self.shown[cell.number_format])
        elif isinstance(cell, date):
            self.page.write_datetime(row, place, cell, self.day)
        else:
            self.page.write_number(row, place, cell, self.body)

    def merge(self, first: int, place: int) -> None:
        """Make one cell of equal neighbours."""
        cells = [row[place] if len(row) > place else None for row in self.sheet.rows]
        start = first
        for text, run in groupby(cells):
            end = start + len(list(run)) - 1
            if isinstance(text, str) and end > start:
                self.page.merge_range(start, place, end, place, text, self.body)
            start = end + 1

    def write_total(self, first: int) -> None:
        """Sum by formula, the sum stored beside it, so that a reader without a calculator sees it too."""
        self.page.write_string(self.row, 0, self.sheet.total, self.head)
        for place, column in enumerate(self.sheet.columns):
            if place and not column.total:
                self.write_cell(self.row, place, None)
            elif column.total:
                letter = xl_col_to_name(place)
                cells = [row[place] for row in self.sheet.rows if len(row) > place]
                known = sum(cell for cell in cells if isinstance(cell, int | float))
                self.page.write_formula(
                    self.row, place, f"=SUM({letter}{first + 1}:{letter}{self.row})", self.body, known
                )
        self.row += 1
