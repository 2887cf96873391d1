"""
Where a name begins: Chinese writes no spaces, so the words that stand before names are known, and those inside names too.
"""

from __future__ import annotations

from shouhu.engines.text.entities.patterns import pattern
from shouhu.engines.text.entities.words import Words, words

_BEFORE = [*words("before_names"), *(part + player for part in words("parts") for player in words("players"))]

_WITHIN = words("within_names")
_KIN = frozenset(words("kin"))
_MADE = frozenset("".join(words("house") + words("house_alone")))
_ALONE = frozenset("".join(words("house_alone")))
_SUBJECTS = ("单位", "公司", "机构", "主体", "名称", "全称", "简称", "店名", "院名", "对方", "商家")
_OBJECTS_FOLLOW = frozenset("在于去到至叫被向进")

_CUTS = Words(_BEFORE)
_KEPT = {length: frozenset(word for word in _WITHIN if len(word) == length) for length in range(2, 5)}
_TRADES = frozenset({*words("trades"), *words("common")})
_TRADED = frozenset(words("trades")).intersection(_BEFORE)
_FIRST = frozenset("同建常至能均乐安和")
_HARD = frozenset('\n“"「『【《(:')
_COUNTED = frozenset("家个间所次天万千块位名号楼栋日月年点元岁")
_NUMBERS = frozenset("零一二两三四五六七八九十几多0123456789")
_JOINS = frozenset('()“”"「」『』·&*-')
_POSSESSORS = frozenset("我你他她其俺咱的们")
_OPENING = frozenset('(“「『"')


_WRITTEN = r"[一-鿿]"
_BRANCH = pattern(
    r"\((?:有限|普通)合伙\)"
    rf"|\((?![非有无已未原现下简后前位注法不另含以即仅共约均全限男女]|盲人|民营|私立|公立|个人|自费|免费|试营|停业|空置|关闭|装修|连锁){_WRITTEN}{{2,3}}\)"
    rf"|\({_WRITTEN}{{0,8}}(?:店|站|门市|门市部|分部|分院|分社|院区|馆|校区|支行|分行|分公司|分号|[一二三四五六]期)\)"
    rf"|·{_WRITTEN}{{1,8}}?(?:店(?![铺员里长主])|站|馆|分院|分社)"
    rf"|{_WRITTEN}{{1,4}}[路街巷]分?店(?!{_WRITTEN})|第?[一二三四五六七八九十]分(?:院|店|公司|部|社|号)"
    rf"|(?:{_WRITTEN}{{2,4}}?)?(?:总部|代表处|办事处|分号|分院|校区|院区|(?:创作|实训|培训|体验)?基地|工作站|旗舰店(?!长)|社区店(?!长))"
    rf"|{_WRITTEN}{{2,3}}店(?=[^一-鿿]|[购买被消办充交做])|{_WRITTEN}{{2,4}}店(?=[^一-鿿])|集团(?!军|化)|筹[建备][组处]"
)
"""What belongs to a name behind its kind: the partnership, the branch."""


def left_edge(text: str, floor: int, end: int) -> int:
    """
    This function will say where, between two places, the name begins that ends at the second.

    A sentence mark, a count or a word that stands before names ends what precedes; 和 in 颐和 and the like do not.
    """
    at = end
    while at > floor and not _ends_at(text, at):
        at -= 1
    if at > floor and text[at - 1] in _FIRST and (at == 1 or text[at - 2] in _HARD or text[at - 2] in _OBJECTS_FOLLOW):
        at -= 1  # 【同|馨堂大药房】
    while at < end and text[at] in _JOINS and text[at] not in _OPENING:
        at += 1
    digits = at
    while digits < end and text[digits].isdecimal():
        digits += 1
    return digits if digits < end else at


def right_edge(text: str, end: int) -> int:
    """This function will say where a name ends, with what belongs to it: the branch, the partnership."""
    match = _BRANCH.match(text, end)
    return match.end() if match else end


def is_cut(text: str, start: int, end: int) -> bool:
    """This function will tell whether a word that stands before names stands between two places."""
    return left_edge(text, start, end) > start


def follows_word(text: str, at: int) -> bool:
    """This function will tell whether a word of two signs or more that stands before names ends at a place."""
    return any(at - start > 1 for start in _CUTS.starts(text, at))


def _ends_at(text: str, at: int) -> bool:
    """Whether what precedes a place is no part of a name that begins there."""
    sign = text[at - 1]
    if not (sign.isalnum() or sign in _JOINS or (sign == "+" and text[at - 2 : at - 1].isalpha())) or (
        sign == "-" and text[at - 2 : at] == "--"
    ):
        return True
    if sign in _COUNTED and at > 1 and text[at - 2] in _NUMBERS:
        return True
    if sign.isdecimal() and at > 4 and text[at - 5 : at].isdecimal():
        return True
    return any(not _is_within(text, start, at) for start in _CUTS.starts(text, at))


def _is_within(text: str, start: int, end: int) -> bool:
    """Whether the word between two places is part of one that names hold; 没有 before 有福 is not."""
    if end - start == 2 and text[start:end] in _TRADED and text[end : end + 2] in _TRADES:
        return True  # 投资|顾问
    if end - start == 1 and (text[start : end + 1] in _TRADES or text[start - 1 : end] in _TRADES):
        return True  # 收|藏, 交|易
    if text[end - 1 : end + 1] == "人民":
        return True  # 举报人|民
    if end - start == 1:
        if text[start] in "为是系" and text.endswith(_SUBJECTS, 0, start):
            return False
        if start and text[start] in _ALONE and text[start - 1] in _ALONE and text[end : end + 1] in _MADE:
            return True  # 康寿|来|健康
    elif text[start:end] in _KIN:
        return (
            start > 0 and text[start - 1].isalnum() and text[start - 1] not in _POSSESSORS and not _ends_at(text, start)
        )
    return any(
        text[first : first + length] in kept
        for length, kept in _KEPT.items()
        for first in range(max(0, start - length + 1, end - length), start + 1)
    )
