"""The desk with a province's data: 40,000 institutions in 1,500 towns, 1,000,000 entries of the journal; an import beside it."""

from __future__ import annotations

import csv
import io
import multiprocessing
import os
import secrets
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from bench.measure import Line, at_most

AT = datetime(2026, 11, 18, 2, 30, tzinfo=UTC)
ENTRIES_AN_INSTITUTION = 25
COUNTIES, TOWNS_A_COUNTY, VILLAGES_A_TOWN = 100, 15, 10
REQUESTS = 40
SERVER_MS = 300
WRITER_SECONDS = 0.5


def figures(rows: int) -> Iterator[Line]:
    """This function will fill a database of its own and measure the pages that everybody opens, as a province's office."""
    home = Path(tempfile.mkdtemp(prefix="shouhu-bench-"))
    os.environ |= {"SHOUHU_HOME": str(home), "DJANGO_SETTINGS_MODULE": "shouhu.config.settings"}
    try:
        import django

        django.setup()
        from django.core.management import call_command

        from shouhu.jobs.chores import CHORES

        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        started = time.perf_counter()
        # In a process of its own: what filling leaves in memory would slow the measured one down.
        spawn = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1, mp_context=spawn, initializer=django.setup) as apart:
            institutions = apart.submit(_fill, rows).result()
        CHORES["tables.count"](AT)  # as every night
        yield Line("filled", f"{time.perf_counter() - started:,.0f} s", _sizes(home))
        yield from _pages(institutions)
        yield from _import(rows, home / "shouhu.sqlite3")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _sizes(home: Path) -> str:
    return f"{(home / 'shouhu.sqlite3').stat().st_size / 2**20:,.0f} MB of SQLite"


def _fill(rows: int) -> list[int]:
    from shouhu.demo.district import district
    from shouhu.ledgers.campaigns.models import Campaign
    from shouhu.ledgers.institutions.actions import copied
    from shouhu.ledgers.institutions.models import Institution, Place, Version
    from shouhu.ledgers.institutions.values import stored
    from shouhu.ledgers.journal.actions import Act, record_many
    from shouhu.ledgers.ratings import actions as ratings
    from shouhu.ledgers.units.models import Division, Person, Post, Tenure, Unit

    counties = [f"99{1 + k // 10:02d}{1 + k % 10:02d}000000" for k in range(COUNTIES)]
    towns = [f"{county[:6]}{k:03d}000" for county in counties for k in range(1, TOWNS_A_COUNTY + 1)]
    villages = [f"{town[:9]}{k:03d}" for town in towns for k in range(1, VILLAGES_A_TOWN + 1)]
    codes = ["990000000000", *sorted({f"{county[:4]}00000000" for county in counties}), *counties, *towns, *villages]
    Division.objects.bulk_create((Division(code=code, name=f"第{code}号") for code in codes), batch_size=2000)
    unit = Unit.objects.create(code=codes[0], name="省专项办", kind="campaign_office")
    post = Post.objects.create(code="P1", title="综合岗", role="campaign_office", unit=unit)
    person = Person.objects.create(username="bench", name="测量", must_change_password=False)
    Tenure.objects.create(post=post, person=person, from_on=date(2026, 1, 1))
    Campaign.objects.create(title="专项行动", code=codes[0], ruleset_id="001", starts_on=date(2026, 8, 1),
                            ends_on=date(2027, 3, 1))  # fmt: skip

    sample = district(1, as_of=date(2026, 11, 18)).institutions
    told = list(islice(cycle(sample), rows))
    made = Institution.objects.bulk_create(
        (
            Institution(
                number=f"{villages[k % len(villages)][:6]}-B{k:06d}", code=villages[k % len(villages)], source="import",
                found_at=AT, found_by=post, latitude=28 + k % 700 / 100, longitude=118 + k % 900 / 100,
                **{**copied(one.facts), "name": f"{one.name}{k // len(sample)}"},
            )
            for k, one in enumerate(told)
        ),
        batch_size=1000,
    )  # fmt: skip
    parts = [stored(one.facts) for one in told]
    Version.objects.bulk_create(
        (
            Version(institution=row, n=1, facts=plain, personal=personal, cause="import", recorded_at=AT, recorded_by=post,
                    origins={name: ["import", "", "2026-11-18"] for name in (*plain, *personal)})
            for row, (plain, personal) in zip(made, parts, strict=True)
        ),
        batch_size=1000,
    )  # fmt: skip
    Place.objects.bulk_create((Place(institution=row, code=row.code, source="import") for row in made), batch_size=2000)
    ids = [row.pk for row in made]
    for first in range(0, len(ids), 2000):
        at = AT - timedelta(minutes=len(ids) - first)
        ratings.rate(institution_ids=ids[first : first + 2000], ruleset_id="001", by=post, at=at)
    acts = (Act("institution.revised", f"institution/{ids[k % len(ids)]}", "", {"n_beds": (k, k + 1)})
            for k in range(rows * ENTRIES_AN_INSTITUTION))  # fmt: skip
    while chunk := list(islice(acts, 5000)):
        record_many(acts=chunk, by="P1", at=AT)
    return ids


def _pages(institutions: list[int]) -> Iterator[Line]:
    from django.db import connection, reset_queries
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    from shouhu.ledgers.units.models import Post
    from tests.office import sit

    client = sit(Client(SERVER_NAME="localhost"), Post.objects.get())
    step = max(len(institutions) // REQUESTS, 1)
    pages: dict[str, Callable[[int], tuple[str, dict[str, Any]]]] = {
        "home": lambda k: (reverse("home"), {}),
        "home, its figures": lambda k: (reverse("home-figures"), {}),
        "institution list": lambda k: (reverse("institution-list"), {"page": k + 1}),
        "institution list, searched": lambda k: (reverse("institution-list"), {"q": "养老院" if k % 2 else "wl"}),
        "colour list": lambda k: (reverse("rating-list"), {"colour": ("red", "orange", "yellow", "green")[k % 4]}),
        "map": lambda k: (reverse("rating-map"), {}),
        "map points": lambda k: (reverse("rating-points"), {}),
        "institution page": lambda k: (reverse("institution-page", args=[institutions[k * step]]), {}),
        "disposal list": lambda k: (reverse("disposal-list"), {"page": k + 1}),
    }
    for name, address in pages.items():
        taken, queries = [], set()
        for k in range(REQUESTS + 2):
            url, query = address(min(k, REQUESTS - 1))
            reset_queries()
            with CaptureQueriesContext(connection) as captured:
                started = time.perf_counter()
                response = client.get(url, query)
                seconds = time.perf_counter() - started
            assert response.status_code == 200, (url, response.status_code)
            if k >= 2:  # the first ones load templates
                taken.append(seconds * 1000)
                queries.add(len(captured))
        p95 = sorted(taken)[int(len(taken) * 0.95) - 1]
        yield at_most(f"{name}: p95", p95, SERVER_MS, " ms", f"{min(queries)}–{max(queries)} queries")


def _import(rows: int, database: Path) -> Iterator[Line]:
    """A register of as many rows again, staged and taken over, while another process writes all the time."""
    from django.db import connection

    from shouhu.jobs.imports import rest
    from shouhu.ledgers.disposals.actions import settle_batch
    from shouhu.ledgers.institutions import actions, queries
    from shouhu.ledgers.units.models import Division, Post

    post = Post.objects.get()
    villages = Division.objects.filter(code__startswith="990101").exclude(code__endswith="000").order_by("code")
    names = cycle([(f"第{one.code[:9]}000号", one.name) for one in villages])
    table = io.StringIO()
    csv.writer(table).writerows(
        [
            (
                "机构名称",
                "所在镇街",
                "所在村居",
                "地址",
                "联系电话",
                "床位数",
                "是否登记",
                "是否备案",
                "是否收取预付费",
                "月收费标准",
            ),
            *(
                (f"颐和第{k}养老院", *next(names), f"河东路{k}号", "13800000000", 30 + k % 50, "是", "是", "否", 2000)
                for k in range(rows)
            ),
        ]
    )
    told: dict[str, Any] = {"by": post, "at": AT}
    batch = actions.open_batch(content=table.getvalue().encode("utf-8-sig"), name="台账.csv", token=secrets.token_hex(16),
                               source="import", code="990101000000", **told)  # fmt: skip
    batch = actions.map_batch(batch_id=batch.pk, choices={}, **told)
    connection.close()

    def take_over() -> None:
        actions.confirm_batch(batch_id=batch.pk, **told)
        settle_batch(batch_id=batch.pk, pause=rest, **told)

    works: dict[str, Callable[[], object]] = {
        "staged": lambda: actions.stage_batch(batch_id=batch.pk, at=AT, pause=rest),
        "taken over, rated and shown": take_over,
    }
    for name, work in works.items():
        spawn = multiprocessing.get_context("spawn")
        ready, done, waits = spawn.Event(), spawn.Event(), spawn.Queue()
        other = spawn.Process(target=_write, args=(str(database), ready, done, waits))
        other.start()
        ready.wait()
        started = time.perf_counter()
        work()
        seconds = time.perf_counter() - started
        done.set()
        longest, n = waits.get()
        other.join()
        yield at_most(f"import {name}: another writer's longest wait", longest, WRITER_SECONDS, " s",
                      f"{rows:,} rows in {seconds:,.0f} s, {n:,} other writes")  # fmt: skip
    added, _updated = queries.imported(batch)
    assert added == rows, added


def _write(database: str, ready: Any, done: Any, waits: Any) -> None:
    """Another process of the office: take the lock, write nothing, and tell the longest wait."""
    connection = sqlite3.connect(database, timeout=20, isolation_level=None)
    longest, n = 0.0, 0
    ready.set()
    while not done.is_set():
        started = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE campaigns_campaign SET title = title WHERE id = 0")
        connection.execute("COMMIT")
        longest, n = max(longest, time.perf_counter() - started), n + 1
        time.sleep(0.02)
    waits.put((longest, n))
