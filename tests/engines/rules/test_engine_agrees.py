"""
The engine against the second, independent implementation: random fact sets, bounds by brute force, worse facts, gaps.

``SHOUHU_SOAK=1`` compares 1,000,000 fact sets instead of 100,000.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from random import Random
from typing import Any

import pytest

from shouhu.engines.rules import rulesets
from shouhu.engines.rules.facts import PERSONS, Fact, declared
from shouhu.engines.rules.ratings import Rating, rate, rate_one
from shouhu.engines.rules.rulesets import RuleSet
from shouhu.engines.rules.values import Approximate
from tests.engines.rules import completions, reference
from tests.engines.rules.generate import AS_OF, many
from tests.engines.rules.reference import COLOURS, READINGS, RULE_SETS, is_narrow

SOAK = os.environ.get("SHOUHU_SOAK") == "1"
N_FACT_SETS = 1_000_000 if SOAK else 100_000
CHUNK = 12_500
RANK: dict[str | None, int] = {"red": 3, "orange": 2, "yellow": 1, None: 0}

Record = dict[str, Any]


def load(ruleset: str, reading: reference.Reading = "wide") -> RuleSet:
    """The engine's rule set under a reading of 被投诉举报."""
    return rulesets.load(ruleset, complaint=reading)


def columns(records: Sequence[Record]) -> dict[str, list[Any]]:
    """Records as the columns of a register."""
    return {name: [record.get(name) for record in records] for name in declared()}


def bounds(records: Sequence[Record], rules: RuleSet) -> list[tuple[str | None, str | None]]:
    """The engine's bounds of every record."""
    ratings = rate(columns(records), rules, as_of=AS_OF)
    return list(zip(ratings.at_least, ratings.at_most, strict=True))


def in_short(record: Mapping[str, Any]) -> str:
    """A record without its unknown facts, to be read in a failure."""
    return ", ".join(f"{name}={value!r}" for name, value in record.items() if value is not None)


RULE_IDS = {
    "red:crime": "R-crime", "red:unregistered": "R-unregistered", "red:insolvent": "R-insolvent",
    "red:collapsed": "R-collapsed", "orange:unregistered": "O-unregistered", "orange:irregular": "O-funds",
    "orange:beds": "O-beds", "orange:prosecuted": "O-prosecuted", "orange:complained": "O-complained",
    "orange:blacklisted": "O-blacklisted", "yellow:construction": "Y-facility", "yellow:outlets": "Y-expansion",
    "yellow:changes": "Y-change", "yellow:publicity": "Y-publicity", "yellow:dealings": "Y-related",
}  # fmt: skip
FINDING_IDS = {
    "large_regular": "F-large", "long": "F-months", "promises_return": "F-return", "complained": "F-complaint",
    "not_stable": "F-funds", "publicity": "F-publicity", "dealings": "F-related", "collapsed": "F-collapsed",
    "outlets": "F-expansion", "changes": "F-change",
}  # fmt: skip


def shape(rating: Rating) -> tuple[object, ...]:
    """What of the engine's rating the reference knows as well; findings only where they make the colour."""
    own_track = "own_track" in rating.flags
    findings = {finding.finding for finding in rating.findings} - {"F-kind"}
    return (
        rating.colour,
        rating.at_least,
        rating.at_most,
        sorted(fired.rule for fired in rating.fired),
        sorted(rule.rule for rule in rating.open),
        sorted(findings) if rating.colour == "decide" and not own_track else [],
        own_track,
        "complaint_unverified" in rating.flags,
    )


def expected_shape(result: reference.Result, ruleset: str) -> tuple[object, ...]:
    """The same of the reference's rating, in the engine's ids."""
    persons = {name: f"F-{name}" if is_narrow(ruleset) else "F-institution" for name in ("prosecuted", "blacklisted")}
    return (
        result.colour,
        result.at_least,
        result.at_most,
        sorted(RULE_IDS[label] for label in result.fired),
        sorted(RULE_IDS[label] for label in result.open),
        sorted({{**FINDING_IDS, **persons}[label] for label in result.findings - {"kind"}}),
        result.own_track,
        result.unverified,
    )


def report(differences: Iterable[str]) -> str:
    """The first few differences and how many there are."""
    found = list(differences)
    return f"{len(found)} differences\n" + "\n".join(found[:3])


def test_random_fact_sets_agree() -> None:
    differences = []
    seen: Counter[tuple[str, str]] = Counter()
    for start in range(0, N_FACT_SETS, CHUNK):
        records = list(many(seed=start, count=CHUNK))
        register = columns(records)
        reading = READINGS[start // CHUNK % len(READINGS)]
        for ruleset in RULE_SETS:
            rules = load(ruleset, reading)
            ratings = rate(register, rules, as_of=AS_OF)
            got = zip(ratings.colours, ratings.at_least, ratings.at_most, strict=True)
            for i, (record, three) in enumerate(zip(records, got, strict=True)):
                result = reference.rate(record, ruleset, complaint=reading, as_of=AS_OF)
                seen[ruleset, result.colour] += 1
                if three != (result.colour, result.at_least, result.at_most):
                    differences.append(f"{ruleset} {reading}: engine {three}, reference {result}: {in_short(record)}")
                elif i % 50 == 0 and shape(ratings[i]) != expected_shape(result, ruleset):
                    differences.append(f"{ruleset} {reading}: {ratings[i]}, reference {result}: {in_short(record)}")
    assert not differences, report(differences)
    assert len(seen) == len(RULE_SETS) * 6, "every colour must have come about under every rule set"


@pytest.mark.parametrize("ruleset", RULE_SETS)
def test_bounds_agree_with_every_completion(ruleset: str) -> None:
    differences = []
    looked_at = 0
    for turn, reading in enumerate(READINGS):
        few = (
            record
            for record in many(seed=100 + turn, count=20_000)
            if 1 < completions.n_completions(record, ruleset, complaint=reading, as_of=AS_OF) <= 600
        )
        records = list(islice(few, 250))
        looked_at += len(records)
        for record, got in zip(records, bounds(records, load(ruleset, reading)), strict=True):
            expected = completions.brute_bounds(record, ruleset, complaint=reading, as_of=AS_OF)
            if got != expected:
                differences.append(f"{reading}: engine {got}, completions {expected}: {in_short(record)}")
    assert not differences, report(differences)
    assert looked_at == 1000


@pytest.mark.parametrize("ruleset", RULE_SETS)
def test_one_record_at_a_time_agrees_with_the_batch(ruleset: str) -> None:
    for turn, reading in enumerate(READINGS):
        rules = load(ruleset, reading)
        records = list(many(seed=200 + turn, count=150))
        ratings = rate(columns(records), rules, as_of=AS_OF)
        assert len(ratings) == len(records)
        for record, batch in zip(records, ratings, strict=True):
            known = {name: value for name, value in record.items() if value is not None}
            one = rate_one(known, rules, as_of=AS_OF)
            assert one == batch, in_short(record)
            result = reference.rate(record, ruleset, complaint=reading, as_of=AS_OF)
            assert shape(one) == expected_shape(result, ruleset), in_short(record)


# ------------------------------------------------------------------------------------------------------ worse facts


def worsened(rng: Random, fact: Fact, value: Any) -> Any:
    """A worse value of a fact that carries the mark ``worse``, or the same value if there is none."""
    if fact.type == "yes_no":
        return fact.worse
    if fact.type == "names":
        return value or True
    if fact.type == "choice":
        return list(fact.choices)[0 if fact.worse else 1]
    if fact.type == "persons":
        more = [person for person in rng.sample(PERSONS, 2) if person not in value]
        return value if "未指明" in value else (*value, *more)
    step = rng.choice((0.01, 1, 5, 100, 1000, 1e6)) * (1 if fact.worse else -1)
    if isinstance(value, Approximate):
        return Approximate(value.value, value.qualifier, max(0, value.low + step), max(0, value.high + step))
    return max(0, round(value + step, 2))


# C and D colour only what is registered, and only the stable turn orange there: so their wording has it.
NOT_WORSE_IN_C_AND_D = {"registered", "stable"}


@pytest.mark.parametrize("ruleset", RULE_SETS)
def test_a_worse_fact_never_improves_the_bounds(ruleset: str) -> None:
    rng = Random(3)
    marked = [fact for fact in declared().values() if fact.worse is not None]
    if is_narrow(ruleset):
        marked = [fact for fact in marked if fact.name not in NOT_WORSE_IN_C_AND_D]
    rules = load(ruleset)
    before, after, changed = [], [], []
    for record in many(seed=300, count=12_000):
        fact = rng.choice(marked)
        value = record.get(fact.name)
        if value is not None and (worse := worsened(rng, fact, value)) != value:
            before.append(record)
            after.append({**record, fact.name: worse})
            changed.append(fact.name)
    assert len(before) > 4000
    old, new = bounds(before, rules), bounds(after, rules)
    differences = [
        f"{name}: {in_short(before[i])} -> {after[i][name]!r}: {old[i]} -> {new[i]}"
        for i, name in enumerate(changed)
        if RANK[new[i][0]] < RANK[old[i][0]] or RANK[new[i][1]] < RANK[old[i][1]]
    ]
    assert not differences, report(differences)
    assert any(RANK[a] > RANK[b] for (a, _), (b, _) in zip(new, old, strict=True))


# ---------------------------------------------------------------------------------------------------- missing facts


def settled_elsewhere(record: Record, name: str) -> Any:
    """What another answer says of a fact once it is blank: nothing (None), or 0 or False."""
    if record.get("takes_prepayment") is False and name in reference.NO_PREPAYMENT:
        return reference.NO_PREPAYMENT[name]
    return False if record.get("related_companies") is False and name == "related_dealings" else None


@pytest.mark.parametrize("ruleset", RULE_SETS)
def test_removing_a_fact_never_yields_green(ruleset: str) -> None:
    """
    Two removals leave no gap and are left out: that of the survey date, as a missing one counts as valid (COL-9), and
    that of an answer that contradicts another (a sum beside 不收取预付费), as the other then stands alone.
    """
    rules = load(ruleset)
    records = list(many(seed=400, count=1000))
    colours = rate(columns(records), rules, as_of=AS_OF).colours
    without, removed = [], []
    for record, colour in zip(records, colours, strict=True):
        for name, value in record.items():
            settled = settled_elsewhere(record, name)
            if value is None or name == "surveyed_on" or (settled is not None and value != settled):
                continue
            may_stay = colour == "green" and (name not in reference.NEEDED[ruleset] or settled is not None)
            without.append({**record, name: None})
            removed.append((name, colour, may_stay))
    new = rate(columns(without), rules, as_of=AS_OF).colours
    differences = [
        f"{name} ({colour} -> {result}): {in_short(record)}"
        for record, (name, colour, may_stay), result in zip(without, removed, new, strict=True)
        if result == "green" and not may_stay
    ]
    assert not differences, report(differences)
    assert sum(colour == "green" and not may_stay for _, colour, may_stay in removed) > 500


def test_nothing_known_is_unknown_everywhere() -> None:
    for ruleset in RULE_SETS:
        for reading in READINGS:
            rating = rate_one({}, load(ruleset, reading), as_of=AS_OF)
            assert (rating.colour, rating.at_least, rating.at_most) == ("unknown", None, COLOURS[0])
            assert not rating.fired
