"""The labels that number the pieces of a plan: 一、（一）1. 1.1 （1）① A. 一是 第一， 第一阶段 第一章."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_DIGITS = "一二三四五六七八九十"
_CN = f"[{_DIGITS}]{{1,3}}"
_CN_OR_DASH = rf"(?:{_CN}|[—-])"  # scanners take 一 for a dash
_NO_HEADING = rf"(?!{_CN}(?:[级类等、]|是))"
_NEXT_TO_HAN = r"(?=[㐀-鿿“《])"

_KINDS = {
    "chapter": (rf"第(?:{_CN}|\d{{1,2}})(?:部分|章|编)", r"[：、\s]*"),
    "section": (rf"第(?:{_CN}|\d{{1,2}})[节条]", r"[：、\s]*"),
    "phase": (
        rf"第(?:{_CN}|\d{{1,2}})个?(?:阶段|步骤|步|环节)(?!的|结束|完成|期间|以)|(?:阶段|步骤){_CN}",
        r"[：、，\s]*",
    ),
    "是": (rf"{_CN}(?:是|要(?![素点件]))", r"[：、，]?\s*"),
    "第一": (rf"[第其]{_CN}(?=[，、：])", r"[，、：]\s*"),
    "一、": (_CN_OR_DASH, rf"\s*[、.]\s*{_NO_HEADING}"),
    "（一）": (rf"[（〔\[【]\s*{_CN_OR_DASH}\s*[）〕\]】]|{_CN}）|[㈠-㈩]", r"[、.，：]?\s*"),
    "1.1": (r"\d{1,2}(?:\.\d{1,2}){1,3}", r"(?:[.、]|(?=\s|[㐀-鿿]))\s*"),
    "1.": (r"\d{1,2}(?=\s*[.、]\s*(?!\d))|[⒈-⒛]", r"\s*[.、]?\s*"),
    "（1）": (r"（?\s*\d{1,2}\s*）|[⑴-⒇]", r"[、.，]?\s*"),
    "①": ("[①-⑳]", r"[、.]?\s*"),
    "A.": ("[A-Za-z]", rf"[.、）]\s*{_NEXT_TO_HAN}"),
}
_NAMES = tuple(_KINDS)
RANKS = {
    kind: rank for rank, kind in enumerate(["chapter", "section", "一、", "（一）", "1.", "1.1", "（1）", "①", "A."])
}
"""Kinds that stand in a fixed order; the others may stand at any depth."""

_BARE = {
    "一、": (
        rf"{_CN_OR_DASH}(?=\s*[、.]\s*{_NO_HEADING})|{_CN}(?=[ \t\u3000]+[㐀-鿿“《][^。；]{{1,24}}$)",
        r"\s*[、.]?\s*",
    ),
    "1.": (rf"\d{{1,2}}(?=\s*[.、]\s*(?!\d)|[ \t\u3000]+{_NEXT_TO_HAN})|[⒈-⒛]", r"\s*[.、]?\s*"),
}
"""At the start of a paragraph a gap may stand for the mark: 1  摸底, and before a short heading 一  总体目标."""


def _any(kinds: Mapping[str, tuple[str, str]]) -> str:
    return "|".join(f"({core}){marks}" for core, marks in kinds.values())


_AT_START = re.compile(rf"\s*(?:{_any(_KINDS | _BARE)})")
_WITHIN = re.compile(rf"(?:(?<=[。；：！？”）\s…])|(?<=[㐀-鿿”》）]，))(?:{_any(_KINDS)})")
_AFTER_COMMA = ("是", "第一", "phase")


@dataclass(frozen=True)
class Label:
    """A label in a mended text: as a path prints it, its kind and number, its place with the marks behind it."""

    text: str
    kind: str
    number: int
    start: int
    end: int


def starts(text: str) -> Label | None:
    """This function will give the label that a mended paragraph starts with."""
    match = _AT_START.match(text)
    return _label(match) if match else None


def within(text: str, start: int) -> Iterator[Label]:
    """This function will give what looks like labels inside a mended paragraph, behind ``start``."""
    for match in _WITHIN.finditer(text, start + 1):
        label = _label(match)
        if text[label.start - 1] != "，" or label.kind in _AFTER_COMMA:
            yield label


def _label(match: re.Match[str]) -> Label:
    index = match.lastindex or 1
    kind, core = _NAMES[index - 1], re.sub(r"\s", "", match[index])
    if kind in ("一、", "（一）"):
        core = re.sub("[—-]", "一", core)
    plain = (
        core if kind == "①" else unicodedata.normalize("NFKC", core).translate(str.maketrans("〔[【", "(((", "〕]】"))
    )
    if kind == "（一）":
        plain = f"({plain.strip('()')})"
    return Label(plain.rstrip("."), kind, number(core), match.start(index), match.end())


def number(core: str) -> int:
    """This function will read the number of a label or headline: 二十三, 23, ①, B (2)."""
    plain = unicodedata.normalize("NFKC", core)
    if figures := re.findall(r"\d+", plain):
        return int(figures[-1])
    if numerals := re.search(_CN, plain):
        tens, ten, ones = numerals[0].rpartition("十")
        units = _DIGITS.find(ones) + 1 if ones else 0
        return (_DIGITS.find(tens) + 1 if tens else 1) * 10 + units if ten else units
    return ord(plain[0].lower()) - ord("a") + 1
