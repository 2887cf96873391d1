"""After the end: six mechanisms, each a task with owners and a next look, and no sooner."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from shouhu.ledgers.campaigns import actions, workflow
from shouhu.ledgers.campaigns.mechanisms import mechanisms
from shouhu.ledgers.campaigns.models import Duty, Task
from tests.ledgers.campaigns.board import AT, ENDS, campaign, chief, deputy, done, town

pytestmark = pytest.mark.django_db
AFTER = datetime(2027, 2, 2, 2, tzinfo=AT.tzinfo)


def owners() -> dict[str, list[int]]:
    return {name: [town().unit_id] for name in mechanisms()}


def test_one_act_makes_six_tasks_with_their_next_look() -> None:
    made = actions.stand(campaign_id=campaign().pk, owners=owners(), by=chief(), at=AFTER)
    assert made.standing_by == chief()
    tasks = {one.mechanism: one for one in Task.objects.filter(campaign=made)}
    assert list(tasks) == list(mechanisms()) and len(tasks) == 6
    assert (tasks["tips"].due_on, tasks["law"].due_on, tasks["review"].due_on) == (
        date(2027, 3, 2), date(2027, 5, 2), date(2027, 8, 2)
    )  # fmt: skip
    assert tasks["law"].due_how == "每季度回顾一次（本软件建议），下一次最迟 2027-05-02"
    with pytest.raises(workflow.NotNow, match="已经转入"):
        actions.stand(campaign_id=made.pk, owners=owners(), by=chief(), at=AFTER)


def test_a_mechanism_is_owed_anew_once_it_was_looked_through() -> None:
    made = actions.stand(
        campaign_id=campaign().pk, owners={**owners(), "tips": [chief().unit_id, town().unit_id]}, by=chief(), at=AFTER
    )
    first = Task.objects.get(campaign=made, mechanism="tips")
    for by in (chief(), town()):
        one = Duty.objects.get(task=first, unit=by.unit_id)
        done(one, by, AFTER)
        assert Task.objects.filter(mechanism="tips").count() == 1
        actions.accept(duty_id=one.pk, by=deputy(), at=AFTER)
    later = Task.objects.filter(mechanism="tips").latest("pk")
    assert later.due_on == date(2027, 4, 2)
    assert [(one.unit_id, one.is_lead) for one in later.duties.order_by("pk")] == [
        (chief().unit_id, True), (town().unit_id, False)
    ]  # fmt: skip


def test_not_before_the_end_and_not_without_owners() -> None:
    last_day = datetime(ENDS.year, ENDS.month, ENDS.day, 2, tzinfo=AT.tzinfo)
    with pytest.raises(workflow.NotNow, match="结束以后"):
        actions.stand(campaign_id=campaign().pk, owners=owners(), by=chief(), at=last_day)
    with pytest.raises(actions.Incomplete, match="考核评价机制"):
        actions.stand(
            campaign_id=campaign().pk, owners={**owners(), "review": []}, by=chief(), at=last_day + timedelta(1)
        )
    with pytest.raises(workflow.NotNow):
        actions.stand(campaign_id=campaign().pk, owners=owners(), by=town(), at=AFTER)
    assert not Task.objects.exists()


def test_a_look_on_the_last_of_a_long_month_falls_on_the_last_of_a_short_one() -> None:
    assert mechanisms()["tips"].next_look(date(2027, 1, 31)) == date(2027, 2, 28)
    assert mechanisms()["review"].next_look(date(2027, 8, 31)) == date(2028, 2, 29)
