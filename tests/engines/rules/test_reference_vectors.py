"""The independent implementation itself: the vectors of the plans' boundary cases, COL-3 … COL-11, bounds by brute force."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from shouhu.engines.rules.values import Approximate
from tests.engines.rules.completions import brute_bounds, n_completions, rate_complete, read_by_rules
from tests.engines.rules.generate import AS_OF, many
from tests.engines.rules.reference import NEEDED, READINGS, RULE_SETS, rate

A, B, C, D = RULE_SETS
FEE = 1000

NOTHING: dict[str, Any] = {
    "registered": "已登记", "kind": "养老机构", "n_beds": 100, "monthly_fee": FEE, "takes_prepayment": True,
    "large_stated": False, "max_prepayment": 0, "prepaid_months": 0, "n_large_prepayers": 0, "funds_regular": True,
    "funds_for_construction": False, "assets": 5_000_000, "liabilities": 1_000_000, "stable": True,
    "n_new_outlets_3y": 0, "n_rep_changes_3y": 0, "n_address_changes_3y": 0, "false_publicity": False,
    "promises_return": False, "related_companies": ("某某公司",), "related_dealings": False, "prosecuted": (),
    "complained": (), "complaint_verified": False, "blacklisted": (), "suspected_crime": False, "collapsed": False,
    "bad_influence": False, "major_opinion": False, "surveyed_on": AS_OF,
}  # fmt: skip
LARGE = {"max_prepayment": 6 * FEE}
BUILDS = {"funds_for_construction": True}
IRREGULAR = {"funds_regular": False}
UNREGISTERED = {"registered": "未登记"}


def facts(*changes: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A record with nothing found, but for the changes."""
    result = dict(NOTHING)
    for change in (*changes, more):
        result.update(change)
    return result


def colours(record: dict[str, Any], **options: Any) -> str:
    """The colours of a record under A, B and C, as a row of the table in section 6a."""
    return " ".join(rate(record, ruleset, as_of=AS_OF, **options).colour for ruleset in (A, B, C))


VECTORS = [
    ("nothing found", facts(), "green green green"),
    ("nothing found, no prepayment, blanks filled",
     facts(takes_prepayment=False, large_stated=None, max_prepayment=None, n_large_prepayers=None, prepaid_months=None),
     "green green green"),
    ("nothing found, another kind", facts(kind="养老服务组织"), "green green decide"),
    ("5.99x, 5 months, construction", facts(BUILDS, max_prepayment=5990, prepaid_months=5), "green green green"),
    ("exactly 6x, mainly for construction", facts(LARGE, BUILDS), "yellow yellow yellow"),
    ("5x, exactly 6 months, construction", facts(BUILDS, max_prepayment=5000, prepaid_months=6), "green green green"),
    ("5x, 7 months, construction", facts(BUILDS, max_prepayment=5000, prepaid_months=7), "green yellow green"),
    ("5x, 7 months, not for construction", facts(max_prepayment=5000, prepaid_months=7), "green decide green"),
    ("6x, regular use, not for construction", facts(LARGE), "decide decide decide"),
    ("6x, irregular use, solvent and stable", facts(LARGE, IRREGULAR), "orange orange orange"),
    ("6x, irregular use, assets unknown", facts(LARGE, IRREGULAR, assets=None), "orange orange unknown"),
    ("6x, irregular use, solvent, not stable", facts(LARGE, IRREGULAR, stable=False), "orange orange decide"),
    ("6x, insolvent", facts(LARGE, liabilities=5_000_001), "red red red"),
    ("6x, insolvent, irregular", facts(LARGE, IRREGULAR, liabilities=5_000_001), "red red red"),
    ("6x, assets = liabilities", facts(LARGE, IRREGULAR, liabilities=5_000_000), "orange orange orange"),
    ("100 large payers, 100 beds", facts(LARGE, BUILDS, n_large_prepayers=100), "yellow yellow yellow"),
    ("101 large payers, 100 beds", facts(LARGE, BUILDS, n_large_prepayers=101), "orange orange yellow"),
    ("investor prosecuted", facts(prosecuted=("投资人",)), "orange orange decide"),
    ("head prosecuted", facts(prosecuted=("主要负责人",)), "orange orange orange"),
    ("somebody prosecuted", facts(prosecuted=("未指明",)), "orange orange unknown"),
    ("institution blacklisted", facts(blacklisted=("机构",)), "decide decide decide"),
    ("complaint against the head", facts(complained=("主要负责人",)), "orange orange orange"),
    ("false publicity only", facts(false_publicity=True), "yellow yellow decide"),
    ("related dealings only", facts(related_dealings=True), "yellow yellow decide"),
    ("no related company, dealings blank", facts(related_companies=False, related_dealings=None), "green green green"),
    ("related company, dealings blank", facts(related_dealings=None), "unknown unknown unknown"),
    ("promised return only", facts(promises_return=True), "decide decide decide"),
    ("3 outlets", facts(n_new_outlets_3y=3), "yellow yellow yellow"),
    ("2 outlets", facts(n_new_outlets_3y=2), "green green green"),
    ("2 changes of the representative", facts(n_rep_changes_3y=2), "yellow yellow yellow"),
    ("1 change of each", facts(n_rep_changes_3y=1, n_address_changes_3y=1), "green green green"),
    ("unregistered, no large", facts(UNREGISTERED), "orange orange decide"),
    ("unregistered, large", facts(UNREGISTERED, LARGE), "red red decide"),
    ("unregistered, large unknown", facts(UNREGISTERED, max_prepayment=None), "unknown unknown decide"),
    ("unregistered, suspected crime", facts(UNREGISTERED, suspected_crime=True), "red red red"),
    ("major opinion without a collapse", facts(major_opinion=True), "red red decide"),
    ("a collapse alone", facts(collapsed=True), "red red decide"),
    ("a collapse with bad influence", facts(collapsed=True, bad_influence=True), "red red red"),
    ("yellow, orange and red together",
     facts(LARGE, BUILDS, IRREGULAR, n_new_outlets_3y=5, prosecuted=("主要负责人",), suspected_crime=True),
     "red red red"),
    ("fee 0, no prepayment", facts(monthly_fee=0), "green green green"),
    ("fee 0, some prepayment", facts(monthly_fee=0, max_prepayment=1), "decide decide decide"),
    ("stated large, computed small", facts(large_stated=True, max_prepayment=100), "decide decide decide"),
    ("stated small, computed large", facts(LARGE, BUILDS, large_stated=False), "yellow yellow yellow"),
    ("six fees in fen", facts(BUILDS, monthly_fee=0.92, max_prepayment=5.52), "yellow yellow yellow"),
    ("a fen below six fees", facts(BUILDS, monthly_fee=0.92, max_prepayment=5.51), "green green green"),
    ("30余 beds, 30 payers", facts(n_beds=Approximate(30, "余", 31, 39), n_large_prepayers=30), "green green green"),
    ("30余 beds, 40 payers", facts(n_beds=Approximate(30, "余", 31, 39), n_large_prepayers=40), "orange orange green"),
    ("30余 beds, 35 payers", facts(n_beds=Approximate(30, "余", 31, 39), n_large_prepayers=35),
     "unknown unknown green"),
    ("prepayment astride six fees", facts(max_prepayment=Approximate(None, "至", 5000, 7000)),
     "unknown unknown unknown"),
    ("six fees of the lowest in a range", facts(LARGE, monthly_fee=Approximate(None, "至", 1000, 2000)),
     "unknown unknown unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("record", "expected"), [v[1:] for v in VECTORS], ids=[v[0] for v in VECTORS])
def test_vectors(record: dict[str, Any], expected: str) -> None:
    assert colours(record) == expected


@pytest.mark.parametrize("ruleset", RULE_SETS)
def test_one_focus_item_unanswered_is_unknown(ruleset: str) -> None:
    assert rate(facts(), ruleset).colour == "green"
    for name in NEEDED[ruleset]:
        assert rate(facts({name: None}), ruleset).colour == "unknown", name


@pytest.mark.parametrize("ruleset", RULE_SETS)
def test_what_no_rule_and_no_finding_uses_is_not_needed(ruleset: str) -> None:
    for name in set(NOTHING) - set(NEEDED[ruleset]):
        assert rate(facts({name: None}), ruleset).colour == "green", name


def test_orange_with_the_red_rule_left_open() -> None:
    record = facts(LARGE, IRREGULAR, assets=None)
    for ruleset in (A, B):
        result = rate(record, ruleset)
        assert set(result.fired) == {"orange:irregular"}
        assert (result.at_least, result.at_most) == ("orange", "red")
    result = rate(record, C)
    assert not result.fired
    assert (result.at_least, result.at_most) == ("orange", "red")


def test_unregistered_with_large_unknown_is_at_least_orange() -> None:
    record = facts(UNREGISTERED, max_prepayment=None)
    for ruleset in (A, B):
        result = rate(record, ruleset)
        assert (result.colour, result.at_least, result.at_most) == ("unknown", "orange", "red")
    for ruleset in (C, D):
        result = rate(record, ruleset)
        assert (result.colour, result.own_track, result.at_least, result.at_most) == ("decide", True, None, None)
        result = rate(facts(record, suspected_crime=None), ruleset)
        assert (result.colour, result.own_track, result.at_least, result.at_most) == ("decide", True, None, "red")
        result = rate(facts(record, suspected_crime=True), ruleset)
        assert (result.colour, result.own_track, result.at_least, result.at_most) == ("red", False, "red", "red")


def test_assets_cannot_fall_below_zero() -> None:
    result = rate(facts(LARGE, assets=None, liabilities=0), A)
    assert (result.colour, result.at_least, result.at_most) == ("unknown", None, None)


def test_d_speaks_of_neither_outlets_nor_changes() -> None:
    assert rate(facts(n_new_outlets_3y=3), D).colour == "decide"
    assert rate(facts(n_address_changes_3y=2), D).colour == "decide"
    assert rate(facts(LARGE, BUILDS), D).colour == "yellow"


@pytest.mark.parametrize(
    ("complained", "verified", "expected"),
    [  # wide, persons, crime, verified: in A; then in C
        (("主要负责人",), False, "orange orange decide green | orange orange decide green"),
        (("主要负责人",), True, "orange orange decide orange | orange orange decide orange"),
        (("投资人",), False, "orange orange decide green | orange decide decide green"),
        (("机构",), True, "orange decide decide orange | orange decide decide orange"),
        (("未指明",), None, "orange orange decide unknown | orange unknown decide unknown"),
        ((), None, "green green green green | green green green green"),
        (None, False, "unknown unknown unknown unknown | unknown unknown unknown unknown"),
    ],
)
def test_readings_of_a_complaint(complained: tuple[str, ...] | None, verified: bool | None, expected: str) -> None:
    record = facts(complained=complained, complaint_verified=verified)
    rows = [[rate(record, ruleset, complaint=reading).colour for reading in READINGS] for ruleset in (A, C)]
    assert " | ".join(" ".join(row) for row in rows) == expected
    assert rate(record, A).unverified == (bool(complained) and not verified)


@pytest.mark.parametrize("ruleset", RULE_SETS)
@pytest.mark.parametrize(
    ("surveyed", "as_of", "valid"),
    [
        (AS_OF - timedelta(days=180), AS_OF, True),
        (AS_OF - timedelta(days=181), AS_OF, False),
        (AS_OF + timedelta(days=30), AS_OF, True),
        (None, AS_OF, True),
        (AS_OF - timedelta(days=181), None, True),
    ],
)
def test_an_answer_is_valid_180_days(ruleset: str, surveyed: date | None, as_of: date | None, valid: bool) -> None:
    clean = rate(facts(surveyed_on=surveyed), ruleset, as_of=as_of)
    assert clean.colour == ("green" if valid else "unknown")
    crime = rate(facts(surveyed_on=surveyed, suspected_crime=True), ruleset, as_of=as_of)
    assert (crime.colour, crime.at_least, crime.at_most) == (("red",) * 3 if valid else ("unknown", None, "red"))


def test_bounds_agree_with_every_completion() -> None:
    looked_at = 0
    for i, record in enumerate(many(seed=6, count=8000)):
        ruleset, reading = RULE_SETS[i % 4], READINGS[i // 4 % 4]
        if 1 < n_completions(record, ruleset, complaint=reading, as_of=AS_OF) <= 1000:
            looked_at += 1
            result = rate(record, ruleset, complaint=reading, as_of=AS_OF)
            expected = brute_bounds(record, ruleset, complaint=reading, as_of=AS_OF)
            assert (result.at_least, result.at_most) == expected, record
    assert looked_at > 3000


def test_a_complete_record_has_the_colour_of_its_only_completion() -> None:
    complete = 0
    for record in many(seed=7, count=4000):
        for ruleset in RULE_SETS:
            for reading in READINGS:
                names = read_by_rules(ruleset, reading)
                if any(record[n] is None or isinstance(record[n], Approximate) for n in names):
                    continue
                if any("未指明" in record[n] for n in ("prosecuted", "complained", "blacklisted")):
                    continue
                complete += 1
                colour = rate_complete(record, ruleset, complaint=reading)
                result = rate(record, ruleset, complaint=reading)
                assert (result.at_least, result.at_most) == (colour, colour)
                assert result.colour == colour or (colour is None and result.colour in ("green", "decide", "unknown"))
    assert complete > 5000
