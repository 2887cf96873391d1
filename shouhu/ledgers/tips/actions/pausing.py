"""挂起, 恢复, 督办."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from shouhu.ledgers.tips.actions.writing import Incomplete, locked, move, said
from shouhu.ledgers.tips.models import Tip
from shouhu.ledgers.units.models import Post

LONGEST_DAYS = 366


@transaction.atomic
def suspend(*, tip_id: int, why: str, until_on: date, by: Post, at: datetime) -> Tip:
    """
    This function will let a tip rest until a day, as while a court decides; whoever has it keeps it.

    :raises Incomplete: no reason is given, or the day is past or too far off.
    """
    tip, step = locked(tip_id, "suspend", by)
    why = said(why, "请写明挂起的原因")
    if not 0 < (until_on - localdate(at)).days <= LONGEST_DAYS:
        raise Incomplete("挂起的截止日期须在明天以后、一年以内")
    tip.suspended_state, tip.suspended_until_on = tip.state, until_on
    fields = ["suspended_state", "suspended_until_on"]
    move(tip, "suspend", fields, by, at, state=step.to, says=f"{why}（至{until_on}）")
    return tip


@transaction.atomic
def resume(*, tip_id: int, by: Post, at: datetime) -> Tip:
    """This function will go on with a tip where it was suspended; the days for its step begin anew."""
    tip, _ = locked(tip_id, "resume", by)
    state, tip.suspended_state, tip.suspended_until_on = tip.suspended_state, "", None
    move(tip, "resume", ["suspended_state", "suspended_until_on"], by, at, state=state)
    return tip


@transaction.atomic
def supervise(*, tip_id: int, says: str, by: Post, at: datetime) -> Tip:
    """
    This function will put a tip under supervision (督办).

    :raises Incomplete: it is already.
    """
    tip, _ = locked(tip_id, "supervise", by)
    if tip.supervised_at:
        raise Incomplete("这条线索已经在督办")
    tip.supervised_at, tip.supervised_by = at, by
    move(tip, "supervise", ["supervised_at", "supervised_by"], by, at, says=says.strip())
    return tip


@transaction.atomic
def unsupervise(*, tip_id: int, says: str, by: Post, at: datetime) -> Tip:
    """
    This function will end the supervision of a tip.

    :raises Incomplete: it is under none.
    """
    tip, _ = locked(tip_id, "unsupervise", by)
    if not tip.supervised_at:
        raise Incomplete("这条线索没有在督办")
    tip.supervised_at = tip.supervised_by = None
    move(tip, "unsupervise", ["supervised_at", "supervised_by"], by, at, says=says.strip())
    return tip
