"""What one unit does about its duty, and what the campaign office says to it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from shouhu.ledgers.campaigns import workflow
from shouhu.ledgers.campaigns.actions.writing import Incomplete, fitting, note
from shouhu.ledgers.campaigns.mechanisms import mechanisms
from shouhu.ledgers.campaigns.models import Duty, Task
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.vault.models import StoredFile


@transaction.atomic
def progress(*, duty_id: int, says: str, file: StoredFile | None = None, by: Post, at: datetime) -> Duty:
    """
    This function will note how a duty comes on.

    :raises Incomplete: nothing is said.
    """
    duty = _locked(duty_id, "progress", by, at)
    note(duty.task, "progress", _said(says, "请写明进展：做了什么、还差什么"), by, at, duty=duty, file=file)
    return duty


@transaction.atomic
def done(*, duty_id: int, says: str, file: StoredFile | None, by: Post, at: datetime) -> Duty:
    """
    This function will report a duty as done; it counts once the campaign office has accepted it.

    :raises Incomplete: nothing is said, or no evidence is handed in.
    """
    duty = _locked(duty_id, "done", by, at)
    said = _said(says, "请写明完成情况")
    if file is None:
        raise Incomplete("请上传佐证材料：照片、扫描件或 PDF")
    duty.done_at, duty.done_by = at, by
    duty.save(update_fields=["done_at", "done_by"])
    note(duty.task, "done", said, by, at, duty=duty, file=file, changes={"state": ("open", "done")})
    return duty


@transaction.atomic
def accept(*, duty_id: int, says: str = "", by: Post, at: datetime) -> Duty:
    """This function will accept what was reported; standing work is owed anew until its next look once all have done it."""
    duty = _locked(duty_id, "accept", by, at)
    duty.accepted_at, duty.accepted_by = at, by
    duty.save(update_fields=["accepted_at", "accepted_by"])
    note(duty.task, "accept", says.strip(), by, at, duty=duty, changes={"state": ("done", "accepted")})
    if duty.task.mechanism and not Duty.objects.filter(task=duty.task_id, accepted_at=None).exists():
        _next_look(duty.task, by, at)
    return duty


@transaction.atomic
def send_back(*, duty_id: int, says: str, by: Post, at: datetime) -> Duty:
    """
    This function will send a duty that was reported as done back to its unit.

    :raises Incomplete: no reason is given.
    """
    duty = _locked(duty_id, "send_back", by, at)
    said = _said(says, "请写明退回的原因，让责任单位知道要补什么")
    duty.done_at = duty.done_by = None
    duty.save(update_fields=["done_at", "done_by"])
    note(duty.task, "send_back", said, by, at, duty=duty, changes={"state": ("done", "open")})
    return duty


@transaction.atomic
def reassign(*, duty_ids: Iterable[int], unit_id: int, says: str, by: Post, at: datetime) -> list[Duty]:
    """
    This function will let another unit owe duties that are still open: its own closed, or the plan named none of ours.

    :raises Incomplete: no reason is given, or nothing is named.
    :raises NotFit: the unit is closed, lies elsewhere, nobody there may report, or it owes the task already.
    """
    said, ids = _said(says, "请写明改派的原因"), sorted(set(duty_ids))
    if not ids:
        raise Incomplete("请先勾选要改派的任务")
    duties = [_locked(pk, "reassign", by, at) for pk in ids]
    for duty in duties:
        unit = fitting(duty.task, unit_id, localdate(at))
        before, duty.unit = duty.unit, unit
        duty.save(update_fields=["unit"])
        note(duty.task, "reassign", f"{before.name if before else duty.printed} → {unit.name}：{said}", by, at, duty=duty,
             changes={"unit": (before and before.pk, unit.pk)})  # fmt: skip
    return duties


def _locked(duty_id: int, verb: str, by: Post, at: datetime) -> Duty:
    rows = Duty.objects.select_for_update(of=("self",)).select_related("task__campaign", "unit", "done_by__unit")
    duty = rows.get(pk=duty_id)
    if hindrance := workflow.hindrance(duty, verb, by, localdate(at)):
        raise workflow.NotNow(hindrance)
    return duty


def _next_look(task: Task, by: Post, at: datetime) -> None:
    """The same mechanism, owed by the same units, until its next look."""
    mechanism = mechanisms()[task.mechanism]
    held_on = localdate(at)
    due_on = mechanism.next_look(max(held_on, task.due_on or held_on))
    later = Task.objects.create(
        campaign=task.campaign, title=task.title, text=task.text, arm=task.arm, position=task.position, due_on=due_on,
        due_how=look_told(mechanism.months, due_on), mechanism=task.mechanism, added_at=at, added_by=by,
    )  # fmt: skip
    Duty.objects.bulk_create(
        [
            Duty(task=later, unit=one.unit, printed=one.printed, is_lead=one.is_lead)
            for one in task.duties.order_by("pk")
        ]
    )
    note(later, "add", "", by, at, changes={"due_on": (None, due_on)})


def look_told(months: int, due_on: date) -> str:
    """This function will say how the day of the next look came about."""
    every = {1: "每月", 3: "每季度", 6: "每半年", 12: "每年"}.get(months, f"每 {months} 个月")
    return f"{every}回顾一次（本软件建议），下一次最迟 {due_on}"


def _said(says: Any, missing: str) -> str:
    said = str(says).strip()
    if not said:
        raise Incomplete(missing)
    return said
