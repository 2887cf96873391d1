"""Names that no word for a kind of organisation ends: quoted, signed (【…】), called (叫…), listed, of house signs, again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from shouhu.engines.text.entities.edges import is_cut, left_edge, right_edge
from shouhu.engines.text.entities.entity import Found
from shouhu.engines.text.entities.patterns import pattern
from shouhu.engines.text.entities.standing import (
    ALONE_SIGNS,
    HOUSE_SIGNS,
    is_name,
    kindless,
    looks,
    made_of_house_signs,
    stands,
)

_WRITTEN = r"[一-鿿a-z0-9+&·]"
_QUOTED = pattern(rf"[“「『\"]({_WRITTEN}{{2,12}})[”」』\"]")
_SIGNED = pattern(rf"(?:^|(?<=[\n:]))【({_WRITTEN}{{2,10}})】(?=[^\n])")
_ADDRESSED = pattern(
    r"[您你]|尊敬|亲爱|叔叔|阿姨|会员|客户|顾客|本店|家属|女士|先生|邀请|诚邀|恭喜|老师|[伯爷奶姨叔][伯爷奶姨叔]"
)
_BRANCHED = pattern(r"(?:\([一-鿿]{1,6}[店号院区站馆]\)|·[一-鿿]{1,6}店)")
_CALLS = pattern(
    r"(?:叫(?:做|作|什么|个)*|名为|(?:店名|店铺|公司|单位|[商店卖]家|商户|落款|署名|简称|全称|机构)[:是为]?(?![叫名老])|自称是?|冒充|改名) ?"
    rf"({_WRITTEN}{{2,12}}?)(?=[的那这]|(?!{_WRITTEN}))"
)
_HOUSE = pattern(rf"[堂轩阁斋](?<=[{HOUSE_SIGNS}]{{2}}.)(?!{_WRITTEN}?(?:课|[弟兄姐妹哥嫂叔伯客]))")
_ALONE = pattern(rf"(?<![{ALONE_SIGNS}])[{ALONE_SIGNS}]{{3,5}}(?![{ALONE_SIGNS}老理年属险\d])")
_HOUSE_MADE = frozenset(HOUSE_SIGNS)
_LIKE_HOUSE = pattern(
    r"[堂轩阁斋舍荟苑坊](?<![食课学礼教讲]堂)(?<![街牌]坊)(?![一-鿿]?(?:课|[弟兄姐妹哥嫂叔伯客])|[屋内外费区\d]|社区|小区|家属|业主)"
)
_BELONGS = pattern(
    r"的(?:业务员|验配师|保健品|账户|产品|店员|客服|会员|院长|店长|经理|讲师|大巴|会销|分红|传人|床位|储值卡|会员卡)|跑[路了]|关门|倒闭|停业|旗下"
)
"""Who and what belongs to organisations only, and what ends them."""
_FIRST = pattern(
    rf"({_WRITTEN}{{3,6}}?)(?=[说让骗:]|一直|邀请|诚邀|特邀|没有资质|要求|承诺|宣传|推销|退费|收[了费取钱])"
)
"""What a text begins with, where somebody does something that organisations do."""
_LISTED = pattern(r"(?<![第十一])[两二三四五六七八几]家(?![庭人里])")
_JOINT = pattern(r"[”」\"]?[、,]?[“「\"]?")
_ITEM = pattern(rf"{_WRITTEN}{{2,12}}")
_LONGEST_LIST, _LONGEST_HOUSE = 60, 7
_SHORTEST, _TWICE = 3, 2
_SOME, _HALF = 0.2, 0.5


def quoted(text: str) -> Iterator[Found]:
    """This function will find the names between quotes; they are whole, whatever they end in."""
    for match in _QUOTED.finditer(text):
        if is_name(text, *match.span(1)):
            yield Found("org", match[1], *match.span(1))


def find(text: str) -> Iterator[Found]:
    """This function will find names by how they are made and where they stand."""
    for one in (_CALLS, _ALONE):
        for match in one.finditer(text):
            start, end = match.span(one.groups)
            if one is _CALLS and is_cut(text, start, end) and not looks(text[start:end]) > 2:
                continue
            if one is _ALONE and left_edge(text, max(0, start - 4), end) != start:
                continue
            if is_name(text, start, end):
                yield _whole(text, start, end)
    for match in _LIKE_HOUSE.finditer(text):
        end = match.end()
        start = left_edge(text, max(0, end - _LONGEST_HOUSE), end - 1)
        if 3 <= end - start < _LONGEST_HOUSE and stands(text, start, end) > 0 and is_name(text, start, end):
            yield _whole(text, start, end)
    for match in _BELONGS.finditer(text):
        end = match.start()
        start = left_edge(text, max(0, end - _LONGEST_HOUSE), end)
        if end - start > 2 and made_of_house_signs(text[start:end]) > _SOME and is_name(text, start, end):
            yield _whole(text, start, end)
    first = _FIRST.match(text)
    end = first.end(1) if first else 0
    if end and made_of_house_signs(text[:end]) >= _HALF and not is_cut(text, 0, end) and is_name(text, 0, end):
        yield _whole(text, 0, end)
    for match in _BRANCHED.finditer(text):
        end = match.start()
        start = left_edge(text, max(0, end - _LONGEST_HOUSE), end)
        if end - start > 1 and is_name(text, start, end):
            yield _whole(text, start, end)
    if "【" in text:
        for match in _SIGNED.finditer(text):
            if len(match[1]) > 2 and looks(match[1]) > (_ADDRESSED.search(text, match.end(), match.end() + 16) is None):
                yield Found("org", match[1], *match.span(1))
    for match in _HOUSE.finditer(text):
        end = match.end()
        start = left_edge(text, max(0, end - _LONGEST_HOUSE), end - 1)
        start += text[start] in "“「『"
        if 3 <= end - start < _LONGEST_HOUSE and _HOUSE_MADE.issuperset(text[start : end - 1]):
            yield _whole(text, start, end)
    if "家" in text:
        yield from _listed(text)


def _listed(text: str) -> Iterator[Found]:
    """康寿缘、“孝满堂”两家: what is counted as houses is a list of them."""
    for match in _LISTED.finditer(text):
        end, floor = match.start(), max(0, match.start() - _LONGEST_LIST)
        while end > floor and text[end - 1] in ",这那等均都是":
            end -= 1
        floor = max(floor, *(text.rfind(sign, floor, end) + 1 for sign in "。;!?\n,:"))
        items = list(_ITEM.finditer(text, floor, end))
        between = (text[one.end() : other.start()] for one, other in pairwise(items))
        if len(items) < 2 or not all(_JOINT.fullmatch(joint) for joint in between):
            continue
        for item in items:
            if text[item.end()] in '“「"':
                continue  # what is said of the list
            start = left_edge(text, item.start(), item.end())
            if looks(text[start : item.end()]) and stands(text, start, item.end()) >= 0:
                yield Found("org", text[start : item.end()], start, item.end())


def again(text: str, named: list[Found]) -> Iterator[Found]:
    """This function will find names, in full or without the word for their kind, where they stand again in the text."""
    for name in {str(found.value) for found in named}:
        if text.count(name[:_SHORTEST]) < _TWICE:
            continue
        for short in {name, kindless(name)}:
            if len(short) < _SHORTEST or text.count(short) < _TWICE:
                continue
            for match in re.finditer(re.escape(short), text):
                if short == name or _stands_alone(text, *match.span()):
                    yield _whole(text, *match.span())


def _stands_alone(text: str, start: int, end: int) -> bool:
    return stands(text, start, end) >= 0 and kindless(text[start : end + 2]) == text[start : end + 2]


def _whole(text: str, start: int, end: int) -> Found:
    end = right_edge(text, end)
    return Found("org", text[start:end], start, end)
