"""
Sums of money in yuan: those that name yuan, those with 百 千 万 亿 that count nothing else, and bare figures after words of money.

Ages, people, days, doses, shares, percentages and rates (月息一分) are none; 好几万 names no sum.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from shouhu.engines.text.entities import prices
from shouhu.engines.text.entities.entity import Found
from shouhu.engines.text.entities.numerals import SCALES, WRITTEN, numeral, pair, plain, split_pair
from shouhu.engines.text.entities.patterns import pattern
from shouhu.engines.text.entities.phones import is_of_state
from shouhu.engines.text.entities.words import words

_ARABIC = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d{1,12})(?:\.\d{1,4})?"
_MORE = rf"(?:(?!千万[别不要记小注得])[{SCALES}](?![a-z])|(?<=[{SCALES}])(?:\d{{1,4}}(?!\d|[.,]\d|%|-)|[{WRITTEN}])|(?<=零)[{WRITTEN}])"
_NUMBER = pattern(
    rf"(?P<number>{_ARABIC}(?!\d)(?: ?{_MORE}{_MORE}{{0,9}})?|[{WRITTEN}十拾][{WRITTEN}{SCALES}]{{0,16}})"
    rf"(?P<odd>[多余几来](?=[{SCALES}])|个多?(?=亿))?(?P<scale>(?<=[多余几来个])[{SCALES}]{{1,3}})?(?P<odd2>(?:多|余"
    rf"|来|把)(?![{WRITTEN}\d]))?"
    r" ?(?P<unit>(?:块(?P<tail>(?:[一二三四五六七八九]"
    r"|\d(?!\d))(?![个天年月次人台位张斤条盒份公十百千万]))?毛?钱?|元(?![旦宵素]|月(?![底末初中])|老(?![人年]))|圆|人民币|rmb|大洋"
    r"|yuan)整?|[毛分]钱)?"
)
# Where a number may begin: a lone Chinese digit only before a unit or the other end of a range.
_START = pattern(
    rf"\d(?:[\d,.到至~、-]| ?[{SCALES}元圆块人r]|[毛分]钱)"
    rf"|[{WRITTEN}十拾](?:(?<=[十拾])[元块{WRITTEN}千百万亿{SCALES}到至~-]"
    rf"|[{WRITTEN}{SCALES}圆元块毛到至~、-])"
)
_NO_START = pattern(r"[.几数百千万_]$|\d转$")  # 几十万 is no sum, nor what follows a switchboard
_SIGN = pattern(r"(?:(?P<yuan>[¥]|rmb:?|人民币:?)|[$€]) ?$")
_COUNTS = pattern(
    r"个|年(?!化)|月(?![息利])|天|次|人(?!民币)|位|台|张|份|斤|条|起|直|共|套|股|样|般|家(?!里)|箱|盒"
    r"|瓶|包|双|副|只(?![有能是])|桶|支|贴|服|件|对(?!方)|粒|颗|两|米|平(?!台)|床|亩|课|节|针|尊|块(?!钱)|串|枚|把|度|克|口|疗程|间|遍|趟|笔|辈|边|下|开始|会儿|点|样|分(?=[没也都])|[进出](?![去来账])|早|晚|夜"
)
_COUNTED_LAST = pattern(rf"(?:[百千万亿佰仟wk{WRITTEN}][{WRITTEN}]|[百千万].*[十拾]一)$")
_VAGUE = pattern(
    r"[上近逾超小过约百千万](?:(?<=[百千万])(?<![几数好][百千万])(?:把|来)(?:块钱?|元|(?=[^人个岁年里斤名户元块]))"
    r"|(?<=[上近逾超小过约])[百千万亿]{1,2}(?:元|块钱?))"
)
_VAGUE_SCALES = {"百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_FOREIGN = pattern(
    r" ?(?:美元|美金|美刀|刀|港币|港元|欧元|日元|韩元|泰铢|英镑|加元|澳元|台币|卢布|u(?![a-z])|usdt|usd|个?比特币)"
)
# What a number with 百 千 万 may count instead of money, unless the word that follows only looks like it.
_COUNTED = pattern(
    r"[多余来]?(?:"
    r"人(?!民币)|个|名(?!义|下)|位(?!于)|岁|次(?!日)|天|(?:年|月|日)(?![化息利收底初前后均返费末]|结"
    r"|薪)|号(?!称)|楼|栋|幢|室|层|期(?!限|间|货|待|满)|粒|片|颗|瓶|盒|箱|袋|斤"
    r"|克|毫|厘米|公|里(?!面|头)|米|平(?!台|时|安|均|白)|亩|步|户(?!口|头|名)|家(?!里|人|属|长|中|具"
    r"|电|庭)|间(?!接)|所(?!有|以|谓|得)|条(?!件)|台|张|份(?!子)|套(?!路|现)|种"
    r"|项(?!目)|股(?!份|东|权|票|金)|分(?:钟|之|[,。;!? ]|$)|积分|点(?:钟|$|[,。])|小时|秒|周(?!转|末"
    r"|[一二三四五六日])|页|字|本(?!金|息|钱|来|该|人)|部(?!分|队)|辆|架|批|组(?!织|团)|桶|只(?!要|有"
    r"|能|是|剩|退|给|收)"
    r"|头|匹|双(?!倍|手)|瓦|度(?!假)|级|升|吨|毛|伏|对(?!方|于|我|他|她)|老人|群众|村民|会员(?!费|卡)"
    r"|粉丝|观众|员工|居民|业主|床(?!位费|费)|柜|例|针|起(?=[案事诈警纠])|人次|枚|件|包(?!括|装)|把(?!我|他|她"
    r"|钱|妈|爸|老)|火急"
    r"|分利|厘|成(?!本|为|功|了|交)|倍|亿?像素|强|世|般|分(?=[,。;!?]|$)|多?[平亩斤])"
)
_MONEY_WORDS = tuple(words("money"))
_LAST_SIGNS = frozenset(word[-1] for word in _MONEY_WORDS)
_GLUE = frozenset("".join(words("between_money_and_sum"))) | frozenset(': (¥"“')
_LONGEST_GLUE = 8
_CENTS = pattern(r"\.\d\d$")
_SMALL_UNITS = {"毛钱": 10, "分钱": 100}
_GOLD = pattern("[金镀黄纯白玫纪银]")
_CARATS = frozenset({"9k", "14k", "18k", "22k", "24k"})
_THING = (
    r"(?:次|笔|天|年|个月|月|疗程|台|份|套|盒|瓶|张|人|斤|箱|股|位|床|户|期|场|节课?|课|桌|晚|间|件|条"
    r"|只|平|亩|粒|副|个|家|趟|针|双|串|块|枚|幅|对|组|碗|杯|棵|株|册|贴|包|桶|顿|颗)"
)
_EACH = pattern(rf"(?:每|一|两|三|单|/)个?{_THING}票?(?:要|收|是|就|才|卖|价|只要|:| )?$")
_RETURNS = pattern(r"(?:返|送|减|抵)\d")
_GAINED = (*(f"{digit}得" for digit in "0123456789"), "恢复", "变成", "涨到", "跌到", "回到")
_DAY = pattern(r"(?:\d月\d{1,2}[日号]|\d\.\d{1,2})[ :]?$")
_ENTRY_END = pattern(r" *(?:[,;。、!\n]|$)| ")
_HANDED = pattern(
    r"给[您你我他她]|拿走|带走|到手|包邮|成交|一口价|就卖|搞定|全包"
    r"|的[^,。;!?\n]{0,4}?(?:床|枕|被|酒|药|套餐|机|仪|镯|玉|茶|课|鞋|垫|锅|产品|货|手表|眼镜|保健)"
)
_EACH_AFTER = pattern(rf" ?(?:/|一|每){_THING}(?!共|个)")
_FORBIDDEN = pattern(
    r"(?:尾号|末四位|后[几三四]位|验证码|邀请码|取件码|编号|房间|房号|工号|门牌|车牌|密码|积分满?|代码|血压|血糖|第"
    r"|群号|扣扣|qq|微信|v|号码|房|卡号|单号|账号|口令|频道|浓度|体重|[年男女]满|名额|年龄|血脂"
    r"|心率)[是为: 有]{0,2}$"
)
_BEHIND = pattern(
    r"[%‰㎡a-z~\-/:.*+年月日号人个名位岁次天楼栋室层期粒片瓶盒箱袋斤克米平亩步户间条台张套种股点时秒页辆批组桶只笔单枚分]"
    r"|分钟|毫|公里|积分|多[人个名位户岁家老]|余[人名位户家]"
)
_AT_ONE = pattern(r"卖|只[要收]|才|花|价|就[要收]|收")
_JOINT = pattern(r" ?(?:-{1,2}|~|至|到|、|[涨升加][到至]|[降减][到至]) ?")


@dataclass
class _Figure:
    text: str
    start: int
    end: int
    sure: bool
    number: float | None
    may_be: bool = False
    """Whether it is a sum if one stands beside it."""

    @property
    def scale(self) -> int:
        return next(
            (
                size
                for size, signs in ((10**8, "亿"), (10**4, "万w"), (1000, "千仟k"), (100, "百佰"))
                if set(self.text) & set(signs)
            ),
            1,
        )


def find(text: str) -> Iterator[Found]:
    """This function will find the sums of a folded text; of a range both ends."""
    figures = list(_figures(text))
    for figure, following in reversed(list(pairwise(figures))):
        if following.sure and _JOINT.fullmatch(text, figure.end, following.start):
            _inherit(figure, following)
    for one, other in (*pairwise(figures), *pairwise(reversed(figures))):
        if one.sure and other.may_be and prices.beside(text, other.start, other.end, one.start, one.end):
            other.sure = True
    for figure in figures:
        if figure.sure and (figure.number or text[figure.start - 1 : figure.start] == "价"):  # 0元领 costs nothing
            yield from _named(figure)
    for match in _VAGUE.finditer(text):
        number = 1
        for sign in match[0]:
            number *= _VAGUE_SCALES.get(sign, 1)
        yield Found("amount", number, *match.span())


def _named(figure: _Figure) -> Iterator[Found]:
    at = split_pair(figure.text) if not any(sign.isdecimal() for sign in figure.text) else None
    if at:
        first, second = pair(figure.text, at)
        if first and second:
            yield Found("amount", plain(first), figure.start, figure.start + at)
            yield Found("amount", plain(second), figure.start + at, figure.end)
        return
    if figure.number is not None:
        yield Found("amount", plain(figure.number), figure.start, figure.end)


def _inherit(figure: _Figure, following: _Figure) -> None:
    """The first figure of a range takes the scale of the second (3-5万) unless it has its own or would be larger."""
    if figure.number is None or following.number is None:
        return
    if figure.scale == 1 and following.scale > 1 and figure.number * following.scale <= following.number:
        figure.number *= following.scale
    if figure.number <= following.number:
        figure.sure = True


def _numbers(text: str) -> Iterator[re.Match[str]]:
    at = 0
    while beginning := _START.search(text, at):
        match = _NUMBER.match(text, beginning.start())
        if not match:  # a run of digits too long for a sum
            at = beginning.end()
            while at < len(text) and text[at].isdecimal():
                at += 1
            continue
        at = match.end()
        if not _NO_START.search(text, max(0, match.start() - 2), match.start()):
            yield match


def _figures(text: str) -> Iterator[_Figure]:
    for match in _numbers(text):
        written, scale = match["number"].replace(" ", ""), match["scale"] or ""
        unit, start, end = match["unit"], match.start(), match.end()
        last = written[-1] in WRITTEN and not (unit or scale)
        if last and _COUNTS.match(text, end) and _COUNTED_LAST.search(written):
            written, end = written[:-1], match.end("number") - 1  # 三万|一个月, 五万|三年
        if "." in written and written[-1] in WRITTEN:  # 3.68万|一块
            written, end, unit = written[:-1], match.end("number") - 1, None
        if len(written) == 1 and not written.isdecimal() and not (unit or scale):
            if _JOINT.match(text, match.end("number")):
                yield _Figure(written, start, match.end("number"), False, numeral(written))
            continue
        figure = written + scale
        number = numeral(figure)
        if number is None and (at := split_pair(figure)):
            number = list(pair(figure, at))[-1]  # the two ends are named in the end
        if number is None:
            continue
        if unit and (tail := match["tail"]):
            number += (numeral(tail) or 0) / 10
        if unit in _SMALL_UNITS:
            number /= _SMALL_UNITS[unit]
        while end > start and text[end - 1] == " ":
            end -= 1
        sign = _SIGN.search(text, max(0, start - 5), start)
        sure = _is_sum(text, match, end, figure, number, sign) if unit or not match["unit"] else True
        yield _Figure(figure, sign.start() if sign else start, end, bool(sure), number, sure is None)


def _is_sum(
    text: str, match: re.Match[str], end: int, figure: str, number: float, sign: re.Match[str] | None
) -> bool | None:
    """Whether a figure is a sum; None where it is one if another stands beside it."""
    start, unit = match.start(), match["unit"]
    if _FOREIGN.match(text, end) or (sign and not sign["yuan"]):
        return False
    if sign:
        return not _BEHIND.match(text, end) or text[end] in "-~/."
    if unit:
        return _is_price(text, match, figure, number)
    if text.startswith(("%", "‰", "℃"), end) or _FORBIDDEN.search(text, max(0, start - 6), start):
        return False
    if set(figure) & set("百千万亿佰仟w") or _is_thousands(text, end, figure):
        idiom = figure in ("一百", "一千", "一万") and text.startswith(("零", "一", "个"), end)
        return (not (_COUNTED.match(text, end) or idiom) and not text[end : end + 1].isascii()) or _at_edge(text, end)
    if not figure[0].isdecimal() and number < 20:
        return False
    if is_of_state(text, start, figure) or (figure.isdecimal() and (len(figure) > 7 or figure[0] == "0")):
        return False  # a sum as long as that is written with 万, a comma or its unit
    if "," in figure and figure[0].isdecimal():
        return not _is_counted(text, end)
    if _EACH_AFTER.match(text, end) or _RETURNS.match(text, end):
        return number >= 10
    if _is_counted(text, end) or (text[start - 1 : start].isascii() and text[start - 1 : start].isalpha()):
        return False
    if number >= 100 and figure[0].isdecimal():
        if (
            _HANDED.match(text, end)
            or (text[start - 1] == "有" and text[end : end + 1] == "的")
            or text[max(0, start - 5) : start].endswith(_GAINED)
        ):
            return True
        if _ENTRY_END.match(text, end) and _DAY.search(text, max(0, start - 7), start):
            return True  # an account of payments: 3月2日4500
    if (number >= 10 or _CENTS.search(figure)) and (
        _follows_money(text, start) or (number >= 5 and _EACH.search(text, max(0, start - 6), start))
    ):
        return True
    if not figure[0].isdecimal() or (text[end : end + 1] == " " and _is_counted(text, end + 1)):
        return False
    if not prices.may_be(text, start, end, figure, number):
        return False
    return prices.looks(figure, number) or None


def _is_counted(text: str, at: int) -> bool:
    return bool(_BEHIND.match(text, at) or _COUNTED.match(text, at))


def _is_thousands(text: str, end: int, figure: str) -> bool:
    """5k, but not the carats of gold (24k)."""
    alone = not text[end : end + 1].isdecimal()  # no number plate (6K9)
    return (
        alone and figure.endswith("k") and figure[0].isdecimal() and not (_GOLD.match(text, end) or figure in _CARATS)
    )


def _follows_money(text: str, start: int) -> bool:
    """Whether a word of money stands before a place, with nothing but small words between."""
    for at in range(start, max(0, start - _LONGEST_GLUE - 1), -1):
        if text[at - 1] in _LAST_SIGNS and text.endswith(_MONEY_WORDS, 0, at):
            return True
        if text[at - 1] not in _GLUE:
            return False
    return False


def _at_edge(text: str, end: int) -> bool:
    return end == len(text) or text[end] in " ,.;:!?)\n\"'/+-~"


def _is_price(text: str, match: re.Match[str], figure: str, number: float) -> bool:
    """块 counts jade and watches too, and 一块 means together."""
    unit = match["unit"]
    if not unit.startswith("块") or "钱" in unit or number >= 20 or match["tail"]:
        return True
    if figure == "一":
        return _AT_ONE.search(text, max(0, match.start() - 2), match.start()) is not None and _at_edge(
            text, match.end()
        )
    return (
        match.end() == len(text)
        or text[match.end()] in " ,.;:!?)\n、。一二三四五六七八九十每/的多起"
        or figure[0].isdecimal()
    )
