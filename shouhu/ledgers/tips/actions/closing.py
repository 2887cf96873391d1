"""反馈, 办结, 归档, 重启: what the informant is told, the report that somebody else approves, and the end."""

from __future__ import annotations

from datetime import datetime
from importlib.resources import files

import yaml
from django.db import transaction
from django.utils.timezone import localdate

from shouhu.engines.text import entities
from shouhu.ledgers.tips.actions.writing import (
    Incomplete,
    back_to_office,
    end_transfers,
    locked,
    move,
    require_other,
    said,
)
from shouhu.ledgers.tips.models import Finding, Message, Report, Tip
from shouhu.ledgers.units.models import Post


@transaction.atomic
def reply(*, tip_id: int, text: str, by: Post, at: datetime) -> Message:
    """
    This function will answer the informant over the receipt, which also tells those of merged tips.

    :raises Incomplete: it is empty, or names a private number by which somebody could be found.
    """
    tip, step = locked(tip_id, "reply", by)
    made = Message.objects.create(tip=tip, text=without_numbers(text), is_answer=True, sent_at=at, sent_by=by)
    move(tip, "reply", [], by, at, state=step.to)
    return made


@transaction.atomic
def report(*, tip_id: int, text: str, by: Post, at: datetime) -> Report:
    """
    This function will hand the report on a tip in (办结报告), for somebody else to approve.

    :raises Incomplete: it is empty.
    """
    tip, step = locked(tip_id, "report", by)
    made = Report.objects.create(tip=tip, text=said(text, "请填写办结报告"), made_at=at, made_by=by)
    move(tip, "report", [], by, at, state=step.to)
    return made


@transaction.atomic
def approve(*, tip_id: int, by: Post, at: datetime) -> Tip:
    """
    This function will approve the report and so resolve the tip.

    :raises NotYours: the report or the finding is by the same hand.
    """
    tip, step = locked(tip_id, "approve", by)
    pending = _pending(tip)
    finders = [one.recorded_by for one in Finding.objects.filter(tip=tip, replaced_at=None)]
    sentence = "办结报告须由提交人和核查人以外的人审批，请换一位同事"
    require_other(by, [pending.made_by, *finders], at, sentence)
    pending.approved_at, pending.approved_by = at, by
    pending.save(update_fields=["approved_at", "approved_by"])
    tip.resolved_at, tip.resolved_by = at, by
    move(tip, "approve", ["resolved_at", "resolved_by"], by, at, state=step.to)
    return tip


@transaction.atomic
def send_back(*, tip_id: int, why: str, by: Post, at: datetime) -> Tip:
    """
    This function will send a report back to be amended.

    :raises NotYours: it is by the same hand.
    :raises Incomplete: no reason is given.
    """
    tip, step = locked(tip_id, "send_back", by)
    pending = _pending(tip)
    require_other(by, [pending.made_by], at, "办结报告须由提交人以外的人退回，请换一位同事")
    pending.returned_at, pending.returned_by, pending.why_returned = at, by, said(why, "请写明退回的原因")
    pending.save(update_fields=["returned_at", "returned_by", "why_returned"])
    move(tip, "send_back", [], by, at, state=step.to, says=pending.why_returned)
    return tip


@transaction.atomic
def archive(*, tip_id: int, by: Post, at: datetime) -> Tip:
    """This function will archive a tip and those merged into it: no unit has it any more, and its words are kept for some years."""
    tip, step = locked(tip_id, "archive", by)
    end_transfers(tip, at)
    finding = Finding.objects.filter(tip=tip, replaced_at=None).first()
    on = localdate(at)
    years = kept_years()[finding.outcome if finding else ""]
    last = (on.month, on.day) == (2, 29)
    tip.archived_at, tip.archived_by = at, by
    tip.erase_on = on.replace(year=on.year + years, day=28 if last else on.day)
    Tip.objects.filter(merged_into=tip, erased_at=None).update(erase_on=tip.erase_on)
    move(tip, "archive", ["archived_at", "archived_by", "erase_on"], by, at, state=step.to)
    return tip


@transaction.atomic
def reopen(*, tip_id: int, why: str, by: Post, at: datetime) -> Tip:
    """
    This function will take a tip up again (回头看); the finding is kept until another takes its place.

    :raises Incomplete: no reason is given, or its words were erased.
    """
    tip, step = locked(tip_id, "reopen", by)
    if tip.erased_at:
        raise Incomplete("原文和身份已按期限删除，不能重启；请按新线索登记")
    why = said(why, "请写明重启的原因")
    end_transfers(tip, at)
    tip.resolved_at = tip.resolved_by = tip.archived_at = tip.archived_by = tip.erase_on = None
    Tip.objects.filter(merged_into=tip, erased_at=None).update(erase_on=None)
    fields = [*back_to_office(tip), "resolved_at", "resolved_by", "archived_at", "archived_by", "erase_on"]
    move(tip, "reopen", fields, by, at, state=step.to, unit=tip.unit, says=why)
    return tip


def kept_years() -> dict[str, int]:
    """This function will give for how many years words are kept after archiving, by outcome."""
    text = (files("shouhu.ledgers.tips") / "retention.yaml").read_text("utf-8")
    years: dict[str, int] = yaml.safe_load(text)["years"]
    return years


def without_numbers(text: str) -> str:
    """
    This function will give what is said to an informant, without blanks around it.

    :raises Incomplete: it is empty, or names a mobile, identity or card number: whoever holds the receipt would read it.
    """
    plain = said(text, "请写下要告诉举报人的话")
    for one in entities.find(plain):
        private = one.kind == "phone" and len(str(one.value)) == 11 and str(one.value).startswith("1")
        if private or one.kind in ("id", "card"):
            raise Incomplete("文字里有个人的手机号、身份证号或银行卡号，请删去后再发：凭回执的人都看得到")
    return plain


def _pending(tip: Tip) -> Report:
    rows = Report.objects.select_for_update(of=("self",)).select_related("made_by")
    return rows.get(tip=tip, approved_at=None, returned_at=None)
