"""我的待办: everybody sees what waits for them, and nothing else."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shouhu.engines.documents.letters import LetterRefused
from shouhu.jobs.models import Run
from shouhu.ledgers.disposals import actions as disposals
from shouhu.ledgers.units.rights import holders, roles
from tests import office

pytestmark = pytest.mark.django_db


def risky(n: int, code: str = office.VILLAGE) -> None:
    ids = [office.institution(f"康乐{k}院{code[-3:]}", code, collapsed=True).pk for k in range(n)]
    disposals.rate_and_open(institution_ids=ids, by=office.post(), at=office.AT)


@pytest.mark.parametrize("role", sorted(roles()))
def test_every_role_has_a_home(role: str, client: Client) -> None:
    risky(1)
    if role == "institution":
        return
    response = office.sit(client, office.post(role)).get(reverse("home"))
    assert response.status_code == 200
    assert ("康乐0院" in response.content.decode()) == (role in holders("disposal.review"))


def test_work_of_elsewhere_is_not_shown(client: Client) -> None:
    risky(1, office.FAR_VILLAGE)
    response = office.sit(client, office.post("task_force", office.TOWN)).get(reverse("home-work"))
    assert "康乐0院" not in response.content.decode()


def test_the_number_of_queries_does_not_grow_with_the_work(client: Client) -> None:
    office.sit(client, office.post())
    client.get(reverse("home"))  # the numbers beside the rooms are counted, and hold for a minute
    counted = []
    for n in (1, 12):
        risky(n, office.VILLAGE if n == 1 else office.FAR_VILLAGE)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("home")).status_code == 200
        counted.append(len(captured))
    assert counted[0] == counted[1]


def test_the_root_leads_home_and_search_to_the_list(client: Client) -> None:
    assert client.get("/")["Location"] == "/home/"
    office.sit(client, office.post())
    assert client.get(reverse("search"), {"q": "ky"})["Location"] == "/institution/?q=ky"


def test_what_the_clock_complains_of_is_told_to_whom_it_concerns(client: Client) -> None:
    Run.objects.create(
        job="disk.watch", due_at=office.AT, next_try_at=office.AT, done_at=office.AT, remark="磁盘已用 91%"
    )
    told = {
        role: "磁盘已用 91%" in office.sit(client, office.post(role)).get(reverse("home")).content.decode()
        for role in ("administrator", "campaign_office", "leader")
    }
    assert told == {"administrator": True, "campaign_office": False, "leader": False}


def test_the_day_at_one_glance(client: Client) -> None:
    risky(2)
    shown = office.sit(client, office.post()).get(reverse("home")).content.decode()
    assert f'<a href="{reverse("home-work")}?room=disposal">处置 <b>' in shown


def test_figures_follow_the_home_page(client: Client) -> None:
    office.sit(client, office.post())
    assert "<h2>近十二周变化" not in client.get(reverse("home-figures")).content.decode()  # nothing is rated
    risky(2)
    home, figures = (client.get(reverse(route)).content.decode() for route in ("home", "home-figures"))
    assert f'hx-get="{reverse("home-figures")}"' in home and 'hx-select-oob="#colours"' in home and "较上周" not in home
    assert 'id="colours"' in home and 'id="colours"' in figures and "较上周 +2" in figures
    assert 'id="figures"' in figures and "<h2>近十二周变化" in figures and "各地四色分布" in figures
    office.sit(client, office.post("auditor"))
    assert "hx-get" not in client.get(reverse("home")).content.decode()


def test_whoever_sees_no_institutions_searches_people_and_others_nothing(client: Client) -> None:
    office.sit(client, office.post("administrator"))
    assert client.get(reverse("search"), {"q": " wang "})["Location"] == "/unit/people/?q=wang"
    office.sit(client, office.post("auditor"))
    assert client.get(reverse("search"), {"q": "x"})["Location"] == "/home/"
    assert 'role="search"' not in client.get(reverse("home")).content.decode()


@pytest.mark.parametrize("text", ["kl", "klyly", "康乐", "乐养", "91990102MA", office.TOWN, "990102001"])
def test_institutions_are_found_by_name_code_and_initials(text: str, client: Client) -> None:
    office.institution("康乐养老院", uscc="91990102MA0000000X")
    office.institution("福寿居", office.FAR_VILLAGE)
    office.sit(client, office.post())
    shown = client.get(reverse("search"), {"q": text}, follow=True).content.decode()
    assert "康乐养老院" in shown and "福寿居" not in shown


def test_a_letter_that_cannot_be_made_is_refused_in_words(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def made(*_: object, **__: object) -> None:
        raise LetterRefused("督办单不能生成：标题超过80个字。请补正后再生成")

    monkeypatch.setattr("shouhu.web.views.home.waiting", made)
    answer = office.sit(client, office.post()).get(reverse("home"))
    assert answer.status_code == 409 and "标题超过80个字" in answer.content.decode()
