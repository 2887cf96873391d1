"""Lists of other platforms: brought and looked through first, then taken in as a whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.tips import sheets
from shouhu.ledgers.tips.actions.taking import Form, Taken, take_in_many
from shouhu.ledgers.tips.models import Arrival
from shouhu.ledgers.tips.queries.arrivals import CHANNELS, plan
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.units.scope import Scope
from shouhu.ledgers.units.sheets import ImportRefused
from shouhu.ledgers.vault import actions as vault


class Over(Refused):
    """The list was taken in or given up already, or is another office's."""


@transaction.atomic
def open_arrival(
    *, content: bytes, name: str, media_type: str, token: str, channel: str, by: Post, at: datetime
) -> Arrival:  # fmt: skip
    """
    This function will keep a list sealed, and how its columns are understood.

    :param token: 32 random hex digits, made by the face.
    :raises Unimportable: no such file, or no head that is known; nothing is kept then.
    """
    if channel not in CHANNELS:
        raise sheets.Unimportable("请选择名单从哪里来")
    mapping = sheets.understood(content, name)
    file = vault.store(content=content, name=name, media_type=media_type, token=token, by=by.code, at=at)
    made = Arrival.objects.create(file=file, channel=channel, mapping=mapping, uploaded_at=at, uploaded_by=by)
    journal.record(verb="arrival.brought", subject=made, by=by.code, at=at, code=by.unit.code)
    return made


@transaction.atomic
def map_arrival(*, arrival_id: int, choices: Mapping[tuple[int, str], str], by: Post, at: datetime) -> Arrival:
    """
    This function will keep how the columns are to be read, as the clerk says.

    :raises Unimportable: two columns hold the same, or a needed one is missing.
    """
    arrival = _waiting(arrival_id, by)
    arrival.mapping = sheets.corrected(arrival.mapping, choices)
    arrival.save(update_fields=["mapping"])
    journal.record(verb="arrival.mapped", subject=arrival, by=by.code, at=at, code=by.unit.code)
    return arrival


@transaction.atomic
def take_arrival(*, arrival_id: int, seed: str, by: Post, at: datetime) -> list[Taken]:
    """
    This function will take the tips of a list in that did not come before, all or none, and erase the list.

    What it told of informants is sealed with their tips; in the file it would lie under the server's key.

    :param seed: random, made by the face; the receipts follow from it.
    :raises ImportRefused: there is a problem in a cell.
    """
    arrival = _waiting(arrival_id, by)
    planned = plan(Scope.of(by), arrival, at)
    if planned.problems:
        raise ImportRefused(planned.problems)
    forms = [
        Form(
            key=hashlib.sha256(f"{seed} {row.outer_number}".encode()).hexdigest()[:32], channel=arrival.channel,
            code=row.code or by.unit.code, text=row.text, told=row.told, sum_fen=row.sum_fen, n_victims=row.n_victims,
            is_urgent=row.is_urgent, identity=row.identity or None, outer_number=row.outer_number, arrival=arrival,
            received_at=row.received_at,
        )
        for row in planned.new
    ]  # fmt: skip
    taken = take_in_many(forms=forms, by=by, at=at)
    arrival.taken_at, arrival.taken_by = at, by
    arrival.report = {"n_new": len(taken), "n_known": len(planned.known), "n_named": planned.n_named}
    arrival.save(update_fields=["taken_at", "taken_by", "report"])
    vault.erase(files=[arrival.file], at=at)
    journal.record(verb="arrival.taken", subject=arrival, by=by.code, at=at, code=by.unit.code,
                   changes={"n_new": (None, len(taken))})  # fmt: skip
    return taken


@transaction.atomic
def drop_arrival(*, arrival_id: int, by: Post, at: datetime) -> Arrival:
    """This function will give a list up that was not taken in, and erase it."""
    arrival = _waiting(arrival_id, by)
    vault.erase(files=[arrival.file], at=at)
    journal.record(verb="arrival.dropped", subject=arrival, by=by.code, at=at, code=by.unit.code)
    return arrival


@transaction.atomic
def drop_stale(*, before: datetime, at: datetime) -> int:
    """This function will erase the lists that were brought before an instant and that nobody took in."""
    rows = Arrival.objects.select_for_update(of=("self",)).select_related("file")
    stale = list(rows.filter(taken_at=None, file__erased_at=None, uploaded_at__lt=before))
    vault.erase(files=[one.file for one in stale], at=at)
    acts = [journal.Act("arrival.dropped", journal.named(one)) for one in stale]
    journal.record_many(acts=acts, by="system", at=at)
    return len(stale)


def _waiting(arrival_id: int, by: Post) -> Arrival:
    arrival = Arrival.objects.select_for_update(of=("self",)).select_related("file", "uploaded_by").get(pk=arrival_id)
    if arrival.uploaded_by.unit_id != by.unit_id or arrival.taken_at or arrival.file.erased_at:
        raise Over("这份名单已经导入，或者已经放弃，请刷新页面后再看")
    return arrival
