"""
What happened for a post, from every ledger: read from their dated rows and stored nowhere.

Only what is (still) the post's own is told, so that news of what was handed on goes with it. What befell several things in
one act is one piece of news with their number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import CharField, Count, F, Min, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.utils.timezone import get_current_timezone, localdate

from shouhu.figures import campaigning, supervising
from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.clearances.models import Clearance, Proposal
from shouhu.ledgers.clearances.models import Step as ClearanceStep
from shouhu.ledgers.disposals import queries as disposals
from shouhu.ledgers.disposals.models import Application, Task
from shouhu.ledgers.disposals.models import Step as DisposalStep
from shouhu.ledgers.disposals.queries.lists import UNFINISHED
from shouhu.ledgers.institutions.models import Batch
from shouhu.ledgers.institutions.queries import in_sight
from shouhu.ledgers.ratings.models import Decision, Objection
from shouhu.ledgers.ratings.queries import SOON_DAYS
from shouhu.ledgers.surveys import queries as surveys
from shouhu.ledgers.surveys.models import Sheet
from shouhu.ledgers.tips import queries as tips
from shouhu.ledgers.tips.models import Message, Report, Transfer
from shouhu.ledgers.tips.models import Step as TipStep
from shouhu.ledgers.tips.workflow import OPEN
from shouhu.ledgers.units.scope import Scope

Rows = QuerySet[Any, Any]
DAYS_AFTER = {"survey.overdue": 1, "measure.overdue": 1, "clearance.overdue": 1, "tip.overdue": 1, "tip.ending": -1,
              "decision.ending": -SOON_DAYS, "duty.overdue": 1, "duty.ending": 0, "duty.due": 0, "phase.ending": 0, "phase.begun": 0,
              "order.overdue": 1, "order.ending": 0}  # fmt: skip
"""News that a day brings and no act: so many days after the day that is written down."""
TOLD_STEPS = ("assign", "supervise", "recopy", "give_back", "reroute", "conclude")
"""Steps of tips that are news to somebody."""


@dataclass(frozen=True)
class News:
    """Something that happened: its kind, when, to how many things; of the first of them its id, the institution, and words."""

    kind: str
    at: datetime
    n: int
    pk: int
    where: str
    says: str


def news(scope: Scope, since: datetime, at: datetime, most: int = 500) -> list[News]:
    """This function will tell what happened for the post of a scope after one instant and until another, the latest first."""
    acts = _united(_acts(scope, since)).order_by("-news_at")[:most]
    told = [News(*row) for row in acts]
    told += [
        News(kind, _midnight(on + timedelta(DAYS_AFTER[kind])), *rest)
        for kind, on, *rest in _united(_days(scope, since, at))
    ]
    return sorted((one for one in told if one.at <= at), key=lambda one: one.at, reverse=True)[:most]


def n_news(scope: Scope, since: datetime, at: datetime) -> int:
    """This function will count the news, in two queries."""
    return _united(_acts(scope, since)).count() + _united(_days(scope, since, at)).count()


def _united(parts: Iterator[Rows]) -> Rows:
    first, *others = parts
    return first.union(*others, all=True)


def _told(kind: str, rows: Rows, when: str, key: str, where: str = "", says: str = "") -> Rows:
    """One line an act: rows that were written at one instant belong together."""
    grouped = rows.order_by().values(news_kind=Value(kind, CharField()), news_at=F(when))
    words = {
        name: Cast(Min(field), CharField()) if field else Value("", CharField())
        for name, field in (("news_where", where), ("news_says", says))
    }
    counted = grouped.annotate(news_n=Count("pk"), news_pk=Min(key), **words)
    told: Rows = counted.values_list("news_kind", "news_at", "news_n", "news_pk", "news_where", "news_says")
    return told


def _acts(scope: Scope, since: datetime) -> Iterator[Rows]:
    may = scope.may
    yield from _imports(scope, since)  # the first part is always there: a union needs one
    if may("survey.fill"):
        yield from _survey_acts(scope, since)
    yield from _rating_acts(scope, since)
    if may("disposal.view"):
        yield from _disposal_acts(scope, since)
    if may("clearance.view"):
        yield from _clearance_acts(scope, since)
    if may("tip.view"):
        yield from _tip_acts(scope, since)
    yield from (_told(*line) for line in campaigning.acts(scope, since))
    yield from (_told(*line) for line in supervising.acts(scope, since))


def _imports(scope: Scope, since: datetime) -> Iterator[Rows]:
    own = Batch.objects.filter(uploaded_by=scope.post, shown_at__gt=since)
    yield _told("import.shown", scope.limit(own) if scope.may("institution.import") else own.none(), "shown_at", "pk")


def _survey_acts(scope: Scope, since: datetime) -> Iterator[Rows]:
    post, mine = scope.post, surveys.mine(scope).filter(state__in=("open", "returned"))
    given = mine.filter(assigned_at__gt=since).exclude(assigned_by=post)
    yield _told("survey.given", given, "assigned_at", "pk", "institution__name")
    returned = Sheet.objects.filter(
        submitted_by=post, returned_at__gt=since, assignment__in=mine.order_by().values("pk")
    )
    yield _told(
        "survey.returned", returned, "returned_at", "assignment", "assignment__institution__name", "return_reason"
    )


def _rating_acts(scope: Scope, since: datetime) -> Iterator[Rows]:
    post, here = scope.post, in_sight(scope)
    named = ("institution", "institution__name")
    if scope.may("rating.view"):
        own = Decision.objects.filter(here, proposed_by=post)
        yield _told("decision.approved", own.filter(approved_at__gt=since), "approved_at", *named)
        yield _told("decision.refused", own.filter(refused_at__gt=since), "refused_at", *named, "refused_why")
        signed = Decision.objects.filter(here, Q(proposed_by=post) | Q(approved_by=post))
        ended = signed.filter(approved_at__isnull=False, ended_at__gt=since).exclude(ended_by=post)
        yield _told("decision.ended", ended, "ended_at", *named, "ended_why")
    if scope.may("rating.approve"):
        unsigned = Decision.objects.filter(approved_at=None, refused_at=None, ended_at=None, proposed_at__gt=since)
        wanted = _first(unsigned.exclude(proposed_by=post)).filter(here)
        yield _told("decision.unsigned", wanted, "proposed_at", *named)
    objections = Objection.objects.all()
    if scope.may("objection.view"):
        answered = objections.filter(here, filed_by=post, decided_at__gt=since).exclude(decided_by=post)
        yield _told("objection.decided", answered, "decided_at", "pk", named[1])
    if scope.may("objection.decide"):
        filed = objections.filter(decided_at=None, filed_at__gt=since).exclude(filed_by=post)
        yield _told("objection.filed", _first(filed).filter(here), "filed_at", "pk", named[1])


def _disposal_acts(scope: Scope, since: datetime) -> Iterator[Rows]:
    post = scope.post
    seen, where = disposals.seen(scope), "disposal__institution__name"
    handled = seen.filter(handler=post)
    given = handled.filter(closed_at=None, assigned_at__gt=since).exclude(assigned_by=post)
    yield _told("disposal.given", given, "assigned_at", "pk", "institution__name")
    closed = handled.filter(closed_at__gt=since).exclude(closed_by=post)
    yield _told("disposal.closed", closed, "closed_at", "pk", "institution__name")
    tasks = _measures(scope)
    steps = DisposalStep.objects.filter(task__in=tasks.values("pk"), taken_at__gt=since)
    handed = steps.filter(verb="assign", task__post=post).exclude(taken_by=post)
    yield _told("measure.given", handed, "taken_at", "task", where, "task__says")
    yield _told("measure.moved", steps.filter(verb="recomputed"), "taken_at", "task", where, "note")
    yield _told("measure.returned", tasks.filter(returned_at__gt=since), "returned_at", "pk", where, "returned_why")
    here = in_sight(scope, "task__disposal__institution__")
    at_task = ("task", "task__disposal__institution__name")
    own = Application.objects.filter(here, asked_by=post)
    yield _told("application.approved", own.filter(approved_at__gt=since), "approved_at", *at_task, "task__says")
    yield _told("application.refused", own.filter(refused_at__gt=since), "refused_at", *at_task, "refused_why")
    if scope.may("disposal.approve"):
        waiting = Application.objects.filter(approved_at=None, refused_at=None, asked_at__gt=since).exclude(
            asked_by=post
        )
        yield _told("application.filed", _first(waiting).filter(here), "asked_at", *at_task, "task__says")


def _clearance_acts(scope: Scope, since: datetime) -> Iterator[Rows]:
    post, where = scope.post, "clearance__institution__name"
    own = Clearance.objects.filter(in_sight(scope), owner=post, closed_at=None)
    steps = ClearanceStep.objects.filter(clearance__in=own.values("pk"), recorded_at__gt=since)
    named = steps.filter(verb="appoint").exclude(recorded_by=post)
    yield _told("clearance.given", named, "recorded_at", "clearance", where)
    yield _told("clearance.moved", steps.filter(verb="recount"), "recorded_at", "clearance", where)
    here = in_sight(scope, "clearance__institution__")
    returned = Proposal.objects.filter(here, proposed_by=post, returned_at__gt=since).exclude(returned_by=post)
    yield _told("clearance.returned", returned, "returned_at", "clearance", where)
    ours = Clearance.objects.filter(Q(owner=post) | Q(proposal__proposed_by=post), closed_at__gt=since)
    closed = _first(ours.exclude(closed_by=post)).filter(in_sight(scope))
    yield _told("clearance.closed", closed, "closed_at", "pk", "institution__name")
    if scope.may("clearance.review"):
        waiting = Proposal.objects.filter(
            reviewed_at=None, returned_at=None, proposed_at__gt=since, clearance__closed_at=None
        )
        yield _told(
            "clearance.proposed",
            _first(waiting.exclude(proposed_by=post)).filter(here),
            "proposed_at",
            "clearance",
            where,
        )


def _tip_acts(scope: Scope, since: datetime) -> Iterator[Rows]:
    """Of tips no word is told, only that there is something to do."""
    post, seen = scope.post, tips.seen(scope).order_by()
    at_us = Q(Q(tip__handler=post) | Q(tip__handler=None), tip__unit=post.unit_id)
    taken = TipStep.objects.filter(recorded_at__gt=since, verb__in=TOLD_STEPS).exclude(recorded_by=post)
    steps = tips.about(scope, _first(taken))
    if scope.may("tip.triage"):
        yield _told("tip.received", seen.filter(state="received", read_at__gt=since), "read_at", "pk")
    if scope.may("tip.verify"):
        given = steps.filter(at_us, verb="assign", tip__state="assigned", unit=post.unit_id)
        yield _told("tip.given", given, "recorded_at", "tip")
        helped = Transfer.objects.filter(to_unit=post.unit_id, is_joint=True, ended_at=None, accepted_at=None)
        asked = tips.about(scope, helped.filter(sent_at__gt=since).exclude(sent_by=post))
        yield _told("tip.joined", asked, "sent_at", "tip")
        watched = steps.filter(at_us, verb="supervise", tip__supervised_at__isnull=False)
        yield _told("tip.supervised", watched, "recorded_at", "tip")
        amended = steps.filter(at_us, verb="recopy", tip__state__in=("assigned", "verifying"))
        yield _told("tip.amended", amended, "recorded_at", "tip")
    if scope.may("tip.assign"):
        returned = steps.filter(verb__in=("give_back", "reroute"), tip__state="triaged")
        yield _told("tip.returned", returned, "recorded_at", "tip")
    if scope.may("tip.reply"):
        yield _told("tip.concluded", steps.filter(verb="conclude", tip__state="concluded"), "recorded_at", "tip")
        sent_back = Report.objects.filter(made_by=post, returned_at__gt=since).exclude(returned_by=post)
        yield _told("tip.sent_back", tips.about(scope, sent_back), "returned_at", "tip")
        contested = seen.filter(pk__in=tips.contested(), rated_at__gt=since)
        yield _told("tip.contested", contested, "rated_at", "pk")
    if scope.may("tip.approve"):
        waiting = Report.objects.filter(approved_at=None, returned_at=None, made_at__gt=since).exclude(made_by=post)
        yield _told("tip.reported", tips.about(scope, waiting), "made_at", "tip")
    if scope.may("tip.original"):
        added = tips.about(scope, Message.objects.filter(sent_by=None, sent_at__gt=since))
        yield _told("tip.added", added, "sent_at", "tip")


def _days(scope: Scope, since: datetime, at: datetime) -> Iterator[Rows]:
    """What a day brings: the days written down for which it falls between the two instants."""

    def between(kind: str, field: str) -> Q:
        after = timedelta(DAYS_AFTER[kind])
        return Q(**{f"{field}__gt": localdate(since) - after, f"{field}__lte": localdate(at) - after})

    post = scope.post
    late = surveys.mine(scope).filter(between("survey.overdue", "due_on"), state__in=("open", "returned"))
    yield _told(
        "survey.overdue", late if scope.may("survey.fill") else late.none(), "due_on", "pk", "institution__name"
    )
    if scope.may("rating.view"):
        signed = Decision.objects.filter(
            Q(proposed_by=post) | Q(approved_by=post), approved_at__isnull=False, ended_at=None
        )
        ending = signed.filter(between("decision.ending", "expires_on"), in_sight(scope))
        yield _told("decision.ending", ending, "expires_on", "institution", "institution__name")
    if scope.may("disposal.view"):
        tasks = _measures(scope).filter(between("measure.overdue", "due_on"))
        yield _told("measure.overdue", tasks, "due_on", "pk", "disposal__institution__name", "says")
    if scope.may("clearance.view"):
        own = Clearance.objects.filter(in_sight(scope), owner=post, closed_at=None)
        yield _told(
            "clearance.overdue", own.filter(between("clearance.overdue", "due_on")), "due_on", "pk", "institution__name"
        )
    if scope.may("tip.view"):
        ours = tips.seen(scope).order_by().filter(state__in=OPEN, unit=post.unit_id)
        ours = ours.filter(Q(handler=post) | Q(handler=None))
        for kind in ("tip.ending", "tip.overdue"):
            yield _told(kind, ours.filter(between(kind, "due_on")), "due_on", "pk")
    calendar = campaigns.calendar()
    yield from (_told(*line) for line in campaigning.days(scope, since, at, calendar))
    yield from (_told(*line) for line in supervising.days(scope, since, at, calendar))


def _measures(scope: Scope) -> Rows:
    """The measures that a post has to take: its own, and those of disposals it handles that are nobody else's."""
    running = Task.objects.filter(UNFINISHED, in_sight(scope, "disposal__institution__"), disposal__closed_at=None)
    return running.filter(Q(post=scope.post) | Q(post=None, disposal__handler=scope.post))


def _first(rows: Rows) -> Rows:
    """Rows to be found by their own columns first: with few of them, a database might else begin with all institutions."""
    found: Rows = rows.model._default_manager.filter(pk__in=rows.order_by().values("pk"))
    return found


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time.min, get_current_timezone())
