"""A running campaign for the world of ``objects``: a task that a place's own office owes, a body with somebody in it, a meeting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shouhu.ledgers.campaigns import actions
from shouhu.ledgers.units.models import Post
from tests.ledgers.campaigns.board import AT, DAY, paper


def run_campaign(office_: Post, hand: Post, keep: Callable[[str, Any], Any], says: str, phone: str) -> dict[str, Any]:
    """
    This function will run a campaign of a place and keep what is in it.

    :param says: what is written about the duty; ``phone`` is that of the one who sits in the body.
    :returns: what an address needs to name a paper of the task.
    """
    campaign = keep("campaign", actions.open_campaign(
        title="哨兵行动", domain="telecom_fraud", ruleset_id="", starts_on=DAY.replace(day=1), ends_on=DAY.replace(month=12),
        by=office_, at=AT,
    ))  # fmt: skip
    given: dict[str, Any] = {"campaign_id": campaign.pk, "by": office_, "at": AT}
    task = keep("campaign_task", actions.add_task(title="哨兵宣传", unit_ids=[hand.unit_id], due_on=DAY, **given))
    duty, file = keep("duty", task.duties.get()), paper(hand, "凭证.pdf")
    actions.progress(duty_id=duty.pk, says=says, file=file, by=hand, at=AT)
    body = keep("body", actions.set_up(unit_id=hand.unit_id, name="哨兵专班", kind="task_force", from_on=DAY, **given))
    keep(
        "body_seat",
        actions.seat(body_id=body.pk, role="liaison", name="哨兵联络", phone=phone, from_on=DAY, by=office_, at=AT),
    )
    scan = paper(office_, "纪要.pdf")
    keep(
        "meeting",
        actions.record_meeting(title="哨兵会", held_on=DAY, chair="哨兵", minutes="哨兵纪要", file=scan, **given),
    )
    return {"pk": task.pk, "token": file.token}
