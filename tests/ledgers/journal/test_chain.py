"""留痕: any tampering is found and located; an act that cannot be recorded does not happen."""

from __future__ import annotations

import json
import os
import random
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.journal import actions, queries
from shouhu.ledgers.journal.chain import Fault, digest, faults_of_file
from shouhu.ledgers.journal.models import Entry
from tests import office

pytestmark = pytest.mark.django_db
ENTRIES = 60
TAMPERINGS = 1000 if os.environ.get("SHOUHU_SOAK") else 150


@pytest.fixture
def lines() -> list[str]:
    acts = [actions.Act(f"verb.{k % 7}", f"thing/{k}", office.VILLAGE, {"field": (k, k + 1)}) for k in range(ENTRIES)]
    actions.record_many(acts=acts, by="P1", at=office.AT)
    return [line.decode() for line in queries.exported()]


def test_a_whole_chain_has_no_fault(lines: list[str]) -> None:
    assert len(lines) == ENTRIES + 1
    assert list(faults_of_file(lines)) == []
    assert queries.faults_here() == []


def tampered(lines: list[str], lot: random.Random) -> tuple[list[str], set[int]]:
    """Change, drop, double, swap, put in or cut off something; with the numbers where that may be reported."""
    rows = [json.loads(line) for line in lines]
    entries, head = rows[:-1], rows[-1]
    at = lot.randrange(ENTRIES)
    seq = at + 1
    kind = lot.choice(["change", "drop", "double", "swap", "insert", "cut", "rechain"])
    near = {seq}
    if kind == "change":
        name = lot.choice(["at", "by", "verb", "subject", "code", "outcome", "fields", "previous", "digest"])
        entries[at][name] = {"field": ["0", "1"]} if name == "fields" else str(entries[at][name])[::-1] + "x"
        near |= {seq + 1}
    elif kind == "drop":
        del entries[at]
        near |= {seq - 1}  # the last one dropped: the chain ends one earlier than its head says
    elif kind == "double":
        entries.insert(at, dict(entries[at]))
    elif kind == "swap":
        other = (at + 1) % ENTRIES
        entries[at], entries[other] = entries[other], entries[at]
        near |= {seq + 1, 1, ENTRIES}
    elif kind == "insert":
        entries.insert(at, {**entries[at], "verb": "forged", "digest": "f" * 64})
        near |= {seq + 1}
    elif kind == "cut":
        entries = entries[: max(at, 1) if at else 0]
        near = {len(entries)}
    else:  # somebody with the program makes a new digest for the entry he changed, but cannot change those after it
        entries[at]["by"] = "forger"
        entries[at]["digest"] = digest(entries[at])
        near |= {seq + 1}
    return [json.dumps(row) for row in (*entries, head)], near


def test_every_tampering_is_found_and_located(lines: list[str]) -> None:
    lot = random.Random(20261122)
    missed: list[Any] = []
    for _ in range(TAMPERINGS):
        changed, near = tampered(lines, lot)
        found = list(faults_of_file(changed))
        if not found or not near & {fault.seq for fault in found}:
            missed.append((near, found))
    assert missed == []


def test_what_is_no_entry_is_located() -> None:
    assert next(faults_of_file(["{", '{"head": {"seq": 0, "digest": "0"}}'])) == Fault(1, "记录不完整")


def test_a_chain_rewritten_in_the_database_is_found_by_a_head_noted_elsewhere(lines: list[str]) -> None:
    noted = queries.head()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM journal_entry WHERE seq > 50")
        cursor.execute("UPDATE journal_head SET seq = 50, digest = (SELECT digest FROM journal_entry WHERE seq = 50)")
    assert queries.faults_here() == []
    assert queries.faults_here(noted) != []


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_recorded_does_not_happen(monkeypatch: pytest.MonkeyPatch) -> None:
    office.post()

    def broken(*_: Any, **__: Any) -> None:
        raise DatabaseError("the journal cannot be written")

    monkeypatch.setattr(Entry.objects, "bulk_create", broken)
    with pytest.raises(DatabaseError), transaction.atomic():
        office.institution()
    assert not Institution.objects.exists()
