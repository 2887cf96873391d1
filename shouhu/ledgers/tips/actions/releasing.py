"""What units may have of the files that informants hand in: each clean copy is looked at by a person first."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.tips.actions.writing import Incomplete
from shouhu.ledgers.tips.models import Attachment, Tip
from shouhu.ledgers.tips.queries import sight
from shouhu.ledgers.units.models import Post


def release(tip: Tip, released: Collection[int], by: Post, at: datetime) -> None:
    """
    This function will give units the copies of these files of a tip, and of those merged into it, and take all others back.

    :raises Incomplete: one is not a file of the tip, or there is no clean copy of it.
    """
    rows = list(sight.releasable(tip).select_related("tip").select_for_update(of=("self",)))
    if not {row.pk for row in rows}.issuperset(released):
        raise Incomplete("有的附件没有干净的副本，或已不在这条线索里，不能给承办单位，请刷新页面后再看")
    changed = [row for row in rows if (row.pk in released) != (row.released_at is not None)]
    for row in changed:
        row.released_at, row.released_by = (at, by) if row.pk in released else (None, None)
    Attachment.objects.bulk_update(changed, ["released_at", "released_by"])
    verbs = {True: "tip.file_released", False: "tip.file_withdrawn"}
    acts = [journal.Act(verbs[row.pk in released], journal.named(row), row.tip.code) for row in changed]
    journal.record_many(acts=acts, by=by.code, at=at)
