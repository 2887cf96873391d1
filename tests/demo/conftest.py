"""The example, written once for all tests that look at it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from shouhu.demo.example import write_example


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_example(tmp_path_factory.mktemp("example"), as_of=date(2026, 6, 1))
