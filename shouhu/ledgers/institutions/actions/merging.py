"""Two entries that turn out to be one institution."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from shouhu.ledgers.institutions import queries
from shouhu.ledgers.institutions.actions.recording import locked
from shouhu.ledgers.institutions.actions.writing import Change, write
from shouhu.ledgers.institutions.models import Version
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.refusals import Refused


class SameOne(Refused):
    """An institution is not merged into itself."""


@transaction.atomic
def merge(*, kept_id: int, gone_id: int, by: Post, at: datetime, reason: str = "") -> Version:
    """
    This function will merge an entry into the one that is kept. Both numbers go on leading to it.

    What is unknown about the kept one is taken from the other; what both know stays as the kept one has it.

    :raises SameOne: both are the same.
    :raises Merged: one of them was merged before.
    """
    if kept_id == gone_id:
        raise SameOne("请选择另一家机构；不能并入自己")
    pairs = {
        pk: locked(pk) for pk in sorted((kept_id, gone_id))
    }  # in one order, so that two merges never wait in a ring
    (kept, current), (gone, last) = pairs[kept_id], pairs[gone_id]
    now, others = queries.facts_of(current), queries.facts_of(last)
    changes = {name: value for name, value in others.items() if now.get(name) is None}
    change = Change(kept, current, now, changes, gone.number)
    made = write([change], cause="merge", by=by, at=at, reason=reason)[0]
    gone.merged_into = kept
    gone.save(update_fields=["merged_into"])
    gone.merged.update(merged_into=kept)
    journal.record(verb="institution.merged", subject=gone, by=by.code, at=at, code=gone.code,
                   changes={"merged_into": (None, kept.number)})  # fmt: skip
    return made
