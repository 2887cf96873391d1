"""The campaign that would be made of a plan: its days computed, its owners found, and what stands against it. Nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, TypeVar

from shouhu.engines.periods.binding import TODAY, Bound, Unbound, bind, bind_duration, bind_range, within_phase
from shouhu.engines.periods.calendar import Calendar
from shouhu.ledgers.campaigns.models import PlanItem
from shouhu.ledgers.campaigns.owning import UNNAMED

T = TypeVar("T")
USUAL_LENGTH = timedelta(days=180)
"""Of a campaign whose plan names no end. Our proposal, no document says it."""
_DAY = timedelta(1)


@dataclass(frozen=True)
class Terms:
    """What a plan leaves open and a person says: the year of days without one, the term, the rule set, the units."""

    title: str
    domain: str
    ruleset_id: str
    year: int
    starts_on: date
    ends_on: date
    owners: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Printed owner to units; none for an owner that is none of ours."""


@dataclass(frozen=True)
class DraftPhase:
    """A phase with its days."""

    item: PlanItem
    name: str
    starts_on: date
    ends_on: date
    how: str
    part_of: str


@dataclass(frozen=True)
class DraftTask:
    """A task with its day and its owners; an owner without units is a gap."""

    item: PlanItem
    title: str
    phase: str
    due_on: date | None
    due_how: str
    owners: tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True)
class Draft:
    """All that would be made; ``faults`` are days that cannot be computed, each with its item."""

    phases: tuple[DraftPhase, ...]
    tasks: tuple[DraftTask, ...]
    reports: tuple[PlanItem, ...]
    bodies: tuple[PlanItem, ...]
    faults: tuple[tuple[PlanItem, str], ...]

    @property
    def n_gaps(self) -> int:
        """Tasks of which an owner, or every owner, is missing."""
        return sum(not one.owners or any(not units for _, units in one.owners) for one in self.tasks)


def drafted(kept: Sequence[PlanItem], terms: Terms, calendar: Calendar) -> Draft:
    """This function will compute the campaign that the kept items of a plan make under the terms."""
    faults: list[tuple[PlanItem, str]] = []
    phases = tuple(_phases(_of(kept, "phase"), terms, calendar, faults))
    by_name = {one.name: one for one in phases}
    tasks = tuple(_task(item, terms, by_name, calendar, faults) for item in _of(kept, "task"))
    return Draft(phases, tasks, tuple(_of(kept, "report")), tuple(_of(kept, "body")), tuple(faults))


def printed_owners(kept: Iterable[PlanItem]) -> list[str]:
    """This function will give the owners that a plan prints, each once, and ``UNNAMED`` where a task names none."""
    found = dict.fromkeys(name for item in _of(kept, "task") for name in _owners(item.said))
    return [*(one for one in found if one != UNNAMED), *([UNNAMED] if UNNAMED in found else [])]


def usual_year(proposal: Mapping[str, Any], today: date) -> int:
    """This function will give the year that days without one most likely mean: the earliest that the plan prints, else today's."""
    period = proposal["period"]
    said = [period["start"], period["end"]]
    said += [day for one in proposal["phases"] for day in (one["start"], one["end"])]
    said += [day for one in proposal["tasks"] for day in one["deadlines"]]
    years = [int(day[:4]) for day in said if day and day[:4].isdigit()]
    return min(years) if years else today.year


def usual_term(
    kept: Sequence[PlanItem], period: Mapping[str, str | None], year: int, today: date, calendar: Calendar
) -> tuple[date, date]:
    """This function will propose when the campaign begins and ends: as its plan says, else as its phases do."""
    start, end = period["start"], period["end"]
    try:
        if start and end:
            first, last = bind_range(start, end, year=year, opens_on=today, calendar=calendar)
            return first.on, last.on
        opens_on = bind(start, year=year, edge="start", opens_on=today, calendar=calendar).on if start else None
    except Unbound:
        opens_on = None
    if opens_on is None:
        first_said = next((one.said["start"] for one in _of(kept, "phase") if one.said["start"]), None)
        try:
            opens_on = bind(first_said or TODAY, year=year, edge="start", opens_on=today, calendar=calendar).on
        except Unbound:
            opens_on = today
    wide = Terms("", "", "", year, opens_on, date(opens_on.year + 2, 12, 31))
    dated = [one for one in _of(kept, "phase") if one.said["end"] or one.said["start"] or one.said["duration"]]
    ends = [one.ends_on for one in _phases(dated, wide, calendar, []) if one.ends_on < wide.ends_on]
    if not ends and period["duration"]:
        try:
            ends = [bind_duration(period["duration"], opens_on, calendar=calendar).on]
        except Unbound:
            ends = []
    return opens_on, max(ends, default=opens_on + USUAL_LENGTH)


def _of(kept: Iterable[PlanItem], kind: str) -> list[PlanItem]:
    return [one for one in kept if one.kind == kind and one.is_kept]


def _phases(
    found: Sequence[PlanItem], terms: Terms, calendar: Calendar, faults: list[tuple[PlanItem, str]]
) -> Iterator[DraftPhase]:
    """Phases in the order of the plan; one that names no day follows upon the one before, or lasts as long as its parent."""
    done: dict[str, DraftPhase] = {}
    before: date | None = None
    for item in found:
        parent = done.get(item.said["part_of"] or "")
        opens_on = before + _DAY if before and parent is None else parent.starts_on if parent else terms.starts_on
        try:
            first, last = _edges(item.said, terms, opens_on, parent, calendar)
        except Unbound as error:
            faults.append((item, str(error)))
            continue
        how = f"开始：{first.how}结束：{last.how}"
        if first.on < terms.starts_on or last.on > terms.ends_on:
            how += "超出专项行动的起止，请核对。"
        one = DraftPhase(item, item.said["name"], first.on, last.on, how, parent.name if parent else "")
        done.setdefault(one.name, one)
        before = one.ends_on if parent is None else before
        yield one


def _edges(
    says: Mapping[str, Any], terms: Terms, opens_on: date, parent: DraftPhase | None, calendar: Calendar
) -> tuple[Bound, Bound]:
    start, end, duration = says["start"], says["end"], says["duration"]
    whole = (parent.starts_on, parent.ends_on) if parent else (terms.starts_on, terms.ends_on)
    of = f"“{parent.name}”" if parent else "专项行动"

    def bound(year: int) -> tuple[Bound, Bound]:
        given = {"year": year, "opens_on": terms.starts_on, "calendar": calendar}
        if start and end:
            return bind_range(start, end, **given)  # type: ignore[arg-type]
        first = Bound(opens_on, f"方案没有写开始，接上一阶段，即{opens_on}。")
        if start:
            first = bind(start, edge="start", **given)  # type: ignore[arg-type]
        if end:
            return first, bind(end, edge="end", **given)  # type: ignore[arg-type]
        if duration:
            return first, bind_duration(duration, first.on, calendar=calendar)
        return first, Bound(whole[1], f"方案没有写结束，按{of}结束的日期计。")

    if not (start or end or duration):
        return (
            Bound(whole[0], f"方案没有写起止，按{of}的起止计。"),
            Bound(whole[1], f"方案没有写起止，按{of}的起止计。"),
        )
    first, last = _in_term(bound, terms, lambda pair: pair[1].on)
    if last.on < first.on:
        raise Unbound(f"结束日期{last.on}早于开始日期{first.on}，请核对后填写")
    return first, last


def _task(
    item: PlanItem,
    terms: Terms,
    phases: Mapping[str, DraftPhase],
    calendar: Calendar,
    faults: list[tuple[PlanItem, str]],
) -> DraftTask:
    says = item.said
    phase = phases.get(says["phase"] or "")
    deadline = says["deadline"] or says["deadline_above"]
    due: Bound | None = None
    if deadline:
        try:
            due = _in_term(
                lambda year: bind(deadline, year=year, edge="end", opens_on=terms.starts_on, calendar=calendar),
                terms,
                lambda one: one.on,
            )
        except Unbound as error:
            faults.append((item, str(error)))
    if due and phase:
        due = within_phase(due, starts_on=phase.starts_on, ends_on=phase.ends_on)
    how = due.how if due else "" if deadline else "方案没有写明时限。"
    if due and not says["deadline"]:
        how = f"按上一级条目的时限。{how}"
    owners = tuple((name, terms.owners.get(name, ())) for name in _owners(says))
    if owners and owners[0][0] == UNNAMED and not owners[0][1]:
        owners = ()
    return DraftTask(
        item, says["heading"][:120], phase.name if phase else "", due.on if due else None, how[:300], owners
    )


def _owners(says: Mapping[str, Any]) -> list[str]:
    return list(says["owners"] or says["owners_above"]) or [UNNAMED]


def _in_term(bound: Callable[[int], T], terms: Terms, day: Callable[[T], date]) -> T:
    """Bind with the year; what then lies before the campaign, and within it a year later, is of the year after (10月至次年3月)."""
    found = bound(terms.year)
    if day(found) >= terms.starts_on:
        return found
    later = bound(terms.year + 1)
    return later if terms.starts_on <= day(later) <= terms.ends_on else found
