"""Values as they were read: exact, approximate, or not known (``None``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

UNNAMED = "未指明"
"""Stands in a list of persons for somebody whom a bare 是 leaves unnamed (COL-11)."""


@dataclass(frozen=True, slots=True)
class Approximate:
    """
    A number read with a qualifier (COL-10): "30余" is ``Approximate(30, "余", 31, 39)``.

    ``value`` is the figure as written (None for a range such as 1800-4500, whose qualifier is "至");
    ``low`` and ``high`` are the closed bounds, in the unit of the fact (yuan for money).
    """

    value: float | None
    qualifier: str
    low: float
    high: float


type_of_value = bool | int | float | str | Approximate | Sequence[str] | None
"""What a fact may hold: yes/no, a number, words, an approximate number, persons or names, or None."""
