"""A database in which several threads write at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection


@pytest.fixture
def on_disk(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """
    This function will move a test from SQLite's memory to a file.

    In memory, connections share one cache and refuse to wait for each other; on disk they wait, as they do in an office.
    """
    if connection.vendor != "sqlite" or not connection.is_in_memory_db():  # type: ignore[attr-defined]
        yield
        return
    connection.ensure_connection()
    name, kept = connection.settings_dict["NAME"], connection.connection
    path = tmp_path / "shared.sqlite3"
    copy = sqlite3.connect(path)
    kept.backup(copy)
    copy.close()
    connection.settings_dict["NAME"], connection.connection = str(path), None
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"], connection.connection = name, kept
