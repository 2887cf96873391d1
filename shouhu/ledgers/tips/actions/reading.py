"""Reading tips by machine before anybody sees them, and noting when a person read the words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.tips import reading
from shouhu.ledgers.tips.actions.barring import keep_away
from shouhu.ledgers.tips.actions.writing import due_on, in_sight
from shouhu.ledgers.tips.models import Attachment, Bar, Message, Step, Tip
from shouhu.ledgers.units.models import Post

_Whom = tuple[int, int | None, int | None]
_FIELDS = ["read_at", "reading", "copy", "guise", "scheme", "is_urgent", "due_on"]


def read_new(*, at: datetime, at_most: int = 200) -> int:
    """
    This function will read the oldest tips that nobody has seen, bar whom they name, and suggest types and a masked copy.

    The reading is done before rows are locked, so that others wait for the writing only.

    :returns: how many were read.
    """
    waiting = list(Tip.objects.filter(read_at=None).order_by("pk")[:at_most])
    if not waiting:
        return 0
    roster = reading.Roster(localdate(at))
    more = _further_words(waiting)
    results = {
        tip.pk: (read, roster.named(tip, *more[tip.pk]))
        for tip, read in zip(waiting, reading.read(waiting), strict=True)
    }
    return _write(at=at, results=results)


@transaction.atomic
def _write(*, at: datetime, results: dict[int, tuple[reading.Read, reading.Named]]) -> int:
    rows = Tip.objects.select_for_update(of=("self",)).select_related("unit").filter(pk__in=results, read_at=None)
    tips = list(rows.order_by("pk"))
    calendar = campaigns.calendar()
    known = _known_bars(tips)
    bars = []
    for tip in tips:
        read, named = results[tip.pk]
        tip.read_at, tip.reading, tip.copy = at, read.reading, read.copy
        tip.guise, tip.scheme = tip.guise or read.guise, tip.scheme or read.scheme
        if read.is_urgent and not tip.is_urgent:
            tip.is_urgent = True
            tip.due_on = due_on(tip, calendar)
        bars += _bars(tip, named, known, at)
        tip.save(update_fields=_FIELDS)
    Bar.objects.bulk_create(bars)
    Step.objects.bulk_create([Step(tip=tip, verb="read", state=tip.state, recorded_at=at) for tip in tips])
    acts = [journal.Act("tip.read", journal.named(tip), tip.code, {"read_at": (None, at)}) for tip in tips]
    journal.record_many(acts=acts, by="system", at=at)
    naming = {bar.tip_id for bar in bars}
    for tip in tips:
        if tip.pk in naming:
            keep_away(tip, None, at)
    return len(tips)


def bar_whom(tip: Tip, words: str, at: datetime) -> None:
    """This function will bar whom further words of a tip name, and take the tip out of their hands."""
    fresh = _bars(tip, reading.Roster(localdate(at)).named(tip, words), _known_bars([tip]), at)
    Bar.objects.bulk_create(fresh)
    if fresh:
        keep_away(tip, None, at)


@transaction.atomic
def note_reading(*, tip_id: int, by: Post, at: datetime) -> None:
    """
    This function will note that a post had the words of a tip on a page, and with them the informant's messages.

    :raises NotThere: there is no such tip, or the post does not see it.
    """
    tip = in_sight(tip_id, by)
    journal.record(verb="tip.words_read", subject=tip, by=by.code, at=at, code=tip.code, outcome="read")
    Message.objects.filter(tip=tip, sent_by=None, read_at=None).update(read_at=at)
    Message.objects.filter(tip__merged_into=tip, sent_by=None, read_at=None).update(read_at=at)


def _bars(tip: Tip, named: reading.Named, known: Collection[_Whom], at: datetime) -> list[Bar]:
    """Those that were not set before, even if somebody lifted them."""
    wanted = [(unit, None) for unit in sorted(named.units)] + [(None, post) for post in sorted(named.posts)]
    return [
        Bar(tip=tip, unit_id=unit, post_id=post, set_at=at)
        for unit, post in wanted
        if (tip.pk, unit, post) not in known
    ]


def _known_bars(tips: list[Tip]) -> set[_Whom]:
    return set(Bar.objects.filter(tip__in=tips).values_list("tip", "unit", "post"))


def _further_words(tips: list[Tip]) -> dict[int, list[str]]:
    """What was added before the tip was read, and what its pictures say."""
    more: dict[int, list[str]] = defaultdict(list)
    for rows in (
        Message.objects.filter(tip__in=tips).values_list("tip", "text"),
        Attachment.objects.filter(tip__in=tips).values_list("tip", "words"),
    ):
        for pk, text in rows:
            more[pk].append(text)
    return more
