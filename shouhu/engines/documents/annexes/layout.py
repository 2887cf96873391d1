"""The official table: annex number, title, 填报单位 line, merged heads, ruled lines, signatures, and how it prints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from itertools import accumulate, groupby
from typing import Any, NamedTuple

import xlsxwriter

from shouhu.engines.documents.annexes import styles
from shouhu.engines.documents.annexes.styles import LARGER, LEAST_HEIGHT, MOST_HEIGHT, TINTS, Style, Tinted, Value
from shouhu.engines.documents.annexes.workbook import Cell, LineSheet, Pen

MOST_LINES = 1_000_000
"""Lines on a sheet; Excel ends at 1,048,576."""
MOST_BREAKS = 1_023
"""Page breaks on a sheet, by Excel's limit."""
_FEW_COLUMNS = 6
"""Fewer than these do not part into three places for 填报单位, 填报日期 and 单位."""
_ZOOM = {8: 85, 9: 100}
"""On the screen, by the code of the paper: what is laid out for A3 is wide."""
_IN_HAND = 0.97
"""Of a page's height: printers and fonts differ."""


class Wide(NamedTuple):
    """A line of a block that is one text across all columns, as high as it needs unless ``height`` says (in points)."""

    text: str
    kind: str = "told"
    height: float | None = None


@dataclass(frozen=True)
class Column:
    """One column: its heading from the top row down, its width in half-width characters, and what it holds."""

    head: tuple[str, ...]
    width: float
    style: Style = "text"


@dataclass(frozen=True)
class Paper:
    """A sheet of paper as it is laid in; the printable area in points."""

    code: int
    landscape: bool
    width: float
    height: float


_MARGIN = 0.5
"""Inches at the left and right; top 0.6, bottom 0.7."""
A3_LANDSCAPE = Paper(8, True, 1190.5 - 72 * 2 * _MARGIN, 841.9 - 72 * 1.3)
A4_LANDSCAPE = Paper(9, True, 841.9 - 72 * 2 * _MARGIN, 595.3 - 72 * 1.3)
A4_PORTRAIT = Paper(9, False, 595.3 - 72 * 2 * _MARGIN, 841.9 - 72 * 1.3)


@dataclass(frozen=True)
class Heading:
    """What stands above a table: ``units`` such as 家、人、元, ``notes`` a line each."""

    title: str
    filled_by: str
    filled_on: date
    annex: str = ""
    units: str = ""
    notes: tuple[str, ...] = ()


SIGNATURES = "填报人：　　　　　　　审核人：　　　　　　　联系电话：　　　　　　　期次：　　　　　　　"


class Table:
    """
    One official table, on as many sheets of a workbook as it needs; written from the top down, closed by ``finish``.

    It prints one page wide, or, from the column ``split`` on, on a second page beside the first. With ``blocks`` the
    page breaks are set so that no block is cut; they are reckoned from the scale that fitting the width comes to (with
    a wider default font it is less, and the pages are not quite full).

    :param frozen: columns that stay on the screen, and are printed again on a second page.
    :param filtered: whether the head gets filter buttons.
    :param least: the least height of a line, in points.
    """

    def __init__(
        self,
        book: xlsxwriter.Workbook,
        name: str,
        heading: Heading,
        columns: Sequence[Column],
        paper: Paper,
        *,
        frozen: int = 0,
        filtered: bool = False,
        blocks: bool = False,
        least: float = LEAST_HEIGHT,
        split: int | None = None,
    ) -> None:
        self.book, self.name, self.heading, self.columns, self.paper = book, name, heading, tuple(columns), paper
        self.frozen, self.filtered, self.blocks, self.least = frozen, filtered, blocks, least
        self.formats = styles.formats(book)
        self.widths = tuple(column.width for column in columns)
        self.split = split
        self.left, self.right = (frozen, split - 1) if split else (0, len(self.columns))
        """Where texts across the columns begin and end: with a second page not over the columns that it repeats, and
        one short of it, should a printer break a column earlier."""
        self.total_width = sum(self.widths[self.left : self.right])
        self.n_sheets = 0
        scale = min(1.0, paper.width / sum(_points(width) for width in self.widths))
        self.page_height = _IN_HAND * paper.height / scale
        self._open_sheet()

    # -- lines --------------------------------------------------------------------------------------------------------

    def line(self, values: Sequence[Value], *, total: bool = False) -> None:
        """This function will write one ruled line, as high as its longest text needs."""
        self._next_sheet_if_full(1)
        self.n_filled += 1
        texts, pens = self._inked(values, self.total_pens if total else self.body_pens)
        self.sheet.line(texts, pens, styles.height(texts, self.widths, self.least))

    def block(self, lines: Sequence[tuple[Value, ...] | Wide], merged: tuple[int, ...] = ()) -> None:
        """
        This function will write lines that belong together and are kept on one page.

        :param lines: tuples, one value a column, and texts across all columns. Blocks are much alike, so lines are
            drawn once and kept.
        :param merged: columns whose cells become one; their text is that of the first line.
        """
        heights = self._heights(lines, merged)
        self._keep_together(sum(heights), len(lines))
        top = self.sheet.n_lines
        for line, height in zip(lines, heights, strict=True):
            if isinstance(line, Wide):
                self._wide(line.text, line.kind, height)
            else:
                self.sheet.put(self._body(line, height), len(self.columns))
                self.used += height
        for column in merged:
            self.sheet.merged(top, column, top + len(lines) - 1, column)

    def wide(self, text: str) -> None:
        """This function will write a remark across all columns."""
        self._next_sheet_if_full(1)
        self._wide(text, "told", styles.height([text], [self.total_width], self.least))

    def finish(self, *notes: str) -> None:
        """This function will close the table: notes under it, then who filled it in and who checked it."""
        last = self.sheet.n_lines
        if self.filtered and self.n_filled:
            self.sheet.autofilter(self.first_line - 1, 0, last - 1, len(self.columns) - 1)
        for note in notes:
            self._note(note)
        self._wide(SIGNATURES, "left", 30)
        if self.breaks:
            self.sheet.set_h_pagebreaks(self.breaks)

    # -- sheets -------------------------------------------------------------------------------------------------------

    def _open_sheet(self) -> None:
        self.n_sheets += 1
        name = self.name if self.n_sheets == 1 else f"{self.name}(续{self.n_sheets})"
        self.sheet: LineSheet = self.book.add_worksheet(name, LineSheet)
        self.breaks: list[int] = []
        self.n_filled = 0
        self.used = 0.0
        self._body = lru_cache(maxsize=4096)(self._draw_body)
        pens = self.sheet.pens
        self.body_pens = pens(self.formats[column.style] for column in self.columns)
        self.total_pens = pens(self.formats[f"{column.style} total"] for column in self.columns)
        self.tint_pens = {colour: pens([self.formats[colour]] * len(self.columns)) for colour in TINTS}
        self._wide_pens = cache(self._pens_of)
        for at, width in enumerate(self.widths):
            self.sheet.set_column(at, at, width)
        self._write_heading()
        self._write_head()
        self._set_up_page()

    def _next_sheet_if_full(self, coming: int) -> None:
        if self.sheet.n_lines + coming > MOST_LINES or len(self.breaks) == MOST_BREAKS:
            self.finish()
            self._open_sheet()

    def _keep_together(self, height: float, coming: int) -> None:
        self._next_sheet_if_full(coming)
        if self.blocks and self.used + height > self.page_height and self.sheet.n_lines > self.first_line:
            self.breaks.append(self.sheet.n_lines)
            self.used = self.head_height

    def _write_heading(self) -> None:
        heading = self.heading
        if heading.annex:
            self._wide(heading.annex, "annex", 24)
        self._wide(heading.title, "title", 40)
        self._write_who_and_when()
        for note in heading.notes:
            self._note(note)

    def _write_head(self) -> None:
        """Write the heads: equal neighbours become one cell, and a short head reaches down to the body."""
        deep = max(len(column.head) for column in self.columns)
        top = self.sheet.n_lines
        pens = self.sheet.pens([self.formats["head"]] * len(self.columns))
        self.head_height = 0.0
        for row in range(deep):
            texts: list[Cell] = [None] * len(self.columns)
            needed = LEAST_HEIGHT
            for first, last in self._groups(row):
                head = self.columns[first].head
                last_row = deep - 1 if row == len(head) - 1 else row
                texts[first] = head[row]
                self.sheet.merged(top + row, first, top + last_row, last)
                needed = max(
                    needed,
                    styles.height(head[row : row + 1], [sum(self.widths[first : last + 1])]) / (last_row - row + 1),
                )
            self.sheet.line(texts, pens, needed, fixed=True)
            self.head_height += needed
        self.used += self.head_height
        self.first_line = self.sheet.n_lines
        self.sheet.repeat_rows(top, top + deep - 1)
        self.sheet.freeze_panes(top + deep, self.frozen)

    def _groups(self, row: int) -> Iterator[tuple[int, int]]:
        """The first and last columns of every head that begins in this row of heads; a lowest head has one column."""
        heads = [column.head for column in self.columns]
        for (part, is_lowest), group in groupby(
            range(len(heads)), key=lambda at: (heads[at][: row + 1], len(heads[at]) <= row + 1)
        ):
            places = list(group)
            if not is_lowest:
                yield places[0], places[-1]
            elif len(part) == row + 1:
                yield from ((at, at) for at in places)

    def _write_who_and_when(self) -> None:
        heading, day = self.heading, self.heading.filled_on
        texts = [f"填报单位：{heading.filled_by}", f"填报日期：{day.year}年{day.month}月{day.day}日"]
        if heading.units:
            texts.append(f"单位：{heading.units}")
        if self.right - self.left < _FEW_COLUMNS:
            text = ("　" * 6).join(texts)
            self._wide(text, "left", styles.height([text], [self.total_width / LARGER], 22))
            return
        at = [self.left, self._at_share(0.36), self._at_share(0.7), self.right]
        cells: list[Cell] = [None] * self.right
        formats = [self.formats["plain"]] * self.left
        for text, kind, first, after in zip([*texts, ""], ("left", "center", "right"), at, at[1:], strict=False):
            cells[first] = text
            formats += [self.formats[kind]] * (after - first)
            self.sheet.merged(self.sheet.n_lines, first, self.sheet.n_lines, after - 1)
        height = styles.height(texts[:1], [sum(self.widths[self.left : at[1]]) / LARGER], 22)
        self.sheet.line(cells, self.sheet.pens(formats), height, fixed=True)
        self.used += height

    def _at_share(self, share: float) -> int:
        """The column at which a share of the whole width is reached; neither the first nor past the last."""
        reached = accumulate(self.widths[self.left : self.right])
        n_columns = sum(width <= share * self.total_width for width in reached)
        return min(self.left + max(1, n_columns), self.right - 1)

    def _set_up_page(self) -> None:
        sheet, paper = self.sheet, self.paper
        sheet.set_paper(paper.code)
        if paper.landscape:
            sheet.set_landscape()
        sheet.set_margins(left=_MARGIN, right=_MARGIN, top=0.6, bottom=0.7)
        sheet.center_horizontally()
        sheet.set_footer('&C&"宋体,Regular"&10第 &P 页　共 &N 页', {"margin": 0.3})
        sheet.hide_gridlines(2)
        sheet.set_zoom(_ZOOM[paper.code])
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        sheet.fit_to_pages(2 if self.split else 1, 0)
        if self.split:
            sheet.set_v_pagebreaks([self.split])
            sheet.repeat_columns(0, self.frozen - 1)
            sheet.print_across()

    # -- drawing ------------------------------------------------------------------------------------------------------

    def _note(self, text: str) -> None:
        self._wide(text, "plain", styles.height([text], [self.total_width], 20))

    def _wide(self, text: str, kind: str, height: float) -> None:
        row = self.sheet.n_lines
        texts: list[Cell] = [None] * self.right
        texts[self.left] = text
        self.sheet.line(texts, self._wide_pens(kind), height, fixed=True)
        self.sheet.merged(row, self.left, row, self.right - 1)
        self.used += height

    def _pens_of(self, kind: str) -> tuple[Pen, ...]:
        return self.sheet.pens([self.formats["plain"]] * self.left + [self.formats[kind]] * (self.right - self.left))

    def _draw_body(self, values: tuple[Value, ...], height: float) -> str:
        return self.sheet.drawn(*self._inked(values, self.body_pens), height, fixed=True)

    def _heights(self, lines: Sequence[tuple[Value, ...] | Wide], merged: tuple[int, ...]) -> list[float]:
        """The heights of a block's lines; what the merged cells need beyond them is shared out."""
        heights = [
            line.height or styles.height([line.text], [self.total_width], self.least)
            if isinstance(line, Wide)
            else styles.height_without(line, merged, self.widths, self.least)
            for line in lines
        ]
        if merged:
            unmerged = tuple(at for at in range(len(self.columns)) if at not in merged)
            together = styles.height_without(tuple(lines[0]), unmerged, self.widths, self.least)
            lacking = max(0.0, together - sum(heights)) / len(heights)
            heights = [min(MOST_HEIGHT, height + lacking) for height in heights]
        return heights

    def _inked(self, values: Sequence[Value], pens: Sequence[Pen]) -> tuple[Sequence[Cell], Sequence[Pen]]:
        """Take the tints out of the values and put them into the pens."""
        tinted = [at for at, value in enumerate(values) if type(value) is Tinted]
        if not tinted:
            return values, pens  # type: ignore[return-value]
        texts: list[Any] = list(values)
        inked = list(pens)
        for at in tinted:
            texts[at], colour = texts[at]
            inked[at] = self.tint_pens[colour][at]
        return texts, inked


def _points(width: float) -> float:
    """A column's width on paper: Excel counts 7 pixels a character of its default font, and 5 for the edges."""
    return (7 * width + 5) * 0.75
