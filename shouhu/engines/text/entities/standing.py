"""
Whether a word is an organisation's name by how it is made and where it stands, where no word for a kind says so.

The look of a name and the words around it are counted together: a made-up word that is called a name (店叫本草人家), a
likely one where organisations stand (在“清和源”购买), a sure one nearly anywhere (德善堂).
"""

from __future__ import annotations

import re

from shouhu.engines.text.entities import persons
from shouhu.engines.text.entities.edges import right_edge
from shouhu.engines.text.entities.patterns import any_of
from shouhu.engines.text.entities.words import words

_COMMON_WORDS = {word for word in (*words("common"), *words("trades")) if len(word) > 1}
_COMMON = re.compile(any_of(_COMMON_WORDS))
_SLOGANS = re.compile(any_of({*_COMMON_WORDS, *words("slogans")}))
_TRADES = tuple({*words("short_names"), *words("weak_short_names")})
_KINDS = tuple(words("kinds_of_organisation"))
_DEEDS = tuple(words("deeds"))
_KIND = re.compile(rf"(?:{any_of([*_KINDS, *_TRADES])})$")
_NO_ORGANISATION = tuple(words("no_organisations"))
_NO_BEFORE, _NO_AFTER = tuple(words("no_organisation_before")), tuple(words("no_organisation_after"))
_NAMING, _BEFORE, _AFTER = (tuple(words(of)) for of in ("naming", "before_organisations", "after_organisations"))
_WHO = tuple(words("who_belong"))
HOUSE_SIGNS = "".join(words("house"))
ALONE_SIGNS = "".join(words("house_alone"))
_MADE = frozenset(HOUSE_SIGNS + ALONE_SIGNS)
_LAST = frozenset("堂轩阁斋坊馆店铺社站部厂院所会盟驿苑居汇荟里园家宫楼府庄行缘")
_END = re.compile(rf"(?:{any_of([*_KINDS, *_TRADES, *_COMMON_WORDS])}|\(.*\))$")
_NEVER = re.compile(
    r"^(?:法院|公安|警|民政|社保|医保|人社|国家|政府|银行|养老金)|收到|元$|[我你他她您咱们了吗呢吧啊把被这那哪么的,。!?:;、\n]|\d{2}|[一二三四五六七八九十百千万\d][万个名岁天年月]|^[老小阿大].$"
)
_NAME = re.compile(r"[一-鿿a-z0-9+&·]{2,12}")
_SIGN = frozenset('“”"「」『』《》')
_CALLED = re.compile(r"叫(?:做|作|什么|个)*$")
_CALLED_SO = re.compile(
    rf"(?:(?:{any_of([*_KINDS, *words('carriers')])}|单位|商家|中介|企业|网店|品牌方|家政|物业)(?:的?(?:名字|名称|全名|名))?"
    r"[,:]?(?:就|都|好像|也|原来|以前|原先|之前|现在|后来|是|又|才)*"
    r"|[一那这有]家|先是|以前|后来|现在|原来|改名|曾)叫(?:做|作|什么|个)*$"
)
_OF_KIND = re.compile(rf"的(?:那[家个])?(?:{any_of([*_KINDS, '店', '机构', '连锁', '地方', '单位', '网站'])})")
_PAUSE = frozenset(",。!?:;、)\n ")
ENOUGH = 4
_SURE = 3
_MOSTLY = 0.5


def looks(name: str) -> int:
    """This function will say how much a word looks like a name of an organisation: not at all (0) to surely (4)."""
    if (
        not _NAME.fullmatch(name)
        or _NEVER.search(name)
        or (name.endswith(_NO_ORGANISATION) and not name.endswith(_TRADES))
    ):
        return 0
    traded = name.endswith(_TRADES)
    own = (_SLOGANS if traded else _COMMON).sub("", _KIND.sub("", name))
    if len(own) < 2:
        return 0
    own = own if traded else name
    made = sum(sign in _MADE for sign in own) / len(own)
    return 1 + (traded or name[-1] in _LAST) + (2 if made == 1 and len(name) > 2 else made >= _MOSTLY)


def stands(text: str, start: int, end: int) -> int:
    """This function will say how much the words around a place speak for an organisation, or against one."""
    quoted = start > 0 and text[start - 1] in _SIGN
    start -= quoted
    end += end < len(text) and text[end] in _SIGN
    if text.endswith(_NO_BEFORE, 0, start) or text.startswith(_NO_AFTER, end):
        return -_SURE
    return _before(text, start, quoted=quoted) + _behind(text, end)


def _before(text: str, at: int, *, quoted: bool) -> int:
    if quoted and text.endswith(_KINDS, 0, at):
        return 2  # 公司“海之寿生物”
    while at and text[at - 1] == "!":
        at -= 1
    if not at or text[at - 1] == "\n":
        return 1
    if _CALLED.search(text, max(0, at - 4), at):
        return _SURE if _CALLED_SO.search(text, max(0, at - 16), at) else 2
    if text.endswith(_NAMING, 0, at) or text.endswith(_NAMING, 0, at - (text[at - 1] in ": ")):
        return 2
    return 1 if text.endswith(_BEFORE, 0, at) else 0


def _behind(text: str, at: int) -> int:
    while at < len(text) and text[at] == "!":
        at += 1
    if text.startswith(_WHO, at) or right_edge(text, at) > at or _OF_KIND.match(text, at):
        return 2
    return 1 if text.startswith(_AFTER, at + text.startswith("的", at)) else 0


def kindless(name: str) -> str:
    """This function will give what of a name remains without the words for its kind: 和煦里 of 和煦里养老社区."""
    while (rest := _END.sub("", name)) != name:
        name = rest
    return name


def is_name(text: str, start: int, end: int) -> bool:
    """This function will tell whether what stands between two places is an organisation's name."""
    name = text[start:end]
    look = looks(name)
    if not look or (look < _SURE and persons.is_name(name) and not _is_called(text, start, end)):
        return False
    enough = ENOUGH + name.endswith(_DEEDS)
    found = look + stands(text, start, end)
    return found >= enough or (found == enough - 1 and look >= _SURE and _paused(text, start, end))


def _is_called(text: str, start: int, end: int) -> bool:
    """Whether the text says that what it calls by a name is no person."""
    return bool(_CALLED_SO.search(text, max(0, start - 16), start) or _OF_KIND.match(text, end))


def _paused(text: str, start: int, end: int) -> bool:
    """Whether a sentence pauses at one side of a name or the other, or its first signs stand elsewhere too."""
    return (
        not start
        or end == len(text)
        or text[start - 1] in _PAUSE
        or text[end] in _PAUSE
        or text.count(text[start : start + 2]) > 1
    )
