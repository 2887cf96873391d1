"""One world for all tests that knock at doors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.security.objects import LATER, World, built


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """This function will build the world once a module, a day before its pages are opened; nothing of it remains."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr("shouhu.web.access.now", lambda: LATER)
        yield built()
        transaction.set_rollback(True)
