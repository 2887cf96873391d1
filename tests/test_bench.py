"""The bench runs, at a size where its figures mean nothing; it stops where an engine disagrees with ours."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

for _peer in ("numpy", "zen", "rule_engine", "SpiffWorkflow", "sklearn", "datasketch"):
    pytest.importorskip(_peer, reason=f"{_peer} is not installed (requirements-bench.txt)")


@pytest.mark.parametrize("section", ["batch", "memory", "record", "text", "plans"])
def test_every_section_gives_its_figures(section: str) -> None:
    from bench.__main__ import main

    done = CliRunner().invoke(main, ["--rows", "2000", "--only", section], catch_exceptions=False)

    assert done.exit_code == 0
    assert "reached" in done.output
