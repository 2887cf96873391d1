"""Who is to do it: an explicit list (责任部门：…), else the units that an item's own sentences have as their subject."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from shouhu.engines.plans import dates
from shouhu.engines.plans.passages import clauses
from shouhu.engines.plans.words import either


@dataclass(frozen=True)
class Owners:
    """The units as printed, and how sure that is."""

    units: tuple[str, ...]
    confidence: float


LISTED = 0.95
"""How sure an explicit list is."""
SENTENCE = 12
"""A heading longer than this is a sentence like those behind it."""

_KEY = (
    r"(?:责任|牵头|主责|配合|承办|落实|主办|协办|参与|参加|参加|实施|执行|完成|办理|包保|协同|协助)(?:责任)?"
    r"(?:部门|单位|科室|主体|股室|处室|机构|人|领导)"
)
_LISTED = re.compile(
    rf"{_KEY}[ 　]*(?:为|是|有)?[ 　]*[:：][ 　]*((?:(?!{_KEY}[ 　]*[:：])[^；;：:（()）。\n\t]|[（(][^（()）]*[）)])*)"
)
_BRACKET = re.compile(r"[（(]((?:[^（）()]|[（(][^（）()]*[）)])*)[）)]")
_ROLE = re.compile(
    r"^(?:由)?(?P<units>.{2,80}?)(?:共同|分别|具体|按职责分工|按照职责分工|分工)?"
    r"(?:负责|牵头(?:负责|落实)?|配合|协助|落实|参与)(?:落实)?$"
)
_UNIT = (
    rf"(?:{either('strong')}|{either('units')}|{either('persons_in_charge')})(?:[（(][\u4e00-\u9fff、]{{1,8}}[）)])?"
)
_ENDS = re.compile(rf"{_UNIT}$")
_LAST = re.compile(rf"(?:{either('strong')}|{either('units')}|{either('persons_in_charge')})$")
_STRONG = re.compile(rf"^各|{either('strong')}$")
_PERSON = re.compile(rf"{either('persons_in_charge')}$")
_ACT = re.compile(either("acts"))
_IN_NAME = re.compile(
    rf"{either('names_with_verbs')}|{either('name_verbs')}(?:管理|检查|指导|服务|保障|治理|协调|综合|专项|监督|执法|工作|教育|事务|建设|稽查|活动|行动)*"
    rf"(?:{either('strong')}|室|股|社|站|机构|员)(?!长)"
)
_GOES_ON = re.compile(rf"{_IN_NAME.pattern}|政法委|监委|宣传部|统战部|网信办|、|会同|联合|协同|和|及|以及")
_BARRIER = re.compile(rf"{either('acts')}|{either('barriers')}")
_RUN = re.compile(r"(?:[\u4e00-\u9fff、·]|[（(][\u4e00-\u9fff、]{1,8}[）)]|“[^”]{1,8}”)+")
_BAD_START = re.compile(rf"^{either('before_units')}")
_NOT_ACTING = re.compile(rf"^(?:{either('not_acting')}|[（(](?:以下)?(?:统一?)?简称|[）)]|$)")
_IN_CHARGE = re.compile(r"(?:是|为)(?:第一|直接|主要)?责任人")
_LEADS = re.compile(r"任|兼|担|为(?:成员|组长|副)|设在")
_TOGETHER = re.compile(r"会同|联合|协同")
_LONGEST = 120
"""No list of subjects is longer."""
_BYS = 8
"""No clause names more doers by 由 and 会同."""
_VAGUE = re.compile(
    r"^(?:有关|相关|各有关|各相关)?(?:职能)?(?:部门|单位|机构|科室|企业|平台|商户|门店)$|^全(?:省|市|县|区|镇|乡|村|校|街道)$"
)
_LEAD = re.compile(
    r"^(?:同时|其中|此外|另外|期间|届时|工作中|本阶段|该阶段|这一阶段|此阶段|对此|原则上|下一步|首先|其次|再次|最后|必要时|其余的?|并|"
    r"[一二三四五六七八九十]是|平时|从现在起|每(?:周[一二三四五六日天]?|月(?:\d+日)?|日|天|季度|年|半年)(?:之?前)?|每学期|每半?个?月)[，,：: ]?"
)
_ETC = re.compile(r"等(?:有关|相关|多个|\d*个?)?(?:职能|成员)?(?:部门|单位|机构|科室)*(?:（单位）)?$")
_EACH_PLACE = r"各(?:县|区)?(?:县|区|镇|乡|村|乡镇|街道|镇街|社区)"
_PLACES = r"(?:街道|乡镇|镇街|社区|居委会|村居|村|镇)(?:$|[（(]|办事处$|民政|党|平安)"


def owners(text: str, heading: str = "") -> Owners:
    """
    This function will find who is to do what a text asks for.

    An explicit list wins; else the subjects of the sentences, those of a short heading (机构自查) only where the text has
    none. The confidence is 0.95 for a list, 0.7 for subjects, 0 where nobody is named.
    """
    if listed := explicit(text) or explicit(heading):
        return Owners(listed, LISTED)
    acting = subjects(text) or subjects(heading)
    if text and len(heading) > SENTENCE:
        acting = tuple(dict.fromkeys((*subjects(heading), *acting)))
    if acting:
        return Owners(acting, 0.7)
    return Owners((), 0.0)


def explicit(text: str) -> tuple[str, ...]:
    """This function will read lists: （责任部门：A、B）, 牵头单位：A；配合单位：B, （A牵头，B、C配合）."""
    units = [unit for match in _LISTED.finditer(text) for unit in split(match[1])]
    if not units:
        for bracket in _BRACKET.findall(text):
            roles = [_ROLE.match(piece) for piece in clauses(bracket)]
            if roles and all(roles):
                units += [unit for role in roles if role for unit in split(role["units"])]
    return tuple(dict.fromkeys(units))


def subjects(text: str) -> tuple[str, ...]:
    """This function will find the units that do something in their own sentences, in the order of the text."""
    found: list[str] = []
    for clause in clauses(re.sub(r"《[^》]*》", "", text), "，；：:。！？,;!?\n\t"):
        found += _subject(_unled(clause))
        for by in islice(re.finditer(r"由|会同|联合|协同", clause), _BYS):
            found += _subject(_unled(clause[by.end() :]))
    named = dict.fromkeys(unit for unit in found if not _VAGUE.match(unit))
    return tuple(unit for unit in named if not any(other != unit and other.endswith(unit) for other in named))


def split(listed: str) -> tuple[str, ...]:
    """This function will cut a printed list into units: 各区镇、街道民政部门 stays one."""
    pieces: list[str] = []
    for piece in re.split(r"[、，,；;/ 　]+", listed.strip(" 　。，；、")):
        for part in _conjoined(_ETC.sub("", piece).strip()):
            if not part or re.fullmatch(r"按.*分工.*|分别.*|共同.*|各负其责", part):
                continue
            each = pieces and re.fullmatch(_EACH_PLACE, pieces[-1])
            if (each and re.match(_PLACES, part)) or (pieces and len(part) == 1):
                pieces[-1] += "、" + part
            else:
                pieces.append(part)
    return tuple(piece for piece in pieces if len(piece) > 1)


def _conjoined(piece: str) -> list[str]:
    """A和B where A is a whole unit by itself; 各村居各部门 are two."""
    for match in re.finditer(r"以及|和|及|与", piece):
        left, right = piece[: match.start()], piece[match.end() :]
        if len(left) > 2 and len(right) > 1 and _ENDS.search(left) and _ENDS.search(right):
            return [*_conjoined(left), *_conjoined(right)]
    return re.split(r"(?<=.)(?=各)", piece) if piece.startswith("各") else [piece]


def _unled(clause: str) -> str:
    """A clause without the day and the connectives that stand before its subject."""
    clause = clause.strip(' 　“”"')
    while True:
        days = dates.spans(clause)
        if (
            days
            and days[0].start <= 2
            and not re.search(r"[\u4e00-\u9fff]", clause[: days[0].start].strip("在于到至从自"))
        ):
            rest = re.sub(r"^[ 　]*(?:之前|以前|前|起|止|开始|期间)?[，, ]?", "", clause[days[0].end :])
        else:
            rest = _LEAD.sub("", clause)
        if rest == clause or not rest:
            return clause
        clause = rest


def _subject(clause: str) -> tuple[str, ...]:
    """The units at the beginning of a clause, if the clause is about what they do."""
    run = _RUN.match(clause[:_LONGEST])
    if not run or _BAD_START.match(clause):
        return ()
    ends = [end for end in range(2, _stop(run[0]) + 1) if _is_end(run[0], end) and _is_list(run[0][:end])]
    acting = next((end for end in ends if _acts(clause[end:])), None)
    strong = (end for end in ends if _is_strong(run[0][:end]) and not _GOES_ON.match(clause[end:]))
    end = acting or next(strong, None)
    if end is None or (not acting and _NOT_ACTING.match(clause[end:])):
        return ()
    return split(_TOGETHER.sub("、", clause[:end]))


def _is_end(run: str, end: int) -> bool:
    """A name ends here: 区民政局, but not in 区民政局局长 before 长, nor 各社 in 各社区, nor 各村 before （社区）."""
    if not _ENDS.search(run[:end]) or run[end : end + 1] in tuple("长员（()）"):
        return False
    return not any(
        len(longer[0]) > reach
        for reach in range(1, min(3, len(run) - end) + 1)
        if (longer := _LAST.search(run[: end + reach]))
    )


def _acts(behind: str) -> bool:
    """Whether a verb or a day follows, that says what the unit does (and not who leads it or where it sits)."""
    if _LEADS.match(behind) or _IN_NAME.match(behind):
        return False
    verb = _ACT.match(behind) or _IN_CHARGE.match(behind) or (_TOGETHER.match(behind) and _ACT.match(behind, 2))
    return verb is not None or any(span.start == 0 for span in dates.spans(behind[:20]))


def _is_strong(name: str) -> bool:
    return bool(_STRONG.search(name)) and not _PERSON.search(name)


def _stop(run: str) -> int:
    """Where the name ends at the latest: at a verb that is no part of a name (宣传部, 监管科), at a preposition."""
    at = 0
    while barrier := _BARRIER.search(run, at):
        if inside := _IN_NAME.match(run, barrier.start()):
            at = inside.end()
        elif together := _TOGETHER.match(run, barrier.start()):
            at = together.end()
        else:
            return barrier.start()
    return len(run)


def _is_list(name: str) -> bool:
    """Every piece of a list is a unit: 民政和社会事务办, 各镇（街道）、县级各有关部门."""
    pieces = re.split(r"、|会同|联合|协同", name)
    return all(
        (1 < len(piece) <= 24 or piece == "所")
        and not _BAD_START.match(piece)
        and (_ENDS.search(piece) or re.fullmatch(r"各?.{1,3}", piece))
        for piece in pieces
    )
