"""The workflow as ``workflow.yaml`` declares it, and the one check that every act passes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from shouhu.ledgers.supervision.models import Circular, Item, RandomInspection, RegulatoryTalk, SupervisionOrder, Visit
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.units.rights import holders

ISSUE, REPLY, LOOK = "supervision.issue", "supervision.reply", "supervision.look"
Subject = SupervisionOrder | Circular | RegulatoryTalk | Item | RandomInspection | Visit
KINDS: dict[type, str] = {SupervisionOrder: "order", Circular: "circular", RegulatoryTalk: "talk", Item: "item",
    RandomInspection: "draw", Visit: "visit"}  # fmt: skip


class NotNow(Refused):
    """The act does not fit the state, or the post does not hold the right."""


@dataclass(frozen=True)
class Transition:
    """One row of the table."""

    subject: str
    verb: str
    says: str
    states: tuple[str, ...]
    to: str
    right: str
    holder: bool
    guard: str


@dataclass(frozen=True)
class Level:
    """A step of escalation: from how many worked days late on, and whose leader is told."""

    says: str
    late: int
    whose: str


@cache
def transitions(subject: str) -> dict[str, Transition]:
    """This function will give the acts on a kind of subject by verb, in the order of the table."""
    return {row["verb"]: _transition(row) for row in _declared()["transitions"] if row["subject"] == subject}


@cache
def states(subject: str) -> dict[str, str]:
    """This function will give the words of the states of a kind of subject, in the order of the table."""
    named: dict[str, str] = _declared()["states"][subject]
    return named


@cache
def levels() -> tuple[Level, ...]:
    """This function will give the steps of escalation, the first first."""
    return tuple(Level(**row) for row in _declared()["levels"])


def proposed_days() -> int:
    """This function will give the worked days that an order proposes."""
    return int(_declared()["n_days"])


def proposed_rates() -> dict[str, str]:
    """This function will give the rates by colour that a 双随机 proposes."""
    rates: dict[str, str] = _declared()["rates"]
    return rates


def label(subject: Subject) -> str:
    """This function will give the state of a row in words."""
    return states(KINDS[type(subject)])[subject.state]


def check(subject: Subject, verb: str, by: Post, holder_id: int | None = None) -> Transition:
    """
    This function will give the transition that a post is about to make.

    :param holder_id: the unit that it is addressed to, where only that one may.
    :raises NotNow: the post may not, or the state does not allow it.
    """
    step = transitions(KINDS[type(subject)])[verb]
    if by.role not in holders(step.right):
        raise NotNow(f"您的岗位不能办理“{step.says}”，请由有权限的岗位办理")
    if step.holder and by.unit_id != holder_id:
        raise NotNow(f"“{step.says}”由收件单位的岗位办理")
    if step.right == ISSUE and by.unit_id != _issuer(subject):
        raise NotNow(f"“{step.says}”由发出的单位办理，不是本单位发出的不能办")
    if subject.state not in step.states:
        raise NotNow(f"现在是“{label(subject)}”，不能办理“{step.says}”，请刷新页面后再看")
    return step


def open_to(subject: Subject, by: Post, holder_id: int | None = None) -> list[Transition]:
    """This function will give the acts that a post may do now, as far as right, unit and state tell."""
    return [
        step
        for step in transitions(KINDS[type(subject)]).values()
        if subject.state in step.states
        and by.role in holders(step.right)
        and not (step.holder and by.unit_id != holder_id)
        and not (step.right == ISSUE and by.unit_id != _issuer(subject))
    ]


def _issuer(subject: Subject) -> int:
    """The unit that issued it."""
    match subject:
        case Item():
            return subject.look_back.issuer_id
        case Visit():
            return subject.inspection.issuer_id
    return subject.issuer_id


@cache
def _declared() -> dict[str, Any]:
    declared: dict[str, Any] = yaml.safe_load((files(__package__) / "workflow.yaml").read_text("utf-8"))
    return declared


def _transition(row: dict[str, Any]) -> Transition:
    return Transition(row["subject"], row["verb"], row["says"], tuple(row["from"]), row.get("to", ""), row["right"],
                      bool(row.get("holder")), row.get("guard", ""))  # fmt: skip
