"""Lists on paper: the whole list as it was narrowed, who printed it and when; longer than the limit, and it says so."""

from __future__ import annotations

import pytest
from django.test import Client

from shouhu.ledgers.journal.models import Entry
from tests import office

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    for number in range(60):
        office.institution(f"{number:02}号养老院", kind="养老机构" if number % 2 else "护理院")
    return office.sit(Client(), office.post())


def text(client: Client, query: str) -> str:
    return client.get(f"/institution/?{query}").content.decode()


def test_paper_holds_the_whole_list_and_what_it_was_narrowed_to(client: Client) -> None:
    page = text(client, "q=号养老院&page=2")
    assert page.count("号养老院</a>") == 10 and "?q=%E5%8F%B7%E5%85%BB%E8%80%81%E9%99%A2&amp;print=1" in page
    paper = text(client, "q=号养老院&print=1")
    assert paper.count("号养老院</a>") == 60
    assert "号养老院</p>" in paper and office.post().unit.name in paper and "只印出" not in paper
    for gone in ('class="rooms"', 'class="filters"', 'class="pager"', 'name="pick"', "导出"):
        assert gone not in paper
    entry = Entry.objects.get(verb="list.printed")
    assert (entry.subject, entry.outcome) == ("route/institution-list", "read")


def test_a_list_that_is_too_long_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shouhu.web.paging.MOST_PRINTED", 20)
    paper = text(client, "print=1")
    assert paper.count("号养老院</a>") == 20 and "只印出前 20 条，共 60 条" in paper
