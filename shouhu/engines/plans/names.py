"""
How those are called who do something: place + function + 局/办/所/中心/股 …, 各村（社区）, 每个县区, 治保主任.

Nothing knows all names; a name is told by how it ends, by what it may begin with, and by the verb or preposition that
comes behind it. ``words.yaml`` lists the ends, the verbs and the words that tell otherwise.
"""

from __future__ import annotations

import re
from functools import lru_cache

from shouhu.engines.plans import dates
from shouhu.engines.plans.words import either

LONGEST = 120
"""No list of names is longer."""
TOGETHER = re.compile("会同|联合(?!会)|协同")

_END = rf"(?:{either('strong')}|{either('units')}|{either('posts')})"
_BRACKET = r"[（(][\u4e00-\u9fff、]{1,8}[）)]"  # 各村（社区）, 各县（市、区）民政局
ENDS = re.compile(rf"{_END}(?:{_BRACKET})?$")
_LAST = re.compile(rf"{_END}$")
_SURE = re.compile(rf"^(?:{either('sure')})|{either('strong')}$")
_SURE_START = re.compile(either("sure"))
_PERSON = re.compile(rf"{either('posts')}$")
_ACT = re.compile(rf"(?:本人|同志|亲自|直接|一起|一同)*{either('acts')}")
_OF_A_THING = re.compile(
    r"[\u4e00-\u9fff]{2}(?:人员|户数|对象|方式|标准|机制|制度|范围|期限|时限|频次|次数|率|面(?!向|对))"
)
_IN_CHARGE = re.compile(r"(?:是|为)[^，。；]{0,8}责任人")
_LEADS = re.compile(
    r"(?:任|兼任?|担任)(?:[^，。；]{0,16}(?:组长|主任|指挥|召集人|成员|队长|负责人|委员)|$)|为(?:成员|组长|副)|设|挂靠"
)
_COMPOUND = re.compile(either("compounds"))
_IN_NAME = re.compile(
    rf"{either('names_with_verbs')}|{either('name_verbs')}(?:管理|检查|指导|服务|保障|治理|协调|综合|专项|监督|执法|工作|教育|事务|建设|稽查|活动|行动|举报|保护)*"
    rf"(?:{either('strong')}|室|股|社|站|机构|部门|单位|员)(?!长)"
)
_GOES_ON = re.compile(rf"{_IN_NAME.pattern}|政法委|监委|宣传部|统战部|网信办|、|会同|联合|协同|和|及|以及")
_BARRIER = re.compile(rf"{either('acts')}|{either('barriers')}")
_RUN = re.compile(
    rf"(?:\d{{3,6}}(?=[\u4e00-\u9fff])|\d{{1,3}}[个家所])?(?:[\u4e00-\u9fff、·]|{_BRACKET}|“[^”]{{1,8}}”)+"
)
_BAD_START = re.compile(rf"^{either('before_units')}")
_RELATED = re.compile(
    rf"{_GOES_ON.pattern}|{_LEADS.pattern}|{either('not_acting')}|[（(](?:以下)?(?:统一?)?简称|[）)]|\d{{3,4}}-\d{{6}}|\d{{7}}"
)
_STAFF = re.compile("(?:柜员|民警|干部|教师|工作人员|干警)$")
_SPLIT_WORD = re.compile(either("split_words"))
_SHORT = re.compile("[省市县区镇乡本总分支]?(?:局|委|行|院|校|镇|县|区|市)|中心")  # 市局养老服务处
_NAMED = re.compile(rf"[{either('surnames')[3:-1]}][\u4e00-\u9fff]{{1,2}}(?:同志)?(?=(?:具体|全面)?(?:负责|牵头))")


def pieces(listed: str) -> list[str]:
    """This function will cut a list at 、 and the like, not inside of brackets."""
    return re.split(r"[、，,；;/ 　]+(?![^（(]*[）)])", listed)


@lru_cache(maxsize=4096)
def first(clause: str, *, by: bool = False) -> tuple[str, bool]:
    """
    This function will give the names at the beginning of a clause, and whether they are the ones who act in it.

    Names that fill the whole clause are given, but act only if what follows says so. ``by`` tells that 由 stands before
    the clause: any verb may then follow.
    """
    clause = clause[: LONGEST + 40]
    run = _RUN.match(clause[:LONGEST])
    if not run or _BAD_START.match(clause):
        return "", False
    if person := _NAMED.match(clause):
        return person[0].removesuffix("同志"), True
    ends = _ends(run[0])
    for end in ends:
        if _acts(clause[end:], run[0][:end]):
            return clause[:end], True
    sure = [end for end in ends if _is_sure(run[0][:end])]
    if (sure or by) and ends and ends[-1] == len(clause):
        return clause, False
    whole = [end for end in sure if not _RELATED.match(clause[end:])]
    if by and not whole:
        whole = [end for end in ends if not _RELATED.match(clause[end:])]
    if not whole:
        return "", False
    return clause[: whole[-1] if _SHORT.fullmatch(clause[: whole[0]]) else whole[0]], True


def acts(text: str) -> bool:
    """This function will tell whether a clause starts with what somebody does: a verb, a preposition or a day."""
    return _acts(text, "")


def employer(name: str) -> str:
    """This function will give whose people act: 各支行柜员 are 各支行; who leads (各村支部书记) stands for himself."""
    unit = _STAFF.sub("", name)
    return unit if _SURE.search(unit) and ENDS.search(unit) and len(unit) > 2 and unit[-1] != "”" else name


def _ends(run: str) -> list[int]:
    """Where a list of names may end, before the verb that ends it at the latest."""
    return [end for end in range(2, _stop(run) + 1) if _is_end(run, end) and _is_list(run[:end])]


def _is_end(run: str, end: int) -> bool:
    """A name ends here: 区民政局, but not in 区民政局局长 before 长, nor 各社 in 各社区, nor 各村 before （社区）."""
    if not ENDS.search(run[:end]) or run[end : end + 1] in tuple("长员（()）"):
        return False
    if _SPLIT_WORD.match(run, end - 1):
        return False
    if run.count("“", 0, end) != run.count("”", 0, end) or run.count("（", 0, end) != run.count("）", 0, end):
        return False
    return not any(
        len(longer[0]) > reach
        for reach in range(1, min(3, len(run) - end) + 1)
        if (longer := _LAST.search(run[: end + reach]))
    )


def _acts(behind: str, name: str) -> bool:
    """Whether a verb or a day follows, that says what the unit does (and not who leads it or where it sits)."""
    if _LEADS.match(behind) or _IN_NAME.match(behind) or (name and _OF_A_THING.match(behind)):
        return False
    verb = _ACT.match(behind) or _IN_CHARGE.match(behind) or (TOGETHER.match(behind) and _ACT.match(behind, 2))
    return verb is not None or any(span.start <= 1 for span in dates.spans(behind[:20].lstrip("自从于在")))


def _is_sure(name: str) -> bool:
    last = TOGETHER.split(pieces(name)[-1])[-1]
    return bool(_SURE.search(last)) and not _PERSON.search(last)


def _stop(run: str) -> int:
    """Where the name ends at the latest: at a verb that is no part of a name (宣传部, 监管科), at a preposition."""
    sure = _SURE_START.match(run)
    at = sure.end() if sure else 0
    while barrier := _BARRIER.search(run, at):
        if inside := _IN_NAME.match(run, barrier.start()) or TOGETHER.match(run, barrier.start()):
            at = inside.end()
        elif within := next((w for w in _COMPOUND.finditer(run, at) if w.start() <= barrier.start() < w.end()), None):
            at = within.end()
        else:
            return barrier.start()
    return len(run)


def _is_list(name: str) -> bool:
    """Every piece of a list is a name: 民政和社会事务办, 各镇（街道）、县级各有关部门."""
    return all(
        (1 < len(piece) <= 24 or piece == "所")
        and not _BAD_START.match(piece)
        and (ENDS.search(piece) or re.fullmatch(r"各?.{1,3}", piece))
        for each in pieces(name)
        for piece in TOGETHER.split(each)
    )
