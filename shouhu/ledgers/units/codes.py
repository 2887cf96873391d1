"""Division codes: twelve digits, filled with zeros (省2 市4 区县6 镇街9 村居12), grids three more; ranges instead of trees."""

from __future__ import annotations

LEVELS = {"nation": 0, "province": 2, "city": 4, "county": 6, "township": 9, "neighbourhood": 12}
"""Level → how many digits tell it."""
LENGTH = 12


def level_of(code: str) -> str:
    """This function will give the level of a 12-digit code (15 digits: ``grid``)."""
    if len(code) > LENGTH:
        return "grid"
    return next(level for level, digits in LEVELS.items() if not code[digits:].strip("0"))


def stem(code: str) -> str:
    """This function will give the digits of a code that tell its division, without the zeros that fill it up."""
    return code if len(code) > LENGTH else code[: LEVELS[level_of(code)]]


def span(code: str) -> tuple[str, str]:
    """
    This function will give the half-open range ``low <= code < high`` of all codes inside a division.

    Codes compare as text; the high end of the last division of all is an A, which follows the digits in every
    collation.
    """
    start = stem(code)
    digits = start.rstrip("9")
    high = digits[:-1] + chr(ord(digits[-1]) + 1) if digits else "A"
    return start.ljust(LENGTH, "0"), high.ljust(len(start), "0") if digits else high


def parent_of(code: str) -> str:
    """This function will give the code one level up; that of the nation is itself."""
    if len(code) > LENGTH:
        return code[:LENGTH]
    above = [digits for digits in LEVELS.values() if digits < LEVELS[level_of(code)]]
    return code[: max(above, default=0)].ljust(LENGTH, "0")


def chain(code: str) -> list[str]:
    """This function will give a code and all above it, from the inside out."""
    codes = [code]
    while (above := parent_of(codes[-1])) != codes[-1]:
        codes.append(above)
    return codes


def within(code: str, outer: str) -> bool:
    """This function will tell whether a code lies in a division (or is it)."""
    low, high = span(outer)
    return low <= code < high


def is_code(text: str) -> bool:
    """This function will tell whether a text is a 12-digit division code."""
    return len(text) == LENGTH and text.isascii() and text.isdigit()
