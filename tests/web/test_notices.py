"""通知: what happened for a post since it last looked; nothing that is not (any more) its own; a bell that costs little."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shouhu.figures.news import n_news, news
from shouhu.ledgers.disposals import actions
from shouhu.ledgers.journal.models import Entry
from shouhu.ledgers.ratings import actions as ratings
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.rights import roles
from shouhu.ledgers.units.scope import Scope
from shouhu.web.notices import KINDS
from tests import office
from tests.ledgers.disposals.work import AT, chief, opened, prove, second, town

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=5)


@pytest.fixture(autouse=True)
def _at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shouhu.web.access.now", lambda: LATER)


def sits(post: Post) -> Client:
    """This function will give a browser in which the holder of a post is logged in, the bell not counted yet."""
    client = office.sit(Client(), post)
    session = client.session
    session.pop("bell")
    session.update({"seen": LATER.timestamp(), "began": LATER.timestamp()})
    session.save()
    return client


def told(post: Post, since: datetime = AT - timedelta(1), at: datetime = LATER) -> list[tuple[str, int]]:
    """This function will give kind and number of things of the news of a post, and see that they are counted alike."""
    scope = Scope.of(post)
    found = news(scope, since, at)
    assert n_news(scope, since, at) == len(found)
    assert {one.kind for one in found} <= set(KINDS)
    return [(one.kind, one.n) for one in found]


def page(client: Client, route: str = "home-notices") -> str:
    response = client.get(reverse(route))
    assert response.status_code == 200
    return response.content.decode()


def test_what_is_given_to_a_post_rings_its_bell_until_it_is_read() -> None:
    disposal = opened("red")
    actions.take(disposal_ids=[disposal.pk], post=town(), by=chief(), at=AT)
    client = sits(town())
    text = page(client)
    assert "指定您经办处置：安康养老院" in " ".join(text.split())
    assert reverse("disposal-page", args=[disposal.pk]) in text
    assert "1 条未读" in text
    assert client.get(reverse("home-bell")).json() == {"n": 1}
    assert "指定您经办处置" in page(client, "home")

    assert client.post(reverse("home-notices-read"), {"until": LATER.isoformat()}).status_code == 302
    assert "未读" not in page(client).replace('title="未读"', "")
    assert client.get(reverse("home-bell")).json() == {"n": 0}
    assert told(chief()) == []  # who did it needs no telling


def test_what_comes_after_the_page_was_shown_stays_unread() -> None:
    client = sits(town())
    actions.take(disposal_ids=[opened("red").pk], post=town(), by=chief(), at=AT)
    client.post(reverse("home-notices-read"), {"until": (AT - timedelta(minutes=1)).isoformat()})
    assert client.get(reverse("home-bell")).json() == {"n": 1}
    client.post(reverse("home-notices-read"), {"until": "2099-01-01T00:00:00+08:00"})  # nobody reads what is to come
    actions.take(
        disposal_ids=[opened("red", name="泰康院").pk], post=town(), by=chief(), at=LATER + timedelta(seconds=1)
    )
    assert n_news(Scope.of(town()), LATER, LATER + timedelta(hours=1)) == 1


def test_what_was_done_in_one_act_is_one_notice() -> None:
    ids = [opened("red", name=f"康乐{n}院").pk for n in range(3)]
    actions.take(disposal_ids=ids, post=town(), by=chief(), at=AT)
    assert told(town()) == [("disposal.given", 3)]
    assert "指定您经办 3 件处置" in page(sits(town()))


def test_news_of_what_was_handed_on_goes_with_it() -> None:
    disposal = opened("red")
    actions.take(disposal_ids=[disposal.pk], post=town(), by=chief(), at=AT)
    actions.take(disposal_ids=[disposal.pk], post=chief(), by=second(), at=LATER)
    assert told(town()) == []
    assert told(chief()) == [("disposal.given", 1)]
    assert told(office.post("task_force", office.OTHER_TOWN)) == []


def test_what_comes_back_says_why() -> None:
    disposal = opened("yellow")
    actions.take(disposal_ids=[disposal.pk], post=town(), by=chief(), at=AT)
    task = disposal.tasks.order_by("pk").first()
    assert task
    prove(task, town())
    actions.do_task(task_id=task.pk, result="已办", by=town(), at=AT)
    actions.return_task(task_id=task.pk, why="佐证不清楚", by=second(), at=LATER)
    assert ("measure.returned", 1) in told(town())
    client = sits(town())
    assert "佐证不清楚" in page(client)
    assert f"退回补办：{task.says}" in client.get(reverse("home-work"), {"when": "returned"}).content.decode()


def test_a_deadline_that_moves_or_passes_is_told() -> None:
    disposal = opened("red")
    actions.take(disposal_ids=[disposal.pk], post=town(), by=chief(), at=AT)
    first = disposal.tasks.order_by("due_on").first()
    assert first
    late = AT.replace(year=first.due_on.year, month=first.due_on.month, day=first.due_on.day) + timedelta(1)
    assert [kind for kind, _ in told(town(), late - timedelta(hours=12), late)] == ["measure.overdue"]
    assert told(town(), late, late + timedelta(hours=1)) == []  # told once
    actions.set_day(on=date(2026, 11, 20), is_worked=False, note="停电", by=chief(), at=LATER)
    assert "measure.moved" in {kind for kind, _ in told(town(), AT)}


def test_a_second_signature_is_asked_for_and_its_answer_told() -> None:
    disposal = opened("decide")
    analyst = office.post("analyst")
    decision = ratings.propose(
        institution_id=disposal.institution_id, colour="yellow", reason="经集体研究", expires_on=date(2026, 12, 2), by=analyst, at=AT
    )  # fmt: skip
    assert told(second()) == [("decision.unsigned", 1)]
    assert told(analyst) == []
    ratings.approve(decision_id=decision.pk, by=second(), at=LATER)
    assert told(second()) == [("decision.ending", 1)]
    assert set(told(analyst)) == {("decision.approved", 1), ("decision.ending", 1)}


@pytest.mark.parametrize("role", sorted(set(roles()) - {"institution"}))
def test_every_role_has_a_page_of_notices(role: str) -> None:
    assert "近来没有通知" in page(sits(office.post(role)))


def test_the_bell_costs_nothing_once_it_was_counted() -> None:
    actions.take(disposal_ids=[opened("red").pk], post=town(), by=chief(), at=AT)
    client = sits(town())
    counted = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            assert '<span class="count" title="未读">1</span>' in page(client, "institution-list")
        counted.append(len(captured))
    assert counted[0] - counted[1] == 4  # up to when it was read, what acts did, days set apart, what days did


def test_the_bell_does_not_grow_with_the_news() -> None:
    def n_queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page(sits(town()))
        return len(captured)

    ids: list[Any] = [opened("red", name=f"康乐{n}院").pk for n in range(4)]
    actions.take(disposal_ids=ids[:1], post=town(), by=chief(), at=AT)
    before = n_queries()
    for n, pk in enumerate(ids[1:]):
        actions.take(disposal_ids=[pk], post=town(), by=chief(), at=AT + timedelta(minutes=n))
    assert n_queries() == before


def test_what_a_page_asks_by_itself_keeps_no_session_alive() -> None:
    client = sits(town())
    before = client.session["seen"]
    client.get(reverse("home-bell"), headers={"X-Background": "1"})
    assert client.session["seen"] == before
    session = client.session
    session["seen"] = 0
    session.save()
    assert client.get(reverse("home-bell"), headers={"X-Background": "1"})["Location"].startswith("/login/")


def test_reading_is_no_act() -> None:
    client = sits(town())
    before = Entry.objects.count()
    client.post(reverse("home-notices-read"))
    assert Entry.objects.count() == before
