"""A sheet as plain cells, and what a number format says about a number."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from string import ascii_uppercase
from typing import Literal

WIDEST = 512
"""Columns that are read; a filled cell further right makes the file refused."""
MOST_SLOTS = 20_000_000
"""Cells of a file together, blanks left of a filled cell included."""


class RefusedInput(Exception):
    """The input may not be read; ``str()`` names the file and says what to do, in Chinese."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A cell without a value of its own (an error, a formula never calculated): what it shows, why it has no value."""

    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Scaled:
    """A number that its format shows in 万: as stored, and what it must be multiplied with."""

    number: int | float
    factor: Fraction


Cell = str | int | float | date | Broken | Scaled | None
"""Yes/no cells are the text TRUE or FALSE; a date may carry a time of day; blank is None."""

Progress = Callable[[str, int, int], None]
"""Called with what is going on, how much of it is done, and how much there is."""


@dataclass
class Sheet:
    """
    The filled rows of a sheet, each with its number and its cells from column A on (what is not there is blank).

    ``merges`` holds (first row number, first column, last row number, last column), columns from 0.
    """

    name: str | None
    numbers: list[int] = field(default_factory=list)
    cells: list[Sequence[Cell]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: bool = False


def letters(index: int) -> str:
    """This function will give the letters of a column: A for 0, AB for 27."""
    text, index = "", index + 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = ascii_uppercase[rest] + text
    return text


def column_index(text: str) -> int:
    """This function will give the index of a column from its letters: 0 for A, 27 for AB."""
    index = 0
    for letter in text:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


Meaning = Fraction | Literal["date"] | None
"""What a number format makes of a number: the factor of a 万 format, a date, or nothing."""

BUILTIN_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
"""Built-in formats that show dates or times, those of the Chinese locale (27-36, 50-58) included."""

_LITERAL = re.compile(r'"[^"]*"|[\\_*].|\[[^\]]*\]')
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_DATE_LETTER = re.compile(r"[ymdhs]", re.IGNORECASE)
_POINT = re.compile(r'(?:[\\!]\.|"\.")([0#?]+)')
_THOUSANDS = re.compile(r"[0#?](,+)(?![0#?,])")


@lru_cache(maxsize=4_096)
def meaning_of(code: str) -> Meaning:
    """
    This function will say what a number format makes of a number.

    In ``0"万元"`` a stored 5 means 50,000. In ``0!.0,"万元"`` the stored number is yuan already: the comma divides by a
    thousand and the drawn point by ten before 万 is written behind, so the factor is 1.
    """
    code = code.split(";")[0]
    for word, worth in (("亿", 100_000_000), ("万", 10_000)):
        if word in code:
            drawn = _POINT.search(code)
            commas = _THOUSANDS.search(_LITERAL.sub("", _POINT.sub(r"\1", code)))
            return Fraction(worth, 1000 ** len(commas[1] if commas else "") * 10 ** len(drawn[1] if drawn else ""))
    return "date" if _ELAPSED.search(code) or _DATE_LETTER.search(_LITERAL.sub("", code)) else None


def formatted(number: int | float, meaning: Meaning, *, since_1904: bool = False) -> Cell:
    """This function will give a stored number the meaning of its format."""
    if meaning is None:
        return number
    if isinstance(meaning, Fraction):
        return Scaled(number, meaning)
    day = int(number) + (1462 if since_1904 else 0)
    if not 1 <= day <= 2_958_465:
        return Broken(f"{number:.10g}", "是时间或无效日期，不是日期" if 0 <= number < 1 else "日期超出范围")
    moment = datetime(1899, 12, 30) + timedelta(days=day)
    seconds = round(number % 1 * 86_400)
    return moment + timedelta(seconds=seconds) if seconds else moment.date()
