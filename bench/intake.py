"""Taking tips in: durable tips a second from 16 clients at once, beside the disk's flushes and the same rows written bare."""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

from bench.measure import Line, at_least

CLIENTS = 16
TIPS_A_SECOND = 500
FLUSHES = 300
TEXT = "我妈七十三岁，上个月被楼下新开的康养中心拉去听课，交了三万八说是存床位，每个月还给返六百，现在门锁了电话也没人接，怎么办？"
COUNTY = "990101000000"


def figures(n_tips: int) -> Iterator[Line]:
    """This function will make an office in a home of its own, and let the clients hand ``n_tips`` in, by turns with the peers."""
    home = Path(tempfile.mkdtemp(prefix="shouhu-bench-"))
    os.environ |= {"SHOUHU_HOME": str(home), "DJANGO_SETTINGS_MODULE": "shouhu.config.settings"}
    try:
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        yield from _figures(home, n_tips)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _figures(home: Path, n_tips: int) -> Iterator[Line]:
    from django.db import connection

    from shouhu.ledgers.informants import actions as informants
    from shouhu.ledgers.tips import actions
    from shouhu.ledgers.tips.models import Tip
    from shouhu.ledgers.units.models import Post, Unit
    from shouhu.public.counter import Counter

    unit = Unit.objects.create(code=COUNTY, name="专项办", kind="campaign_office")
    post = Post.objects.create(code="P1", title="综合岗", role="campaign_office", unit=unit)
    keeper = Post.objects.create(code="P2", title="保密员", role="confidential", unit=unit)
    from datetime import UTC, datetime

    informants.make_key(passphrase=secrets.token_hex(16), by=keeper, at=datetime.now(UTC))
    assert post.pk
    connection.close()
    counter = Counter()
    named = {"name": "赵某某", "phone": "13800000000"}

    def form(k: int) -> actions.Form:
        return actions.Form(
            key=secrets.token_hex(16), channel="public", code=COUNTY, text=f"{k} {TEXT}", told={"named": "康养中心"},
            sum_fen=3_800_000, n_victims=1, is_urgent=True, identity=named if k % 2 else None,
        )  # fmt: skip

    bare = _Bare(home / "bare.sqlite3")
    yield Line("flushes of the disk", f"{_flushes(home):,.0f} /s", f"{FLUSHES} of 4 KB, one after the other")
    crowd(CLIENTS * 8, lambda k: bare.insert(k))
    rate, p50, p99 = crowd(n_tips // 4, lambda k: bare.insert(k))
    yield Line("the same text, bare, a transaction each", f"{rate:,.0f} /s", f"median {p50:,.0f} ms, p99 {p99:,.0f} ms")
    crowd(CLIENTS * 8, lambda k: counter.hand_in(form(k)))
    before = Tip.objects.count()
    rate, p50, p99 = crowd(n_tips, lambda k: counter.hand_in(form(k)))
    assert Tip.objects.count() - before == n_tips
    connection.close()
    yield at_least(f"tips from {CLIENTS} clients, half of them with a name", rate, TIPS_A_SECOND, " /s",
                   f"median {p50:,.0f} ms, p99 {p99:,.0f} ms; sealed, journalled, flushed")  # fmt: skip


def crowd(n: int, act: Callable[[int], object]) -> tuple[float, float, float]:
    """This function will let the clients act ``n`` times in all, and give acts a second, and median and p99 in ms."""
    numbers, taken, door = count(), [], threading.Lock()

    def client() -> None:
        while (k := next(numbers)) < n:
            started = time.perf_counter()
            act(k)
            with door:
                taken.append((time.perf_counter() - started) * 1000)

    clients = [threading.Thread(target=client) for _ in range(CLIENTS)]
    started = time.perf_counter()
    for one in clients:
        one.start()
    for one in clients:
        one.join()
    seconds = time.perf_counter() - started
    taken.sort()
    return n / seconds, taken[n // 2], taken[int(n * 0.99)]


class _Bare:
    """What somebody would write first: a connection a client, one insert, one commit."""

    def __init__(self, path: Path) -> None:
        self._path, self._local = path, threading.local()
        with sqlite3.connect(path) as made:
            made.execute("PRAGMA journal_mode=WAL")
            made.execute("CREATE TABLE tip (id INTEGER PRIMARY KEY, text TEXT, at REAL)")

    def insert(self, k: int) -> None:
        """This function will insert one row durably."""
        if not hasattr(self._local, "connection"):
            self._local.connection = sqlite3.connect(self._path, timeout=60, isolation_level=None)
            self._local.connection.execute("PRAGMA synchronous=FULL")
        connection = self._local.connection
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO tip (text, at) VALUES (?, ?)", (f"{k} {TEXT}", time.time()))
        connection.execute("COMMIT")


def _flushes(home: Path) -> float:
    block = os.urandom(4096)
    with (home / "flushed").open("wb") as file:
        started = time.perf_counter()
        for _ in range(FLUSHES):
            file.write(block)
            file.flush()
            os.fsync(file.fileno())
        return FLUSHES / (time.perf_counter() - started)
