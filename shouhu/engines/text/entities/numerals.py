"""Numbers as people write them in sums: 三万五, 5.8万, 6w, 7万3千5, 叁万陆仟捌佰, 两三万, 一百二十多万, 万把块."""

from __future__ import annotations

from collections.abc import Iterator

from shouhu.engines.text.entities.patterns import pattern

_DIGITS = {written: value for value, row in enumerate(("零", "一壹幺", "二两贰俩", "三叁仨", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"))
           for written in row}  # fmt: skip
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1_000, "仟": 1_000, "k": 1_000}
_LARGE = {"万": 10_000, "w": 10_000, "亿": 100_000_000}
SCALES = "".join(_SMALL) + "".join(_LARGE)
WRITTEN = "".join(_DIGITS)
_TOKEN = pattern(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|[^\d,.]")
_LARGEST = 10**13


def numeral(text: str) -> float | None:
    """
    This function will read a number; nothing where the signs do not make one.

    A last digit stands one place below the unit before it: 三万五 is 35,000, 二百五 is 250.
    """
    total = section = 0.0
    pending: float | None = None
    unit, last_small, last_large = 1, 10_000, _LARGEST
    for token in _TOKEN.findall(text):
        if token in _SMALL:
            unit = _SMALL[token]
            if unit >= last_small or (pending is None and unit != 10):
                return None
            section += (1 if pending is None else pending) * unit
            pending, last_small = None, unit
        elif token in _LARGE:
            unit = _LARGE[token]
            section += pending or 0
            if (total or section) and unit > last_large:  # 一万亿
                total, section, last_large = 0.0, total + section, _LARGEST
            if not section or unit >= last_large:
                return None
            total += section * unit
            section, pending, last_small, last_large = 0.0, None, 10_000, unit
        elif token in _DIGITS or token[0].isdecimal():
            if pending:
                return None
            value = _DIGITS[token] if token in _DIGITS else float(token.replace(",", ""))
            unit, pending = (1 if value == 0 else unit), value
        elif token not in ",.":
            return None
    if pending is not None and unit >= 100 and 0 < pending < 10 and pending == int(pending):
        pending *= unit // 10
    number = total + section + (pending or 0)
    return round(number, 2) if number < _LARGEST else None


_NEIGHBOURS = {f"{low}{high}" for low, high in zip("一二三四五六七八", "二三四五六七八九", strict=True)} | {
    "一两",
    "两三",
    "三五",
}


def split_pair(text: str) -> int | None:
    """This function will tell where the second of two numbers said in one breath begins: 两|三万, 十七|八万, 三|五千."""
    for at in range(len(text) - 1):
        if text[at : at + 2] in _NEIGHBOURS:
            return at + 1
    return None


def plain(number: float) -> float:
    """This function will give a number as an integer where it is whole, to the hundredth otherwise."""
    return int(number) if number == int(number) else round(number, 2)


def pair(text: str, at: int) -> Iterator[float | None]:
    """This function will give the two numbers of a pair, split as ``split_pair`` says."""
    yield numeral(text[:at] + text[at + 1 :])
    yield numeral(text[: at - 1] + text[at:])
