"""``shouhu desk …``: made ready as often as one likes; the demo is left once and not lost."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.jobs.homes import command, environment

PEOPLE = ("--administrator", "张三", "--security", "李四", "--auditor", "王五")
DEMO_PERSON = """
import django; django.setup()
from django.utils.timezone import now
from shouhu.ledgers.units.actions import add_person
add_person(username="office", name="演示", encoded="!", by=None, at=now(), is_demo=True)
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a database in which one demo person has an account."""
    place = tmp_path_factory.mktemp("desk") / "home"
    assert command(place, "desk", "prepare").returncode == 0
    subprocess.run([sys.executable, "-c", DEMO_PERSON], env=environment(place), check=True)
    return place


def usernames(database: Path) -> list[str]:
    """This function will list who has an account."""
    with closing(sqlite3.connect(database)) as opened:
        return [name for (name,) in opened.execute("SELECT username FROM units_person ORDER BY username")]


def test_the_way_from_the_demo_to_a_real_district(home: Path) -> None:
    keys = (home / "keys" / "1.key").read_bytes()
    invented = command(home, "desk", "real", "--code", "990102", "--office", "专项办", *PEOPLE)
    assert (invented.returncode, "演示用的" in invented.stdout) == (2, True)
    unknown = command(home, "desk", "real", "--code", "123456", "--office", "专项办", *PEOPLE)
    assert unknown.returncode == 2, unknown.stdout
    assert usernames(home / "shouhu.sqlite3") == ["office"]  # a refusal puts the demo back
    assert (home / "keys" / "1.key").read_bytes() == keys
    assert not list(home.glob("demo-*"))

    left = command(home, "desk", "real", "--code", "110101", "--office", "东城区专项办", *PEOPLE)
    assert left.returncode == 0, left.stdout
    (aside,) = home.glob("demo-*")
    assert usernames(aside / "shouhu.sqlite3") == ["office"]
    assert usernames(home / "shouhu.sqlite3") == ["admin", "auditor", "security"]
    assert (aside / "keys" / "1.key").read_bytes() == keys != (home / "keys" / "1.key").read_bytes()
    passwords = [line.split("密码 ")[1] for line in left.stdout.splitlines() if "密码 " in line]
    assert len(set(passwords)) == 3
    assert min(map(len, passwords)) >= 16

    lost = command(home, "desk", "recover", "--username", "security")
    assert (lost.returncode, "密码 " in lost.stdout) == (0, True), lost.stdout
    assert lost.stdout.split("密码 ")[1].split()[0] not in passwords
    other = command(home, "desk", "recover", "--username", "admin")
    assert (other.returncode, "没有任安全管理员" in other.stdout) == (2, True)
    with closing(sqlite3.connect(home / "shouhu.sqlite3")) as opened:
        told = opened.execute("SELECT by FROM journal_entry WHERE verb = 'person.recovered'").fetchall()
    assert told == [("system",)]

    again = command(home, "desk", "real", "--code", "110101", "--office", "东城区专项办", *PEOPLE)
    assert (again.returncode, "已经有真实人员的账号" in again.stdout) == (2, True)
    ready = command(home, "desk", "prepare", "--demo")  # no demo comes back into a real district
    assert (ready.returncode, ready.stdout) == (0, "")


def test_an_update_keeps_a_copy_of_the_database(home: Path) -> None:
    with closing(sqlite3.connect(home / "shouhu.sqlite3")) as database, database:
        database.execute("DELETE FROM django_migrations WHERE app = 'jobs'")
        database.execute("DROP TABLE jobs_run")
    updated = command(home, "desk", "prepare")
    assert (updated.returncode, "正在更新数据库结构" in updated.stdout) == (0, True), updated.stdout
    (copy,) = (home / "before-update").glob("*.sqlite3")
    assert usernames(copy) == usernames(home / "shouhu.sqlite3")
