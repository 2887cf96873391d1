"""Meetings: minutes that are whole, and what was agreed as tasks with owner and day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from shouhu.ledgers.campaigns import actions, queries, workflow
from shouhu.ledgers.campaigns.models import Meeting
from shouhu.ledgers.journal.models import Entry
from tests.ledgers.campaigns.board import AT, DAY, bureau, campaign, chief, scope, task, town

pytestmark = pytest.mark.django_db


def held(**more: Any) -> Meeting:
    given = {
        "title": "第一次调度会",
        "held_on": DAY,
        "chair": "分管副区长",
        "minutes": "一、加快摸排。",
        "by": chief(),
        **more,
    }
    return actions.record_meeting(campaign_id=campaign().pk, at=AT, **given)


def test_what_a_meeting_agreed_becomes_a_task_that_is_owed() -> None:
    meeting = held()
    assert Entry.objects.latest("seq").verb == "meeting.recorded"
    made = task("本周内补齐台账", town(), bureau(), meeting_id=meeting.pk, due_on=date(2026, 11, 27))
    assert made.due_how == "2026-11-18 “第一次调度会”议定"
    assert [one.is_lead for one in made.duties.order_by("pk")] == [True, False]
    assert [one.task for one in queries.owed_by(scope(town()))] == [made]
    assert queries.meetings(campaign())[0].tasks.get() == made


@pytest.mark.parametrize(
    ("given", "said"),
    [({"minutes": " "}, "纪要"), ({"chair": ""}, "主持人"), ({"held_on": DAY + timedelta(1)}, "不能晚于今天")],
)
def test_minutes_say_what_they_lack(given: dict[str, Any], said: str) -> None:
    with pytest.raises(actions.Incomplete, match=said):
        held(**given)


def test_only_the_office_of_the_campaign_records() -> None:
    with pytest.raises(workflow.NotNow):
        held(by=town())


def test_a_meeting_of_another_campaign_lends_its_name_to_no_task() -> None:
    other = campaign("防范电信网络诈骗专项行动", ruleset_id="", domain="telecom_fraud")
    meeting = actions.record_meeting(
        campaign_id=other.pk, title="会", held_on=DAY, chair="主任", minutes="x", by=chief(), at=AT
    )
    assert task(meeting_id=meeting.pk).meeting is None
