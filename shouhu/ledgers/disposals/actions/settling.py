"""Journeys that cross rooms: what was accepted or decided below, rated where needed, and its measures, in one call."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from shouhu.ledgers.clearances import actions as clearances
from shouhu.ledgers.disposals.actions.opening import open_for, rate_and_open
from shouhu.ledgers.disposals.models import Disposal
from shouhu.ledgers.institutions import actions as institutions
from shouhu.ledgers.institutions.models import Batch, Institution, Version
from shouhu.ledgers.ratings import actions as ratings
from shouhu.ledgers.ratings.models import Decision, Objection, Standing
from shouhu.ledgers.surveys import actions as surveys
from shouhu.ledgers.units.models import Post


@dataclass(frozen=True)
class Settled:
    """What came of an accepted sheet: facts, colour, and the open disposal if there is one."""

    version: Version
    standing: Standing
    disposal: Disposal | None


@transaction.atomic
def settle_survey(*, sheet_id: int, by: Post, at: datetime, seen: int | None = None) -> Settled:
    """
    This function will accept an answer sheet, rate the institution and open or amend its measures.

    :param seen: as for ``surveys.actions.accept``.
    :raises Refused: what accepting refuses.
    """
    version = surveys.accept(sheet_id=sheet_id, by=by, at=at, seen=seen)
    rate_and_open(institution_ids=[version.institution_id], by=by, at=at)
    _list_unregistered([version.institution_id], by, at)
    standing = Standing.objects.select_related("rating").get(institution=version.institution_id)
    return Settled(
        version, standing, Disposal.objects.filter(institution=version.institution_id, closed_at=None).first()
    )


def settle_batch(*, batch_id: int, by: Post, at: datetime, pause: Callable[[], None]) -> Batch:
    """
    This function will take an import over, rate what it touched and open or amend measures; in chunks, not in one transaction.

    It may be called again after a break: what was done is not done twice.
    """
    batch = institutions.show_batch(batch_id=batch_id, by=by, at=at, pause=pause)
    touched = Version.objects.filter(reference__startswith=f"batch/{batch.pk}#").values("institution")
    rows = Institution.objects.filter(Q(batch=batch) | Q(pk__in=touched), merged_into=None).order_by("pk")
    ids = list(rows.values_list("pk", flat=True))
    rate_and_open(institution_ids=ids, by=by, at=at, pause=pause)
    _list_unregistered(ids, by, at)
    return batch


@transaction.atomic
def settle_decision(*, decision_id: int, by: Post, at: datetime) -> Decision:
    """This function will put the second signature under a decision and bring the measures in line with its colour."""
    decision = ratings.approve(decision_id=decision_id, by=by, at=at)
    open_for(institution_ids=[decision.institution_id], by=by, at=at)
    return decision


@transaction.atomic
def settle_withdrawal(*, decision_id: int, why: str, by: Post, at: datetime) -> Decision:
    """This function will withdraw or end a decision and bring the measures in line with the colour that counts then."""
    decision = ratings.withdraw(decision_id=decision_id, why=why, by=by, at=at)
    open_for(institution_ids=[decision.institution_id], by=by, at=at)
    return decision


@transaction.atomic
def settle_downgrade(*, institution_id: int, colour: str, reason: str, by: Post, at: datetime) -> Standing:
    """This function will confirm that a colour falls and bring the measures in line with it."""
    standing = ratings.confirm_downgrade(institution_id=institution_id, colour=colour, reason=reason, by=by, at=at)
    open_for(institution_ids=[institution_id], by=by, at=at)
    return standing


@transaction.atomic
def settle_objection(
    *,
    objection_id: int,
    is_upheld: bool,
    grounds: str,
    by: Post,
    at: datetime,
    value: Any = None,
    colour: str = "",
    expires_on: date | None = None,
) -> Objection:
    """This function will answer an objection as ``ratings.actions.decide_objection`` does, and bring the measures in line."""
    objection = ratings.decide_objection(
        objection_id=objection_id, is_upheld=is_upheld, grounds=grounds, by=by, at=at, value=value, colour=colour,
        expires_on=expires_on,
    )  # fmt: skip
    open_for(institution_ids=[objection.institution_id], by=by, at=at)
    return objection


@transaction.atomic
def settle_adoption(*, ruleset_id: str, campaign_id: int, by: Post, at: datetime) -> list[Standing]:
    """This function will make another rule set lead, and bring the measures in line with every colour that changed."""
    changed = ratings.adopt(ruleset_id=ruleset_id, campaign_id=campaign_id, by=by, at=at)
    open_for(institution_ids=[one.institution_id for one in changed], by=by, at=at)
    return changed


@transaction.atomic
def settle_expiry(*, today: date, by: Post, at: datetime) -> list[Decision]:
    """This function will end the decisions that ran out, and bring the measures in line with the colours that count then."""
    over = ratings.expire(today=today, by=by, at=at)
    open_for(institution_ids=[one.institution_id for one in over], by=by, at=at)
    return over


def _list_unregistered(ids: Iterable[int], by: Post, at: datetime) -> None:
    unregistered = Institution.objects.filter(pk__in=list(ids), is_registered=False)
    clearances.find_all(institution_ids=unregistered.order_by("pk").values_list("pk", flat=True), by=by, at=at)
