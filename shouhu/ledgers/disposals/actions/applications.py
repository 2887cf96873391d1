"""Asking to stop a measure's clock, to extend it or not to take it, and the answer of somebody else."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.disposals.actions.trail import NotFound, leave, locked_task, require_other, said
from shouhu.ledgers.disposals.counting import counted
from shouhu.ledgers.disposals.models import Application, Task
from shouhu.ledgers.disposals.workflow import check
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.refusals import Refused

LONGEST_PAUSE = 365
"""Calendar days; a slip of the year must not stop a clock for good."""


class AskRefused(Refused):
    """What is asked for cannot be had."""


@transaction.atomic
def ask(
    *,
    task_id: int,
    kind: str,
    reason: str,
    by: Post,
    at: datetime,
    from_on: date | None = None,
    until_on: date | None = None,
    n_days: int | None = None,
) -> Application:
    """
    This function will ask for a pause (``from_on`` to ``until_on``), an extension (``n_days`` worked days) or a waiver.

    :raises AskRefused: one is pending already, the days do not fit, or the measure is overdue: then it is too late for more time.
    """
    task = locked_task(task_id, by)
    check(task, "ask", by)
    reason = said(reason, "请写明申请的原因")
    if task.applications.filter(approved_at=None, refused_at=None).exists():
        raise AskRefused("这项措施已有一项申请正待审批")
    if kind != "waiver" and task.due_on < localdate(at):
        raise AskRefused(
            f"这项措施的时限已于 {task.due_on} 届满，逾期后不能再中止或延期；请尽快办结，并在结果中说明原因"
        )
    if kind == "pause":
        _require_pause(task, from_on, until_on)
        asked = f"自 {from_on} 至 {until_on} 中止计时"
    elif kind == "extension":
        if not n_days or not 1 <= n_days <= task.n_days:
            raise AskRefused(f"延长天数须在 1 至 {task.n_days} 个工作日之间（不超过原时限）")
        asked = f"延长 {n_days} 个工作日"
    else:
        asked = "不采取该措施"
    is_pause, is_extension = kind == "pause", kind == "extension"
    made = Application.objects.create(
        task=task, kind=kind, reason=reason[:300], asked_at=at, asked_by=by, from_on=from_on if is_pause else None,
        until_on=until_on if is_pause else None, n_days=n_days if is_extension else None,
    )  # fmt: skip
    leave(made, disposal=task.disposal, task=task, verb="ask", by=by, at=at, note=f"申请{asked}：{reason}",
          changes={"kind": (None, kind)})  # fmt: skip
    return made


@transaction.atomic
def approve(*, application_id: int, by: Post, at: datetime) -> Application:
    """
    This function will approve an application: the due day is counted anew, or the measure is waived.

    :raises SecondPerson: the same person asked; for a waiver, the handler.
    :raises AskRefused: the colour changed meanwhile and the measure is no longer demanded.
    """
    application, task = _locked(application_id, "approve", by, at)
    if task.dropped_at:
        raise AskRefused("等级变化后已不再要求这项措施，申请不用再批；请选“不同意”，把它了结")
    application.approved_at, application.approved_by = at, by
    application.save(update_fields=["approved_at", "approved_by"])
    if application.kind == "waiver":
        task.waived_at, task.waived_by, task.waived_why = at, by, application.reason
        task.returned_at = task.returned_by = None
        task.save(update_fields=["waived_at", "waived_by", "waived_why", "returned_at", "returned_by"])
        told = f"同意不采取该措施：{application.reason}"
        changes: dict[str, tuple[Any, Any]] = {"waived_at": (None, at)}
    else:
        before = task.due_on
        deadline = counted(task, task.applications.all(), campaigns.calendar())
        task.due_on, task.due_how = deadline.due_on, list(deadline.explained)
        task.save(update_fields=["due_on", "due_how"])
        told = f"同意{Application.KINDS[application.kind]}，时限由 {before} 变为 {task.due_on}"
        changes = {"due_on": (before, task.due_on)}
    leave(application, disposal=task.disposal, task=task, verb="approve", by=by, at=at, note=told, changes=changes)
    return application


@transaction.atomic
def refuse(*, application_id: int, why: str, by: Post, at: datetime) -> Application:
    """
    This function will refuse an application with a reason.

    :raises SecondPerson: the same person asked.
    """
    application, task = _locked(application_id, "refuse", by, at)
    why = said(why, "请写明不同意的原因")
    application.refused_at, application.refused_by, application.refused_why = at, by, why[:300]
    application.save(update_fields=["refused_at", "refused_by", "refused_why"])
    leave(application, disposal=task.disposal, task=task, verb="refuse", by=by, at=at,
          note=f"不同意{Application.KINDS[application.kind]}：{why}")  # fmt: skip
    return application


def _locked(application_id: int, verb: str, by: Post, at: datetime) -> tuple[Application, Task]:
    found = Application.objects.filter(pk=application_id).first()
    if found is None:
        raise NotFound("没有这项申请，或不在您的辖区内")
    task = locked_task(found.task_id, by)
    application = Application.objects.select_for_update(of=("self",)).select_related("asked_by").get(pk=application_id)
    if task.dropped_at:
        raise AskRefused("这项措施已不再要求，这份申请不用再审批")
    check(application, verb, by)
    require_other(by, [application.asked_by], at, "这项申请是您提出的，须由其他人审批")
    if application.kind == "waiver" and task.disposal.handler:
        require_other(by, [task.disposal.handler], at, "您是经办人，不采取措施须由其他人审批")
    return application, task


def _require_pause(task: Task, from_on: date | None, until_on: date | None) -> None:
    if not from_on or not until_on or until_on < from_on:
        raise AskRefused("请填写中止的起止日期，止日不早于起日")
    if not task.starts_on < from_on <= task.due_on:
        raise AskRefused(f"中止须从 {task.starts_on} 之后、{task.due_on} 届满之前的某日起")
    if (until_on - from_on).days > LONGEST_PAUSE:
        raise AskRefused("一次中止不能超过一年，请核对止日")
