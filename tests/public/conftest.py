"""A public site with an office behind it; forms are taken in by the thread that sends them, inside the test's transaction."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import now

from shouhu.ledgers.tips import actions
from shouhu.public import limits
from shouhu.public.counter import counter
from tests import office


@pytest.fixture(autouse=True)
def _counts() -> None:
    limits.intake.clear()
    limits.tries.clear()


@pytest.fixture
def own_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counter, "hand_in", lambda form: actions.take_in(form=form, by=None, at=now()))


@pytest.fixture
def site(own_thread: None) -> Client:
    """A visitor's browser; the county has a campaign office and two towns."""
    office.post("campaign_office")
    return Client()


class Walk:
    """A visitor on the way through the screens: what is on the page, and what is sent from it."""

    def __init__(self, client: Client, path: str = "/public/form/", **headers: str) -> None:
        self.client, self.path, self.headers = client, path, headers
        self.answer: Any = client.get(path, headers=headers)

    def send(self, **sent: Any) -> Walk:
        """This function will send the page's form with these values besides what it hides."""
        self.answer = self.client.post(self.path, {**self.hidden, **sent}, headers=self.headers)
        return self

    @property
    def page(self) -> str:
        return str(self.answer.content.decode())

    @property
    def hidden(self) -> dict[str, str]:
        return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', self.page))

    @property
    def receipt(self) -> str:
        return "".join(re.findall(r"<span>(\w{4})</span>", self.page))


@pytest.fixture
def told(site: Client) -> Callable[..., Walk]:
    """This function will tell something on all three screens and give the page with the receipt."""

    def tell(text: str = "张三骗老人投资", **last: Any) -> Walk:
        return Walk(site).send(text=text).send().send(**last)

    return tell
