"""Delimited text (.csv) in the encodings of offices: a table without a sheet."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from pathlib import Path

from shouhu.engines.documents.grids.grid import MOST_SLOTS, WIDEST, Cell, Progress, RefusedInput, Sheet

LARGEST = 1 << 30
MOST_SHARED = 500_000
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def read_csv(path: Path, progress: Progress) -> list[Sheet]:
    """
    This function will read delimited text: UTF-8 or UTF-16 with their marks, UTF-8 without, else GB18030 (GBK).

    Rows are numbered by record, the head and blank lines included.

    :raises RefusedInput: too large, binary, of an unknown encoding, or with quotes that do not close.
    """
    size = path.stat().st_size
    if size > LARGEST:
        raise RefusedInput(f"{path.name}：超过 1 GB，请分成几个文件后重试")
    sheet, shared, slots, number = Sheet(None), dict[str, str](), 0, 0
    with path.open("rb") as raw:
        text = io.TextIOWrapper(raw, _encoding(path), newline="")
        dialect = _dialect(text.read(20_000))
        text.seek(0)
        try:
            for number, record in enumerate(csv.reader(text, dialect, strict=True), 1):
                row: list[Cell] = [shared.setdefault(cell, cell) if cell.strip() else None for cell in record]
                slots += len(row)
                if len(row) > WIDEST or slots > MOST_SLOTS:
                    raise RefusedInput(
                        f"{path.name}：第 {number} 行处列数或单元格过多，请检查分隔符和引号，或分成几个文件后重试"
                    )
                if row.count(None) < len(row) and not (number == 1 and record[0].startswith("sep=")):
                    sheet.numbers.append(number)
                    sheet.cells.append(row)
                if len(shared) > MOST_SHARED:
                    shared.clear()
                if number % 10_000 == 0:
                    progress(f"读取 {path.name}", raw.tell(), size)
        except csv.Error as error:
            raise RefusedInput(
                f"{path.name}：第 {number + 1} 行的引号不成对或内容过长，请检查后重试，或另存为 .xlsx"
            ) from error
    return [sheet]


def _encoding(path: Path) -> str:
    """The encoding in which the whole file reads as text."""
    with path.open("rb") as file:
        start = file.read(4)
        for encoding in [name for mark, name in _MARKS.items() if start.startswith(mark)] or ["utf-8", "gb18030"]:
            decoder = codecs.getincrementaldecoder(encoding)()
            file.seek(0)
            try:
                text = first = decoder.decode(file.read(1 << 20))
                while text:
                    text = decoder.decode(file.read(1 << 20))
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                continue
            # Bytes of another kind may read as GB18030 by chance, but then they are full of control characters.
            if sum(first.count(chr(code)) for code in {*range(32)} - {9, 10, 12, 13}) <= len(first) // 100 + 8:
                return encoding
    raise RefusedInput(f"{path.name}：不是文本或编码无法识别，请用 Excel 或 WPS 打开，另存为 .xlsx 后重试")


def _dialect(first: str) -> type[csv.Dialect]:
    """The delimiter that most of the first lines hold equally often; a comma where there is none."""
    lines = [line for line in first.split("\n")[:30] if line.strip()]

    def regularity(mark: str) -> int:
        counts = Counter(line.count(mark) for line in lines if mark in line)
        return max((times * lines for times, lines in counts.items()), default=0)

    class Found(csv.excel):
        delimiter = max(",\t;|", key=regularity)

    return Found
