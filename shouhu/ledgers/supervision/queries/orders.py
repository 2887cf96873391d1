"""督办单 as a scope may see them: the list, its counts, what waits for whom, and the levels of escalation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from shouhu.engines.periods.calendar import Calendar
from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.disposals.counting import late_before, left, serious_before
from shouhu.ledgers.supervision import workflow
from shouhu.ledgers.supervision.models import Step, SupervisionOrder
from shouhu.ledgers.supervision.workflow import Level, levels
from shouhu.ledgers.units.codes import chain, span
from shouhu.ledgers.units.models import Post, Tenure, Unit
from shouhu.ledgers.units.scope import Scope

WIDE = ("campaign_office", "task_force", "leader")
"""Roles that see what goes to units of their division; all others what goes to their own unit."""
OWED = Q(replied_at=None, withdrawn_at=None)
"""The addressed unit has something to do."""
STATES = {"": "全部", "running": "未办结", **workflow.states("order")}
ORDERS = {"due": ("due_on",), "-due": ("-due_on",), "unit": ("unit__code", "unit__name"), "-unit": ("-unit__code", "-unit__name"),
          "issued": ("issued_at",), "-issued": ("-issued_at",)}  # fmt: skip
"""What a list can be sorted by."""


@dataclass(frozen=True)
class Filters:
    """What a list of orders is narrowed to; empty: not narrowed."""

    state: str = "running"
    """A state, ``running``, or empty for all."""
    unit: int | None = None
    town: str = ""
    late: str = ""
    """``overdue``, ``serious`` or ``told``: reported upward."""
    text: str = ""
    sort: str = ""


@dataclass(frozen=True)
class Due:
    """An order that waits for a post: to be replied to, looked at, or reported upward."""

    order_id: int
    verb: str
    what: str
    title: str
    unit: str
    due_on: date
    left: int | None
    is_returned: bool


def in_sight(scope: Scope) -> Q:
    """This function will give the condition that an order is one that a scope may see: by its own unit, or to it."""
    own = Q(issuer=scope.post.unit_id) | Q(unit=scope.post.unit_id)
    return own | scope.range("unit__code") if scope.post.role in WIDE else Q(unit=scope.post.unit_id)


def seen(scope: Scope) -> QuerySet[SupervisionOrder]:
    """This function will give the orders that a scope may see, what is still owed first, then by day."""
    rows = SupervisionOrder.objects.filter(in_sight(scope)).select_related("unit", "issuer", "talk")
    rank = Case(
        When(Q(accepted_at=None, withdrawn_at=None), then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    return rows.annotate(rank=rank).order_by("rank", "due_on", "-pk")


def one(scope: Scope, pk: int) -> SupervisionOrder | None:
    """This function will give an order, if the scope may see it."""
    related = ("issued_by__unit", "replied_by__unit", "accepted_by__unit", "withdrawn_by__unit")
    return seen(scope).select_related("unit", "issuer", "talk", *related).filter(pk=pk).first()


def listed(scope: Scope, filters: Filters, today: date) -> QuerySet[SupervisionOrder]:
    """This function will give the orders that the filters keep."""
    rows = seen(scope)
    if filters.state:
        rows = rows.filter(in_state(filters.state))
    if filters.unit:
        rows = rows.filter(unit=filters.unit)
    if filters.town:
        low, high = span(filters.town)
        rows = rows.filter(unit__code__gte=low, unit__code__lt=high)
    if filters.text.strip():
        word = filters.text.strip()
        rows = rows.filter(Q(number__icontains=word) | Q(title__icontains=word) | Q(unit__name__icontains=word))
    calendar = campaigns.calendar()
    match filters.late:
        case "overdue":
            rows = rows.filter(OWED, due_on__lt=late_before(today, calendar))
        case "serious":
            rows = rows.filter(OWED, due_on__lt=serious_before(today, calendar))
        case "told":
            rows = rows.filter(n_levels__gt=0)
    return rows.order_by(*ORDERS[filters.sort], "pk") if filters.sort in ORDERS else rows


def in_state(state: str) -> Q:
    """This function will give the condition that an order is in a state, as ``SupervisionOrder.state`` reads it."""
    running = Q(withdrawn_at=None, accepted_at=None)
    return {
        "running": running, "withdrawn": Q(withdrawn_at__isnull=False), "accepted": Q(accepted_at__isnull=False),
        "replied": Q(running, replied_at__isnull=False), "returned": Q(running, returned_at__isnull=False),
        "open": Q(running, replied_at=None, returned_at=None),
    }[state]  # fmt: skip


def days_left(order: SupervisionOrder, today: date, calendar: Calendar) -> int | None:
    """This function will give the worked days left of what is owed; negative: overdue; None: nothing is owed, or no day has begun."""
    return left(order.due_on, today, calendar) if order.state in ("open", "returned") else None


def steps(order: SupervisionOrder) -> QuerySet[Step]:
    """This function will give the trail of an order, the latest first."""
    related = ("file", "told__unit", "recorded_by__unit")
    return Step.objects.filter(order=order).select_related(*related).order_by("-recorded_at", "-pk")


def addressees(scope: Scope) -> QuerySet[Unit]:
    """This function will give the units to which orders that a scope may see are addressed."""
    return Unit.objects.filter(pk__in=seen(scope).order_by().values("unit")).order_by("code", "name")


def due_for(scope: Scope, today: date) -> list[Due]:
    """
    This function will give what waits for the post of a scope: replies of its unit, replies to look at, and what has to be
    reported upward.
    """
    post, calendar, waiting = scope.post, campaigns.calendar(), []
    if scope.may(workflow.REPLY):
        for row in seen(scope).filter(OWED, unit=post.unit_id):
            what = "退回重办" if row.returned_at else "回复督办单"
            waiting.append(_due(row, "reply", what, left(row.due_on, today, calendar)))
    if scope.may(workflow.ISSUE):
        ours = seen(scope).filter(issuer=post.unit_id)
        for row in ours.filter(in_state("replied")).exclude(replied_by=post):
            waiting.append(_due(row, "accept", "审核督办回复", None))
        for row in ours.filter(OWED, due_on__lt=late_before(today, calendar)):
            level, days = next_level(row), left(row.due_on, today, calendar)
            if level and -(days or 0) > level.late:
                waiting.append(_due(row, "escalate", level.says, days))
    return waiting


def next_level(order: SupervisionOrder) -> Level | None:
    """This function will give the level to which an order would be reported next; None: it has reached the highest."""
    return levels()[order.n_levels] if order.n_levels < len(levels()) else None


def may_escalate(order: SupervisionOrder, today: date) -> bool:
    """This function will tell whether an order is late enough to be reported to the next level."""
    level = next_level(order)
    return level is not None and -(days_left(order, today, campaigns.calendar()) or 0) > level.late


def leaders(order: SupervisionOrder, level: Level, today: date) -> QuerySet[Post]:
    """
    This function will give the posts of leaders who may be told: at the unit's place and above it for the first level, at
    the issuer's place and above it for the next; the nearest first.
    """
    start = order.unit.code if level.whose == "own" else order.issuer.code
    held = Tenure.objects.filter(Q(to_on=None) | Q(to_on__gt=today), post=OuterRef("pk"), from_on__lte=today)
    rows = Post.objects.filter(Exists(held), role="leader", unit__code__in=chain(start), closed_on=None)
    return rows.select_related("unit").order_by("-unit__code", "code")


def _due(row: SupervisionOrder, verb: str, what: str, days: int | None) -> Due:
    return Due(
        row.pk, verb, what, row.title, row.unit.name, row.due_on, days, verb == "reply" and row.returned_at is not None
    )
