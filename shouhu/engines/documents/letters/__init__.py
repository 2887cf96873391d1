"""
公文和通知: letters as Word documents in the layout of GB/T 9704-2012.

``letter(kind, values)`` checks the values against the fields that the YAML of the kind declares and gives a ``Letter``;
``docx(letter)`` lays it out. The texts of a kind are data (``kinds/*.yaml``, fields of all kinds in ``common.yaml``),
the layout is code. Values are text only: nothing in them is ever read as a template, a field or markup.
"""

from __future__ import annotations

from shouhu.engines.documents.letters.document import docx
from shouhu.engines.documents.letters.kinds import kinds
from shouhu.engines.documents.letters.letter import Heading, Letter, LetterRefused, Part, Table, letter

__all__ = ["Heading", "Letter", "LetterRefused", "Part", "Table", "docx", "kinds", "letter"]
