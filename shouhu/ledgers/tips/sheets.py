"""Lists of tips that other platforms send: how their columns are understood, and what a row becomes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from fractions import Fraction
from functools import cache
from importlib.resources import files
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from django.utils.timezone import get_current_timezone

from shouhu.engines.documents.cells import shown
from shouhu.engines.documents.grids.grid import Broken, Cell, RefusedInput, Scaled, Sheet, letters
from shouhu.engines.documents.grids.opening import open_sheets
from shouhu.engines.documents.headers import key
from shouhu.engines.documents.numbers import Unreadable, folded, numeral
from shouhu.ledgers.units.codes import level_of, parent_of
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.units.sheets import Problem, full_code

MOST_ROWS = 5_000
"""Tips of a list that are taken in at once."""
SEARCHED = 20
"""Rows of a sheet in which its titles are looked for."""
FEWEST_TITLES = 2
"""Known titles that make a row a head."""
EXAMPLE = "示例"
"""The sheet of the template that shows how to fill it in; it is no list."""
LONGEST_TITLE = 40
LONGEST_NUMBER = 60
_MEMORY = Path("/dev/shm")
"""Where a file lies while it is read, if the system has such a place: in memory, as names stand in it."""


class Unimportable(Refused):
    """The file cannot be taken in; ``str()`` says why."""


@dataclass(frozen=True)
class Field:
    """What a column may hold; ``kind`` as in ``columns.yaml``."""

    name: str
    title: str
    kind: str


@cache
def _declared() -> dict[str, Any]:
    declared: dict[str, Any] = yaml.safe_load((files(__package__) / "columns.yaml").read_text("utf-8"))
    return declared


@cache
def fields() -> dict[str, Field]:
    """This function will give what columns may hold, by name."""
    return {name: Field(name, row["title"], row["kind"]) for name, row in _declared()["fields"].items()}


@cache
def _titles() -> dict[str, str]:
    """Field by the form in which titles are compared; empty: known, and of no use."""
    known = {key(word): name for name, row in _declared()["fields"].items() for word in (row["title"], *row["words"])}
    return {key(word): "" for word in _declared()["unused"]} | known


Mapped = list[dict[str, Any]]
"""How a file is read: for each table its sheet (counted from 0), the row number of its head, and its columns."""


@dataclass(frozen=True)
class Incoming:
    """A row as it will be taken in."""

    place: str
    outer_number: str
    text: str
    code: str
    """Empty: not told; the division of the office counts."""
    received_at: datetime | None
    told: Mapping[str, str]
    sum_fen: int | None
    n_victims: int | None
    is_urgent: bool
    identity: Mapping[str, str]


@dataclass
class Reading:
    """What a file holds, and what is wrong with it (``problems``) or only to be known (``remarks``)."""

    rows: list[Incoming] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)


def understood(content: bytes, name: str) -> Mapped:
    """
    This function will tell which column of which table holds what, for the clerk to confirm or correct.

    :raises Unimportable: a file of another kind, damaged, hostile, or without a head that is known.
    """
    tables: Mapped = []
    for number, sheet in enumerate(_sheets(content, name)):
        heads = [(_known(row), -at) for at, row in enumerate(sheet.cells[:SEARCHED])]
        most, at = max(heads, default=(0, 0))
        if sheet.hidden or sheet.name == EXAMPLE or most < FEWEST_TITLES:
            continue
        tables.append({"sheet": number, "head": sheet.numbers[-at], "columns": _columns(sheet.cells[-at])})
    if not tables:
        raise Unimportable("没有找到表头：至少要有编号和反映内容两列，请核对文件，或者用模板填写")
    return tables


def corrected(mapping: Mapped, choices: Mapping[tuple[int, str], str]) -> Mapped:
    """
    This function will put a clerk's choices into a mapping; ``choices``: (table, column letters) to the name of a field.

    :raises Unimportable: a field is unknown, is chosen twice, or a needed one is missing.
    """
    tables = []
    for number, table in enumerate(mapping):
        columns = [{**one, "field": choices.get((number, one["letters"]), one["field"])} for one in table["columns"]]
        chosen = [one["field"] for one in columns if one["field"]]
        if unknown := set(chosen) - set(fields()):
            raise Unimportable(f"没有“{unknown.pop()}”这一项")
        for name, one in fields().items():
            if one.kind != "also" and chosen.count(name) > 1:
                raise Unimportable(f"有{chosen.count(name)}列都对应“{one.title}”，只能用一列，其余可以附在正文后面")
        if missing := lacking([{**table, "columns": columns}]):
            raise Unimportable(missing)
        tables.append({**table, "columns": columns})
    return tables


def lacking(mapping: Mapped) -> str:
    """This function will say which needed column a mapping lacks; empty when it can be read by."""
    for table in mapping:
        chosen = {one["field"] for one in table["columns"]}
        for name in _declared()["required"]:
            if name not in chosen:
                return f"没有一列对应“{fields()[name].title}”，请指明"
    return ""


def read(content: bytes, name: str, mapping: Mapped, places: Mapping[str, str], at: datetime) -> Reading:
    """
    This function will read the rows of a file by a mapping.

    :param places: code and name of the divisions that a row may name.
    :param at: now; a later day in the list is not believed.
    :raises Unimportable: the file does not read as it did when the mapping was made, or is too long.
    """
    sheets = _sheets(content, name)
    reading = Reading()
    seen: dict[str, Incoming] = {}
    for table in mapping:
        sheet = sheets[table["sheet"]] if table["sheet"] < len(sheets) else Sheet(None)
        if table["head"] not in sheet.numbers:
            raise Unimportable("文件与上传时读到的不一致，请重新上传")
        reader = _Rows(reading, table, f"表{table['sheet'] + 1} " if len(mapping) > 1 else "", places, at)
        for row in reader.of(sheet):
            before = seen.setdefault(row.outer_number, row)
            if before is row:
                reading.rows.append(row)
            elif before.text != row.text:
                reader.wrong(row.place, "outer_number", f"编号与{before.place}相同，内容却不同，请核对")
            else:
                reader.note(row.place, "outer_number", f"与{before.place}是同一件，只收一次")
            if len(seen) > MOST_ROWS:
                raise Unimportable(f"名单超过 {MOST_ROWS:,} 件，请分成几个文件导入")
    return reading


def _sheets(content: bytes, name: str) -> list[Sheet]:
    suffix = PurePath(name.replace("\\", "/")).suffix.lower()[:10]
    with TemporaryDirectory(prefix="shouhu-", dir=_MEMORY if _MEMORY.is_dir() else None) as folder:
        copy = Path(folder) / f"名单{suffix}"
        copy.write_bytes(content)
        try:
            return open_sheets(copy, lambda *_: None)
        except RefusedInput as error:
            raise Unimportable(str(error)) from error


def _known(row: Sequence[Cell]) -> int:
    """How many fields a row names, if it could be a head."""
    found = {_titles().get(key(cell)) or _without_unit(cell) for cell in row if isinstance(cell, str)} - {""}
    return len(found) if found & set(_declared()["required"]) else 0


def _columns(head: Sequence[Cell]) -> list[dict[str, str]]:
    columns, taken = [], set()
    for at, cell in enumerate(head):
        title = " ".join(shown(cell).split())[:LONGEST_TITLE]
        if not title:
            continue
        name = _titles().get(key(title)) or _without_unit(title)
        if name and name in taken and fields()[name].kind != "also":
            name = ""
        taken.add(name)
        columns.append({"letters": letters(at), "title": title, "field": name})
    return columns


def _without_unit(title: str) -> str:
    return _titles().get(key(re.sub(r"[(（].*?[)）]", "", title)), "")


class _Rows:
    """The rows of one table."""

    def __init__(
        self, reading: Reading, table: Mapping[str, Any], prefix: str, places: Mapping[str, str], at: datetime
    ):
        self.reading, self.prefix, self.at = reading, prefix, at
        self.head: int = table["head"]
        self.columns = [(one["letters"], one["title"], one["field"]) for one in table["columns"] if one["field"]]
        self.finder = _Places(places)

    def of(self, sheet: Sheet) -> Iterator[Incoming]:
        """This function will give the rows under the head, and note what is wrong in the others."""
        for number, cells in zip(sheet.numbers, sheet.cells, strict=True):
            if number <= self.head:
                continue
            held = {letters(at): cell for at, cell in enumerate(cells) if cell is not None and shown(cell).strip()}
            found = [(title, name, held[at], f"{at}{number}") for at, title, name in self.columns if at in held]
            if found and (row := self._row(f"{self.prefix}第{number}行", found)):
                yield row

    def wrong(self, cell: str, name: str, why: str) -> None:
        """This function will note what keeps a row from being taken in."""
        self.reading.problems.append(Problem(cell, fields()[name].title, why))

    def note(self, cell: str, name: str, why: str) -> None:
        """This function will note what was taken in another way than it stands there."""
        self.reading.remarks.append(Problem(cell, fields()[name].title, why))

    def _row(self, place: str, found: Sequence[tuple[str, str, Cell, str]]) -> Incoming | None:
        n_before = len(self.reading.problems)
        by_name = {
            name: (cell, f"{self.prefix}{address}", title) for title, name, cell, address in found if name != "also"
        }
        words = {name: self._words(cell, address, name) for name, (cell, address, _) in by_name.items()}
        also = [f"{title}：{shown(cell).strip()}" for title, name, cell, _ in found if name == "also"]
        if not words.get("outer_number") and not words.get("text"):
            return None  # a line of totals, of signatures
        for name in _declared()["required"]:
            if not words.get(name) and len(self.reading.problems) == n_before:
                self.wrong(place, name, "没有填写，不能导入")
        number = words.get("outer_number", "")
        if len(number) > LONGEST_NUMBER:
            self.wrong(place, "outer_number", f"超过{LONGEST_NUMBER}个字，不像编号")
        sum_fen = self._number(by_name, "sum", also, 100)
        n_victims = self._number(by_name, "n_victims", also, 1)
        received_at = self._moment(by_name, also)
        row = Incoming(
            place=place, outer_number=number, text=_text(words, also), code=self._code(words, by_name, place),
            received_at=received_at, told={n: words[n] for n in ("named", "place", "happened") if words.get(n)},
            sum_fen=sum_fen, n_victims=n_victims, is_urgent=folded(words.get("urgent", "")).lower() in _declared()["urgent"],
            identity={n: words[n] for n, one in fields().items() if one.kind == "identity" and _told(words.get(n, ""))},
        )  # fmt: skip
        return row if len(self.reading.problems) == n_before else None

    def _words(self, cell: Cell, address: str, name: str) -> str:
        if isinstance(cell, Broken):
            self.wrong(address, name, cell.why)
            return ""
        if name == "outer_number" and isinstance(cell, float | int) and abs(cell) >= 10**15:
            self.wrong(address, name, "以数字格式保存，15 位以后的数字已丢失，请改为文本格式重填")
        text = shown(cell).strip()
        return "".join(text.split()) if name == "outer_number" else text

    def _number(
        self, by_name: Mapping[str, tuple[Cell, str, str]], name: str, also: list[str], times: int
    ) -> int | None:
        if name not in by_name:
            return None
        cell, address, title = by_name[name]
        factor = Fraction(10_000 if "万" in title else 1)
        try:
            value = Fraction(cell.number) * cell.factor if isinstance(cell, Scaled) else in_words(shown(cell)) * factor
        except Unreadable:
            self.note(address, name, "看不出数字，原样附在正文后面")
            also.append(f"{title}：{shown(cell).strip()}")
            return None
        return round(value * times) if 0 <= value < 10**11 else None

    def _moment(self, by_name: Mapping[str, tuple[Cell, str, str]], also: list[str]) -> datetime | None:
        if "received_at" not in by_name:
            return None
        cell, address, title = by_name["received_at"]
        found = _instant(cell)
        if found and found <= self.at:
            return found
        self.note(
            address, "received_at", "看不出日期，按今天收到登记" if found is None else "日期在今天以后，按今天收到登记"
        )
        also.append(f"{title}：{shown(cell).strip()}")
        return None

    def _code(self, words: Mapping[str, str], by_name: Mapping[str, Any], place: str) -> str:
        stated = full_code(folded(words.get("code", "")))
        if stated in self.finder.names:
            return stated
        for name in ("code", "place"):
            if code := self.finder.find(words.get(name, "")):
                return code
        code = self.finder.find(words.get("text", ""))
        where = f"按正文定为“{self.finder.names[code]}”" if code else "没有写明属地，先记在本办"
        self.note(by_name["code"][1] if "code" in by_name else place, "code", where)
        return code


class _Places:
    """Divisions by the names that texts call them by."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names

    def find(self, text: str) -> str:
        """This function will give the division that a text names; empty when none, or when two could be meant."""
        plain = folded(text)
        named = {code: name for code, name in self.names.items() if len(name) > 1 and name in plain}
        hits = {code for code, name in named.items() if not any(name in other != name for other in named.values())}
        levels = [
            {code for code in hits if level_of(code) == level} for level in ("neighbourhood", "township", "county")
        ]
        for level, above in zip(levels, [*levels[1:], set()], strict=True):
            fit = {code for code in level if parent_of(code) in above} if above else level
            if len(fit) == 1:
                return fit.pop()
        return ""


def in_words(text: str) -> Fraction:
    """
    This function will read a number as people write it: 58000, 5.8万元, 约三万五.

    :raises Unreadable: anything else.
    """
    plain = re.sub(
        r"^(?:人民币|约|大约|大概|近|共|合计|￥|¥)+|(?:元整|元|块钱|块|余|多|左右|名|人|位|个)+$", "", folded(text)
    )
    return numeral(re.sub(r"[wW]$", "万", plain))


_DAY = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?(?:(?:\s*T|\s+|(?<=[日号]))(\d{1,2})[:时](\d{2})分?(?::\d{2}(?:\.\d+)?)?)?"
)


def _instant(cell: Cell) -> datetime | None:
    zone = get_current_timezone()
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=zone)
    if isinstance(cell, date):
        return datetime.combine(cell, time.min, zone)
    text = unicodedata.normalize("NFKC", shown(cell)).strip()
    if len(text) == 8 and text.isdigit():
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    found = _DAY.fullmatch(text)
    if not found:
        return None
    try:
        return datetime(*(int(part or 0) for part in found.groups()), tzinfo=zone)  # type: ignore[misc,arg-type]
    except ValueError:
        return None


def _told(text: str) -> bool:
    return bool(text) and folded(text).lower() not in _declared()["anonymous"]


def _text(words: Mapping[str, str], also: Sequence[str]) -> str:
    heading, text = words.get("heading", ""), words.get("text", "")
    return "\n".join(filter(None, ["" if heading in text else heading, text, *also]))
