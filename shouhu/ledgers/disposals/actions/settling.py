"""Journeys that cross rooms: what was accepted or decided below, rated where needed, and its measures, in one call."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from shouhu.ledgers.clearances import actions as clearances
from shouhu.ledgers.clearances.models import Clearance
from shouhu.ledgers.clearances.models import Step as ClearanceStep
from shouhu.ledgers.disposals.actions.opening import CHUNK, open_for, rate_and_open
from shouhu.ledgers.disposals.models import Disposal, Step
from shouhu.ledgers.institutions import actions as institutions
from shouhu.ledgers.institutions.models import Batch, Institution, Version
from shouhu.ledgers.ratings import actions as ratings
from shouhu.ledgers.ratings import queries
from shouhu.ledgers.ratings.models import Decision, Objection, Standing
from shouhu.ledgers.surveys import actions as surveys
from shouhu.ledgers.surveys.models import Assignment, Sheet
from shouhu.ledgers.tips import actions as tips
from shouhu.ledgers.tips.models import Finding
from shouhu.ledgers.units.models import Post

T = TypeVar("T")
BY_ITSELF = ("opened", "amended", "recomputed")
"""Verbs of steps that the desk takes by itself."""


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
    settle(institution_ids=[version.institution_id], by=by, at=at)
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
    for start in range(0, len(ids), CHUNK):
        _list_unregistered(ids[start : start + CHUNK], by, at)
        pause()
    return batch


@transaction.atomic
def hide_batch(*, batch_id: int, by: Post, at: datetime) -> Batch:
    """
    This function will hide what an import added, at once; ``settle_undoing`` does the rest.

    What somebody has surveyed, decided, contested or handled since stays, and is counted in ``report["kept"]``.
    """
    made = Institution.objects.filter(batch=batch_id)
    batch = institutions.switch_off(batch_id=batch_id, keep=made.filter(_handled()), by=by, at=at)
    surveys.withdraw(institution_ids=made.values_list("pk", flat=True), by=by, at=at)
    return batch


def settle_undoing(*, batch_id: int, by: Post, at: datetime, pause: Callable[[], None]) -> Batch:
    """
    This function will undo an import, and rate what it had changed by what was known before; in chunks, as ``settle_batch``.

    A colour that the import had raised falls when a person confirms it, like every fall.
    """
    hide_batch(batch_id=batch_id, by=by, at=at)
    batch = institutions.drop_batch(batch_id=batch_id, by=by, at=at, pause=pause)
    restored = Version.objects.filter(batch=batch, cause="undo").order_by("institution")
    ids = restored.values_list("institution", flat=True).distinct()
    rate_and_open(institution_ids=ids, by=by, at=at, pause=pause)
    return batch


def settle_act(act: Callable[..., T], *, by: Post, at: datetime, **given: Any) -> T:
    """
    This function will carry out an act on the register (of ``institutions.actions``), and bring colour, measures, the ledger
    of the 清零行动 and open survey work in line with what is known and where it stands now.

    :param act: gives an institution, or a row that belongs to one.
    """
    with transaction.atomic():
        row: Any = act(**given, by=by, at=at)
        pk = row.pk if isinstance(row, Institution) else row.institution_id
        surveys.follow(institution_ids=[pk], by=by, at=at)
        settle(institution_ids=[pk], by=by, at=at)
    done: T = row
    return done


@transaction.atomic
def settle_finding(*, by: Post, at: datetime, **given: Any) -> Assignment:
    """This function will take an unregistered site that a surveyor found into the round, as ``surveys.actions.found`` does, rate
    it and put it on the ledger of the 清零行动.
    """
    made = surveys.found(**given, by=by, at=at)
    settle(institution_ids=[made.institution_id], by=by, at=at)
    return made


@transaction.atomic
def settle_clearance(*, clearance_id: int, says: str = "", by: Post, at: datetime) -> Clearance:
    """This function will close an unregistered site (销号), and bring the measures of what registered in line with its colour."""
    clearance = clearances.close(clearance_id=clearance_id, says=says, by=by, at=at)
    open_for(institution_ids=[clearance.institution_id], by=by, at=at)
    return clearance


@transaction.atomic
def settle_tip(*, by: Post, at: datetime, **given: Any) -> Finding:
    """
    This function will conclude the verification of a tip as ``tips.actions.conclude`` does, write what it showed to the
    institution, rate that anew and open or amend its measures.
    """
    finding = tips.conclude(**given, by=by, at=at)
    institution = finding.tip.institution
    changes = tips.changes_of(finding)
    if institution is None or not changes:
        return finding
    institutions.revise(
        institution_id=institution.pk, base=institution.n, changes=changes, cause="tip", on=finding.found_on,
        reference=f"tip/{finding.tip_id}", by=by, at=at,
    )  # fmt: skip
    settle(institution_ids=[institution.pk], by=by, at=at)
    return finding


@transaction.atomic
def settle_tip_survey(*, by: Post, at: datetime, **given: Any) -> Assignment:
    """This function will take what a tip is about into a round of the survey, as ``tips.actions.survey`` does, and rate it."""
    made = tips.survey(**given, by=by, at=at)
    settle(institution_ids=[made.institution_id], by=by, at=at)
    return made


@transaction.atomic
def settle(*, institution_ids: Iterable[int], by: Post, at: datetime) -> None:
    """This function will rate institutions after their facts changed, open or amend measures, and list unregistered sites."""
    ids = list(institution_ids)
    rate_and_open(institution_ids=ids, by=by, at=at)
    _list_unregistered(ids, by, at)


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


def settle_renewal(*, today: date, by: Post, at: datetime, pause: Callable[[], None]) -> int:
    """
    This function will rate anew whom the rules judge otherwise today because answers ran out of their validity, in chunks.

    :returns: how many.
    """
    n_rated = 0
    for ruleset_id, ids in list(queries.outdated(today)):
        rate_and_open(institution_ids=ids, ruleset_id=ruleset_id, by=by, at=at, pause=pause)
        n_rated += len(ids)
    return n_rated


def _handled() -> Q:
    """That somebody has surveyed, decided, contested or handled something about an institution."""
    here = OuterRef("pk")
    acts = Step.objects.filter(disposal__institution=here).exclude(verb__in=BY_ITSELF)
    steps = ClearanceStep.objects.filter(clearance__institution=here).exclude(verb__in=("find", "recount"))
    rows = (
        Sheet.objects.filter(assignment__institution=here), Decision.objects.filter(institution=here),
        Objection.objects.filter(institution=here), acts, steps, Post.objects.filter(subject=here),
    )  # fmt: skip
    found = Q()
    for one in rows:
        found |= Q(Exists(one))
    return found


def _list_unregistered(ids: Iterable[int], by: Post, at: datetime) -> None:
    unregistered = Institution.objects.filter(pk__in=list(ids), is_registered=False)
    clearances.find_all(institution_ids=unregistered.order_by("pk").values_list("pk", flat=True), by=by, at=at)
