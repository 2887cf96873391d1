"""A browser at the pages of tips: who sits there, what a page says, what a form answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from tests import office
from tests.ledgers.tips.way import COPY

LATER = office.AT + timedelta(hours=2)
"""When the pages are opened."""


def seat(post: Any, client: Client | None = None) -> Client:
    """This function will sit somebody at a post at the time of the tests."""
    client = office.sit(client or Client(), post)
    session = client.session
    del session["tips"]  # the tests of these pages look at the number
    session.save()
    session = client.session
    session.update(dict.fromkeys(("seen", "began"), LATER.timestamp()))
    session.save()
    return client


def text(client: Client, route: str, *args: Any, status: int = 200, **query: Any) -> str:
    """This function will open a page and give what it says."""
    response = client.get(reverse(route, args=args), query)
    assert response.status_code == status, response.content.decode()[:3000]
    return page_of(response)


def page_of(response: Any) -> str:
    """This function will give what a page says, without the manual beside it."""
    content: str = response.content.decode()
    return content.partition('<section class="drawer"')[0]


def send(client: Client, route: str, *args: Any, status: int = 302, **data: Any) -> str:
    """This function will send a form and give what the answer says."""
    response = client.post(reverse(route, args=args), data)
    assert response.status_code == status, response.content.decode()[:3000]
    return page_of(response)


SORTED: dict[str, Any] = {"is_in_scope": "yes", "says": "以养老服务为名收取预付款", "guise": "elder_service", "scheme": "prepaid_runaway",
          "code": office.TOWN, "copy": COPY}  # fmt: skip
