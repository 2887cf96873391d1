"""News of supervision: papers that came to a unit, what was answered, decided, reported upward, and what a day brings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, DateField, QuerySet, Value, When
from django.utils.timezone import localdate

from shouhu.engines.periods.calendar import Calendar
from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.supervision.models import Delivery, Item, RegulatoryTalk, Step, SupervisionOrder
from shouhu.ledgers.supervision.queries.orders import OWED
from shouhu.ledgers.units.scope import Scope

Line = tuple[str, QuerySet[Any, Any], str, str, str, str]
"""Kind of news, rows, the column of the instant, of the id, of the name, of the words."""
SOON = 3
"""Worked days before an order is due on which it is told."""
AHEAD = timedelta(30)
"""No reminder of a few worked days lies further before its day, whatever the holidays."""


def acts(scope: Scope, since: datetime) -> Iterator[Line]:
    """This function will give what people did that is news to the post of a scope."""
    post = scope.post
    steps = Step.objects.filter(recorded_at__gt=since).exclude(recorded_by=post)
    told = steps.filter(verb="escalate", told=post)
    yield "order.told", told, "recorded_at", "order", "order__title", "order__unit__name"
    if not scope.may("supervision.view"):
        return
    if scope.may("supervision.reply"):
        ours = steps.filter(order__unit=post.unit_id)
        for kind, verb in (
            ("order.given", "issue"),
            ("order.returned", "send_back"),
            ("order.accepted", "accept"),
            ("order.moved", "extend"),
        ):
            yield kind, ours.filter(verb=verb), "recorded_at", "order", "order__title", ""
        circulars = Delivery.objects.filter(unit=post.unit_id, received_at=None, circular__issued_at__gt=since)
        yield "circular.given", circulars, "circular__issued_at", "circular", "circular__title", ""
        called = RegulatoryTalk.objects.filter(unit=post.unit_id, called_at__gt=since, cancelled_at=None)
        yield "talk.called", called, "called_at", "pk", "place", ""
    if scope.may("supervision.issue"):
        answered = steps.filter(verb="reply", order__issuer=post.unit_id)
        yield "order.replied", answered, "recorded_at", "order", "order__title", "order__unit__name"
        doubtful = Item.objects.filter(
            is_sound=False, settled_at=None, looked_at__gt=since, look_back__issuer=post.unit_id
        )
        yield "item.doubtful", doubtful.exclude(looked_by=post), "looked_at", "pk", "look_back__title", ""
    if scope.may("supervision.look"):
        given = Item.objects.filter(unit=post.unit_id, looked_at=None, look_back__drawn_at__gt=since)
        yield "item.given", given, "look_back__drawn_at", "pk", "look_back__title", ""


def days(scope: Scope, since: datetime, at: datetime, calendar: Calendar) -> Iterator[Line]:
    """This function will give what a day brings: orders of the unit that are due in three worked days, and late ones."""
    if not scope.may("supervision.reply"):
        return
    owed = SupervisionOrder.objects.filter(OWED, unit=scope.post.unit_id)
    first, last = localdate(since), localdate(at)
    late = owed.filter(due_on__gte=first, due_on__lt=last)
    yield "order.overdue", late, "due_on", "pk", "title", ""
    some = (first + timedelta(n) for n in range((last - first + AHEAD).days + 1))
    told = [
        When(due_on=on, then=Value(told_on))
        for on in some
        if first < (told_on := campaigns.reminded_on(on, SOON, calendar)) <= last
    ]
    case = Case(*told, default=None, output_field=DateField()) if told else Value(None, DateField())
    yield "order.ending", owed.annotate(told_on=case).filter(told_on__isnull=False), "told_on", "pk", "title", ""
