"""What is not known: bounds, and the next question

`at least` is what every way of filling the gaps reaches, `at most` what some way reaches, of proven colours only
(- is none). The next question is the one of whose answers most settle the colour. Plan 001.
"""

from __future__ import annotations

import pytest

from shouhu.engines.rules import rulesets
from shouhu.engines.rules.ratings import rate, rate_one
from tests.spec.tables import by_row, facts

SPEC = """
    facts                                              | colour  | at least | at most | open                                      | ask
    publicity unknown                                  | unknown | -        | yellow  | Y-publicity                               | false_publicity
    not registered + large unknown                     | unknown | orange   | red     | R-unregistered, O-unregistered            | max_prepayment
    6x + irregular + assets unknown                    | orange  | orange   | red     | R-insolvent                               | assets
    registration unknown                               | unknown | -        | orange  | O-unregistered                            | registered
    registration unknown + large                       | unknown | -        | red     | R-unregistered                            | registered
    fee unknown                                        | unknown | -        | -       | -                                         | monthly_fee
    5x + fee unknown                                   | unknown | -        | -       | -                                         | monthly_fee
    5x + fee unknown + for construction                | unknown | -        | yellow  | Y-facility                                | monthly_fee
    large + fee unknown + for construction             | unknown | -        | yellow  | Y-facility                                | monthly_fee
    101 large payers + beds unknown                    | unknown | -        | orange  | O-beds                                    | n_beds
    beds unknown                                       | unknown | -        | -       | -                                         | n_beds
    suspected crime + publicity unknown                | red     | red      | red     | Y-publicity                               | -
"""


@pytest.mark.parametrize(**by_row(SPEC))
def test_bounds(row: dict[str, str]) -> None:
    record = facts(row["facts"])
    rating = rate_one(record, rulesets.load("001"))
    told = {
        "colour": rating.colour,
        "at least": rating.at_least or "-",
        "at most": rating.at_most or "-",
        "open": ", ".join(o.rule for o in rating.open) or "-",
        "ask": next(iter(rating.ask), "-"),
    }
    assert told == {key: row[key] for key in told}
    assert rate({name: [value] for name, value in record.items()}, rulesets.load("001"), engine="polars")[0] == rating
