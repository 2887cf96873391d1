"""How colours, flags and values are put into words, on a screen as on an annex."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from shouhu.engines.rules.facts import Fact, declared
from shouhu.engines.rules.values import Approximate

COLOUR = {
    "red": "红", "orange": "橙", "yellow": "黄", "green": "绿", "unknown": "待查", "decide": "待研判",
}  # fmt: skip
SHAPE = {"red": "■", "orange": "◆", "yellow": "▲", "green": "●", "unknown": "○", "decide": "◇"}
FLAG = {
    "own_track": "未登记场所另行处置",
    "complaint_unverified": "投诉举报未核实",
    "survey_undated": "无排查日期",
    "survey_expired": "排查结果已超过有效期",
    "duplicate": "疑似重复",
    "contradiction": "填报前后矛盾",
}
NOT_FOR_GREEN = "不属于本规则绿色所指的机构"
_AFTER = ("余", "多", "来", "以上", "以下", "左右", "上下", "+")
"""Qualifiers that are written behind the figure."""


def colour(name: str) -> str:
    """This function will give a colour as word and shape, such as 红■, so that it is told apart without its hue."""
    return COLOUR[name] + SHAPE[name]


def approximate(number: Approximate) -> str:
    """This function will write a number with its qualifier the way it was read: 约30, 30余, 1800-4500."""
    if number.value is None:
        return f"{plain(number.low)}-{plain(number.high)}"
    if number.qualifier in _AFTER:
        return plain(number.value) + number.qualifier
    return number.qualifier + plain(number.value)


def plain(number: float) -> str:
    """This function will write a number without a needless fraction."""
    return str(int(number)) if number == int(number) else f"{number:.2f}".rstrip("0").rstrip(".")


def value(fact: Fact, held: Any) -> str:
    """This function will write a value of a fact for a reader: 是/否, 18,000元, 投资人、机构, 未知."""
    unit = fact.unit or ""
    match held:
        case None:
            return "未知"
        case bool():
            return "是" if held else "否"
        case Approximate():
            return approximate(held) + unit
        case int() | float():
            return f"{held:,.2f}".removesuffix(".00") + unit
        case date():
            return held.isoformat()
        case str():
            return held
        case _:
            return "、".join(held) or "否"


def titles(names: Iterable[str]) -> str:
    """This function will give the titles of facts, parted by 、."""
    return "、".join(declared()[name].title for name in names)
