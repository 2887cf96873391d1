"""OpenDocument spreadsheets (.ods): the events of an XML parser, counted as they come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from xml.parsers import expat

from shouhu.engines.documents.grids.archive import Archive
from shouhu.engines.documents.grids.grid import (
    MOST_SLOTS,
    WIDEST,
    Broken,
    Cell,
    Progress,
    RefusedInput,
    Scaled,
    Sheet,
)
from shouhu.engines.documents.grids.xlsx import ERROR, LAST_ROW, NOT_CALCULATED

LARGEST_CONTENT = 256 << 20
_CELLS = ("table:table-cell", "table:covered-table-cell")
_SCALES = {"万": 10_000, "亿": 100_000_000}


def read_ods(path: Path, progress: Progress) -> list[Sheet]:
    """
    This function will read every table of an .ods file, hidden ones too.

    :raises RefusedInput: hostile, damaged, encrypted, or no spreadsheet.
    """
    with Archive(path) as archive:
        if "META-INF/manifest.xml" in archive and b"encryption-data" in archive.read("META-INF/manifest.xml", 1 << 24):
            raise RefusedInput(f"{path.name}：文件已加密，请去掉密码另存后重试")
        reader = _Reader(archive)
        for part in ("styles.xml", "content.xml"):
            if part in archive and archive.size(part) > LARGEST_CONTENT:
                raise RefusedInput(f"{path.name}：内容过多，请用 WPS 或 LibreOffice 打开，另存为 .xlsx 后重试")
            if part == "content.xml" or part in archive:
                reader.parse(part, progress)
        if not reader.is_spreadsheet:
            raise RefusedInput(f"{path.name}：不是表格文件，请用 Excel、WPS 或 LibreOffice 另存为 .xlsx 后重试")
        return reader.sheets


class _Reader:
    """What the parser has told so far: styles first, then tables, rows, cells and the text in them."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.sheets: list[Sheet] = []
        self.is_spreadsheet = False
        self.hidden_styles: set[str] = set()
        self.style_formats: dict[str, tuple[str | None, str | None]] = {}  # cell style: its format, its parent
        self.factors: dict[str, Fraction] = {}  # number format: what its 万 multiplies with
        self.format = ""
        self.divided = 1
        self.drawn = 0
        self.columns: list[tuple[int, str | None]] = []  # default cell style of runs of columns
        self.depth = self.skipping = self.number = self.slots = 0
        self.row: list[Cell] = []
        self.row_repeats = 1
        self.row_style: str | None = None
        self.cell: dict[str, str] | None = None
        self.words: list[str] = []
        self.paragraphs = 0

    def parse(self, part: str, progress: Progress) -> None:
        """This function will run the parser over a part of the file."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        size, done = self.archive.size(part) if part in self.archive else 0, 0
        try:
            for chunk in self.archive.chunks(part):
                parser.Parse(chunk, False)
                done += len(chunk)
                progress(f"读取 {self.archive.path.name}", done, size)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise self.archive.damaged() from error

    def _refuse(self, *_: object) -> None:
        raise self.archive.hostile("内部的 XML 带有文档类型声明")

    # --- styles

    def _start(self, name: str, tag: dict[str, str]) -> None:
        if self.skipping:
            self.skipping += 1
        elif name in ("office:annotation", "draw:frame", "draw:custom-shape", "table:shapes"):
            self.skipping = 1
        elif name.startswith(("table:", "text:")):
            self._start_content(name, tag)
        elif name == "office:spreadsheet":
            self.is_spreadsheet = True
        elif name == "style:style":
            self.format = tag.get("style:name", "")
            self.style_formats[self.format] = (tag.get("style:data-style-name"), tag.get("style:parent-style-name"))
        elif name == "style:table-properties" and tag.get("table:display") == "false":
            self.hidden_styles.add(self.format)
        elif name in ("number:number-style", "number:currency-style"):
            self.format, self.divided, self.words = tag.get("style:name", ""), 1, []
        elif name == "number:number":
            self.divided *= _whole(tag.get("number:display-factor"), 1)
        elif name == "number:embedded-text":
            self.drawn, self.words = _whole(tag.get("number:position"), 0), []

    def _end(self, name: str) -> None:
        if self.skipping:
            self.skipping -= 1
        elif name in ("number:number-style", "number:currency-style"):
            for word, worth in _SCALES.items():
                if word in "".join(self.words):
                    self.factors[self.format] = Fraction(worth, self.divided)
            self.words = []
        elif name == "number:embedded-text" and self.words == ["."]:  # a point that is only drawn, as in 0"."0,"万"
            self.divided *= 10 ** min(self.drawn, 8)
        elif name in _CELLS and self.cell is not None:
            self._end_cell(self.cell)
            self.cell = None
        elif name == "table:table-row" and self.depth == 1:
            self._end_row()
        elif name == "table:table":
            self.depth -= 1

    def _characters(self, text: str) -> None:
        if not self.skipping:
            self.words.append(text)

    # --- tables

    def _start_content(self, name: str, tag: dict[str, str]) -> None:
        if name == "table:table":
            self.depth += 1
            if self.depth == 1:
                hidden = tag.get("table:style-name") in self.hidden_styles
                self.sheets.append(Sheet(tag.get("table:name", ""), hidden=hidden))
                self.number, self.columns = 0, []
        elif self.depth != 1:
            return
        elif name == "table:table-column":
            repeats = _whole(tag.get("table:number-columns-repeated"), 1)
            self.columns.append((repeats, tag.get("table:default-cell-style-name")))
        elif name == "table:table-row":
            self.row, self.row_repeats = [], _whole(tag.get("table:number-rows-repeated"), 1)
            self.row_style = tag.get("table:default-cell-style-name")
        elif name in _CELLS:
            self.cell, self.words, self.paragraphs = tag, [], 0
        elif name == "text:p":
            self.words += ["\n"] if self.paragraphs else []
            self.paragraphs += 1
        elif name == "text:s":
            self.words.append(" " * min(_whole(tag.get("text:c"), 1), 1_000))
        elif name in ("text:tab", "text:line-break"):
            self.words.append("\t" if name == "text:tab" else "\n")

    def _end_cell(self, tag: dict[str, str]) -> None:
        at = len(self.row)
        repeats = _whole(tag.get("table:number-columns-repeated"), 1)
        value = self._value(tag, at)
        if value is None:
            self.row += [None] * min(repeats, max(WIDEST - at, 0))
        elif at + repeats > WIDEST:
            raise self.archive.hostile(f"第 {WIDEST} 列以后还有内容")
        else:
            self.row += [value] * repeats
        down, across = (_whole(tag.get(f"table:number-{side}-spanned"), 1) for side in ("rows", "columns"))
        if down > 1 or across > 1:
            here = self.number + 1
            self.sheets[-1].merges.append((here, at, here + down - 1, min(at + across, WIDEST) - 1))

    def _end_row(self) -> None:
        while self.row and self.row[-1] is None:
            self.row.pop()
        if self.row:
            self.slots += len(self.row) * self.row_repeats
            if self.slots > MOST_SLOTS or self.number + self.row_repeats > LAST_ROW:
                raise self.archive.hostile("单元格过多")
            self.sheets[-1].numbers += range(self.number + 1, self.number + 1 + self.row_repeats)
            self.sheets[-1].cells += [self.row] * self.row_repeats
        self.number += self.row_repeats

    def _value(self, tag: dict[str, str], at: int) -> Cell:
        kind, text = tag.get("office:value-type"), "".join(self.words)
        if tag.get("calcext:value-type") == "error" or (text.startswith("Err:") and "table:formula" in tag):
            return Broken(text, ERROR)
        if kind in ("float", "percentage", "currency"):
            return self._number(tag, at)
        if kind == "boolean":
            return "TRUE" if tag.get("office:boolean-value") == "true" else "FALSE"
        if kind == "date":
            moment = tag.get("office:date-value", "")
            try:
                return datetime.fromisoformat(moment) if "T" in moment else date.fromisoformat(moment)
            except ValueError:
                return Broken(text or moment, "不是有效日期")
        if kind == "time":
            return Broken(text, "是时间，不是日期")
        if kind is None and "table:formula" in tag and not text:
            return Broken(tag["table:formula"].removeprefix("of:"), NOT_CALCULATED)
        text = text or tag.get("office:string-value", "")
        return text if text.strip() else None

    def _number(self, tag: dict[str, str], at: int) -> Cell:
        try:
            number = float(tag.get("office:value", ""))
        except ValueError:
            number = float("inf")
        if not abs(number) < float("inf"):
            return Broken(tag.get("office:value", ""), "不是有效的数")
        value = int(number) if number.is_integer() else number
        for style in self._styles(tag.get("table:style-name") or self.row_style or self._column_style(at)):
            if style in self.factors:
                return Scaled(value, self.factors[style])
        return value

    def _styles(self, style: str | None) -> Iterator[str]:
        """The number formats of a cell style and of those it inherits from, nearest first."""
        for _ in range(8):
            if style is None or style not in self.style_formats:
                return
            number_format, style = self.style_formats[style]
            if number_format:
                yield number_format
                return

    def _column_style(self, at: int) -> str | None:
        for repeats, style in self.columns:
            if at < repeats:
                return style
            at -= repeats
        return None


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 12 else otherwise
