"""Bare figures that are sums by their look and their place, where no word says so: 头疗椅6800, 住宿120, 分1980、3980两档."""

from __future__ import annotations

from shouhu.engines.text.entities.patterns import pattern
from shouhu.engines.text.entities.phones import is_of_state

_LABELLED = pattern(
    r"(?:[尾末前后首][\d一二三四五六七八九]?[位数码号]|分机|型号|规格|版本|证号|代号|座位|座号|排号|学号|警号|批号|邮编|区号|频率|容量|音量"
    r"|[考得]了|得分|分数|比分|身高|体重|高压|低压|血氧|脉搏|体温|胆固醇|尿酸|甘油三酯|转氨酶|肌酐|低密度|时速|限速|海拔|里程|度数|剂量"
    r"|[讲开干睡做排等听坐站聊忙播]到|[有设共]床位|床位[数共]|入住|登记|在册|在住|户数|人数|面积|建面|车次|班次|航班|国道|省道|公交|坐"
    r"|单元|(?<!扫)码|楼|栋|幢|座|室|房|路|线|转|岁|周岁|龄|日期|时间|生于|出生|年|月|日|星期|周|积分|步数|票数|点赞|粉丝|播放|浏览|观看|阅读"
    r"|心跳|心率|伏|瓦|毫安|满分|排名|名次|截至|截止|凌晨|上午|下午|中午|早上|晚上|夜里|开头|字头|自称|代码|编码|条码|工单|案号|门牌)"
    r"[是为: 的第有在号满达到约]{0,3}$"
)
"""What is no sum though nothing is counted behind it: a number of something, a measure, a time, a score."""
_STANDS_APART = pattern(r" *(?:[,;。、!?)\n”」』…\"]|$)| +(?![\da-z/])(?!那个号|打头|开头)")
_GOES_ON = pattern(
    r"[二三四五六七八九两几]档|[上下]|左右|不等|起|的|送|减|抵|打|折|含|全|半[天年月]|押|退|收|给|就|才|都|也|还|再|又|和|或|跟|每|一|分期|现金|整|转|到|买|办|结果|砍|另|可|[没不未]|[你我他她您]"
)
_PERSON = pattern(r"(?:今年|现年|已|都|快)?(?:[妈爸爹娘伴爷奶叔姨伯婆公姥我他她俺某头太女男人姐哥岁]|[男女],)$")
_GROUPED = pattern(r"\d[ :-]$")
"""Before the last figures of a longer number, or the minutes of an hour."""
_PRICE_ENDS = frozenset("05689")
_LITTLE, _LEAST, _MOST = 10, 100, 1_000_000
_NEAR = 14


def may_be(text: str, start: int, end: int, figure: str, number: float) -> bool:
    """This function will tell whether a bare figure stands where sums stand, and nothing else is told by it."""
    before = text[start - 1 : start]
    if not _LITTLE <= number < _MOST or (before.isascii() and (before.isalnum() or before in tuple("#@_+-=/*."))):
        return False
    if not (_STANDS_APART.match(text, end) or _GOES_ON.match(text, end)):
        return False
    return not (
        _GROUPED.search(text, max(0, start - 2), start)
        or is_of_state(text, start, figure)
        or _LABELLED.search(text, max(0, start - 9), start)
    )


def looks(figure: str, number: float) -> bool:
    """This function will tell whether a figure has the look of a price: a hundred or more, and not an odd number."""
    return number >= _LEAST and figure.isdecimal() and figure[-1] in _PRICE_ENDS


def beside(text: str, start: int, end: int, other_start: int, other_end: int) -> bool:
    """This function will tell whether a figure stands beside a sum in one sentence: 住宿120，伙食45."""
    between = text[other_end:start] if other_end <= start else text[end:other_start]
    return len(between) <= _NEAR and not _PERSON.search(text, max(0, start - 3), start) and "。" not in between
