"""
How a site gets from being found to 销号: one table of states, steps, rights and deadlines, read by actions and pages alike.

The order of the states is our proposal, and so are the deadlines: 001 二(二)四是 asks for a named person, a ledger and a
count that goes to zero, and gives no days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from shouhu.engines.periods import deadlines
from shouhu.engines.periods.calendar import Calendar
from shouhu.ledgers.clearances.models import TRACKS, Clearance
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.rights import holders
from shouhu.ledgers.units.scope import same_person

HANDLE, REVIEW = "clearance.handle", "clearance.review"


@dataclass(frozen=True)
class State:
    """A state: what is behind it (a word for the bar of steps), what it is called, the next step and its worked days."""

    behind: str
    title: str
    next_verb: str = ""
    n_days: int = 0


STATES = {
    "found": State("发现", "待核实", "verify", 3),
    "verified": State("核实", "待分类", "classify", 3),
    "classified": State("分类", "待处置", "act", 5),
    "acting": State("处置", "处置中", "propose", 30),
    "proposed": State("办结", "待复核", "review", 5),
    "reviewed": State("复核", "待销号", "close", 3),
    "closed": State("销号", "已销号"),
}
OPEN = tuple(state for state in STATES if state != "closed")


@dataclass(frozen=True)
class Transition:
    """A step: from which states, to which state (empty: it stays as it is), and who may take it."""

    verb: str
    title: str
    sources: tuple[str, ...]
    target: str
    right: str = HANDLE


TRANSITIONS = (
    Transition("appoint", "指定包干人", OPEN, ""),
    Transition("verify", "核实", ("found",), "verified"),
    Transition("classify", "分类", ("verified",), "classified"),
    Transition("classify", "重新分类", ("classified", "acting"), ""),
    Transition("act", "记录处置措施", ("classified",), "acting"),
    Transition("act", "记录处置措施", ("acting",), ""),
    Transition("transfer", "书面移交", ("classified",), "acting"),
    Transition("transfer", "书面移交", ("acting",), ""),
    Transition("receive", "登记移交回执", ("acting",), ""),
    Transition("propose", "提出办结", ("verified", "classified", "acting"), "proposed"),
    Transition("review", "复核", ("proposed",), "reviewed", REVIEW),
    Transition("send_back", "退回", ("proposed", "reviewed"), "back", REVIEW),
    Transition("close", "销号", ("reviewed",), "closed", REVIEW),
)
"""``back``: to where it was before the end was proposed."""
TITLES = {
    "find": "发现",
    "recount": "期限重新计算",
    "merge": "合并",
    **{one.verb: one.title for one in reversed(TRANSITIONS)},
}
"""What steps are called on a trail."""


def transition(verb: str, state: str) -> Transition | None:
    """This function will give the step that a verb means in a state; None where it cannot be taken."""
    return next((one for one in TRANSITIONS if one.verb == verb and state in one.sources), None)


def available(state: str) -> tuple[Transition, ...]:
    """This function will give the steps that can be taken in a state, in the order of the table."""
    return tuple(one for one in TRANSITIONS if state in one.sources)


def next_verb(clearance: Clearance) -> str:
    """This function will name the next step: a site without a named person needs one first; a mere transfer is one."""
    state = clearance.state
    if state == "found" and clearance.owner_id is None:
        return "appoint"
    if state == "classified" and clearance.tracks == ["transfer"]:
        return "transfer"
    if state == "acting" and (lacking := undone(clearance)):
        if lacking != ["transfer"]:
            return "act"
        return "receive" if pending(clearance) else "transfer"
    return STATES[state].next_verb


def deadline(state: str, from_on: date, calendar: Calendar) -> deadlines.Deadline:
    """This function will count until when the next step is due, from the day on which the state was entered."""
    return deadlines.due(from_on, STATES[state].n_days, calendar)


def pending(clearance: Clearance) -> list[int]:
    """This function will give the ids of the transfers for which there is no receipt yet."""
    steps = clearance.steps.all()
    answered = {step.answers_id for step in steps}
    return [step.pk for step in steps if step.verb == "transfer" and step.pk not in answered]


def undone(clearance: Clearance) -> list[str]:
    """This function will give the chosen tracks on which nothing is recorded; a transfer counts once its receipt is in."""
    steps = [step for step in clearance.steps.all() if step.verb in ("act", "receive")]
    done = {"transfer" if step.verb == "receive" else step.track for step in steps}
    return [track for track in clearance.tracks if track not in done]


def hindrance(clearance: Clearance, verb: str, by: Post, today: date) -> str:
    """
    This function will say why a step cannot be taken by this post now, in a sentence with the way out; empty if it can.

    What the proof itself lacks is told by the action.
    """
    state = clearance.state
    step = transition(verb, state)
    if step is None:
        return f"这处场所现在是“{STATES[state].title}”，不能办理“{TITLES.get(verb, verb)}”，请刷新页面后按当前步骤办理"
    if by.role not in holders(step.right):
        return f"您的岗位不能办理“{step.title}”，请由有权限的岗位办理"
    if verb == "verify" and clearance.owner_id is None:
        return "还没有包干人，请先指定一名包干人再核实"
    if verb == "act" and not set(clearance.tracks) - {"transfer"}:
        return "分类时只选了“移交”，请办理书面移交；需要其他措施的，请先重新分类"
    if verb == "transfer" and "transfer" not in clearance.tracks:
        return "分类时没有选“移交”，需要移交的请先重新分类"
    if verb == "receive" and not pending(clearance):
        return "没有等待回执的移交"
    if verb in ("review", "close"):
        return _second_hand(clearance, step.title, by, today)
    return ""


def why_not_finished(clearance: Clearance) -> str:
    """This function will say what is still to be done before a site can end as registered or shut; empty if nothing is."""
    if clearance.classified_at is None:
        return "还没有分类，只能提出“确认不属养老服务”"
    lacking = undone(clearance)
    if not lacking:
        return ""
    said = "、".join(f"{TRACKS[track]}{'（含回执）' if track == 'transfer' else ''}" for track in lacking)
    return f"分类时选的措施还没有记录：{said}；补齐后才能提出“登记备案完成”或“关停取缔”"


def _second_hand(clearance: Clearance, title: str, by: Post, today: date) -> str:
    """复核 and 销号 are never in the hand that proposed, nor in that of the named person."""
    assert clearance.proposal is not None
    if same_person(clearance.proposal.proposed_by, by, today):
        return f"办结是您提出的，“{title}”须由另一人办理"
    if clearance.owner and same_person(clearance.owner, by, today):
        return f"您是这处场所的包干人，“{title}”须由另一人办理"
    return ""
