"""Servers that a test starts for itself and throws away."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_OWNER = "postgres"


def postgresql_binaries() -> Path | None:
    """This function will find the folder with Debian's newest PostgreSQL server programs; None: there is none."""
    found = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return max((path.parent for path in found), key=lambda bin_: float(bin_.parent.name), default=None)


@contextmanager
def postgresql(binaries: Path) -> Iterator[Path]:
    """
    This function will run an empty PostgreSQL server (no network, no durability, ``jit`` off) and give its socket's folder.

    Connect with ``host=folder user=postgres``. As root it runs as the user postgres, since the server refuses root.
    """
    home = Path(tempfile.mkdtemp(prefix="shouhu-"))  # not under pytest's folder, which the user postgres may not enter
    as_owner = ["runuser", "-u", _OWNER, "--"] if os.geteuid() == 0 else []
    if as_owner:
        shutil.chown(home, _OWNER)

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [*as_owner, str(binaries / program), *arguments], check=True, cwd=home, stdout=subprocess.DEVNULL
        )

    data = str(home / "data")
    options = f"-k {home} -c listen_addresses='' -c fsync=off -c jit=off"
    try:
        run("initdb", "-D", data, "-U", _OWNER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        run("pg_ctl", "-D", data, "-l", str(home / "log"), "-o", options, "-w", "start")
        try:
            yield home
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(home)
