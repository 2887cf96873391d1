"""Paragraphs and runs as XML: the one place where a text of a letter becomes markup."""

from __future__ import annotations

from xml.sax.saxutils import escape

KEPT = "<w:keepNext/>"
"""A paragraph stays on one page with the next."""


def run(text: str, ink: str = "") -> str:
    """This function will write a run; the breaks of lines in it stay, and nothing in it is markup."""
    pieces = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(piece)}</w:t>' for piece in text.split("\n"))
    return f"<w:r>{f'<w:rPr>{ink}</w:rPr>' if ink else ''}{pieces}</w:r>"


def paragraph(style: str, *runs: str, more: str = "") -> str:
    """This function will write a paragraph of a style; ``more`` are its own properties, in the order of the schema."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>{"".join(runs)}</w:p>'


def indented(*, left: int = 0, right: int = 0, first: int = 0) -> str:
    """This function will write indents in twips; a negative ``first`` hangs."""
    start = f'w:hanging="{-first}"' if first < 0 else f'w:firstLine="{first}"'
    return f'<w:ind w:left="{left}" w:right="{right}" w:firstLineChars="0" {start}/>'


def spaced(line: int, before: int = 0, after: int = 0) -> str:
    """This function will write the height of lines and the space around a paragraph, in twips."""
    return f'<w:spacing w:before="{before}" w:after="{after}" w:line="{line}" w:lineRule="exact"/>'
