"""Phones: mobiles, landlines, 400 and 800, numbers abroad, and those of banks where the words say that somebody calls."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shouhu.engines.text.entities.digits import is_order_number, plain
from shouhu.engines.text.entities.entity import Found
from shouhu.engines.text.entities.patterns import pattern

_GAP = r"[ .·_*-]{0,3}"
_MOBILE = pattern(rf"(?<![\d.])(?:(?:\+|00)?86{_GAP})?(1{_GAP}[3-9](?:{_GAP}\d){{9}})(?!\d)(?!\.\d)")
_LANDLINE = pattern(
    r"(?<![\d.])(?:\+?86[ -]?)?(\(?0(?:10|2\d|[3-9]\d\d)\)?[ .·-]{0,3}"
    r"[2-9](?:[ .·-]?\d){6,7})(?!\d)(?!\.\d)(?![ -]\d{2})"
)
_FREE = pattern(r"(?<![\d.])([48]00(?:[ .·-]{0,3}\d){7})(?!\d)(?!\.\d)")
_ABROAD = pattern(r"(?<![\d.a-z])((?:\+|00)(?:1|44|6[0-6]|7|8[124]|85[2356]|886|9[15]|971)[ -]?\d{7,10})(?!\d)(?!\.\d)")
_SENDER = pattern(r"(?:短信|号码|来自|显示|发送方)[是为:由]?[ :]?(106\d{6,13})(?!\d)|(?<!\d)(106\d{6,13})(?=[的给]?发)")
_BEFORE_LOCAL = r"(?:电话|留[的了]个?号|座机|热线|固话|tel|总机|咨询|售楼部|联系|预约|订购|详询|报名|致电)"
_LOCAL = pattern(
    rf"{_BEFORE_LOCAL}[号码是为:. ]{{0,4}}"
    r"([2-8](?:\d{2,3}[ -]?\d{4}|\d{6,7}|\d(?:[ -]\d{2,3}){2}|\d(?:[ -]\d\d){3}|\d{2}(?:[ -]\d\d){2}))(?!\d)(?!\.\d)"
)
_OR_LOCAL = pattern(r" ?(?:或者?|和|/|、|;|,)(?:座机|固话|打)?:? ?([2-8]\d{6,7})(?!\d)(?![.,]\d)")
"""A number without area code that stands beside another number."""
_BANK = pattern(r"(?:打|拨|致电|电话|热线|客服|咨询|联系)[了过个的是为到:通]?[ :]{0,2}(9[56]\d{6})(?!\d)(?!\.\d)")
_RUN = pattern(r"\d(?:[ .·_*()-]{0,4}\d){8,}")
_SHORT = pattern(r"\d+")
_FIRM = pattern(r"(?!96110)9[56]\d{3,4}|100\d{2}")
_STATE = pattern(r"12[13]\d{2}|1212[03]|96110|11[0249]|12[02]")
"""Lines of the state (12345, 96110, 110): nobody's number, they lead to no one and link no two texts."""
_EMERGENCY = frozenset({"110", "112", "114", "119", "120", "122"})
_DIALLED = pattern(r"(?:[打拨叫报][了过通]?|(?<=\d{3})[或和、])$")
_NO_START = frozenset("abcdefghijklmnopqrstuvwxyz.*-")
_NO_EDGE = pattern(r"[%a-z]|[.,-]\d")
_LOCAL_WORD = pattern(_BEFORE_LOCAL)
_MONEY = pattern(r" ?(?:[元块万千亿]|w(?![a-z]))")
_UNIT = pattern(r" ?(?:[元块万千w亿人个名位岁次天年月户家斤克米平份张台条]|多[元块人个])")
_CALLING = pattern(
    r"(?:打|拨|致电|来电|电话|热线|客服|咨询|咨讯|联系|报警|举报|投诉|号码|详询|查询|呼叫|拔|显示|官方"
    r"|向|找|报了?|叫了?|认准|回复|拨通|接到|收到)"
    r"[了过个的是为到:通打请]?[ :(\"“「]{0,2}$"
)
_CALLED = pattern(
    r"[\"”」) ]{0,2}(?:热线(?!转|交办|工单)|来电|来的|打来|打过|打电话|给我打|发来|发的|短信|客服|电话"
    r"|专线|举报|报警|咨询|投诉|反诈|的人?电话|的号码)"
)
_LINKED = pattern(r"[或和与、/,]$")


def find(text: str, digits: str) -> Iterator[Found]:
    """This function will find the numbers that can be called, ``digits`` being the folded text with plain digits."""
    for run in _RUN.finditer(digits):
        begin = max(0, run.start() - 1)  # the bracket or plus before it
        for one in (_MOBILE, _LANDLINE, _FREE, _ABROAD):
            for match in one.finditer(digits, begin, run.end()):
                for found in _called(text, digits, match, whole=True):
                    yield found
                    if beside := _OR_LOCAL.match(digits, found.end):
                        yield from _called(text, digits, beside, whole=False)
    if _LOCAL_WORD.search(text):
        for match in _LOCAL.finditer(digits):
            yield from _called(text, digits, match, whole=False)
    for match in (*_BANK.finditer(digits), *_SENDER.finditer(digits)):
        yield Found("phone", match[match.lastindex or 1], *match.span(match.lastindex or 1))
    yield from _service_numbers(text)


def _called(text: str, digits: str, match: re.Match[str], *, whole: bool) -> Iterator[Found]:
    start, end = match.span() if whole else match.span(1)
    if digits[start] == "(" and not match[1].startswith("("):
        start += 1
    grouped = end - start > len(match[1].replace("(", "").replace(")", "")) or not match[1].isdecimal()
    if grouped and match[1].startswith("1") and re.search(r"\d[ -]$", digits[max(0, start - 2) : start]):
        return  # the last groups of a longer number
    if not (_MONEY.match(text, end) or is_order_number(text, start)):
        yield Found("phone", plain(match[1]), start, end)


def is_of_state(text: str, start: int, figure: str) -> bool:
    """This function will tell whether a figure is a line of the state; of three digits only where it is dialled."""
    if not _STATE.fullmatch(figure):
        return False
    return figure not in _EMERGENCY or _DIALLED.search(text, max(0, start - 2), start) is not None


def _service_numbers(text: str) -> Iterator[Found]:
    """The short numbers of banks and carriers, where the words say that somebody calls."""
    called = -1
    for match in _SHORT.finditer(text):
        start, end = match.span()
        if not 5 <= end - start <= 6 or not _FIRM.fullmatch(match[0]):
            continue
        if text[start - 1 : start] in _NO_START or _NO_EDGE.match(text, end) or _UNIT.match(text, end):
            continue
        beside = 0 <= called == start - 1 and _LINKED.search(text, called, start)
        if beside or _CALLING.search(text, max(0, start - 10), start) or _CALLED.match(text, end):
            called = end
            yield Found("phone", match[0], start, end)
