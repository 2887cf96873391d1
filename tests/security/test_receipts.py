"""Receipts are not guessed: thousands of wrong ones open nothing, lock nobody out, and tell nothing; every limit trips alone."""

from __future__ import annotations

import os
import random
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from shouhu.ledgers.journal.models import Entry
from shouhu.ledgers.tips import actions, receipts
from shouhu.ledgers.tips.models import Message, Tip
from shouhu.ledgers.vault.keys import KeyRing
from shouhu.ledgers.vault.spelling import ALPHABET
from shouhu.public import limits
from shouhu.public.counter import counter
from tests import office
from tests.public.conftest import Walk
from tests.security.doors import routes

pytestmark = pytest.mark.django_db
TRIES = 10_000 if os.environ.get("SHOUHU_SOAK") == "1" else 1_000
TIPS = 20
MINE, FORM = "/public/mine/", "/public/form/"
OPENED = "您反映的事"


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """Counts begin anew, forms are taken in by the thread that sends them, and slow answers are counted and not waited for."""
    waited: list[float] = []
    monkeypatch.setattr(counter, "hand_in", lambda form: actions.take_in(form=form, by=None, at=now()))
    monkeypatch.setattr(time, "sleep", waited.append)
    for limit in (limits.intake, limits.tries):
        limit.clear()
    yield waited
    for limit in (limits.intake, limits.tries):
        limit.clear()


@pytest.fixture
def known() -> list[str]:
    """Receipts of tips, each with a message of the office that nobody has read."""
    by = office.post()
    forms = [actions.Form(key=f"{n:032x}", channel="public", code=office.TOWN, text=f"第{n}件") for n in range(TIPS)]
    taken = actions.take_in_many(forms=forms, by=None, at=now())
    Tip.objects.update(read_at=now())
    for one in taken:
        actions.write(tip_id=one.tip.pk, text="请补充收据", by=by, at=now())
    return [one.receipt for one in taken]


def visitor(address: str, **headers: str) -> Client:
    """This function will give somebody's browser at an address."""
    more: dict[str, Any] = {"REMOTE_ADDR": address, **headers}
    return Client(**more)


def tried(client: Client, receipt: str) -> Any:
    """This function will type a receipt in."""
    return client.post(MINE, {"receipt": receipt})


def wrong(chance: random.Random, known: list[str]) -> str:
    """This function will make up a receipt that is none: by chance, nearly right, cut, doubled, or no receipt at all."""
    right = chance.choice(known)
    at = chance.randrange(len(right))
    return [
        "".join(chance.choice(ALPHABET) for _ in right),
        right[:at] + chance.choice(ALPHABET.replace(right[at], "")) + right[at + 1 :],
        right[:at],
        right + right[at],
        right[::-1] if right != right[::-1] else "",
        f"{right[:at]}%{right[at + 1 :]}",
        f"{right}' OR '1'='1",
        receipts.hashed(right),
        f"known={right}",
    ][chance.randrange(9)]


def test_wrong_receipts_open_nothing_and_the_rightful_ones_get_in_all_the_while(known: list[str]) -> None:
    chance = random.Random(6)
    crowd = [visitor(f"10.{n // 250}.{n % 250}.7") for n in range(TRIES // 5)]
    n_entries, opened, statuses, entered = Entry.objects.count(), 0, set(), 0
    for n in range(TRIES):
        answer = tried(crowd[n % len(crowd)], wrong(chance, known))
        opened += OPENED in answer.content.decode()
        statuses.add(answer.status_code)
        if n % 100 == 50:  # from a place of their own, and from one that others guess at
            for client in (visitor(f"192.0.2.{n % 250}"), crowd[n % len(crowd)]):
                entered += OPENED in tried(client, known[n // 100 % 2]).content.decode()
    assert (opened, statuses, entered) == (0, {200}, TRIES // 100 * 2)
    assert Message.objects.filter(read_at__isnull=False).count() == 2  # of those who were rightfully there
    assert set(Entry.objects.filter(seq__gt=0).values_list("verb", flat=True).distinct()) >= {"tip.opened"}
    assert Entry.objects.count() == n_entries + 2
    assert not any(receipt in str(Entry.objects.values_list()) for receipt in known)


def test_one_address_that_guesses_is_slowed_and_harms_nobody_else(known: list[str], waits: list[float]) -> None:
    chance, one, other = random.Random(7), visitor("10.9.9.9"), visitor("10.9.9.8")
    for n in range(200):
        assert OPENED not in tried(one, wrong(chance, known)).content.decode()
        assert len(waits) == max(n + 1 - limits.TRIES, 0)
    assert OPENED in tried(one, known[0]).content.decode()  # slow, but not shut out
    n_waits = len(waits)
    for n in range(limits.TRIES):
        assert OPENED in tried(other, known[n % TIPS]).content.decode()
    assert len(waits) == n_waits and set(waits) == {limits.SLOW_SECONDS}


def test_whatever_is_wrong_with_a_receipt_the_work_and_the_answer_are_the_same(
    known: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    plain = KeyRing.blind

    def blind(self: KeyRing, value: str, purpose: str) -> str:
        hashed.append(purpose)
        return plain(self, value, purpose)

    monkeypatch.setattr(KeyRing, "blind", blind)
    right = known[0]
    near = right[:-1] + ("0" if right[-1] != "0" else "1")
    told, work = set(), set()
    for receipt in (
        "0" * 16,
        near,
        right[:-1],
        right + "0",
        "",
        "回执" * 8,
        "x" * 5000,
        "'; --",
        receipts.hashed(right),
    ):
        hashed.clear()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = tried(visitor("10.1.1.1"), receipt)
        page = re.sub(r'(id="receipt" name="receipt" value=")[^"]*', r"\1", answer.content.decode())
        told.add(
            (
                answer.status_code,
                page,
                tuple(sorted((name, value) for name, value in answer.headers.items() if name != "Content-Length")),
            )
        )
        work.add((tuple(hashed), tuple(re.sub(r"'[0-9a-f]{64}'", "?", one["sql"]) for one in queries)))
    assert len(told) == 1 and len(work) == 1
    ((purposes, sql),) = work
    assert purposes == ("receipt of a tip",) and len(sql) == 1
    hashed.clear()
    with CaptureQueriesContext(connection) as queries:
        answer = tried(visitor("10.1.1.1"), right)
    assert answer.status_code == 200 and hashed[0] == purposes[0]  # found by the same one look-up
    assert re.sub(r"'[0-9a-f]{64}'", "?", queries[0]["sql"]) == sql[0]
    assert sorted(answer.headers) == sorted(tried(visitor("10.1.1.1"), near).headers)


# --- limits: what each counts, and that it trips alone


def hand_in(client: Client) -> int:
    """This function will tell something new; the status."""
    walk = Walk(client).send(text="骗老人投资").send()
    return int(walk.send().answer.status_code) if "第3步" in walk.page else 0


def type_in(client: Client) -> int:
    """This function will try a receipt that is none."""
    return int(tried(client, "0" * 16).status_code)


BUCKETS = {"hand in": (limits.intake, hand_in), "type in": (limits.tries, type_in)}
"""What is limited for each address."""
WRITES = {
    "public-form": "hand in",
    "public-mine": "type in; messages count as handed in; ratings need a receipt and an answer, once each",
    "public-home": "", "public-privacy": "",
}  # fmt: skip
"""Every route of the public site that takes forms, and its limit; empty: it keeps nothing of what is sent."""


def trip(limit: limits.Limit, address: str) -> None:
    """This function will use up what an address may do."""
    while limit.take(address):
        pass


def test_every_route_of_the_public_site_is_in_the_table(client: Client) -> None:
    assert {name for name in routes() if name.startswith("public-")} == set(WRITES)
    office.post()
    for name in ("public-home", "public-privacy"):
        before = Entry.objects.count(), Tip.objects.count(), Message.objects.count()
        assert (
            client.post(
                f"/public/{name[7:].replace('home', '')}".rstrip("/") + "/", {"text": "x", "do": "add"}
            ).status_code
            == 302
        )
        assert (Entry.objects.count(), Tip.objects.count(), Message.objects.count()) == before


@pytest.mark.parametrize("bucket", BUCKETS)
def test_a_limit_trips_alone_and_for_one_address_alone(bucket: str, known: list[str], waits: list[float]) -> None:
    limit, act = BUCKETS[bucket]
    (free,) = (one for name, (_, one) in BUCKETS.items() if name != bucket)
    here, there = visitor("10.2.2.2"), visitor("10.2.2.3")
    trip(limit, "10.2.2.2")
    held = [
        limits._waiting.acquire(blocking=False) for _ in range(limits.WAITING_AT_MOST)
    ]  # nobody may wait for an answer any more
    try:
        assert all(held)
        assert act(here) == 429
        assert (free(here), act(there), free(there)) == (200, 200, 200)
        assert (
            act(
                visitor(
                    "10.2.2.2",
                    HTTP_X_FORWARDED_FOR="10.7.7.7",
                    HTTP_FORWARDED="for=10.7.7.7",
                    HTTP_X_REAL_IP="10.7.7.7",
                )
            )
            == 429
        )
        assert (
            act(visitor("10.2.2.4", HTTP_X_FORWARDED_FOR="10.2.2.2")) == 200
        )  # nor can somebody be shut out in their name
        with override_settings(
            PROXIES=frozenset({"10.8.8.8"})
        ):  # an own proxy is believed, and of its word the last address only
            assert act(visitor("10.8.8.8", HTTP_X_FORWARDED_FOR="10.2.2.2")) == 429
            assert act(visitor("10.8.8.8", HTTP_X_FORWARDED_FOR="10.2.2.2, 10.2.2.5")) == 200
            assert act(visitor("10.2.2.6", HTTP_X_FORWARDED_FOR="10.2.2.2")) == 200
    finally:
        for _ in held:
            limits._waiting.release()
    assert not waits


def test_messages_count_as_handed_in_and_lose_nothing(known: list[str]) -> None:
    walk = Walk(visitor("10.3.3.3"), MINE).send(receipt=known[0])
    trip(limits.intake, "10.3.3.3")
    walk.send(do="add", text="还有一件事")
    assert "交得太多" in walk.page and "还有一件事</textarea>" in walk.page
    assert not Message.objects.filter(sent_by=None).exists()
    other = Walk(visitor("10.3.3.4"), MINE).send(receipt=known[0])
    assert "您的补充已经收到" in other.send(do="add", text="还有一件事").page


def test_no_page_of_the_desk_finds_a_tip_by_its_receipt(known: list[str]) -> None:
    """The receipt is the informant's alone: no column holds it, and no search of the office leads by it to a tip."""
    desk = office.sit(Client(), office.post())
    for path in ("/tip/", "/search/"):
        for typed in (known[0], receipts.printed(known[0])):
            page = desk.get(path, {"text": typed, "q": typed, "show": "all"})
            assert "/tip/" not in page.get("Location", "")
            assert Tip.objects.get(receipt_hash=receipts.hashed(known[0])).number not in page.content.decode()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            assert not [row for row in cursor.fetchall() if any(one in str(row) for one in known)], table
