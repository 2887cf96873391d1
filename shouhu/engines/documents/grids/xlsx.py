"""
Excel workbooks (.xlsx), read from their XML without building a tree.

A sheet is cut at ``<row`` and ``<c ``, and what stands behind a cell's address is understood once and remembered: a
register of 100,000 rows takes seconds, a hostile file can expand nothing, and error cells, formulas that were never
calculated and 万 formats are seen, which the readers at hand drop without a word.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from shouhu.engines.documents.grids.archive import Archive, Held
from shouhu.engines.documents.grids.grid import (
    BUILTIN_DATES,
    MOST_SLOTS,
    WIDEST,
    Broken,
    Cell,
    Meaning,
    Progress,
    RefusedInput,
    Sheet,
    formatted,
    letters,
    meaning_of,
)

LARGEST_PART = 64 << 20
LARGEST_STRINGS = 256 << 20
LARGEST_ROW = 16 << 20
LARGEST_CELL = 256 << 10
LAST_ROW = 1_048_576
MOST_MERGES = 100_000
MOST_REMEMBERED = 200_000

ERROR = "公式错误，请改正后重填"
NOT_CALCULATED = "公式没有保存计算结果，请用 Excel 或 WPS 打开并保存后重试"
TOO_LONG = "内容过长，不像是填写的内容"

_PAIR = rb"""([\w:]+)\s*=\s*("[^"<]*"|'[^'<]*')"""
_ATTRIBUTE = re.compile(_PAIR)
_ROW_NUMBER = re.compile(rb"""\sr\s*=\s*["'](\d{1,7})["']""")
_PREFIX = re.compile(rb"<(\w+:)(?:worksheet|sst)[\s>]")
_PLAIN = re.compile(
    rb'(?: s="(\d+)")?(?: t="(\w+)")?(?:/>|>(?:<v>([^<]*)</v>|<is><t(?: xml:space="preserve")?>([^<]*)</t></is>)?</c>)'
    rb"(?:</row>)?\s*"
)
_WORDS, _WORDS_END = b' t="inlineStr"><is><t>', b"</t></is></c>"
"""Around the most frequent content that repeats nothing, names and addresses: told apart without a pattern."""
_FORMULA = re.compile(rb"<f(?:\s[^<>]*)?>([^<]*)</f>")
_VALUE = re.compile(rb"<v(?:\s[^<>]*)?>([^<]+)</v>")
_TEXT = re.compile(rb"<t(?:\s[^<>]*)?>([^<]*)</t>")
_CELL = re.compile(rb"<c(?=[\s/>])")
_NUMBER = re.compile(rb"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?")
_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_RANGE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6}):([A-Z]{1,3})([1-9]\d{0,6})")
_ENTITY = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([0-9a-fA-F]{1,6}));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_ESCAPED = re.compile(r"_x([0-9a-fA-F]{4})_")
_MAIN = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_INDEX = {letters(index).encode(): index for index in range(WIDEST)}


def read_xlsx(path: Path | Held, progress: Progress) -> list[Sheet]:
    """
    This function will read every worksheet of an .xlsx file, hidden ones too.

    :raises RefusedInput: hostile, damaged, with macros, or no workbook.
    """
    with Archive(path) as archive:
        return _Workbook(archive).sheets(progress)


def _text(raw: bytes) -> str:
    """XML text as it reads: entities resolved, and Excel's own ``_x000D_`` escapes."""
    text = raw.decode("utf-8", "replace")
    if "&" in text:
        text = _ENTITY.sub(_resolved, text)
    if "_x" in text:
        text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return text


def _resolved(match: re.Match[str]) -> str:
    if match[1]:
        return _NAMED[match[1]]
    code = int(match[2]) if match[2] else int(match[3], 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"


def _texts(xml: bytes) -> str | None:
    """The runs of a string joined, without the reading aids (``rPh``) of East Asian text; None for a blank one."""
    aided = xml.split(b"<rPh")
    xml = aided[0] + b"".join(part.partition(b"</rPh>")[2] for part in aided[1:])
    return _filled("".join(map(_text, _TEXT.findall(xml))))


def _filled(text: str) -> str | None:
    return text if text.strip() else None


def _attributes(tag: bytes) -> dict[str, str]:
    pairs = _ATTRIBUTE.findall(tag)
    return {name.decode("utf-8", "replace").rpartition(":")[2]: _text(value[1:-1]) for name, value in pairs}


def _tags(xml: bytes, name: bytes) -> Iterator[dict[str, str]]:
    for match in re.finditer(rb"<(?:\w+:)?" + name + rb"((?:\s+" + _PAIR + rb")*)\s*/?>", xml):
        yield _attributes(match[1])


class _Workbook:
    """A workbook under way: the parts that its cells refer to, and what has been understood of them."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        types = archive.read("[Content_Types].xml", LARGEST_PART)
        if b"macroEnabled" in types or any(name.lower().endswith("vbaproject.bin") for name in archive.names()):
            raise RefusedInput(
                f"{archive.path.name}：带有宏，拒绝读取；请用 Excel 或 WPS 打开，另存为“Excel 工作簿(*.xlsx)”后重试"
            )
        if _MAIN not in types:
            raise RefusedInput(
                f"{archive.path.name}：不是 Excel 工作簿(.xlsx)，请用 Excel 或 WPS 打开，另存为 .xlsx 后重试"
            )
        self.main = next(iter(self._related("", "/officeDocument").values()), "xl/workbook.xml")
        self.xml = archive.read(self.main, LARGEST_PART)
        self.since_1904 = any(tag.get("date1904") in ("1", "true") for tag in _tags(self.xml, b"workbookPr"))
        self.meanings = self._meanings()
        self.strings = self._strings()
        self.remembered: dict[bytes, tuple[int, Cell]] = {}
        self.slots = 0

    def sheets(self, progress: Progress) -> list[Sheet]:
        """This function will read the worksheets in their order."""
        parts = self._related(self.main, "/worksheet")
        sheets = []
        for tag in _tags(self.xml, b"sheet"):
            if part := parts.get(tag.get("id", "")):
                sheets.append(Sheet(tag.get("name", ""), hidden=tag.get("state", "visible") != "visible"))
                self._fill(sheets[-1], part, progress)
        return sheets

    def _related(self, part: str, kind: str) -> dict[str, str]:
        """The parts of a kind that a part refers to, by relationship id."""
        folder, name = posixpath.split(part)
        listing = posixpath.join(folder, "_rels", f"{name}.rels")
        tags = _tags(self.archive.read(listing, LARGEST_PART), b"Relationship") if listing in self.archive else ()
        return {
            tag.get("Id", ""): posixpath.normpath(posixpath.join("/", folder, tag.get("Target", ""))).lstrip("/")
            for tag in tags
            if tag.get("Type", "").endswith(kind) and tag.get("TargetMode") != "External"
        }

    def _meanings(self) -> list[Meaning]:
        """What the number format of each cell style makes of a number."""
        xml = b"".join(self.archive.read(part, LARGEST_PART) for part in self._related(self.main, "/styles").values())
        codes = {tag.get("numFmtId"): tag.get("formatCode", "") for tag in _tags(xml, b"numFmt")}
        start = xml.find(b"cellXfs")
        used = [tag.get("numFmtId", "0") for tag in _tags(xml[start : xml.find(b"cellXfs", start + 1)], b"xf")]
        return [
            meaning_of(codes[number]) if number in codes else "date" if number in map(str, BUILTIN_DATES) else None
            for number in used
        ]

    def _strings(self) -> list[Cell]:
        strings: list[Cell] = []
        for part in self._related(self.main, "/sharedStrings").values():
            if part in self.archive and self.archive.size(part) > LARGEST_STRINGS:
                raise self.archive.hostile("文字内容过多")
            for block in self._blocks(part, b"si"):
                items = re.split(rb"<si(?=[\s/>])", block)[1:]
                strings += [Broken("", TOO_LONG) if len(item) > LARGEST_CELL else _texts(item) for item in items]
        return strings

    def _blocks(self, part: str, element: bytes) -> Iterator[bytes]:
        """
        The XML of a part, cut behind ends of an element, its prefix taken off; the last block is what follows them all.
        """
        rest, prefix, end = b"", None, b""
        for chunk in self.archive.chunks(part):
            if b"<!" in chunk:
                raise self.archive.hostile("内部的 XML 带有注释或特殊标记")
            rest += chunk
            if prefix is None:
                prefix = found[1] if (found := _PREFIX.search(rest[:10_000])) else b""
                end = b"</" + prefix + element + b">"
            cut = rest.rfind(end) + len(end)
            if cut >= len(end):
                yield _without(prefix, rest[:cut])
                rest = rest[cut:]
            elif len(rest) > LARGEST_ROW and b"</" + prefix + b"sheetData>" not in rest:
                rest = rest[max(rest.rfind(b"<" + prefix + element), 0) :]  # blank rows before it need not be kept
                if len(rest) > LARGEST_ROW:
                    raise self.archive.hostile("某一行的内容过多")
        rest = _without(prefix or b"", rest)
        if b"</worksheet>" not in rest and b"</sst>" not in rest and b"<sst" not in rest:
            raise self.archive.damaged()
        yield rest

    def _fill(self, sheet: Sheet, part: str, progress: Progress) -> None:
        size, done, block = self.archive.size(part) if part in self.archive else 0, 0, b""
        for block in self._blocks(part, b"row"):
            self._add_rows(sheet, block)
            done += len(block)
            progress(f"读取 {self.archive.path.name}", min(done, size), size)
        if block.count(b"<mergeCell ") > MOST_MERGES:
            raise self.archive.hostile("合并单元格过多")
        for tag in _tags(block, b"mergeCell"):
            if match := _RANGE.fullmatch(tag.get("ref", "")):
                left, top, right, bottom = match.groups()
                if left.encode() in _INDEX:
                    last = _INDEX.get(right.encode(), WIDEST - 1)
                    sheet.merges.append((int(top), _INDEX[left.encode()], int(bottom), last))

    def _add_rows(self, sheet: Sheet, block: bytes) -> None:
        """The filled cells of a block of whole rows."""
        number = sheet.numbers[-1] if sheet.numbers else 0
        for part in block.split(b"<row")[1:]:
            tag, _, cells = part.partition(b"<c")
            if not cells:
                continue
            found = _ROW_NUMBER.search(tag)
            number, before = int(found[1]) if found else number + 1, number
            if not before < number <= LAST_ROW:
                raise self.archive.damaged()
            try:
                row = self._usual_row(cells, found[1] if found else b"")
            except LookupError:
                row = self._unusual_row(_CELL.split(part)[1:], number)
            self.slots += len(row)
            if any(row) or row.count(None) < len(row):  # the second costs more, and only a row of zeros needs it
                sheet.numbers.append(number)
                sheet.cells.append(row)
        if self.slots > MOST_SLOTS:
            raise self.archive.hostile("单元格过多")

    def _usual_row(self, cells: bytes, digits: bytes) -> list[Cell]:
        """
        A row whose cells all start as every office program writes them: `` r="AB12"``.

        The row's number is cut out of all addresses at once, so that equal cells of a column look alike in every row.

        :raises LookupError: some cell starts otherwise, or the number stands elsewhere too.
        """
        pieces = cells.replace(digits + b'"', b'"').split(b"<c")
        if len(cells) - sum(map(len, pieces)) - 2 * (len(pieces) - 1) != len(digits) * len(pieces):
            raise LookupError
        known = self.remembered.get
        row: list[Cell] = [None] * ((known(pieces[-1]) or self._place(pieces[-1]))[0] + 1)
        for piece, place in zip(pieces, map(known, pieces), strict=True):
            at, value = place or self._place(piece)
            row[at] = value
        return row

    def _place(self, piece: bytes) -> tuple[int, Cell]:
        """Column and value of a cell in the usual form; remembered, since most cells repeat one above."""
        if not piece.startswith(b' r="'):
            raise LookupError
        if len(self.remembered) >= MOST_REMEMBERED:
            self.remembered.clear()
        end = piece.index(b'"', 4)
        place = self.remembered[piece] = _INDEX[piece[4:end]], self._value(piece[end + 1 :])
        return place

    def _unusual_row(self, pieces: list[bytes], number: int) -> list[Cell]:
        """A row with cells whose attributes stand in another order, in other quotes, or are missing."""
        row: dict[int, Cell] = {}
        at = -1
        for piece in pieces:
            tag, _, body = piece.partition(b">")
            attributes = _attributes(tag)
            at += 1
            if address := attributes.get("r"):
                match = _ADDRESS.fullmatch(address)
                if not match or int(match[2]) != number:
                    raise self.archive.damaged()
                at = _INDEX.get(match[1].encode(), WIDEST)
            kept = "".join(f' {name}="{attributes[name]}"' for name in ("s", "t") if name in attributes).encode()
            value = self._value(kept + (b"/>" if tag.endswith(b"/") else b">") + body)
            if value is not None:
                row[at] = value
        if max(row, default=0) >= WIDEST:
            raise self.archive.hostile(f"第 {WIDEST} 列以后还有内容")
        return [row.get(at) for at in range(max(row, default=-1) + 1)]

    def _value(self, rest: bytes) -> Cell:
        if rest.startswith(_WORDS) and rest.find(b"<", len(_WORDS)) == len(rest) - len(_WORDS_END):
            return _filled(_text(rest[len(_WORDS) : -len(_WORDS_END)]))
        if plain := _PLAIN.fullmatch(rest):
            style, kind, raw, inline = plain.groups()
            if inline is not None:
                return _filled(_text(inline))
            return None if raw is None else self._typed(style, kind, raw)
        tag, _, body = rest.partition(b">")
        if tag.endswith(b"/"):
            return None
        if len(body) > LARGEST_CELL:
            return Broken("", TOO_LONG)
        body = body.partition(b"</c>")[0]
        attributes = _attributes(tag)
        if attributes.get("t") == "inlineStr":
            return _texts(body)
        if value := _VALUE.search(body):
            return self._typed(attributes.get("s", "").encode(), attributes.get("t", "").encode(), value[1])
        if b"<f" in body and attributes.get("t") != "str":
            formula = _FORMULA.search(body)
            return Broken("=" + _text(formula[1]) if formula else "=", NOT_CALCULATED)
        return None

    def _typed(self, style: bytes | None, kind: bytes | None, raw: bytes) -> Cell:
        if kind == b"s":
            at = int(raw) if raw.isdigit() else -1
            return (
                self.strings[at] if 0 <= at < len(self.strings) else Broken("", "单元格指向的文字不存在，文件可能损坏")
            )
        text = _text(raw)
        if kind == b"str":
            return _filled(text)
        if kind == b"b":
            return "TRUE" if text in ("1", "true") else "FALSE"
        if kind == b"e":
            return Broken(text, ERROR)
        if kind == b"d":
            try:
                return date.fromisoformat(text[:10])
            except ValueError:
                return Broken(text, "不是有效日期")
        number = float(raw) if _NUMBER.fullmatch(raw) else float("inf")
        if abs(number) == float("inf"):
            return Broken(text, "不是有效的数")
        meaning = self.meanings[int(style)] if style and style.isdigit() and int(style) < len(self.meanings) else None
        return formatted(int(number) if number.is_integer() else number, meaning, since_1904=self.since_1904)


def _without(prefix: bytes, xml: bytes) -> bytes:
    return xml.replace(b"<" + prefix, b"<").replace(b"</" + prefix, b"</") if prefix else xml
