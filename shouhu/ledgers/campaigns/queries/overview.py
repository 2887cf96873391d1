"""A running campaign at one glance: its phases, how far arms and units have come, what is late, what the plan leaves open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils.timezone import localdate

from shouhu.engines.periods import recurring
from shouhu.engines.periods.binding import Unbound
from shouhu.engines.periods.calendar import Calendar
from shouhu.ledgers.campaigns.counting import late_before, serious_before
from shouhu.ledgers.campaigns.models import ARMS, Campaign, Duty, Meeting, Phase, ReportRule, Task
from shouhu.ledgers.campaigns.queries.running import in_sight
from shouhu.ledgers.campaigns.queries.tasks import RUNNING, Filters, listed
from shouhu.ledgers.units.models import Unit
from shouhu.ledgers.units.scope import Scope

LOOKED_AHEAD = timedelta(days=62)
"""Days in which every rhythm that names its day falls due at least once."""


@dataclass
class Count:
    """How many tasks stand where: all, of one arm, or what one unit owes."""

    key: str
    label: str
    n: int = 0
    n_accepted: int = 0
    n_done: int = 0
    n_late: int = 0
    n_serious: int = 0
    n_finished_late: int = 0
    """Reported as done only after the due day."""

    @property
    def n_open(self) -> int:
        """Still to be done, of what one unit owes."""
        return self.n - self.n_accepted - self.n_done

    @property
    def percent(self) -> int:
        """Share that is accepted, in whole percent; only what is complete is 100."""
        return 100 * self.n_accepted // self.n if self.n else 0


@dataclass
class Overview:
    """The tasks of a campaign, counted."""

    total: Count
    arms: list[Count] = field(default_factory=list)
    units: list[Count] = field(default_factory=list)
    late: list[Duty] = field(default_factory=list)
    """The earliest due first."""


@dataclass(frozen=True)
class Stage:
    """A phase on a day: ``past``, ``now`` or ``next``; calendar days until it ends, or until it begins."""

    phase: Phase
    state: str
    n_days: int


@dataclass(frozen=True)
class Gap:
    """A printed name that no unit bears, or a closed office, with what it owes."""

    name: str
    is_closed: bool
    duties: list[Duty]


@dataclass(frozen=True)
class Report:
    """Something that is reported again and again; ``due_at`` is None where the plan sets no day that could be computed."""

    rule: ReportRule
    due_at: datetime | None
    how: str


def overview(scope: Scope, campaign: Campaign, today: date, calendar: Calendar) -> Overview:
    """
    This function will count the tasks of a campaign as far as a scope sees them: in all, by arm, and by unit what it owes.

    A task is accepted once all who owe it are, and late as long as one of them is; the lists count alike.
    """
    tasks = list(listed(scope, campaign, Filters(sort="due"), today))
    owed: dict[Task, list[Duty]] = {one: one.known for one in tasks}  # type: ignore[attr-defined]
    late, serious = late_before(today, calendar), serious_before(today, calendar)
    found = Overview(_counted(Count("", ""), owed.items(), late, serious))
    for arm, label in {**ARMS, "": "未归类"}.items():
        if some := [(task, duties) for task, duties in owed.items() if task.arm == arm]:
            found.arms.append(_counted(Count(arm or "none", label), some, late, serious))
    by_unit: dict[Unit, list[tuple[Task, list[Duty]]]] = {}
    for task, duties in owed.items():
        for one in duties:
            if one.unit:
                by_unit.setdefault(one.unit, []).append((task, [one]))
            if _is_late(task, one, late):
                found.late.append(one)
    for unit, own in sorted(by_unit.items(), key=lambda pair: (pair[0].code, pair[0].pk)):
        found.units.append(_counted(Count(str(unit.pk), unit.name), own, late, serious))
    return found


def stages(campaign: Campaign, today: date) -> list[Stage]:
    """This function will give the phases of a campaign in their order, and where each stands."""
    return [
        _stage(one, today) for one in Phase.objects.filter(campaign=campaign).order_by("position", "starts_on", "pk")
    ]


def gaps(campaign: Campaign, today: date) -> dict[str, int]:
    """
    This function will count what a campaign's tasks leave open: duties that no unit ``bears``, tasks that ``nobody`` owes, tasks
    with ``no_day``, and tasks of ``no_arm``.
    """
    tasks = Task.objects.filter(campaign=campaign, withdrawn_at=None)
    return {
        "bears": sum(len(one.duties) for one in unborne(campaign, today)),
        "nobody": tasks.filter(duties=None).count(),
        "no_day": tasks.filter(due_on=None).count(),
        "no_arm": tasks.filter(arm="").count(),
    }


def unborne(campaign: Campaign, today: date) -> list[Gap]:
    """This function will give what is owed by printed names that no unit bears and by closed offices, the largest gap first."""
    rows = Duty.objects.filter(RUNNING, task__campaign=campaign, done_at=None).select_related("task", "unit")
    found: dict[str, list[Duty]] = {}
    for one in rows.filter(Q(unit=None) | Q(unit__closed_on__lte=today)).order_by("task__position", "pk"):
        found.setdefault(one.unit.name if one.unit else one.printed, []).append(one)
    gaps = [Gap(name, some[0].unit is not None, some) for name, some in found.items()]
    return sorted(gaps, key=lambda one: (-len(one.duties), one.name))


def reports(campaign: Campaign, at: datetime, calendar: Calendar) -> list[Report]:
    """This function will give what a campaign wants reported again and again, each with when it falls due next."""
    return [_report(one, at, calendar) for one in ReportRule.objects.filter(campaign=campaign).order_by("pk")]


def meetings(campaign: Campaign) -> list[Meeting]:
    """This function will give the meetings of a campaign, the latest first."""
    rows = Meeting.objects.filter(campaign=campaign).select_related("unit", "file", "recorded_by__unit")
    return list(rows.prefetch_related("tasks__duties__unit").order_by("-held_on", "-pk"))


def meeting(scope: Scope, pk: int) -> Meeting | None:
    """This function will give a meeting of a campaign that a scope sees."""
    rows = Meeting.objects.filter(in_sight(scope, "campaign__code"), pk=pk)
    return rows.select_related("campaign", "unit", "file", "recorded_by__unit").first()


def _counted(count: Count, owed: Iterable[tuple[Task, list[Duty]]], late: date, serious: date) -> Count:
    for task, duties in owed:
        count.n += 1
        count.n_accepted += bool(duties) and all(one.accepted_at for one in duties)
        count.n_done += any(one.state == "done" for one in duties)
        count.n_late += any(_is_late(task, one, late) for one in duties)
        count.n_serious += any(_is_late(task, one, serious) for one in duties)
        count.n_finished_late += any(
            one.done_at and task.due_on and localdate(one.done_at) > task.due_on for one in duties
        )
    return count


def _is_late(task: Task, one: Duty, before: date) -> bool:
    return one.done_at is None and task.due_on is not None and task.due_on < before


def _stage(phase: Phase, today: date) -> Stage:
    if phase.ends_on < today:
        return Stage(phase, "past", 0)
    if phase.starts_on <= today:
        return Stage(phase, "now", (phase.ends_on - today).days)
    return Stage(phase, "next", (phase.starts_on - today).days)


def _report(rule: ReportRule, at: datetime, calendar: Calendar) -> Report:
    today = localdate(at)
    try:
        found = recurring.occurrences(rule.rule, today, today + LOOKED_AHEAD, calendar)
    except Unbound as unbound:
        return Report(rule, None, str(unbound))
    following = next((one for one in found if one.due_at >= at), None)
    return Report(rule, following.due_at, following.how) if following else Report(rule, None, "")
