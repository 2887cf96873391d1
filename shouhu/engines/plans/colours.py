"""Colour rules: what puts an institution on the red, orange, yellow or green list, matched to the rules we have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from shouhu.engines.plans import matching
from shouhu.engines.plans.passages import Passage, clauses
from shouhu.engines.plans.plan import Colour, ColourRule
from shouhu.engines.plans.words import words

COLOUR = r"[“\"「]?(?P<colour>[红橙黄绿])色?[”\"」]?"
_LISTED = rf"{COLOUR}(?:风险)?(?:管控)?(?:名单|等级|标识|档|级|预警|类)?"
_INTO = re.compile(
    rf"(?:，|,)?(?:应|要|须|一律|则|的)*(?:纳入|列入|列为|定为|评为|评定为|划为|划入|划分为|确定为|标为|归入|归为|判定为|认定为|记入|进入|为|转为|升为|打上|赋)[^，。；]{{0,4}}{_LISTED}(?:管理|管控|管控名单|范围|的)?$"
)
_HEADED = re.compile(
    rf"^{_LISTED}(?:的?(?:标准|条件|情形|机构|单位|场所))?(?:[（(][^）)]*[）)])?[ 　]*(?:[:：]|是指|指|包括|为)[ 　]*(?P<rest>.+)$"
)
_LEAD = re.compile(
    r"^(?:对于|对|凡是?|如果?|若|经?(?:排查|摸排|评估|核查|检查)?(?:后)?(?:发现|认定)|有下列情形之一的?|具有|符合|排查中)+"
)
_TAIL = re.compile(
    r"(?:等)?(?:其他)?(?:潜在|较高|较大|一般|明显|突出|严重)?(?:的)?(?:风险隐患|风险|隐患|问题|情形|情况)?(?:之一)?的?(?:机构|单位|场所|养老服务机构)?(?:和场所)?的?$"
)
_OR_ELSE = re.compile("(?<![，；])或者(?=出现|存在|发生|有|被|收取|承诺|未)")
_GO_ON = re.compile(r"^(?:但|且|并|而|同时|以及)")


def colour_rules(pieces: Sequence[Passage]) -> tuple[ColourRule, ...]:
    """This function will find the conditions of the colours, one for each alternative, in the order of the text."""
    found: dict[tuple[Colour, str], ColourRule] = {}
    for piece in pieces:
        if piece.where:
            for rule in _piece(piece):
                found.setdefault((rule.colour, rule.condition), rule)
    return tuple(found.values())


def colour(text: str) -> Colour:
    """This function will give the colour of its Chinese word."""
    found: Colour = words("colours")[text[0]]
    return found


def _piece(piece: Passage) -> Iterable[ColourRule]:
    under = re.match(rf"^{_LISTED}(?:[（(][^）)]*[）)])?$", piece.heading.strip(" 。：:"))
    for sentence in re.split(r"[。\n\t]", piece.body if under else piece.text):
        which = colour(under["colour"]) if under else None
        for part in re.split(r"[；;]", sentence):
            text = part.strip()
            if into := _INTO.search(text):
                yield from _conditions(piece, colour(into["colour"]), text[: into.start()])
                continue
            if headed := _HEADED.match(text):
                text = headed["rest"]
                which = (
                    colour(headed["colour"])
                    if text.endswith("的") or is_condition(next(iter(clauses(text)), ""))
                    else None
                )
            if which and (text.endswith("的") or is_condition(text)):
                yield from _conditions(piece, which, text)


def is_condition(text: str) -> bool:
    """This function will tell a condition (有…的, 存在…) from what is then done about it."""
    return (
        matching.has_signs(text)
        or bool(re.search(r"(?:没有|未)发现", text))
        or bool(re.search(r"(?:的|情形|情况|隐患)$", text.strip()))
    )


def _conditions(piece: Passage, which: Colour, text: str) -> Iterable[ColourRule]:
    parts: list[str] = []
    for clause in clauses(_OR_ELSE.sub("，\\g<0>", text), "，,；;"):
        alternative = re.sub(r"^或者?", "", clause)
        if (
            parts
            and alternative == clause
            and not parts[-1].endswith("的")
            and (_GO_ON.match(clause) or not is_condition(parts[-1]) or not matching.has_signs(clause))
        ):
            parts[-1] += "，" + clause
        else:
            parts.append(alternative)
    for part in parts:
        condition = _TAIL.sub("", _LEAD.sub("", part.strip())) if matching.has_signs(part) else part.strip("的")
        if len(condition) < 2:
            continue
        matches = matching.match(condition, which)
        yield ColourRule(
            which, condition, matches.same, matches.differing, not matches.same, piece.where, piece.place(part),
            0.9 if matches.same else 0.7,
        )  # fmt: skip
