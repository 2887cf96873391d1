"""Nothing that was acknowledged is lost: intake by 20 clients at once, killed with kill -9 at random moments."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.jobs.homes import ROOT, environment

KILLS = 1000 if os.environ.get("SHOUHU_SOAK") == "1" else 20


def test_every_receipt_that_reached_its_client_leads_to_a_whole_tip(tmp_path: Path) -> None:
    program = ROOT / "tests" / "security" / "kill_rounds.py"
    ran = subprocess.run(
        [sys.executable, str(program), str(KILLS)], env=environment(tmp_path / "home"), cwd=ROOT, text=True,
        capture_output=True, timeout=7200,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-2000:]
    result = json.loads(ran.stdout.splitlines()[-1])
    kept = {name: result.pop(name) for name in ("kills", "told", "found", "kept")}
    assert result == {"lost": 0, "torn": 0, "other": 0, "doubled": 0, "half": 0, "unsound": 0}
    assert kept["found"] == kept["told"] > KILLS and kept["kept"] >= kept["told"]
