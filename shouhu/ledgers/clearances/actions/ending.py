"""How a site comes off the ledger: proposed with proof, looked through by somebody else, closed (销号) or sent back."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from stdnum.cn import uscc

from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.clearances import transitions
from shouhu.ledgers.clearances.actions.writing import Incomplete, Paper, Unproved, live, locked, stored, write
from shouhu.ledgers.clearances.models import OUTCOMES, Clearance, Proposal
from shouhu.ledgers.institutions import actions as institutions
from shouhu.ledgers.institutions.queries import facts_of, version
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.ratings import actions as ratings
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.scope import Scope


@transaction.atomic
def propose_outcome(
    *, clearance_id: int, outcome: str, document_number: str, paper: Paper, done_on: date, is_filed: bool | None = None,
    n_residents: int | None = None, n_placed: int | None = None, grounds: str = "", by: Post, at: datetime,
) -> Clearance:  # fmt: skip
    """
    This function will propose that the site is done with, with the proof.

    :raises Unproved: measures that were chosen are not recorded, or the proof lacks something, or residents are not placed.
    """
    clearance, before = locked(clearance_id, "propose", by, at)
    if outcome != "not_care" and (lacking := transitions.why_not_finished(clearance)):
        raise Unproved(lacking)
    if not document_number:
        raise Unproved("请填写证照或文书编号")
    if outcome == "registered" and is_filed is None:
        raise Unproved("请说明养老机构备案是否已办妥")
    if outcome == "shut":
        _require_everyone_placed(clearance, n_residents, n_placed)
    shut = outcome == "shut"
    clearance.proposal = Proposal.objects.create(
        clearance=clearance, outcome=outcome, document_number=document_number, file=stored(paper, by, at), done_on=done_on,
        is_filed=is_filed if outcome == "registered" else None, n_residents=n_residents if shut else None,
        n_placed=n_placed if shut else None, grounds=grounds, proposed_at=at, proposed_by=by,
    )  # fmt: skip
    told = OUTCOMES[outcome] + (f"；原住{n_residents}人，已安置{n_placed}人" if shut else "")
    write(clearance, before, "propose", ("proposal",), by, at, done_on=done_on, says=f"{told}。{grounds}" if grounds else told,
           document_number=document_number, file=clearance.proposal.file, changes={"outcome": (None, outcome)})  # fmt: skip
    return clearance


@transaction.atomic
def review(*, clearance_id: int, says: str = "", by: Post, at: datetime) -> Clearance:
    """This function will record that somebody else looked the proof through (复核)."""
    clearance, before = locked(clearance_id, "review", by, at)
    proposal = live(clearance)
    proposal.reviewed_at, proposal.reviewed_by = at, by
    proposal.save(update_fields=["reviewed_at", "reviewed_by"])
    write(clearance, before, "review", (), by, at, says=says)
    return clearance


@transaction.atomic
def send_back(*, clearance_id: int, says: str, by: Post, at: datetime) -> Clearance:
    """
    This function will send a proposed end back; the proposal stays on the trail.

    :raises Incomplete: no reason was given.
    """
    clearance, before = locked(clearance_id, "send_back", by, at)
    if not says:
        raise Incomplete("请写明退回的原因，让承办人知道要补什么")
    proposal = live(clearance)
    proposal.returned_at, proposal.returned_by = at, by
    proposal.save(update_fields=["returned_at", "returned_by"])
    clearance.proposal = None
    write(clearance, before, "send_back", ("proposal",), by, at, says=says)
    return clearance


@transaction.atomic
def close(*, clearance_id: int, says: str = "", by: Post, at: datetime) -> Clearance:
    """
    This function will close a site (销号) and carry its end over to the institution, which is rated anew if it registered.
    """
    clearance, before = locked(clearance_id, "close", by, at)
    clearance.closed_at, clearance.closed_by = at, by
    write(clearance, before, "close", ("closed_at", "closed_by"), by, at, says=says)
    proposal = live(clearance)
    institution = clearance.institution
    if proposal.outcome == "registered":
        changes = {"registered": "已登记", "filed": "已备案" if proposal.is_filed else "未备案"}
        if uscc.is_valid(proposal.document_number):
            changes["uscc"] = uscc.compact(proposal.document_number)
        institutions.revise(institution_id=institution.pk, base=institution.n, changes=changes, cause="clearance", by=by, at=at,
                            on=proposal.done_on, reference=journal.named(clearance),
                            reason=f"清零行动销号：登记备案完成，{proposal.document_number}")  # fmt: skip
        if campaign := campaigns.current(Scope.of(by)):
            ratings.rate(institution_ids=[institution.pk], ruleset_id=campaign.ruleset_id, by=by, at=at)
    elif not institution.ceased_on:  # a site that is no elder care is not watched either
        institutions.cease(institution_id=institution.pk, on=proposal.done_on, by=by, at=at)
    return clearance


def _require_everyone_placed(clearance: Clearance, n_residents: int | None, n_placed: int | None) -> None:
    """Nobody is lost between what the register knows, who lived there in the end, and who has a place."""
    if n_residents is None or n_placed is None:
        raise Unproved("关停取缔必须写明原住老人多少位、已妥善安置多少位；没有老人入住的填0")
    if n_placed != n_residents:
        raise Unproved(
            f"还有{n_residents - n_placed}位老人没有安置，全部安置后才能提出关停取缔"
            if n_placed < n_residents
            else "已安置的人数多于原住老人，请核对"
        )
    known = facts_of(version(clearance.institution, clearance.institution.n)).get("n_residents")
    least = getattr(known, "low", known)
    if least is not None and n_residents < least:
        raise Unproved(
            f"台账记有{least:g}位老人入住，这里只写了{n_residents}位；请写明全部老人的去向，或先更正台账的入住人数"
        )
