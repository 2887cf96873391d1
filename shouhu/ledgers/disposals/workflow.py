"""The workflow as ``workflow.yaml`` declares it: states read from dates, and the one check that every act passes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from shouhu.ledgers.disposals.models import Application, Disposal, Task
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.units.rights import holders

Subject = Disposal | Task | Application


class NotNow(Refused):
    """The act does not fit the state, or the post does not hold the right."""


@dataclass(frozen=True)
class Transition:
    """One row of the table; ``right`` is empty where the desk itself acts."""

    subject: str
    verb: str
    says: str
    states: tuple[str, ...]
    to: str
    right: str
    guard: str
    deadline: str


@cache
def transitions() -> dict[str, Transition]:
    """This function will give the table by verb, in its order."""
    return {row["verb"]: _transition(row) for row in _declared()["transitions"]}


def label(subject: Subject) -> str:
    """This function will give the state of a row in words."""
    words: str = _declared()["states"][_kind(subject)][state_of(subject)]
    return words


def state_of(subject: Subject) -> str:
    """This function will read the state of a row from its dates."""
    match subject:
        case Disposal():
            return "closed" if subject.closed_at else "open"
        case Application():
            return "approved" if subject.approved_at else "refused" if subject.refused_at else "pending"
    dated = (("dropped", subject.dropped_at), ("waived", subject.waived_at), ("reviewed", subject.reviewed_at),
             ("done", subject.done_at), ("returned", subject.returned_at))  # fmt: skip
    return next((state for state, at in dated if at), "open")


def check(subject: Subject, verb: str, by: Post) -> Transition:
    """
    This function will give the transition that a post is about to make.

    :raises NotNow: the post may not, or the state does not allow it.
    """
    step = transitions()[verb]
    if by.role not in holders(step.right):
        raise NotNow(f"您的岗位不能办理“{step.says}”，请由有权限的岗位办理")
    if state_of(subject) not in step.states:
        raise NotNow(f"现在的状态是“{label(subject)}”，不能办理“{step.says}”，请刷新页面后再看")
    return step


def open_to(subject: Subject, by: Post) -> list[Transition]:
    """This function will give the acts that a post may do to a row now, as far as right and state tell."""
    kind, state = _kind(subject), state_of(subject)
    return [
        step
        for step in transitions().values()
        if step.subject == kind and step.right and state in step.states and by.role in holders(step.right)
    ]


@cache
def _declared() -> dict[str, Any]:
    declared: dict[str, Any] = yaml.safe_load((files(__package__) / "workflow.yaml").read_text("utf-8"))
    return declared


def _transition(row: dict[str, Any]) -> Transition:
    return Transition(row["subject"], row["verb"], row["says"], tuple(row["from"]), row.get("to", ""), row.get("right", ""),
                      row["guard"], row.get("deadline", ""))  # fmt: skip


def _kind(subject: Subject) -> str:
    return str(subject._meta.model_name)
