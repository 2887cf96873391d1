"""Reading the journal: what happened to a subject, and the whole chain for export and check."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import orjson
import yaml
from django.db.models import Q, QuerySet

from shouhu.ledgers.journal.actions import columns
from shouhu.ledgers.journal.chain import Fault, faults
from shouhu.ledgers.journal.models import Entry, Head


def of(subject: str) -> QuerySet[Entry]:
    """This function will give the entries about one subject (``kind/id``), newest first."""
    return Entry.objects.filter(subject=subject).order_by("-seq")


def seen(low: str, high: str) -> QuerySet[Entry]:
    """
    This function will give the entries about codes in a range, and those that belong to no place, newest first.

    The journal lies below the room that knows scopes, so it takes the two ends of one.
    """
    return Entry.objects.filter(Q(code__gte=low, code__lt=high) | Q(code="")).order_by("-seq")


@cache
def verbs() -> dict[str, str]:
    """This function will give what each verb says in Chinese."""
    told: dict[str, str] = yaml.safe_load((files(__package__) / "verbs.yaml").read_text("utf-8"))
    return told


def told(verb: str) -> str:
    """This function will say a verb in Chinese; that of a refusal names the page, and an unknown one is given as it is."""
    if verb.startswith("refused."):
        return f"{verbs()['refused']}（{verb.removeprefix('refused.')}）"
    return verbs().get(verb, verb)


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
