"""The canonical register: one sheet with the titles of section 26, which reads back as what was written."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from shouhu.engines.documents.checks import shown_number
from shouhu.engines.documents.grids.grid import Progress
from shouhu.engines.documents.register import Register
from shouhu.engines.rules.facts import Fact, declared
from shouhu.engines.rules.values import UNNAMED, Approximate

SHEET = "养老服务机构台账"
_CREATED = datetime(2022, 1, 1)
_WIDTHS = {"name": 30, "uscc": 22, "address": 34, "kind": 22}


def write_register(register: Register, path: Path, progress: Progress | None = None) -> None:
    """
    This function will write a register as a workbook: one row per institution, yes/no as 是 or 否, sums in yuan.

    The same register gives the same bytes. Text never becomes a formula, a link or a number.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    facts = declared()
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"created": _CREATED, "title": SHEET})
        sheet = book.add_worksheet(SHEET)
        head = book.add_format({"bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "border": 1})
        formats = {
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "money": book.add_format({"num_format": "#,##0.##"}),
        }
        sheet.freeze_panes(1, 1)
        sheet.set_row(0, 32)
        for at, fact in enumerate(facts.values()):
            sheet.set_column(at, at, _WIDTHS.get(fact.name, 14))
            sheet.write_string(0, at, fact.heading, head)
        columns = [(fact, register.columns[name]) for name, fact in facts.items()]
        for row in range(len(register)):
            for at, (fact, values) in enumerate(columns):
                value = values[row]
                if value is None:
                    continue
                content = written(fact, value)
                if isinstance(content, str):
                    sheet.write_string(row + 1, at, content)
                elif isinstance(content, date):
                    sheet.write_datetime(row + 1, at, content, formats["date"])
                else:
                    sheet.write_number(row + 1, at, content, formats.get(fact.type))
            if progress and row % 1_000 == 999:
                progress(f"写出 {path.name}", row + 1, len(register))


def written(fact: Fact, value: Any) -> str | int | float | date:
    """This function will give a known value as a cell of the canonical register."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Approximate):
        return shown_number(value)
    if isinstance(value, tuple):
        if not value:
            return "否"
        return "是" if value == (UNNAMED,) else "、".join(value)
    return value  # type: ignore[no-any-return]
