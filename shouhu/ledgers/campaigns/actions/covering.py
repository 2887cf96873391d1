"""Saying which item of a town's or department's plan carries out which task of the campaign that it hangs under."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from shouhu.ledgers.campaigns import queries
from shouhu.ledgers.campaigns.actions.reading import PlanRefused, require_own
from shouhu.ledgers.campaigns.models import Cover, PlanPaper
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.units.models import Post


@transaction.atomic
def cover(*, paper_id: int, pairs: Mapping[int, int], by: Post, at: datetime) -> PlanPaper:
    """
    This function will adopt a sub-plan, or match one anew that was adopted.

    :param pairs: task of the campaign → item of the plan that carries it out; a task without one stays a gap.
    :raises PlanRefused: no sub-plan, not open, or a task or item that is not its own.
    """
    paper = PlanPaper.objects.select_for_update().get(pk=paper_id)
    require_own(paper, by)
    if paper.campaign is None or paper.is_leading or paper.state not in ("review", "adopted"):
        raise PlanRefused("只有专项行动之下、已经读完的子方案才能对照任务")
    owed = {one.pk for one in queries.owed(paper.unit, paper.campaign)}
    own = {one.pk for one in queries.items_of(paper) if one.kind == "task" and one.is_kept}
    if not (set(pairs) <= owed and set(pairs.values()) <= own):
        raise PlanRefused("任务或方案条目有变动，请刷新页面后重新对照")
    held = {(one.task_id, one.item_id): one for one in Cover.objects.filter(item__paper=paper)}
    for pair, row in held.items():
        if pair not in pairs.items():
            row.delete()
    Cover.objects.bulk_create(
        Cover(task_id=task, item_id=item, said_at=at, said_by=by)
        for task, item in pairs.items()
        if (task, item) not in held
    )
    if paper.adopted_at is None:
        paper.adopted_at, paper.adopted_by = at, by
        paper.save(update_fields=["adopted_at", "adopted_by"])
    journal.record(verb="plan.covered", subject=paper, by=by.code, at=at, code=by.unit.code,
                   changes={"covers": (sorted(held), sorted(pairs.items()))})  # fmt: skip
    return paper
