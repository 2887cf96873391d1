"""What the specification tests share: a text table read into rows, and a record of which everything is in order."""

from __future__ import annotations

from inspect import cleandoc
from typing import Any

from shouhu.engines.rules.facts import declared

FACT: dict[str, dict[str, Any]] = {
    "not registered": {"registered": "未登记"},
    "large": {"max_prepayment": 18_000, "prepaid_months": 6},
    "5.99x": {"max_prepayment": 17_970},
    "6x": {"max_prepayment": 18_000},
    "5x": {"max_prepayment": 15_000},
    "5 months": {"prepaid_months": 5},
    "6 months": {"prepaid_months": 6},
    "7 months": {"prepaid_months": 7},
    "for construction": {"funds_for_construction": True},
    "irregular": {"funds_regular": False},
    "unstable": {"stable": False},
    "insolvent": {"assets": 100_000, "liabilities": 100_001},
    "assets = liabilities": {"assets": 100_000, "liabilities": 100_000},
    "assets unknown": {"assets": None},
    "fee unknown": {"monthly_fee": None},
    "sum unknown": {"max_prepayment": None},
    "large unknown": {"max_prepayment": None},
    "months unknown": {"prepaid_months": None},
    "registration unknown": {"registered": None},
    "100 large payers": {"n_large_prepayers": 100},
    "101 large payers": {"n_large_prepayers": 101},
    "beds unknown": {"n_beds": None},
    "investor prosecuted": {"prosecuted": ("投资人",)},
    "head prosecuted": {"prosecuted": ("主要负责人",)},
    "somebody prosecuted": {"prosecuted": ("未指明",)},
    "institution prosecuted": {"prosecuted": ("机构",)},
    "institution blacklisted": {"blacklisted": ("机构",)},
    "complaint against the head": {"complained": ("主要负责人",)},
    "complaint against the investor": {"complained": ("投资人",)},
    "complaint against the institution": {"complained": ("机构",)},
    "verified": {"complaint_verified": True},
    "verification unknown": {"complaint_verified": None},
    "suspected crime": {"suspected_crime": True},
    "suspicion unknown": {"suspected_crime": None},
    "false publicity": {"false_publicity": True},
    "publicity unknown": {"false_publicity": None},
    "related dealings": {"related_dealings": True},
    "no related company, dealings blank": {"related_companies": False, "related_dealings": None},
    "promised return": {"promises_return": True},
    "collapsed": {"collapsed": True},
    "bad influence": {"bad_influence": True},
    "major opinion": {"major_opinion": True},
    "2 outlets": {"n_new_outlets_3y": 2},
    "3 outlets": {"n_new_outlets_3y": 3},
    "1 change of representative": {"n_rep_changes_3y": 1},
    "2 changes of representative": {"n_rep_changes_3y": 2},
    "1 change of address": {"n_address_changes_3y": 1},
    "2 changes of address": {"n_address_changes_3y": 2},
    "not a care home": {"kind": "养老服务组织"},
    "kind unknown": {"kind": None},
    "no prepayment, sums blank": {
        "takes_prepayment": False,
        **dict.fromkeys(("large_stated", "max_prepayment", "prepaid_months", "n_large_prepayers")),
    },
    "large stated": {"large_stated": True},
    "nothing found": {},
}
"""What a phrase of a table changes in a record that is in order."""


def in_order() -> dict[str, Any]:
    """This function will give a registered, filed care home with a fee of 3,000 yuan, every question answered, nothing found."""
    record: dict[str, Any] = {}
    for fact in declared().values():
        if fact.type == "yes_no":
            record[fact.name] = fact.worse is False
        elif fact.type == "persons":
            record[fact.name] = ()
        elif fact.is_number:
            record[fact.name] = 0
        else:
            record[fact.name] = None
    known = {"registered": "已登记", "filed": "已备案", "kind": "养老机构", "n_beds": 100, "monthly_fee": 3_000}
    return (
        record
        | known
        | {
            "takes_prepayment": True,
            "stable": True,
            "related_companies": False,
            "assets": 200_000,
            "liabilities": 100_000,
        }
    )


def facts(phrases: str) -> dict[str, Any]:
    """This function will give the record in order with what ``phrases`` (parted by commas or +) change."""
    record = in_order()
    for phrase in phrases.split(" + "):
        record |= FACT[phrase.strip()]
    return record


def rows(table: str) -> list[dict[str, str]]:
    """This function will read a table set off by ``|``: one dict a row, by the titles of the first line."""
    lines = [[cell.strip() for cell in line.split("|")] for line in cleandoc(table).splitlines() if line.strip()]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def by_row(table: str) -> dict[str, Any]:
    """This function will give the arguments of ``parametrize`` for a table, the first column as the test's name."""
    found = rows(table)
    return {"argnames": "row", "argvalues": found, "ids": [next(iter(row.values())) for row in found]}
