"""The reading of 被投诉举报

A switch of the rule set: wide counts any filed complaint, persons only those about the persons that the plan names,
crime only those about an economic crime of theirs, verified only what was found true. A complaint that is not verified
is flagged (!). Plan A is 001, C is 000-19, whose persons are the head alone.
"""

from __future__ import annotations

from typing import get_args

import pytest

from shouhu.engines.rules import rulesets
from shouhu.engines.rules.ratings import rate_one
from tests.spec.tables import by_row, facts

SPEC = """
    facts                                              | plan | wide     | persons   | crime     | verified
    complaint against the head                         | A    | orange ! | orange !  | decide !  | green !
    complaint against the head + verified              | A    | orange   | orange    | decide    | orange
    complaint against the head + verification unknown  | A    | orange ! | orange !  | decide !  | unknown !
    complaint against the head + suspicion unknown     | A    | orange ! | orange !  | unknown ! | unknown !
    complaint against the investor                     | A    | orange ! | orange !  | decide !  | green !
    complaint against the institution                  | A    | orange ! | decide !  | decide !  | green !
    complaint against the head                         | C    | orange ! | orange !  | decide !  | green !
    complaint against the investor                     | C    | orange ! | decide !  | decide !  | green !
"""
SETS = {"A": "001", "C": "000-19"}


@pytest.mark.parametrize(**by_row(SPEC))
def test_reading(row: dict[str, str]) -> None:
    for reading in get_args(rulesets.Complaint):
        rating = rate_one(facts(row["facts"]), rulesets.load(SETS[row["plan"]], complaint=reading))
        flag = " !" if "complaint_unverified" in rating.flags else ""
        assert rating.colour + flag == row[reading], (reading, rating)
