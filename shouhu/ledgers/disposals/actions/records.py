"""What proves a measure: evidence with revisions, talks, orders, referrals with receipts and results."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate

from shouhu.engines.law import cite
from shouhu.ledgers.disposals.actions.trail import NotFound, leave, locked_task, said
from shouhu.ledgers.disposals.models import Evidence, Order, Referral, Talk
from shouhu.ledgers.disposals.terms import TOO_LOW, powers
from shouhu.ledgers.disposals.workflow import check
from shouhu.ledgers.units.codes import level_of
from shouhu.ledgers.units.models import KINDS, Post, Unit
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.vault.models import StoredFile


class RecordRefused(Refused):
    """The record lacks something, or its days do not fit."""


class NoPower(Refused):
    """The unit has no power to issue the order (DIS-3)."""


@transaction.atomic
def add_evidence(
    *,
    task_id: int,
    effective_on: date,
    by: Post,
    at: datetime,
    file: StoredFile | None = None,
    note: str = "",
    revises: int | None = None,
) -> Evidence:
    """
    This function will add a piece of evidence, or a revision of one; nothing is replaced.

    :param effective_on: the day for which it speaks.
    :param revises: number of the piece within the measure that this is a new revision of.
    """
    task = locked_task(task_id, by)
    check(task, "add_evidence", by)
    _require_past(effective_on, at, "材料对应的日期")
    if file is None and not note.strip():
        raise RecordRefused("请上传文件，或写明材料内容")
    kept = task.evidence.aggregate(last=Max("n"))["last"] or 0
    revision = 1
    if revises is not None:
        before = task.evidence.filter(n=revises).aggregate(last=Max("revision"))["last"]
        if before is None:
            raise RecordRefused("要更新的材料不存在，请刷新页面后再办")
        revision = before + 1
    made = Evidence.objects.create(task=task, n=revises or kept + 1, revision=revision, effective_on=effective_on,
                                   file=file, note=note.strip(), added_at=at, added_by=by)  # fmt: skip
    leave(made, disposal=task.disposal, task=task, verb="add_evidence", by=by, at=at,
          note=f"材料{made.n}第{revision}版，对应 {effective_on}{f'：{made.note}' if made.note else ''}",
          changes={"evidence": (None, [made.n, revision])})  # fmt: skip
    return made


@transaction.atomic
def record_talk(
    *,
    task_id: int,
    held_on: date,
    place: str,
    present: str,
    summary: str,
    by: Post,
    at: datetime,
    file: StoredFile | None = None,
) -> Talk:
    """This function will record a talk (约谈); who was there and what was said is sealed."""
    task = locked_task(task_id, by)
    check(task, "record_talk", by)
    _require_past(held_on, at, "约谈日期")
    if task.proof != "talk":
        raise RecordRefused(f"“{task.says}”不是约谈措施")
    made = Talk.objects.create(
        task=task, held_on=held_on, place=said(place, "请写明约谈地点"), present=said(present, "请写明参加人员"),
        summary=said(summary, "请写明约谈内容和机构的承诺"), file=file, added_at=at, added_by=by,
    )  # fmt: skip
    leave(made, disposal=task.disposal, task=task, verb="record_talk", by=by, at=at, note=f"{held_on} 在{place.strip()}约谈",
          changes={"summary": (None, summary)})  # fmt: skip
    return made


@transaction.atomic
def issue_order(
    *,
    task_id: int,
    number: str,
    issued_on: date,
    unit: Unit,
    article: str,
    demands: str,
    due_on: date,
    by: Post,
    at: datetime,
    file: StoredFile | None = None,
) -> Order:
    """
    This function will record an order with the body that signs it and the article that lets it (DIS-3).

    :param article: one of the measure's legal powers.
    :raises NoPower: a town or village, a measure that is no order, or an article that gives this unit no such power.
    """
    task = locked_task(task_id, by)
    check(task, "issue_order", by)
    _require_power(task.says, task.powers, task.proof, unit, article)
    _require_past(issued_on, at, "作出日期")
    if due_on < issued_on:
        raise RecordRefused("限期不能早于作出日期")
    number = said(number, "请填写文号")
    if Order.objects.filter(number=number).exists():
        raise RecordRefused(f"文号“{number}”已登记过，请核对")
    made = Order.objects.create(task=task, number=number, issued_on=issued_on, unit=unit, article=article,
                                demands=said(demands, "请写明责令的内容"), due_on=due_on, file=file, added_at=at,
                                added_by=by)  # fmt: skip
    leave(made, disposal=task.disposal, task=task, verb="issue_order", by=by, at=at,
          note=f"{unit.name}依{cite(article)}作出{number}，限 {due_on} 前", changes={"number": (None, number)})  # fmt: skip
    return made


@transaction.atomic
def refer(
    *,
    task_id: int,
    receiver: str,
    sent_on: date,
    by: Post,
    at: datetime,
    file: StoredFile | None = None,
    note: str = "",
) -> Referral:
    """This function will record that a clue or case was sent to somebody else (通报、移送)."""
    task = locked_task(task_id, by)
    check(task, "refer", by)
    _require_past(sent_on, at, "发出日期")
    made = Referral.objects.create(task=task, receiver=said(receiver, "请写明接收单位"), sent_on=sent_on, file=file,
                                   note=note.strip(), sent_at=at, sent_by=by)  # fmt: skip
    leave(made, disposal=task.disposal, task=task, verb="refer", by=by, at=at,
          note=f"{sent_on} 送{made.receiver}", changes={"receiver": (None, made.receiver)})  # fmt: skip
    return made


@transaction.atomic
def receive_receipt(
    *, referral_id: int, receipt_number: str, received_on: date, by: Post, at: datetime, file: StoredFile | None = None
) -> Referral:
    """This function will enter the receipt (回执) of a referral."""
    referral = _locked_referral(referral_id, "receive_receipt", by)
    if referral.receipt_number:
        raise RecordRefused(f"这次移送已登记回执“{referral.receipt_number}”")
    _require_past(received_on, at, "回执日期")
    if received_on < referral.sent_on:
        raise RecordRefused("回执日期不能早于发出日期")
    referral.receipt_number = said(receipt_number, "请填写回执编号；没有编号的，写签收人单位和职务")
    referral.received_on, referral.receipt = received_on, file
    referral.save(update_fields=["receipt_number", "received_on", "receipt"])
    leave(referral, disposal=referral.task.disposal, task=referral.task, verb="receive_receipt", by=by, at=at,
          note=f"{referral.receiver}回执 {referral.receipt_number}",
          changes={"receipt_number": (None, receipt_number)})  # fmt: skip
    return referral


@transaction.atomic
def receive_result(*, referral_id: int, result: str, result_on: date, by: Post, at: datetime) -> Referral:
    """This function will enter what the receiver of a referral made of it; a later word replaces it, the trail keeps both."""
    referral = _locked_referral(referral_id, "receive_result", by)
    _require_past(result_on, at, "反馈日期")
    if result_on < referral.sent_on:
        raise RecordRefused("反馈日期不能早于发出日期")
    before = referral.result
    referral.result, referral.result_on = said(result, "请写明反馈的结果"), result_on
    referral.save(update_fields=["result", "result_on"])
    leave(referral, disposal=referral.task.disposal, task=referral.task, verb="receive_result", by=by, at=at,
          note=f"{referral.receiver}反馈：{referral.result}", changes={"result": (before or None, result)})  # fmt: skip
    return referral


def _locked_referral(referral_id: int, verb: str, by: Post) -> Referral:
    found = Referral.objects.filter(pk=referral_id).first()
    if found is None:
        raise NotFound("没有这次移送，或不在您的辖区内")
    task = locked_task(found.task_id, by)
    check(task, verb, by)
    locked = Referral.objects.select_for_update().get(pk=referral_id)
    locked.task = task
    return locked


def _require_past(day: date, at: datetime, what: str) -> None:
    if day > localdate(at):
        raise RecordRefused(f"{what}不能晚于今天")


def _require_power(says: str, task_powers: list[str], proof: str, unit: Unit, article: str) -> None:
    lawful = [powers()[clause] for clause in task_powers if clause in powers()]
    if proof != "order" or not lawful:
        raise NoPower(f"“{says}”不是责令措施，不能登记责令文书")
    who = "；".join(f"{power.says}依{cite(power.clause)}" for power in lawful)
    power = next((power for power in lawful if power.clause == article), None)
    if power is None:
        raise NoPower(f"文书所引条款不是“{says}”的法律依据，应由{who}作出")
    if level_of(unit.code) in TOO_LOW:
        raise NoPower(f"{unit.name}是镇街、村居一级，无权作出“{says}”，应由{who}作出；属地只负责提示、督促和配合")
    if unit.kind not in power.kinds:
        raise NoPower(f"{unit.name}（{KINDS[unit.kind]}）无权依{cite(article)}作出“{says}”，应由{who}作出")
