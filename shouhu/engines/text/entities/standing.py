"""
Whether a word is an organisation's name by how it is made and where it stands, where no word for a kind says so.

The look of a name and the words around it are counted together: a made-up word that is called a name (店叫本草人家), a
likely one where organisations stand (在“清和源”购买), a sure one nearly anywhere (德善堂).
"""

from __future__ import annotations

from shouhu.engines.text.entities import persons
from shouhu.engines.text.entities.edges import right_edge
from shouhu.engines.text.entities.patterns import pattern
from shouhu.engines.text.entities.words import Words, words

_COMMON_WORDS = {word for word in (*words("common"), *words("trades")) if len(word) > 1}
_COMMON = Words(_COMMON_WORDS)
_SLOGANS = Words({*_COMMON_WORDS, *words("slogans")})
_TRADES = Words([*words("short_names"), *words("weak_short_names")])
_KINDS = Words(words("kinds_of_organisation"))
_KINDS_AND_TRADES = Words([*words("kinds_of_organisation"), *words("short_names"), *words("weak_short_names")])
_LAST_WORDS = Words(
    [*words("kinds_of_organisation"), *words("short_names"), *words("weak_short_names"), *_COMMON_WORDS]
)
_CALLED_SO = Words(
    [
        *words("kinds_of_organisation"),
        *words("carriers"),
        *("单位", "商家", "中介", "企业", "网店", "品牌方", "家政", "物业"),
    ]
)
_OF_KIND = Words([*words("kinds_of_organisation"), "店", "机构", "连锁", "地方", "单位", "网站"])
_DEEDS, _NO_ORGANISATION = Words(words("deeds")), Words(words("no_organisations"))
_NO_BEFORE, _NO_AFTER = Words(words("no_organisation_before")), Words(words("no_organisation_after"))
_NAMING, _BEFORE, _AFTER = (Words(words(of)) for of in ("naming", "before_organisations", "after_organisations"))
_WHO = Words(words("who_belong"))
HOUSE_SIGNS = "".join(words("house"))
ALONE_SIGNS = "".join(words("house_alone"))
_MADE = frozenset(HOUSE_SIGNS + ALONE_SIGNS)
_LAST = frozenset("堂轩阁斋坊馆店铺社站部厂院所会盟驿苑居汇荟里园家宫楼府庄行缘舍荟苑")
_BRACKETS = pattern(r"\(.*\)$")
_NEVER = pattern(
    r"^(?:法院|公安|警|民政|社保|医保|人社|国家|政府|银行|养老金)|收到|元$|大医院$|[我你他她您咱们了吗呢吧啊把被这那哪么的,。!?:;、\n]|\d{2}|(?!^[百千万][岁年].)[一二三四五六七八九十百千万\d][万个名岁天年月]|^[老小阿大].$"
)
_NAME = pattern(r"[一-鿿a-z0-9+&·]{2,12}")
_SIGN = frozenset('“”"「」『』《》')
_CALLED = pattern(r"叫(?:做|作|什么|个)*$")
_IS_CALLED = pattern(
    r"(?:的?(?:名字|名称|全名|名))?[,:]?(?:就|都|好像|也|原来|以前|原先|之前|现在|后来|是|又|才)*叫(?:做|作|什么|个)*$"
)
_NOW_CALLED = pattern(r"(?:[一那这有]家|先是|以前|后来|现在|原来|改名|曾)叫(?:做|作|什么|个)*$")
_OF = pattern("的(?:那[家个])?")
_SELLS = pattern(r"(?:门店|店|公司)?的[“「\"一-鿿]")
"""What is bought of somebody: 买了玉溪斋的翡翠."""
_OPENING_QUOTES = ("“", "「", "『", '"')
_SHOPS = ("门店", "店铺", "店里", "婚介", "记忆门诊", "专卖", "连锁")
_OLD_SHOP = pattern(r"[一-鿿][记氏]$")
_PAUSE = frozenset(",。!?:;、)\n ")
ENOUGH = 4
_SURE = 3
_PARTLY, _MOSTLY = 0.3, 0.5


def looks(name: str) -> int:
    """This function will say how much a word looks like a name of an organisation: not at all (0) to surely (4)."""
    if (
        not _NAME.fullmatch(name)
        or _NEVER.search(name)
        or (_NO_ORGANISATION.end(name, len(name)) and not _TRADES.end(name, len(name)))
    ):
        return 0
    traded = _TRADES.end(name, len(name))
    own = (_SLOGANS if traded else _COMMON).without(name[: _KINDS_AND_TRADES.last(name)])
    if len(own) < 2:
        return 0
    own = own if traded else name
    made = made_of_house_signs(own)
    if traded and _OLD_SHOP.match(own):
        return _SURE  # 张记推拿
    return 1 + (traded or name[-1] in _LAST) + (2 if made == 1 and len(name) > 2 else made >= _MOSTLY)


def made_of_house_signs(name: str) -> float:
    """This function will give the share of a name's signs that names of houses are made of."""
    return sum(sign in _MADE for sign in name) / len(name)


def stands(text: str, start: int, end: int) -> int:
    """This function will say how much the words around a place speak for an organisation, or against one."""
    quoted = start > 0 and text[start - 1] in _SIGN
    start -= quoted
    end += end < len(text) and text[end] in _SIGN
    if _NO_AFTER.begin(text, end) or (_NO_BEFORE.end(text, start) and not _SELLS.match(text, end)):
        return -_SURE
    return _before(text, start, quoted=quoted) + _behind(text, end, quoted=quoted)


def _before(text: str, at: int, *, quoted: bool) -> int:
    if quoted and _KINDS.end(text, at):
        return 2  # 公司“海之寿生物”
    while at and text[at - 1] == "!":
        at -= 1
    if not at or text[at - 1] == "\n":
        return 1
    if _CALLED.search(text, max(0, at - 4), at):
        return _SURE if _calls_organisation(text, at) else 2
    if _NAMING.end(text, at) or _NAMING.end(text, at - (text[at - 1] in ": ")):
        return 2
    return 1 if _BEFORE.end(text, at) else 0


def _calls_organisation(text: str, at: int) -> bool:
    """Whether what stands before a place calls an organisation by its name: 店名叫, 那家公司原来叫."""
    called = _IS_CALLED.search(text, max(0, at - 16), at)
    return bool((called and _CALLED_SO.end(text, called.start())) or _NOW_CALLED.search(text, max(0, at - 16), at))


def _behind(text: str, at: int, *, quoted: bool) -> int:
    while at < len(text) and text[at] == "!":
        at += 1
    if _WHO.begin(text, at) or right_edge(text, at) > at or _is_of_kind(text, at):
        return 2
    if quoted and text.startswith(_SHOPS, at):
        return 2  # “元气丰”门店
    return 1 if _AFTER.begin(text, at + text.startswith("的", at)) else 0


def _is_of_kind(text: str, at: int) -> bool:
    of = _OF.match(text, at)
    return of is not None and _OF_KIND.begin(text, of.end())


def kindless(name: str) -> str:
    """This function will give what of a name remains without the words for its kind: 和煦里 of 和煦里养老社区."""
    while name:
        bracket = _BRACKETS.search(name)
        rest = name[: bracket.start() if bracket else _LAST_WORDS.last(name)]
        if rest == name:
            break
        name = rest
    return name


def is_name(text: str, start: int, end: int) -> bool:
    """This function will tell whether what stands between two places is an organisation's name."""
    name = text[start:end]
    look = looks(name)
    if not look or (look < _SURE and persons.is_name(name) and not _is_called(text, start, end)):
        return False
    standing = stands(text, start, end)
    quoted = text[start - 1 : start] in _OPENING_QUOTES and standing > 1 and made_of_house_signs(name) > _PARTLY
    enough = ENOUGH + _DEEDS.end(name, len(name)) - quoted
    found = look + standing
    return found >= enough or (found == enough - 1 and look >= _SURE and _paused(text, start, end))


def _is_called(text: str, start: int, end: int) -> bool:
    """Whether the text says that what it calls by a name is no person."""
    return _calls_organisation(text, start) or _is_of_kind(text, end)


def _paused(text: str, start: int, end: int) -> bool:
    """Whether a sentence pauses at one side of a name or the other, or its first signs stand elsewhere too."""
    return (
        not start
        or end == len(text)
        or text[start - 1] in _PAUSE
        or text[end] in _PAUSE
        or text.count(text[start : start + 2]) > 1
    )
