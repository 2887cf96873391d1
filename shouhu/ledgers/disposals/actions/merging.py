"""Two entries that turn out to be one institution: what every room holds about the one goes over to the other."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from shouhu.ledgers.clearances import actions as clearances
from shouhu.ledgers.disposals.actions.settling import settle
from shouhu.ledgers.disposals.actions.trail import leave
from shouhu.ledgers.disposals.models import Disposal, Refund, Step, Task
from shouhu.ledgers.institutions import actions as institutions
from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.ratings import actions as ratings
from shouhu.ledgers.ratings.models import Standing
from shouhu.ledgers.ratings.transitions import worse
from shouhu.ledgers.surveys import actions as surveys
from shouhu.ledgers.tips import actions as tips
from shouhu.ledgers.units import actions as units
from shouhu.ledgers.units.models import Post


@transaction.atomic
def settle_merger(*, kept_id: int, gone_id: int, by: Post, at: datetime, reason: str = "") -> Standing:
    """
    This function will merge an entry into the one that is kept, with its open disposal, its place on the ledger of the 清零行动,
    its survey work, objections and account; and rate what is known now. It cannot be undone.

    :raises Refused: what any of the rooms refuses: a sheet, an objection or a decision about the merged one waits.
    """
    institutions.merge(kept_id=kept_id, gone_id=gone_id, by=by, at=at, reason=reason)
    ratings.merge(kept_id=kept_id, gone_id=gone_id, by=by, at=at)
    surveys.merge(kept_id=kept_id, gone_id=gone_id, by=by, at=at)
    clearances.merge(kept_id=kept_id, gone_id=gone_id, by=by, at=at)
    _merge_disposals(kept_id, gone_id, by, at)
    tips.follow_merger(kept_id=kept_id, gone_ids=[gone_id])
    units.follow_subject(subject=gone_id, new_subject=kept_id, by=by, at=at)
    settle(institution_ids=[kept_id], by=by, at=at)
    return Standing.objects.get(institution=kept_id)


def _merge_disposals(kept_id: int, gone_id: int, by: Post, at: datetime) -> None:
    """The trails of both come together: of two open disposals that of the kept one goes on, with all that the other held."""
    rows = Institution.objects.in_bulk([kept_id, gone_id])
    kept, gone = rows[kept_id], rows[gone_id]
    Disposal.objects.filter(institution=gone, closed_at__isnull=False).update(institution=kept)
    going = Disposal.objects.select_for_update().filter(institution=gone, closed_at=None).first()
    if going is None:
        return
    told = f"原编号 {gone.number} 的“{gone.name}”并入 {kept.number}"
    staying = Disposal.objects.select_for_update().filter(institution=kept, closed_at=None).first()
    if staying is None:
        going.institution = kept
        going.save(update_fields=["institution"])
        leave(going, disposal=going, verb="merged", by=by, at=at, note=told,
              changes={"institution": (gone.number, kept.number)})  # fmt: skip
        return
    _merge_tasks(staying, going, by, at)
    Refund.objects.filter(disposal=going).update(disposal=staying)
    Step.objects.filter(disposal=going).update(disposal=staying)
    _take_over(staying, going)
    going.closed_at, going.closed_by, going.close_note, going.closing_rating = at, by, told, going.rating
    going.save(update_fields=["closed_at", "closed_by", "close_note", "closing_rating"])
    leave(staying, disposal=staying, verb="merged", by=by, at=at, changes={"merged": (None, going.pk)},
          note=f"{told}，两件处置的措施、清退和经过合为一件；两边重复登记的清退，请逐笔更正")  # fmt: skip


def _merge_tasks(staying: Disposal, going: Disposal, by: Post, at: datetime) -> None:
    """Every measure goes over; of one that both demand, the one further along stays and the other is dropped."""
    ours = {task.measure: task for task in Task.objects.filter(disposal=staying, dropped_at=None)}
    for task in Task.objects.filter(disposal=going).order_by("pk"):
        rival = ours.get(task.measure) if task.dropped_at is None else None
        if rival and (rival.done_at or rival.waived_at) and (task.done_at or task.waived_at):
            continue  # taken twice: the steps of both are on the trail
        if rival:
            extra = rival if task.done_at or task.waived_at else task
            extra.dropped_at, extra.dropped_by, extra.dropped_why = at, by, "机构合并：同一措施只办一次"
            extra.save(update_fields=["dropped_at", "dropped_by", "dropped_why"])
        task.disposal = staying
        task.save(update_fields=["disposal"])


def _take_over(staying: Disposal, going: Disposal) -> None:
    if staying.handler is None and going.handler:
        staying.handler, staying.assigned_at, staying.assigned_by = going.handler, going.assigned_at, going.assigned_by
    if going.planned_at:
        plans = filter(None, (staying.plan, going.plan))
        staying.plan = "\n\n（并入的一家原有方案）\n".join(plans)
        staying.planned_at = staying.planned_at or going.planned_at
        staying.planned_by = staying.planned_by or going.planned_by
    if worse(going.worst, staying.worst):
        staying.worst = going.worst
    staying.save(update_fields=["handler", "assigned_at", "assigned_by", "plan", "planned_at", "planned_by", "worst"])
