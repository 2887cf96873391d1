"""Numbers of a person and of an organisation: 18 characters with a check digit (GB 11643, GB 32100)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from shouhu.engines.text.entities.entity import Found
from shouhu.engines.text.entities.patterns import pattern

_PERSON = pattern(r"(?<!\d)[1-9]\d{5}[ -]?(?:18|19|20)\d{2}[ -]?\d{4}[ -]?\d{3}[\dx](?![\da-z])")
_ORGANISATION = pattern(
    r"(?<![\da-z])[159any][1-59][ ]?\d{6}[ ]?[0-9a-hj-npqrtuwxy]{9}[ ]?[0-9a-hj-npqrtuwxy](?![\da-z])"
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def find(text: str, digits: str) -> Iterator[Found]:
    """This function will find identity card numbers and unified social credit codes with a true check digit."""
    for match in _PERSON.finditer(digits):
        number = _joined(match[0])
        if is_identity_number(number):
            yield Found("id", number, match.start(), match.end())
    for match in _ORGANISATION.finditer(text):
        from stdnum.cn import uscc  # few texts need it, and it comes with all kinds of numbers

        code = _joined(match[0])
        if uscc.is_valid(code):
            yield Found("uscc", code, match.start(), match.end())


def is_identity_number(number: str) -> bool:
    """This function will tell whether 18 characters hold a day of birth and the check digit of GB 11643."""
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    rest = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False)) % 11
    return number[17] == "10X98765432"[rest]


def _joined(text: str) -> str:
    return text.replace(" ", "").replace("-", "").upper()
