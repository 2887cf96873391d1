"""How colours, their reasons and the facts behind them are told on pages and papers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouhu.engines import law
from shouhu.engines.documents.annexes import wording
from shouhu.engines.documents.annexes.styles import Tinted
from shouhu.engines.rules.facts import declared
from shouhu.engines.rules.reasons import Reasons, explain
from shouhu.engines.rules.rulesets import load
from shouhu.ledgers.institutions import queries as institutions
from shouhu.ledgers.institutions.models import CAUSES, Version
from shouhu.ledgers.institutions.values import from_json
from shouhu.ledgers.ratings.computing import opened
from shouhu.ledgers.ratings.models import Decision, Move, Rating, Standing
from shouhu.ledgers.ratings.queries import Listed
from shouhu.ledgers.ratings.transitions import STATES
from shouhu.web import words
from shouhu.web.templatetags.desk import ago, masked

TOPICS = (
    (_("基本情况"), "name", "n_residents"),
    (_("收费与预付费"), "monthly_fee", "funds_for_construction"),
    (_("资产与经营"), "assets", "n_address_changes_3y"),
    (_("宣传与关联"), "false_publicity", "related_dealings"),
    (_("涉诉、投诉与黑名单"), "prosecuted", "blacklisted"),
    (_("重大风险"), "suspected_crime", "major_opinion"),
    (_("排查"), "surveyed_on", "surveyor"),
)
"""Title, and the first and last of its facts in the order of the register."""


def written(name: str, stored: Any, *, in_full: bool = False) -> str:
    """This function will write a stored value of a fact; that of a person is masked unless ``in_full``."""
    told = words.value(declared()[name], from_json(name, stored))
    return masked(told) if declared()[name].personal and stored is not None and not in_full else told


def reasons_of(rating: Rating) -> Reasons:
    """This function will account for a stored rating, rule by rule, on the facts and the day that it was made of."""
    facts = institutions.facts_of(rating.version)
    return explain(facts, load(rating.ruleset_id), as_of=rating.as_of)


def rules_told(reasons: Reasons, version: Version) -> list[dict[str, Any]]:
    """This function will give every rule with its outcome, its clause and the facts it was decided on; hits first."""
    order = {"fired": 0, "open": 1, "not": 2}
    missing = {one.rule: one.missing for one in reasons.rating.open}
    return [
        {
            "outcome": one.outcome,
            "colour": one.rule.colour,
            "says": one.rule.says,
            "clause": law.cite(one.rule.clause),
            "mark": one.rule.mark,
            "facts": [fact_told(name, value, version) for name, value in one.values.items()],
            "missing": [declared()[name].ask for name in missing.get(one.rule.id, ())],
        }
        for one in sorted(reasons.outcomes, key=lambda one: order[one.outcome])
    ]


def fact_told(name: str, value: Any, version: Version) -> dict[str, Any]:
    """This function will tell a value with its title and where it came from; one that follows from others says so."""
    fact = declared()[name]
    origin = version.origins.get(name)
    follows = value is not None and origin is None
    source = gettext("由其他回答推出") if follows else told_origin(origin)
    return {"label": fact.title, "value": words.value(fact, value) if value is not None else None, "source": source}


def told_origin(origin: Sequence[str] | None) -> str:
    """This function will say how and when a fact was learnt: 排查核定 2026-11-02."""
    return f"{words.said(CAUSES.get(origin[0], origin[0]))} {origin[2]}" if origin else ""


def topics(version: Version, today: date) -> list[dict[str, Any]]:
    """This function will give every fact that is held, by topic, as ``parts/fact.html`` takes it; personal ones masked."""
    names = list(declared())
    held = {**version.facts, **(version.personal or {})}

    def fact(name: str) -> dict[str, Any]:
        origin = version.origins.get(name)
        return {
            "name": name,
            "label": declared()[name].title,
            "value": written(name, held[name]) if name in held else None,
            "source": told_origin(origin),
            "ago": ago(date.fromisoformat(origin[2]), today) if origin else "",
        }

    return [
        {"title": title, "facts": [fact(name) for name in names[names.index(first) : names.index(last) + 1]]}
        for title, first, last in TOPICS
    ]


def hazards(one: Listed) -> list[str]:
    """This function will give the 隐患情形 of a row, a line each: what people decided, then what the rules say with clauses."""
    lines = []
    if one.state.decision:
        lines.append(decided(one.state.decision))
    if one.state.falls_to:
        lines += held(one.state)
    return [*lines, *filter(None, wording.hazards(one.rating).split("\n")), *silent(one)]


def held(state: Standing | Move) -> list[str]:
    """This function will say why a colour still counts that the rules no longer give."""
    then = state.basis
    waits = gettext("规则现评为%s，待另一人确认降级") % words.colour(state.falls_to)
    if then.listed != state.colour:
        return [gettext("原由人工决定，决定已失效"), waits]
    return [gettext("%(day)s评定：%(why)s") % {"day": then.as_of, "why": wording.hazards(opened(then))}, waits]


def silent(one: Listed) -> list[str]:
    """This function will say why no rule gave a colour: what was found that none speaks of, or what is not answered."""
    lines = []
    if one.rating.findings:
        lines.append(gettext("方案未作规定的情形：") + "；".join(finding.says for finding in one.rating.findings))
    if one.rating.colour == "unknown" and not one.rating.at_most and one.rating.ask:
        lines.append(gettext("未答事项：") + words.titles(one.rating.ask))
    return lines


def unnumbered(grounds: Iterable[str]) -> str:
    """This function will join the rules that carry a move, without our ids: 虚假或夸大宣传；不再适用 …."""
    return "；".join(re.sub(r"\b[A-Z]-[a-z]+ ", "", one) for one in grounds)


def decided(decision: Decision) -> str:
    """This function will tell a decision in one line: kind, colour, clause, last day."""
    clause = str(law.cite(decision.clause)) + (gettext("“等”") if decision.kind == "decide" else "")
    return gettext("%(kind)s为%(colour)s（%(clause)s，至%(day)s止）") % {
        "kind": words.said(decision.get_kind_display()), "colour": words.colour(decision.colour), "clause": clause,
        "day": decision.expires_on,
    }  # fmt: skip


def events(moves: Iterable[Move]) -> list[dict[str, Any]]:
    """This function will tell the changes of a colour as ``parts/timeline.html`` takes them."""
    return [
        {"at": move.moved_at, "who": f"{move.moved_by.unit.name} {move.moved_by.title}", "what": _moved(move), "note": _why(move)}
        for move in moves
    ]  # fmt: skip


def _moved(move: Move) -> str:
    now = words.colour(move.colour)
    if not move.was:
        return gettext("首次列为%s") % now
    return f"{words.colour(move.was)} → {now}" if move.was != move.colour else gettext("仍为%s") % now


def _why(move: Move) -> str:
    if move.reason:
        return gettext("确认降级：") + move.reason
    if move.decision:
        return decided(move.decision)
    if move.falls_to:
        return gettext("规则现评为%s，待另一人确认降级") % words.colour(move.falls_to)
    fired = [one["says"] for one in (*move.rating.fired, *move.rating.findings)]
    return "；".join(fired)


def signatures(decision: Decision) -> list[dict[str, Any]]:
    """This function will give who signed what and when, in order."""
    steps = [
        (decision.proposed_at, decision.proposed_by, _("提出"), decision.reason),
        (decision.approved_at, decision.approved_by, _("签字同意"), ""),
        (decision.refused_at, decision.refused_by, _("不同意"), decision.refused_why),
        (decision.ended_at, decision.ended_by, STATES[decision.state], decision.ended_why),
    ]
    return [
        {"at": at, "who": f"{by.unit.name} {by.title}", "what": what, "note": note}
        for at, by, what, note in steps
        if at and by
    ]


def grade(state: Standing | Move, rating: Any) -> Any:
    """This function will give the 等级 of an annex: the rules' own wording, or the colour that people gave or keep."""
    if state.decision is None and not state.falls_to:
        return wording.grade(rating.colour, rating.listed)
    return Tinted(words.colour(state.colour), state.colour)
