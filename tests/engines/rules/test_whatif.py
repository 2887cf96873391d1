"""What-ifs: the next question, and the smallest lawful changes that leave a colour, held against trying them out."""

from __future__ import annotations

from itertools import combinations

import pytest

from shouhu.engines.rules import rulesets
from shouhu.engines.rules.facts import declared
from shouhu.engines.rules.ratings import rate_one
from shouhu.engines.rules.record import evaluator
from shouhu.engines.rules.values import Approximate
from shouhu.engines.rules.whatif import MOST_CHANGES, ways_out
from tests.engines.rules.generate import many
from tests.spec.tables import facts, in_order

LEVEL = {None: 0, "yellow": 1, "orange": 2, "red": 3}


def level(record: dict[str, object], ruleset: rulesets.RuleSet) -> int:
    return LEVEL[rate_one(record, ruleset).at_least]


@pytest.mark.parametrize("ruleset_id", ["001", "002-10", "000-19"])
def test_ways_out_are_all_the_smallest_changes_that_work(ruleset_id: str) -> None:
    ruleset = rulesets.load(ruleset_id)
    one = evaluator(ruleset)
    mends = {f.name: f.mend for f in declared().values() if f.mend is not None and f.name in one.program.facts}
    found_some = 0
    for record in many(seed=7, count=60):
        settled = one.settle(record, None)
        base = level(record, ruleset)
        worth = [name for name in mends if settled.get(name) != mends[name]]
        expected: list[tuple[str, ...]] = []
        for size in range(1, MOST_CHANGES + 1) if base else ():
            for names in combinations(worth, size):
                if not any(set(smaller) <= set(names) for smaller in expected):
                    changed = record | {name: mends[name] for name in names}
                    if level(changed, ruleset) < base:
                        expected.append(names)
        assert set(ways_out(one, settled)) == set(expected)
        found_some += bool(expected)
    assert found_some > 3


def test_only_lawful_changes_are_offered() -> None:
    one = evaluator(rulesets.load("001"))
    assert ways_out(one, facts("large + irregular")) == (("max_prepayment",), ("funds_regular",))
    assert ways_out(one, facts("head prosecuted")) == (), "a prosecution is not the institution's to undo"
    assert ways_out(one, facts("nothing found")) == (), "there is no colour to leave"
    assert ways_out(one, facts("not registered + large")) == (("registered",), ("max_prepayment",))


@pytest.mark.parametrize("ruleset_id", ["001", "000-19"])
def test_answering_every_question_leaves_nothing_to_ask(ruleset_id: str) -> None:
    ruleset = rulesets.load(ruleset_id)
    for record in many(seed=11, count=300):
        rating = rate_one(record, ruleset)
        for name in rating.ask:
            held = record.get(name)
            assert held is None or isinstance(held, Approximate) or "未指明" in held, (name, held)
        answered = record | {name: in_order()[name] for name in rating.ask}
        assert rate_one(answered, ruleset).colour != "unknown" or not rating.ask


def test_the_first_question_settles_most() -> None:
    ruleset = rulesets.load("001")
    blank = dict.fromkeys(("takes_prepayment", "large_stated", "max_prepayment", "prepaid_months", "n_large_prepayers"))
    rating = rate_one(in_order() | blank, ruleset)
    assert rating.ask[0] == "takes_prepayment", "否 settles every sum at once"
    rating = rate_one(in_order() | {"suspected_crime": None, "false_publicity": None, "assets": None}, ruleset)
    assert rating.ask[0] == "suspected_crime", "是 makes it red whatever the rest may be"
