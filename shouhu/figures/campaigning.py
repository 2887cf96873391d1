"""
What happened for a post in the campaigns: tasks given, returned, accepted, moved; days that come near; phases that change.

Each is told as kind, rows, the column of the instant or day, that of the id to open, and those of the words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, DateField, Q, QuerySet, Value, When
from django.utils.timezone import localdate

from shouhu.engines.periods.calendar import Calendar
from shouhu.ledgers.campaigns import queries, workflow
from shouhu.ledgers.campaigns.models import Duty, Phase, Progress
from shouhu.ledgers.units.scope import Scope

Line = tuple[str, QuerySet[Any, Any], str, str, str, str]
AHEAD = timedelta(30)
"""No reminder of a few worked days lies further before its day, whatever the holidays."""


def acts(scope: Scope, since: datetime) -> Iterator[Line]:
    """This function will give what was done about the duties of a post's unit, and for who directs what was reported as done."""
    post = scope.post
    if scope.may(workflow.WORK):
        mine = Duty.objects.filter(unit=post.unit_id, task__withdrawn_at=None)
        steps = Progress.objects.filter(said_at__gt=since, task__withdrawn_at=None).exclude(said_by=post)
        own, at_task = steps.filter(duty__unit=post.unit_id), ("task", "task__title", "says")
        handed = own.filter(verb__in=("owe", "reassign"), duty__done_at=None)
        fresh = mine.filter(task__added_at__gt=since, done_at=None).exclude(task__added_by=post)
        yield (
            "duty.given",
            fresh.exclude(trail__verb__in=("owe", "reassign")),
            "task__added_at",
            "task",
            "task__title",
            "",
        )
        yield "duty.handed", handed, "said_at", *at_task
        yield "duty.returned", own.filter(verb="send_back", duty__done_at=None), "said_at", *at_task
        yield "duty.accepted", own.filter(verb="accept"), "said_at", *at_task
        moved = steps.filter(verb="move", task__in=mine.filter(done_at=None).values("task"))
        yield "duty.moved", moved, "said_at", *at_task
    if scope.may(workflow.ACCEPT):
        waiting = Duty.objects.filter(scope.range("task__campaign__code"), accepted_at=None, task__withdrawn_at=None)
        yield (
            "duty.done",
            waiting.filter(done_at__gt=since).exclude(done_by=post),
            "done_at",
            "task",
            "task__title",
            "unit__name",
        )


def days(scope: Scope, since: datetime, at: datetime, calendar: Calendar) -> Iterator[Line]:
    """This function will give the duties of a post's unit that a day brings near or lets pass, and the phases that change."""
    if not scope.may(workflow.WORK):
        return
    first, last = localdate(since), localdate(at)

    def near(kind: str, rows: QuerySet[Any, Any], field: str, told_on: Callable[[date], date], *words: str) -> Line:
        """Rows whose day is told of on another one, which falls after the first and up to the last."""
        some = [first + timedelta(n) for n in range((last - first + AHEAD).days + 1)]
        told = [When(**{field: on}, then=Value(told_on(on))) for on in some if first < told_on(on) <= last]
        case = Case(*told, default=None, output_field=DateField()) if told else Value(None, DateField())
        return kind, rows.annotate(told_on=case).filter(told_on__isnull=False), "told_on", words[0], words[1], words[2]

    open_ = Duty.objects.filter(unit=scope.post.unit_id, done_at=None, task__withdrawn_at=None)
    at_task = ("task", "task__title", "")
    n_duty, n_phase = workflow.reminded_before("duty"), workflow.reminded_before("phase")
    yield near("duty.ending", open_, "task__due_on", lambda on: queries.reminded_on(on, n_duty, calendar), *at_task)
    yield near("duty.due", open_, "task__due_on", lambda on: on, *at_task)
    late = open_.filter(task__due_on__gte=first, task__due_on__lt=last)
    yield "duty.overdue", late, "task__due_on", *at_task
    running = Q(queries.in_sight(scope, "campaign__code"), campaign__standing_at=None)
    phases = Phase.objects.filter(running)
    at_phase = ("campaign", "name", "campaign__title")
    yield near("phase.ending", phases, "ends_on", lambda on: queries.reminded_on(on, n_phase, calendar), *at_phase)
    yield near("phase.begun", phases, "starts_on", lambda on: on, *at_phase)
