"""What several tests of pages share: when their pages are opened, and by whom."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.ledgers.tips.way import chief
from tests.web.tip_pages import LATER, seat


@pytest.fixture
def two_hours_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are opened two hours after the office began its day."""
    monkeypatch.setattr("shouhu.web.access.now", lambda: LATER)


@pytest.fixture
def desk(client: Client) -> Client:
    """The campaign office at its desk."""
    return seat(chief(), client)
