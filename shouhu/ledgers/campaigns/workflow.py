"""The way of a duty as ``workflow.yaml`` declares it, and the one check that every act passes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from shouhu.ledgers.campaigns.models import Campaign, Duty, Task
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.units.rights import holders
from shouhu.ledgers.units.scope import Scope, same_person

WORK, ACCEPT = "campaign.work", "campaign.accept"


class NotNow(Refused):
    """The act does not fit the state, or the post may not do it."""


@dataclass(frozen=True)
class Transition:
    """One row of the table."""

    verb: str
    of: str
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


@cache
def states() -> dict[str, str]:
    """This function will give the states of a duty with their names, in their order."""
    return dict(_declared()["states"])


def reminded_before(what: str) -> int:
    """This function will give how many worked days before a ``duty`` is due or a ``phase`` ends its people are reminded."""
    return int(_declared()["reminders"][what])


def hindrance(duty: Duty, verb: str, by: Post, today: date) -> str:
    """This function will say why a post cannot take a step about a duty now, with the way out; empty if it can."""
    step = transitions()[verb]
    if said := _no_right(duty.task, step, by):
        return said
    if duty.state not in step.states:
        return f"这项任务现在是“{states()[duty.state]}”，不能办理“{step.says}”，请刷新页面后再看"
    if step.holder and duty.unit_id != by.unit_id:
        return f"“{step.says}”由责任单位的岗位办理"
    if verb in ("accept", "send_back") and duty.done_by and same_person(duty.done_by, by, today):
        return f"完成情况是您报告的，“{step.says}”须由另一人办理"
    return ""


def hindrance_of_task(task: Task, verb: str, by: Post) -> str:
    """This function will say why a post cannot do something to a whole task; empty if it can."""
    return _no_right(task, transitions()[verb], by)


def runs(campaign: Campaign, by: Post) -> bool:
    """This function will tell whether a post directs a campaign: the campaign office of its division or of one above."""
    return by.role in holders(ACCEPT) and Scope.of(by).covers(campaign.code)


def require_runs(campaign: Campaign, by: Post) -> None:
    """
    This function will make sure that a post directs a campaign.

    :raises NotNow: it does not.
    """
    if not runs(campaign, by):
        raise NotNow("这件事由发起专项行动的专项办办理，请报专项办")


def _no_right(task: Task, step: Transition, by: Post) -> str:
    if by.role not in holders(step.right):
        return f"您的岗位不能办理“{step.says}”，请由有权限的岗位办理"
    if step.right == ACCEPT and not runs(task.campaign, by):
        return f"“{step.says}”由发起专项行动的专项办办理，请报专项办"
    if task.withdrawn_at:
        return "这项任务已撤销，不再办理"
    return ""


@cache
def _declared() -> dict[str, Any]:
    declared: dict[str, Any] = yaml.safe_load((files(__package__) / "workflow.yaml").read_text("utf-8"))
    return declared


def _transition(row: dict[str, Any]) -> Transition:
    return Transition(row["verb"], row["of"], row["says"], tuple(row.get("from", ())), row.get("to", ""), row["right"],
                      bool(row.get("holder")), row.get("guard", ""))  # fmt: skip
