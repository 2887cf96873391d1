"""Lists of disposals, narrowed, with lateness; whom they may be handed to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.disposals.counting import late_before, left, serious_before
from shouhu.ledgers.disposals.models import Disposal, Refund, Task
from shouhu.ledgers.institutions import queries as institutions
from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.ratings.transitions import WORST_FIRST
from shouhu.ledgers.units.codes import span
from shouhu.ledgers.units.models import Post, Tenure
from shouhu.ledgers.units.rights import holders
from shouhu.ledgers.units.scope import Scope

UNFINISHED = Q(done_at=None, waived_at=None, dropped_at=None)
COUNTED = Q(dropped_at=None)
FINISHED = Q(reviewed_at__isnull=False) | Q(waived_at__isnull=False)
STATES = {"open": "处置中", "unassigned": "未指定经办", "fallen": "等级已降待销号", "closed": "已销号"}


@dataclass(frozen=True)
class Filters:
    """What a list of disposals is narrowed to; empty: not narrowed."""

    colour: str = ""
    town: str = ""
    """12-digit code of a town, or of any division."""
    state: str = "open"
    late: str = ""
    """``overdue`` or ``serious``."""
    handler: int | None = None
    text: str = ""


def seen(scope: Scope) -> QuerySet[Disposal]:
    """This function will give the disposals in a scope: of institutions that are shown and not merged away."""
    return Disposal.objects.filter(institutions.in_sight(scope))


def narrowed(scope: Scope, filters: Filters, today: date) -> QuerySet[Disposal]:
    """This function will give the disposals that a list holds, without what it shows beside them: enough to count."""
    rows = seen(scope)
    match filters.state:
        case "open":
            rows = rows.filter(closed_at=None)
        case "unassigned":
            rows = rows.filter(closed_at=None, handler=None)
        case "fallen":
            rows = rows.filter(closed_at=None, colour="green")
        case "closed":
            rows = rows.filter(closed_at__isnull=False)
    if filters.colour:
        rows = rows.filter(colour=filters.colour)
    if filters.town:
        low, high = span(filters.town)
        rows = rows.filter(institution__code__gte=low, institution__code__lt=high)
    if filters.handler:
        rows = rows.filter(handler=filters.handler)
    if filters.text.strip():
        rows = rows.filter(institution__in=institutions.search(Institution.objects.all(), filters.text))
    if filters.late:
        calendar = campaigns.calendar()
        before = late_before if filters.late == "overdue" else serious_before
        late = Task.objects.filter(UNFINISHED, due_on__lt=before(today, calendar))
        rows = rows.filter(closed_at=None, pk__in=late.values("disposal"))
    return rows


def listed(scope: Scope, filters: Filters, today: date) -> QuerySet[Disposal]:
    """
    This function will give a list of disposals, the worst colours first, then the earliest due day.

    Each carries ``n_tasks``, ``n_finished``, ``next_due``, ``owed_fen`` and ``paid_fen``; its names come without further queries.
    """
    rows = narrowed(scope, filters, today)
    tasks = Task.objects.filter(disposal=OuterRef("pk")).order_by().values("disposal")
    refunds = Refund.objects.filter(disposal=OuterRef("pk")).order_by().values("disposal")
    rows = rows.annotate(
        n_tasks=Coalesce(Subquery(tasks.filter(COUNTED).annotate(n=Count("pk")).values("n")), 0),
        n_finished=Coalesce(Subquery(tasks.filter(COUNTED & FINISHED).annotate(n=Count("pk")).values("n")), 0),
        next_due=Subquery(tasks.filter(UNFINISHED).annotate(day=Min("due_on")).values("day")),
        owed_fen=Coalesce(Subquery(refunds.filter(kind="owed").annotate(n=Sum("sum_fen")).values("n")), 0),
        paid_fen=Coalesce(Subquery(refunds.filter(kind="paid").annotate(n=Sum("sum_fen")).values("n")), 0),
    )
    return rows.select_related("institution", "handler__unit").order_by(
        _severity(), F("next_due").asc(nulls_last=True), "pk"
    )


def lateness(rows: Iterable[Disposal], today: date) -> dict[int, int | None]:
    """This function will give the worked days left of disposals from ``listed`` by their id; negative: overdue."""
    calendar = campaigns.calendar()
    return {
        row.pk: left(row.next_due, today, calendar) if row.next_due and not row.closed_at else None  # type: ignore[attr-defined]
        for row in rows
    }


def candidates(scope: Scope, today: date) -> QuerySet[Post]:
    """This function will give the posts to which a scope may hand disposals: open ones that somebody holds."""
    held = Tenure.objects.filter(Q(to_on=None) | Q(to_on__gt=today), post=OuterRef("pk"), from_on__lte=today)
    rows = Post.objects.filter(Exists(held), role__in=holders("disposal.handle"))
    rows = rows.filter(Q(closed_on=None) | Q(closed_on__gt=today))
    return scope.limit(rows, "unit__code").select_related("unit").order_by("unit__code", "code")


def handlers(scope: Scope) -> QuerySet[Post]:
    """This function will give the posts that handle disposals of a scope."""
    ids = seen(scope).exclude(handler=None).values("handler")
    return Post.objects.filter(pk__in=ids).select_related("unit").order_by("unit__code", "code")


def _severity() -> Case:
    """The place of a colour in the order of lists."""
    return Case(*(When(colour=colour, then=Value(n)) for n, colour in enumerate(WORST_FIRST)))
