"""Reading registers for a command: progress, and the mapping of columns shown, confirmed or corrected."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import click
from rich.table import Table

from shouhu.cli import screen
from shouhu.engines.documents.headers import SheetMapping, load_mapping, save_mapping
from shouhu.engines.documents.reading import read_registers
from shouhu.engines.documents.register import Register
from shouhu.engines.rules.facts import declared


def read(
    paths: Sequence[Path],
    *,
    as_of: date,
    mapping: Path | None,
    save_mapping_to: Path | None = None,
    ask: bool = False,
) -> Register:
    """
    This function will read registers, showing how each column is understood.

    :param as_of: the day of the rating; a survey dated later is reported.
    :param mapping: a mapping file of an earlier reading.
    :param save_mapping_to: where to keep this reading's mapping.
    :param ask: let a person at a terminal confirm or correct it first.
    :raises RefusedInput: a file that cannot be read.
    """

    def confirm(tables: list[SheetMapping]) -> list[SheetMapping]:
        bars.stop()
        if ask and sys.stdin.isatty():
            tables = _confirmed(tables)
        else:
            _show(tables)
        if save_mapping_to:
            save_mapping(save_mapping_to, tables)
        bars.start()
        return tables

    with screen.bars() as bars:
        known = load_mapping(mapping) if mapping else None
        return read_registers(paths, mapping=known, confirm=confirm, progress=screen.telling(bars), as_of=as_of)


def _show(tables: Sequence[SheetMapping]) -> None:
    """One line a table: where its head is, how many columns are understood, and which are not used."""
    shown = Table(title="列对应（原表列 → 事实）", title_justify="left")
    for title in ("表", "文件 / 工作表", "表头", "识别", "未使用的列"):
        shown.add_column(title, overflow="fold")
    for number, table in enumerate(tables, 1):
        place = f"{table.file} / {table.sheet}" if table.sheet else table.file
        unused = "、".join(f"{c.letters} {c.title}" for c in table.unused if c.title)
        rows = str(table.head[0]) if table.head[0] == table.head[1] else f"{table.head[0]}-{table.head[1]}"
        shown.add_row(
            str(number), screen.plain(place), f"第 {rows} 行", f"{len(table.facts)} 列", screen.plain(unused or "—")
        )
    screen.errors().print(shown)


def _confirmed(tables: list[SheetMapping]) -> list[SheetMapping]:
    _show(tables)
    while True:
        answer = click.prompt(
            "按此读取请直接回车；看全部对应输入 k；改一列输入“表号 列字母=规范列名”（不用该列则等号后留空）；放弃输入 q",
            default="", show_default=False, err=True,
        ).strip()  # fmt: skip
        if not answer:
            return tables
        if answer == "q":
            raise click.Abort
        if answer == "k":
            for table in tables:
                screen.errors().print(str(table), markup=False)
            continue
        try:
            tables = _corrected(tables, answer)
        except ValueError as error:
            screen.errors().print(str(error), markup=False)


def _corrected(tables: list[SheetMapping], answer: str) -> list[SheetMapping]:
    place, equals, title = answer.partition("=")
    words = place.split()
    if not equals or len(words) != 2 or not words[0].isdigit() or not 1 <= int(words[0]) <= len(tables):
        raise ValueError("没有看懂。例：1 F=月收费标准")
    number, letters = int(words[0]) - 1, words[1].upper()
    named = {key: fact.name for fact in declared().values() for key in (fact.name, fact.title, fact.heading)}
    if title.strip() and title.strip() not in named:
        raise ValueError(f"“{title.strip()}”不是规范列名。规范列名见手册“台账各列是什么意思”")
    table = tables[number]
    if letters not in {column.letters for column in table.columns}:
        raise ValueError(f"表 {number + 1} 没有 {letters} 列")
    fact = named.get(title.strip())
    columns = tuple(
        replace(column, fact=fact, note="人工指定不使用" if fact is None else "")
        if column.letters == letters
        else replace(column, fact=None, note="人工改由另一列对应")
        if fact and column.fact == fact
        else column
        for column in table.columns
    )
    screen.errors().print(f"已改：表 {number + 1} {letters} 列 → {declared()[fact].title if fact else '不使用'}")
    return [*tables[:number], replace(table, columns=columns), *tables[number + 1 :]]
