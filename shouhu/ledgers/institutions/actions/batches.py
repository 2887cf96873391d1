"""An import from the file to the clerk's yes: uploaded, its columns confirmed, its doubtful rows decided."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from shouhu.ledgers.institutions import sheets
from shouhu.ledgers.institutions.models import DECISIONS, Batch, StagedRow
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.vault import actions as vault


class WrongStep(Refused):
    """The import does not stand where this step is taken."""


class Undecided(Refused):
    """Doubtful rows are left."""


def open_batch(*, content: bytes, name: str, token: str, source: str, code: str, by: Post, at: datetime) -> Batch:
    """
    This function will seal a file of a register and tell how its columns are understood (``Batch.mapping``).

    :param token: 32 random hex digits for the sealed file.
    :param code: the division whose institutions it lists.
    :raises Unimportable: a file of another kind, damaged, hostile, or without any known column.
    """
    mapping = sheets.understood(content, name)  # may take seconds: no lock is held meanwhile
    with transaction.atomic():
        file = vault.store(content=content, name=name, media_type="application/octet-stream", token=token, by=by.code,
                           at=at)  # fmt: skip
        batch = Batch.objects.create(
            file=file, source=source, code=code, mapping=mapping, uploaded_at=at, uploaded_by=by
        )
        journal.record(verb="batch.uploaded", subject=batch, by=by.code, at=at, code=code,
                       changes={"file": (None, file.content_hash)})  # fmt: skip
    return batch


@transaction.atomic
def map_batch(*, batch_id: int, choices: Mapping[tuple[int, str], str | None], by: Post, at: datetime) -> Batch:
    """
    This function will keep what a clerk confirmed or corrected about the columns; staging may begin.

    :param choices: (table, column letters) to the fact that the column stands for, or None.
    :raises WrongStep: staging has begun already.
    :raises Unimportable: one fact for two columns, or no column with names.
    """
    batch = Batch.objects.select_for_update().get(pk=batch_id)
    if batch.state not in ("columns", "staging") or batch.n_staged:
        raise WrongStep("列对应已经确认，不能再改；需要改时请放弃本批，重新上传")
    batch.mapping = sheets.corrected(batch.mapping, choices)
    batch.mapped_at, batch.mapped_by, batch.failure = at, by, ""
    batch.save(update_fields=["mapping", "mapped_at", "mapped_by", "failure"])
    journal.record(verb="batch.mapped", subject=batch, by=by.code, at=at, code=batch.code)
    return batch


@transaction.atomic
def decide_rows(*, batch_id: int, row_ids: Collection[int], decision: str, by: Post, at: datetime) -> int:
    """
    This function will keep a person's decision on doubtful rows, and give how many took it.

    Rows without a match cannot update, rows without a place or a name cannot be taken over: they are left as they are.

    :param decision: ``new``, ``update`` or ``skip``.
    :raises WrongStep: the batch is not in preview.
    """
    batch = Batch.objects.select_for_update().get(pk=batch_id)
    if batch.state != "preview":
        raise WrongStep("只有在预览时才能逐行决定")
    if decision not in DECISIONS or decision == "ask":
        raise WrongStep("请选择新增、更新或不导入")
    rows = batch.rows.filter(pk__in=row_ids).exclude(doubt="")
    if decision == "update":
        rows = rows.filter(matched__isnull=False)
    if decision != "skip":
        rows = rows.exclude(code="")
    changed = rows.update(decision=decision)
    journal.record(verb="batch.decided", subject=batch, by=by.code, at=at, code=batch.code,
                   changes={"rows": (None, sorted(row_ids)), "decision": (None, decision)})  # fmt: skip
    return changed


@transaction.atomic
def confirm_batch(*, batch_id: int, by: Post, at: datetime) -> Batch:
    """
    This function will keep a clerk's yes to what the preview shows; taking over may begin.

    :raises WrongStep: the batch is not in preview.
    :raises Undecided: doubtful rows are left.
    """
    batch = Batch.objects.select_for_update().get(pk=batch_id)
    if batch.state != "preview":
        raise WrongStep("这批台账现在不能确认导入，请刷新页面查看进展")
    if left := batch.rows.filter(decision="ask").count():
        raise Undecided(f"还有 {left} 行待定，请先逐行决定是新增、更新还是不导入")
    batch.confirmed_at, batch.confirmed_by = at, by
    batch.save(update_fields=["confirmed_at", "confirmed_by"])
    journal.record(verb="batch.confirmed", subject=batch, by=by.code, at=at, code=batch.code)
    return batch


@transaction.atomic
def abandon_batches(*, before: datetime, by: Post, at: datetime) -> list[Batch]:
    """This function will give up the imports that were uploaded before an instant and never confirmed, with their rows."""
    rows = Batch.objects.select_for_update().filter(uploaded_at__lt=before, confirmed_at=None, dropped_at=None)
    gone = list(rows.order_by("pk"))
    for one in gone:
        one.dropped_at, one.dropped_by, one.failure = at, by, ""
    Batch.objects.bulk_update(gone, ["dropped_at", "dropped_by", "failure"])
    StagedRow.objects.filter(batch__in=gone).delete()
    acts = [journal.Act("batch.dropped", journal.named(one), one.code) for one in gone]
    journal.record_many(acts=acts, by=by.code, at=at)
    return gone


def fail_batch(*, batch_id: int, why: str) -> None:
    """This function will note why the work on a batch stopped; going on clears it."""
    Batch.objects.filter(pk=batch_id).update(failure=why[:300])
