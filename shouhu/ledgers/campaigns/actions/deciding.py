"""What a person makes of the items of a plan: changed, kept or left out, added, put back as they were read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from shouhu.ledgers.campaigns import items
from shouhu.ledgers.campaigns.actions.reading import PlanRefused, require_own
from shouhu.ledgers.campaigns.models import PlanItem, PlanPaper
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.units.models import Post


@transaction.atomic
def revise_item(*, item_id: int, says: Mapping[str, Any], by: Post, at: datetime) -> PlanItem:
    """
    This function will write down what an item really says; whoever revises an item keeps it.

    :param says: the fields that change, as ``engines.plans.plan`` has them.
    :raises PlanRefused: no name, or the plan is no longer open.
    """
    item = PlanItem.objects.select_for_update().get(pk=item_id)
    _open(item.paper_id, by)
    before = item.said
    item.said = _whole(item.kind, {**before, **says})
    item.is_kept, item.decided_at, item.decided_by = True, at, by
    item.save(update_fields=["said", "is_kept", "decided_at", "decided_by"])
    changes = {name: (before.get(name), value) for name, value in item.said.items() if before.get(name) != value}
    journal.record(verb="plan.item_revised", subject=item, by=by.code, at=at, code=by.unit.code, changes=changes)
    return item


@transaction.atomic
def restore_item(*, item_id: int, by: Post, at: datetime) -> PlanItem:
    """
    This function will put an item back to what was read.

    :raises PlanRefused: a person added it, or the plan is no longer open.
    """
    item = PlanItem.objects.select_for_update().get(pk=item_id)
    _open(item.paper_id, by)
    if item.read is None:
        raise PlanRefused("这一项是补充的，没有读出的内容可以恢复；不要的请点“不采用”")
    item.said, item.is_kept, item.decided_at, item.decided_by = item.read, True, None, None
    item.save(update_fields=["said", "is_kept", "decided_at", "decided_by"])
    journal.record(verb="plan.item_restored", subject=item, by=by.code, at=at, code=by.unit.code)
    return item


@transaction.atomic
def keep_items(*, paper_id: int, item_ids: Sequence[int], is_kept: bool, by: Post, at: datetime) -> dict[int, bool]:
    """
    This function will keep items of a plan or leave them out.

    :returns: whether each that changed was kept before, for ``put_back_items``.
    :raises PlanRefused: the plan is no longer open.
    """
    paper = _open(paper_id, by)
    rows = PlanItem.objects.select_for_update().filter(paper=paper, pk__in=item_ids)
    former = {one.pk: one.is_kept for one in rows if one.is_kept != is_kept}
    rows.update(is_kept=is_kept, decided_at=at, decided_by=by)
    journal.record(verb="plan.items_kept" if is_kept else "plan.items_left_out", subject=paper, by=by.code, at=at,
                   code=by.unit.code, changes={"items": (None, sorted(item_ids))})  # fmt: skip
    return former


@transaction.atomic
def put_back_items(*, former: Mapping[int, bool], by: Post, at: datetime) -> int:
    """
    This function will take back what ``keep_items`` did, and say of how many.

    :raises PlanRefused: the plan is no longer open.
    """
    rows = list(PlanItem.objects.select_for_update().filter(pk__in=former))
    for paper_id in {one.paper_id for one in rows}:
        paper = _open(paper_id, by)
        journal.record(verb="plan.items_put_back", subject=paper, by=by.code, at=at, code=by.unit.code)
    for one in rows:
        one.is_kept = former[one.pk]
    PlanItem.objects.bulk_update(rows, ["is_kept"])
    return len(rows)


@transaction.atomic
def add_item(*, paper_id: int, kind: str, says: Mapping[str, Any], by: Post, at: datetime) -> PlanItem:
    """
    This function will add what the reader did not find.

    :raises PlanRefused: no such kind, no name, or the plan is no longer open.
    """
    paper = _open(paper_id, by)
    if kind not in items.LISTS:
        raise PlanRefused("请选择补充哪一类内容")
    last = paper.items.filter(kind=kind).aggregate(last=Max("position"))["last"]
    item = PlanItem.objects.create(
        paper=paper, kind=kind, position=0 if last is None else last + 1, said=_whole(kind, {**items.blank(kind), **says}),
        decided_at=at, decided_by=by,
    )  # fmt: skip
    journal.record(verb="plan.item_added", subject=item, by=by.code, at=at, code=by.unit.code,
                   changes={"said": (None, item.said)})  # fmt: skip
    return item


def _open(paper_id: int, by: Post) -> PlanPaper:
    paper = PlanPaper.objects.select_for_update().get(pk=paper_id)
    require_own(paper, by)
    if paper.state != "review":
        raise PlanRefused("这份方案已经采用、放弃或还没有读完，不能再修改")
    return paper


def _whole(kind: str, says: dict[str, Any]) -> dict[str, Any]:
    if not items.title(kind, says).strip():
        raise PlanRefused("请填写名称或内容；不要的项请点“不采用”")
    return says
