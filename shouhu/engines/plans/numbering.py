"""Automatic numbering of Word documents, printed as Word prints it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element

_DEEPEST = 9
_DIGITS = "零一二三四五六七八九"
_CHINESE = ("chinese", "japanese", "taiwanese", "ideographDigital", "korean")


@dataclass(frozen=True)
class _Level:
    start: int = 1
    form: str = "decimal"
    text: str = ""
    restarts: bool = True
    is_plain: bool = False
    style: str = ""


@dataclass
class _List:
    """The levels of a numbering, and how far it has counted."""

    levels: dict[int, _Level]
    counts: dict[int, int] = field(default_factory=dict)


@dataclass
class _Instance:
    list: _List
    levels: dict[int, _Level]
    starts: dict[int, int]


class Numbering:
    """The lists of a document; labels must be asked for in the order of its paragraphs."""

    def __init__(self, root: Element | None) -> None:
        self._instances: dict[str, _Instance] = {}
        self._styles: dict[tuple[str, str], int] = {}
        if root is not None:
            self._read(root)

    def _read(self, root: Element) -> None:
        lists: dict[str, _List] = {}
        linked: dict[str, str] = {}
        named: dict[str, str] = {}
        for element in _children(root, "abstractNum"):
            key = _get(element, "abstractNumId")
            lists[key] = _List({_whole(_get(level, "ilvl")): _level(level) for level in _children(element, "lvl")})
            if link := _value(element, "numStyleLink"):
                linked[key] = link
            if link := _value(element, "styleLink"):
                named[link] = key
        for key, link in linked.items():
            lists[key] = lists.get(named.get(link, ""), lists[key])
        for element in _children(root, "num"):
            if found := lists.get(_value(element, "abstractNumId") or ""):
                self._instances[_get(element, "numId")] = _instance(element, found)

    def level_of(self, number: str, style: str) -> int:
        """This function will give the level of a list that a paragraph style is tied to, 0 without one."""
        instance = self._instances.get(number)
        levels = instance.levels.items() if instance else ()
        return next((depth for depth, level in levels if level.style == style), 0)

    def label(self, number: str, depth: int) -> str:
        """
        This function will count a paragraph in and give the label that stands before it, "" for bullets.

        A bare number gets the mark that usually stands behind it, as Word sets it off by a tab.
        """
        instance = self._instances.get(number)
        if instance is None or depth not in instance.levels:
            return ""
        counts = instance.list.counts
        for place, start in instance.starts.items():
            counts[place] = start - 1
        instance.starts.clear()
        counts[depth] = counts.get(depth, instance.levels[depth].start - 1) + 1
        for deeper in [place for place in counts if place > depth]:
            if instance.levels.get(deeper, _Level()).restarts:
                del counts[deeper]
        return _printed(instance.levels, counts, depth)


def _instance(element: Element, found: _List) -> _Instance:
    levels, starts = dict(found.levels), {}
    for override in _children(element, "lvlOverride"):
        depth = _whole(_get(override, "ilvl"))
        for level in _children(override, "lvl"):
            levels[depth] = _level(level)
        if (start := _value(override, "startOverride")) is not None:
            starts[depth] = _whole(start)
    return _Instance(found, levels, starts)


def _level(element: Element) -> _Level:
    level = _Level(
        form=_value(element, "numFmt") or "decimal",
        text=_value(element, "lvlText") or "",
        restarts=_value(element, "lvlRestart") != "0",
        is_plain=bool(_children(element, "isLgl")),
        style=_value(element, "pStyle") or "",
    )
    start = _value(element, "start")
    return level if start is None else replace(level, start=_whole(start))


def _printed(levels: Mapping[int, _Level], counts: Mapping[int, int], depth: int) -> str:
    level = levels[depth]
    if level.form in ("bullet", "none"):
        return "" if level.form == "bullet" else level.text.replace("%", "")[:20]
    text = level.text
    for place in range(_DEEPEST):
        if f"%{place + 1}" in text:
            above = levels.get(place, _Level())
            form = "decimal" if level.is_plain else above.form
            text = text.replace(f"%{place + 1}", written(counts.get(place, above.start), form))
    if text[-1:].isdecimal():
        return f"{text}." if "." not in text else f"{text} "
    return f"{text}、" if text[-1:] in f"{_DIGITS}十" and "第" not in text else text


def written(number: int, form: str) -> str:
    """This function will write a number in one of Word's forms (``w:numFmt``); one that is not known as figures."""
    if form.startswith(_CHINESE) and 0 < number < 100 and "Legal" not in form:
        tens, ones = divmod(number, 10)
        return ("" if not tens else "十" if tens == 1 else _DIGITS[tens] + "十") + (_DIGITS[ones] if ones else "")
    if form.startswith("decimalEnclosedCircle") and 0 < number <= 20:
        return chr(0x245F + number)
    if form == "decimalEnclosedParen" and 0 < number <= 20:
        return f"（{number}）"
    if form in ("lowerLetter", "upperLetter") and 0 < number <= 26:
        letter = chr(0x60 + number)
        return letter if form == "lowerLetter" else letter.upper()
    if form == "decimalZero":
        return f"{number:02d}"
    return str(number)


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _children(element: Element, name: str) -> list[Element]:
    return [child for child in element if _local(child) == name]


def _get(element: Element, name: str) -> str:
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def _value(element: Element, name: str) -> str | None:
    return next((_get(child, "val") for child in _children(element, name)), None)


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 0
