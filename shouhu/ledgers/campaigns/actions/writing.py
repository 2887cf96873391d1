"""What the acts on tasks and duties share: the refusals, which units fit, and how an act is written down."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from shouhu.ledgers.campaigns import workflow
from shouhu.ledgers.campaigns.models import Duty, Progress, Task
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.units import queries as units
from shouhu.ledgers.units.codes import within
from shouhu.ledgers.units.models import Post, Unit
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.units.rights import holders
from shouhu.ledgers.vault.models import StoredFile


class Incomplete(Refused):
    """Something that the act needs is missing."""


class NotFit(Refused):
    """A unit cannot owe the task."""


def fitting(task: Task, unit_id: int, today: date) -> Unit:
    """
    This function will give a unit that can owe a task.

    :raises NotFit: it is closed, lies elsewhere, has no post that may report, or owes the task already.
    """
    unit = Unit.objects.filter(units.open_on(today), pk=unit_id).first()
    if unit is None or not within(unit.code, task.campaign.code):
        raise NotFit("请选择本次专项行动范围内、没有撤销的单位")
    if not Post.objects.filter(units.open_on(today), unit=unit, role__in=holders(workflow.WORK)).exists():
        raise NotFit(f"“{unit.name}”没有能报告进展的岗位，请先请系统管理员设岗，或换一个单位")
    if task.duties.filter(unit=unit).exists():
        raise NotFit(f"“{unit.name}”已经是“{task.title}”的责任单位")
    return unit


def note(
    task: Task, verb: str, says: str, by: Post, at: datetime, *, duty: Duty | None = None, file: StoredFile | None = None,
    changes: Mapping[str, tuple[Any, Any]] | None = None,
) -> None:  # fmt: skip
    """This function will note an act on the trail of a task and in the journal."""
    Progress.objects.create(task=task, duty=duty, verb=verb, says=says, file=file, said_at=at, said_by=by)
    code = duty.unit.code if duty and duty.unit else task.campaign.code
    kind, subject = ("duty", journal.named(duty)) if duty else ("campaign_task", f"campaign_task/{task.pk}")
    journal.record(verb=f"{kind}.{verb}", subject=subject, by=by.code, at=at, code=code, changes=changes)
