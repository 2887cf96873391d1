"""A desk as an office runs it: processes of its own over https under two names, with a county, a town and their people."""

from __future__ import annotations

import base64
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.jobs.homes import ROOT, command, environment

DESK, PHONE = "desk.test", "phone.test"
FIRST_PASSWORD, PASSWORD = "初始口令 望澜 2026", "柳湾村口的老槐树又开花了"
WAIT = 240
STAFFED = """
import sys, django
django.setup()
from datetime import timedelta
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.timezone import localdate, now
from shouhu.ledgers.campaigns.actions import open_campaign
from shouhu.ledgers.units import actions
from shouhu.ledgers.units.models import Division, Unit
at = now()
with transaction.atomic():
    for code, name in (("990102000000", "望澜区"), ("990102001000", "清河镇"), ("990102001001", "柳湾村")):
        Division.objects.create(code=code, name=name)
    posts = {}
    for code, office, kind, title, role, username, name in (
        ("990102000000", "区专项办", "campaign_office", "专项办主任", "campaign_office", "office", "罗敏"),
        ("990102000000", "区专项办", "campaign_office", "专项办副主任", "campaign_office", "office2", "冯远"),
        ("990102000000", "区民政局", "civil_affairs", "养老科科长", "member_unit", "civil", "宋佳"),
        ("990102001000", "清河镇专班", "task_force", "镇街专班", "task_force", "town", "何川"),
    ):
        unit = Unit.objects.filter(name=office).first() or actions.add_unit(code=code, name=office, kind=kind, by=None, at=at)
        posts[username] = actions.add_post(unit_id=unit.pk, title=title, role=role, by=None, at=at)
        person = actions.add_person(username=username, name=name, encoded=make_password(sys.argv[1]), by=None, at=at)
        actions.appoint(post_id=posts[username].pk, person_id=person.pk, on=localdate(at), by=None, at=at)
    open_campaign(title="望澜区专项行动", ruleset_id="001", starts_on=localdate(at) - timedelta(30),
                  ends_on=localdate(at) + timedelta(120), by=posts["office"], at=at)
"""


@dataclass(frozen=True)
class Home:
    """A folder SHOUHU_HOME and the settings that go with it; ``database`` is empty for SQLite."""

    folder: Path
    database: str = ""

    @property
    def settings(self) -> dict[str, str]:
        """What its commands find in their environment."""
        return {"SHOUHU_DATABASE": f"{_server()}/{self.database}"} if self.database else {}

    def copied(self, name: str) -> Home:
        """This function will give another home with the same content."""
        folder = Path(shutil.copytree(self.folder, self.folder.parent / name))
        if not self.database:
            return Home(folder)
        _tell_server(f'CREATE DATABASE "{name}" TEMPLATE "{self.database}"')
        return Home(folder, name)


@dataclass(frozen=True)
class Desk:
    """A desk that is served, and how a browser trusts its certificate."""

    port: int
    spki: str

    def url(self, host: str) -> str:
        """This function will give its address under one of its names."""
        return f"https://{host}:{self.port}"


def staffed_home(folder: Path) -> Home:
    """This function will make a home with people at posts and nothing else; on PostgreSQL where the tests run on it."""
    home = Home(folder, "trip" if "SHOUHU_DATABASE" in os.environ else "")
    if home.database:
        _tell_server(f'CREATE DATABASE "{home.database}"')
    done = command(folder, "desk", "prepare", cheap=False, **home.settings)
    assert done.returncode == 0, done.stdout
    made = [sys.executable, "-c", STAFFED, FIRST_PASSWORD]
    subprocess.run(made, env=environment(folder, **home.settings), cwd=ROOT, check=True, timeout=WAIT)
    return home


@contextmanager
def served(home: Home) -> Iterator[Desk]:
    """This function will serve a desk as ``python3 start.py --lan`` does, until it is no longer wanted."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        wanted = probe.getsockname()[1]
    arguments = ["desk", "serve", "--lan", "--host", DESK, "--host", PHONE, "--port", str(wanted)]
    said = home.folder / "said.txt"
    with said.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "shouhu.cli", *arguments], env=environment(home.folder, **home.settings),
            cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    try:
        until = time.monotonic() + WAIT
        while f"守护已打开：https://{DESK}:" not in said.read_text():
            assert process.poll() is None and time.monotonic() < until, said.read_text()
            time.sleep(0.05)
        port = int(said.read_text().split(f"守护已打开：https://{DESK}:")[1].split("（")[0])
        yield Desk(port, _spki(home.folder / "https" / "server.crt"))
        assert "Traceback" not in said.read_text(), said.read_text()
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(WAIT)


def _spki(certificate: Path) -> str:
    """What Chromium calls a certificate that it is told to trust: the SHA-256 of its key in base64."""
    key = x509.load_pem_x509_certificate(certificate.read_bytes()).public_key()
    digest = hashes.Hash(hashes.SHA256())
    digest.update(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    return base64.b64encode(digest.finalize()).decode()


def _server() -> str:
    return os.environ["SHOUHU_DATABASE"].rpartition("/")[0]


def _tell_server(order: str) -> None:
    with psycopg.connect(f"{_server()}/postgres", autocommit=True) as connection:
        connection.execute(order.encode())
