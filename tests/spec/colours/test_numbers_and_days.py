"""Approximate numbers, and answers that have grown old

A number read with a qualifier is an interval; a rule is settled only where the whole interval is on one side. An
answer is valid for 180 days; older ones count as unknown, and a missing day of survey counts as valid and is flagged.
Plan 001, a fee of 3,000 yuan, as of 2022-10-01.
"""

from __future__ import annotations

from datetime import date

import pytest

from shouhu.engines.rules import rulesets
from shouhu.engines.rules.ratings import rate, rate_one
from shouhu.engines.rules.values import Approximate
from tests.spec.tables import by_row, in_order

SPEC_NUMBERS = """
    new outlets in three years | low | high | colour
    2                          | 2   | 2    | green
    3                          | 3   | 3    | yellow
    2余                        | 2   | 3    | unknown
    约4                        | 3.6 | 4.4  | yellow
    1-2                        | 1   | 2    | green
"""
SPEC_DAYS = """
    day of survey | colour  | flags
    2022-10-01    | green   | -
    2022-04-04    | green   | -
    2022-04-03    | unknown | survey_expired
    -             | green   | survey_undated
"""


@pytest.mark.parametrize(**by_row(SPEC_NUMBERS))
def test_an_interval_settles_only_on_one_side(row: dict[str, str]) -> None:
    number = Approximate(None, "至", float(row["low"]), float(row["high"]))
    record = in_order() | {"n_new_outlets_3y": number}
    assert rate_one(record, rulesets.load("001")).colour == row["colour"]


@pytest.mark.parametrize(**by_row(SPEC_DAYS))
def test_an_answer_is_valid_for_180_days(row: dict[str, str]) -> None:
    day = None if row["day of survey"] == "-" else date.fromisoformat(row["day of survey"])
    record = in_order() | {"surveyed_on": day}
    rating = rate_one(record, rulesets.load("001"), as_of=date(2022, 10, 1))
    assert (rating.colour, ", ".join(rating.flags) or "-") == (row["colour"], row["flags"])
    columns = {name: [value] for name, value in record.items()}
    assert rate(columns, rulesets.load("001"), as_of=date(2022, 10, 1), engine="polars")[0] == rating
