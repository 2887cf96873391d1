"""Tasks: every numbered item at the finest level that asks somebody to do something."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from shouhu.engines.plans import dates, owners
from shouhu.engines.plans.passages import Passage, clauses, sentences
from shouhu.engines.plans.plan import Phase, Task
from shouhu.engines.plans.words import either

_ASKS = re.compile(either("asks"))
_DONE = re.compile(rf"[，,]?[^。；，]{{0,12}}?{either('done')}")
_AIMS = re.compile(rf"{either('aims')}(?:要求)?$")
_LISTS = re.compile(rf"{either('lists')}$")
_MEMBERS = re.compile(
    r"^(?:(?:总)?(?:副)?(?:组|队|主|指挥)(?:长|任|挥)|成员(?:单位)?|联系人|联系电话|电话|地址|邮箱|举报电话)[ 　]*[:：]"
)
_COLOUR = re.compile(r"^[“\"]?(?:红|橙|黄|绿)色?[”\"]?(?:名单|等级|风险|预警|标识|级|档)*(?:$|[（(:：。，])")
_TELLS = re.compile(r"(?:线索)?(?:举报|投诉|联系|受理)(?:受理)?(?:途径|方式|渠道|电话|热线)")
_PHASE = re.compile(r"第.{1,3}(?:阶段|步)")
_BODY = re.compile(
    r"(?:成立|设立|组建|下设|(?<!建)设).{0,40}(?:领导小组|工作组|专班|指挥部|办公室|小组|专项办)|设在|名单如下"
    r"|(?:任|担任|兼任).{0,12}(?:组长|主任|指挥长?|召集人)|(?:组|队|指挥)长[ 　]*[:：]|成[ 　]*员[ 　]*[:：]|主[ 　]*任[ 　]*[:：]"
    r"|为成员|成员的|日常工作由.{2,20}(?:承担|负责)|负责.{0,6}日常|成员由|下设.{0,40}组$|(?:组长|主任|指挥长)由.{2,40}任$|抽调.{0,12}(?:办公|运转)|为副?组长|(?:等)?(?:部门|单位)?组成$"
    r"|^(?:具体)?负责.{0,40}(?:日常|统筹|协调|工作|事宜|实施)|^为(?:切实|进一步)?(?:加强|确保|做好)"
)
_ROLL = re.compile(r"(?:组|队|指挥)[ 　]*长[ 　]*[:：](?:[^。]*?)(?=[^\n。]*(?:领导小组|办公室)[^\n]*(?:设|负责)|。|$)")
_LIMIT = re.compile(r"(?:完成|办结|整改|落实)?(?:时限|期限|时间)[ 　]*(?:[:：]|为)[ 　]*([^；;）)。\n]*)")
_ASIDE = re.compile(r"[（(][^（）()]*(?:[（(][^（）()]*[）)][^（）()]*)*[）)]")


def tasks(pieces: Sequence[Passage], phases: Sequence[Phase]) -> tuple[Task, ...]:
    """This function will find the tasks, in the order of the document."""
    found: list[Task] = []
    by_item = Counter(phase.where for phase in phases if phase.start or phase.end)
    inner: set[tuple[int, str]] = set()  # items below which tasks were found
    for piece in reversed(pieces):
        if not piece.where or (piece.block, piece.where) in inner or not (piece.leaf or piece.body):
            continue
        is_phase = by_item[piece.where] == 1 and not any(is_aim(above.heading) for above in piece.above)
        if _asks(piece) or (piece.leaf and is_phase):
            found.append(_task(piece, phases))
            inner |= {(above.block, above.where) for above in piece.above}
    return tuple(reversed(found))


def heading(text: str) -> str:
    """This function will give a heading without asides that hold only days or owners, and without its full stop."""
    text = _ASIDE.sub(lambda aside: "" if _is_aside(aside[0]) else aside[0], text).strip(" 　。；;，,、")
    left, colon, right = text.rpartition("：") if "：" in text else text.rpartition(":")
    return left.strip() if colon and (_is_aside(right) or not right) else text


def is_aim(text: str) -> bool:
    """This function will tell whether a heading opens a part that asks nobody to do anything (指导思想, 工作目标)."""
    text = re.sub(r"[（(].*", "", text).strip(" 　。:：“”")
    return len(text) <= 16 and bool(_AIMS.search(text)) and not re.search(r"任务(?!$)|主要任务|措施", text)


def _is_aside(text: str) -> bool:
    inner = text.strip("（）() 　")
    if owners.explicit(f"（{inner}）"):
        return True
    rest = inner
    for span in reversed(dates.spans(inner)):
        rest = rest[: span.start] + rest[span.end :]
    rest = dates.DURATION.sub("", rest)
    return rest != inner and not re.sub(r"[之以]?前|[自从起止约共]|为期|历时|完成|时间|[:：，, 　]|开始|底", "", rest)


def _asks(piece: Passage) -> bool:
    line = [passage.heading for passage in (*piece.above, piece)]
    if _is_criterion(piece) or any(_TELLS.fullmatch(text.strip(" 　。：:")) for text in line):
        return False
    if any(is_aim(text) and not (_PHASE.match(piece.label) and "时间" in text) for text in line) or _MEMBERS.match(
        piece.text
    ):
        return False
    if _COLOUR.match(piece.heading or piece.text) and "名单" in piece.text + "".join(line):
        return False
    if any(_LISTS.search(re.sub(r"[（(].*", "", text).strip(" 　。:：")) for text in line):
        return bool(_owners(piece).units or _deadlines(piece))
    if piece.heading.endswith("：") and _owners(piece).units:
        return True
    text = _without_bodies(piece)
    return len(text) > 3 and bool(_ASKS.search(text) or owners.owners(text).units or _deadlines(piece))


def _is_criterion(piece: Passage) -> bool:
    """天天在手机上刷单、炒股的； 红色：资金去向不明的。"""
    text = piece.text.rstrip(" 　。；;")
    return piece.leaf and text.endswith("的") and len(text) <= 120 and not re.search(r"[要应须需]|负责|由", text)


def _without_bodies(piece: Passage) -> str:
    """The text without what only sets up a body and names its members; without such clauses, all of it."""
    text = piece.body if piece.body and len(piece.heading) <= owners.SENTENCE else piece.text
    text = _ROLL.sub("", text)
    kept = [clause for clause in clauses(text, "，；。,;\n\t") if not _BODY.search(clause)]
    return "，".join(kept)


def _owners(piece: Passage) -> owners.Owners:
    """Who does it; a heading that goes on behind its colon (综治办：负责…) is one sentence with its body."""
    return owners.owners(piece.text) if piece.heading.endswith("：") else owners.owners(piece.body, piece.heading)


def _task(piece: Passage, phases: Sequence[Phase]) -> Task:
    found = _owners(piece)
    if found.confidence < owners.LISTED and (listed := _listed_above(piece)):
        found = owners.Owners(listed, owners.LISTED)
    above = next((names for p in reversed(piece.above) if (names := _owners(p).units)), ())
    days = _deadlines(piece)
    days_above = next((due for p in reversed(piece.above) if (due := _deadlines(p))), ())
    title = heading((sentences(piece.text) or [""])[0] if piece.heading.endswith("：") else piece.heading) or heading(
        (sentences(piece.body) or [piece.label])[0]
    )
    line = [piece.where, *(passage.where for passage in reversed(piece.above))]
    by_item = Counter(phase.where for phase in phases)  # several of one item are named in its sentences
    inside = next((phase.name for no in line for phase in phases if phase.where == no and by_item[no] == 1), None)
    return Task(
        no=piece.where, block=piece.block, heading=title, text=piece.text,
        owners=found.units, owners_above=() if found.units else above,
        deadline=days[0] if days else None, deadlines=days, deadline_above=days_above[0] if days_above and not days else None, phase=inside,
        place=piece.place(piece.text), confidence=0.9 if piece.heading and piece.body else 0.8,
    )  # fmt: skip


def _listed_above(piece: Passage) -> tuple[str, ...]:
    """An explicit list behind the item above (…。一是…；二是…。（责任单位：…）) holds for all that it consists of."""
    begin = piece.paper.text.rfind("\n", 0, piece.start) + 1
    if len(piece.paper.text[begin : piece.start].strip(" 　、.．，")) <= len(piece.label) + 2:
        return ()  # a line of its own, below a heading that has owners
    return next((units for above in reversed(piece.above) if (units := owners.explicit(above.text))), ())


def _deadlines(piece: Passage) -> tuple[str, ...]:
    """Days named as a deadline; what is due again and again (每月5日前) and the end of a phase are none."""
    found: list[str] = []
    for match in _LIMIT.finditer(piece.text):
        found += [span.last.value for span in dates.spans(match[1]) if span.last]
    plain = _ASIDE.sub(lambda aside: " " * len(aside[0]) if _is_phase(aside[0]) else aside[0], piece.text)
    found += [day.value for sentence in sentences(plain) for day in dates.deadlines(sentence, done=_DONE)]
    return tuple(dict.fromkeys(found))


def _is_phase(aside: str) -> bool:
    """（2023年4月10日至30日）, （6月底前） behind the name of a phase."""
    return _is_aside(aside) and not owners.explicit(aside)
