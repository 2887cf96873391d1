"""Two entries that turn out to be one site: one row of the ledger goes on, with both trails."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from shouhu.ledgers.clearances.actions.writing import NotNow, note
from shouhu.ledgers.clearances.models import Clearance, Step
from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.units.models import Post


@transaction.atomic
def merge(*, kept_id: int, gone_id: int, by: Post, at: datetime) -> None:
    """
    This function will carry the rows of a merged entry over to the one that is kept; of two open ones that of the kept goes on.

    :raises NotNow: both are open, and an end is proposed for the merged one.
    """
    rows = Institution.objects.select_for_update().in_bulk([kept_id, gone_id])
    kept, gone = rows[kept_id], rows[gone_id]
    Clearance.objects.filter(institution=gone, closed_at__isnull=False).update(institution=kept)
    going = Clearance.objects.select_for_update().filter(institution=gone, closed_at=None).first()
    if going is None:
        return
    staying = Clearance.objects.select_for_update().filter(institution=kept, closed_at=None).first()
    told = f"原编号 {gone.number} 的“{gone.name}”并入 {kept.number}"
    if staying is None:
        going.institution = kept
        going.save(update_fields=["institution"])
        note(
            going,
            "merge",
            by,
            at,
            done_on=localdate(at),
            says=told,
            changes={"institution": (gone.number, kept.number)},
        )
        return
    if going.proposal_id:
        raise NotNow("要并入的那一处已提出办结，请先复核销号或退回，再合并")
    Step.objects.filter(clearance=going).update(clearance=staying)
    going.merged_into, going.closed_at, going.closed_by, going.due_from_on, going.due_on = staying, at, by, None, None
    going.save(update_fields=["merged_into", "closed_at", "closed_by", "due_from_on", "due_on"])
    note(staying, "merge", by, at, done_on=localdate(at), says=f"{told}，两处的经过合在一起，按本处的进度继续",
         changes={"merged": (None, going.pk)})  # fmt: skip
