"""Passphrases that cost nothing, for tests that are not about their cost."""

from __future__ import annotations

import pytest

from shouhu.ledgers.vault import keys


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "MEMORY", 64)
    monkeypatch.setattr(keys, "PASSES", 1)
