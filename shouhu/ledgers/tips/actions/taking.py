"""Taking tips in: written down, sealed and safe on disk before a receipt is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache

from django.db import transaction
from django.utils.timezone import localdate

from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.informants import actions as informants
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.tips import receipts, workflow
from shouhu.ledgers.tips.actions.attaching import attach
from shouhu.ledgers.tips.actions.writing import Incomplete, Paper, office_for
from shouhu.ledgers.tips.models import Arrival, Step, Tip
from shouhu.ledgers.units.models import Post

TEXT_AT_MOST = 10_000
"""Characters."""


@dataclass(frozen=True)
class Form:
    """What is handed in. ``key``: 32 random hex digits that the face put into the form; the same key is taken once."""

    key: str
    channel: str
    code: str
    text: str
    told: Mapping[str, str] = field(default_factory=dict)
    """Answers besides, by the names of ``models.TOLD``."""
    sum_fen: int | None = None
    n_victims: int | None = None
    is_ongoing: bool | None = None
    is_urgent: bool = False
    age_band: str = ""
    identity: Mapping[str, str] | None = None
    """What the informant says about themselves; it is sealed for the 保密员 alone."""
    papers: Sequence[Paper] = ()
    outer_number: str = ""
    arrival: Arrival | None = None
    received_at: datetime | None = None
    """When another office received it; here it counts from when it is taken in."""


@dataclass(frozen=True)
class Taken:
    """A tip that is safe, and its receipt, which nothing here can give again."""

    tip: Tip
    receipt: str
    is_new: bool
    """False when the same form had been sent before."""


def take_in(*, form: Form, by: Post | None, at: datetime) -> Taken:
    """This function will take one tip in, as ``take_in_many`` does."""
    return take_in_many(forms=[form], by=by, at=at)[0]


@transaction.atomic
def take_in_many(*, forms: Sequence[Form], by: Post | None, at: datetime) -> list[Taken]:
    """
    This function will take tips in, each form once, and give them to the campaign offices of their places; all or none.

    :param by: who writes them down; None: they come over the public page.
    :raises Incomplete: nothing was told, or too much for one tip.
    :raises NobodyThere: no campaign office covers a place.
    """
    on, calendar = localdate(at), campaigns.calendar()

    @cache
    def due(code: str, is_urgent: bool) -> date:
        return workflow.deadline("received", code, on, calendar, is_urgent=is_urgent).due_on

    office = cache(office_for)
    numbers = [receipts.receipt_for(form.key) for form in forms]
    hashes = [receipts.hashed(number) for number in numbers]
    known = {tip.receipt_hash: tip for tip in Tip.objects.filter(receipt_hash__in=hashes)}
    new: dict[str, Form] = {}
    for form, receipt_hash in zip(forms, hashes, strict=True):
        if receipt_hash not in known:
            _check(form)
            new.setdefault(receipt_hash, form)
    named = [form.identity for form in new.values() if form.identity]
    identities = iter(informants.seal_many(identities=named, at=at))
    made = Tip.objects.bulk_create(
        Tip(
            receipt_hash=receipt_hash, channel=form.channel, outer_number=form.outer_number, arrival=form.arrival,
            code=form.code, received_at=form.received_at or at, taken_by=by, text=form.text, told=dict(form.told),
            sum_fen=form.sum_fen, n_victims=form.n_victims, is_ongoing=form.is_ongoing, is_urgent=form.is_urgent,
            age_band=form.age_band, unit=office(form.code), due_from_on=on, due_on=due(form.code, form.is_urgent),
            identity=next(identities) if form.identity else None,
        )
        for receipt_hash, form in new.items()
    )  # fmt: skip
    for tip, form in zip(made, new.values(), strict=True):
        if form.papers:
            attach(tip, form.papers, by, at)
    Step.objects.bulk_create(
        Step(tip=tip, verb="take_in", state=tip.state, recorded_at=at, recorded_by=by) for tip in made
    )
    journal.record_many(
        acts=[journal.Act("tip.take_in", journal.named(tip), tip.code, {"state": ("", tip.state)}) for tip in made],
        by=by.code if by else "public",
        at=at,
    )
    tips = known | {tip.receipt_hash: tip for tip in made}
    return [
        Taken(tips[receipt_hash], number, is_new=new.get(receipt_hash) is form)
        for form, receipt_hash, number in zip(forms, hashes, numbers, strict=True)
    ]


def _check(form: Form) -> None:
    if not form.text.strip():
        raise Incomplete("请先写下发生了什么，一两句话也可以")
    if len(form.text) > TEXT_AT_MOST:
        raise Incomplete(f"文字超过{TEXT_AT_MOST:,}字，请删减，或把详细材料作为附件")
