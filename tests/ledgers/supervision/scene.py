"""Who supervises whom in these tests, and papers brought to a state."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from shouhu.ledgers.clearances.actions import Paper
from shouhu.ledgers.supervision.actions import circulars, orders, talks
from shouhu.ledgers.supervision.models import Circular, RegulatoryTalk, SupervisionOrder
from shouhu.ledgers.units.models import Post
from tests import office
from tests.ledgers.clearances.walk import TOKENS

AT, DAY = office.AT, office.AT.date()
LATE = AT + timedelta(days=40)


def chief() -> Post:
    """This function will give the campaign office's post that issues."""
    return office.post("campaign_office", holder="王主任")


def second() -> Post:
    """This function will give another hand of the same office."""
    return office.post("campaign_office", holder="赵副主任")


def town() -> Post:
    """This function will give the post of the town's task force."""
    return office.post("task_force", office.TOWN)


def leader(code: str = office.COUNTY) -> Post:
    """This function will give a leader's post."""
    return office.post("leader", code)


def paper() -> Paper:
    """This function will make a file to hand in; each has a token of its own."""
    return Paper(b"%PDF-1.4 evidence", "佐证.pdf", "application/pdf", f"{next(TOKENS):032x}")


def order(**more: Any) -> SupervisionOrder:
    """This function will issue an order to the town."""
    given: dict[str, Any] = {
        "unit_id": town().unit_id,
        "title": "排查进度滞后",
        "issue": "第二轮排查尚有12家未上门，请补齐。",
        "n_days": 10,
    }
    return orders.issue(**{**given, "by": chief(), "at": AT, **more})


def answered(row: SupervisionOrder | None = None, at: datetime = AT) -> SupervisionOrder:
    """This function will have the town answer an order."""
    return orders.reply(order_id=(row or order()).pk, says="已全部上门，名单附后。", paper=paper(), by=town(), at=at)


def circular(**more: Any) -> Circular:
    """This function will draft a circular about the town, to the town and to the other one."""
    other = office.post("task_force", office.OTHER_TOWN).unit_id
    given: dict[str, Any] = {"manner": "criticism", "title": "关于排查逾期的通报", "text": "清河镇排查逾期3家。",
                             "named_ids": [town().unit_id], "unit_ids": [other]}  # fmt: skip
    return circulars.draft(**{**given, "by": chief(), "at": AT, **more})


def talk(**more: Any) -> RegulatoryTalk:
    """This function will call the town to a talk two days later."""
    given: dict[str, Any] = {"unit_id": town().unit_id, "meets_on": DAY + timedelta(2), "meets_when": time(15), "place": "区专项办会议室",
                             "invited": "镇分管负责同志", "why": "督办单两次逾期"}  # fmt: skip
    return talks.call(**{**given, "by": chief(), "at": AT, **more})
