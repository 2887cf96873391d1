"""Putting sites on the ledger, and keeping their deadlines right."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.clearances import transitions
from shouhu.ledgers.clearances.actions.writing import note
from shouhu.ledgers.clearances.models import Clearance
from shouhu.ledgers.institutions import actions as institutions
from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.institutions.queries import version
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.units.models import Post


@transaction.atomic
def find(*, institution_id: int, by: Post, at: datetime) -> Clearance | None:
    """
    This function will put a site on the ledger if it is known to be unregistered; a site that is there stays as it is.

    A site that was closed comes back as a new row, once its facts were recorded anew after 销号: it was seen again.

    :returns: its open row; None if there is none to open.
    """
    institution = Institution.objects.select_for_update().get(pk=institution_id)
    last = Clearance.objects.filter(institution=institution).order_by("-found_at", "-pk").first()
    if last and last.closed_at is None:
        return last
    if institution.is_registered is not False or institution.merged_into_id:
        return None
    if not _is_seen(institution, last):
        return None
    if institution.ceased_on:
        institutions.reopen(institution_id=institution.pk, by=by, at=at)
    today = localdate(at)
    due_on = transitions.deadline("found", today, campaigns.calendar()).due_on
    clearance = Clearance.objects.create(
        institution=institution, reopens=last, found_at=at, found_by=by, due_from_on=today, due_on=due_on
    )
    note(clearance, "find", by, at, done_on=today, says="销号后再次发现，重新列入" if last else "",
          changes={"state": (None, clearance.state)})  # fmt: skip
    return clearance


@transaction.atomic
def find_all(*, institution_ids: Iterable[int], by: Post, at: datetime) -> list[Clearance]:
    """This function will put several sites on the ledger, and give their open rows."""
    found = (find(institution_id=pk, by=by, at=at) for pk in institution_ids)
    return [clearance for clearance in found if clearance]


@transaction.atomic
def recount(*, by: Post, at: datetime) -> int:
    """This function will count the deadlines of all open sites anew, after the calendar changed; and say how many moved."""
    calendar = campaigns.calendar()
    moved, acts = [], []
    for clearance in (
        Clearance.objects.select_for_update(of=("self",))
        .select_related("institution", "proposal")
        .filter(closed_at=None)
    ):
        assert clearance.due_from_on
        due_on = transitions.deadline(clearance.state, clearance.due_from_on, calendar).due_on
        if due_on != clearance.due_on:
            acts.append(journal.Act("clearance.recounted", journal.named(clearance), clearance.institution.code,
                                    {"due_on": (clearance.due_on, due_on)}))  # fmt: skip
            clearance.due_on = due_on
            moved.append(clearance)
    Clearance.objects.bulk_update(moved, ["due_on"], batch_size=500)
    journal.record_many(acts=acts, by=by.code, at=at)
    return len(moved)


def _is_seen(institution: Institution, last: Clearance | None) -> bool:
    """Whether the site was there after it was closed, or is said to have ended: its facts were recorded anew."""
    if last is None:
        return institution.ceased_on is None
    recorded_at = version(institution, institution.n).recorded_at
    ended = institution.ceased_on and localdate(recorded_at) < institution.ceased_on
    return last.closed_at is not None and recorded_at > last.closed_at and not ended
