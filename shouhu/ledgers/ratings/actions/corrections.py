"""Who was given what, and who must therefore be told when it proves wrong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.ratings.computing import CHUNK
from shouhu.ledgers.ratings.models import Correction, Decision, Disclosure, Move, Objection, Rating, Standing
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.refusals import Refused


class NoReceiver(Refused):
    """Nobody may take a list away without saying for whom."""


@transaction.atomic
def disclose(
    *, rows: Iterable[Standing | Move], receiver: str, what: str, facts: Sequence[str], by: Post, at: datetime
) -> list[Disclosure]:
    """
    This function will record that colours and facts of institutions were handed to a receiver.

    :param facts: names of the facts whose values are on the paper.
    :raises NoReceiver: the receiver is not named.
    """
    receiver = receiver.strip()[:80]
    if not receiver:
        raise NoReceiver("请填写接收单位，以便日后更正时通知")
    made = Disclosure.objects.bulk_create(
        (
            Disclosure(institution_id=row.institution_id, rating_id=row.basis_id, colour=row.colour, facts=list(facts),
                       receiver=receiver, what=what[:80], disclosed_at=at, disclosed_by=by)
            for row in rows
        ),
        batch_size=CHUNK,
    )  # fmt: skip
    journal.record(verb="ratings.disclosed", subject=f"disclosure/{made[0].pk if made else 0}", by=by.code, at=at,
                   code=by.unit.code, changes={"receiver": (None, receiver), "n": (None, len(made))}, outcome="read")  # fmt: skip
    return made


@transaction.atomic
def confirm_sent(*, correction_ids: Iterable[int], by: Post, at: datetime) -> int:
    """This function will note that 更正通知 reached their receivers, and give how many had not been noted before."""
    owed = list(Correction.objects.select_for_update().filter(pk__in=list(correction_ids), sent_at=None).order_by("pk"))
    for one in owed:
        one.sent_at, one.sent_by = at, by
    Correction.objects.bulk_update(owed, ["sent_at", "sent_by"], batch_size=CHUNK)
    journal.record_many(by=by.code, at=at, acts=[
        journal.Act("correction.sent", journal.named(one), by.unit.code, {"sent_at": (None, at)}) for one in owed
    ])  # fmt: skip
    return len(owed)


def owe_fact(objection: Objection) -> None:
    """This function will owe a correction to whoever was given the contested fact, or a colour that rested on it."""
    given = Disclosure.objects.filter(institution=objection.institution_id).select_related("rating")
    _owe(objection, (one for one in given if objection.fact in one.facts or objection.fact in behind(one.rating)))


def owe_colour(decision: Decision) -> None:
    """This function will owe a correction to whoever was given another colour than the one an objection led to."""
    objection = Objection.objects.filter(decision=decision).first()
    if objection:
        _owe(objection, Disclosure.objects.filter(institution=decision.institution_id).exclude(colour=decision.colour))


def behind(rating: Rating) -> set[str]:
    """This function will give the names of the facts that a rating rests on: of what fired, was found, or is missing."""
    held = {name for one in (*rating.fired, *rating.findings) for name in one["facts"]}
    return held.union(*(one["missing"] for one in rating.open))


def _owe(objection: Objection, given: Iterable[Disclosure]) -> None:
    Correction.objects.bulk_create((Correction(disclosure=one, objection=objection) for one in given), batch_size=CHUNK)
