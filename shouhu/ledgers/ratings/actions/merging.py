"""What was decided and handed out about an entry that is merged goes over to the one that is kept."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.ratings.models import Decision, Disclosure, Objection
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.refusals import Refused


class Unanswered(Refused):
    """Something about the entry still waits for a person."""


@transaction.atomic
def merge(*, kept_id: int, gone_id: int, by: Post, at: datetime) -> None:
    """
    This function will hand objections and disclosures to the entry that is kept; a decision in force about the other ends.

    Whoever was given the colour of the merged entry is told of later corrections like every other receiver.

    :raises Unanswered: an objection or a decision about the merged entry waits for its answer or second signature.
    """
    rows = Institution.objects.select_for_update().in_bulk([kept_id, gone_id])
    kept, gone = rows[kept_id], rows[gone_id]
    if Objection.objects.filter(institution=gone, decided_at=None).exists():
        raise Unanswered("要并入的那一家还有异议没有答复，请先答复，再合并")
    if Decision.objects.filter(institution=gone, approved_at=None, refused_at=None, ended_at=None).exists():
        raise Unanswered("要并入的那一家还有一项等级决定待签字，请先签字、退回或撤回，再合并")
    Objection.objects.filter(institution=gone).update(institution=kept)
    Disclosure.objects.filter(institution=gone).update(institution=kept)
    in_force = Decision.objects.filter(institution=gone, ended_at=None, approved_at__isnull=False).first()
    if in_force:
        in_force.ended_at, in_force.ended_by, in_force.ended_why = at, by, f"机构已并入 {kept.number}"
        in_force.save(update_fields=["ended_at", "ended_by", "ended_why"])
        journal.record(verb="decision.withdrawn", subject=in_force, by=by.code, at=at, code=gone.code,
                       changes={"colour": (in_force.colour, None)})  # fmt: skip
