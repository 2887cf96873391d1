"""Titles of columns: which fact each stands for, in which unit, under heads of one to three rows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from shouhu.engines.documents.grids.grid import Cell, RefusedInput, Sheet, letters
from shouhu.engines.rules.facts import Fact, declared

TitleMapping = Mapping[str, str | None]
"""Titles as seen (or parts of a head joined by "/") to fact names; None: known, and not used."""

SEPARATOR = "/"
ROW_NUMBERS = frozenset({"序号", "编号", "行号", "no", "id"})
"""Columns that only count the rows."""
DEEPEST = 3
"""Rows that a head may have."""

_NUMBERING = re.compile(r"^(?:\(?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[)、.:]|[*※#])+")
_NOISE = re.compile(r"[\W_]+")
_BRACKETS = re.compile(r"[(\[{【〔<《]([^()\[\]{}【】〔〕<>《》]*)[)\]}】〕>》]")
_UNIT = re.compile(
    r"(?:单位:?)?(?:人民币)?(万|亿|千|百)?(元|人|张|个|月|年|次|回|家|处|所|名|位|床|天|日)整?"
    r"((?:[/每·.*](?:人|位|床|张|个?月|年|天|日|季|次)){0,3})"
)
_TAIL_UNIT = re.compile(r"(.+?)(?:[/,:]|单位:?)?([万亿千百]元)")
_SHEET_UNIT = re.compile(r"(?<![填报送制表])单位(?:[:为是]|(?=[万亿]))[人张个家次、,/;]*(万|亿|千|百)?元")
_SCALES = {"万": 10_000, "亿": 100_000_000, "千": 1_000, "百": 100, "": 1}
_NOUNS = {"元": "金额", "人": "人数", "月": "月数", "次": "次数", "张": "数", "个": "数"}
_UNITS_OF = {"元": "元", "张": "张床个", "人": "人名位个", "个": "个家处所", "次": "次回", "月": "月年"}
_OWN_MATTERS = re.compile(
    r"养老|服务|机构|单位|场所|基本|基础|情况|信息|概况|状况|内容|登记|备案|运营|经营|收费|收取|预付费?|是否|资产|负债|财务|资金"
    r"|人员|风险|隐患|排查|宣传|重点|问题|事项|主要|规模|变化|变更|变动|情形|近三年|人员|信用|投诉|举报|的|及|和|与|[一二三四五六七八九十\d]"
)
_ITSELF = re.compile(r"养老|服务|机构|单位|场所|基本|基础|情况|信息|概况|[一二三四五六七八九十\d]")
_AROUND = re.compile(r"^(?:是否收取|是否有|是否存在|有无|是否|收取|存在|涉及)|(?:使用)?(?:情况|信息|状况|方面)$")


@dataclass(frozen=True)
class Column:
    """One column: its letters, the title seen (levels joined by "/"), its fact or None, and what is odd about it."""

    letters: str
    title: str
    fact: str | None
    factor: Fraction | None = None
    """What the unit in the title multiplies figures with; None where the title names no unit."""
    note: str = ""


@dataclass(frozen=True)
class SheetMapping:
    """How one table of a sheet is read; ``head`` holds the first and last row number of its head. Print it to show it."""

    file: str
    sheet: str | None
    head: tuple[int, int]
    columns: tuple[Column, ...]
    unit: Fraction = Fraction(1)
    """What a note such as 单位：万元 multiplies those sums with whose titles name no unit."""

    def __str__(self) -> str:
        place = f"{self.file} / {self.sheet}" if self.sheet else self.file
        rows = f"第 {self.head[0]} 行" if self.head[0] == self.head[1] else f"第 {self.head[0]}-{self.head[1]} 行"
        return "\n".join([f"{place}：表头在{rows}", *map(self._line, self.columns)])

    def _line(self, column: Column) -> str:
        if not column.fact:
            return f"{column.letters:>3}  {column.title}  ——  {column.note or '未识别，不使用'}"
        factor = self.factor(column)
        return f"{column.letters:>3}  {column.title}  →  {declared()[column.fact].title}{f'（×{factor}）' if factor != 1 else ''}"

    def factor(self, column: Column) -> Fraction:
        """This function will give what bare figures of a column are multiplied with."""
        if column.factor is not None:
            return column.factor
        return self.unit if column.fact and declared()[column.fact].type == "money" else Fraction(1)

    @property
    def facts(self) -> dict[str, Column]:
        """The columns that are used, by fact."""
        return {column.fact: column for column in self.columns if column.fact}

    @property
    def unused(self) -> tuple[Column, ...]:
        """The columns that are not used."""
        return tuple(column for column in self.columns if not column.fact)


def save_mapping(path: Path, mappings: Iterable[SheetMapping]) -> None:
    """This function will write what every title stands for to a YAML file that ``load_mapping`` reads and people edit."""
    titles = {column.title: column.fact for mapping in mappings for column in mapping.columns if column.title}
    head = "# 列名对照：左边是台账里的列标题（多行表头用 / 连接），右边是事实名或规范列名；null 表示不使用这一列\n"
    path.write_text(head + yaml.safe_dump(titles, allow_unicode=True, sort_keys=False), "utf-8")


def load_mapping(path: Path) -> dict[str, str | None]:
    """
    This function will read a mapping file: titles as seen to fact names or canonical titles.

    :raises RefusedInput: not such a file, or a fact that is not declared.
    """
    names = {key: fact.name for fact in declared().values() for key in (fact.name, fact.title, fact.heading)}
    try:
        found: Any = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        raise RefusedInput(f"{path.name}：列名对照文件读不出来，请检查格式（每行“列标题: 事实名”）") from error
    if not isinstance(found, dict):
        raise RefusedInput(f"{path.name}：不是列名对照文件，每行应是“列标题: 事实名”")
    for title, fact in found.items():
        if fact is not None and (not isinstance(fact, str) or fact not in names):
            raise RefusedInput(f"{path.name}：“{title}”对应的“{fact}”不是已声明的事实，请改用规范列名，例如“机构名称”")
    return {str(title): None if fact is None else names[fact] for title, fact in found.items()}


# --- one title


def key(text: str) -> str:
    """This function will give a title the form in which titles are compared."""
    text = _NUMBERING.sub("", unicodedata.normalize("NFKC", "".join(text.split())))
    return _NOISE.sub("", text).lower().replace("近3年", "近三年")


@cache
def titles() -> dict[str, str]:
    """This function will give the fact of every title, heading, synonym and fact name, by ``key``."""
    found: dict[str, str] = {}
    for fact in declared().values():
        for title in (fact.name, fact.title, fact.heading, *fact.synonyms):
            found.setdefault(key(title), fact.name)
    return found


@cache
def _canonical() -> frozenset[str]:
    return frozenset(key(fact.title) for fact in declared().values())


@dataclass(frozen=True)
class _Title:
    """A title taken apart: its forms without the unit, from full to bare, and what its unit says."""

    forms: tuple[str, ...]
    unit: str = ""
    scale: int = 1
    per: str = ""


@lru_cache(maxsize=65_536)
def _parted(text: str) -> _Title:
    plain = unicodedata.normalize("NFKC", "".join(text.split()))
    unit, scale, per = "", 1, ""
    for whole, inside in [(match[0], match[1]) for match in _BRACKETS.finditer(plain)] or [(plain, plain)]:
        if match := _UNIT.fullmatch(inside):
            scale, unit, per = _SCALES[match[1] or ""], match[2], match[3]
            plain = plain.replace(whole, "")
    if not unit and (tail := _TAIL_UNIT.fullmatch(plain)):
        plain, unit, scale = tail[1], "元", _SCALES[tail[2][0]]
    forms = dict.fromkeys((key(plain), key(_BRACKETS.sub("", plain))))
    return _Title(tuple(filter(None, forms)), unit, scale, per)


@lru_cache(maxsize=65_536)
def is_title(text: str) -> bool:
    """This function will say whether a text by itself is the title of a fact, or of a column that counts rows."""
    return len(text) < 40 and any(form in titles() or form in ROW_NUMBERS for form in _parted(text).forms)


def is_unit(text: str) -> bool:
    """This function will say whether a text is nothing but a unit, with or without brackets: （万元）, 张."""
    return not _parted(text).forms


@lru_cache(maxsize=65_536)
def _meant(levels: tuple[str, ...]) -> tuple[str | None, str]:
    """The fact that a head speaks of, or None and what is odd about it."""
    parts = [_parted(level) for level in levels]
    own = parts[-1]
    for form in _candidates(parts):
        for ending in ("", _NOUNS.get(own.unit, "")):
            fact = declared().get(titles().get(form + ending, ""))
            if fact and _fits(fact, form, own):
                return fact.name, ""
            if fact and fact.is_number:
                return None, f"单位“{own.unit}{own.per}”与“{fact.title}”不符，不使用"
    return None, "行号，不使用" if len(parts) == 1 and set(own.forms) & ROW_NUMBERS else ""


def _factor(levels: tuple[str, ...], fact: Fact | None) -> Fraction | None:
    """The factor of the unit that a head names, from its lowest row upwards; units of another kind do not count."""
    for part in (_parted(level) for level in reversed(levels)):
        if part.unit and (fact is None or _fits(fact, "月", part)):
            return Fraction(part.scale * (12 if part.unit == "年" else 1))
    return None


def _candidates(parts: Sequence[_Title]) -> list[str]:
    """The forms under which a head may be known, the most complete first."""
    *above, own = parts
    if not above:
        return list(own.forms)
    parents = [form for part in reversed(above) for form in part.forms]
    parents += [shorter for form in parents if (shorter := _AROUND.sub("", form)) and shorter != form]
    if not own.forms:  # the lowest level only names the unit
        return parents
    found = ["".join(part.forms[0] for part in parts if part.forms)]
    found += [joined for parent in parents for form in own.forms for joined in (parent + form, form + parent)]
    if all(not _OWN_MATTERS.sub("", form) for form in parents):
        itself = all(not _ITSELF.sub("", form) for form in parents)
        found += [form for form in own.forms if itself or len(form) > 2 or form in _canonical()]
    return found


def _fits(fact: Fact, form: str, title: _Title) -> bool:
    """Whether the unit of a title can be that of a fact: 元 of sums (by the month of the monthly fee), 人 of people …"""
    if not title.unit:
        return True
    if fact.type == "money":
        monthly = fact.name == "monthly_fee" and "月" in form + title.per and not set(title.per) & set("年天日季次")
        return title.unit == "元" and (not title.per or monthly)
    if fact.is_number:
        return title.unit in _UNITS_OF[fact.unit or "个"] and not title.per
    return fact.type not in ("yes_no", "choice", "persons", "names", "date")


def sheet_unit(text: str) -> Fraction | None:
    """This function will find the unit that a note names for all sums of a table: 单位：万元."""
    found = _SHEET_UNIT.search(unicodedata.normalize("NFKC", "".join(text.split())))
    return Fraction(_SCALES[found[1] or ""]) if found else None


# --- one head


class Head:
    """The head of a table that may stand in some rows of a sheet, with the column of every title understood."""

    def __init__(self, sheet: Sheet, first: int, last: int, mapping: TitleMapping) -> None:
        """This function will understand rows ``first`` to ``last`` (positions in the sheet) as a head."""
        self.sheet, self.first, self.last = sheet, first, last
        self._given = {key(title): fact for title, fact in mapping.items()}
        self.columns = tuple(self._column(at, levels) for at, levels in enumerate(self._levels()))
        self.facts = frozenset(column.fact for column in self.columns if column.fact)
        titled = sum(1 for column in self.columns if column.title)
        self.fit = (len(self.facts), titled, first - last)
        """Of two heads that may stand there, the one with the greater ``fit`` does: more facts, more titles, fewer rows."""

    def _levels(self) -> list[tuple[str, ...]]:
        sheet = self.sheet
        rows = [[_title(cell) for cell in sheet.cells[at]] for at in range(self.first, self.last + 1)]
        width = max(map(len, rows))
        for row in rows:
            row += [""] * (width - len(row))
        numbers = sheet.numbers[self.first : self.last + 1]
        spread = [False] * len(rows)
        for top, left, bottom, right in merges_between(sheet, numbers[0], numbers[-1]):
            inside = [at for at, number in enumerate(numbers) if top <= number <= bottom]
            if not inside or left >= width:
                continue
            text = rows[inside[0]][left]
            for at in inside:
                spread[at] = spread[at] or right > left
                rows[at][left : right + 1] = [text] * (min(right, width - 1) - left + 1)
        for at, row in enumerate(rows[:-1]):
            for column in range(1, width if not spread[at] else 0):
                if not row[column] and rows[at + 1][column] and rows[at + 1][column - 1] and row[column - 1]:
                    row[column] = row[column - 1]  # a wide title of which a CSV, say, keeps only the first cell
        return [tuple(dict.fromkeys(filter(None, levels))) for levels in zip(*rows, strict=True)]

    def _column(self, at: int, levels: tuple[str, ...]) -> Column:
        title = SEPARATOR.join(" ".join(level.split()) for level in levels)
        fact, note = _meant(levels) if levels else (None, "")
        for name in (title, levels[-1]) if levels else ():
            if key(name) in self._given:
                fact, note = self._given[key(name)], "按对照文件不使用"
                break
        return Column(
            letters(at), title, fact, _factor(levels, declared()[fact] if fact else None), "" if fact else note
        )

    def mapping(self, file: str, unit: Fraction) -> SheetMapping:
        """This function will give the mapping of the table; ``unit`` is that of sums whose head names none."""
        seen: dict[str, Column] = {}
        columns = []
        for column in self.columns:
            if column.fact in seen:
                first = seen[column.fact]
                column = replace(column, fact=None, note=f"与 {first.letters} 列“{first.title}”重复，不使用")
            elif column.fact:
                seen[column.fact] = column
            columns.append(column)
        numbers = self.sheet.numbers
        return SheetMapping(file, self.sheet.name, (numbers[self.first], numbers[self.last]), tuple(columns), unit)


def merges_between(sheet: Sheet, first: int, last: int) -> list[tuple[int, int, int, int]]:
    """This function will give the merged ranges that touch some rows (by number)."""
    return [merge for merge in sheet.merges if merge[0] <= last and merge[2] >= first]


def _title(cell: Cell) -> str:
    return " ".join(cell.split()) if isinstance(cell, str) and len(cell) < 200 else ""


def find_head(sheet: Sheet, start: int, mapping: TitleMapping, *, least: int) -> Head | None:
    """
    This function will find the best head of one to three rows that starts at a position of a sheet.

    The one with the best ``fit`` wins.

    :return: None where no head understands ``least`` facts.
    """
    best: Head | None = None
    for last in range(start, min(start + DEEPEST, len(sheet.cells))):
        if not any(isinstance(cell, str) for cell in sheet.cells[last]):
            break
        head = Head(sheet, start, last, mapping)
        if len(head.facts) >= least and (best is None or head.fit > best.fit):
            best = head
    if best and best.last + 1 < len(sheet.cells):
        below = [cell for cell in sheet.cells[best.last + 1] if cell is not None]
        if all(isinstance(cell, str) and is_unit(cell) for cell in below):  # a row that only names the units
            best = Head(sheet, start, best.last + 1, mapping)
    return best
