"""Handing out many things at once: what would happen is told first, and can be taken back while nobody has gone on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shouhu.ledgers.campaigns.models import Campaign
from shouhu.ledgers.clearances import actions as clearances
from shouhu.ledgers.clearances.models import Clearance
from shouhu.ledgers.disposals import actions as disposals
from shouhu.ledgers.disposals.models import Disposal
from shouhu.ledgers.surveys import actions as surveys
from shouhu.ledgers.surveys.models import Assignment
from tests import office
from tests.ledgers.disposals.work import AT, chief, opened, town

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """This function will let a test say what time it is."""
    time = [AT + timedelta(hours=1)]
    monkeypatch.setattr("shouhu.web.access.now", lambda: time[0])
    return time


def send(client: Client, route: str, **data: Any) -> str:
    response = client.post(reverse(route), data, follow=True)
    assert response.status_code == 200, response.content.decode()[:2000]
    return response.content.decode()


def test_disposals_are_handed_out_after_a_look_and_taken_back(clock: list[Any]) -> None:
    first, second = opened("red", name="康乐院"), opened("orange", name="福寿院")
    disposals.take(disposal_ids=[first.pk], post=chief(), by=chief(), at=AT)
    client = office.sit(Client(), chief())
    form = {"pick": [first.pk, second.pk], "post": town().pk}
    shown = send(client, "disposal-take", **form, look="1")
    assert "共 2 件" in shown and "康乐院、福寿院" in shown and "未指定（1）" in shown and town().unit.name in shown
    assert not Disposal.objects.filter(handler=town()).exists()
    assert shown.count('name="pick"') == 2 and 'name="look"' not in shown

    assert "撤销" in send(client, "disposal-take", **form)
    assert Disposal.objects.filter(handler=town()).count() == 2
    clock[0] += timedelta(minutes=1)
    assert "已撤销，2 件" in send(client, "disposal-take-undo")
    assert list(Disposal.objects.order_by("pk").values_list("handler", "assigned_by")) == [
        (chief().pk, chief().pk),
        (None, None),
    ]
    assert "没有可以撤销的" in send(client, "disposal-take-undo")


def test_what_others_have_gone_on_with_is_not_taken_back(clock: list[Any]) -> None:
    first, second = opened("red", name="康乐院"), opened("orange", name="福寿院")
    client = office.sit(Client(), chief())
    send(client, "disposal-take", pick=[first.pk, second.pk], post=town().pk)
    clock[0] += timedelta(minutes=1)
    disposals.plan(disposal_id=first.pk, text="方案", by=town(), at=clock[0])
    assert "已撤销，1 件" in send(client, "disposal-take-undo")
    first.refresh_from_db()
    assert first.handler == town()


def test_surveys_are_moved_after_a_look_and_taken_back(clock: list[Any]) -> None:
    for n in range(2):
        office.institution(f"康乐{n}院")
    hands = office.post("member_unit"), town()
    campaign = Campaign.objects.create(
        title="行动", code=office.COUNTY, ruleset_id="001", starts_on="2026-10-01", ends_on="2026-12-31"
    )
    made = surveys.open_round(title="第一轮", campaign_id=campaign.pk, code=office.COUNTY, opens_on=AT.date(),
                              due_on=AT.date() + timedelta(9), by=chief(), at=AT)  # fmt: skip
    surveys.assign(round_id=made.pk, by=chief(), at=AT)
    before = list(Assignment.objects.order_by("pk").values_list("unit", "post", "due_on", "why"))
    client = office.sit(Client(), chief())
    target = next(hand for hand in hands if hand.unit_id != before[0][0])
    form = {"pick": list(Assignment.objects.values_list("pk", flat=True)), "target": f"post:{target.pk}", "due_on": "2026-12-01",
            "round": made.pk}  # fmt: skip
    shown = send(client, "survey-reassign", **form, look="1")
    assert "共 2 家" in shown and target.title in shown and "2026-12-01" in shown and "康乐0院、康乐1院" in shown
    assert list(Assignment.objects.order_by("pk").values_list("unit", "post", "due_on", "why")) == before

    assert "已改派 2 家" in send(client, "survey-reassign", **form)
    assert set(Assignment.objects.values_list("post", flat=True)) == {target.pk}
    clock[0] += timedelta(minutes=1)
    assert "已撤销，2 家" in send(client, "survey-reassign-undo")
    assert list(Assignment.objects.order_by("pk").values_list("unit", "post", "due_on", "why")) == before


def test_many_sites_get_one_named_person(clock: list[Any]) -> None:
    ids = [office.institution(f"托老{n}点", registered="未登记").pk for n in range(2)]
    clearances.find_all(institution_ids=ids, by=chief(), at=AT)
    client = office.sit(Client(), chief())
    form = {"pick": list(Clearance.objects.values_list("pk", flat=True)), "owner": town().pk}
    shown = send(client, "clearance-appoint-many", **form, look="1")
    assert "共 2 处" in shown and "没有包干人（2）" in shown
    assert not Clearance.objects.filter(owner=town()).exists()
    assert "2 处的包干人" in send(client, "clearance-appoint-many", **form)
    assert Clearance.objects.filter(owner=town()).count() == 2
    stranger = office.sit(Client(), office.post("task_force", office.OTHER_TOWN))
    assert "请先勾选场所" in send(stranger, "clearance-appoint-many", **form)
