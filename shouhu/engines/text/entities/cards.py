"""Bank cards: 16 to 19 digits, in groups or not, with the check digit of Luhn; not what an order or a parcel is called."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shouhu.engines.text.entities.digits import is_order_number, runs
from shouhu.engines.text.entities.entity import Found

_CARD = re.compile(r"(?<![\da-z.])\d{4}[ .·-]{0,3}\d{2}(?:[ .·-]{0,3}\d){10,13}(?![\da-z])(?![ -]\d{3})")
# UnionPay, Visa, MasterCard, JCB and the old cards of ICBC; other numbers need a word that says card or account.
_ISSUERS = re.compile(r"6[0-9]|4\d|5[0-9]|35|9558|99|94")
_ACCOUNT = re.compile(r"(?:卡|账|帐|户|转|汇|打款|打到|存到|收款)[^,。;!?\n]{0,10}$")
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


def find(text: str, digits: str) -> Iterator[Found]:
    """This function will find the card numbers of a folded text, ``digits`` being the same with plain digits."""
    for number, start, end in runs(_CARD, digits):
        if not has_luhn(number) or is_order_number(text, start):
            continue
        if _ISSUERS.match(number) or _ACCOUNT.search(text, max(0, start - 16), start):
            yield Found("card", number, start, end)


def has_luhn(number: str) -> bool:
    """This function will tell whether the last digit is the check digit of Luhn (ISO/IEC 7812-1)."""
    backwards = [int(digit) for digit in reversed(number)]
    return (sum(backwards[::2]) + sum(_DOUBLED[digit] for digit in backwards[1::2])) % 10 == 0
