"""Putting sites on the ledger, and keeping their deadlines right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localdate

from shouhu.engines.periods.calendar import Calendar
from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.clearances import transitions
from shouhu.ledgers.clearances.actions.writing import note
from shouhu.ledgers.clearances.models import Clearance, Step
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


@dataclass(frozen=True)
class Recounted:
    """A site whose next step is due on another day now."""

    clearance: Clearance
    before: date


@transaction.atomic
def recount(*, why: str, by: Post, at: datetime) -> list[Recounted]:
    """This function will count the deadlines of all open sites anew, after the calendar changed, and note on each why."""
    moved = moved_sites(campaigns.calendar(), Clearance.objects.select_for_update(of=("self",)))
    Clearance.objects.bulk_update([one.clearance for one in moved], ["due_on"], batch_size=500)
    Step.objects.bulk_create(
        [
            Step(clearance=one.clearance, verb="recount", done_on=localdate(at), recorded_at=at, recorded_by=by,
                 says=f"{why}，期限由 {one.before} 变为 {one.clearance.due_on}")
            for one in moved
        ],
        batch_size=500,
    )  # fmt: skip
    journal.record_many(by=by.code, at=at, acts=[
        journal.Act("clearance.recounted", journal.named(one.clearance), one.clearance.institution.code,
                    {"due_on": (one.before, one.clearance.due_on)})
        for one in moved
    ])  # fmt: skip
    return moved


def moved_sites(calendar: Calendar, rows: QuerySet[Clearance]) -> list[Recounted]:
    """This function will count open sites by a calendar; each that moves holds its new day, and nothing is stored."""
    moved = []
    for one in rows.select_related("institution", "proposal").filter(closed_at=None).order_by("due_on", "pk"):
        assert one.due_from_on and one.due_on
        before, one.due_on = one.due_on, transitions.deadline(one.state, one.due_from_on, calendar).due_on
        if one.due_on != before:
            moved.append(Recounted(one, before))
    return moved


def _is_seen(institution: Institution, last: Clearance | None) -> bool:
    """Whether the site was there after it was closed, or is said to have ended: its facts were recorded anew."""
    if last is None:
        return institution.ceased_on is None
    recorded_at = version(institution, institution.n).recorded_at
    ended = institution.ceased_on and localdate(recorded_at) < institution.ceased_on
    return last.closed_at is not None and recorded_at > last.closed_at and not ended
