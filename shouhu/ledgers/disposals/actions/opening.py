"""From a colour to dated measures: open, amend or leave alone. Called after every rating, for one or for many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from shouhu.engines.periods.calendar import Calendar
from shouhu.engines.periods.deadlines import Deadline, due
from shouhu.engines.rules import words
from shouhu.engines.rules.measures import Measure, measures_for
from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.disposals.models import Disposal, Step, Task
from shouhu.ledgers.disposals.terms import terms
from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.ratings import actions as ratings
from shouhu.ledgers.ratings.models import Standing
from shouhu.ledgers.ratings.transitions import worse
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.scope import Scope

CHUNK = 25
"""Institutions in one transaction: nobody else writes meanwhile, and each may become a dozen rows."""
DEFAULT_RULESET = "001"
ANSWERED_BY_RATING = ("T-survey", "T-decide")
"""Tasks of 待查 and 待研判: a rating with a colour is their answer."""


def leading(by: Post) -> str:
    """This function will give the rule set that leads where a post works."""
    campaign = campaigns.current(Scope.of(by))
    return campaign.ruleset_id if campaign else DEFAULT_RULESET


def rate_and_open(
    *,
    institution_ids: Iterable[int],
    by: Post,
    at: datetime,
    ruleset_id: str | None = None,
    pause: Callable[[], None] | None = None,
) -> list[int]:
    """
    This function will rate institutions and open or amend their disposals, a chunk a transaction, queries constant a chunk.

    :param ruleset_id: the leading rule set if not given.
    :param pause: called between two chunks, so that other writers get their turn.
    :returns: ids of the disposals that were opened or amended; the rows of a whole import would slow every chunk down.
    """
    ruleset_id = ruleset_id or leading(by)
    touched: list[int] = []
    ids = list(dict.fromkeys(institution_ids))
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        with transaction.atomic():
            ratings.rate(institution_ids=chunk, ruleset_id=ruleset_id, by=by, at=at)
            touched += [disposal.pk for disposal in open_for(institution_ids=chunk, by=by, at=at)]
        if pause:
            pause()
    return touched


@transaction.atomic
def open_for(*, institution_ids: Iterable[int], by: Post, at: datetime) -> list[Disposal]:
    """
    This function will bring disposals in line with the colours that count.

    A colour that demands measures opens a disposal, or adds to the open one and drops what is no longer demanded. Green
    opens nothing and drops nothing but the tasks of 待查 and 待研判: what was owed is done or waived before 销号.

    :returns: the disposals that were opened or amended.
    """
    ids = list(institution_ids)
    list(Institution.objects.select_for_update().filter(pk__in=ids).values_list("pk"))
    standings = Standing.objects.filter(institution__in=ids, institution__merged_into=None)
    earlier = Disposal.objects.select_for_update().filter(institution__in=ids).order_by("opened_at", "pk")
    last = {one.institution_id: one for one in earlier}
    tasks: dict[int, list[Task]] = defaultdict(list)
    for task in Task.objects.filter(disposal__in=list(last.values()), dropped_at=None):
        tasks[task.disposal_id].append(task)
    drafts = [
        draft
        for standing in standings.select_related("institution", "rating").order_by("institution")
        if (draft := _draft(standing, last.get(standing.institution_id), tasks, by, at))
    ]
    _write(drafts, campaigns.calendar(), by, at)
    return [draft.disposal for draft in drafts]


@dataclass
class _Draft:
    """What is about to change of one disposal."""

    disposal: Disposal
    institution: Institution
    is_new: bool
    before: str
    wanted: list[Measure]
    dropped: list[Task] = field(default_factory=list)

    def words(self) -> str:
        """This function will say what happened, for the trail."""
        now = words.colour(self.disposal.colour)
        parts = [f"评为{now}，立项处置" if self.is_new else f"等级由{words.colour(self.before)}变为{now}"]
        if self.before == self.disposal.colour and not self.is_new:
            parts = ["登记状态变化，措施相应调整"]
        if self.wanted:
            parts.append(f"新增措施：{'、'.join(measure.says for measure in self.wanted)}")
        if self.dropped:
            parts.append(f"不再要求：{'、'.join(task.says for task in self.dropped)}")
        if self.disposal.colour == "green":
            parts.append("等级已降，请核实后销号")
        return "；".join(parts)


def _draft(
    standing: Standing, last: Disposal | None, tasks: dict[int, list[Task]], by: Post, at: datetime
) -> _Draft | None:
    institution, colour = standing.institution, standing.colour
    demanded = demanded_by(standing)
    current = last if last and last.closed_at is None else None
    if current is None:
        if not demanded:
            return None
        made = Disposal(
            institution=institution, rating=standing.rating, colour=colour, worst=colour, opened_at=at, opened_by=by,
            reopens=last,
        )  # fmt: skip
        return _Draft(made, institution, True, "", list(demanded))
    held = tasks[current.pk]
    wanted = [measure for measure in demanded if measure.id not in {task.measure for task in held}]
    dropped = [task for task in held if _falls_away(task, colour, {measure.id for measure in demanded})]
    if not wanted and not dropped and current.colour == colour:
        return None
    draft = _Draft(current, institution, False, current.colour, wanted, dropped)
    current.rating, current.colour = standing.rating, colour
    if worse(colour, current.worst):
        current.worst = colour
    return draft


def demanded_by(standing: Standing) -> tuple[Measure, ...]:
    """This function will give the measures that a colour demands as tasks; 日常监管 of green is none."""
    if standing.colour == "green":
        return ()
    unregistered = standing.institution.is_registered is False
    return measures_for(standing.rating.ruleset_id, standing.colour, unregistered=unregistered)


def _falls_away(task: Task, colour: str, demanded: set[str]) -> bool:
    if task.measure in demanded or task.is_kept or task.done_at or task.waived_at:
        return False
    return task.measure in ANSWERED_BY_RATING or colour != "green"


def _write(drafts: list[_Draft], calendar: Calendar, by: Post, at: datetime) -> None:
    Disposal.objects.bulk_create([draft.disposal for draft in drafts if draft.is_new])
    Disposal.objects.bulk_update(
        [draft.disposal for draft in drafts if not draft.is_new], ["rating", "colour", "worst"]
    )
    for draft in drafts:
        why = f"等级变化：现为{words.colour(draft.disposal.colour)}"
        for task in draft.dropped:
            task.dropped_at, task.dropped_by, task.dropped_why = at, by, why
    dropped = [task for draft in drafts for task in draft.dropped]
    Task.objects.bulk_update(dropped, ["dropped_at", "dropped_by", "dropped_why"])
    Task.objects.bulk_create(tasks_for(((one.disposal, one.wanted) for one in drafts), calendar, localdate(at)))
    Step.objects.bulk_create([
        Step(disposal=draft.disposal, verb="opened" if draft.is_new else "amended", note=draft.words(), taken_at=at,
             taken_by=by)
        for draft in drafts
    ])  # fmt: skip
    journal.record_many(
        acts=[
            journal.Act(
                f"disposal.{'opened' if one.is_new else 'amended'}", journal.named(one.disposal), one.institution.code,
                {"colour": (one.before or None, one.disposal.colour),
                 "tasks": ([task.measure for task in one.dropped], [measure.id for measure in one.wanted])},
            )
            for one in drafts
        ],
        by=by.code, at=at,
    )  # fmt: skip


def tasks_for(wanted: Iterable[tuple[Disposal, Iterable[Measure]]], calendar: Calendar, today: date) -> Iterator[Task]:
    """This function will draw up the tasks of measures, due from a day on, without storing them."""
    counted: dict[int, Deadline] = {}
    for disposal, measures in wanted:
        for measure in measures:
            term = terms()[measure.id]
            if term.n_days not in counted:
                counted[term.n_days] = due(today, term.n_days, calendar)
            deadline = counted[term.n_days]
            yield Task(
                disposal=disposal, ruleset_id=disposal.rating.ruleset_id, measure=measure.id, says=measure.says,
                when=measure.when, body=measure.body, powers=list(measure.power), clause=measure.clause,
                mark=measure.mark, proof=term.proof, starts_on=today, n_days=term.n_days, due_on=deadline.due_on,
                due_how=list(deadline.explained),
            )  # fmt: skip
