"""What a 回头看 draws from: what was closed in a period, whose hands it was in, and who may look at it again."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.timezone import get_current_timezone

from shouhu.ledgers.clearances import queries as clearances
from shouhu.ledgers.clearances.models import Clearance
from shouhu.ledgers.disposals import queries as disposals
from shouhu.ledgers.disposals.models import Disposal, Task
from shouhu.ledgers.institutions import queries as institutions
from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.ratings.models import Move
from shouhu.ledgers.ratings.transitions import WORST_FIRST
from shouhu.ledgers.supervision.models import Item
from shouhu.ledgers.tips import queries as tips
from shouhu.ledgers.tips.models import Finding, Report, Tip, Transfer
from shouhu.ledgers.units.models import Post, Unit
from shouhu.ledgers.units.rights import holders
from shouhu.ledgers.units.scope import Scope

VIEW = {"tip": "tip.view", "clearance": "clearance.view", "disposal": "disposal.view", "move": "rating.view"}
"""The right without which nobody looks at a matter."""
GRAVE = ("red", "orange", "yellow")
"""Colours from which a fall is looked at again."""
_FALLS = [(was, now) for was in GRAVE for now in (*GRAVE, "green") if WORST_FIRST.index(was) < WORST_FIRST.index(now)]


def seen(scope: Scope, kind: str) -> QuerySet[Any]:
    """This function will give the matters of a kind that a scope may see, closed or not."""
    match kind:
        case "tip":
            return tips.seen(scope)
        case "clearance":
            return clearances.seen(scope)
        case "disposal":
            return disposals.seen(scope).select_related("institution", "handler__unit")
        case _:
            return Move.objects.filter(institutions.in_sight(scope)).select_related("institution")


def pool(scope: Scope, kind: str, from_on: date, until_on: date) -> list[int]:
    """
    This function will give the ids of what was closed from one day to another and still is: resolved tips, closed sites,
    closed disposals, institutions whose colour fell and has not moved since. What waits in another 回头看 is left out.
    """
    if not scope.may(VIEW[kind]):
        return []
    zone = get_current_timezone()
    start, end = datetime.combine(from_on, time.min, zone), datetime.combine(until_on + timedelta(1), time.min, zone)
    rows = seen(scope, kind).order_by()
    match kind:
        case "tip":
            rows = rows.filter(
                state__in=("resolved", "archived"), erased_at=None, resolved_at__gte=start, resolved_at__lt=end
            )
        case "move":
            falls = Q(pk__in=())
            for was, now in _FALLS:
                falls |= Q(was=was, colour=now)
            last = Move.objects.filter(moved_at__gte=end).values("institution")
            rows = rows.filter(falls, moved_at__gte=start, moved_at__lt=end).exclude(institution__in=last)
        case _:
            rows = rows.filter(closed_at__gte=start, closed_at__lt=end, institution__merged_into=None)
            if kind == "clearance":
                rows = rows.filter(merged_into=None, reopened_as=None)
            else:
                rows = rows.exclude(institution__in=Disposal.objects.filter(closed_at=None).values("institution"))
    waiting = Item.objects.filter(kind=kind, looked_at=None).values(kind)
    return sorted(rows.exclude(pk__in=waiting).values_list("pk", flat=True))


def wanted(share: str, n: int) -> int:
    """This function will say how many of ``n`` a share asks for: ``5``, or ``10%`` (rounded up); at most all."""
    asked = -(-n * int(share[:-1]) // 100) if share.endswith("%") else int(share)
    return min(asked, n)


def drawn(kind: str, ids: Iterable[int], n: int, seed: str) -> list[int]:
    """
    This function will draw ``n`` of the ids: those whose HMAC-SHA256 by the seed comes first, so that anybody with seed and
    pool draws the same, and no order of the pool changes it.
    """
    key = bytes.fromhex(seed)
    return sorted(ids, key=lambda pk: hmac.digest(key, f"{kind}/{pk}".encode(), "sha256"))[:n]


def matter_of(item: Item) -> Any:
    """This function will give the matter that an item is about."""
    return getattr(item, item.kind)


def institution_of(item: Item) -> Institution | None:
    """This function will give the institution that an item is about; of a tip the one it is linked to, if any."""
    matter = matter_of(item)
    found: Institution | None = matter.institution
    return found


def doers(kind: str, matter: Any) -> list[Post]:
    """This function will give the posts that handled a matter: their units do not look at it again."""
    match matter:
        case Tip():
            finders = Finding.objects.filter(tip=matter).values("recorded_by")
            own = Post.objects.filter(Q(pk__in=finders) | Q(pk=matter.handler_id))
        case Clearance():
            own = Post.objects.filter(Q(pk=matter.owner_id) | Q(pk__in=matter.proposals.values("proposed_by")))
        case Disposal():
            done = Task.objects.filter(disposal=matter, done_by__isnull=False).values("done_by")
            own = Post.objects.filter(Q(pk__in=done) | Q(pk=matter.handler_id))
        case _:
            own = Post.objects.filter(pk=matter.rating.version.recorded_by_id)
    return list(own.select_related("unit"))


def hands(kind: str, matter: Any) -> list[Post]:
    """This function will give every post that had a hand in closing a matter: none of their holders looks at it again."""
    ids: set[Any]
    match matter:
        case Tip():
            signed = Report.objects.filter(tip=matter).values_list("made_by", "approved_by")
            ids = {pk for pair in signed for pk in pair}
        case Clearance():
            looked = matter.proposals.values_list("proposed_by", "reviewed_by")
            ids = {pk for pair in looked for pk in pair} | {matter.closed_by_id}
        case Disposal():
            ids = {matter.closed_by_id, *Task.objects.filter(disposal=matter).values_list("reviewed_by", flat=True)}
        case _:
            ids = {matter.moved_by_id, matter.rating.rated_by_id}
    return [*doers(kind, matter), *Post.objects.filter(pk__in=ids - {None}).select_related("unit")]


def lookers(kind: str, matter: Any, units: Sequence[Unit]) -> list[Unit]:
    """
    This function will keep the units that may look at a matter: no hand of theirs handled it, and a post of theirs that may
    look sees it anyway, so that nobody sees more than before.
    """
    barred = {post.unit_id for post in doers(kind, matter)}
    if kind == "tip":
        barred |= set(Transfer.objects.filter(tip=matter, to_unit__isnull=False).values_list("to_unit", flat=True))
    fit = []
    for unit in units:
        if unit.pk in barred:
            continue
        posts = Post.objects.filter(unit=unit, closed_on=None, role__in=holders("supervision.look")).select_related(
            "unit", "grid"
        )
        if any(sees(Scope.of(post), kind, matter.pk) for post in posts):
            fit.append(unit)
    return fit


def sees(scope: Scope, kind: str, pk: int) -> bool:
    """This function will tell whether a scope may see a matter by its own ledger's rule."""
    return scope.may(VIEW[kind]) and seen(scope, kind).filter(pk=pk).exists()
