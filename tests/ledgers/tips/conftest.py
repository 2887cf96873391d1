"""Each test with an index of similar tips of its own: it lives in the process, and the database of a test does not."""

from __future__ import annotations

import pytest

from shouhu.ledgers.tips import alike


@pytest.fixture(autouse=True)
def _own_index() -> None:
    alike.forget()
