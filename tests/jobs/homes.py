"""Folders SHOUHU_HOME that tests make, fill and serve from, each command in a process of its own as in an office."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PASSPHRASE = "望澜区二〇二六年备份口令"
CHEAP = 1 << 10
"""Cost of a guess at the passphrase, for tests that open many files."""
WRITER = """
import sys, django
django.setup()
from django.db import transaction
from django.utils.timezone import now
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.vault import actions as vault
name = sys.argv[1]
for number in range(int(sys.argv[2])):
    with transaction.atomic():
        token = f"{int(name):016x}{number:016x}"
        if number % 5 == 0:
            vault.store(content=token.encode() * 100, name="附件", media_type="text/plain", token=token, by=name, at=now())
        journal.record(verb="test.written", subject=f"test/{number}", by=name, at=now(), changes={"n": (None, number)})
"""


def environment(home: Path, **more: str) -> dict[str, str]:
    """This function will give the environment of a command in a home of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SHOUHU_")}
    settings = {"DJANGO_SETTINGS_MODULE": "shouhu.config.settings", "PYTHONPATH": str(ROOT), "SHOUHU_HOME": str(home)}
    return {**kept, **settings, "SHOUHU_PASSPHRASE": PASSPHRASE, **more}


def command(home: Path, *arguments: object, cheap: bool = False, **more: str) -> subprocess.CompletedProcess[str]:
    """This function will run ``shouhu …`` there; stdout and stderr come together."""
    program = "import sys; from shouhu import cli; sys.exit(cli.run(sys.argv[1:]))"
    if cheap:
        program = f"from shouhu.jobs import sealing; sealing.COST = {CHEAP}; {program}"
    return subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)], env=environment(home, **more), cwd=ROOT, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, timeout=300,
    )  # fmt: skip


def write(home: Path, name: int, n_acts: int, **more: str) -> subprocess.Popen[bytes]:
    """This function will start a process that journals acts and stores a file with every fifth."""
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(name), str(n_acts)], env=environment(home, **more), cwd=ROOT
    )
