"""The folder SHOUHU_HOME as a whole: one desk at a time serves from it, and what stood there is set aside, never deleted."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

from django.utils.timezone import localtime

from shouhu.ledgers.units.refusals import Refused

MOVED_TOGETHER = ("shouhu.sqlite3", "shouhu.sqlite3-wal", "shouhu.sqlite3-shm", "files", "keys", "https")
"""Database, uploads, keys and certificates belong together: none of them is of use without the others."""
_LOCKED_AT = 1 << 20  # far behind the text, which Windows would otherwise not let others read


class InUse(Refused):
    """A desk is serving from this folder; ``address`` is where."""

    def __init__(self, address: str) -> None:
        super().__init__(f"守护正在运行（{address}）。请先在它的窗口按 Ctrl+C 停下，再试一次。")
        self.address = address


@contextmanager
def occupied(home: Path, doing: str) -> Iterator[Callable[[str], None]]:
    """
    This function will hold the folder for as long as the block runs; the system lets go of it when the process dies.

    :param doing: what others are told meanwhile; a server replaces it by its address with what the block is given.
    :raises InUse: somebody else holds it.
    """
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = home / "running"
    path.touch(mode=0o600)
    with path.open("r+", encoding="utf-8") as file:
        if not _lock(file):
            raise InUse(path.read_text("utf-8"))

        def note(text: str) -> None:
            file.seek(0)
            file.write(text)
            file.truncate()
            file.flush()

        note(doing)
        yield note


def set_aside(home: Path, name: str, at: datetime) -> Path:
    """This function will move database, files, keys and certificates into ``home/name-20220531-0930`` and give that folder."""
    folder = home / f"{name}-{localtime(at):%Y%m%d-%H%M%S}"
    folder.mkdir(mode=0o700)
    move(home, folder)
    return folder


def move(from_folder: Path, to_folder: Path) -> None:
    """This function will move what belongs together from one folder to another on the same disk."""
    for name in MOVED_TOGETHER:
        if (from_folder / name).exists():
            (from_folder / name).rename(to_folder / name)


def _lock(file: IO[str]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(_LOCKED_AT)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            file.seek(0)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
