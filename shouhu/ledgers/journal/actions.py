"""Writing the journal. Called inside the transaction of the act that is recorded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson
from django.conf import settings
from django.db import models, transaction

from shouhu.ledgers.journal.chain import digest
from shouhu.ledgers.journal.models import Entry, Head


@dataclass(frozen=True)
class Act:
    """What is to be recorded: ``changes`` holds old and new values by field name; only keyed hashes of them are kept."""

    verb: str
    subject: str
    code: str = ""
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    outcome: str = "done"


def record(
    *,
    verb: str,
    subject: models.Model | str,
    by: str,
    at: datetime,
    code: str = "",
    changes: Mapping[str, tuple[Any, Any]] | None = None,
    outcome: str = "done",
) -> Entry:
    """
    This function will append one entry.

    :param subject: a row, or ``kind/id`` where there is none (yet).
    :param by: code of the post, or ``system``.
    :param outcome: ``done``, ``refused`` or ``read``.
    """
    name = subject if isinstance(subject, str) else named(subject)
    return record_many(acts=[Act(verb, name, code, changes or {}, outcome)], by=by, at=at)[0]


@transaction.atomic(savepoint=False)  # an entry that cannot be written takes the whole act with it
def record_many(*, acts: Iterable[Act], by: str, at: datetime) -> list[Entry]:
    """This function will append one entry an act, under one lock of the chain."""
    head, _ = Head.objects.select_for_update().get_or_create(id=1)
    entries = []
    at = at.astimezone(UTC)
    for act in acts:
        head.seq += 1
        fields = {name: [_hashed(name, value) for value in pair] for name, pair in act.changes.items()}
        entry = Entry(seq=head.seq, at=at, by=by, verb=act.verb, subject=act.subject, code=act.code, fields=fields,
                      outcome=act.outcome, previous=head.digest)  # fmt: skip
        head.digest = entry.digest = digest(columns(entry))
        entries.append(entry)
    Entry.objects.bulk_create(entries, batch_size=500)
    head.save(update_fields=["seq", "digest"])
    return entries


def columns(entry: Entry) -> dict[str, Any]:
    """This function will give an entry as it is exported and hashed; instants in UTC to the microsecond."""
    return {
        "seq": entry.seq, "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"), "by": entry.by,
        "verb": entry.verb, "subject": entry.subject, "code": entry.code, "fields": entry.fields,
        "outcome": entry.outcome, "previous": entry.previous, "digest": entry.digest,
    }  # fmt: skip


def named(row: models.Model) -> str:
    """This function will name a row as entries do."""
    return f"{row._meta.model_name}/{row.pk}"


def _hashed(name: str, value: Any) -> str | None:
    """Short on purpose: it tells that two values are the same, and is no copy of them."""
    if value is None:
        return None
    plain = orjson.dumps(value, default=str, option=orjson.OPT_SORT_KEYS).decode()
    hashed: str = settings.KEYS.blind(f"{name}={plain}", "journal")[:16]
    return hashed
