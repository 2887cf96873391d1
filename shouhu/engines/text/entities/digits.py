"""Digits as people write them to be found by people only: 一三八, 幺, O for 0, l for 1, a 一 that stands for a dash."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shouhu.engines.text.entities.patterns import pattern

_WRITTEN = "零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖"
_DIGITS = str.maketrans(_WRITTEN, "01234567891" + "123456789")
_LETTERS = str.maketrans("oil|", "0111")
_DASH = pattern(r"(?<=\d{3})一(?=\d{4})")
_READ_OUT = pattern(rf"[{_WRITTEN}]{{3,6}}(?:[,、] ?[{_WRITTEN}]{{3,6}}){{2,5}}(?![{_WRITTEN}万千百十元块])")
"""A number read out group by group: 一五八,三六九二,七四幺五."""
_COMMAS = str.maketrans(",、", "--")
_MIXED = pattern(r"(?<![a-z])[\doil|](?:[ -]?[\doil|]){6,}(?![a-z])")
_SPOKEN = pattern(rf"[{_WRITTEN}](?:[ .·-]{{0,3}}[{_WRITTEN}\d]){{4}}|\d[ -]?[{_WRITTEN}][\d{_WRITTEN}]")
_LIKE_DIGITS = frozenset("oil|")


def digitised(text: str) -> str:
    """This function will write a folded text with plain digits wherever digits are meant, each in its place."""
    if "一" in text:
        text = _DASH.sub("-", text)
    if "," in text or "、" in text:
        text = _READ_OUT.sub(lambda match: match[0].translate(_COMMAS), text)
    if _SPOKEN.search(text):
        text = text.translate(_DIGITS)
    return text if _LIKE_DIGITS.isdisjoint(text) else _MIXED.sub(_as_digits, text)


def _as_digits(match: re.Match[str]) -> str:
    run = match[0]
    n_digits = sum(character.isdigit() for character in run)
    n_letters = sum(character in "oil|" for character in run)
    return run.translate(_LETTERS) if n_digits > n_letters else run


def plain(text: str) -> str:
    """This function will keep the digits of a text, nothing else."""
    return "".join(filter(str.isdecimal, text))


_ORDER = pattern(
    r"(?:订单|单号|运单|快递|物流|流水|编号|合同|保单|工单|案号|发票|序列号|条码|追溯码|防伪码|批号)(?:(?!电话|手机|热线|座机|卡(?!单)|账[号户]|银行|[转汇打]到|转给)[^,。;!?\n]){0,8}$"
)


def is_order_number(text: str, start: int) -> bool:
    """This function will tell whether the words before a number call it one of an order, a parcel, a contract."""
    return _ORDER.search(text, max(0, start - 16), start) is not None


def runs(pattern: re.Pattern[str], text: str) -> Iterator[tuple[str, int, int]]:
    """This function will give the digits of each match with its place."""
    for match in pattern.finditer(text):
        yield plain(match[0]), match.start(), match.end()
