"""Rating: what the rules say about what is known, and the colour that counts after it and after what people decided."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from shouhu.engines.rules.rulesets import RuleSet, load
from shouhu.ledgers.campaigns import actions as campaigns
from shouhu.ledgers.institutions import queries as institutions
from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.ratings.computing import CHUNK, as_row, computed
from shouhu.ledgers.ratings.models import Decision, Move, Rating, Standing
from shouhu.ledgers.ratings.transitions import WORST_FIRST, counts, gives_way
from shouhu.ledgers.units.codes import span
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.scope import Scope

__all__ = ["WORST_FIRST", "adopt", "expire", "rate", "settle"]


@transaction.atomic
def rate(*, institution_ids: Iterable[int], ruleset_id: str, by: Post, at: datetime) -> list[Standing]:
    """
    This function will rate institutions by a rule set, and bring up to date the colours that count.

    A colour rises at once; a milder one waits in ``Standing.falls_to`` until a person confirms it.

    :returns: the standings whose colour changed (or is new), in the order of the ids given.
    :raises NotRateable: the rule set names no colours.
    """
    wanted, ruleset = list(dict.fromkeys(institution_ids)), load(ruleset_id)
    changed = []
    for start in range(0, len(wanted), CHUNK):
        changed += _rate(wanted[start : start + CHUNK], ruleset, by, at)
    return changed


def _rate(ids: Sequence[int], ruleset: RuleSet, by: Post, at: datetime) -> list[Standing]:
    rows = Institution.objects.select_for_update().in_bulk(ids)
    ordered = [rows[pk] for pk in ids if pk in rows]
    today = localdate(at)
    ratings = [as_row(version, rating, ruleset, today) for version, rating in computed(ordered, ruleset, today)]
    for one in ratings:
        one.rated_at, one.rated_by = at, by
    Rating.objects.bulk_create(ratings)
    return settle(rated=list(zip(ordered, ratings, strict=True)), by=by, at=at)


@transaction.atomic
def settle(
    *,
    rated: Sequence[tuple[Institution, Rating]],
    by: Post,
    at: datetime,
    today: date | None = None,
    let_fall: str = "",
) -> list[Standing]:
    """
    This function will work out the colour that counts from ratings and the decisions in force, and store it.

    :param rated: locked institutions, each with its last rating.
    :param today: the day against which decisions expire; that of ``at`` by default.
    :param let_fall: the reason of the person who confirms that the colour falls; empty: a milder colour waits.
    :returns: the standings whose colour changed (or is new).
    """
    ids = [institution.pk for institution, _ in rated]
    befores = {one.institution_id: one for one in Standing.objects.filter(institution__in=ids).select_related("basis")}
    in_force = Decision.objects.filter(institution__in=ids, approved_at__isnull=False, ended_at=None)
    decisions = {one.institution_id: one for one in in_force.select_related("rating")}
    afters, moves, ended, acts, changed = [], [], [], [], []
    for institution, rating in rated:
        before, decision = befores.get(institution.pk), decisions.get(institution.pk)
        if decision and (why := gives_way(decision, rating, today or localdate(at))):
            decision.ended_at, decision.ended_by, decision.ended_why = at, by, why
            ended.append(decision)
            decision = None
        was = before.colour if before else ""
        colour, falls_to = counts("" if let_fall else was, rating.listed, decision.colour if decision else "")
        state = {
            "rating": rating, "basis": before.basis if before and falls_to else rating, "decision": decision, "colour": colour, "falls_to": falls_to,
            "since_at": before.since_at if before and was == colour else at,
        }  # fmt: skip
        after = Standing(institution=institution, **state)
        afters.append(after)
        moves.append(Move(institution=institution, code=institution.code, was=was, reason=let_fall,
                          moved_at=at, moved_by=by, **state))  # fmt: skip
        acts.append(journal.Act("institution.rated", journal.named(institution), institution.code, {
            "colour": (was or None, colour), "falls_to": (before.falls_to if before else None, falls_to),
        }))  # fmt: skip
        if was != colour:
            changed.append(after)
    Decision.objects.bulk_update(ended, ["ended_at", "ended_by", "ended_why"], batch_size=CHUNK)
    Standing.objects.bulk_create(
        afters, update_conflicts=True, unique_fields=["institution"],
        update_fields=["rating", "basis", "decision", "colour", "falls_to", "since_at"],
    )  # fmt: skip
    Move.objects.bulk_create(moves)
    journal.record_many(acts=acts, by=by.code, at=at)
    return changed


@transaction.atomic
def expire(*, today: date, by: Post, at: datetime) -> list[Decision]:
    """
    This function will end the decisions whose last day has passed, and let the rules speak again.

    A proposal that nobody signed in time lapses. What the decision had kept graver than the rules waits for a person.

    :returns: the decisions that ended.
    """
    over = list(Decision.objects.filter(refused_at=None, ended_at=None, expires_on__lt=today).order_by("pk"))
    list(Institution.objects.select_for_update().filter(pk__in=[one.institution_id for one in over]))
    lapsed = [one for one in over if one.approved_at is None]
    for one in lapsed:
        one.ended_at, one.ended_by, one.ended_why = at, by, "提出后未在期限内签字"
    Decision.objects.bulk_update(lapsed, ["ended_at", "ended_by", "ended_why"], batch_size=CHUNK)
    signed = [one.institution_id for one in over if one.approved_at is not None]
    standings = Standing.objects.filter(institution__in=signed).select_related("institution", "rating").order_by("pk")
    settle(rated=[(one.institution, one.rating) for one in standings], by=by, at=at, today=today)
    journal.record_many(by=by.code, at=at, acts=[
        journal.Act("decision.expired", journal.named(one), changes={"expires_on": (None, one.expires_on)}) for one in over
    ])  # fmt: skip
    return list(Decision.objects.filter(pk__in=[one.pk for one in over]).order_by("pk"))


@transaction.atomic
def adopt(*, ruleset_id: str, campaign_id: int, by: Post, at: datetime) -> list[Standing]:
    """
    This function will make another rule set lead a campaign, and rate all of its institutions by it.

    What becomes graver does so at once; every fall waits for a person.

    :returns: the standings whose colour changed.
    :raises Refused: what ``campaigns.actions.lead`` refuses.
    """
    campaign = campaigns.lead(campaign_id=campaign_id, ruleset_id=ruleset_id, by=by, at=at)
    everyone = institutions.seen(Scope(by, *span(campaign.code))).order_by("pk").values_list("pk", flat=True)
    return rate(institution_ids=everyone, ruleset_id=ruleset_id, by=by, at=at)
