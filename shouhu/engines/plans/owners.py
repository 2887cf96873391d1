"""Who is to do it: an explicit list (责任部门：…), else the units that an item's own sentences have as their subject."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from shouhu.engines.plans import dates, names
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
    rf"{_KEY}[ 　]*(?:为|是|有)?[ 　]*[:：][ 　]*"
    rf"((?:(?!{_KEY}[ 　]*[:：]|[，,][\u4e00-\u9fff]{{2,6}}[:：])[^；;：:（()）。\n\t】\]]|[（(][^（()）]*[）)])*)"
)
_NAMED = re.compile(rf"{_KEY}(?:为|是)([^，。；：:（()）]{{2,80}})")
_BRACKET = re.compile(r"[（(]((?:[^（）()]|[（(][^（）()]*[）)])*)[）)]")
_ROLE = re.compile(
    r"^(?:由)?(?P<units>.{2,80}?)(?:共同|分别|具体|按职责分工|按照职责分工|分工)?"
    r"(?:负责|牵头(?:负责|落实)?|配合|协助|落实|参与)(?:落实)?$"
)
_ASIDE = re.compile(
    r"[（(](?![\u4e00-\u9fff、]{1,8}[）)])[^（）()]*[）)]|[（(](?:以下|统称|简称|由|见|附)[^（）()]*[）)]"
)
_BY = re.compile(r"由(?!于|此)|会同|联合(?!会)|协同|经(?=[^，。]{2,12}(?:验收|审核|认定|评估|核实)(?!之|前))")
_LINE = re.compile(r"([^，。；：]{2,40})：(?=[\u4e00-\u9fff“《]{2})")
"""综治办：负责… names who does it on a line of his own."""
_SUCH = re.compile(
    r"(?!对|将|把|向|凡)[^，。；：]{2,16}的(?:机构|单位|企业|场所|商户|网点|门店|部门|公司)(?=应(?!急)|须|要|必须|需)"
)
"""预收费用的机构应…"""
_FUNDS = re.compile(r".{0,20}(?:经费|资金|预算|收入)中?(?:列支|支出|解决|保障)")
_BYS = 8
"""No clause names more doers by 由 and 会同."""
_VAGUE = re.compile(
    r"^(?:有关|相关|各有关|各相关)?(?:职能)?(?:部门|单位|机构|科室|企业|平台|商户|门店)$|^全(?:省|市|县|区|镇|乡|村|校|街道)$"
    r"|^(?:党政|单位)?(?:主要|分管)?(?:领导|负责人|负责同志|干部|书记)$|^辖区$|^(?:责任|牵头|配合|主责|承办|协办)(?:单位|部门)$"
)
_LEAD = re.compile(rf"^(?:{either('leads')})[，,：: ]?")
_ETC = re.compile(r"等(?:有关|相关|多个|\d*个?)?(?:职能|成员)?(?:部门|单位|机构|科室)*(?:（单位）)?$")
_EACH_PLACE = r"各(?:县|区)?(?:县|区|镇|乡|村|乡镇|街道|镇街|社区)"
_PLACES = r"(?:街道|乡镇|镇街|社区|居委会|村居|村|镇)(?:$|[（(]|办事处$|民政|党|平安)"


def owners(text: str, heading: str = "") -> Owners:
    """
    This function will find who is to do what a text asks for.

    An explicit list wins; else the subjects of the sentences, those of a short heading (机构自查) only where the text has
    none. The confidence is 0.95 for a list, 0.7 for subjects, 0 where nobody is named.
    """
    if listed := explicit(f"{heading}\n{text}"):
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
    for match in _NAMED.finditer(text):
        units += split(match[1]) if all(map(names.ENDS.search, split(match[1]))) else ()
    if not units:
        for bracket in _BRACKET.findall(text):
            roles = [_ROLE.match(piece) for piece in clauses(bracket)]
            if roles and all(roles):
                units += [unit for role in roles if role for unit in split(role["units"])]
    return tuple(dict.fromkeys(units))


@lru_cache(maxsize=1024)
def subjects(text: str) -> tuple[str, ...]:
    """This function will find the units that do something in their own sentences, in the order of the text."""
    found: list[str] = []
    plain = _ASIDE.sub("", re.sub(r"《[^》]*》", "", text))
    for sentence in clauses(plain, "；。！？;!?\n\t"):
        if (line := _LINE.match(sentence)) and names.first(line[1]) == (line[1], False):
            found += _units(line[1])
        if such := _SUCH.match(sentence):
            found.append(such[0])
        waiting, place = "", 0  # a unit that fills its clause (县民政局会同公安局，对…) acts in the next one
        for clause in map(_unled, clauses(sentence, "，,：:")):
            if waiting and names.acts(clause):
                found[place:place] = _units(waiting)
            listed, acts = names.first(clause)
            waiting, place = ("" if acts or listed != clause else listed), len(found)
            found += _units(listed) if acts else ()
            for by in islice(_BY.finditer(clause), _BYS):
                rest = _unled(clause[by.end() :])
                listed, acts = names.first(rest, by=by[0] in "由经")
                acts = acts or (listed == rest and by[0] not in "由经")
                acts = acts and not _FUNDS.match(clause[by.end() :])
                found += _units(listed) if acts else ()
    named = dict.fromkeys(unit for unit in found if not _VAGUE.match(unit))
    if not all(map(_is_each, named)):  # 每家机构检查人员不少于3名 is about them, not theirs to do
        named = {unit: None for unit in named if not _is_each(unit)}
    return tuple(unit for unit in named if not any(other != unit and other.endswith(unit) for other in named))


def _is_each(unit: str) -> bool:
    return unit.startswith("每")


def split(listed: str) -> tuple[str, ...]:
    """This function will cut a printed list into units: 各区镇、街道民政部门 stays one."""
    pieces: list[str] = []
    for piece in names.pieces(listed.strip(" 　。，；、")):
        for part in _conjoined(_ETC.sub("", piece).strip()):
            if not part or re.fullmatch(r"按.*分工.*|分别.*|共同.*|各负其责", part):
                continue
            each = pieces and re.fullmatch(_EACH_PLACE, pieces[-1])
            if (each and re.match(_PLACES, part)) or (pieces and len(part) == 1):
                pieces[-1] += "、" + part
            else:
                pieces.append(part)
    return tuple(piece for piece in pieces if len(piece) > 1)


def _units(listed: str) -> tuple[str, ...]:
    return tuple(map(names.employer, split(names.TOGETHER.sub("、", listed))))


def _conjoined(piece: str) -> list[str]:
    """A和B where A is a whole unit by itself; 各村居各部门 are two."""
    for match in re.finditer(r"以及|和|及|与", piece):
        left, right = piece[: match.start()], piece[match.end() :]
        if len(left) > 2 and len(right) > 1 and names.ENDS.search(left) and names.ENDS.search(right):
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
