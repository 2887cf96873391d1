"""回避: whom a tip names never sees it, and never has it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from shouhu.ledgers.tips import queries
from shouhu.ledgers.tips.actions.writing import (
    Incomplete,
    NobodyThere,
    NotThere,
    NotYours,
    back_to_office,
    barred,
    count,
    locked,
    move,
    office_for,
    said,
)
from shouhu.ledgers.tips.models import Bar, Tip, Transfer
from shouhu.ledgers.units.models import Post

AT_OFFICE = ("received", "triaged")
"""States in which a tip is with the office that answers for its place."""
AT_UNIT = ("assigned", "verifying")


@transaction.atomic
def bar(*, tip_id: int, unit_id: int | None, post_id: int | None, by: Post, at: datetime) -> Bar:
    """
    This function will keep a unit or a post from a tip for good; if it had the tip, that goes back to an office that is not named.

    :raises Incomplete: none or both are named, or it is barred already.
    """
    tip, _ = locked(tip_id, "bar", by)
    if (unit_id is None) == (post_id is None):
        raise Incomplete("请选择一个要回避的单位或岗位")
    rows = Bar.objects.filter(tip=tip)
    made = (rows.filter(unit=unit_id) if unit_id else rows.filter(post=post_id)).first()
    if made and made.lifted_at is None:
        raise Incomplete("已经设置过这项回避")
    if made is None:
        made = Bar(tip=tip, unit_id=unit_id, post_id=post_id)
    made.set_at, made.set_by, made.lifted_at, made.lifted_by = at, by, None, None
    made.save()
    move(tip, "bar", [], by, at)  # no words: should the bar be lifted, whom it named would read them
    keep_away(tip, by, at)
    return made


@transaction.atomic
def unbar(*, bar_id: int, why: str, by: Post, at: datetime) -> Tip:
    """
    This function will lift a bar: the text only mentions the unit or person. A tip that waits to be sorted or handed out goes
    back to the office that answers for its place.

    :raises NotThere: there is no such bar on a tip that the post sees.
    :raises NotYours: 领导 lift bars only of a tip that came to them because it names the office.
    :raises Incomplete: no reason is given.
    """
    held = Bar.objects.select_for_update().filter(pk=bar_id, lifted_at=None).first()
    if held is None:
        raise NotThere("没有这项回避，或已经解除")
    tip, _ = locked(held.tip_id, "unbar", by)
    if by.role == "leader" and tip.unit_id != by.unit_id:
        raise NotYours("只有因点名专项办而交到您这里的线索，才由您解除回避")
    held.lifted_at, held.lifted_by = at, by
    held.save(update_fields=["lifted_at", "lifted_by"])
    move(tip, "unbar", [], by, at, says=said(why, "请写明解除回避的理由"))
    if tip.state in AT_OFFICE and office_for(tip.code, *barred(tip)) != tip.unit:
        _reroute(tip, by, at)
    return tip


def keep_away(tip: Tip, by: Post | None, at: datetime) -> bool:
    """
    This function will take a tip out of the hands of whom it names, once bars were set.

    :returns: False if nobody is left who could have it.
    """
    units, posts = barred(tip)
    Transfer.objects.filter(tip=tip, to_unit__in=units, ended_at=None).update(ended_at=at)
    if not queries.all_named(tip):
        if tip.handler_id in posts:
            tip.handler = None
            tip.save(update_fields=["handler"])
        return True
    try:
        _reroute(tip, by, at)
    except NobodyThere:
        return False
    return True


def _reroute(tip: Tip, by: Post | None, at: datetime) -> None:
    """To the office that is not named; what a unit was at has to be handed out anew."""
    fields = back_to_office(tip)
    Transfer.objects.filter(tip=tip, is_joint=False, to_unit__isnull=False, ended_at=None).update(ended_at=at)
    if tip.suspended_state in AT_UNIT:
        tip.suspended_state = "triaged"
        fields.append("suspended_state")
    if tip.state in AT_OFFICE:
        count(tip, at)
        fields += ["due_from_on", "due_on"]
    state = "triaged" if tip.state in AT_UNIT else ""
    move(tip, "reroute", fields, by, at, state=state, unit=tip.unit)
