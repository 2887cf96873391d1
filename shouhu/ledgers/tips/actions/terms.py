"""The days that a county gives to each step, and deadlines that follow when days or calendar change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from django.db import transaction
from django.db.models import QuerySet

from shouhu.engines.periods.calendar import Calendar
from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.tips import workflow
from shouhu.ledgers.tips.actions.writing import Incomplete, NotYours
from shouhu.ledgers.tips.models import Step, Term, Tip
from shouhu.ledgers.units.codes import level_of, span
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.rights import holders
from shouhu.ledgers.units.scope import Scope

LONGEST = 90


@dataclass(frozen=True)
class Recounted:
    """A tip whose next step is due on another day now."""

    tip: Tip
    before: date


@transaction.atomic
def set_term(*, code: str, state: str, n_days: int, by: Post, at: datetime) -> Term:
    """
    This function will set how many worked days a county gives to the step that follows a state, and count its open tips anew.

    :raises NotYours: the post may not, or the county is not its own.
    :raises Incomplete: no county, no such step, or days out of range.
    """
    if by.role not in holders("tip.terms") or not Scope.of(by).covers(code):
        raise NotYours("只有本级或上级专项办可以调整线索办理期限")
    if level_of(code) != "county" or state not in workflow.proposed_days():
        raise Incomplete("请选择区县和步骤")
    if not 1 <= n_days <= LONGEST:
        raise Incomplete(f"期限须在1至{LONGEST}个工作日之间")
    before = workflow.days(state, code)
    made, _ = Term.objects.update_or_create(
        code=code, state=state, defaults={"n_days": n_days, "set_at": at, "set_by": by}
    )
    journal.record(
        verb="tip.term_set", subject=made, by=by.code, at=at, code=code, changes={"n_days": (before, n_days)}
    )
    low, high = span(code)
    why = f"“{workflow.transitions()[workflow.next_verb(state)].says}”期限改为{n_days}个工作日"
    recount(Tip.objects.filter(code__gte=low, code__lt=high, state=state), why, by, at)
    return made


@transaction.atomic
def recompute(*, why: str, by: Post, at: datetime) -> list[Recounted]:
    """This function will count the deadlines of all open tips anew, after the calendar changed, and note on each why."""
    return recount(Tip.objects.filter(state__in=workflow.proposed_days()), why, by, at)


def recount(rows: QuerySet[Tip], why: str, by: Post, at: datetime) -> list[Recounted]:
    """This function will count deadlines anew, and note on each tip that moved why."""
    moved = moved_tips(campaigns.calendar(), rows.select_for_update(of=("self",)))
    Tip.objects.bulk_update([one.tip for one in moved], ["due_on"], batch_size=500)
    Step.objects.bulk_create(
        [
            Step(tip=one.tip, verb="recompute", state=one.tip.state, recorded_at=at, recorded_by=by,
                 says=f"{why}，期限由 {one.before} 变为 {one.tip.due_on}")
            for one in moved
        ],
        batch_size=500,
    )  # fmt: skip
    journal.record_many(by=by.code, at=at, acts=[
        journal.Act("tip.recompute", journal.named(one.tip), one.tip.code, {"due_on": (one.before, one.tip.due_on)})
        for one in moved
    ])  # fmt: skip
    return moved


def moved_tips(calendar: Calendar, rows: QuerySet[Tip]) -> list[Recounted]:
    """This function will count open tips by a calendar; each that moves holds its new day, and nothing is stored."""

    @cache
    def counted(state: str, county: str, from_on: date, is_urgent: bool) -> date:
        return workflow.deadline(state, county, from_on, calendar, is_urgent=is_urgent).due_on

    moved = []
    for tip in rows.filter(state__in=workflow.proposed_days()).defer("text", "told", "reading", "copy").order_by("pk"):
        assert tip.due_from_on and tip.due_on
        county = workflow.county_of(tip.code)
        before, tip.due_on = tip.due_on, counted(tip.state, county, tip.due_from_on, tip.is_urgent)
        if tip.due_on != before:
            moved.append(Recounted(tip, before))
    return moved


@transaction.atomic
def follow_division(*, mapping: Mapping[str, str]) -> None:
    """This function will let tips follow divisions that got other codes (old to new); their counties' days, too."""
    for old, new in mapping.items():
        if old != new:
            Tip.objects.filter(code=old).update(code=new)
            Term.objects.filter(code=old).update(code=new)


@transaction.atomic
def follow_merger(*, kept_id: int, gone_ids: Iterable[int]) -> None:
    """This function will let tips follow institutions that were merged into another."""
    Tip.objects.filter(institution__in=list(gone_ids)).update(institution=kept_id)
