"""分办 and 转出: who has a tip, who helps, who gave it back. At every instant one unit has it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from shouhu.ledgers.tips import queries, workflow
from shouhu.ledgers.tips.actions.writing import (
    Incomplete,
    NotThere,
    back_to_office,
    count,
    end_transfers,
    in_sight,
    locked,
    move,
    note,
    said,
)
from shouhu.ledgers.tips.models import Finding, Tip, Transfer
from shouhu.ledgers.units.models import Post, Unit
from shouhu.ledgers.units.scope import Scope


class NotFit(Incomplete):
    """The unit or post cannot have the tip."""


@transaction.atomic
def assign(*, tip_id: int, unit_id: int, handler_id: int | None, says: str, by: Post, at: datetime) -> Tip:
    """
    This function will hand a tip to a unit, and to one of its posts if one is named.

    :param says: what is to be done.
    :raises NotFit: the unit or post may not have it: it is named in the tip, closed, elsewhere, or verifies nothing.
    :raises Incomplete: the tip was found out of scope.
    """
    tip, step = locked(tip_id, "assign", by)
    if not tip.is_in_scope:
        raise Incomplete("这条线索不属于本专项，请“分流转出”，或重新甄别")
    unit = _receiver(tip, unit_id, by)
    handler = _handler(tip, unit, handler_id)
    before = tip.unit
    end_transfers(tip, at, but_joint=True)
    Transfer.objects.filter(tip=tip, ended_at=None, to_unit=unit).update(ended_at=at)  # it helped; now it has the tip
    Transfer.objects.create(tip=tip, from_unit=before, to_unit=unit, sent_at=at, sent_by=by)
    tip.unit, tip.handler = unit, handler
    fields = ["unit", "handler"]
    if tip.state == step.to:  # another unit has to accept it: its day begins now
        count(tip, at)
        fields += ["due_from_on", "due_on"]
    move(tip, "assign", fields, by, at, state=step.to, unit=unit, says=says.strip())
    return tip


@transaction.atomic
def join(*, tip_id: int, unit_id: int, says: str, by: Post, at: datetime) -> Transfer:
    """
    This function will have a further unit help; the tip stays with the unit that has it.

    :raises NotFit: as for ``assign``, or the unit has the tip or helps already.
    """
    tip, _ = locked(tip_id, "join", by)
    unit = _receiver(tip, unit_id, by)
    if unit == tip.unit or Transfer.objects.filter(tip=tip, to_unit=unit, ended_at=None).exists():
        raise NotFit(f"{unit.name}已经在办理这条线索")
    made = Transfer.objects.create(tip=tip, from_unit=tip.unit, to_unit=unit, is_joint=True, sent_at=at, sent_by=by)
    move(tip, "join", [], by, at, unit=unit, says=says.strip())
    return made


@transaction.atomic
def accept(*, tip_id: int, handler_id: int | None, by: Post, at: datetime) -> Tip:
    """
    This function will take a tip over that was handed to the unit of a post, or the part of it that the unit helps with.

    :param handler_id: who will handle it; None: whoever was named, else the post itself.
    :raises NotYours: it was not handed to this unit.
    :raises NotFit: the named post cannot handle it.
    """
    if help_ := _help(tip_id, by):
        return _accept_help(help_, by, at)
    tip, step = locked(tip_id, "accept", by)
    tip.handler = _handler(tip, tip.unit, handler_id or tip.handler_id or by.pk)
    Transfer.objects.filter(tip=tip, to_unit=tip.unit, is_joint=False, ended_at=None).update(
        accepted_at=at, accepted_by=by
    )
    move(tip, "accept", ["handler"], by, at, state=step.to)
    return tip


@transaction.atomic
def give_back(*, tip_id: int, why: str, by: Post, at: datetime) -> Tip:
    """
    This function will give a tip back to the campaign office for it to be handed out anew; a unit that helps leaves.

    :raises Incomplete: no reason is given.
    """
    if help_ := _help(tip_id, by):
        return _leave(help_, why, by, at)
    tip, step = locked(tip_id, "give_back", by)
    why = said(why, "请写明退回的原因，例如不归本单位管、与本单位有利害关系")
    for row in Transfer.objects.filter(tip=tip, to_unit=tip.unit, is_joint=False, ended_at=None):
        _return(row, why, by, at)
    fields = back_to_office(tip)
    move(tip, "give_back", fields, by, at, state=step.to, unit=tip.unit, says=why)
    return tip


@transaction.atomic
def pass_on(*, tip_id: int, to_name: str, says: str, by: Post, at: datetime) -> Tip:
    """
    This function will pass a tip on that is for another department or district; the informant is told so next.

    :param to_name: who gets it, outside the house.
    :raises Incomplete: receiver or reason are missing.
    """
    tip, step = locked(tip_id, "pass_on", by)
    to_name = said(to_name, "请写明转给哪个单位")[:80]
    says = said(says, "请写明转出的理由")
    end_transfers(tip, at)
    Transfer.objects.create(tip=tip, from_unit=tip.unit, to_name=to_name, sent_at=at, sent_by=by)
    Finding.objects.filter(tip=tip, replaced_at=None).update(replaced_at=at)
    Finding.objects.create(
        tip=tip, outcome="elsewhere", facts=says, found_on=localdate(at), recorded_at=at, recorded_by=by
    )
    move(tip, "pass_on", [], by, at, state=step.to, says=f"转{to_name}：{says}")
    return tip


@transaction.atomic
def receive_receipt(*, transfer_id: int, by: Post, at: datetime) -> Transfer:
    """
    This function will record that whoever got a tip outside the house confirmed it.

    :raises NotThere: there is no such transfer where the post may look.
    :raises Incomplete: it went to a unit of the house, or is confirmed already.
    """
    transfer = Transfer.objects.select_for_update().filter(pk=transfer_id).first()
    if transfer is None:
        raise NotThere("没有这次移交，或不在您可以查看的范围内")
    tip, _ = locked(transfer.tip_id, "receive", by)
    if transfer.to_unit_id or transfer.accepted_at:
        raise Incomplete("只登记转出到外单位、还没有回执的移交")
    transfer.accepted_at, transfer.accepted_by = at, by
    transfer.save(update_fields=["accepted_at", "accepted_by"])
    move(tip, "receive", [], by, at, says=f"{transfer.to_name}已接收")
    return transfer


def _receiver(tip: Tip, unit_id: int, by: Post) -> Unit:
    for unit, hindrance in queries.receivers(Scope.of(by), tip):
        if unit.pk == unit_id:
            if hindrance:
                raise NotFit(f"不能交给{unit.name}：{hindrance}")
            return unit
    raise NotFit("没有这个单位，或它不承办线索、不在您的辖区内，请重新选择")


def _handler(tip: Tip, unit: Unit, handler_id: int | None) -> Post | None:
    if handler_id is None:
        return None
    for post, hindrance in queries.handlers(tip, unit):
        if post.pk == handler_id:
            if hindrance:
                raise NotFit(f"不能由{post.title}承办：{hindrance}")
            return post
    raise NotFit(f"承办人须是{unit.name}在岗、能核查线索的人员，请重新选择")


def _help(tip_id: int, by: Post) -> Transfer | None:
    """What a unit helps with that does not have the tip."""
    rows = Transfer.objects.select_for_update(of=("self",)).select_related("to_unit")
    live = rows.filter(tip=tip_id, to_unit=by.unit_id, is_joint=True, ended_at=None)
    return live.exclude(tip__unit=by.unit_id).first()


def _accept_help(help_: Transfer, by: Post, at: datetime) -> Tip:
    tip = in_sight(help_.tip_id, by)
    workflow.check(tip, "help", by)
    if help_.accepted_at:
        raise Incomplete(f"{by.unit.name}已经接收")
    help_.accepted_at, help_.accepted_by = at, by
    help_.save(update_fields=["accepted_at", "accepted_by"])
    note(tip, "help", by, at, before=tip.state, unit=by.unit)
    return tip


def _leave(help_: Transfer, why: str, by: Post, at: datetime) -> Tip:
    tip = in_sight(help_.tip_id, by)
    workflow.check(tip, "leave", by)
    why = said(why, "请写明退出联合办理的原因")
    _return(help_, why, by, at)
    note(tip, "leave", by, at, before=tip.state, unit=by.unit, says=why)
    return tip


def _return(transfer: Transfer, why: str, by: Post, at: datetime) -> None:
    transfer.returned_at, transfer.returned_by, transfer.ended_at, transfer.why_returned = at, by, at, why
    transfer.save(update_fields=["returned_at", "returned_by", "ended_at", "why_returned"])
