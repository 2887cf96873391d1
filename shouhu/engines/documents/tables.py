"""The tables of a sheet: where heads stand, and which of the rows under them are institutions."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from shouhu.engines.documents.cells import shown
from shouhu.engines.documents.grids.grid import Cell, Sheet, letters
from shouhu.engines.documents.headers import (
    ROW_NUMBERS,
    Head,
    SheetMapping,
    TitleMapping,
    find_head,
    is_title,
    key,
    sheet_unit,
)
from shouhu.engines.documents.numbers import folded
from shouhu.engines.documents.register import LONGEST_CONTENT, Remark
from shouhu.engines.rules.facts import declared

SEARCHED = 60
"""Rows from the top of a sheet in which its first head is looked for."""
SURE = 3
"""Facts that a head must name to be one beyond doubt."""

_TOWN = r"[\u4e00-\u9fff]{2,8}?(?:街道|镇|乡|苏木)"
_COUNTY = r"(?:[\u4e00-\u9fff]{1,12}(?:省|市|区|县|旗|州|盟))?"
_TOWN_ALONE = re.compile(
    rf"(?:\(?[一二三四五六七八九十\d]{{1,3}}[)、.:])?{_COUNTY}({_TOWN})(?:人民政府|办事处|民政办)?(?:\(.*\))?[:]?"
)
_TOWN_IN_TITLE = re.compile(
    rf"(?:填[报表]单位[:(]*)?{_COUNTY}({_TOWN})(?:人民政府|办事处|养老|老年|未登记|服务|机构|民政|台账|排查|摸排|登记)"
)
_NO_TOWN = re.compile(r"各|全|本|乡镇|镇街|城镇|街镇|村镇|集镇")
_TOTAL = re.compile(r"(?:.{0,10}(?:合计|小计|总计|共计|累计|总数)|计)(?:\(.*\)|[::].*|数)?")
_NOTE = re.compile(
    r"(?:填表|填报|制表|审核|复核|审批|单位负责人|分管领导|负责人|联系人|联系电话|电话|报送|统计|上报|盖章|日期|填写|备注|说明|附注|附|注)"
    r"[^,。:]{0,8}:"
    r"|(?:填表|填写)?说明|\(?(?:示例|样例|例|举例)(?:[):]|$)|注\d|[※★]|\d{1,2}[.、)][^,。;]{0,60}[,。;:]"
)
_SECTION = re.compile(r"(?:以下|以上)|\(?[一二三四五六七八九十]{1,3}[)、.]")
_TITLE_LIKE = re.compile(r"名称|序号|编号|代码|地址|镇街|乡镇|街道|社区|村居|类型|性质|人|床位|登记|备案|机构$|单位$")
_CHINESE_ORDER = "甲乙丙丁戊己庚辛壬癸"


@dataclass
class Table:
    """One table: its mapping, the positions of its data rows in the sheet, and the town that titles name for them."""

    file: str
    label: str | None
    sheet: Sheet
    mapping: SheetMapping
    rows: list[int] = field(default_factory=list)
    towns: list[tuple[int, str, str | None]] = field(default_factory=list)  # from which data row on, the town, the cell
    shared: list[tuple[int, int]] = field(default_factory=list)  # (position, column) of numbers merged with those above


def town_in(text: str) -> str | None:
    """This function will find the town that a title row, a sheet name or a file name speaks of."""
    plain = folded(text)
    found = _TOWN_ALONE.fullmatch(plain) or _TOWN_IN_TITLE.match(plain)
    return found[1] if found and not _NO_TOWN.search(found[1]) else None


class SheetReader:
    """Walks down a sheet once, head by head and row by row; what it leaves out it reports."""

    def __init__(self, file: str, label: str | None, sheet: Sheet, titles: TitleMapping) -> None:
        self.file, self.label, self.sheet, self.titles = file, label, sheet, titles
        self.tables: list[Table] = []
        self.remarks: list[tuple[int, Remark]] = []

    def read(self, *, least: int) -> list[Table]:
        """This function will find the tables under heads that name ``least`` facts or more."""
        head = self._first_head(least)
        above = list(range(head.first)) if head else []
        for at in above:
            first = next((cell for cell in self.sheet.cells[at] if isinstance(cell, str)), "")
            if self._filled(at) >= SURE and not _NOTE.match(folded(first)):
                self._skip(at, "在表头以上，未读入")
        while head:
            table, unit = self._begin(head, above)
            head, above = self._read_rows(table, head, unit)
        return self.tables

    # --- heads

    def _first_head(self, least: int) -> Head | None:
        last = min(SEARCHED, len(self.sheet.cells))
        for start in range(last):
            if find_head(self.sheet, start, self.titles, least=SURE):
                nearby = (
                    find_head(self.sheet, at, self.titles, least=SURE) for at in range(start, min(start + 3, last))
                )
                return max(filter(None, nearby), key=lambda head: head.fit)
        if least >= SURE:
            return None
        weak = (find_head(self.sheet, at, self.titles, least=least) for at in range(last))
        return max(filter(None, weak), key=lambda head: ("name" in head.facts, len(head.facts)), default=None)

    def _next_head(self, at: int) -> Head | None:
        """The head that starts at a row below another table's head, if there is one."""
        row = self.sheet.cells[at]
        words = [cell for cell in row if isinstance(cell, str)]
        if not any(len(word) < 30 and _TITLE_LIKE.search(word) and is_title(word) for word in words[:3]):
            return None
        head = find_head(self.sheet, at, self.titles, least=SURE)
        sure = head and ("name" in head.facts or len(head.facts) > SURE) and 2 * len(head.facts) >= len(words)
        return head if sure else None

    def _begin(self, head: Head, above: list[int]) -> tuple[Table, Fraction | None]:
        texts = [(at, cell) for at in above for cell in self.sheet.cells[at] if isinstance(cell, str)]
        units = [unit for _, text in texts if (unit := sheet_unit(text))]
        unit = units[-1] if units else None
        table = Table(self.file, self.label, self.sheet, head.mapping(self.file, unit or Fraction(1)))
        self.tables.append(table)
        for at, town in [(at, town) for at, text in texts if (town := town_in(text))][-1:]:
            self._name_town(table, at, town)
        return table, unit

    def _name_town(self, table: Table, at: int, town: str) -> None:
        if "township" in table.mapping.facts:
            return
        table.towns.append((len(table.rows), town, self._address(at)))
        self._report(at, town, f"没有“所在镇街”列，以下各行按此填为“{town}”", declared()["township"].title)

    # --- rows

    def _read_rows(self, table: Table, head: Head, unit: Fraction | None) -> tuple[Head | None, list[int]]:
        """The rows under a head, until another head comes: that head, and the rows that were left out before it."""
        known = [at for at, column in enumerate(table.mapping.columns) if column.fact]
        counting = {at for at, column in enumerate(table.mapping.columns) if key(column.title) in ROW_NUMBERS}
        name = next((at for at in known if table.mapping.columns[at].fact == "name"), None)
        self._fill_merged(table, head)
        numbers = [at for at in known if declared()[str(table.mapping.columns[at].fact)].is_number]
        cells, left_out = self.sheet.cells, list[int]()
        at = self._after(head)
        while at < len(cells):
            row = cells[at]
            if name is not None and _plainly_data(row, name, numbers):
                table.rows.append(at)
                left_out = []
                at += 1
                continue
            filled = len(row) - row.count(None)
            titled = row[name] if name is not None and name < len(row) else None
            if next_head := self._next_head(at):
                if next_head.columns != head.columns:
                    return next_head, left_out
                at = self._after(next_head)
                continue
            first = next((cell for cell in row if isinstance(cell, str)), "")
            plain = folded(first if len(first) < 300 else first[:300])
            if _TOTAL.fullmatch(plain) or (isinstance(titled, str) and _TOTAL.fullmatch(folded(titled))):
                self._skip(at, "合计行，未作为机构读入")
            elif filled <= 8 and _NOTE.match(plain):
                self._skip(at, "表下说明，未作为机构读入")
                if unit is None and (unit := sheet_unit(plain)):
                    table.mapping = head.mapping(self.file, unit)
            elif filled == 1 and (town := town_in(plain)):
                self._skip(at, "镇街标题行，未作为机构读入")
                self._name_town(table, at, town)
            elif self._is_institution(at, plain, name, known):
                table.rows.append(at)
                left_out = []
            elif any(cell is not None and j not in counting for j, cell in enumerate(row)):
                self._skip(at, "不是完整的数据行，未读入")
            at += 1
            if not table.rows or table.rows[-1] != at - 1:
                left_out.append(at - 1)
        return None, []

    def _is_institution(self, at: int, plain: str, name: int | None, known: list[int]) -> bool:
        """Whether a row is data: it has a name (with nothing else, if it is no line of text), or several known cells."""
        row, filled = self.sheet.cells[at], self._filled(at)
        if name is not None and name < len(row) and row[name] is not None:
            return filled > 1 or len(known) < SURE or not self._is_line(at, plain)
        return (filled > 2 or name is None) and any(j < len(row) and row[j] is not None for j in known)

    def _is_line(self, at: int, plain: str) -> bool:
        """Whether a row with a single filled cell is a line of text or the title of another table, and no institution."""
        if _SECTION.match(plain) or (len(plain) > 25 and re.search("[,。;:]", plain)):
            return True
        for below in range(at + 1, min(at + 4, len(self.sheet.cells))):
            if self._next_head(below):
                return True
            if self._filled(below) > 1:
                return False
        return False

    def _after(self, head: Head) -> int:
        """The first row below a head that is no row of column numbers (1 2 3 …, 甲 乙 1 2 …)."""
        at = head.last + 1
        while at < len(self.sheet.cells) and _counts_columns(self.sheet.cells[at]):
            at += 1
        return at

    def _fill_merged(self, table: Table, head: Head) -> None:
        """Cells merged downwards hold for each of their rows; a number does not: it may be the sum of them all."""
        numbers, columns = self.sheet.numbers, table.mapping.columns
        for top, left, bottom, right in self.sheet.merges:
            if bottom == top or left >= len(columns) or top <= numbers[head.last]:
                continue
            if sum(bool(column.fact) for column in columns[left : right + 1]) > 1:
                continue
            first, last = bisect_left(numbers, top), bisect_right(numbers, bottom)
            if first == last or numbers[first] != top or left >= len(self.sheet.cells[first]):
                continue
            fact, value = columns[left].fact, self.sheet.cells[first][left]
            if not fact or value is None:
                continue
            for at in range(first + 1, last):
                if declared()[fact].is_number:
                    table.shared.append((at, left))
                else:
                    row = list(self.sheet.cells[at])
                    self.sheet.cells[at] = row + [None] * (left + 1 - len(row))
                    self.sheet.cells[at][left] = value  # type: ignore[index]

    # --- reports

    def _filled(self, at: int) -> int:
        row = self.sheet.cells[at]
        return len(row) - row.count(None)

    def _address(self, at: int) -> str:
        first = next(j for j, cell in enumerate(self.sheet.cells[at]) if cell is not None)
        return f"{letters(first)}{self.sheet.numbers[at]}"

    def _skip(self, at: int, why: str) -> None:
        self._report(at, " ".join(shown(cell) for cell in self.sheet.cells[at] if cell is not None), why)

    def _report(self, at: int, content: str, why: str, column: str = "") -> None:
        remark = Remark(self.label, self._address(at), column, content[:LONGEST_CONTENT], why)
        self.remarks.append((self.sheet.numbers[at], remark))


def _plainly_data(row: Sequence[Cell], name: int, numbers: list[int]) -> bool:
    """Whether a row is data beyond doubt, told quickly: well filled, with a name, a number, and no word like 合计."""
    start = row[:16]
    if len(start) - start.count(None) <= 8 or name >= len(row) or type(row[name]) is not str:
        return False
    if any(type(cell) is str and "计" in cell for cell in row[: name + 1]):
        return False
    for at in numbers:
        cell = row[at] if at < len(row) else None
        if type(cell) is int or type(cell) is float or (type(cell) is str and cell.isdecimal()):
            return True
    return False


def _counts_columns(row: Sequence[Cell]) -> bool:
    """Whether a row numbers the columns: 1 2 3 4, or 甲 乙 丙 1 2."""
    cells = [shown(cell) for cell in row if cell is not None]
    if len(cells) < SURE or any(len(cell) > 4 for cell in cells):
        return False
    counted = [int(cell) for cell in cells if cell.isascii() and cell.isdigit()]
    rest = [cell for cell in cells if not (cell.isascii() and cell.isdigit())]
    start = counted[0] if counted else 1
    return (
        counted == list(range(start, start + len(counted))) and start <= 2 and rest == list(_CHINESE_ORDER[: len(rest)])
    )
