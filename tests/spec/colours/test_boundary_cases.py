"""Boundary cases of the colours, rule sets side by side

A care home that is registered, charges 3,000 yuan a month, has 100 beds, is solvent and stable, with every question
answered and nothing found; each row changes what it says. A, B, C, D are the plans 001, 002-10, 000-19, 000-8;
"large" is 6 times the monthly fee (002-10) in all of them; "own track" marks what C and D leave out of the colours.
"""

from __future__ import annotations

import pytest

from shouhu.engines.rules import rulesets
from shouhu.engines.rules.ratings import rate_one
from tests.spec.tables import by_row, facts

SPEC = """
    facts                                              | A            | B            | C                | D
    nothing found                                      | green        | green        | green            | green
    publicity unknown                                  | unknown      | unknown      | unknown          | unknown
    5.99x + 5 months + for construction                | green        | green        | green            | green
    6x + for construction                              | yellow       | yellow       | yellow           | yellow
    5x + 6 months + for construction                   | green        | green        | green            | green
    5x + 7 months + for construction                   | green        | yellow       | green            | green
    5x + 7 months                                      | green        | decide       | green            | green
    6x                                                 | decide       | decide       | decide           | decide
    6x + irregular                                     | orange       | orange       | orange           | orange
    6x + irregular + unstable                          | orange       | orange       | decide           | decide
    6x + irregular + assets unknown                    | orange       | orange       | unknown          | unknown
    6x + insolvent                                     | red          | red          | red              | red
    6x + assets = liabilities                          | decide       | decide       | decide           | decide
    6x + for construction + 100 large payers           | yellow       | yellow       | yellow           | yellow
    6x + for construction + 101 large payers           | orange       | orange       | yellow           | yellow
    investor prosecuted                                | orange       | orange       | decide           | decide
    head prosecuted                                    | orange       | orange       | orange           | orange
    somebody prosecuted                                | orange       | orange       | unknown          | unknown
    institution prosecuted                             | decide       | decide       | decide           | decide
    institution blacklisted                            | decide       | decide       | decide           | decide
    complaint against the head                         | orange       | orange       | orange           | orange
    false publicity                                    | yellow       | yellow       | decide           | decide
    related dealings                                   | yellow       | yellow       | decide           | decide
    no related company, dealings blank                 | green        | green        | green            | green
    promised return                                    | decide       | decide       | decide           | decide
    2 outlets                                          | green        | green        | green            | green
    3 outlets                                          | yellow       | yellow       | yellow           | decide
    1 change of representative + 1 change of address   | green        | green        | green            | green
    2 changes of representative                        | yellow       | yellow       | yellow           | decide
    2 changes of address                               | yellow       | yellow       | yellow           | decide
    not registered                                     | orange       | orange       | decide own track | decide own track
    not registered + large                             | red          | red          | decide own track | decide own track
    not registered + large unknown                     | unknown      | unknown      | decide own track | decide own track
    not registered + suspected crime                   | red          | red          | red              | red
    major opinion                                      | red          | red          | decide           | decide
    collapsed                                          | red          | red          | decide           | decide
    collapsed + bad influence                          | red          | red          | red              | red
    false publicity + head prosecuted + suspected crime | red         | red          | red              | red
    not a care home                                    | green        | green        | decide           | decide
    kind unknown                                       | green        | green        | unknown          | unknown
    no prepayment, sums blank                          | green        | green        | green            | green
    5x + large stated + for construction               | yellow       | yellow       | yellow           | yellow
"""
SETS = {"A": "001", "B": "002-10", "C": "000-19", "D": "000-8"}


@pytest.mark.parametrize(**by_row(SPEC))
def test_colour(row: dict[str, str]) -> None:
    for column, ruleset_id in SETS.items():
        rating = rate_one(facts(row["facts"]), rulesets.load(ruleset_id))
        told = rating.colour + (" own track" if "own_track" in rating.flags else "")
        assert told == row[column], (ruleset_id, rating)


def test_a_plan_without_colours_is_shown_and_refuses_to_rate() -> None:
    steps = rulesets.load("003")
    assert len(steps.steps) == 4
    with pytest.raises(rulesets.NotRateable, match="不设颜色"):
        rate_one(facts("nothing found"), steps)
