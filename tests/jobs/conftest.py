"""A home with an empty, migrated database, made once."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.jobs.homes import command


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The one that is copied; nobody writes to it."""
    home = tmp_path_factory.mktemp("prepared") / "home"
    done = command(home, "desk", "prepare")
    assert done.returncode == 0, done.stdout
    return home


@pytest.fixture
def new_home(prepared: Path, tmp_path: Path) -> Callable[[str], Path]:
    """Gives a home of one's own by name."""
    return lambda name: Path(shutil.copytree(prepared, tmp_path / name))
