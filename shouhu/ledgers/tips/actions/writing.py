"""What all acts on tips share: the locked row, the deadline of a new state, and how a step is written down."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localdate

from shouhu.engines.periods.calendar import Calendar
from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.tips import workflow
from shouhu.ledgers.tips.models import Bar, Step, Tip, Transfer
from shouhu.ledgers.tips.queries import sight
from shouhu.ledgers.units.codes import chain
from shouhu.ledgers.units.models import Post, Unit
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.units.scope import Scope, same_person


class Incomplete(Refused):
    """Something that the step needs is missing."""


class NotThere(Refused):
    """There is no such tip, or the post does not see it; the answer is the same."""


class NobodyThere(Refused):
    """No campaign office covers the place: nobody could have the tip."""


class NotYours(Refused):
    """Another unit has the tip, or the second hand would be the first."""


@dataclass(frozen=True)
class Paper:
    """A file that is handed in; ``token`` are 32 random hex digits made by the face."""

    content: bytes
    name: str
    media_type: str
    token: str


def locked(tip_id: int, verb: str, by: Post) -> tuple[Tip, workflow.Transition]:
    """
    This function will give the row, locked, and the transition, if the post can make it now.

    :raises NotThere: there is no such tip, or the post does not see it.
    :raises NotNow: right or state do not allow it.
    :raises NotYours: it is for the unit that has the tip, and the post sits elsewhere.
    """
    tip = in_sight(tip_id, by)
    step = workflow.check(tip, verb, by)
    if step.holder and tip.unit_id != by.unit_id:
        raise NotYours(f"线索现在由{tip.unit.name}办理，“{step.says}”由该单位办理")
    return tip, step


def in_sight(tip_id: int, by: Post) -> Tip:
    """
    This function will give the row, locked.

    :raises NotThere: there is no such tip, or the post does not see it.
    """
    rows = Tip.objects.select_for_update(of=("self",)).select_related("unit", "handler")
    tip = rows.filter(pk=tip_id).first()
    if tip is None or not Tip.objects.filter(sight.in_sight(Scope.of(by)), pk=tip_id).exists():
        raise NotThere("没有这条线索，或不在您可以查看的范围内")
    return tip


def move(
    tip: Tip, verb: str, fields: Sequence[str], by: Post | None, at: datetime, *, state: str = "", **step: Any
) -> None:  # fmt: skip
    """
    This function will save what changed, count the deadline of a new state, and note the step on the trail and in the journal.

    :param state: the state afterwards; empty: it stays.
    :param by: empty: the informant, or the desk itself.
    """
    before = tip.state
    if state and state != before:
        tip.state = state
        count(tip, at)
        fields = [*fields, "state", "due_from_on", "due_on"]
    if fields:
        tip.save(update_fields=list(dict.fromkeys(fields)))
    note(tip, verb, by, at, before=before, **step)


def count(tip: Tip, at: datetime) -> None:
    """This function will set from when and until when the next step is due."""
    if tip.state in ("resolved", "archived", "merged"):
        tip.due_from_on = tip.due_on = None
    elif tip.state == "suspended":
        assert tip.suspended_until_on
        tip.due_from_on, tip.due_on = localdate(at), tip.suspended_until_on
    else:
        tip.due_from_on = localdate(at)
        tip.due_on = due_on(tip, campaigns.calendar())


def due_on(tip: Tip, calendar: Calendar) -> date:
    """This function will count the day on which the next step of a tip is due, from the day on which it came to its state."""
    assert tip.due_from_on
    counted = workflow.deadline(tip.state, tip.code, tip.due_from_on, calendar, is_urgent=tip.is_urgent)
    return counted.due_on


def note(
    tip: Tip, verb: str, by: Post | None, at: datetime, *, before: str = "", hand: str = "system", **step: Any
) -> None:  # fmt: skip
    """
    This function will note a step on the trail and in the journal.

    :param hand: who acted where no post did: ``system``, or ``public`` for the informant.
    """
    Step.objects.create(tip=tip, verb=verb, state=tip.state, recorded_at=at, recorded_by=by, **step)
    journal.record(
        verb=f"tip.{verb}", subject=tip, by=by.code if by else hand, at=at, code=tip.code,
        changes={"state": (before, tip.state)},
    )  # fmt: skip


def said(text: str, sentence: str) -> str:
    """
    This function will give a text without blanks around it.

    :raises Incomplete: there is nothing in it; with the sentence.
    """
    if not text.strip():
        raise Incomplete(sentence)
    return text.strip()


def require_other(by: Post, others: Iterable[Post], at: datetime, sentence: str) -> None:
    """
    This function will make sure that an act is not in a hand that acted before.

    :raises NotYours: it is; with the sentence.
    """
    if any(same_person(by, other, localdate(at)) for other in others):
        raise NotYours(sentence)


def end_transfers(tip: Tip, at: datetime, *, but_joint: bool = False) -> None:
    """This function will end what units have of a tip: the one that had it, and those that helped unless they go on."""
    rows = Transfer.objects.filter(tip=tip, ended_at=None, to_unit__isnull=False)
    if but_joint:
        rows = rows.filter(is_joint=False)
    rows.update(ended_at=at)


def back_to_office(tip: Tip) -> list[str]:
    """
    This function will give a tip to the office that answers for its place and is not barred; the fields that changed.

    :raises NobodyThere: there is nobody.
    """
    tip.unit, tip.handler = office_for(tip.code, *barred(tip)), None
    return ["unit", "handler"]


def barred(tip: Tip) -> tuple[frozenset[int], frozenset[int]]:
    """This function will give the units and the posts that must not have a tip."""
    rows = list(Bar.objects.filter(tip=tip, lifted_at=None).values_list("unit", "post"))
    return frozenset(unit for unit, _ in rows if unit), frozenset(post for _, post in rows if post)


def office_for(code: str, units: Collection[int] = (), posts: Collection[int] = ()) -> Unit:
    """
    This function will give who answers for a place: the nearest campaign office that covers it.

    Where a tip names the only one, it is 领导, who pass it on by paper.

    :param units: those that the tip names; another has it.
    :param posts: those that it names; an office where nobody else holds a post does not have it.
    :raises NobodyThere: there is nobody.
    """
    for role in ("campaign_office", "leader") if units or posts else ("campaign_office",):
        held = Post.objects.filter(role=role, closed_on=None, unit__closed_on=None, unit__code__in=chain(code))
        able = held.exclude(unit__in=units)
        if posts:
            able = able.filter(tenures__isnull=False, tenures__to_on=None).exclude(pk__in=posts)
        if nearest := able.select_related("unit").order_by("-unit__code", "pk").first():
            return nearest.unit
    raise NobodyThere("本地区没有可以受理的专项办，线索暂时无人受理，请直接拨打110或12345")
