"""Why a rating is what it is: every rule's outcome, and the reasons as sentences that can be read out and contested."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from shouhu.engines import law
from shouhu.engines.rules import words
from shouhu.engines.rules.expressions import atoms, facts_of
from shouhu.engines.rules.facts import declared
from shouhu.engines.rules.ratings import NOT_GREEN, Rating, rate_one
from shouhu.engines.rules.record import evaluator
from shouhu.engines.rules.rulesets import READINGS, Rule, RuleSet
from shouhu.engines.rules.whatif import ways_out

Outcome = Literal["fired", "open", "not"]
OUTCOMES: dict[Outcome, str] = {"fired": "符合", "open": "待定", "not": "不符合"}


@dataclass(frozen=True)
class RuleOutcome:
    """One rule of the set, hit or not, with the values that it was decided on."""

    rule: Rule
    outcome: Outcome
    values: dict[str, Any]


@dataclass(frozen=True)
class Reasons:
    """The full account of one rating."""

    ruleset: RuleSet
    rating: Rating
    facts: Mapping[str, Any]
    outcomes: tuple[RuleOutcome, ...]
    ways_out: tuple[tuple[str, ...], ...]

    def sentences(self) -> list[str]:
        """This function will tell the reasons in Chinese, the conclusion first, a sentence each."""
        rating = self.rating
        told = [self._conclusion()]
        told += [f"依据{law.cite(f.clause)}：{f.says}（{_values(f.facts)}）。" for f in rating.fired]
        told += [f"发现“{f.says}”（{_values(f.facts)}），所用规则没有相应条款，需由人研判。" for f in rating.findings]
        told += [
            f"尚不能排除“{self.ruleset.rule(o.rule).says}”（{words.COLOUR[self.ruleset.rule(o.rule).colour]}色）：缺{words.titles(o.missing)}。"
            for o in rating.open
        ]
        green, own_track = self.ruleset.green, self.ruleset.own_track
        if own_track and "own_track" in rating.flags:
            told.append(f"依据{law.cite(own_track.clause)}：{own_track.says}，不在四色之内。")
        elif green and any(f.finding == NOT_GREEN for f in rating.findings):
            told.append(f"{law.cite(green.clause)}的绿色只给“{green.says}”。")
        if rating.ask:
            told.append(f"下一步先问：{declared()[rating.ask[0]].ask}" + self._further())
        if rating.flags:
            told.append(f"注意：{'；'.join(words.FLAG[flag] for flag in rating.flags)}。")
        if self.ways_out:
            told.append(
                f"要离开{words.COLOUR[rating.listed]}色，下列各组任选其一依法改正：{'；'.join(map(_mends, self.ways_out))}。"
            )
        elif rating.at_least:
            told.append(f"现有事实中没有三项以内可以依法改正而离开{words.COLOUR[rating.listed]}色的办法。")
        return [*told, *self._basis()]

    def _conclusion(self) -> str:
        rating = self.rating
        word = words.COLOUR[rating.colour]
        most = (
            f"，查清后最高可能为{words.COLOUR[rating.at_most]}色"
            if rating.at_most and rating.at_most != rating.at_least
            else ""
        )
        if rating.colour == "green":
            return "评为绿色：规则所用的事实均已查清，没有发现风险隐患。"
        if rating.colour in ("unknown", "decide"):
            least = f"，但无论核实结果如何至少为{words.COLOUR[rating.at_least]}色" if rating.at_least else ""
            why = "有事实未查清，不能评为绿色" if rating.colour == "unknown" else "规则没有明说，须由人决定"
            return f"列为{word}：{why}{least}{most}。"
        least = f"，且至少为{words.COLOUR[rating.at_least or '']}色" if rating.listed != rating.colour else ""
        return f"评为{word}色{least}{most}。"

    def _further(self) -> str:
        rest = self.rating.ask[1:]
        return f"其后依次：{words.titles(rest)}。" if rest else ""

    def _basis(self) -> list[str]:
        marked = "；".join(f"{t.says}［{'建议值' if t.mark == 'P' else t.mark}］" for t in self.ruleset.assumptions)
        complaint = f"“被投诉举报”的读法：{READINGS[self.ruleset.complaint]}［建议］。"
        return [
            f"规则：{self.ruleset.title}（{self.ruleset.id}）。{complaint}",
            f"方案未载明、另行设定的标准：{marked}。",
        ]


def explain(facts: Mapping[str, Any], ruleset: RuleSet, *, as_of: date | None = None) -> Reasons:
    """
    This function will rate one record and account for every rule of the set.

    :raises NotRateable: a rule set without colours.
    """
    rating = rate_one(facts, ruleset, as_of=as_of)
    one = evaluator(ruleset)
    settled = one.settle(facts, as_of)
    fired, still_open = {f.rule for f in rating.fired}, {o.rule for o in rating.open}

    def outcome(rule: Rule) -> RuleOutcome:
        names = dict.fromkeys(name for atom in atoms(rule.condition) for name in facts_of(atom))
        found: Outcome = "fired" if rule.id in fired else "open" if rule.id in still_open else "not"
        return RuleOutcome(rule, found, {name: settled.get(name) for name in names})

    return Reasons(ruleset, rating, settled, tuple(outcome(rule) for rule in ruleset.rules), ways_out(one, settled))


def _values(values: Mapping[str, Any]) -> str:
    facts = declared()
    return "，".join(f"{facts[name].title}：{words.value(facts[name], held)}" for name, held in values.items())


def _mends(names: tuple[str, ...]) -> str:
    return "并".join(
        f"把“{declared()[name].title}”改为{words.value(declared()[name], declared()[name].mend)}" for name in names
    )
