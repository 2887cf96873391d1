"""Whether a condition in words says what a rule of ``engines.rules`` says: the same facts, each held or not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from shouhu.engines.plans.page import Paper
from shouhu.engines.plans.passages import Passage
from shouhu.engines.plans.plan import Colour
from shouhu.engines.plans.thresholds import thresholds
from shouhu.engines.plans.words import words
from shouhu.engines.rules import rulesets

_TOKEN = re.compile(r"\w+ (?:<=|>=|<|>|=) \w+|\w+|[()]")
_OR = re.compile(r"或|、|，|,")


@dataclass(frozen=True)
class Matches:
    """Rules as ``set:rule``."""

    same: tuple[str, ...]
    differing: tuple[str, ...]


@dataclass(frozen=True)
class _Sign:
    name: str
    holds: bool
    start: int
    end: int


def match(condition: str, colour: Colour) -> Matches:
    """
    This function will find the rules that hold exactly when a condition in words does, of every shipped set.

    Alternatives (或, 、) are matched each by itself; one without a rule leaves the whole condition without. ``differing``
    are rules with the same facts under another colour, and rules over the same fact with another figure.
    """
    if colour == "green":
        plain = re.search(r"(?:没有|未)(?:发现)?[^，。]{0,10}(?:风险|隐患|问题)", condition)
        return Matches(tuple(f"{s.id}:green" for s in _sets() if s.green) if plain else (), ())
    alternatives = _alternatives(condition)
    same: list[str] = []
    differing: list[str] = []
    together = {name: holds for facts in alternatives for name, holds in facts.items()}
    for ruleset in _sets():
        whole = [] if "或" in condition else _rules(ruleset, together, condition)
        found = [whole] if whole else [_rules(ruleset, facts, condition) for facts in alternatives]
        if not found or not all(found):
            differing += [f"{ruleset.id}:{name}" for name in _other_figures(ruleset, condition)]
            continue
        for rule in (rule for rules in found for rule in rules):
            (same if rule.colour == colour else differing).append(f"{ruleset.id}:{rule.id}")
    return Matches(tuple(dict.fromkeys(same)), tuple(dict.fromkeys(differing)))


def has_signs(text: str) -> bool:
    """This function will tell whether a text names any fact that rules know."""
    return bool(_signs(text) or _figures(text))


@cache
def _sets() -> tuple[rulesets.RuleSet, ...]:
    return tuple(s for s in map(rulesets.load, rulesets.SHIPPED) if s.scale == "colours")


def _signs(text: str) -> list[_Sign]:
    """The facts that a text names, the longest words first; what they take, others leave."""
    found: list[_Sign] = []
    for name, patterns in words("signs").items():
        for pattern in patterns:
            for hit in re.finditer(pattern, text):
                found.append(_Sign(name.removeprefix("!"), not name.startswith("!"), *hit.span()))
    kept: list[_Sign] = []
    for sign in sorted(found, key=lambda sign: (sign.start - sign.end, sign.start)):
        if not any(other.start < sign.end and sign.start < other.end for other in kept):
            kept.append(sign)
    kept.sort(key=lambda sign: sign.start)
    return [_about(sign, text) for sign in kept]


def _about(sign: _Sign, text: str) -> _Sign:
    """被起诉 of whom: prosecuted_person, prosecuted_head; complained of anybody is complained."""
    if sign.name not in ("prosecuted", "blacklisted"):
        return sign
    named = {who for who, names in words("persons").items() if any(name in text for name in names)}
    who = "person" if "person" in named or not named else "head" if "head" in named else "institution"
    return _Sign(f"{sign.name}_{who}", sign.holds, sign.start, sign.end)


def _alternatives(condition: str) -> list[dict[str, bool]]:
    """The facts of each alternative: 或 and 、 between two facts part them, 且 and 但 do not."""
    alternatives: list[dict[str, bool]] = []
    last: _Sign | None = None
    for sign in _signs(condition):
        between = condition[last.end : sign.start] if last else ""
        if last is None or (_OR.search(between) and not re.search(r"且|但|并|而", between)):
            alternatives.append({})
        alternatives[-1][sign.name] = sign.holds
        last = sign
    return alternatives or ([{}] if _figures(condition) else [])


def _figures(condition: str) -> list[tuple[str, str, Fraction]]:
    """(fact, operator, value) of the bounds in a condition, where the words say which fact is meant."""
    piece = Passage(Paper("", condition, ()), "-", 0, "", "", condition, 0, len(condition))
    found: list[tuple[str, str, Fraction]] = []
    for bound in thresholds((piece,)):
        says = f"{bound.quantity} {bound.unit or ''}"
        for fact, patterns in words("figures").items():
            if any(re.search(pattern, says) for pattern in patterns):
                found.append((fact, bound.operator, Fraction(str(bound.value))))
                break
    return found


def _rules(ruleset: rulesets.RuleSet, facts: dict[str, bool], condition: str) -> list[rulesets.Rule]:
    """The rules that these facts make true and that speak of all of them."""
    known = dict(facts)
    for fact, operator, value in _figures(condition):
        names = [t.name for t in ruleset.thresholds if (t.fact, t.operator, t.value) == (fact, operator, value)]
        if not names:
            return []
        known[names[0]] = True
    if "six_monthly_fees" in known:
        known["large_prepayment"] = known.pop("six_monthly_fees")
    if not known:
        return []
    sure = {"registered": True, **known}
    return [
        rule
        for rule in ruleset.rules
        if set(known) <= set(_TOKEN.findall(rule.when)) and _kleene(rule.when, sure) is True
    ]


def _other_figures(ruleset: rulesets.RuleSet, condition: str) -> list[str]:
    """Thresholds of a set over the same fact with another figure or operator."""
    found = _figures(condition)
    return [
        t.name
        for t in ruleset.thresholds
        for fact, operator, value in found
        if t.fact == fact and (t.operator, t.value) != (operator, value)
    ]


def _kleene(when: str, known: dict[str, bool]) -> bool | None:
    """The truth of a rule's words (AND, OR, NOT, brackets) where only some names are known."""
    tokens = _TOKEN.findall(when)
    at = 0

    def either() -> bool | None:
        nonlocal at
        values = [both()]
        while at < len(tokens) and tokens[at] == "OR":
            at += 1
            values.append(both())
        return True if True in values else None if None in values else False

    def both() -> bool | None:
        nonlocal at
        values = [one()]
        while at < len(tokens) and tokens[at] == "AND":
            at += 1
            values.append(one())
        return False if False in values else None if None in values else True

    def one() -> bool | None:
        nonlocal at
        token = tokens[at]
        at += 1
        if token == "NOT":
            value = one()
            return None if value is None else not value
        if token == "(":
            value = either()
            at += 1
            return value
        return known.get(token)

    return either()
