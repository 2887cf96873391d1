"""读表情况报告: what could not be read, cell by cell; where the rows came from; which rows want a second look."""

from __future__ import annotations

import re
from pathlib import Path

from shouhu.engines.documents.annexes import wording
from shouhu.engines.documents.annexes.layout import A4_LANDSCAPE, Column, Heading, Table
from shouhu.engines.documents.annexes.rated import Rated, Tick, nothing
from shouhu.engines.documents.annexes.workbook import workbook
from shouhu.engines.rules import words

TITLE = "读表情况报告"
CELL_COLUMNS = (
    Column(("序号",), 7, "count"),
    Column(("工作表",), 24),
    Column(("单元格",), 10, "centre"),
    Column(("栏目",), 22),
    Column(("内容",), 34),
    Column(("原因",), 50, "own"),
)
SOURCE_COLUMNS = (
    Column(("序号",), 7, "count"),
    Column(("文件",), 50),
    Column(("数据行数",), 12, "count"),
    Column(("SHA-256",), 70),
)
ROW_COLUMNS = (
    Column(("序号",), 7, "count"),
    Column(("工作表",), 28),
    Column(("行号",), 10, "count"),
    Column(("机构名称",), 44),
    Column(("提示",), 58, "own"),
)
_MISSING = "台账没有这一栏，该项在全部机构中按“未知”处理。"


def write(path: Path, rated: Rated, tick: Tick = nothing) -> None:
    """This function will write the report: whole columns first, then cells in the order of sheets and lines."""
    register = rated.register
    with workbook(path, as_of=rated.as_of) as book:
        notes = (
            "未能读出的内容一律按“未知”处理，不作推断；请对照原表更正后重新运行。整栏的问题列在最前，“单元格”为空。",
        )
        table = Table(
            book,
            "未能读出的内容",
            Heading(TITLE, rated.unit, rated.as_of, notes=notes),
            CELL_COLUMNS,
            A4_LANDSCAPE,
            filtered=True,
        )
        number = 0
        for title in _missing_titles(rated):
            number += 1
            table.line((number, None, None, title, None, _MISSING))
        for remark in sorted(
            register.cells, key=lambda remark: (remark.cell is not None, remark.sheet or "", _place(remark.cell))
        ):
            number += 1
            content = None if remark.content is None else str(remark.content)
            table.line((number, remark.sheet, remark.cell, remark.column, content, remark.why))
        if not number:
            table.wide("所有单元格都已读出。")
        table.finish()

        notes = ("下列各行照常评定，请核对是否重复填报、前后矛盾或已过期。",)
        table = Table(
            book,
            "需要核对的行",
            Heading("需要核对的行", rated.unit, rated.as_of, notes=notes),
            ROW_COLUMNS,
            A4_LANDSCAPE,
            filtered=True,
        )
        number = 0
        for row, flags in enumerate(register.flags):
            tick()
            if flags:
                number += 1
                table.line(
                    (number, register.sheets[row], register.rows[row], rated.fact("name", row), wording.flagged(flags))
                )
        if not number:
            table.wide("没有需要核对的行。")
        table.finish()

        table = Table(book, "数据来源", Heading("数据来源", rated.unit, rated.as_of), SOURCE_COLUMNS, A4_LANDSCAPE)
        for number, source in enumerate(register.sources, 1):
            table.line((number, source.name, source.rows, source.sha256))
        table.line((None, "合计", len(register), None), total=True)
        table.finish()


def _missing_titles(rated: Rated) -> list[str]:
    """Columns that are absent and that no remark speaks of already."""
    told = {remark.column for remark in rated.register.cells if remark.cell is None}
    return [title for name in rated.register.missing if (title := words.titles([name])) not in told]


def _place(cell: str | None) -> tuple[int, int, str]:
    """Cells in the order of reading: by line, then by column (B before AA)."""
    found = re.fullmatch(r"([A-Z]*)(\d+)", cell or "")
    return (int(found[2]), len(found[1]), found[1]) if found else (0, 0, cell or "")
