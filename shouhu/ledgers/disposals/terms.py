"""Days, proofs and powers as the room's data files give them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

PROOFS = {
    "evidence": "佐证材料", "talk": "约谈记录", "order": "责令文书", "referral": "送达回执", "refund": "清退台账",
    "answer": "办理结果",
}  # fmt: skip
"""What proves that a measure was taken."""
TOO_LOW = ("township", "neighbourhood", "grid")
"""Levels that sign no order: prompting, urging and helping is theirs."""


@dataclass(frozen=True)
class Term:
    """How many worked days a measure may take, and what proves it."""

    n_days: int
    proof: str
    mark: str


@dataclass(frozen=True)
class Power:
    """Which kinds of units may sign an order by an article, and how to call them."""

    clause: str
    kinds: tuple[str, ...]
    says: str


@cache
def terms() -> dict[str, Term]:
    """This function will give the term of every measure by the measure's id."""
    rows = _read("terms.yaml")
    return {measure: Term(row["n_days"], row["proof"], row["mark"]) for row in rows for measure in row["for"]}


@cache
def powers() -> dict[str, Power]:
    """This function will give the articles by which orders may be issued."""
    return {row["clause"]: Power(row["clause"], tuple(row["kinds"]), row["says"]) for row in _read("powers.yaml")}


def _read(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = yaml.safe_load((files(__package__) / name).read_text("utf-8"))
    return rows
