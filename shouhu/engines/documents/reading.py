"""台账: workbooks of offices in, one register out, with everything said that was not understood."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import date
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any

from shouhu.engines.documents.cells import read_column, shown
from shouhu.engines.documents.checks import CONTRADICTION, DUPLICATE, check, shown_number
from shouhu.engines.documents.grids.grid import Cell, Progress, RefusedInput, Sheet, column_index, letters
from shouhu.engines.documents.grids.opening import CONVERTIBLE, READABLE, open_sheets
from shouhu.engines.documents.headers import ROW_NUMBERS, SheetMapping, TitleMapping, key
from shouhu.engines.documents.register import LONGEST_CONTENT, Register, Remark, Source
from shouhu.engines.documents.tables import SURE, SheetReader, Table, town_in
from shouhu.engines.rules.facts import declared
from shouhu.engines.rules.values import Approximate

Confirm = Callable[[list[SheetMapping]], list[SheetMapping]]


def read_registers(
    paths: Sequence[Path],
    *,
    mapping: TitleMapping | None = None,
    confirm: Confirm | None = None,
    progress: Progress | None = None,
    as_of: date | None = None,
) -> Register:
    """
    This function will read registers: files, or folders of files (by name; lock files are passed over).

    ``mapping`` settles titles beforehand (``headers.load_mapping``); ``confirm`` is shown how every table was understood
    and gives the mappings to use, in the same order; ``progress`` hears what is going on. Dates after ``as_of`` are
    reported. Whatever is not understood becomes a remark and the value None.

    :raises RefusedInput: no file, a file of another kind, damaged, encrypted or hostile, or without any known column.
    """
    tell = progress or (lambda *_: None)
    reading = _Reading(mapping or {}, tell)
    files = reading.files([Path(path) for path in paths])
    for path in files:
        reading.open(path, len(files) > 1)
    if confirm:
        for table, confirmed in zip(reading.tables, confirm([table.mapping for table in reading.tables]), strict=True):
            table.mapping = confirmed
    return reading.register(as_of)


class _Reading:
    """The tables found so far, and what was left out on the way."""

    def __init__(self, titles: TitleMapping, tell: Progress) -> None:
        self.titles, self.tell = titles, tell
        self.tables: list[Table] = []
        self.remarks: list[tuple[tuple[int, int, int], Remark]] = []  # (table, row, column) orders them for people
        self.digests: dict[str, str] = {}

    # --- files and tables

    def files(self, paths: Sequence[Path]) -> list[Path]:
        """This function will list the files to read: those given, and the workbooks of folders given."""
        found: list[Path] = []
        for path in paths:
            if not path.exists():
                raise RefusedInput(f"{path}：没有这个文件或文件夹，请核对路径后重试")
            found += self._workbooks(path) if path.is_dir() else [path]
        if not found:
            raise RefusedInput(f"{'、'.join(map(str, paths))}：没有可以读取的工作簿(.xlsx、.xls、.ods、.csv)")
        if len(set(map(Path.resolve, found))) < len(found):
            raise RefusedInput("同一个文件给了两次，请核对后重试")
        return found

    def _workbooks(self, folder: Path) -> list[Path]:
        files = sorted(path for path in folder.iterdir() if not path.name.startswith(("~$", ".~", ".")))
        for path in files:
            if path.is_dir() or path.suffix.lower() not in READABLE | set(CONVERTIBLE):
                self._remark((-1, 0, 0), Remark(None, None, "", path.name, "文件夹里的这一项不是工作簿，未读取"))
        return [path for path in files if path.is_file() and path.suffix.lower() in READABLE | set(CONVERTIBLE)]

    def open(self, path: Path, among_others: bool) -> None:
        """
        This function will find the tables of a file.

        :raises RefusedInput: none has a column that is understood.
        """
        name = path.name
        if name in self.digests:
            name = f"{path.parent.name}/{path.name}"
        sheets = open_sheets(path, self.tell)
        readers = [SheetReader(name, self._label(name, sheet, among_others), sheet, self.titles) for sheet in sheets]
        visible = [reader for reader in readers if not reader.sheet.hidden]
        tables = [table for reader in visible for table in reader.read(least=SURE)]
        tables = tables or [table for reader in visible for table in reader.read(least=1)]
        if not tables:
            raise RefusedInput(
                f"{path.name}：没有找到机构名称列，也没有一列能识别；请核对表头，或用列名对照文件指明各列后重试"
            )
        named = [table for table in tables if {"name", "uscc"} & set(table.mapping.facts)]
        for reader in readers:
            self._report_sheet(reader, bool(named))
        self.tables += [table for table in tables if table in (named or tables)]
        with path.open("rb") as file:
            self.digests[name] = hashlib.file_digest(file, "sha256").hexdigest()

    def _label(self, name: str, sheet: Sheet, among_others: bool) -> str | None:
        if not among_others:
            return sheet.name
        return f"{name}/{sheet.name}" if sheet.name is not None else name

    def _report_sheet(self, reader: SheetReader, names_wanted: bool) -> None:
        """What a reader left out, and whole sheets and tables that are not read."""
        order = len(self.tables)
        for row, remark in reader.remarks:
            self._remark((order, row, -1), remark)
        sheet, place = reader.sheet, reader.label or reader.file
        if sheet.hidden and sheet.cells:
            self._remark(
                (order, 0, 0), Remark(reader.label, None, "", place, "隐藏的工作表，未读取；确需读取请取消隐藏后重试")
            )
        elif sheet.cells and not reader.tables:
            self._remark((order, 0, 0), Remark(reader.label, None, "", place, "没有找到表头，整张表未读取"))
        for table in reader.tables:
            if names_wanted and not {"name", "uscc"} & set(table.mapping.facts):
                head = table.mapping.head[0]
                why = f"第 {head} 行起的表没有机构名称列，可能是汇总表，未读取"
                self._remark((order, head, -1), Remark(table.label, None, "", place, why))

    def _remark(self, order: tuple[int, int, int], remark: Remark) -> None:
        self.remarks.append((order, remark))

    # --- values

    def register(self, as_of: date | None) -> Register:
        """This function will read the cells of all tables and look the rows over."""
        facts = declared()
        columns: dict[str, list[Any]] = {name: [] for name in facts}
        sheets: list[str | None] = []
        rows: list[int] = []
        starts: list[int] = []
        for order, table in enumerate(self.tables):
            starts.append(len(rows))
            values = self._values(order, table)
            for name in facts:
                columns[name] += values[name] if name in values else [None] * len(table.rows)
            sheets += [table.label] * len(table.rows)
            rows += [table.sheet.numbers[at] for at in table.rows]
        missing = self._missing(columns)
        flags: list[tuple[str, ...]] = [()] * len(rows)
        labels = set(sheets)

        def where(row: int) -> str:
            return f"第 {rows[row]} 行" if len(labels) == 1 else f"“{sheets[row]}”第 {rows[row]} 行"

        self.tell("核对各行", 0, len(rows))
        for fault in check(columns, where, as_of):
            order = bisect_right(starts, fault.row) - 1
            column = self.tables[order].mapping.facts.get(fault.fact)
            value = columns[fault.fact][fault.row]
            cell = f"{column.letters}{rows[fault.row]}" if column else None
            title = column.title if column else facts[fault.fact].title
            at = (order, rows[fault.row], column_index(column.letters) if column else 0)
            self._remark(at, Remark(sheets[fault.row], cell, title, _quoted(value), fault.why))
            if fault.flag:
                flags[fault.row] = tuple(
                    flag for flag in (DUPLICATE, CONTRADICTION) if flag in (*flags[fault.row], fault.flag)
                )
            if fault.drop:
                columns[fault.fact][fault.row] = None
        self.tell("核对各行", len(rows), len(rows))
        counts = {name: sum(len(table.rows) for table in self.tables if table.file == name) for name in self.digests}
        sources = [Source(name, digest, counts[name]) for name, digest in self.digests.items()]
        remarks = [remark for _, remark in sorted(self.remarks, key=lambda entry: entry[0])]
        return Register(columns, sheets, rows, flags, remarks, sources, missing)

    def _values(self, order: int, table: Table) -> dict[str, list[Any]]:
        """The values of a table by fact, for the columns it has; what could not be read is reported."""
        sheet, used = table.sheet, table.mapping.facts
        rows = [sheet.cells[at] for at in table.rows]
        wanted = {column_index(column.letters) for column in used.values()}
        across = islice(zip_longest(*rows), max(wanted, default=-1) + 1)  # no further: rows may be ragged far out
        columns = {index: cells for index, cells in enumerate(across) if index in wanted}
        values: dict[str, list[Any]] = {}
        shared: dict[int, list[int]] = {}
        for at, index in table.shared:
            shared.setdefault(index, []).append(at)
        for done, (name, fact) in enumerate(declared().items()):
            self.tell(f"识别 {table.label or table.file}", done, len(declared()))
            if not (column := used.get(name)):
                continue
            index = column_index(column.letters)
            cells: Sequence[Cell] = columns.get(index, [None] * len(rows))
            values[name], reports = read_column(fact, cells, table.mapping.factor(column), values)
            for at in set(shared.get(index, ())) & set(table.rows):
                reports.append(
                    (table.rows.index(at), "与上面的单元格合并，不知道是各行相同还是几行合计，请拆分后分别填写")
                )
            if name == "name":
                reports += [(at, "机构名称为空") for at, cell in enumerate(cells) if cell is None]
            for at, why in reports:
                row = sheet.numbers[table.rows[at]]
                remark = Remark(table.label, f"{column.letters}{row}", column.title, _quoted(cells[at]), why)
                self._remark((order, row, index), remark)
        self._fill_town(order, table, values)
        self._report_columns(order, table, rows)
        return values

    def _fill_town(self, order: int, table: Table, values: dict[str, list[Any]]) -> None:
        """The town that a title row, the name of the sheet or that of the file names, where no column does."""
        if "township" in values:
            return
        title = declared()["township"].title
        for place, text in (("工作表名", table.sheet.name or ""), ("文件名", Path(table.file).stem)):
            if not table.towns and (town := town_in(text)):
                table.towns.append((0, town, None))
                why = f"没有“{title}”列，按{place}填为“{town}”"
                self._remark((order, 0, 0), Remark(table.label, None, title, text, why))
        if table.towns:
            starts = [start for start, _, _ in table.towns]
            before = [bisect_right(starts, at) - 1 for at in range(len(table.rows))]
            values["township"] = [table.towns[at][1] if at >= 0 else None for at in before]

    def _report_columns(self, order: int, table: Table, rows: list[Sequence[Cell]]) -> None:
        """Columns that are not used, and columns without a title that hold something."""
        for at, column in enumerate(table.mapping.columns):
            if column.title and not column.fact and key(column.title) not in ROW_NUMBERS:
                why = column.note or "未识别的列，未使用"
                self._remark((order, 0, at), Remark(table.label, None, column.title, f"{column.letters} 列", why))
        width = len(table.mapping.columns)
        untitled = [at for at, column in enumerate(table.mapping.columns) if not column.title]
        filled = {at for row in rows for at in untitled if at < len(row) and row[at] is not None}
        filled |= {at for row in rows if len(row) > width for at in range(width, len(row)) if row[at] is not None}
        for at in sorted(filled):
            self._remark((order, 0, at), Remark(table.label, None, "", f"{letters(at)} 列", "没有标题的列，未使用"))

    def _missing(self, columns: dict[str, list[Any]]) -> list[str]:
        """The facts whose column no table has; said once, and of a single table only where others have the column."""
        have = [set(table.mapping.facts) | ({"township"} if table.towns else set()) for table in self.tables]
        missing = [name for name in columns if not any(name in facts for facts in have)]
        only = self.tables[0].label if len(self.tables) == 1 else None
        for name in missing:
            self._remark((-1, 0, 0), Remark(only, None, declared()[name].title, "", "没有这一列，各行都按未知处理"))
        for order, (table, facts) in enumerate(zip(self.tables, have, strict=True)):
            for name in columns:
                if name not in facts and name not in missing:
                    why = f"第 {table.mapping.head[0]} 行起的表没有这一列，表中各行都按未知处理"
                    self._remark((order, 0, 0), Remark(table.label, None, declared()[name].title, "", why))
        return missing


def _quoted(value: Any) -> str:
    """A cell or value as text for a report."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float | Approximate):
        return shown_number(value)
    if isinstance(value, tuple):
        return "、".join(value)
    return shown(value)[:LONGEST_CONTENT]
