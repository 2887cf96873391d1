"""Rating: what the rules say about what is known. The colour that counts follows from it and from what people decided."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import orjson
from django.db import transaction
from django.utils.timezone import localdate

from shouhu.engines.rules import ratings as engine
from shouhu.engines.rules.facts import declared
from shouhu.engines.rules.rulesets import RuleSet, load
from shouhu.ledgers.institutions import queries as institutions
from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.ratings.models import Decision, Move, Rating, Standing
from shouhu.ledgers.units.models import Post

WORST_FIRST = engine.SEVERITY


@transaction.atomic
def rate(*, institution_ids: Iterable[int], ruleset_id: str, by: Post, at: datetime) -> list[Standing]:
    """
    This function will rate institutions by a rule set, and bring up to date the colours that count.

    :returns: the standings whose colour changed (or is new), in the order of the ids given.
    :raises NotRateable: the rule set names no colours.
    """
    rows = {one.pk: one for one in Institution.objects.select_for_update().filter(pk__in=list(institution_ids))}
    ordered = [rows[pk] for pk in dict.fromkeys(institution_ids) if pk in rows]
    ruleset = load(ruleset_id)
    ratings = Rating.objects.bulk_create(_computed(ordered, ruleset, by, at), batch_size=500)
    standing = {one.institution_id: one for one in Standing.objects.filter(institution__in=rows)}
    changed = []
    acts = []
    for institution, rating in zip(ordered, ratings, strict=True):
        before = standing.get(institution.pk)
        after = settle(institution, rating, before, by, at)
        acts.append(journal.Act("institution.rated", journal.named(institution), institution.code, {
            "colour": (before and before.colour, after.colour)
        }))  # fmt: skip
        if before is None or before.colour != after.colour:
            changed.append(after)
    journal.record_many(acts=acts, by=by.code, at=at)
    return changed


def settle(institution: Institution, rating: Rating, before: Standing | None, by: Post, at: datetime) -> Standing:
    """
    This function will work out the colour that counts from a rating and the decision in force, and store it.

    A decision gives way as soon as the rules say something worse than what it was taken about.
    """
    decision = Decision.objects.filter(
        institution=institution, approved_at__isnull=False, ended_at=None, expires_on__gte=localdate(at)
    ).first()
    if decision and worse(rating.listed, decision.rating.listed):
        Decision.objects.filter(pk=decision.pk).update(ended_at=at, ended_why="规则评定的等级高于作出决定时，决定失效")
        decision = None
    colour = decision.colour if decision else rating.listed
    # Compare by value: ``before`` is left as it was, for the caller to see the difference.
    moved = before is None or (before.colour, before.decision_id) != (colour, decision and decision.pk)
    since = at if before is None or before.colour != colour else before.since_at
    standing, _ = Standing.objects.update_or_create(
        institution=institution,
        defaults={"rating": rating, "decision": decision, "colour": colour, "since_at": since},
    )
    if moved:
        Move.objects.create(institution=institution, code=institution.code, colour=colour, rating=rating,
                            decision=decision, moved_at=at, moved_by=by)  # fmt: skip
    return standing


def worse(one: str, other: str) -> bool:
    """This function will tell whether a colour stands before another in the order of lists."""
    return WORST_FIRST.index(one) < WORST_FIRST.index(other)


def _computed(rows: Sequence[Institution], ruleset: RuleSet, by: Post, at: datetime) -> list[Rating]:
    versions = institutions.current(rows)
    facts = [institutions.facts_of(versions[one.pk]) for one in rows]
    columns = {name: [one.get(name) for one in facts] for name in declared()}
    day = localdate(at)
    rated = engine.rate(columns, ruleset, as_of=day, engine="record" if len(rows) < 200 else None) if rows else []
    return [
        Rating(
            institution=row, version=versions[row.pk], ruleset_id=ruleset.id, ruleset_hash=ruleset.sha256, as_of=day,
            colour=one.colour, at_least=one.at_least or "", at_most=one.at_most or "", listed=one.listed,
            rated_at=at, rated_by=by,
            **{name: orjson.loads(orjson.dumps(getattr(one, name))) for name in ("fired", "findings", "open", "ask", "flags")},
        )
        for row, one in zip(rows, rated, strict=True)
    ]  # fmt: skip

