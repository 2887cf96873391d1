"""合并: two tellings of one matter. Both receipts go on leading to the answer; nothing of either is lost."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from shouhu.ledgers.tips.actions.barring import keep_away
from shouhu.ledgers.tips.actions.writing import (
    Incomplete,
    back_to_office,
    count,
    end_transfers,
    in_sight,
    locked,
    move,
    note,
    said,
)
from shouhu.ledgers.tips.models import Bar, Tip
from shouhu.ledgers.units.models import Post


@transaction.atomic
def merge(*, tip_id: int, into_id: int, why: str, by: Post, at: datetime) -> Tip:
    """
    This function will merge a tip into another: from then on it goes the way of the other.

    Whom the merged one names is kept from the other, too.

    :returns: the other, or the one that it was merged into itself.
    :raises Incomplete: it is the same tip, its words were erased, or no reason is given.
    """
    tip, step = locked(tip_id, "merge", by)
    into = in_sight(into_id, by)
    if into.merged_into_id:
        into = in_sight(into.merged_into_id, by)
    if into == tip:
        raise Incomplete("不能把线索并入它自己，请选择另一条")
    if into.erased_at:
        raise Incomplete("那一条的原文已按期限删除，不能并入")
    why = said(why, "请写明为什么是同一件事")
    end_transfers(tip, at)
    fields = [*back_to_office(tip), "merged_into", "erase_on"]
    tip.merged_into, tip.erase_on = into, into.erase_on
    move(tip, "merge", fields, by, at, state=step.to, says=f"并入{into.number}：{why}")
    Tip.objects.filter(merged_into=tip).update(merged_into=into, erase_on=into.erase_on)
    note(into, "merge", by, at, before=into.state, says=f"{tip.number}并入本条：{why}")
    if tip.is_urgent and not into.is_urgent:
        into.is_urgent = True
        count(into, at)
        into.save(update_fields=["is_urgent", "due_from_on", "due_on"])
    _bar_alike(tip, into, by, at)
    return into


@transaction.atomic
def unmerge(*, tip_id: int, why: str, by: Post, at: datetime) -> Tip:
    """
    This function will take a merger back: the tip goes on by itself, sorted or to be sorted as it was.

    :raises Incomplete: no reason is given, or its words were erased.
    """
    tip, _ = locked(tip_id, "unmerge", by)
    if tip.erased_at:
        raise Incomplete("原文已按期限删除，不能撤销合并")
    why = said(why, "请写明撤销合并的原因")
    into = tip.merged_into
    assert into
    tip.merged_into = tip.erase_on = None
    fields = [*back_to_office(tip), "merged_into", "erase_on"]
    move(tip, "unmerge", fields, by, at, state="triaged" if tip.triaged_at else "received", says=why)
    note(into, "unmerge", by, at, before=into.state, says=f"{tip.number}不再并入本条：{why}")
    return tip


def _bar_alike(tip: Tip, into: Tip, by: Post, at: datetime) -> None:
    known = set(Bar.objects.filter(tip=into).values_list("unit", "post"))
    fresh = [
        Bar(tip=into, unit_id=unit, post_id=post, set_at=at, set_by=by)
        for unit, post in Bar.objects.filter(tip=tip, lifted_at=None).values_list("unit", "post")
        if (unit, post) not in known
    ]
    Bar.objects.bulk_create(fresh)
    if fresh:
        keep_away(into, by, at)
