"""Bank cards: 16 to 19 digits, however grouped, with the check digit of Luhn; not what an order or a parcel is called."""

from __future__ import annotations

from collections.abc import Iterator

from shouhu.engines.text.entities.digits import is_order_number, plain, runs
from shouhu.engines.text.entities.entity import Found
from shouhu.engines.text.entities.patterns import pattern

_CARD = pattern(r"(?<![\da-z.])(?:\d{16,20}(?![\da-z])|\d(?:[ .·-]{0,3}\d){15,19}(?![\da-z])(?![ -]\d{3}))")
_LEAD = pattern(r"\d(?=[ .·-]{0,3}6[ .·-]{0,3}2)|\d{1,3}[ .·-]{1,3}(?=\d{4}[ .·-])")
"""The number of a list (①, 2.) or the last digits of something else before a card."""
# UnionPay, Visa, MasterCard, JCB and the old cards of ICBC; other numbers need a word that says card or account.
_ISSUERS = pattern(r"6[0-9]|4\d|5[0-9]|35|9558|99|94")
_ACCOUNT = pattern(r"(?:卡|账|帐|户|转|汇|打款|打到|存到|收款)[^,。;!?\n]{0,10}$")
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


def find(text: str, digits: str) -> Iterator[Found]:
    """This function will find the card numbers of a folded text, ``digits`` being the same with plain digits."""
    for number, start, end in runs(_CARD, digits):
        if is_order_number(text, start):
            continue
        lead = _LEAD.match(digits, start)
        if _is_card(text, number, start):
            yield Found("card", number, start, end)
        elif lead and _is_card(text, rest := plain(digits[lead.end() : end]), lead.end()):
            yield Found("card", rest, lead.end(), end)


def _is_card(text: str, number: str, start: int) -> bool:
    if not 16 <= len(number) <= 19 or not has_luhn(number):
        return False
    return _ISSUERS.match(number) is not None or _ACCOUNT.search(text, max(0, start - 16), start) is not None


def has_luhn(number: str) -> bool:
    """This function will tell whether the last digit is the check digit of Luhn (ISO/IEC 7812-1)."""
    backwards = [int(digit) for digit in reversed(number)]
    return (sum(backwards[::2]) + sum(_DOUBLED[digit] for digit in backwards[1::2])) % 10 == 0
