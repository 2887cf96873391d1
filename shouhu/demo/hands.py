"""How one office writes down what it knows: its words for yes and no, its dates, its digits, its units."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shouhu.demo.sheets import Cell, Shown
from shouhu.engines.rules.facts import Fact
from shouhu.engines.rules.values import UNNAMED, Approximate

_FULL_WIDTH = str.maketrans("0123456789.-", "０１２３４５６７８９．－")
_NUMERALS = "〇一二三四五六七八九"


def as_is(text: str) -> str:
    """This function will leave digits alone."""
    return text


def full_width(text: str) -> str:
    """This function will write digits as wide as Chinese characters: ３０."""
    return text.translate(_FULL_WIDTH)


def chinese(number: int) -> str:
    """This function will write 0 to 9999 in Chinese numerals: 三十, 一百零五, 两 never used."""
    if number == 0:
        return "零"
    text, gap = "", False
    for power, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if digit:
            text += ("零" if gap and text else "") + _NUMERALS[digit] + unit
        gap = digit == 0
    return text.removeprefix("一") if text.startswith("一十") else text


DATES: Mapping[str, Callable[[date], Cell]] = {
    "date": lambda day: day,
    "iso": lambda day: day.isoformat(),
    "slash": lambda day: f"{day.year}/{day.month}/{day.day}",
    "dots": lambda day: f"{day.year}.{day.month}.{day.day}",
    "words": lambda day: f"{day.year}年{day.month}月{day.day}日",
    "digits": lambda day: f"{day:%Y%m%d}",
    "full": lambda day: full_width(f"{day.year}.{day.month}.{day.day}"),
    "numerals": lambda day: (
        f"{''.join(_NUMERALS[int(digit)] for digit in str(day.year))}年{chinese(day.month)}月{chinese(day.day)}日"
    ),
}

MONEY: Mapping[str, Callable[[float], Cell]] = {  # of a sum in yuan
    "元": lambda yuan: yuan,
    "万元": lambda yuan: round(yuan / 10_000, 4),
    "36,000元": lambda yuan: f"{yuan:,}元",
    "full": lambda yuan: full_width(str(yuan)),
    "3.6万元": lambda yuan: f"{yuan / 10_000:.4f}".rstrip("0").rstrip(".") + "万元" if yuan else "0",
    "format": lambda yuan: Shown(round(yuan / 10_000, 4), '0.00"万元"'),
}


@dataclass(frozen=True)
class Hand:
    """
    One office's way of writing.

    :param none: for persons and companies where there is none (the word for no, unless given)
    :param money: a key of MONEY for each money fact that is not written in plain 元
    :param counts: how a whole number of some unit (persons, beds, months) is written
    """

    yes: str = "是"
    no: str = "否"
    none: str | None = None
    unknown: str | None = None
    dates: tuple[str, ...] = ("date",)
    money: Mapping[str, str] | None = None
    counts: Callable[[int, str], Cell] = lambda count, unit: count
    digits: Callable[[str], str] = as_is
    words: Mapping[str, str] | None = None

    def write(self, fact: Fact, value: Any, place: int = 0) -> Cell:
        """This function will give what stands in the cell; ``place``, the row, chooses among the forms of dates."""
        if value is None:
            return self.unknown
        if isinstance(value, Approximate):
            return self.digits(_roughly(value))
        if isinstance(value, bool):
            return self.yes if value else (self.none or self.no if fact.type == "names" else self.no)
        if isinstance(value, tuple):
            return {(): self.none or self.no, (UNNAMED,): self.yes}.get(value, "、".join(value))
        if isinstance(value, date):
            return DATES[self.dates[place % len(self.dates)]](value)
        if fact.type == "money":
            return MONEY[(self.money or {}).get(fact.name, "元")](value)
        if fact.is_number:
            return self.counts(value, fact.unit or "")
        return (self.words or {}).get(str(value), str(value))


def _roughly(value: Approximate) -> str:
    if value.qualifier == "至":
        return f"{value.low:g}-{value.high:g}"
    return f"{value.value:g}余" if value.qualifier == "余" else f"{value.qualifier}{value.value:g}"
