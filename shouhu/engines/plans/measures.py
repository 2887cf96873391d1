"""Measures: what is done with each colour; a plan without colours names steps (苗头性问题, 涉嫌犯罪) instead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from shouhu.engines.plans.colours import COLOUR, colour, is_condition
from shouhu.engines.plans.passages import Passage, clauses
from shouhu.engines.plans.plan import Colour, Measure

_OF = re.compile(
    rf"^(?:对于?|凡是?|属于|被|已|其中)*(?:纳入|列入|列为|评为|评定为|定为|划为|属于|处于)?{COLOUR}(?:风险)?(?:管控)?"
    r"(?:名单|等级|标识|档|级|预警|类)?(?:管理|管控|内|中)?(?:的)?(?:养老)?(?:服务)?(?:机构|单位|场所|对象|名单)?"
    r"(?:和场所|、场所)?(?:的)?[ 　]*(?:[，,：:]|(?=实行|进行|开展|采取|由|一律|应|须|要))(?P<rest>.+)$"
)
_STEP = re.compile(
    r"^对(?:于)?(?P<when>(?:存在|涉嫌|涉及|属于|发现|有)[^，；。]{2,24}?)的?(?:[，,]|(?=依法移|移交|移送))(?P<rest>.+)$"
)
_STEPS = re.compile(r"苗头|明显问题|涉嫌犯罪|涉及其他|情节较[轻重]|一般问题|突出问题|严重问题|问题严重|轻微")
_SPLIT = re.compile(
    r"、(?=停止|责令|督促|警示|约谈|移交|移送|退还|清退|立即|限期|协助|每|发|提|暂停|通报|纳入|加大|增加|并)"
)
_LEAD = re.compile(r"^(?:并|要|应当?|须|由[^，]{2,20}?(?=增加|加大|约谈|责令))?")


def measures(pieces: Sequence[Passage]) -> tuple[Measure, ...]:
    """This function will find the measures of each colour, one by one, in the order of the text."""
    found: dict[tuple[str | None, str | None, str], Measure] = {}
    for piece in pieces:
        if piece.where:
            for measure in _piece(piece):
                found.setdefault((measure.colour, measure.when, measure.measure), measure)
    every = tuple(found.values())
    return every if all(measure.colour is None for measure in every) else tuple(m for m in every if m.colour)


def _piece(piece: Passage) -> Iterable[Measure]:
    which: Colour | None = None
    for text in re.split(r"[。\n\t]", piece.text):
        for number, sentence in enumerate(re.split(r"[；;]", text)):
            if match := _OF.match(sentence.strip()):
                which = None
                if not (
                    sentence.strip().endswith("的") or is_condition(next(iter(clauses(match["rest"])), ""))
                ) or re.match(r"要|应|由|及时|正常|督促|责令", match["rest"]):
                    which = colour(match["colour"])
                    yield from _each(piece, which, None, match["rest"])
            elif number and which and not re.search(r"[红橙黄绿]色", sentence):
                yield from _each(piece, which, None, sentence)
            elif (step := _STEP.match(sentence.strip())) and _STEPS.search(step["when"]):
                which = None
                yield from _each(piece, None, step["when"], step["rest"])
            else:
                which = None


def _each(piece: Passage, which: Colour | None, when: str | None, text: str) -> Iterable[Measure]:
    for clause in clauses(text):
        if case := re.fullmatch(r"(?:对|凡)?(?P<when>[^，]{3,20})的", clause):
            when = case["when"]
            continue
        for part in _SPLIT.split(clause):
            measure = _LEAD.sub("", part.strip(" 　，。；"))
            if len(measure) >= 2:
                yield Measure(which, when, measure, piece.where, piece.place(part), 0.8 if which else 0.6)
