"""
倒查: what was done about an institution before something happened, by which unit, from the records alone; and what was not.

It says what is on record and what is absent, with the duty that it belongs to, and judges nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from shouhu.engines.rules import words
from shouhu.ledgers.clearances import transitions
from shouhu.ledgers.clearances.models import Clearance
from shouhu.ledgers.clearances.models import Step as ClearanceStep
from shouhu.ledgers.disposals.models import Task
from shouhu.ledgers.institutions import queries as institutions
from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.ratings.models import Move
from shouhu.ledgers.supervision.models import Item, Step
from shouhu.ledgers.supervision.queries import orders
from shouhu.ledgers.surveys.models import Assignment, Sheet
from shouhu.ledgers.tips import queries as tips
from shouhu.ledgers.tips.models import Tip
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.scope import Scope

PROVED = ("true", "partly")
SECTIONS = {
    "survey": "排查",
    "rating": "评级",
    "measure": "处置措施",
    "clearance": "清零",
    "tip": "线索",
    "supervision": "督导",
}


@dataclass(frozen=True)
class Event:
    """What happened, from which one looks back: an institution went red, or a tip about it came that proved true."""

    institution: Institution
    at: datetime
    says: str


@dataclass(frozen=True)
class Act:
    """Something that is on record before it: when, what, by which unit, until when it was due, and whether that was kept."""

    section: str
    at: datetime
    what: str
    who: str
    due_on: date | None = None
    was_late: bool = False
    ref: tuple[str, int] | None = None
    """Kind and id of the row, for a link."""


@dataclass(frozen=True)
class Absence:
    """What is not on record, with the clause of the duty (empty: our proposal), how many, and whose duty it was."""

    id: str
    says: str
    clause: str
    mark: str
    n: int = 1
    whose: str = ""


@dataclass(frozen=True)
class Backtrace:
    """The whole: what is on record before the event, the latest first, and what is absent."""

    event: Event
    acts: tuple[Act, ...]
    absences: tuple[Absence, ...]

    def section(self, name: str) -> list[Act]:
        """This function will give what is on record of one kind."""
        return [one for one in self.acts if one.section == name]


def fallen(scope: Scope) -> QuerySet[Move]:
    """This function will give the instants at which institutions of a scope went red, the latest first, each institution once."""
    rows = _reddened(scope).order_by("moved_at", "pk")
    last = {row["institution"]: row["pk"] for row in rows.values("institution", "pk")}
    return Move.objects.filter(pk__in=last.values()).select_related("institution").order_by("-moved_at", "-pk")


def _reddened(scope: Scope) -> QuerySet[Move]:
    return Move.objects.filter(institutions.in_sight(scope), colour="red").exclude(was="red")


def of_institution(scope: Scope, institution_id: int) -> Event | None:
    """This function will give the last instant at which an institution went red, if it did and the scope may see it."""
    rows = _reddened(scope).filter(institution=institution_id).select_related("institution")
    move = rows.order_by("-moved_at", "-pk").first()
    if move is None:
        return None
    return Event(move.institution, move.moved_at, f"列为{words.colour('red')}")


def of_tip(scope: Scope, tip_id: int) -> Event | None:
    """This function will give when a tip came that proved true, if it names an institution and the scope may see both."""
    tip = tips.one(scope, tip_id)
    finding = tip.findings.filter(replaced_at=None, outcome__in=PROVED).first() if tip else None
    if tip is None or finding is None or tip.institution_id is None:
        return None
    institution = institutions.seen(scope).filter(pk=tip.institution_id).first()
    return (
        Event(institution, tip.received_at, f"收到线索 {tip.number}，核查{finding.get_outcome_display()}")
        if institution
        else None
    )


def backtrace(scope: Scope, event: Event) -> Backtrace:
    """
    This function will put together what is on record about an institution before an event. Of tips and orders only what the
    scope may see is told, and neither counted nor hinted at otherwise.
    """
    sources = (_surveys, _ratings, _measures, _sites, _tips, _supervision)
    acts = sorted((act for source in sources for act in source(scope, event)), key=lambda one: one.at, reverse=True)
    return Backtrace(event, tuple(acts), tuple(_absences(scope, event, acts)))


# --- what was done ---------------------------------------------------------------------------------------------------


def _surveys(scope: Scope, event: Event) -> Iterator[Act]:
    sheets = Sheet.objects.filter(
        assignment__institution=event.institution, submitted_at__lt=event.at, superseded_at=None
    )
    for one in sheets.select_related("assignment", "submitted_by__unit"):
        accepted = one.accepted_at is not None and one.accepted_at < event.at
        what = f"{one.get_method_display()}排查，{'已核定' if accepted else '退回' if one.returned_at else '未核定'}"
        due_on = one.assignment.due_on
        late = localdate(one.submitted_at) > due_on
        yield Act("survey", one.submitted_at, what, _unit(one.submitted_by), due_on, late)


def _ratings(scope: Scope, event: Event) -> Iterator[Act]:
    rows = Move.objects.filter(institution=event.institution, moved_at__lt=event.at)
    for one in rows.select_related("moved_by__unit"):
        was = f"由{words.colour(one.was)}变为" if one.was and one.was != one.colour else "评为"
        yield Act("rating", one.moved_at, f"{was}{words.colour(one.colour)}", _unit(one.moved_by))


def _measures(scope: Scope, event: Event) -> Iterator[Act]:
    rows = Task.objects.filter(disposal__institution=event.institution, disposal__opened_at__lt=event.at)
    for one in rows.select_related("disposal__handler__unit", "post__unit", "done_by__unit"):
        if one.dropped_at and one.dropped_at < event.at:
            continue
        owner = one.post or one.disposal.handler
        done = one.done_at if one.done_at and one.done_at < event.at else None
        late = (localdate(done) if done else localdate(event.at)) > one.due_on
        what = f"{one.says}：{'已办结' if done else '未办结'}"
        who = _unit(one.done_by) if done else _unit(owner)
        yield Act("measure", done or one.disposal.opened_at, what, who, one.due_on, late, ("task", one.pk))


def _sites(scope: Scope, event: Event) -> Iterator[Act]:
    rows = ClearanceStep.objects.filter(clearance__institution=event.institution, recorded_at__lt=event.at)
    for one in rows.exclude(verb="recount").select_related("recorded_by__unit"):
        yield Act("clearance", one.recorded_at, transitions.TITLES[one.verb], _unit(one.recorded_by), None, False,
                  ("clearance", one.clearance_id))  # fmt: skip


def _tips(scope: Scope, event: Event) -> Iterator[Act]:
    for one in _earlier_tips(scope, event):
        resolved = one.resolved_at is not None and one.resolved_at < event.at
        what = f"线索 {one.number}：{'已办结' if resolved else '在办'}"
        yield Act("tip", one.received_at, what, one.unit.name, one.due_on, False, ("tip", one.pk))


def _supervision(scope: Scope, event: Event) -> Iterator[Act]:
    steps = Step.objects.filter(
        _about(event.institution, "order__"), order__in=orders.seen(scope).order_by(), recorded_at__lt=event.at
    )
    for one in steps.filter(verb__in=("issue", "reply", "escalate")).select_related("order__unit", "recorded_by__unit"):
        verb = {"issue": "发督办单", "reply": "回复督办单", "escalate": "逐级报告"}[one.verb]
        yield Act("supervision", one.recorded_at, f"{verb} {one.order.number}：{one.order.title}", _unit(one.recorded_by),
                  one.order.due_on, False, ("order", one.order_id))  # fmt: skip
    looked = Item.objects.filter(
        Q(clearance__institution=event.institution)
        | Q(disposal__institution=event.institution)
        | Q(move__institution=event.institution),
        looked_at__lt=event.at,
    )
    for item in looked.select_related("looked_by__unit"):
        assert item.looked_at
        found = "保持" if item.is_sound else "应重新打开"
        yield Act("supervision", item.looked_at, f"回头看：{found}", _unit(item.looked_by))


# --- what was not ----------------------------------------------------------------------------------------------------


def _absences(scope: Scope, event: Event, acts: list[Act]) -> Iterator[Absence]:
    day, institution, named = localdate(event.at), event.institution, _duties()
    accepted = Sheet.objects.filter(assignment__institution=institution, accepted_at__lt=event.at)
    if not accepted.exists():
        yield named["unsurveyed"]
    handed_in = Sheet.objects.filter(submitted_at__lt=event.at).values("assignment")
    late = Assignment.objects.filter(
        institution=institution, withdrawn_at=None, due_on__lt=day, assigned_at__lt=event.at
    )
    if found := list(late.exclude(pk__in=handed_in).select_related("unit")):
        yield _counted(named["survey_late"], [one.unit.name for one in found])
    ratings = [one for one in acts if one.section == "rating"]
    if not ratings:
        yield named["unrated"]
    graver = Move.objects.filter(institution=institution, moved_at__lt=event.at, colour__in=("orange", "yellow"))
    measures = [one for one in acts if one.section == "measure"]
    if graver.exists() and not measures:
        yield named["unplanned"]
    if undone := [one for one in measures if one.was_late and one.what.endswith("未办结")]:
        yield _counted(named["measures_late"], [one.who for one in undone])
    sites = Clearance.objects.filter(institution=institution, found_at__lt=event.at)
    if institution.is_registered is False and not sites.exists():
        yield named["unlisted"]
    if found_late := list(sites.filter(closed_at=None, due_on__lt=day).select_related("owner__unit")):
        yield _counted(named["site_late"], [_unit(one.owner) for one in found_late])
    tips_late = [
        one for one in _earlier_tips(scope, event) if one.resolved_at is None and one.due_on and one.due_on < day
    ]
    if tips_late:
        yield _counted(named["tip_late"], [one.unit.name for one in tips_late])
    anything_late = undone or found_late or tips_late or found
    if anything_late and not any(one.what.startswith("发督办单") for one in acts):
        yield named["unsupervised"]


def _earlier_tips(scope: Scope, event: Event) -> list[Tip]:
    if not scope.may("tip.view"):
        return []
    return list(tips.seen(scope).filter(institution=event.institution, received_at__lt=event.at))


def _about(institution: Institution, path: str) -> Q:
    """That an order is about an institution, or about something of it."""
    return (
        Q(**{f"{path}institution": institution}) | Q(**{f"{path}disposal__institution": institution})
        | Q(**{f"{path}clearance__institution": institution}) | Q(**{f"{path}tip__institution": institution})
    )  # fmt: skip


def _counted(absence: Absence, whose: list[str]) -> Absence:
    return replace(absence, n=len(whose), whose="、".join(sorted({one for one in whose if one})))


def _unit(post: Post | None) -> str:
    return post.unit.name if post else "未指定"


@cache
def _duties() -> dict[str, Absence]:
    rows: list[dict[str, Any]] = yaml.safe_load(
        (files("shouhu.ledgers.supervision") / "backtrace.yaml").read_text("utf-8")
    )
    return {row["id"]: Absence(row["id"], row["says"], row.get("clause", ""), row.get("mark", "")) for row in rows}
