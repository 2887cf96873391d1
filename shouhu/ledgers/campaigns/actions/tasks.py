"""What the campaign office does to a task as a whole: adds one by hand, moves its day, lets more units owe it, withdraws it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate

from shouhu.ledgers.campaigns import arms, workflow
from shouhu.ledgers.campaigns.actions.writing import Incomplete, fitting, note
from shouhu.ledgers.campaigns.models import ARMS, Campaign, Duty, Meeting, Phase, Task
from shouhu.ledgers.units.models import Post


@transaction.atomic
def add_task(
    *, campaign_id: int, title: str, unit_ids: Sequence[int], text: str = "", arm: str = "", phase_id: int | None = None,
    due_on: date | None = None, meeting_id: int | None = None, by: Post, at: datetime,
) -> Task:  # fmt: skip
    """
    This function will add a task by hand: one that the plan does not hold, or that a meeting agreed on.

    :param unit_ids: who owes it, the lead unit first.
    :param arm: proposed from the words where none is given.
    :raises Incomplete: no title, nobody who owes it, or a day that lies before today.
    :raises NotFit: a unit cannot owe it.
    """
    campaign = Campaign.objects.select_for_update().get(pk=campaign_id)
    workflow.require_runs(campaign, by)
    today, title = localdate(at), title.strip()
    if not 0 < len(title) <= 120:
        raise Incomplete("请写明任务，不超过120个字；细节写在“任务内容”里")
    if not unit_ids:
        raise Incomplete("请至少选一个责任单位")
    if due_on and due_on < today:
        raise Incomplete("完成期限不能早于今天")
    if phase_id and not Phase.objects.filter(pk=phase_id, campaign=campaign).exists():
        raise Incomplete("请选择本次专项行动的阶段")
    meeting = Meeting.objects.filter(pk=meeting_id, campaign=campaign).first() if meeting_id else None
    last = Task.objects.filter(campaign=campaign).aggregate(last=Max("position"))["last"]
    task = Task.objects.create(
        campaign=campaign, phase_id=phase_id, title=title, text=text.strip(), arm=arm or arms.proposed(title, text),
        position=(last or 0) + 1, due_on=due_on, due_how=_how(due_on, meeting), meeting=meeting, added_at=at, added_by=by,
    )  # fmt: skip
    for n, unit_id in enumerate(dict.fromkeys(unit_ids)):
        Duty.objects.create(task=task, unit=fitting(task, unit_id, today), is_lead=n == 0)
    note(task, "add", f"“{meeting.title}”议定" if meeting else "", by, at,
         changes={"title": (None, title), "due_on": (None, due_on)})  # fmt: skip
    return task


@transaction.atomic
def move(*, task_id: int, due_on: date, says: str, by: Post, at: datetime) -> Task:
    """
    This function will have a task be due on another day.

    :raises Incomplete: no reason is given, the day lies before today, or it is the same.
    """
    task = _locked(task_id, "move", by)
    if not says.strip():
        raise Incomplete("请写明调整期限的原因")
    if due_on < localdate(at):
        raise Incomplete("完成期限不能早于今天")
    if due_on == task.due_on:
        raise Incomplete(f"完成期限本来就是 {due_on}")
    before, task.due_on = task.due_on, due_on
    was = f"{before}" if before else "未定"
    task.due_how = f"{localdate(at)} 由专项办调整，原定 {was}"
    task.save(update_fields=["due_on", "due_how"])
    note(task, "move", f"{was} → {due_on}：{says.strip()}", by, at, changes={"due_on": (before, due_on)})
    return task


@transaction.atomic
def owe(*, task_id: int, unit_id: int, by: Post, at: datetime) -> Duty:
    """
    This function will let one more unit owe a task; the first that owes it leads.

    :raises NotFit: the unit cannot.
    """
    task = _locked(task_id, "owe", by)
    unit = fitting(task, unit_id, localdate(at))
    duty = Duty.objects.create(task=task, unit=unit, is_lead=not task.duties.exists())
    note(task, "owe", unit.name, by, at, duty=duty, changes={"unit": (None, unit.pk)})
    return duty


@transaction.atomic
def sort(*, task_id: int, arm: str, by: Post, at: datetime) -> Task:
    """
    This function will put a task under one of the three arms.

    :raises Incomplete: no such arm.
    """
    task = _locked(task_id, "sort", by)
    if arm not in ARMS:
        raise Incomplete("请选择宣传、打击或整治")
    before, task.arm = task.arm, arm
    task.save(update_fields=["arm"])
    note(task, "sort", ARMS[arm], by, at, changes={"arm": (before, arm)})
    return task


@transaction.atomic
def withdraw(*, task_id: int, says: str, by: Post, at: datetime) -> Task:
    """
    This function will withdraw a task; what was done about it stays on its trail.

    :raises Incomplete: no reason is given.
    """
    task = _locked(task_id, "withdraw", by)
    if not says.strip():
        raise Incomplete("请写明撤销的原因")
    task.withdrawn_at, task.withdrawn_by = at, by
    task.save(update_fields=["withdrawn_at", "withdrawn_by"])
    note(task, "withdraw", says.strip(), by, at, changes={"withdrawn": (False, True)})
    return task


def _locked(task_id: int, verb: str, by: Post) -> Task:
    task = Task.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=task_id)
    if hindrance := workflow.hindrance_of_task(task, verb, by):
        raise workflow.NotNow(hindrance)
    return task


def _how(due_on: date | None, meeting: Meeting | None) -> str:
    if due_on is None:
        return ""
    return f"{meeting.held_on} “{meeting.title}”议定" if meeting else "由专项办指定"
