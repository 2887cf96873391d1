"""The referee's brute force: every completion of a record with gaps, each rated by plain two-valued logic."""

from __future__ import annotations

from datetime import date
from itertools import product
from math import inf, prod
from typing import Any

from tests.engines.rules.reference import (
    EVERYONE,
    NATURAL,
    NEEDED,
    NUMBERS,
    PERSONS,
    Completion,
    Facts,
    answers,
    is_narrow,
    six_times_or_more,
    span,
)  # fmt: skip


def rate_complete(facts: Facts, ruleset: str, *, complaint: str = "wide") -> str | None:
    """This function will give the worst colour that fires for facts all of which are known exactly."""
    f = facts
    narrow = is_narrow(ruleset)
    unregistered = f["registered"] == "未登记"
    large = f["large_stated"] or (f["max_prepayment"] > 0 and six_times_or_more(f["max_prepayment"], f["monthly_fee"]))
    insolvent = f["assets"] < f["liabilities"]

    # red
    if f["suspected_crime"]:
        return "red"
    if large and insolvent:
        return "red"
    if narrow:
        if f["collapsed"] and (f["bad_influence"] or f["major_opinion"]):
            return "red"
        if unregistered:
            return None
    else:
        if f["collapsed"] or f["bad_influence"] or f["major_opinion"]:
            return "red"
        if unregistered:
            return "red" if large else "orange"

    # orange, registered ones only from here on
    for person in ("主要负责人",) if narrow else ("投资人", "法定代表人", "主要负责人"):
        if person in f["prosecuted"] or person in f["blacklisted"]:
            return "orange"
        if complaint == "persons" and person in f["complained"]:
            return "orange"
    # under "crime" a complaint adds nothing: wherever it counts, the suspected crime has made red already
    if complaint == "wide" and len(f["complained"]) > 0:
        return "orange"
    if complaint == "verified" and len(f["complained"]) > 0 and f["complaint_verified"]:
        return "orange"
    if large and not f["funds_regular"] and (not narrow or f["stable"]):
        return "orange"
    if not narrow and f["n_large_prepayers"] > f["n_beds"]:
        return "orange"

    # yellow
    if large and f["funds_for_construction"]:
        return "yellow"
    if ruleset == "002-10" and f["prepaid_months"] > 6 and f["funds_for_construction"]:
        return "yellow"
    if not narrow and (f["false_publicity"] or f["related_dealings"]):
        return "yellow"
    if ruleset != "000-8":
        if f["n_new_outlets_3y"] >= 3:
            return "yellow"
        if f["n_rep_changes_3y"] >= 2 or f["n_address_changes_3y"] >= 2:
            return "yellow"
    return None


NOT_OF_THE_RULES = {"promises_return", "kind"}
NOT_OF_THE_NARROW = {"false_publicity", "related_dealings"}
NOT_OF_D = {"n_new_outlets_3y", "n_rep_changes_3y", "n_address_changes_3y"}
THRESHOLDS = {
    "prepaid_months": 6, "n_new_outlets_3y": 3, "n_rep_changes_3y": 2, "n_address_changes_3y": 2, "max_prepayment": 0,
}  # fmt: skip
COMPARED = (("liabilities", "assets", 1), ("n_large_prepayers", "n_beds", 1), ("max_prepayment", "monthly_fee", 6))


def read_by_rules(ruleset: str, complaint: str) -> list[str]:
    """The names of the facts that the rules of a set (not its findings) look at."""
    left_out = set(NOT_OF_THE_RULES)
    if is_narrow(ruleset):
        left_out |= NOT_OF_THE_NARROW
    if ruleset == "000-8":
        left_out |= NOT_OF_D
    names = [name for name in NEEDED[ruleset] if name not in left_out]
    return [*names, "complaint_verified"] if complaint == "verified" else names


def _numbers(known: Facts, name: str) -> list[float]:
    """Values of a number that between them decide each of its comparisons both ways wherever that can happen."""
    low, high = span(known.get(name))
    if low == high:
        return [low]
    marks = {0.0, 1.0, 1e9, float(THRESHOLDS.get(name, 0))}
    for left, right, factor in COMPARED:
        if name == left:
            marks.update(factor * end for end in span(known.get(right)) if end < inf)
        if name == right:
            marks.update(end / factor for end in span(known.get(left)) if end < inf)
    near = {mark + step for mark in marks for step in (-1, 0, 1)} | {low, high}
    if name == "monthly_fee":
        near |= {0.001, 1e8}  # far below and far above a sixth of the marks of the prepayment
    return sorted(value for value in near if low <= value <= high and value < inf)


def _candidates(known: Facts, name: str) -> list[Any]:
    if name in NUMBERS:
        return _numbers(known, name)
    value = known.get(name)
    if name in PERSONS:
        if value is not None and "未指明" not in value:
            return [value]
        subsets = [
            tuple(person for person, chosen in zip(EVERYONE, bits, strict=True) if chosen)
            for bits in product((False, True), repeat=len(EVERYONE))
        ]
        if value is None:
            return subsets
        named = set(value) - {"未指明"}
        return [s for s in subsets if named <= set(s) and set(s) & set(NATURAL)]
    if value is not None:
        return [value]
    return ["已登记", "未登记"] if name == "registered" else [False, True]


def n_completions(facts: Facts, ruleset: str, *, complaint: str = "wide", as_of: date | None = None) -> int:
    """This function will give how many completions ``brute_bounds`` would look at."""
    known = answers(facts, as_of)
    return prod(len(_candidates(known, name)) for name in read_by_rules(ruleset, complaint))


def brute_bounds(
    facts: Facts, ruleset: str, *, complaint: str = "wide", as_of: date | None = None
) -> tuple[str | None, str | None]:
    """This function will give (at_least, at_most) by rating every completion of what is not known exactly."""
    known = answers(facts, as_of)
    names = read_by_rules(ruleset, complaint)
    rank: dict[str | None, int] = {"red": 3, "orange": 2, "yellow": 1, None: 0}
    reached = set()
    for values in product(*(_candidates(known, name) for name in names)):
        completion: Completion = dict(zip(names, values, strict=True))
        reached.add(rate_complete(completion, ruleset, complaint=complaint))
    return min(reached, key=rank.__getitem__), max(reached, key=rank.__getitem__)
