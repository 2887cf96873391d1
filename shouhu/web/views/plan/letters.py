"""The words of a plan as a Word file, in the layout of the other letters."""

from __future__ import annotations

from shouhu.engines.documents.letters import Letter, docx, texts

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def word(text: str) -> bytes:
    """This function will lay the text of a plan out: its first line is the title, every other a paragraph."""
    lines = [line for line in map(texts.line, text.split("\n")) if line]
    return docx(Letter("plan", "plain", lines[0], tuple(lines[1:])))
