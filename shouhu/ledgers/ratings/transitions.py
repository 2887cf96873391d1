"""
Which colour counts, and what becomes of a person's decision: two tables, read by actions, pages and tests alike.

Colours rise at once and fall only by a person's hand. 待查 and 待研判 are no grades: to leave them is no fall.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from shouhu.engines.rules.ratings import SEVERITY
from shouhu.ledgers.ratings.models import Decision, Rating

WORST_FIRST = SEVERITY
"""The order of lists."""
WAITS = {
    "red": ("orange", "yellow", "decide", "unknown", "green"),
    "orange": ("yellow", "decide", "unknown", "green"),
    "yellow": ("decide", "unknown", "green"),
}
"""The colour that counts → what it does not become before a person confirms it; everything else it becomes at once."""

STATES = {
    "proposed": "待第二人签字", "in_force": "生效中", "refused": "未获同意", "withdrawn": "已撤回", "ended": "已失效",
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One step of a decision: who may take it (``other``: not the one who proposed; ``proposer``), and where it leads."""

    verb: str
    title: str
    before: str
    after: str
    right: str
    who: str = ""


DECISION = (
    Step("propose", "提出", "", "proposed", "rating.decide"),
    Step("approve", "签字同意", "proposed", "in_force", "rating.approve", "other"),
    Step("refuse", "不同意", "proposed", "refused", "rating.approve", "other"),
    Step("withdraw", "撤回", "proposed", "withdrawn", "rating.decide", "proposer"),
    Step("withdraw", "终止", "in_force", "ended", "rating.approve"),
    Step("replace", "另作决定", "in_force", "ended", "rating.approve"),
    Step("give_way", "出现新情形", "in_force", "ended", ""),
    Step("expire", "到期", "in_force", "ended", ""),
    Step("expire", "到期未签", "proposed", "withdrawn", ""),
)
"""Steps without a right are taken by the rules or the calendar, not by a person."""


def step(verb: str, state: str) -> Step | None:
    """This function will find the step that a verb takes from a state; None: it cannot be taken there."""
    return next((one for one in DECISION if (one.verb, one.before) == (verb, state)), None)


def worse(one: str, other: str) -> bool:
    """This function will tell whether a colour stands before another in the order of lists."""
    return WORST_FIRST.index(one) < WORST_FIRST.index(other)


def counts(stands: str, rated: str, decided: str) -> tuple[str, str]:
    """
    This function will give the colour that counts from now on, and the milder one that waits for a person (or "").

    :param stands: the colour that counted so far; empty: there was none, or a person lets it fall.
    :param rated: what the rules list.
    :param decided: the colour of the decision in force (or ""): two persons signed it, so nothing waits.
    """
    if decided:
        return decided, ""
    if rated in WAITS.get(stands, ()):
        return stands, rated
    return rated, ""


def grounds(rating: Rating) -> set[str]:
    """This function will give the ids of the rules and findings that a rating rests on."""
    return {one["rule"] for one in rating.fired} | {one["finding"] for one in rating.findings}


def gives_way(decision: Decision, rating: Rating, today: date) -> str:
    """
    This function will say why a decision no longer counts beside a rating on a day; "" while it does.

    It speaks of what was known when it was taken: it gives way to a graver colour, to a rule or finding that was not
    there, and to facts that are no longer known.
    """
    if decision.expires_on < today:
        return "决定到期"
    then = decision.rating
    if rating.pk == then.pk:
        return ""
    if (
        worse(rating.listed, then.listed)
        or grounds(rating) - grounds(then)
        or rating.colour == "unknown" != then.colour
    ):
        return "出现作出决定时没有的情形"
    return ""


def is_answered(rating: Rating) -> bool:
    """This function will tell whether everything that green asks for was answered: what is not known is never green."""
    return rating.colour != "unknown" and not rating.open and not rating.ask
