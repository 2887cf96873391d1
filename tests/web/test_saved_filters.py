"""Saved filters: one's own, of lists one may open, kept by name."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from shouhu.ledgers.units.actions.keeping import MOST_FILTERS
from shouhu.ledgers.units.models import SavedFilter
from tests import office

pytestmark = pytest.mark.django_db


def save(
    client: Client, route: str = "institution-list", query: str = "q=wl&page=3&kind=", name: str = "望澜的"
) -> int:
    return client.post(reverse("home-filter-save"), {"route": route, "query": query, "name": name}).status_code


def test_a_filter_is_kept_without_its_page_and_shown_as_a_chip(client: Client) -> None:
    office.sit(client, office.post())
    shown = client.get(reverse("institution-list"), {"q": "wl"}).content.decode()
    assert "保存当前筛选" in shown
    answer = client.post(
        reverse("home-filter-save"), {"route": "institution-list", "query": "q=wl&page=3&kind=", "name": "望澜的"}
    )
    assert answer["Location"] == "/institution/?q=wl"
    shown = client.get("/institution/?q=wl").content.decode()
    assert "望澜的" in shown and "保存当前筛选" not in shown and 'name="pick"' in shown
    assert "望澜的" in client.get("/institution/").content.decode()
    assert "望澜的" not in client.get(reverse("rating-list")).content.decode()


def test_the_same_name_replaces(client: Client) -> None:
    office.sit(client, office.post())
    assert [save(client), save(client, query="q=ky")] == [302, 302]
    assert list(SavedFilter.objects.values_list("name", "query")) == [("望澜的", "q=ky")]


def test_only_ones_own_can_be_seen_and_dropped(client: Client) -> None:
    office.sit(client, office.post())
    save(client)
    kept = SavedFilter.objects.get()
    other = office.sit(Client(), office.post("leader"))
    assert "望澜的" not in other.get(reverse("institution-list")).content.decode()
    answers = [other.post(reverse("home-filter-drop"), {"pick": pk}).status_code for pk in (kept.pk, 987654, "x")]
    assert answers == [409, 409, 409]
    assert client.post(reverse("home-filter-drop"), {"pick": kept.pk})["Location"] == "/institution/"
    assert not SavedFilter.objects.exists()


def test_lists_that_one_may_not_open_are_not_there(client: Client) -> None:
    office.sit(client, office.post("auditor"))
    assert save(client) == 404
    assert [save(client, route=route) for route in ("", "nothing", "institution-page", "account-home")] == [404] * 4
    assert save(client, route="journal-list", query="outcome=read") == 302


def test_what_makes_no_sense_is_refused_in_words(client: Client) -> None:
    office.sit(client, office.post())
    assert save(client, name=" ") == 409
    assert save(client, query="page=2") == 409
    assert save(client, query=f"q={'x' * 600}") == 409
    for n in range(MOST_FILTERS):
        assert save(client, name=f"第{n}个") == 302
    assert save(client, name="再一个") == 409
    assert SavedFilter.objects.count() == MOST_FILTERS
