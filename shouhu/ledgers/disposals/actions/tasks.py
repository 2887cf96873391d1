"""Measures from done to reviewed: done with proof by one person, reviewed or returned by another."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from shouhu.ledgers.disposals.actions.trail import leave, locked_task, require_other, said
from shouhu.ledgers.disposals.models import Task
from shouhu.ledgers.disposals.owing import unproved
from shouhu.ledgers.disposals.workflow import check
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.refusals import Refused


class Unproved(Refused):
    """What the measure must leave on file is not there; ``str()`` says what."""


@transaction.atomic
def do_task(*, task_id: int, result: str, by: Post, at: datetime) -> Task:
    """
    This function will report a measure as done (办结); it counts once somebody else has reviewed it.

    :raises Unproved: the proof that the measure asks for is not on file.
    """
    task = locked_task(task_id, by)
    check(task, "do_task", by)
    result = said(result, "请写明办理结果：做了什么、达到什么效果")
    if lacking := unproved(task):
        raise Unproved(f"“{task.says}”还不能办结：{lacking}")
    if task.applications.filter(approved_at=None, refused_at=None).exists():
        raise Unproved(f"“{task.says}”还不能办结：有一项申请正待审批，请等审批后再办")
    task.done_at, task.done_by, task.result = at, by, result
    task.returned_at, task.returned_by, task.returned_why = None, None, ""
    task.save(update_fields=["done_at", "done_by", "result", "returned_at", "returned_by", "returned_why"])
    leave(task, disposal=task.disposal, task=task, verb="do_task", by=by, at=at, note=result,
          changes={"result": (None, result)})  # fmt: skip
    return task


@transaction.atomic
def review_task(*, task_id: int, by: Post, at: datetime, note: str = "") -> Task:
    """
    This function will confirm that a measure was done.

    :raises SecondPerson: the same person did it.
    """
    task = locked_task(task_id, by)
    check(task, "review_task", by)
    assert task.done_by
    require_other(by, [task.done_by], at, f"“{task.says}”是您办结的，须由其他人审核")
    task.reviewed_at, task.reviewed_by = at, by
    task.save(update_fields=["reviewed_at", "reviewed_by"])
    leave(task, disposal=task.disposal, task=task, verb="review_task", by=by, at=at, note=note.strip())
    return task


@transaction.atomic
def return_task(*, task_id: int, why: str, by: Post, at: datetime) -> Task:
    """
    This function will send a measure back to be done again; result and reason stay in the trail.

    :raises SecondPerson: the same person did it.
    """
    task = locked_task(task_id, by)
    check(task, "return_task", by)
    assert task.done_by
    require_other(by, [task.done_by], at, f"“{task.says}”是您办结的，须由其他人退回")
    why = said(why, "请写明退回的原因和要补办的内容")
    task.done_at = task.done_by = None
    task.returned_at, task.returned_by, task.returned_why = at, by, why[:300]
    task.save(update_fields=["done_at", "done_by", "returned_at", "returned_by", "returned_why"])
    leave(task, disposal=task.disposal, task=task, verb="return_task", by=by, at=at, note=why)
    return task
