"""The way of a tip as ``workflow.yaml`` declares it, and the one check that every act passes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from shouhu.engines.periods import deadlines
from shouhu.engines.periods.calendar import Calendar
from shouhu.ledgers.tips.models import STATES, Term, Tip
from shouhu.ledgers.units.codes import LEVELS
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.units.rights import holders

OPEN = tuple(state for state in STATES if state not in ("resolved", "archived", "merged"))
"""States in which something is still to be done."""


class NotNow(Refused):
    """The act does not fit the state, or the post does not hold the right."""


@dataclass(frozen=True)
class Transition:
    """One row of the table; ``right`` is empty where the informant or the desk itself acts."""

    verb: str
    says: str
    states: tuple[str, ...]
    to: str
    right: str
    holder: bool
    guard: str


@cache
def transitions() -> dict[str, Transition]:
    """This function will give the table by verb, in its order."""
    return {row["verb"]: _transition(row) for row in _declared()["transitions"]}


def next_verb(state: str) -> str:
    """This function will name the step that is due in a state; empty where nothing is."""
    return str(_declared()["states"].get(state, {}).get("next", ""))


def days(state: str, code: str) -> int:
    """This function will give the worked days for the next step: those that the county set, else the proposed ones."""
    proposed = int(_declared()["states"][state]["n_days"])
    return Term.objects.filter(code=county_of(code), state=state).values_list("n_days", flat=True).first() or proposed


def is_at_once(state: str) -> bool:
    """This function will tell whether the step after a state is due the same day when a tip is urgent."""
    return state in _declared()["at_once"]


def county_of(code: str) -> str:
    """This function will give the code of the county that a division lies in."""
    return code[: LEVELS["county"]].ljust(len(code), "0")


def proposed_days() -> dict[str, int]:
    """This function will give the proposed worked days by state."""
    return {state: int(row["n_days"]) for state, row in _declared()["states"].items()}


def deadline(
    state: str, code: str, from_on: date, calendar: Calendar, *, is_urgent: bool = False
) -> deadlines.Deadline:  # fmt: skip
    """
    This function will count until when the next step is due, from the day on which the state was entered.

    :param is_urgent: until it is verified, an urgent tip is due on the day itself.
    """
    if is_urgent and is_at_once(state):
        return deadlines.Deadline(from_on, 0, "calendar", from_on, ("紧急线索，当日办理，并电话联系承办人",))
    return deadlines.due(from_on, days(state, code), calendar)


def check(tip: Tip, verb: str, by: Post) -> Transition:
    """
    This function will give the transition that a post is about to make.

    :raises NotNow: the post may not, or the state does not allow it.
    """
    step = transitions()[verb]
    if by.role not in holders(step.right):
        raise NotNow(f"您的岗位不能办理“{step.says}”，请由有权限的岗位办理")
    return in_state(tip, verb)


def in_state(tip: Tip, verb: str) -> Transition:
    """
    This function will give the transition that is about to be made, by whomever.

    :raises NotNow: the state does not allow it.
    """
    step = transitions()[verb]
    if tip.state not in step.states:
        raise NotNow(f"线索现在是“{STATES[tip.state]}”，不能办理“{step.says}”，请刷新页面后再看")
    return step


def open_to(tip: Tip, by: Post) -> list[Transition]:
    """This function will give the acts that a post may do to a tip now, as far as right and state tell."""
    return [
        step
        for step in transitions().values()
        if step.right and tip.state in step.states and by.role in holders(step.right)
    ]


@cache
def _declared() -> dict[str, Any]:
    declared: dict[str, Any] = yaml.safe_load((files(__package__) / "workflow.yaml").read_text("utf-8"))
    return declared


def _transition(row: dict[str, Any]) -> Transition:
    return Transition(row["verb"], row["says"], tuple(row["from"]), row.get("to", ""), row.get("right", ""),
                      bool(row.get("holder")), row.get("guard", ""))  # fmt: skip
