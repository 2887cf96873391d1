"""Rows that contradict themselves, codes that cannot be, institutions entered twice: reported, never repaired."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from operator import mul
from typing import Any

from shouhu.engines.rules.facts import declared
from shouhu.engines.rules.values import Approximate

LARGE_MULTIPLE = 6
"""One-time payment over monthly fee from which a prepayment is large (002-10 三(二)2); only for finding contradictions."""
DEAREST_MONTH = 200_000
"""Yuan; a monthly fee above it is a sum in another unit, not a fee."""
DUPLICATE, CONTRADICTION = "duplicate", "contradiction"

_MARKS = {mark: value for value, mark in enumerate("0123456789ABCDEFGHJKLMNPQRTUWXY")}
_WEIGHTS = (*(pow(3, place, 31) for place in range(17)), 1)

Columns = dict[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row: the fact it is reported at, why, the flag it earns, and whether the value is unusable."""

    row: int
    fact: str
    why: str
    flag: str | None = None
    drop: bool = False


def check(columns: Columns, where: Callable[[int], str], as_of: date | None) -> Iterator[Fault]:
    """
    This function will look over all rows of a register.

    ``where`` names a row for people ("第 5 行"); dates after ``as_of`` are reported where it is given.
    """
    valid = {code: is_uscc(code) for code in set(columns["uscc"]) if code}
    for row, code in enumerate(columns["uscc"]):
        if code and not valid[code]:
            yield Fault(row, "uscc", _code_fault(code))
    yield from _duplicates(columns, valid, where)
    yield from _impossible(columns, as_of)
    yield from _contradictions(columns)


def is_uscc(code: str) -> bool:
    """This function will say whether a text is a 统一社会信用代码: 18 marks and their check digit (GB 32100-2015)."""
    if len(code) != 18 or not code[:8].isdecimal():
        return False
    try:
        total: int = sum(map(mul, _WEIGHTS, map(_MARKS.__getitem__, code)))
    except KeyError:
        return False
    return total % 31 == 0


def _code_fault(code: str) -> str:
    if re.fullmatch(r"\d{15}", code):
        return "是 15 位的旧登记证号，请改填 18 位统一社会信用代码"
    if re.search(r"[X×*]{3}", code):
        return "统一社会信用代码被“X”等符号遮盖，请补全"
    if len(code) != 18:
        return f"统一社会信用代码应为 18 位，现为 {len(code)} 位"
    if not re.fullmatch(r"\d{8}[0-9A-HJ-NPQRTUWXY]{10}", code):
        return "统一社会信用代码含有不该出现的字符（字母 I、O、S、V、Z 不用）"
    return "统一社会信用代码校验位不符，可能抄错"


def _duplicates(columns: Columns, valid: dict[str, bool], where: Callable[[int], str]) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    told: set[int] = set()
    rows = zip(columns["uscc"], columns["name"], columns["address"], columns["township"], strict=True)
    for row, (code, name, address, town) in enumerate(rows):
        keys = [("代码", code)] if code and valid[code] else []
        if name and (address or town):  # the town stands in where no address tells the two apart
            what, place = ("名称和地址", address) if address else ("名称和镇街", town)
            keys.append((what, f"{what}@{_bare(name)}@{_bare(place)}"))
        for what, key in keys:
            first = seen.setdefault(key, row)
            if first != row and row not in told:
                told.add(row)
                fact = "uscc" if what == "代码" else "name"
                yield Fault(row, fact, f"{what}与{where(first)}相同，疑似重复", DUPLICATE)
                if first not in told:
                    told.add(first)
                    yield Fault(first, fact, f"{what}与{where(row)}相同，疑似重复", DUPLICATE)


def _bare(text: str) -> str:
    if text.isalnum() and unicodedata.is_normalized("NFKC", text):
        return text.lower()
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).lower()


# --- what cannot be


def _low(value: Any) -> Any:
    return value.low if isinstance(value, Approximate) else value


def _high(value: Any) -> Any:
    return value.high if isinstance(value, Approximate) else value


def _impossible(columns: Columns, as_of: date | None) -> Iterator[Fault]:
    for fact in declared().values():
        if fact.is_number:
            values = columns[fact.name]
            negative = {value for value in set(values) if value is not None and _low(value) < 0}
            for row in (row for row, value in enumerate(values) if value in negative) if negative else ():
                yield Fault(row, fact.name, "不可能是负数，按未知处理", CONTRADICTION, drop=True)
    for row, fee in enumerate(columns["monthly_fee"]):
        if fee is not None and _low(fee) > DEAREST_MONTH:
            yield Fault(
                row, "monthly_fee", f"每月 {_low(fee):,.10g} 元，疑似单位不符，按未知处理", CONTRADICTION, drop=True
            )
    for row, day in enumerate(columns["surveyed_on"]):
        if as_of and day and day > as_of:
            yield Fault(row, "surveyed_on", f"排查日期晚于 {as_of.isoformat()}", CONTRADICTION)


def _contradictions(columns: Columns) -> Iterator[Fault]:
    def over(*names: str) -> Iterator[tuple[Any, ...]]:
        return zip(*(columns[name] for name in names), strict=True)

    for row, (taken, large, *sums) in enumerate(over("takes_prepayment", "large_stated", *_SUMS)):
        if taken is False:
            if large:
                yield Fault(row, "large_stated", "填了不收取预付费，却填收取大额预付费", CONTRADICTION)
            for name, value in zip(_SUMS, sums, strict=True):
                if value is not None and _low(value) > 0:
                    title = declared()[name].title
                    yield Fault(row, name, f"填了不收取预付费，{title}却是 {shown_number(value)}", CONTRADICTION)
        elif taken and sums[0] is not None and _high(sums[0]) == 0:
            yield Fault(row, "max_prepayment", "填了收取预付费，单笔最高却是 0，按未知处理", CONTRADICTION, drop=True)
    for row, (large, most, fee, payers) in enumerate(
        over("large_stated", "max_prepayment", "monthly_fee", "n_large_prepayers")
    ):
        if large is False and payers is not None and _low(payers) > 0:
            yield Fault(
                row, "large_stated", f"填了没有大额预付费，大额预付费人数却是 {shown_number(payers)}", CONTRADICTION
            )
        if large is None or most is None or fee is None or not 0 < _low(fee) <= DEAREST_MONTH:
            continue
        if large is False and _low(most) >= LARGE_MULTIPLE * _high(fee):
            why = f"填了没有大额预付费，单笔最高 {shown_number(most)} 元却达到月收费标准 {shown_number(fee)} 元的 {LARGE_MULTIPLE} 倍"
            yield Fault(row, "large_stated", why, CONTRADICTION)
        if large is True and 0 < _high(most) < LARGE_MULTIPLE * _low(fee):
            why = f"填了有大额预付费，单笔最高 {shown_number(most)} 元却不到月收费标准 {shown_number(fee)} 元的 {LARGE_MULTIPLE} 倍"
            yield Fault(row, "large_stated", why, CONTRADICTION)
    for smaller, larger in _NOT_ABOVE:
        for row, (part, whole) in enumerate(over(smaller, larger)):
            if part is not None and whole is not None and _low(part) > _high(whole):
                why = f"{shown_number(part)} 超过{declared()[larger].title} {shown_number(whole)}"
                yield Fault(row, smaller, why, CONTRADICTION)
    for row, (residents, beds) in enumerate(over("n_residents", "n_beds")):
        if residents is not None and beds is not None and _low(residents) > 0 and _high(beds) == 0:
            yield Fault(row, "n_residents", f"床位数是 0，入住人数却是 {shown_number(residents)}", CONTRADICTION)
    for row, (companies, dealings) in enumerate(over("related_companies", "related_dealings")):
        if companies is False and dealings:
            yield Fault(row, "related_dealings", "填了没有关联公司，却填有关联交易", CONTRADICTION)
    for row, (complained, verified) in enumerate(over("complained", "complaint_verified")):
        if complained == () and verified:
            yield Fault(row, "complaint_verified", "填了没有被投诉举报，却填已核实属实", CONTRADICTION)


_SUMS = ("max_prepayment", "prepaid_months", "prepaid_total", "n_prepayers", "n_large_prepayers")
_NOT_ABOVE = (("n_large_prepayers", "n_prepayers"), ("max_prepayment", "prepaid_total"))


def shown_number(value: Any) -> str:
    """This function will write a number, approximate ones with their qualifier: 30余, 1800-4500, 约30."""
    if not isinstance(value, Approximate):
        return _digits(value)
    if value.value is None:
        return f"{_digits(value.low)}-{_digits(value.high)}"
    if value.qualifier in ("余", "以上", "以下"):
        return f"{_digits(value.value)}{value.qualifier}"
    return f"{value.qualifier}{_digits(value.value)}"


def _digits(number: int | float) -> str:
    return format(number, "f").rstrip("0").rstrip(".") if isinstance(number, float) else str(number)
