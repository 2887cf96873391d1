"""Bounds: 6倍以上, 超过6个月, 不少于2次, 控制在10%以内; 以上 includes the figure, 超过 does not (民法典1259)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Literal

from shouhu.engines.documents.numbers import Unreadable, numeral
from shouhu.engines.plans import dates, owners
from shouhu.engines.plans.passages import Passage, clauses, sentences
from shouhu.engines.plans.plan import Threshold
from shouhu.engines.plans.words import words

Operator = Literal[">=", ">", "<=", "<"]

_NUMBER = r"(?P<value>\d{1,12}(?:\.\d{1,6})?|百分之[一二三四五六七八九十百]+|[一二两三四五六七八九十百千万]{1,12})"
_UNIT = (
    r"(?P<unit>成[一二三四五六七八九半]?(?!本|人|年|员|立|为|果)|个?百分点|[%％]|个?(?:自然|工作)日|个?(?:小时|钟头)|个月|分钟|[百千万亿]*元|[百千万]*(?:人次|场次|人|次|户|份|条)|周岁|课时|学时"
    r"|[倍年岁户分天日月周名次家张份册批条篇期项件场人位例起宗处所支部辆幅块面组只轮遍节课秒字个]|学分)"
)
_AHEAD: dict[str, Operator] = {word: operator for operator, names in words("ahead").items() for word in names}
_BEHIND: dict[str, Operator] = {word: operator for operator, names in words("behind").items() for word in names}
_WITHIN = "小时|日|天|分钟|周|月|年|秒|钟头"


def _any(table: dict[str, Operator]) -> str:
    return "|".join(sorted(map(re.escape, table), key=len, reverse=True))


_OF = r"(?P<of>[\u4e00-\u9fff]{2,8}?的?(?=[\d.]+(?:倍|%|％)))"  # 不低于入住人数的30%, 超过月床位费6倍
_BOUND = re.compile(
    rf"(?:(?P<ahead>{_any(_AHEAD)})(?:了|{_OF}|(?P<did>(?<=至少)[\u4e00-\u9fff]{{1,10}}?))?[ 　]*)?"
    rf"(?<![\d.第近〔\[]){_NUMBER}[ 　]*{_UNIT}?[ 　]*(?P<behind>{_any(_BEHIND)})?"
)
_LEAD = re.compile(
    r"^(?:同时|其中|对于|对|凡是?|将|把|确保|力争|争取|实现|做到|保证|要求|原则上|必须|要|应当?|须|需|如果?|若|使|让|在|因|发现|存在|有|且|或者?|并|但|的|均|都|每次|是否存在|是否|是|为|由|向|及|和|发生|出现)+"
)
_TAIL = re.compile(
    r"(?:要|应当?|须|需|必须|(?<![人户平])均|都|也|已|总体|基本|一律|原则上|力争|确保|稳定|保持|控制|累计|分别|合计|达到?|至|到|(?<!存)在|为|是|幅度|再|超|有|一般|由|发生)+$"
)
_DO = re.compile(r"^(?:要|须|应|全部|一次性)*(?:组成|完成|予以|进行|给予|作出|做出)")


_OFTEN = re.compile(
    r"^(?:(?:每|各|一|两|全|半)个?(?:两个)?"
    r"(?:赶集日|学期|季度|小区|街道|社区|乡镇|派出所|单位|部门|机构|网点|学校|[月周年天日次班组场镇村人支期户校])"
    r"(?!性)(?:[（(][^）)]{1,6}[）)])?(?:内|度)?)+"
)
_OFTEN_AT_END = re.compile(r"(?:每|一)[\u4e00-\u9fff]{1,4}?(?=各?$)")
_TOPIC = re.compile(r"([^，。；由对]{2,12})由|.{0,12}?((?:发现|接到|收到|出现|发生|遇到?).{2,20})")
_GOES_ON = re.compile(r"[的且或、以]|(?:视)?为|即")
_UNTIL = re.compile(rf"{_BOUND.pattern}|或者?|并|，")


def thresholds(pieces: Sequence[Passage]) -> tuple[Threshold, ...]:
    """This function will find the bounds that the items of a plan print, in the order of the text; word limits are none."""
    return tuple(found for piece in pieces if piece.where for found in _piece(piece))


def _piece(piece: Passage) -> Iterable[Threshold]:
    seen: set[tuple[str, str, int | float, str | None]] = set()
    for sentence in sentences(piece.text):
        before, last = "", None
        for clause in clauses(sentence, "，；,;：:"):
            for match in _BOUND.finditer(clause):
                if not (found := _figure(piece, clause, match)):
                    continue
                quantity = _quantity(clause, match, found.unit or "", before, last)
                last = replace(found, quantity=quantity)
                key = (quantity, found.operator, found.value, found.unit)
                if key not in seen:
                    seen.add(key)
                    yield last
            before = clause


def _figure(piece: Passage, clause: str, match: re.Match[str]) -> Threshold | None:
    operator = _operator(match)
    unit = match["unit"] and match["unit"].replace("％", "%")
    value = _value(match["value"])
    if operator is None or value is None or unit == "字" or _is_window(clause, match) or _is_day(clause, match):
        return None
    if match["value"].startswith("百分之"):
        unit = "%"
    if unit and unit[0] == "成":  # 九成五
        value, unit = value * 10 + int(numeral(unit[1:].replace("半", "五") or "零")), "%"
    if unit is None and (match["behind"] or not match["ahead"] or match["ahead"] in ("达", "达到", "超", "逾")):
        return None
    sure = bool(match["behind"]) or match["ahead"] not in ("达", "达到")
    return Threshold(
        "", operator, operator.endswith("="), value, unit, piece.where, piece.place(match[0]), 0.9 if sure else 0.6
    )


def _operator(match: re.Match[str]) -> Operator | None:
    """超过 and 低于 decide for themselves; 达到…以上 and 控制在…以内 are what stands behind."""
    ahead, behind = _AHEAD.get(match["ahead"] or ""), _BEHIND.get(match["behind"] or "")
    if match["behind"] == "内" and not (match["unit"] and re.search(_WITHIN, match["unit"])):
        behind = None
    if ahead in (">", "<"):
        return behind if behind and match["behind"] in ("以上", "以下") else ahead
    if match["ahead"] in ("达", "达到") and behind is None and not (match["unit"] or "").endswith(("%", "％", "点")):
        return None
    return behind or ahead


def _is_window(clause: str, match: re.Match[str]) -> bool:
    """近三年内, 三年内 is a time looked back over, 5月内 a month, 第一条以下 a place in a document."""
    before = clause[: match.start()]
    if match["unit"] == "年" and match["behind"] in ("内", "以内", "之内"):
        return True
    if match["unit"] in ("月", "日", "周") and not match["ahead"] and match["behind"] == "内" and match["unit"] != "日":
        return True
    return bool(re.search(r"(?:近|(?<!提)前|第|过去)$", before)) or bool(
        re.search(r"月$", before) and match["unit"] == "日"
    )


def _is_day(clause: str, match: re.Match[str]) -> bool:
    """不晚于3月15日 is a day."""
    return match["unit"] in ("月", "日", "年") and any(
        span.start <= match.start("value") < span.end for span in dates.spans(clause)
    )


def _value(text: str) -> int | float | None:
    try:
        number = _hundredths(text) if text.startswith("百分之") else numeral(text)
    except Unreadable:
        return None
    return number.numerator if number.denominator == 1 else float(number)


def _hundredths(text: str) -> Fraction:
    return numeral(text.removeprefix("百分之"))


def _quantity(clause: str, match: re.Match[str], unit: str, before: str, last: Threshold | None) -> str:
    """
    What is measured: mostly what stands before the bound.

    Behind it stands what is to be done within a time (2日内分流) and what is counted (3名以上民警); 90分以上的 goes on from
    60分以下的; 每月不少于4条 is about what the clause before names.
    """
    front, behind = _acted(_noun(clause[: match.start()])), clause[match.end() :]
    front = front if len(front) > 1 else _noun(clause[: match.start()]) if behind.startswith("组成") else ""
    following = _counted(behind)
    is_counted = not _GOES_ON.match(behind) and len(following) >= 2
    if match["did"]:
        return front + match["did"] + (following if is_counted else "")
    if match["behind"] in ("内", "以内", "之内") and re.search(_WITHIN, unit):
        if not front and (topic := _TOPIC.match(before)):
            front = (topic[1] or topic[2])[:20]  # 紧急类指令由县公安局派警，40分钟内见面
        return (front + _DO.sub("", following))[-24:] if is_counted else front
    if not front and last and last.unit == unit and behind.startswith("的"):
        return last.quantity
    if re.search(r"(?:数|额|率|比例|时间|费|期限|频次)$", front):
        return front
    if is_counted and (not front or not re.search(r"[%％元倍年月日时钟]", unit)) and not _DO.match(behind):
        return (front[-10:] + following)[:20]
    if unit == "%" and behind.startswith("的"):
        return (front + following)[:20]
    if not front and behind.startswith("的") and re.search(r"\d", before):
        return following[:20] or _noun(before)
    often = _OFTEN_AT_END.search(clause[: match.start()])
    return front or _noun(before)[-20:] + (often[0] if often else "") or following[:20]


def _acted(noun: str) -> str:
    """Without the unit that does it and how often: 派出所每周推送 is 推送."""
    for unit in owners.subjects(noun + "要"):
        noun = noun.removeprefix(unit)
    return _TAIL.sub("", _OFTEN.sub("", _LEAD.sub("", noun)))


def _counted(behind: str) -> str:
    """What stands behind a figure, up to the next one: 3名以上民警 are 民警, within 3个工作日 somebody 采取查询、冻结措施."""
    return _LEAD.sub("", re.split(r"[，；：。]", _UNTIL.split(behind.lstrip(), maxsplit=1)[0])[0])[:24]


def _noun(text: str) -> str:
    """The last noun of a text, without leading and trailing helpers; inside an open bracket, what the bracket is about."""
    text = re.sub(r"[（(][^）)]{5,}[）)]", "", text)
    *about, text = re.split(r"[（(](?=[^）)]*$)", text)
    text = re.split(r"(?<![数率额])、|[，；：。]", text)[-1].strip(' 　“”"').lstrip("）)")
    before = None
    while before != text:
        before = text
        text = _TAIL.sub("", _LEAD.sub("", text))
    return text[-24:] if text or not about else _noun(about[-1])
