"""A district that holds nothing yet: the first steps are shown to who takes them, and no page is a dead end."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from shouhu.ledgers.campaigns.actions import open_campaign
from shouhu.ledgers.surveys.actions import open_round
from shouhu.ledgers.units.models import Division
from tests.office import AT, COUNTY, TOWN, institution, post, sit
from tests.security.doors import ask, matrix

pytestmark = pytest.mark.django_db
HEADING = "第一天要做的五件事"


def home(client: Client, role: str, code: str = COUNTY) -> str:
    """This function will give the home page of such a post."""
    return sit(client, post(role, code)).get(reverse("home")).content.decode()


def empty() -> None:
    """This function will leave the county without towns."""
    post()
    Division.objects.exclude(code=COUNTY).delete()


def test_an_administrator_is_led_to_the_towns_first_and_then_to_the_people(client: Client) -> None:
    sit(client, post("administrator"))
    empty()
    page = client.get(reverse("home")).content.decode()
    assert f'class="btn btn-primary" href="{reverse("unit-import")}?kind=divisions"' in page
    assert "由专项办办理" in page
    assert f'href="{reverse("unit-import")}?kind=divisions"' in client.get(reverse("unit-list")).content.decode()


def test_the_office_goes_on_until_nothing_is_left(client: Client) -> None:
    page = home(client, "campaign_office")
    assert f'class="btn btn-primary" href="{reverse("unit-campaign")}"' in page
    by = post()
    campaign = open_campaign(
        title="专项行动", ruleset_id="001", starts_on=date(2026, 1, 1), ends_on=date(2030, 1, 1), by=by, at=AT
    )
    assert f'class="btn btn-primary" href="{reverse("institution-import")}"' in home(client, "campaign_office")
    institution()
    assert f'class="btn btn-primary" href="{reverse("survey-round-new")}"' in home(client, "campaign_office")
    open_round(
        title="第一轮", campaign_id=campaign.pk, code=COUNTY, opens_on=date(2026, 11, 18), due_on=date(2026, 12, 18),
        by=by, at=AT,
    )  # fmt: skip
    assert HEADING not in home(client, "campaign_office")


def test_nobody_else_is_bothered(client: Client) -> None:
    assert HEADING not in home(client, "task_force", TOWN)
    assert HEADING not in home(client, "leader")


@pytest.mark.parametrize(
    ("route", "says"),
    [
        ("rating-preview", "还没有专项行动"), ("survey-found", "没有正在进行的排查轮次"), ("survey-assignments", "还没有排查轮次"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_yet_says_what_comes_first(client: Client, route: str, says: str) -> None:
    answer = sit(client, post()).get(reverse(route))
    assert (answer.status_code, says in answer.content.decode()) == (409, True)


@pytest.mark.parametrize("role", ["campaign_office", "administrator", "auditor"])
def test_no_page_is_a_dead_end(client: Client, role: str) -> None:
    sit(client, post(role))
    empty()
    theirs = [name for name, row in matrix().items() if role in row.roles and "GET" in row.methods]
    plain = [name for name in theirs if not matrix()[name].of and not matrix()[name].fixed]
    asked = {name: ask(client, "GET", reverse(name), {}, "")[0] for name in plain}
    assert {name: status for name, status in asked.items() if status in (404, 500)} == {}
