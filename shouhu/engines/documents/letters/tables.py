"""A ruled table within the width of the text; its heads come again on every page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from shouhu.engines.documents.letters import texts
from shouhu.engines.documents.letters.ink import paragraph, run
from shouhu.engines.documents.letters.letter import Table
from shouhu.engines.documents.letters.page import SMALLER, TEXT

_PADDING = 100
"""Left and right in a cell, in twips."""
_LEAST = 2 * SMALLER + 2 * _PADDING
_SPLIT_FROM = 12
"""Lines from which a row may break over two pages."""
_CENTRED = 6
"""A column whose texts are no longer than this many characters is centred."""
_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
_RULES = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in _SIDES)
_PROPERTIES = (
    f'<w:tblPr><w:tblW w:w="{TEXT}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{_RULES}</w:tblBorders>'
    f'<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="{_PADDING}" w:type="dxa"/>'
    f'<w:right w:w="{_PADDING}" w:type="dxa"/></w:tblCellMar></w:tblPr>'
)


def table(given: Table) -> str:
    """This function will write a table; one without heads has them in its first column."""
    rows = cast("Sequence[Sequence[str]]", given.rows)
    lines = [row for row in (given.columns, *rows) if row]
    longest = [max(texts.width(line[at]) for line in lines) for at in range(len(lines[0]))]
    widths = shared([round(most * SMALLER) + 2 * _PADDING + 120 for most in longest])
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    heads = [_row(given.columns, widths, ["CellHead"] * len(widths), "<w:tblHeader/>")] if given.columns else []
    centred = [given.columns and most <= _CENTRED for most in longest]
    styles = ["Cell" if given.columns or at else "CellHead" for at in range(len(widths))]
    body = [_row(row, widths, styles, centred=centred) for row in rows]
    return f"<w:tbl>{_PROPERTIES}<w:tblGrid>{grid}</w:tblGrid>{''.join([*heads, *body])}</w:tbl>"


def shared(wanted: Sequence[int]) -> list[int]:
    """
    This function will share the width of the text out to columns, in twips.

    Narrow columns get what they want, wide ones as much as each other; if all get it, what is left is shared by want.
    """
    if sum(wanted) <= TEXT:
        widths = [width * TEXT // sum(wanted) for width in wanted]
    else:
        left, widths = TEXT, [0] * len(wanted)
        for n_left, at in zip(
            range(len(wanted), 0, -1), sorted(range(len(wanted)), key=wanted.__getitem__), strict=True
        ):
            widths[at] = min(max(wanted[at], _LEAST), left // n_left)
            left -= widths[at]
    widths[-1] += TEXT - sum(widths)
    return widths


def _row(
    cells: Sequence[str], widths: Sequence[int], styles: Sequence[str], more: str = "", centred: Sequence[object] = ()
) -> str:
    n_lines = max(texts.width(c) * SMALLER / (width - 2 * _PADDING) for c, width in zip(cells, widths, strict=True))
    whole = "<w:cantSplit/>" if n_lines < _SPLIT_FROM else ""
    properties = f"<w:trPr>{whole}{more}</w:trPr>" if whole or more else ""
    written = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        + paragraph(style, run(cell), more='<w:jc w:val="center"/>' if at < len(centred) and centred[at] else "")
        + "</w:tc>"
        for at, (cell, width, style) in enumerate(zip(cells, widths, styles, strict=True))
    )
    return f"<w:tr>{properties}{written}</w:tr>"
