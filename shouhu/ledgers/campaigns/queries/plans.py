"""Plans that a post may see, their items, what is open to be planned under, and which tasks no unit's plan covers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from shouhu.engines.plans import likeness
from shouhu.ledgers.campaigns import items
from shouhu.ledgers.campaigns.models import Campaign, Cover, Duty, PlanItem, PlanPaper, Task
from shouhu.ledgers.campaigns.owning import Candidate
from shouhu.ledgers.units.codes import chain, span
from shouhu.ledgers.units.models import Post, Unit
from shouhu.ledgers.units.scope import Scope

LIKELY = 0.12
"""Likeness from which an item is proposed for a task. Our proposal, found on our own plans."""
_READ = Q(adopted_at=None, dropped_at=None, failure="", proposal__isnull=False)
PLAN_STATES = {
    "review": _READ & Q(proposal__kind="campaign_plan"),
    "reading": Q(adopted_at=None, dropped_at=None, failure="", proposal__isnull=True),
    "adopted": Q(adopted_at__isnull=False),
    "other": (_READ & ~Q(proposal__kind="campaign_plan")) | (Q(dropped_at=None) & ~Q(failure="")),
    "dropped": Q(dropped_at__isnull=False),
}
"""What a list of plans is narrowed to; ``reading`` are also those of which one is to be chosen, ``other`` also the unreadable."""


@dataclass(frozen=True)
class UnitCover:
    """How far the plans of a unit cover what it owes."""

    unit: Unit
    papers: tuple[PlanPaper, ...]
    """Adopted ones; without any, the unit has no plan yet."""
    owed: tuple[Task, ...]
    uncovered: tuple[Task, ...]


def papers(scope: Scope) -> QuerySet[PlanPaper]:
    """This function will give the plans of the scope's units and the adopted leading plans of divisions above, the newest first."""
    above = Q(is_leading=True, adopted_at__isnull=False, campaign__code__in=chain(scope.low[:12]))
    seen = PlanPaper.objects.filter(scope.range("unit__code") | above)
    return seen.select_related("unit", "campaign", "handed_in_by").order_by("-handed_in_at", "-pk")


def waiting_papers(scope: Scope) -> QuerySet[PlanPaper]:
    """This function will give the plans of the post's own unit that wait for a look."""
    return papers(scope).filter(
        PLAN_STATES["review"] | Q(parts__isnull=False, part=None, failure="", dropped_at=None), unit=scope.post.unit_id
    )


def items_of(paper: PlanPaper) -> list[PlanItem]:
    """This function will give the items of a plan, kind by kind, in the order of the text, added ones last."""
    order = list(items.LISTS)
    return sorted(paper.items.all(), key=lambda one: (order.index(one.kind), one.position))


def title_of(item: PlanItem) -> str:
    """This function will give what an item is called by."""
    return items.title(item.kind, item.said)


def campaigns_above(scope: Scope, today: date) -> QuerySet[Campaign]:
    """This function will give the campaigns of the scope's division and of those above that are not over: a plan may hang under them."""
    return Campaign.objects.filter(code__in=chain(scope.low[:12]), ends_on__gte=today).order_by("-starts_on", "pk")


def campaigns_led(scope: Scope) -> QuerySet[Campaign]:
    """This function will give the campaigns of the scope that tasks were handed out for: plans of units hang under them."""
    return scope.limit(Campaign.objects.filter(tasks__duties__isnull=False)).order_by("-starts_on", "pk").distinct()


def candidates(code: str) -> list[Candidate]:
    """This function will give the open units of a division that may owe tasks, those of its own level first."""
    low, high = span(code)
    rows = Unit.objects.filter(closed_on=None).exclude(kind="institution").order_by("code", "pk")
    departments = set(Post.objects.filter(role="member_unit", closed_on=None).values_list("unit", flat=True))
    return [
        Candidate(one.pk, one.name, one.kind, one.code == code, _group(one, code, one.pk in departments))
        for one in rows.filter(code__gte=low, code__lt=high)
    ]


def owed(unit: Unit, campaign: Campaign) -> list[Task]:
    """This function will give the tasks of a campaign that a unit owes, in the order of its plan."""
    return list(Task.objects.filter(campaign=campaign, withdrawn_at=None, duties__unit=unit).order_by("position", "pk"))


def covers(paper: PlanPaper) -> dict[int, int]:
    """This function will give which item of a plan carries out which task: task → item."""
    return dict(Cover.objects.filter(item__paper=paper).values_list("task", "item"))


def likely_covers(tasks: Sequence[Task], found: Sequence[PlanItem]) -> dict[int, int]:
    """This function will propose, by the likeness of the words, which item carries out which task."""
    told = [f"{one.said['heading']} {one.said['text']}" for one in found]
    proposed = {}
    for task, scores in zip(tasks, likeness.scores([f"{one.title} {one.text}" for one in tasks], told), strict=True):
        best = max(range(len(scores)), key=lambda at: scores[at], default=None)
        if best is not None and scores[best] >= LIKELY:
            proposed[task.pk] = found[best].pk
    return proposed


def coverage(scope: Scope, campaign: Campaign) -> list[UnitCover]:
    """
    This function will give, for every unit of a scope that owes tasks of a campaign, its plans and what they leave open.

    The office that leads the campaign needs no plan beside the campaign's own.
    """
    duties = scope.limit(Duty.objects.filter(task__campaign=campaign, task__withdrawn_at=None), "unit__code")
    led_by = campaign.papers.filter(is_leading=True).values_list("unit", flat=True)
    rows = (
        duties.exclude(unit__in=led_by).select_related("unit", "task").order_by("unit__code", "unit", "task__position")
    )
    tasks: dict[Unit, list[Task]] = {}
    for duty in rows:
        assert duty.unit
        tasks.setdefault(duty.unit, []).append(duty.task)
    plans: dict[int, list[PlanPaper]] = {}
    for paper in campaign.papers.filter(is_leading=False, adopted_at__isnull=False).defer("text", "proposal"):
        plans.setdefault(paper.unit_id, []).append(paper)
    done = set(Cover.objects.filter(task__campaign=campaign).values_list("item__paper__unit", "task"))
    return [
        UnitCover(
            unit,
            tuple(plans.get(unit.pk, ())),
            tuple(owes),
            tuple(one for one in owes if (unit.pk, one.pk) not in done),
        )
        for unit, owes in tasks.items()
    ]


def _group(unit: Unit, code: str, is_department: bool) -> str:
    if unit.code == code:
        return "member_unit" if is_department else ""
    if unit.kind == "task_force":
        return "task_force"
    return "neighbourhood" if unit.kind == "neighbourhood" else ""
