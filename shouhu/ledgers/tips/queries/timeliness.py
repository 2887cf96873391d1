"""Whether tips went their way in time: every step that was taken, against the days that it had."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import cache
from itertools import groupby

from django.db.models import QuerySet
from django.utils.timezone import localdate

from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.tips import workflow
from shouhu.ledgers.tips.models import Step, Tip

TIMELINESS = {
    "done": "按期办结", "done_late": "逾期办结", "running": "在办未逾期", "running_late": "在办已逾期",
}  # fmt: skip
DONE = ("resolved", "archived")


def timeliness(rows: QuerySet[Tip], today: date) -> Counter[str]:
    """
    This function will count tips by whether they went in time, by the names of TIMELINESS; merged ones are left out.

    What is done counts as late when any of its steps was taken after its day, reckoned with the days that hold now.
    """
    counted: Counter[str] = Counter()
    open_ = rows.filter(state__in=workflow.OPEN).order_by()
    counted["running_late"] = open_.filter(due_on__lt=today).count()
    counted["running"] = open_.count() - counted["running_late"]
    done = rows.filter(state__in=DONE).order_by()
    counted["done_late"] = _late(done)
    counted["done"] = done.count() - counted["done_late"]
    return counted


def _late(done: QuerySet[Tip]) -> int:
    """How many of these tips left some state after its day."""
    calendar, limited = campaigns.calendar(), workflow.proposed_days()

    @cache
    def due(state: str, county: str, from_on: date, is_urgent: bool) -> date:
        return workflow.deadline(state, county, from_on, calendar, is_urgent=is_urgent).due_on

    facts = {pk: (workflow.county_of(code), urgent) for pk, code, urgent in done.values_list("pk", "code", "is_urgent")}
    steps = Step.objects.filter(tip__in=done.values("pk")).order_by("tip", "recorded_at", "pk")
    n_late = 0
    for pk, trail in groupby(steps.values_list("tip", "state", "recorded_at").iterator(), key=lambda step: step[0]):
        state, entered = "", None
        for _, after, at in trail:
            if after == state:
                continue
            if entered and state in limited and localdate(at) > due(state, facts[pk][0], entered, facts[pk][1]):
                n_late += 1
                break
            state, entered = after, localdate(at)
    return n_late
