"""What a user's machine may lack makes a test skip; under SHOUHU_NO_SKIPS (set by .ci/run) a skip is a failure."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from pathlib import Path
from typing import TypeVar

import pytest

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)
SOURCES = Path(__file__).resolve().parents[2] / "shared" / "sources"
"""The documents that the requirements come from; they are not part of the repository."""
SOAK = os.environ.get("SHOUHU_SOAK") == "1"
NO_SKIPS = os.environ.get("SHOUHU_NO_SKIPS") == "1"


@pytest.fixture(autouse=True)
def _own_index() -> None:
    """Each test has an index of similar tips of its own: it lives in the process, and the database of a test does not."""
    if alike := sys.modules.get("shouhu.ledgers.tips.alike"):  # nothing to forget where no test has loaded it
        alike.forget()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """This function will leave the longest tests to ``make soak``, and those of the source documents to where they lie."""
    left_out = [name for name, is_in in (("soak", SOAK), ("sources", SOURCES.is_dir())) if not is_in]
    kept = [item for item in items if not any(map(item.get_closest_marker, left_out))]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """This function will turn the report of a skipped test into that of a failed one."""
    return _refuse_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """This function will do the same for a module that skips itself while it is collected."""
    return _refuse_skip((yield))


def _refuse_skip(report: Report) -> Report:
    if NO_SKIPS and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome, report.longrepr = "failed", f"Skipped under SHOUHU_NO_SKIPS=1: {reason}"
    return report
