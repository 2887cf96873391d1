"""What people of the invented district told about fraud in three months, and what came of it; the texts are in ``tips.yaml``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import time
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from shouhu.demo import stories

ABOUT: Mapping[str, tuple[str, ...]] = {
    "publicity": ("夸大宣传",),
    "prepaid": ("资金使用不规范", "资金使用不规范，资产不明", "大额预付费弥补设施建设", "自称非大额而实为大额", "大额预付费，负债不明"),
    "shaky": ("资金使用不规范且不平稳", "资不抵债", "爆雷", "大额预付费人数超过床位"),
    "promise": ("承诺投资回报", "涉嫌非法集资", "多项风险并存"),
    "chain": (stories.CHAIN,),
    "small": (stories.SMALL_PREPAYMENT, stories.LONG_PREPAYMENT),
    "calm": (stories.CALM, stories.RELATED_ONLY),
    "site": ("未登记，无大额预付费", "未登记，收取大额预付费", "未登记，大额预付费不明"),
}  # fmt: skip
"""What a tip is about: the stories of the institutions that it may mean."""


@dataclass(frozen=True)
class Finding:
    """
    What a verification found; ``changes`` by the names of facts.

    How many were concerned, and how many yuan came back, lie between two numbers; {n} and {sum} in the texts are what is drawn.
    """

    outcome: str
    facts: str
    evidence: str
    basis: tuple[str, ...]
    changes: Mapping[str, Any]
    answer: str
    persons: tuple[int, int] | None = None
    recovered: tuple[int, int] | None = None


@dataclass(frozen=True)
class Elsewhere:
    """To whom outside the house a tip goes, and why."""

    to: str
    says: str


@dataclass(frozen=True)
class Telling:
    """One tip; the columns are explained at the head of ``tips.yaml``."""

    kind: tuple[str, str]
    """Guise and scheme."""
    text: str = ""
    back: int = 0
    at: time = time(9)
    by: str = ""
    about: str = "none"
    end: str = ""
    out: str = ""
    to: str = ""
    key: str = ""
    same: str = ""
    stop: str = ""
    outer: str = ""
    urgent: bool = False
    ongoing: bool | None = None
    sum: int | None = None
    n: int | None = None
    age: str = ""
    told: Mapping[str, str] = field(default_factory=dict)
    then: tuple[str, ...] = ()
    rates: tuple[str, str] | None = None


@dataclass(frozen=True)
class Listed:
    """A list of another platform: rows as its file has them, the second cell in days back, and what becomes of each."""

    channel: str
    back: int
    is_taken: bool
    name: str
    head: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    ways: tuple[Telling, ...]


def tellings() -> list[Telling]:
    """This function will give the tips, the earliest first."""
    return [_telling(row) for row in _declared()["tips"]]


def lists() -> Iterator[Listed]:
    """This function will give the lists that other platforms sent."""
    for row in _declared()["lists"]:
        ways = tuple(_telling(way) for way in row.get("ways", ()))
        yield Listed(**{**row, "head": tuple(row["head"]), "rows": tuple(map(tuple, row["rows"])), "ways": ways})


@cache
def findings() -> dict[str, Finding]:
    """This function will give what verifications find, by name."""
    return {name: Finding(**{**row, "basis": tuple(row["basis"]), "changes": _facts(row["changes"])})
            for name, row in _declared()["findings"].items()}  # fmt: skip


@cache
def elsewhere() -> dict[str, Elsewhere]:
    """This function will give the offices outside the house to which tips go, by name."""
    return {name: Elsewhere(**row) for name, row in _declared()["outside"].items()}


def asked() -> list[tuple[str, str]]:
    """This function will give what the office asks informants, each with what they say to it."""
    return [(question, answer) for question, answer in _declared()["asked"]]


def _telling(row: Mapping[str, Any]) -> Telling:
    made = dict(row)
    made["kind"] = tuple(made["kind"])
    made["then"] = tuple(made.get("then", ()))
    if "at" in made:
        hour, minute = made["at"].split(":")
        made["at"] = time(int(hour), int(minute))
    if "rates" in made:
        made["rates"] = tuple(made["rates"])
    return Telling(**made)


def _facts(changes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in changes.items()}


@cache
def _declared() -> dict[str, Any]:
    declared: dict[str, Any] = yaml.safe_load((files(__package__) / "tips.yaml").read_text("utf-8"))
    return declared
