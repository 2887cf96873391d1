"""Organisations: a word for a kind of organisation and, before it, a name of its own; some known by name alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from shouhu.engines.text.entities.edges import left_edge, right_edge
from shouhu.engines.text.entities.entity import Found
from shouhu.engines.text.entities.patterns import pattern
from shouhu.engines.text.entities.standing import is_name
from shouhu.engines.text.entities.words import Words, words

_LONGEST = 26
_TRADES = words("trades")
_LAST_WORDS = [*words("kinds_of_organisation"), *(f"{what}中心" for what in words("centres")), "中心"]
_SHORT, _WEAK_SHORT = words("short_names"), words("weak_short_names")
_DONE = ("投资", "担保", "数码", "旅游", "物流", "科技", "典藏")
"""Short ends that are things to do or to speak of as well."""
_SURE = frozenset(_SHORT).difference(_DONE)
_NO_TRADE = ("金融中心", "商务中心", "贸易中心", "财富中心", "汽车站")
_TRADE, _CARRIER = Words(_TRADES), Words(words("carriers"))
_LAST_WORD, _SHORT_NAME = Words(_LAST_WORDS), Words([*_SHORT, *_WEAK_SHORT])
_FIRST_SIGNS = frozenset(word[:2] for word in [*_TRADES, *_LAST_WORDS, *_SHORT, *_WEAK_SHORT])
_MAY_BEGIN = pattern(
    f"[{''.join({signs[0] for signs in _FIRST_SIGNS})}](?=[{''.join({signs[1] for signs in _FIRST_SIGNS})}])"
)
_GOES_ON_FROM_TRADE = pattern(
    r"(?<=社)[区会工]|(?<=城)[市区镇乡]|(?<=部)(?:[队分]|门(?![口前外诊]))|(?<=院)[区子]|(?<=店)铺|(?<=谷)物|(?<=堂)课|(?<=会)(?![的入])[一-鿿]"
)
_GOES_ON = pattern(
    r"(?<=部)门(?![口前外诊])|(?<=行)[情为动走程李驶]|(?:大?街|巷|路)(?=[\d一二三四五六七八九十])"
    r"|[员长卡线铺法业诊类]|会(?![长员计议所馆])|委(?!员会)|名称|性质|生(?=[^\w]|[的在们]|$)"
)
_FOLLOWS = pattern(
    r"[^一-鿿a-z0-9]|$|用(?!品)|[交收买存卖骗说让给把又虚关跑倒推打搞退转装办签承宣做以在是里门那这开有已未不因称于发涉向介的诚邀集总被一听充住投招旗]"
)
_COMMON_WORDS = frozenset(words("common"))
_COMMON = Words([*_COMMON_WORDS, *_TRADES])
_SOME = pattern(r"某+|xx+|\*+")
_BY_NAME = pattern(
    r"(?=[中平太泰新友阳大人国南最民福体])(?:"
    r"中国(?:移动|联通|电信|邮政|平安|人寿|人保|银联|石化|石油|太平|体彩|福彩|红十字会)|(?:平安"
    r"|太平洋|泰康|新华|友邦|太平|阳光|大地|人民)(?:人寿|保险)|国家电网|南方电网|国家医保局"
    r"|国家反诈中心(?!app)|最高人民检察院|最高人民法院|国务院|民政部(?!门)|(?:福利|体育)彩票(?:发行|管理)?中心|福彩中心|体彩中心)"
)
_BANK = pattern(
    r"(?:中国)?(?:工商|农业|建设|交通|招商|光大|民生|浦发|兴业|中信|华夏|广发|平安|邮政储蓄|邮储|渤海|浙商|恒丰|农商|农村商业|村镇|城市商业)?"
)
"""What a bank is called that has a counter everywhere; only the counter is an organisation of its own."""
_NATIONAL = ("国家", "中国", "全国", "中华")
_LEGAL = ("公司", "合作社", "商行", "经营部", "批发部", "事务所")
"""What is registered under a name; four signs before one of them are a name, however common its words."""
_UNIONS = ("协会", "学会", "联合会", "促进会", "基金会", "研究会", "委员会", "组委会", "联盟")
_WRITTEN = r"[一-鿿]"
_STREET = pattern(r"(?:[路街巷村镇]|街道|小区|[东南西北]门)$")
_ON_A_STREET = (
    *("门店", "陵园", "工会", "百货", "干休所", "墓园", "饭店", "商店", "宾馆", "公寓", "商场", "活动室", "活动中心"),
    *("学堂", "典当", "文化宫", "文化站", "驿站", "食堂", "影院", "剧院", "戏院", "公墓", "村委会", "居委会", "超市"),
)
_OF_A_TOWN = ("医院", "研究院", "大学", "中学", "学校", "卫生中心", "福利院", "中医院")
_CHAT = pattern(r"[”」』\"]的?(?:q+|微信|钉钉|聊天)?群")
_QUOTED = pattern(rf"[“「『【《]((?:{_WRITTEN}|[a-z0-9]){{4,20}})[”」』】》]")
_DEPARTMENTS = ("财务部", "财务中心", "人事部", "行政部", "客服部", "客服中心")
_BUILDING = pattern(
    r"[路街号]|(?:商业|商务|国际|金融|广场|购物|会展|时代|世贸|体育|文体|奥体|客运|城市|贸易|汽车|展览|会议|数据|居民|为|[市镇区县村乡])$"
)
_NEVER_NAMED = pattern(r"[我你他她您咱们了吗呢吧啊把被这那哪么]|群$|大酒店$")


class _Head(NamedTuple):
    """A word for a kind of organisation; ``short`` where the name may be that of a company without 公司."""

    word: str
    start: int
    end: int
    short: bool = False


def find(text: str) -> Iterator[Found]:
    """This function will find organisations by their last word; a kind without a name (一家公司, 养老院) is none."""
    taken = len(text)
    for head in reversed(list(_heads(text))):
        if head.end > taken:
            continue
        end = head.end
        start = _begin(text, head)
        if text[start - 1 : start] == "(" and text.startswith(")", end) and right_edge(text, start - 1) >= start:
            continue  # the branch, which goes with what stands before it
        if start < head.start and _is_organisation(text, start, head):
            taken = start
            end = right_edge(text, end)
            yield Found("org", text[start:end], start, end)
    for match in _BY_NAME.finditer(text):
        yield Found("org", match[0], *match.span())


def _heads(text: str) -> Iterator[_Head]:
    """The words for kinds of organisation in a text, one after the other."""
    free = 0
    for signs in _MAY_BEGIN.finditer(text):
        at = signs.start()
        if at >= free and text[at : at + 2] in _FIRST_SIGNS and (head := _head(text, at)):
            yield head
            free = head.end


def _head(text: str, at: int) -> _Head | None:
    """The word for a kind of organisation that begins at a place: a trade and what carries it on, a kind, a short name."""
    for middle in _TRADE.ends(text, at):
        for end in _CARRIER.ends(text, middle):
            if not (
                _GOES_ON_FROM_TRADE.match(text, end) or _GOES_ON.match(text, end) or text.startswith(_NO_TRADE, at)
            ):
                return _Head(text[at:end], at, end)
    for end in _LAST_WORD.ends(text, at):
        if not _GOES_ON.match(text, end):
            return _Head(text[at:end], at, end)
    for end in _SHORT_NAME.ends(text, at):
        if _FOLLOWS.match(text, end):
            return _Head(text[at:end], at, end, short=True)
    return None


def _begin(text: str, head: _Head) -> int:
    end = head.end
    start = _closed(text, left_edge(text, max(0, end - _LONGEST), head.start), end)
    if text[end : end + 1] in ("”", "」", "』", "】"):
        opening = max(text.rfind(sign, max(0, end - _LONGEST), head.start) for sign in "“「『【")
        quoted = 0 <= opening < start - 1 and _QUOTED.match(text, opening)
        if quoted and not _NEVER_NAMED.search(text, opening + 1, end):
            return opening + 1  # what is quoted is a name as a whole
    if text.startswith("原", start) and head.start - start >= 3:
        return start + 1
    return start


def _is_organisation(text: str, start: int, head: _Head) -> bool:
    before = text[start : head.start]
    if _CHAT.match(text, head.end) or text.startswith("app", head.end):
        return False
    if head.short:
        sure = head.word in _SURE and len(_own(before)) >= 2
        return 2 <= len(before) <= 8 and ((sure and before.isalnum()) or is_name(text, start, head.end))
    if head.word in _DEPARTMENTS and before.endswith(("公司", "集团")):
        return False
    if head.word == "中心" and (len(before) < 4 or _BUILDING.search(before)):
        return False
    if head.word == "银行" and _BANK.fullmatch(before):
        return False
    if head.word.endswith(_ON_A_STREET) and (_STREET.search(_own(before)) or _STREET.search(before)):
        return False
    if before[0] in "省市县区" and len(before + head.word) > 3 and head.word.endswith(_OF_A_TOWN):
        return True
    if before.endswith("大") and head.word in ("酒店", "医院"):
        return False  # a building
    return _is_named(before, head.word)


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
    heads = list(_heads(name))
    if heads and heads[-1].end == len(name):
        return _is_named(name[: heads[-1].start], heads[-1].word)
    return not (whole and heads) and len(_own(name)) >= 2


def _own(name: str) -> str:
    """What of a name is no word that kinds of organisations are called by."""
    return _COMMON.without(_SOME.sub("", name))


def _is_named(before: str, head: str) -> bool:
    if before.startswith(_NATIONAL) or (head in _UNIONS and len(before) >= 4):
        return True  # these are named for what they are about: 中老年健康协会
    own = _own(before).strip(' ()“”"「」『』·-*&')
    least = 4 if own or head != "公司" else 6
    if head.endswith(_LEGAL) and len(before.strip(' ()“”"「」')) >= least and before not in _COMMON_WORDS:
        return True
    return len(own) >= 2 or (len(own) == 1 and len(before) >= 2)
