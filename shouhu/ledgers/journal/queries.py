"""Reading the journal: what happened to a subject, and the whole chain for export and check."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
from django.db.models import QuerySet

from shouhu.ledgers.journal.actions import columns
from shouhu.ledgers.journal.chain import Fault, faults
from shouhu.ledgers.journal.models import Entry, Head


def of(subject: str) -> QuerySet[Entry]:
    """This function will give the entries about one subject (``kind/id``), newest first."""
    return Entry.objects.filter(subject=subject).order_by("-seq")


def head() -> dict[str, Any]:
    """This function will give number and digest of the last entry, to be noted somewhere else."""
    found = Head.objects.filter(id=1).first() or Head()
    return {"seq": found.seq, "digest": found.digest}


def exported() -> Iterator[bytes]:
    """This function will give the lines of the journal's file, the head last."""
    ending = head()
    for entry in Entry.objects.filter(seq__lte=ending["seq"]).order_by("seq").iterator(chunk_size=2000):
        yield orjson.dumps(columns(entry)) + b"\n"
    yield orjson.dumps({"head": ending}) + b"\n"


def faults_here(noted: dict[str, Any] | None = None) -> list[Fault]:
    """This function will check the chain in the database, against a head noted elsewhere if one is given."""
    ending = noted or head()
    entries = Entry.objects.order_by("seq").iterator(chunk_size=2000)
    kept = (columns(entry) for entry in entries if noted is None or entry.seq <= int(noted["seq"]))
    return list(faults(kept, ending))
