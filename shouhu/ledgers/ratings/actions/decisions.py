"""What people decide: a colour where the rules are silent or against them, with a second signature; and every fall."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate

from shouhu.engines.rules import words
from shouhu.engines.rules.rulesets import RuleSet, load
from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.ratings.actions.corrections import owe_colour
from shouhu.ledgers.ratings.actions.rating import settle
from shouhu.ledgers.ratings.models import Decision, Standing
from shouhu.ledgers.ratings.transitions import STATES, Step, gives_way, is_answered, step
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.refusals import Refused, Stale
from shouhu.ledgers.units.rights import holders
from shouhu.ledgers.units.scope import same_person

LONGEST_DAYS = 180
"""A decision counts for at most so many days: our proposal, as long as an answer of the survey is valid."""


class NotDecided(Refused):
    """The colour may not be given so."""


class NotNow(Refused):
    """The decision is past the point where this can be done."""


class NotYou(Refused):
    """A second person must do this, or only the first may."""


@transaction.atomic
def propose(*, institution_id: int, colour: str, reason: str, expires_on: date, by: Post, at: datetime) -> Decision:
    """
    This function will propose a colour: 研判 where the rules are silent, else 人工调整 against what they say.

    It rests on the list of that colour in the rule set; for a 待研判 case on the 等 that leaves the list open.

    :raises NotDecided: not rated, nothing to decide, no reason, an end too far off, or green while answers are missing.
    """
    today = localdate(at)
    standing = _current(institution_id)
    rating = standing.rating
    if colour not in ("red", "orange", "yellow", "green"):
        raise NotDecided("请在红、橙、黄、绿中选一个等级")
    if not reason.strip():
        raise NotDecided("请写明理由：依据哪些事实、为什么定为这个等级")
    if not today <= expires_on <= today + timedelta(LONGEST_DAYS):
        raise NotDecided(f"截止日期应在{today}至{today + timedelta(LONGEST_DAYS)}之间（最长{LONGEST_DAYS}天）")
    if colour == "green" and not is_answered(rating):
        raise NotDecided(f"还有事项未查清（{words.titles(rating.ask)}），不能定为绿色；请先补充排查")
    if standing.falls_to == colour:
        raise NotDecided("规则已评为这个等级，请直接办理“降级确认”")
    if rating.listed == colour:
        raise NotDecided("规则评定的就是这个等级，无需另作决定")
    if Decision.objects.filter(
        institution_id=institution_id, approved_at=None, refused_at=None, ended_at=None
    ).exists():
        raise NotDecided("这家机构已有一项待签字的决定，请先签字、退回或撤回")
    decision = Decision.objects.create(
        institution_id=institution_id, rating=rating, kind="decide" if rating.listed == "decide" else "override",
        colour=colour, clause=clause_of(load(rating.ruleset_id), colour), reason=reason.strip(), expires_on=expires_on,
        proposed_at=at, proposed_by=by,
    )  # fmt: skip
    journal.record(verb="decision.proposed", subject=decision, by=by.code, at=at, code=standing.institution.code,
                   changes={"colour": (standing.colour, colour), "reason": (None, decision.reason)})  # fmt: skip
    return decision


@transaction.atomic
def approve(*, decision_id: int, by: Post, at: datetime) -> Decision:
    """
    This function will put the second signature under a decision; from now on its colour counts.

    :raises NotYou: by the one who proposed it. :raises NotNow: signed already, past its last day, or new facts came up.
    """
    decision = _decision(decision_id)
    _allow(decision, "approve", by, at)
    standing = _current(decision.institution_id)
    if why := gives_way(decision, standing.rating, localdate(at)):
        raise NotNow(f"{why}，不能再签字；请撤回后重新提出")
    former = Decision.objects.filter(institution=decision.institution_id, approved_at__isnull=False, ended_at=None)
    former.update(ended_at=at, ended_by=by, ended_why="另作新的决定")
    decision.approved_at, decision.approved_by = at, by
    decision.save(update_fields=["approved_at", "approved_by"])
    settle(rated=[(standing.institution, standing.rating)], by=by, at=at)
    owe_colour(decision)
    _record("decision.approved", decision, by, at)
    return decision


@transaction.atomic
def refuse(*, decision_id: int, why: str, by: Post, at: datetime) -> Decision:
    """
    This function will refuse the second signature, with the reason.

    :raises NotYou: by the one who proposed it. :raises NotNow: it is not waiting. :raises NotDecided: no reason.
    """
    decision = _decision(decision_id)
    _allow(decision, "refuse", by, at)
    decision.refused_why = _given(why)
    decision.refused_at, decision.refused_by = at, by
    decision.save(update_fields=["refused_at", "refused_by", "refused_why"])
    _record("decision.refused", decision, by, at)
    return decision


@transaction.atomic
def withdraw(*, decision_id: int, why: str, by: Post, at: datetime) -> Decision:
    """
    This function will take a proposal back (only who made it), or end a decision in force (who may sign one).

    :raises NotYou: somebody else's. :raises NotNow: it neither waits nor counts. :raises NotDecided: no reason.
    """
    decision = _decision(decision_id)
    _allow(decision, "withdraw", by, at)
    decision.ended_why = _given(why)
    decision.ended_at, decision.ended_by = at, by
    decision.save(update_fields=["ended_at", "ended_by", "ended_why"])
    if decision.approved_at:
        standing = Standing.objects.select_related("institution", "rating").get(institution=decision.institution_id)
        settle(rated=[(standing.institution, standing.rating)], by=by, at=at)
    _record("decision.withdrawn", decision, by, at)
    return decision


@transaction.atomic
def confirm_downgrade(*, institution_id: int, colour: str, reason: str, by: Post, at: datetime) -> Standing:
    """
    This function will let the colour fall to what the rules now give, on the word of a person.

    :param colour: the milder colour as the person saw it.
    :raises Stale: another colour waits by now, or none. :raises NotDecided: no reason.
    :raises NotYou: by the one who recorded the facts, or who had the rating made.
    """
    standing = _current(institution_id)
    if not standing.falls_to or standing.falls_to != colour:
        raise Stale("待确认的等级已有变化，请刷新后重新核对")
    today = localdate(at)
    rating = standing.rating
    if same_person(by, rating.version.recorded_by, today) or same_person(by, rating.rated_by, today):
        raise NotYou("事实由您核定或评级由您作出，降级须由另一人确认")
    settle(rated=[(standing.institution, rating)], by=by, at=at, let_fall=_given(reason))
    journal.record(verb="downgrade.confirmed", subject=standing.institution, by=by.code, at=at,
                   code=standing.institution.code, changes={"colour": (standing.colour, colour)})  # fmt: skip
    return Standing.objects.get(pk=standing.pk)


def clause_of(ruleset: RuleSet, colour: str) -> str:
    """This function will give the clause that holds the list of a colour in a rule set."""
    if colour == "green" and ruleset.green:
        return ruleset.green.clause
    return next(rule.clause for rule in ruleset.rules if rule.colour == colour)


def _current(institution_id: int) -> Standing:
    """The standing of an institution, both locked, and its rating one of the present facts."""
    institution = Institution.objects.select_for_update().get(pk=institution_id)
    standing = Standing.objects.select_for_update().filter(institution=institution).first()
    if standing is None:
        raise NotDecided("这家机构还没有评级，请先评级")
    if standing.rating.version.n != institution.n:
        raise NotDecided("机构情况在上次评级之后又有改动，请先重新评级")
    standing.institution = institution
    return standing


def _decision(decision_id: int) -> Decision:
    """A decision, after its institution: everybody locks in this order."""
    found = Decision.objects.get(pk=decision_id)
    Institution.objects.select_for_update().get(pk=found.institution_id)
    return Decision.objects.select_for_update().get(pk=decision_id)


def _allow(decision: Decision, verb: str, by: Post, at: datetime) -> Step:
    found = step(verb, decision.state)
    if found is None:
        raise NotNow(f"这项决定{STATES[decision.state]}，不能再办理")
    if by.role not in holders(found.right):
        raise NotYou("您的岗位不能办理这一步")
    is_proposer = same_person(by, decision.proposed_by, localdate(at))
    if found.who == "other" and is_proposer:
        raise NotYou("提出人不能自己签第二个字，请由另一人办理")
    if found.who == "proposer" and not is_proposer:
        raise NotYou("只有提出人可以撤回；不同意的，请办理“不同意”")
    return found


def _given(reason: str) -> str:
    if not reason.strip():
        raise NotDecided("请写明理由")
    return reason.strip()


def _record(verb: str, decision: Decision, by: Post, at: datetime) -> None:
    journal.record(verb=verb, subject=decision, by=by.code, at=at, code=decision.institution.code,
                   changes={"colour": (None, decision.colour)})  # fmt: skip
