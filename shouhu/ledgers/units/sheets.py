"""Tables that administrators bring: which columns they have, how a row is read, what is wrong in which cell."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from shouhu.engines.documents.grids.grid import Broken, Cell, Scaled, Sheet, letters
from shouhu.ledgers.units.codes import LENGTH, level_of, parent_of
from shouhu.ledgers.units.models import Division
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.units.scope import Scope

DIVISION_COLUMNS = {"code": ("区划代码", "代码", "code"), "name": ("名称", "区划名称", "name")}
MOST_ROWS = 100_000
_SEARCHED = 10
"""Rows in which the titles are looked for."""


@dataclass(frozen=True)
class Problem:
    """What is wrong in a cell and has to be put right in the file."""

    cell: str
    title: str
    why: str


class ImportRefused(Refused):
    """A file is not taken over, because cells of it are wrong; nothing was written."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        first = self.problems[0]
        super().__init__(
            f"文件有 {len(self.problems)} 处问题，未导入任何内容。第一处：{first.cell} {first.title}：{first.why}"
        )


@dataclass(frozen=True)
class Row:
    """A row of a table: its number and its texts by column; a column that is not there is empty."""

    number: int
    values: Mapping[str, str]
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values.get(column, "")


@dataclass
class Table:
    """A table found in a file: its rows, its problems, and titles that nothing is read from."""

    titles: Mapping[str, str]
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unused: tuple[str, ...] = ()

    def wrong(self, row: Row, column: str, why: str) -> None:
        """This function will note what is wrong in a cell."""
        self.problems.append(Problem(row.cells.get(column, f"第 {row.number} 行"), self.titles[column], why))


def table(sheets: Sequence[Sheet], columns: Mapping[str, Sequence[str]], required: Sequence[str]) -> Table:
    """
    This function will find the table with the required columns among the sheets and read its rows as text.

    :param columns: column → the titles by which it may go, the proper one first.
    """
    titles = {column: names[0] for column, names in columns.items()}
    by_title = {name: column for column, names in columns.items() for name in names}
    for sheet in sheets:
        for at, head in enumerate(sheet.cells[:_SEARCHED]):
            texts = [_text(cell) or "" for cell in head]
            places = {by_title[text]: place for place, text in enumerate(texts) if text in by_title}
            if all(column in places for column in required):
                found = Table(titles, unused=tuple(text for text in texts if text and text not in by_title))
                _read(found, sheet, at + 1, places)
                return found
    wanted = "、".join(titles[column] for column in required)
    return Table(titles, problems=[Problem("文件", "表头", f"没有找到含“{wanted}”的表头，请用模板填写")])


def _read(found: Table, sheet: Sheet, start: int, places: Mapping[str, int]) -> None:
    before = f"{sheet.name}!" if sheet.name else ""
    for number, cells in zip(sheet.numbers[start:], sheet.cells[start:], strict=True):
        if len(found.rows) == MOST_ROWS:
            found.problems.append(Problem(f"第 {number} 行", "文件", f"超过 {MOST_ROWS:,} 行，请分成几个文件导入"))
            return
        texts = {column: _text(cells[place]) if place < len(cells) else "" for column, place in places.items()}
        addresses = {column: f"{before}{letters(place)}{number}" for column, place in places.items()}
        row = Row(number, {column: text or "" for column, text in texts.items()}, addresses)
        for column, text in texts.items():
            if text is None:
                found.wrong(row, column, "单元格没有可读的值（公式出错或带万字格式），请改成文字")
        if any(row.values.values()):
            found.rows.append(row)


def _text(cell: Cell) -> str | None:
    match cell:
        case None:
            return ""
        case Broken() | Scaled():
            return None
        case date():
            return cell.isoformat()
        case float() if cell.is_integer():
            return str(int(cell))
    return unicodedata.normalize("NFKC", str(cell)).strip()


def full_code(text: str) -> str:
    """This function will fill a code of 6, 9 or 12 digits up to twelve; anything else becomes empty."""
    return text.ljust(LENGTH, "0") if len(text) in (6, 9, LENGTH) and text.isascii() and text.isdigit() else ""


@dataclass(frozen=True)
class DivisionPlan:
    """What an import of divisions will do: new ones, ones with another name (old, new), and how many stay."""

    new: Mapping[str, str]
    renamed: Mapping[str, tuple[str, str]]
    n_same: int
    unused: tuple[str, ...]
    problems: tuple[Problem, ...]


def read_divisions(sheets: Sequence[Sheet], scope: Scope) -> DivisionPlan:
    """This function will read a table of towns and villages (codes of 9 or 12 digits) and compare it with what is known."""
    found = table(sheets, DIVISION_COLUMNS, ("code", "name"))
    known = dict(scope.limit(Division.objects.filter(to_on=None)).values_list("code", "name"))
    named = {code: name for code, name, row in _divisions(found, scope)}
    for row in found.rows:
        code = full_code(row["code"])
        if code in named and parent_of(code) not in known and parent_of(code) not in named:
            found.wrong(row, "code", f"上级区划 {parent_of(code)} 不存在，请先导入上级或写在同一文件里")
    new = {code: name for code, name in named.items() if code not in known}
    renamed = {code: (known[code], name) for code, name in named.items() if known.get(code, name) != name}
    return DivisionPlan(new, renamed, len(named) - len(new) - len(renamed), found.unused, tuple(found.problems))


def _divisions(found: Table, scope: Scope) -> Iterator[tuple[str, str, Row]]:
    seen: dict[str, Row] = {}
    for row in found.rows:
        code = full_code(row["code"])
        if not code or level_of(code) not in ("township", "neighbourhood"):
            found.wrong(row, "code", f"“{row['code']}”不是9位镇街代码或12位村居代码")
        elif not scope.covers(code):
            found.wrong(row, "code", f"{code} 不在您岗位的辖区内")
        elif code in seen:
            found.wrong(row, "code", f"与 {seen[code].cells['code']} 重复")
        elif not 0 < len(row["name"]) <= 60:
            found.wrong(row, "name", "名称不能空着，也不能超过60个字")
        else:
            seen[code] = row
            yield code, row["name"], row
