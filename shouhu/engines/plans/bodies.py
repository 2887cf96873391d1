"""Bodies that a plan sets up: 领导小组, 专项办, 专班; where they sit, who leads them, who belongs to them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from shouhu.engines.plans import owners
from shouhu.engines.plans.passages import Passage, clauses, sentences
from shouhu.engines.plans.plan import Body
from shouhu.engines.plans.words import either

_KIND = either("bodies")
_LEADS = r"(?:总指挥长?|指挥长|组长|主任|召集人|总召集人|队长|负责人|总负责人)"
_SETS_UP = re.compile(
    rf"(?P<before>[^，。；：\n]*?)(?:成立|下?设立|组建|建立|下设|设)(?:了|由[^，。]{{2,30}}?(?:组成|参加)的)?(?P<name>[^，。；：（(、\n《]{{0,40}}?{_KIND})(?![\u4e00-\u9fff]{{0,2}}(?:制度|机制|成员|主任|组长|负责|要|会议))"
)
_MADE_OF = re.compile(
    rf"(?:成立|设立|组建)(?:了)?[由以](?P<who>[^。；]{{4,300}}?)(?:为成员|为组员|为副组长|组成|参加|参与)的(?P<name>[^，。；：（(、\n《]{{0,40}}?{_KIND})"
)
_SITS = re.compile(
    rf"(?P<name>[^，。；：\n]{{0,40}}?{_KIND})?(?:[（(][^）)]*[）)])?[，,]?(?:办公室|办公地点)?(?:具体)?(?:设在|下设办公室于|挂靠在?|依托在?|设于|(?<=办公室)设(?!立|置))(?P<host>[\u4e00-\u9fff（）()]{{2,30}}?)(?=[，。；\n]|，|$)"
)
_RUN_BY = re.compile(
    rf"(?P<name>{_KIND})?(?:下设办公室[，,])?(?:(?:办公)?地点(?:设)?在|(?:的)?(?:具体|日常)(?:工作|事务)由)(?P<host>[\u4e00-\u9fff（）()]{{2,30}}?)(?:承担|负责|[，。；\n]|$)"
)
_LED = re.compile(
    rf"(?P<name>[^，。；：（(、由]{{2,40}}?{_KIND})由[^，。；]{{2,40}}(?:任|担任)(?!副)[^，。；]{{0,4}}{_LEADS}"
)
_SHORT = re.compile(r"[（(](?:以下)?(?:统)?简称[：:]?[“\"]?([^”\"）)]+)[”\"]?[）)]")
_HEADS = (
    re.compile(rf"[由以](?P<head>[^，。；]{{2,50}}?)为{_LEADS}"),
    re.compile(rf"(?<!副){_LEADS}(?:职务)?由(?P<head>[^。；]{{2,50}}?)(?:兼任|担任)"),
    re.compile(rf"(?:^|[\n\t。；]) *{_LEADS}[ 　]*[:：][ 　]*(?P<head>[^，。；\n\t：:（(]{{2,50}})"),
    re.compile(rf"由(?P<head>[^，。；]{{2,50}}?)(?:兼任|担任|(?<!主)任)(?:(?!办公室)[^，。；]){{0,16}}?(?<!副){_LEADS}"),
    re.compile(rf"(?:^|[，。；\n])(?P<head>[^，。；\n：:由]{{2,40}}?)(?:兼任|担任|(?<!主)任)(?:(?!办公室)[^，。；]){{0,10}}?(?<!副){_LEADS}"),
)  # fmt: skip
_MEMBERS = (
    re.compile(r"由(?P<units>[^，。；]{4,200}?)(?:等)?(?:部门|单位|科室|负责人|人员)*(?:和单位)?组成"),
    re.compile(r"成[ 　]*员(?:单位)?[ 　]*[:：][ 　]*(?P<units>[^。；\n]{2,300})"),
    re.compile(r"[，、。](?P<units>[^，。；]{2,160}?)为成员(?:单位)?"),
)
_OFFICE = re.compile(r"^(?:领导小组|指挥部|工作专班|专班|工作组|小组|专项行动)?(?:下设)?办公室$")


def bodies(pieces: Sequence[Passage]) -> tuple[Body, ...]:
    """This function will find the bodies that the items of a plan set up or place somewhere."""
    found: list[Body] = []
    for number, piece in enumerate(pieces):
        if piece.where:
            nearby = [p.text for p in pieces[number + 1 :] if piece.where in [above.where for above in p.above]]
            found += _piece(piece, "\n".join([piece.text, *nearby]))
    return tuple({body.name: body for body in reversed(found)}.values())[::-1]


def _piece(piece: Passage, text: str) -> Iterable[Body]:
    spaced = re.sub(r"(?<=[组成副主总])[ 　]+(?=[长员任组主])", "", text)
    made: list[Body] = []
    for sentence in sentences(piece.text):
        for match in _SETS_UP.finditer(sentence):
            name = match["name"]
            if (
                _OFFICE.match(name)
                or name in ("领导小组", "小组", "工作组")
                or (len(name) < 3 and name not in piece.heading)
                or re.search(r"^[在于]|[，、]|机制|制度", name)
            ):
                continue
            made.append(_body(piece, name, _maker(match["before"])))
        if not made and (led := _LED.match(sentence)):
            made.append(_body(piece, led["name"], None))
        for match in _MADE_OF.finditer(sentence):
            made.append(_body(piece, match["name"], None))
        for match in (*_SITS.finditer(sentence), *(_RUN_BY.finditer(sentence) if made else ())):
            host = re.sub(r"^(?:在)", "", match["host"])
            named = (match["name"] or "").strip("， ")
            if made and (
                not named
                or _OFFICE.match(named)
                or named in made[-1].name
                or made[-1].name in named
                or _is_short(named, text)
            ):
                made[-1] = replace(made[-1], host=host)
            elif named and named != "领导小组" and not _OFFICE.match(named) and len(named) > 3:
                made.append(_body(piece, named, host))
    if len(made) > 1 and made[0].name in piece.heading:
        del made[0]  # （一）成立工作专班。成立某县专项行动领导小组，…
    if len(made) >= 1:
        head = next((found["head"] for pattern in _HEADS if (found := pattern.search(spaced))), None)
        members = next((found["units"] for pattern in _MEMBERS if (found := pattern.search(spaced))), "")
        made[0] = replace(
            made[0], head=re.sub("(?:共同|分别)$", "", head.strip()) if head else None, members=owners.split(members)
        )
    return made


def _is_short(named: str, text: str) -> bool:
    return any(short in named or named in short for short in _SHORT.findall(text))


def _maker(before: str) -> str | None:
    """区民政局(成立…): who sets the body up is where it sits, unless that is said."""
    last = clauses(before)[-1] if clauses(before) else ""
    units = owners.subjects(last + "成立")
    return units[0] if units and not units[0].startswith("各") else None


def _body(piece: Passage, name: str, host: str | None) -> Body:
    return Body(name, host, None, (), piece.where, piece.place(name), 0.8)
