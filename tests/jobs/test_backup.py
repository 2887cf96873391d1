"""Backup and restore in processes of their own: taken while others write, refused when anything is wrong with it."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from shouhu.jobs import backup, sealing
from tests.jobs.homes import CHEAP, PASSPHRASE, command, write
from tests.servers import postgresql, postgresql_binaries

N_FLIPS = 100 if os.environ.get("SHOUHU_SOAK") else 20
N_WRITERS = 20 if os.environ.get("SHOUHU_SOAK") else 4
Made = Callable[[str], Path]


def entries(home: Path, upto: int | None = None) -> list[tuple[object, ...]]:
    """This function will give the journal of an embedded database, up to a number."""
    with closing(sqlite3.connect(home / "shouhu.sqlite3")) as database:
        rows = database.execute("SELECT * FROM journal_entry WHERE seq <= ? ORDER BY seq", [upto or 1 << 60])
        return rows.fetchall()


def snapshot(home: Path) -> dict[str, bytes]:
    """This function will give the content of every file of a home that a restore could touch."""
    kept = [
        path for path in home.rglob("*") if path.is_file() and path.parts[len(home.parts)] in ("files", "keys", "https")
    ]
    return {str(path.relative_to(home)): path.read_bytes() for path in [*kept, home / "shouhu.sqlite3"]}


@pytest.fixture(scope="module")
def small(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A small backup that is cheap to open, also for this process."""
    folder = tmp_path_factory.mktemp("small")
    home = Path(shutil.copytree(prepared, folder / "home"))
    done = command(home, "backup", folder / "one.shouhu", cheap=True)
    assert done.returncode == 0, done.stdout
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealing, "COST", CHEAP)
        yield folder / "one.shouhu"


def test_what_was_written_until_the_snapshot_is_there_after_a_restore(new_home: Made, tmp_path: Path) -> None:
    home, other = new_home("home"), tmp_path / "other"
    writers = [write(home, name, 40) for name in range(1, N_WRITERS + 1)]
    while len(entries(home)) < 5 and any(writer.poll() is None for writer in writers):
        pass
    made = command(home, "backup", tmp_path)
    assert [writer.wait() for writer in writers] == [0] * N_WRITERS
    assert made.returncode == 0, made.stdout
    assert "已备份并核对" in made.stdout
    assert len(entries(home)) == N_WRITERS * 40 + 1  # all acts, and the backup itself

    (file,) = tmp_path.glob("*.shouhu")
    back = command(other, "restore", file, "--yes")
    assert back.returncode == 0, back.stdout
    n = len(entries(other)) - 1  # the last entry is that of the restore
    assert 5 <= n <= N_WRITERS * 40
    assert entries(other, n) == entries(home, n)
    with closing(sqlite3.connect(other / "shouhu.sqlite3")) as database:
        tokens = [token for (token,) in database.execute("SELECT token FROM vault_storedfile")]
    assert tokens
    for token in tokens:
        place = Path("files", token[:2], token)
        assert (other / place).read_bytes() == (home / place).read_bytes()
    for key in ("0.key", "1.key"):
        assert (other / "keys" / key).read_bytes() == (home / "keys" / key).read_bytes()
    assert write(other, 99, 1).wait() == 0  # and the desk goes on


def test_what_stood_there_before_a_restore_is_set_aside(new_home: Made, small: Path) -> None:
    home = new_home("home")
    write(home, 1, 6).wait()
    before = snapshot(home)
    back = command(home, "restore", small, "--yes", cheap=True)
    assert back.returncode == 0, back.stdout
    (aside,) = home.glob("before-restore-*")
    assert snapshot(aside) == before
    assert [entry[3] for entry in entries(home)] == ["backup.restored"]
    assert not (home / "files").exists()


def test_a_wrong_passphrase_a_cut_file_and_a_foreign_one_change_nothing(
    new_home: Made, small: Path, tmp_path: Path
) -> None:
    home = new_home("home")
    before = snapshot(home)
    (tmp_path / "cut.shouhu").write_bytes(small.read_bytes()[:-1])
    (tmp_path / "foreign.shouhu").write_bytes(b"PK\3\4" + bytes(1000))
    tried = [
        command(home, "restore", small, "--yes", cheap=True, SHOUHU_PASSPHRASE="另一个足够长的备份口令"),
        command(home, "restore", tmp_path / "cut.shouhu", "--yes", cheap=True),
        command(home, "restore", tmp_path / "foreign.shouhu", "--yes", cheap=True),
    ]
    assert [(done.returncode, "没有做任何改动" in done.stdout) for done in tried] == [(2, True)] * 3
    assert snapshot(home) == before
    assert not list(home.glob("before-restore-*"))
    assert not list(home.glob("backup-*"))


def test_any_flipped_bit_is_refused(small: Path, tmp_path: Path) -> None:
    content, dice = small.read_bytes(), random.Random(23)
    whole = backup.examine(small, PASSPHRASE)
    assert whole.n_rows > 0
    changed = tmp_path / "changed.shouhu"
    for _ in range(N_FLIPS):
        place = dice.randrange(len(content) * 8)
        flipped = bytearray(content)
        flipped[place // 8] ^= 1 << place % 8
        changed.write_bytes(flipped)
        with pytest.raises(backup.BackupRefused, match="没有做任何改动"):
            backup.examine(changed, PASSPHRASE)


def test_a_backup_from_a_newer_version_or_another_kind_of_database_waits(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    whole = backup.examine(small, PASSPHRASE)
    newer = replace(whole.contents, migrations=[*whole.contents.migrations, ("units", "9999_later")])
    with pytest.raises(backup.BackupRefused, match="更新的版本"):
        backup._require_fit(replace(whole, contents=newer), small.parent)
    with pytest.raises(backup.BackupRefused, match="不能互相恢复"):
        backup._require_fit(replace(whole, contents=replace(whole.contents, engine="postgresql")), small.parent)


def test_a_short_passphrase_and_a_file_that_is_there_are_refused(small: Path) -> None:
    home = small.parent / "home"
    short = command(home, "backup", small.parent, SHOUHU_PASSPHRASE="12345678")
    again = command(home, "backup", small)
    assert (short.returncode, again.returncode) == (2, 2)
    assert "至少 12 个字" in short.stdout


def test_the_nightly_backup_keeps_the_newest(new_home: Made, tmp_path: Path) -> None:
    home, folder = new_home("home"), tmp_path / "夜"
    folder.mkdir()
    asked = command(home, "backup", folder, "--nightly", cheap=True)
    assert asked.returncode == 0, asked.stdout
    for night in range(1, 16):
        (folder / f"每夜-202601{night:02}-023000.shouhu").touch()
    program = "import django; django.setup(); from django.utils.timezone import now; from shouhu.jobs import chores; chores.back_up(now())"
    import subprocess
    import sys

    from tests.jobs.homes import environment

    subprocess.run([sys.executable, "-c", program], env=environment(home), check=True)
    kept = sorted(path.name for path in folder.glob("每夜-*"))
    assert len(kept) == 14
    assert not kept[-1].startswith("每夜-202601")
    assert len(list(folder.glob("守护-*"))) == 1  # those made by hand stay
    assert command(home, "backup", "--no-nightly").returncode == 0
    assert not (home / "keys" / "nightly.json").exists()


def test_postgresql_goes_into_an_empty_database_and_nowhere_else(tmp_path: Path) -> None:
    binaries = postgresql_binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL server")
    with postgresql(binaries) as server:
        with psycopg.connect(host=str(server), user="postgres", autocommit=True) as admin:
            for name in ("one", "two"):
                admin.execute(f"CREATE DATABASE {name}")
        one, two = (f"postgresql://postgres@{str(server).replace('/', '%2F')}/{name}" for name in ("one", "two"))
        home, other = tmp_path / "home", tmp_path / "other"
        assert command(home, "desk", "prepare", SHOUHU_DATABASE=one).returncode == 0
        writers = [write(home, name, 20, SHOUHU_DATABASE=one) for name in (1, 2)]
        writers[0].wait()
        made = command(home, "backup", tmp_path, cheap=True, SHOUHU_DATABASE=one)
        assert (made.returncode, [writer.wait() for writer in writers]) == (0, [0, 0]), made.stdout
        (file,) = tmp_path.glob("*.shouhu")
        full = command(other, "restore", file, "--yes", cheap=True, SHOUHU_DATABASE=one)
        assert (full.returncode, "新的空数据库" in full.stdout) == (2, True), full.stdout
        back = command(other, "restore", file, "--yes", cheap=True, SHOUHU_DATABASE=two)
        assert back.returncode == 0, back.stdout
        with psycopg.connect(host=str(server), user="postgres", dbname="one") as a, \
                psycopg.connect(host=str(server), user="postgres", dbname="two") as b:  # fmt: skip
            rows = "SELECT * FROM journal_entry ORDER BY seq"
            first, second = a.execute(rows).fetchall(), b.execute(rows).fetchall()
        assert len(second) - 1 >= 20
        assert second[:-1] == first[: len(second) - 1]
        assert write(other, 9, 5, SHOUHU_DATABASE=two).wait() == 0  # numbers go on after those restored
