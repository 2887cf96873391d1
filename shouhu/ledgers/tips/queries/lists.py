"""Lists of tips, narrowed and counted; deadlines in words; the ledger of transfers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.timezone import get_current_timezone

from shouhu.engines.periods.calendar import Calendar
from shouhu.engines.periods.deadlines import SERIOUSLY_OVERDUE, Deadline, overdue
from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.institutions import queries as institutions
from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.tips import workflow
from shouhu.ledgers.tips.channels import channels
from shouhu.ledgers.tips.models import Finding, Tip, Transfer
from shouhu.ledgers.tips.queries.sight import about, seen
from shouhu.ledgers.units.codes import span
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.scope import Scope

SHOWS = {
    "open": "在办", "mine": "我承办的", "overdue": "已逾期", "serious": "严重逾期", "soon": "三日内到期", "urgent": "紧急",
    "supervised": "督办", "suspended": "已挂起", "contested": "举报人不认可", "done": "已办结", "all": "全部",
    "counted": "全部，合并的只算一条",
}  # fmt: skip
SOON_DAYS = 3


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; empty: all. ``today`` and ``post`` say who asks when."""

    today: date
    post: Post
    show: str = "open"
    """A name of SHOWS."""
    state: str = ""
    channel: str = ""
    source: str = ""
    guise: str = ""
    scheme: str = ""
    outcome: str = ""
    town: str = ""
    """Code of a division."""
    unit_id: int | None = None
    institution_id: int | None = None
    since: date | None = None
    until: date | None = None
    """Days on which it was received, both included."""
    text: str = ""
    """Number here or on the other platform, or words of the institution's name. The words of tips are not searched."""


def narrowed(rows: QuerySet[Tip], filters: Filters) -> QuerySet[Tip]:
    """This function will keep the tips that the filters ask for."""
    rows = _shown(rows, filters)
    if filters.show in ("done", "all", "contested", "counted"):
        rows = rows.order_by("-pk")  # nothing is due for most of these
    for field in ("state", "channel", "guise", "scheme"):
        if wanted := getattr(filters, field):
            rows = rows.filter(**{field: wanted})
    if filters.source:
        rows = rows.filter(channel__in=[one.code for one in channels().values() if one.source == filters.source])
    if filters.outcome:
        rows = rows.filter(
            Exists(Finding.objects.filter(tip=OuterRef("pk"), outcome=filters.outcome, replaced_at=None))
        )
    if filters.town:
        low, high = span(filters.town)
        rows = rows.filter(code__gte=low, code__lt=high)
    if filters.unit_id:
        rows = rows.filter(unit=filters.unit_id)
    if filters.institution_id:
        rows = rows.filter(institution=filters.institution_id)
    if filters.since:
        rows = rows.filter(received_at__gte=_midnight(filters.since))
    if filters.until:
        rows = rows.filter(received_at__lt=_midnight(filters.until + timedelta(1)))
    return _searched(rows, filters.text)


def _shown(rows: QuerySet[Tip], filters: Filters) -> QuerySet[Tip]:
    today, running = filters.today, Q(state__in=workflow.OPEN)
    match filters.show:
        case "open":
            return rows.filter(running)
        case "mine":
            return rows.filter(running, handler=filters.post)
        case "overdue":
            return rows.filter(running, due_on__lt=today)
        case "serious":
            return rows.filter(running, due_on__lt=_serious_before(today, campaigns.calendar()))
        case "soon":
            return rows.filter(running, due_on__gte=today, due_on__lte=today + timedelta(SOON_DAYS))
        case "urgent":
            return rows.filter(running, is_urgent=True)
        case "supervised":
            return rows.filter(running, supervised_at__isnull=False)
        case "suspended":
            return rows.filter(state="suspended")
        case "contested":
            return rows.filter(pk__in=contested())
        case "done":
            return rows.filter(state__in=("resolved", "archived"))
        case "counted":
            return rows.filter(merged_into=None)
    return rows


def _searched(rows: QuerySet[Tip], text: str) -> QuerySet[Tip]:
    text = text.strip()
    if not text:
        return rows
    digits = text[1:] if text[:1] in "Xx" else text
    number = Q(pk=int(digits)) if digits.isascii() and digits.isdigit() and len(digits) < 16 else Q()
    if number and digits != text:
        return rows.filter(number)
    named = institutions.search(Institution.objects.all(), text)
    return rows.filter(number | Q(outer_number=text) | Q(institution__in=named.values("pk")))


def _serious_before(today: date, calendar: Calendar) -> date:
    """The first due day that is not seriously overdue."""
    day = today
    while overdue(day - timedelta(1), today, calendar) <= SERIOUSLY_OVERDUE:
        day -= timedelta(1)
    return day


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time.min, get_current_timezone())


def counts(scope: Scope, today: date) -> dict[str, int]:
    """This function will count what the chips of the list show: each name of SHOWS, and each state, in two queries."""
    rows = seen(scope).order_by()
    by_state: dict[str, int] = dict(rows.values_list("state").annotate(n=Count("pk")))
    serious = _serious_before(today, campaigns.calendar())
    told = rows.filter(state__in=workflow.OPEN).aggregate(
        open=Count("pk"),
        mine=Count("pk", Q(handler=scope.post)),
        overdue=Count("pk", Q(due_on__lt=today)),
        serious=Count("pk", Q(due_on__lt=serious)),
        soon=Count("pk", Q(due_on__gte=today, due_on__lte=today + timedelta(SOON_DAYS))),
        urgent=Count("pk", Q(is_urgent=True)),
        supervised=Count("pk", Q(supervised_at__isnull=False)),
    )
    return {
        **by_state, **told, "suspended": by_state.get("suspended", 0), "all": sum(by_state.values()),
        "counted": sum(by_state.values()) - by_state.get("merged", 0),
        "contested": rows.filter(pk__in=contested()).count(),
        "done": by_state.get("resolved", 0) + by_state.get("archived", 0),
    }  # fmt: skip


def contested() -> QuerySet[Any, Any]:
    """This function will give the ids of the tips whose answer the informant does not accept, by the few that were rated."""
    return Tip.objects.filter(rated_at__isnull=False, rating="contested").order_by().values("pk")


def deadline(tip: Tip) -> Deadline | None:
    """This function will give until when the next step is due and, as ``str()``, how that was counted; None: nothing is."""
    if tip.due_on is None or tip.due_from_on is None:
        return None
    if tip.state == "suspended":
        return Deadline(tip.due_from_on, 0, "calendar", tip.due_on, (f"挂起至{tip.due_on}，到期应恢复办理",))
    return workflow.deadline(
        tip.state, tip.code, tip.due_from_on, campaigns.calendar(), is_urgent=tip.is_urgent
    )  # fmt: skip


def left(due_on: date, today: date, calendar: Calendar) -> int:
    """This function will give the worked days left until a day, today not counted; below 0: overdue by as many."""
    late = overdue(due_on, today, calendar)
    if late:
        return -late
    return sum(calendar.is_worked(today + timedelta(n)) for n in range(1, (due_on - today).days + 1))


def transfers(scope: Scope) -> QuerySet[Transfer]:
    """This function will give the ledger of transfers (中转台账), the latest first: to units of the house and out of it."""
    rows = about(scope, Transfer.objects.select_related("tip", "from_unit", "to_unit", "sent_by__unit", "accepted_by"))
    return rows.defer(*(f"tip__{name}" for name in ("text", "told", "reading", "copy"))).order_by("-sent_at", "-pk")


def findings(tip: Tip) -> QuerySet[Finding]:
    """This function will give the findings on a tip, the one that counts first."""
    return Finding.objects.filter(tip=tip).select_related("recorded_by__unit").order_by("-recorded_at", "-pk")


def merged(scope: Scope, tip: Tip) -> QuerySet[Tip]:
    """This function will give the tips that were merged into a tip, as far as the scope may see them."""
    return seen(scope).filter(merged_into=tip)
