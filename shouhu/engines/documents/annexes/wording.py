"""How grades, values, reasons and clauses are put on an annex."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from itertools import groupby
from typing import Any

from shouhu.engines import law
from shouhu.engines.documents.annexes.styles import Tinted
from shouhu.engines.documents.annexes.workbook import Cell
from shouhu.engines.documents.canonical import written
from shouhu.engines.rules import words
from shouhu.engines.rules.facts import Fact
from shouhu.engines.rules.ratings import Rating
from shouhu.engines.rules.rulesets import READINGS, RuleSet

_AS_THEY_ARE = frozenset({type(None), str, int, float, date})


@cache
def grade(colour_now: str, listed: str) -> Tinted:
    """This function will give the 等级 of a list: the colour, or 至少橙色 where only the bound is proven (COL-8)."""
    if colour_now == listed:
        return Tinted(words.colour(listed), listed)
    bound = f"至少{words.COLOUR[listed]}色{words.SHAPE[listed]}"
    fired = f"\n（已判定{words.colour(colour_now)}）" if colour_now in ("yellow", "orange") else ""
    return Tinted(bound + fired, listed)


def cells(fact: Fact, values: Iterable[Any]) -> list[Cell]:
    """This function will give a column of values as the canonical register writes them, so that they read back the same."""
    return [value if type(value) in _AS_THEY_ARE else written(fact, value) for value in values]


@cache
def cited(clauses: tuple[str, ...]) -> str:
    """This function will name clauses by title and path, the title once for neighbours from one source."""
    citations = [law.cite(clause) for clause in clauses]
    return "；".join(
        f"《{source.title}》{'、'.join(citation.path + citation.caveat for citation in group)}"
        for source, group in groupby(citations, key=lambda citation: citation.source)
    )


def hazards(rating: Rating) -> str:
    """This function will give the 隐患情形 of a rating: what fired with its clause, what is proven only as a bound, the flags."""
    parts: list[str] = []
    number = 0
    for clause, group in groupby(rating.fired, key=lambda fired: fired.clause):
        says = []
        for fired in group:
            number += 1
            says.append(f"{number}.{fired.says}")
        parts.append(f"{'；'.join(says)}（{cited((clause,))}）")
    if rating.listed != rating.colour:
        least = words.COLOUR[rating.listed]
        parts.append(f"尚有事项未核实，但无论核实结果如何，至少为{least}色；待核实：{words.titles(rating.ask)}")
    elif rating.ask and rating.at_most:
        parts.append(f"核实后最高可能为{words.colour(rating.at_most)}；待核实：{words.titles(rating.ask)}")
    if rating.flags:
        parts.append(flagged(rating.flags))
    return "\n".join(parts)


def flagged(flags: Sequence[str]) -> str:
    """This function will give the flags of a row as 【…】."""
    return "".join(f"【{words.FLAG[flag]}】" for flag in flags)


def basis(ruleset: RuleSet, as_of: date) -> str:
    """This function will say how a list was made: rule set, day, reading of 被投诉举报, and what the plan does not contain."""
    borrowed = [f"{t.says}（借自{law.cite(t.clause)}）" for t in ruleset.assumptions if t.mark != "P"]
    ours = [t.says for t in ruleset.assumptions if t.mark == "P"] + [f"排查结果{ruleset.answer_valid_days}天内有效"]
    return (
        f"评定规则：{ruleset.title}（编号{ruleset.id}），截至{as_of.year}年{as_of.month}月{as_of.day}日；"
        f"“被投诉举报”的读法：{READINGS[ruleset.complaint]}。方案未载明的标准："
        + (f"“大额”等借用{'；'.join(borrowed)}；" if borrowed else "")
        + f"本软件建议值{'、'.join(ours)}，请结合本地规定核定。"
    )
