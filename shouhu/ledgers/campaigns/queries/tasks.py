"""Tasks of campaigns and who owes them, narrowed; what waits for a post; the trail of a task."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable

from shouhu.ledgers.campaigns import workflow
from shouhu.ledgers.campaigns.counting import late_before, serious_before
from shouhu.ledgers.campaigns.models import Campaign, Duty, Meeting, Progress, Task
from shouhu.ledgers.campaigns.queries.running import calendar, in_sight, seen
from shouhu.ledgers.units import queries as units
from shouhu.ledgers.units.codes import chain, span
from shouhu.ledgers.units.models import Post, Unit
from shouhu.ledgers.units.rights import holders
from shouhu.ledgers.units.scope import Scope
from shouhu.ledgers.vault.models import StoredFile

STATES = {"open": "办理中", "done": "待审核", "accepted": "已办结", "unowned": "没有责任单位", "withdrawn": "已撤销"}
LATE = {"overdue": "逾期", "serious": "严重逾期"}
SORTS: dict[str, tuple[str | Combinable, ...]] = {
    "position": ("position", "pk"),
    "due": (F("due_on").asc(nulls_last=True), "position"),
    "-due": (F("due_on").desc(nulls_last=True), "position"),
}
OPEN = Q(done_at=None)
"""A duty whose unit has still to do something."""
RUNNING = Q(task__withdrawn_at=None)


@dataclass(frozen=True)
class Filters:
    """What a list of tasks is narrowed to; empty: not narrowed."""

    text: str = ""
    phase: int | None = None
    arm: str = ""
    """One of ARMS, or ``none``."""
    unit: int | None = None
    state: str = ""
    """One of STATES; withdrawn tasks are listed only if asked for."""
    late: str = ""
    """One of LATE."""
    sort: str = "position"


def tasks(scope: Scope) -> QuerySet[Task]:
    """This function will give the tasks of the campaigns that a scope sees; not those that only units beside it owe."""
    owed = Duty.objects.filter(task=OuterRef("pk"))
    known = Exists(duties(scope).filter(task=OuterRef("pk"))) | ~Exists(owed)
    return Task.objects.filter(in_sight(scope, "campaign__code"), known)


def duties(scope: Scope) -> QuerySet[Duty]:
    """
    This function will give the duties that a scope sees: of units inside it and of those above, and those that nobody bears.

    What the units beside it owe is theirs.
    """
    known = Q(scope.range("unit__code")) | Q(unit__code__in=chain(scope.low)) | Q(unit=None)
    return Duty.objects.filter(in_sight(scope, "task__campaign__code"), known)


def listed(scope: Scope, campaign: Campaign, filters: Filters, today: date) -> QuerySet[Task]:
    """This function will give the tasks of a campaign as narrowed, each with ``known``: its duties that the scope sees, lead first."""
    rows = narrowed(scope, campaign, filters, today).order_by(*SORTS.get(filters.sort, SORTS["position"]))
    return _with_duties(scope, rows)


def of_meeting(scope: Scope, meeting: Meeting) -> QuerySet[Task]:
    """This function will give the tasks that a meeting agreed on, as ``listed`` does."""
    return _with_duties(scope, tasks(scope).filter(meeting=meeting).order_by("position"))


def narrowed(scope: Scope, campaign: Campaign, filters: Filters, today: date) -> QuerySet[Task]:
    """This function will give the tasks of a campaign that a list holds, without what it shows beside them."""
    rows = tasks(scope).filter(campaign=campaign, withdrawn_at__isnull=filters.state != "withdrawn")
    if filters.text.strip():
        said = filters.text.strip()
        rows = rows.filter(Q(title__icontains=said) | Q(text__icontains=said) | Q(number__icontains=said))
    if filters.phase:
        rows = rows.filter(phase=filters.phase)
    if filters.arm:
        rows = rows.filter(arm="" if filters.arm == "none" else filters.arm)
    owed = duties(scope).filter(task=OuterRef("pk"))
    if filters.unit:
        owed = owed.filter(unit=filters.unit)
        rows = rows.filter(Exists(owed))
    match filters.state:
        case "open":
            rows = rows.filter(Exists(owed.filter(OPEN, unit__isnull=False)))
        case "done":
            rows = rows.filter(Exists(owed.filter(~OPEN, accepted_at=None)))
        case "accepted":
            rows = rows.filter(Exists(owed), ~Exists(owed.filter(accepted_at=None)))
        case "unowned":
            rows = rows.filter(unowned(today))
    if filters.late:
        before = late_before if filters.late == "overdue" else serious_before
        rows = rows.filter(Exists(owed.filter(OPEN)), due_on__lt=before(today, calendar()))
    return rows


def unowned(today: date) -> Q:
    """This function will give the condition that a task is owed by nobody, or by a name or a closed office of which nobody acts."""
    gone = Q(unit=None) | Q(unit__closed_on__lte=today)
    owed = Duty.objects.filter(task=OuterRef("pk"))
    return ~Exists(owed) | Exists(owed.filter(OPEN).filter(gone))


def task(scope: Scope, pk: int) -> Task | None:
    """This function will give a task with what its page shows, if the scope sees it."""
    shown = duties(scope).select_related("unit", "done_by__unit", "accepted_by__unit").order_by("-is_lead", "pk")
    rows = tasks(scope).select_related("campaign", "phase", "item__paper", "meeting", "added_by__unit")
    return rows.prefetch_related(Prefetch("duties", shown, to_attr="known")).filter(pk=pk).first()


def duty(scope: Scope, pk: int) -> Duty | None:
    """This function will give a duty, if the scope sees it."""
    return duties(scope).select_related("task__campaign", "unit", "done_by").filter(pk=pk).first()


def state_of(owed: Iterable[Duty]) -> str:
    """This function will give the state of a task by its duties: as far as the one that is furthest behind."""
    states = {one.state if one.unit_id else "unowned" for one in owed}
    return next(
        (state for state in ("unowned", "open", "done") if state in states), "accepted" if states else "unowned"
    )


def trail(scope: Scope, task: Task) -> QuerySet[Progress]:
    """
    This function will give what was said about a task, the latest first: of the whole task, and of duties in the scope.

    What units above or beside it report is theirs.
    """
    own = Q(duty=None) | Q(scope.range("duty__unit__code"))
    rows = Progress.objects.filter(own, task=task).select_related("duty__unit", "file", "said_by__unit")
    return rows.order_by("-said_at", "-pk")


def paper(scope: Scope, task: Task, token: str) -> StoredFile | None:
    """This function will give a file of a task's trail as far as the scope reads it."""
    found = trail(scope, task).filter(file__token=token).first()
    return found.file if found else None


def owed_by(scope: Scope) -> QuerySet[Duty]:
    """
    This function will give what the unit of a post has still to do, the earliest first; ``was`` names the last step: send_back.
    """
    steps = Progress.objects.filter(duty=OuterRef("pk"), verb__in=("done", "send_back", "reassign")).order_by("-pk")
    rows = Duty.objects.filter(OPEN, RUNNING, unit=scope.post.unit_id).select_related("task__campaign")
    return rows.annotate(was=Subquery(steps.values("verb")[:1])).order_by(F("task__due_on").asc(nulls_last=True), "pk")


def to_accept(scope: Scope) -> QuerySet[Duty]:
    """This function will give what units reported as done to a post that directs their campaign, the oldest first."""
    if not scope.may(workflow.ACCEPT):
        return Duty.objects.none()
    rows = Duty.objects.filter(scope.range("task__campaign__code"), RUNNING, done_at__isnull=False, accepted_at=None)
    return (
        rows.exclude(done_by=scope.post).select_related("task__campaign", "unit", "done_by").order_by("done_at", "pk")
    )


def able(campaign: Campaign, today: date) -> QuerySet[Unit]:
    """This function will give the units that can owe a task of a campaign: open, inside it, with a post that may report."""
    low, high = span(campaign.code)
    posts = Post.objects.filter(units.open_on(today), unit=OuterRef("pk"), role__in=holders(workflow.WORK))
    rows = Unit.objects.filter(units.open_on(today), Exists(posts), code__gte=low, code__lt=high)
    return rows.order_by("code", "pk")


def counts(scope: Scope, campaign: Campaign, today: date) -> dict[str, int]:
    """This function will count the tasks of a campaign by state, by lateness, and those of the post's own unit (``mine``)."""
    wanted = {"all": Filters(), "mine": Filters(unit=scope.post.unit_id)}
    wanted |= {state: Filters(state=state) for state in STATES} | {late: Filters(late=late) for late in LATE}
    return {name: narrowed(scope, campaign, one, today).count() for name, one in wanted.items()}


def campaign(scope: Scope, pk: int) -> Campaign | None:
    """This function will give a campaign, if the scope sees it."""
    return seen(scope).filter(pk=pk).first()


def _with_duties(scope: Scope, rows: QuerySet[Task]) -> QuerySet[Task]:
    shown = duties(scope).select_related("unit").order_by("-is_lead", "pk")
    return rows.select_related("phase", "campaign").prefetch_related(Prefetch("duties", shown, to_attr="known"))
