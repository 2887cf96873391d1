"""Organisations: a word for a kind of organisation and, before it, a name of its own; some known by name alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shouhu.engines.text.entities.edges import left_edge
from shouhu.engines.text.entities.entity import Found
from shouhu.engines.text.entities.patterns import any_of
from shouhu.engines.text.entities.words import words

_LONGEST = 26
_CENTRES = words("centres")
_LAST_WORDS = words("kinds_of_organisation")
_HEAD = re.compile(
    any_of([*_LAST_WORDS, *(f"{what}中心" for what in _CENTRES)])
    + r"(?!(?<=部)门)(?![员长卡线铺]|会(?![长员计议所馆])|委(?!员会)|法|业|诊|名称|性质|类|生(?=[^\w]|[的在们]|$))"
)
_COMMON_WORDS = words("common")
_COMMON = re.compile(rf"{any_of(_COMMON_WORDS)}|某+|xx+|\*+")
_BY_NAME = re.compile(
    r"(?:中国)?(?:工商|农业|建设|交通|招商|光大|民生|浦发|兴业|中信|华夏|广发|平安|邮政储蓄|邮储|渤海"
    r"|浙商|恒丰)银行|中国银行|工行(?=[^动为程])|农行(?=[^动为])|建行(?=[^动为])|农商行|邮储(?!银行)"
    r"|中国(?:移动|联通|电信|邮政|平安|人寿|人保|银联|石化|石油|太平|体彩|福彩|红十字会)|(?:平安"
    r"|太平洋|泰康|新华|友邦|太平|阳光|大地|人民)(?:人寿|保险)|国家电网|南方电网|国家医保局"
    r"|国家反诈中心|最高人民检察院|最高人民法院|国务院|民政部(?!门)|(?:福利|体育)彩票(?:发行|管理)?中心|福彩中心|体彩中心"
)
_NATIONAL = ("国家", "中国", "全国", "中华")
_LEGAL = ("公司", "合作社", "商行", "经营部", "批发部", "事务所")
"""What is registered under a name; four signs before one of them are a name, however common its words."""
_PARTNERS = re.compile(r"\((?:有限|普通)合伙\)")
_UNIONS = ("协会", "学会", "联合会", "促进会", "基金会", "研究会", "委员会", "组委会", "联盟")


def find(text: str) -> Iterator[Found]:
    """This function will find organisations by their last word; a kind without a name (一家公司, 养老院) is none."""
    taken = len(text)
    heads = list(_HEAD.finditer(text))
    for match in reversed(heads):
        if match.end() > taken:
            continue
        end = match.end()
        floor = max(0, end - _LONGEST)
        start = left_edge(text, floor, match.start())
        start = _closed(text, start, end)
        if start < match.start() and _is_named(text[start : match.start()], match[0]):
            taken = start
            if partners := _PARTNERS.match(text, end):
                end = partners.end()
            yield Found("org", text[start:end], start, end)
    for match in _BY_NAME.finditer(text):
        yield Found("org", match[0], *match.span())


def _closed(text: str, start: int, end: int) -> int:
    """A name takes both of a pair of brackets or quotes, or neither."""
    name = text[start:end]
    for opening, closing in ("()", "“”", "「」", "『』"):
        at = name.rfind(opening)
        if at >= 0 and closing not in name[at:]:
            start, name = start + at + 1, name[at + 1 :]
        at = name.find(closing)
        if at >= 0 and opening not in name[:at]:
            start, name = start + at + 1, name[at + 1 :]
    if name.startswith("(") and (at := name.find(")") + 1) < len(name):
        start, name = start + at, name[at:]
    if name.count('"') == 1:
        at = name.index('"') + 1
        start += at
    return start


def is_named(name: str, *, whole: bool = False) -> bool:
    """
    This function will tell whether a word for an organisation holds more than its kind.

    ``whole`` wants nothing behind the word for the kind, if there is one: 民政局联合办 is none.
    """
    heads = [head for head in _HEAD.finditer(name) if head.end() == len(name)]
    if not heads:
        return not (whole and _HEAD.search(name)) and len(_COMMON.sub("", name)) >= 2
    return _is_named(name[: heads[0].start()], heads[0][0])


def _is_named(before: str, head: str) -> bool:
    if before.startswith(_NATIONAL) or (head in _UNIONS and len(before) >= 4):
        return True  # these are named for what they are about: 中老年健康协会
    if head.endswith(_LEGAL) and len(before.strip(' ()“”"「」')) >= 4 and before not in _COMMON_WORDS:
        return True
    own = _COMMON.sub("", before).strip(' ()“”"「」『』·-*&')
    return len(own) >= 2 or (len(own) == 1 and len(before) >= 2)
