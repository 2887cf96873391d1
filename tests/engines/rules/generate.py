"""Random fact sets that sit on the boundaries of the rules on purpose; the same seed gives the same sets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from shouhu.engines.rules.values import Approximate

AS_OF = date(2022, 9, 30)
"""The day that the survey dates are made for; rate with ``as_of=AS_OF``."""

SHARES = (0.0, 0.0, 0.0, 0.01, 0.03, 0.1, 0.4, 0.9)
"""Shares of unknown facts to go through, so that every colour comes about and so do wide bounds."""

# How often a record's risk answers are bad: mostly hardly ever, or every record would be red.
TROUBLE = (0.0, 0.0, 0.0, 0.0, 0.01, 0.03, 0.08, 0.2, 0.6)

SURVEYED = (
    *[AS_OF - timedelta(days=days) for days in (0, 1, 90, 179, 180)] * 4,
    *[None] * 4,
    AS_OF - timedelta(days=181),
    AS_OF - timedelta(days=2000),
    AS_OF + timedelta(days=1),
)
FEES = (
    0, 1, 1000, 1000, 2000, 2500.5, 3333.33, 1980.92, 0.15, 0.92, 1357.91, 1e6,
    Approximate(None, "至", 1800, 4500), Approximate(30, "余", 31, 39), Approximate(2000, "约", 1800, 2200),
    Approximate(None, "至", 0, 500),
)  # fmt: skip
# Multiples of the fee as (times, added yuan): most of them below six, several exactly on it.
TIMES = (
    (0, 0), (0, 0), (0, 0), (0, 0), (1, 0), (5, 0), (5, 0), (5.99, 0), (5.99, 0), (6, -0.01), (6, 0), (6, 0), (6, 0.01),
    (6.01, 0), (7, 0), (12, 0), (0, 0.01),
)  # fmt: skip
MONTHS = (
    0, 0, 1, 5, 6, 6, 7, 6.5, 12, Approximate(6, "约", 5.4, 6.6), Approximate(None, "至", 3, 6),
    Approximate(None, "至", 6, 12), Approximate(None, "至", 7, 12), Approximate(10, "余", 11, 19),
)  # fmt: skip
BEDS = (0, 1, 30, 99, 100, 100, 101, 500, Approximate(30, "余", 31, 39), Approximate(100, "近", 91, 100))
PAYERS = (
    0, 0, 0, 0, 0, 1, 30, 31, 39, 99, 100, 100, 101, 500, Approximate(30, "余", 31, 39),
    Approximate(100, "近", 91, 100), Approximate(100, "余", 101, 199), Approximate(100, "约", 90, 110),
)  # fmt: skip
FEW_OUTLETS = (0, 0, 0, 1, 2, 2, Approximate(None, "至", 1, 2))
MANY_OUTLETS = (
    2, 3, 3, 4, 30, Approximate(None, "至", 2, 3), Approximate(None, "至", 3, 5), Approximate(10, "余", 11, 19),
)  # fmt: skip
FEW_CHANGES = (0, 0, 0, 1, 1, Approximate(None, "至", 0, 1))
MANY_CHANGES = (1, 2, 2, 3, Approximate(None, "至", 1, 2), Approximate(None, "至", 2, 3), Approximate(None, "至", 0, 4))
ASSETS = (
    0, 1, 100, 1_000_000, 1_000_000, 1_000_000.01, 5_000_000, 9e9, Approximate(1_000_000, "约", 900_000, 1_100_000),
    Approximate(None, "至", 1_000_000, 2_000_000), Approximate(9e8, "余", 9.1e8, 9.9e8),
)  # fmt: skip
DEBTS = (
    0, 0, 0, 0, 0, 1, 1_000_000, 1_000_000, 1_000_000.01, 999_999.99, 5_000_000, 9e9,
    Approximate(1_000_000, "近", 910_000, 1_000_000), Approximate(1_000_000, "余", 1_000_001, 1_999_999),
    Approximate(1_000_000, "约", 900_000, 1_100_000),
)  # fmt: skip
SOMEBODY = (
    ("投资人",), ("法定代表人",), ("主要负责人",), ("机构",), ("机构",), ("未指明",), ("未指明",),
    ("投资人", "法定代表人"), ("法定代表人", "主要负责人"), ("投资人", "法定代表人", "主要负责人"), ("投资人", "机构"),
    ("投资人", "法定代表人", "主要负责人", "机构"),
)  # fmt: skip
KINDS = (
    *["养老机构"] * 6,
    "镇街居家养老服务中心", "村(社区)居家养老服务照料中心", "养老服务组织", "社区养老服务机构", "其他场所",
)  # fmt: skip
OPERATIONS = ("公办", "公建民营", "民办")
FILLED_BY_NO_PREPAYMENT = (
    "large_stated", "max_prepayment", "prepaid_months", "prepaid_total", "n_prepayers", "n_large_prepayers",
)  # fmt: skip


def _prepayment(rng: Random, fee: Any) -> Any:
    """A highest single prepayment that lies below, on, above or astride six monthly fees."""
    times, added = TIMES[int(rng.random() * len(TIMES))]
    if isinstance(fee, Approximate):
        low, high = fee.low, fee.high
        fee = (low, high, (low + high) / 2)[int(rng.random() * 3)]
    exact = max(0, round(times * fee + added, 2))
    kind = rng.random()
    if kind < 0.9:
        return exact
    if kind < 0.94:
        return Approximate(None, "至", round(exact * 0.5, 2), exact)
    if kind < 0.97:
        return Approximate(None, "至", exact, exact + 1000)
    return Approximate(exact, "约", round(exact * 0.9, 2), round(exact * 1.1, 2))


def random_facts(rng: Random, unknown_share: float) -> dict[str, Any]:
    """
    This function will give the facts of one record by their declared names.

    ``unknown_share`` is the share of facts, from 0 to 1, that are not known (None). Facts that no rule can read
    (names, addresses, …) are left out.
    """
    random = rng.random
    trouble = TROUBLE[int(random() * len(TROUBLE))]
    fee = FEES[int(random() * len(FEES))]
    takes = random() < 0.6
    prepaid = takes or random() < 0.2
    outlets = MANY_OUTLETS if random() < trouble else FEW_OUTLETS
    reps = MANY_CHANGES if random() < trouble else FEW_CHANGES
    addresses = MANY_CHANGES if random() < trouble else FEW_CHANGES
    complained = SOMEBODY[int(random() * len(SOMEBODY))] if random() < trouble else ()
    related = ("某某公司",) if random() < 0.1 else random() < 0.4
    facts: dict[str, Any] = {
        "registered": "已登记" if random() < 0.85 else "未登记",
        "filed": "已备案" if random() < 0.8 else "未备案",
        "kind": KINDS[int(random() * len(KINDS))],
        "operation": OPERATIONS[int(random() * len(OPERATIONS))],
        "n_beds": BEDS[int(random() * len(BEDS))],
        "n_residents": BEDS[int(random() * len(BEDS))],
        "monthly_fee": fee,
        "takes_prepayment": takes,
        "large_stated": random() < trouble,
        "max_prepayment": _prepayment(rng, fee) if prepaid else 0,
        "prepaid_months": MONTHS[int(random() * len(MONTHS))] if prepaid else 0,
        "prepaid_total": 100_000 if prepaid else 0,
        "n_prepayers": PAYERS[int(random() * len(PAYERS))] if prepaid else 0,
        "n_large_prepayers": PAYERS[int(random() * len(PAYERS))] if prepaid and random() < 0.1 + trouble else 0,
        "funds_regular": random() > trouble,
        "funds_for_construction": random() < 0.4,
        "assets": ASSETS[int(random() * len(ASSETS))],
        "liabilities": DEBTS[int(random() * len(DEBTS))],
        "stable": random() > trouble,
        "n_new_outlets_3y": outlets[int(random() * len(outlets))],
        "n_rep_changes_3y": reps[int(random() * len(reps))],
        "n_address_changes_3y": addresses[int(random() * len(addresses))],
        "false_publicity": random() < trouble,
        "promises_return": random() < trouble,
        "related_companies": related,
        "related_dealings": random() < trouble,
        "prosecuted": SOMEBODY[int(random() * len(SOMEBODY))] if random() < trouble else (),
        "complained": complained,
        "complaint_verified": random() < 0.5 if complained else (False if random() < 0.8 else None),
        "blacklisted": SOMEBODY[int(random() * len(SOMEBODY))] if random() < trouble else (),
        "suspected_crime": random() < trouble / 2,
        "collapsed": random() < trouble / 2,
        "bad_influence": random() < trouble / 2,
        "major_opinion": random() < trouble / 2,
        "surveyed_on": SURVEYED[int(random() * len(SURVEYED))],
    }
    if not takes and random() < 0.5:
        for name in FILLED_BY_NO_PREPAYMENT:
            if random() < 0.8:
                facts[name] = None
    if related is False and random() < 0.5:
        facts["related_dealings"] = None
    if unknown_share:
        for name in facts:
            if random() < unknown_share:
                facts[name] = None
    return facts


def many(seed: int, count: int) -> Iterator[dict[str, Any]]:
    """This function will give ``count`` fact sets, going through all shares of unknown facts in turn."""
    rng = Random(seed)
    for i in range(count):
        yield random_facts(rng, SHARES[i % len(SHARES)])
