"""
Informants cannot be found: unique canaries go through every function, and then every byte that the desk left is searched.

In a home and a process of its own: database with its write-ahead log, stored files, backups, everything that was deleted on the way,
memory, log at DEBUG, addresses, redirects, headers, titles, sessions, and all pages, exports and prints. SHOUHU_SOAK=1: 1,000 tips.
"""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from shouhu.ledgers.tips.workflow import transitions
from tests.jobs.homes import ROOT, environment
from tests.security.canary import STEMS, Informant, files_with, kinds_in, needles
from tests.security.canary_desk import SHOWN
from tests.security.doors import routes

MEMORY = Path("/dev/shm")
"""Where lists with names lie while they are read, if the system has such a place."""
N_TIPS = 1000 if os.environ.get("SHOUHU_SOAK") == "1" else 100
ROOMS = ("public-", "tip-", "informant-", "journal-")
ELSEWHERE = {
    "informant-key-act move", "informant-key-act retire",  # after a rotation that was cut off; and at the end of a key: they hold no words
}  # fmt: skip
"""Acts that are not taken here, and why that tells nothing."""


@dataclass(frozen=True)
class Left:
    """What is there after the canaries went through."""

    home: Path
    temp: Path
    out: Path
    memory: dict[str, dict[str, str]]
    """New files in the memory that the system offers as a folder, which others use too, and what was found in each."""
    log: bytes
    said: dict[str, Any]


def in_memory() -> dict[str, bytes]:
    """This function will read the files of this account that lie in memory; none where the system has no such place."""
    found = {}
    for path in MEMORY.rglob("*"):
        with suppress(FileNotFoundError):  # a program beside this one is done with it
            if path.is_file() and path.stat().st_uid == os.getuid():
                found[str(path)] = path.read_bytes()
    return found


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Left:
    folder = tmp_path_factory.mktemp("canary")
    home, temp, out = folder / "home", folder / "temp", folder / "out"
    for one in (temp, out):
        one.mkdir()
    before = set(in_memory())
    ran = subprocess.run(
        [sys.executable, "-m", "tests.security.canary_trip", str(out), str(N_TIPS)], cwd=ROOT, capture_output=True, timeout=7200,
        env=environment(home, TMPDIR=str(temp), SHOUHU_DEBUG=""),
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr.decode("utf-8", "replace")[-4000:]
    memory = {path: kinds_in(content) for path, content in in_memory().items() if path not in before}
    log = ran.stderr + ran.stdout.rpartition(b"\n{")[0]
    return Left(home, temp, out, memory, log, json.loads(ran.stdout.splitlines()[-1]))


def test_whatever_way_a_canary_is_written_it_is_found() -> None:
    inside, deep = io.BytesIO(), io.BytesIO()
    for kind, way, needle in needles():
        for before in (b"", b"\0", b"ab"):
            assert set(kinds_in(before + needle + before)) == {kind}, way
    with zipfile.ZipFile(inside, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("a.xml", STEMS["name"] * 50)
    with zipfile.ZipFile(deep, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("b.xlsx", inside.getvalue())
    assert kinds_in(b"\0" * 7 + deep.getvalue()) == {"name": "utf-8"}
    one = Informant(7)
    assert set(kinds_in(one.photo().read())) == {"photo"} and set(kinds_in(one.letter().read())) == {"paper"}
    assert set(kinds_in(f"{one.text}{one.network_address}".encode("utf-16-le"))) == {
        "words", "card", "phone", "id_number", "address_of_net"}  # fmt: skip


def test_nothing_that_lies_on_the_disk_holds_a_canary(left: Left) -> None:
    """The home, what is left of temporary files and in memory, what was deleted, addresses and headers, sessions, backups."""
    assert files_with(left.home) == []
    assert files_with(left.temp) == []
    assert files_with(left.out) == []
    assert {path: found for path, found in left.memory.items() if found} == {}
    assert left.said["nameless"] == []
    for path in ("shouhu.sqlite3", "shouhu.sqlite3-wal"):
        assert (left.home / path).stat().st_size > 100_000
    deleted = [path.name.partition("-")[2] for path in (left.out / "deleted").iterdir()]
    assert len(deleted) == left.said["deleted"] and {"shouhu.sqlite3", "list.xlsx"} <= set(deleted)
    assert len(list(left.out.glob("nights/*.shouhu"))) == 1 and (left.out / "hand.shouhu").stat().st_size > 100_000
    assert (left.out / "sessions.json").stat().st_size > 1_000


def test_the_log_holds_no_canary_though_much_went_wrong(left: Left) -> None:
    assert kinds_in(left.log) == {}
    assert left.log.count(b"Internal Server Error") >= 4
    assert b"canary_ways.Broken" in left.log and b"a public page failed" in left.log and b" DEBUG " in left.log


def test_pages_show_canaries_where_they_may_and_nowhere_else(left: Left) -> None:
    assert left.said["leaks"] == []
    shown = {(route, who): frozenset(kinds) for route, who, kinds in left.said["shown"]}
    assert shown == {page: kinds for page, (kinds, why) in SHOWN.items() if why}


def test_no_function_was_left_out(left: Left) -> None:
    mine = {name for name in routes() if name.startswith(ROOMS)}
    assert mine <= set(left.said["asked"])
    verbs = {verb.partition(" ")[2] for verb in left.said["verbs"]}
    by_hand = {one.verb for one in transitions().values() if one.right} - {"help", "leave", "receive", "unbar"}
    assert by_hand <= verbs
    keys = {
        f"informant-key-act {verb}" for verb in ("make", "passphrase", "recover", "code", "rotate", "move", "retire")
    }
    assert keys - set(left.said["verbs"]) == ELSEWHERE
    kept = left.said["kept"]
    assert (
        kept["Tip"] > N_TIPS
        and kept["Identity"] > N_TIPS - 2
        and kept["Attachment"] > N_TIPS
        and kept["Entry"] > 3 * N_TIPS
    )
    assert {"200", "302", "404", "409", "413", "422", "500"} <= set(left.said["statuses"])


def test_addresses_tell_nothing_but_numbers(left: Left) -> None:
    told = (left.out / "answers.txt").read_text("utf-8")
    paths = {line.split(" ")[1].partition("?")[0] for line in told.splitlines() if re.match(r"(GET|POST|PUT) /", line)}
    assert paths and all(re.fullmatch(r"[a-z0-9/._-]*", path) for path in paths)
