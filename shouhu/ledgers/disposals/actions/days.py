"""Changing which days are worked (调休) counts every open deadline anew, in the same transaction, and says so."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from shouhu.ledgers.campaigns import actions as campaigns_actions
from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.clearances import actions as clearances
from shouhu.ledgers.disposals.models import Step, Task
from shouhu.ledgers.disposals.moving import Moved, moved_by, of_objection, of_site
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.ratings import actions as ratings
from shouhu.ledgers.tips import actions as tips
from shouhu.ledgers.units.models import Post


@transaction.atomic
def set_day(*, on: date, is_worked: bool, note: str, by: Post, at: datetime) -> list[Moved]:
    """
    This function will set a day apart and count every open deadline anew: measures, unregistered sites, objections, tips.

    :returns: what moved. Days that a person set (of a round, of a decision) do not.
    """
    campaigns_actions.set_day(on=on, is_worked=is_worked, note=note, by=by, at=at)
    return recompute_deadlines(why=f"{on} 改为{'上班' if is_worked else '放假'}（{note}）", by=by, at=at)


@transaction.atomic
def clear_day(*, on: date, by: Post, at: datetime) -> list[Moved]:
    """This function will take back a day that was set apart, and count the open deadlines anew."""
    campaigns_actions.clear_day(on=on, by=by, at=at)
    return recompute_deadlines(why=f"{on} 恢复为国家安排", by=by, at=at)


@transaction.atomic
def recompute_deadlines(*, why: str, by: Post, at: datetime) -> list[Moved]:
    """
    This function will count every open deadline anew by the calendar as it is now, and say on each item why it moved.

    :returns: what moved.
    """
    moved, tasks = moved_by(campaigns.calendar(), Task.objects.select_for_update(of=("self",)))
    Task.objects.bulk_update(tasks, ["due_on", "due_how"], batch_size=500)
    Step.objects.bulk_create(
        [
            Step(disposal_id=one.disposal_id, task_id=one.task_id, verb="recomputed", taken_at=at, taken_by=by,
                 note=f"{why}，时限由 {one.before} 变为 {one.after}")
            for one in moved
            if one.disposal_id
        ],
        batch_size=500,
    )  # fmt: skip
    journal.record_many(
        acts=[
            journal.Act("disposal.recomputed", f"task/{one.task_id}", one.code, {"due_on": (one.before, one.after)})
            for one in moved
        ],
        by=by.code, at=at,
    )  # fmt: skip
    sites = clearances.recount(why=why, by=by, at=at)
    objections = ratings.recount_objections(why=why, by=by, at=at)
    tips.recompute(why=why, by=by, at=at)  # not told here: whoever sets the days may be whom a tip names
    return [*moved, *map(of_site, sites), *map(of_objection, objections)]
