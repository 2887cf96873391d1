"""回头看 as a scope may see them: each with its numbers, its matters, and what waits for whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from shouhu.ledgers.supervision.models import MATTERS, Item, LookBack
from shouhu.ledgers.supervision.queries.matters import matter_of, sees
from shouhu.ledgers.units.scope import Scope

WIDE = ("campaign_office", "leader")
"""Roles that see the look-backs of their division; all others the matters that their unit is to look at."""
STATE = {
    "waiting": Q(looked_at=None),
    "doubtful": Q(is_sound=False, settled_at=None),
    "kept": Q(is_sound=True) | Q(is_reopened=False),
    "reopened": Q(is_reopened=True),
    "unhanded": Q(unit=None),
}
"""The conditions of the states of matters; ``unhanded``: nobody is to look yet."""


@dataclass(frozen=True)
class Tally:
    """The numbers of one kind of matter in a look-back."""

    kind: str
    title: str
    n_pool: int
    n_drawn: int
    n_looked: int
    n_kept: int
    n_doubtful: int
    n_reopened: int


def in_sight(scope: Scope) -> Q:
    """This function will give the condition that a look-back is one that a scope may see."""
    own = Q(pk__in=Item.objects.filter(unit=scope.post.unit_id).values("look_back"))
    return own | scope.range("issuer__code") if scope.post.role in WIDE else own


def seen(scope: Scope) -> QuerySet[LookBack]:
    """This function will give the look-backs that a scope may see, the latest first, with their numbers."""
    rows = LookBack.objects.filter(in_sight(scope)).select_related("issuer", "drawn_by__unit")
    counts = {f"n_{state}": Count("items", filter=_items(condition)) for state, condition in STATE.items()}
    return rows.annotate(n_items=Count("items"), **counts).order_by("-drawn_at", "-pk")


def items(scope: Scope, look_back: LookBack, state: str = "", kind: str = "") -> QuerySet[Item]:
    """This function will give the matters of a look-back: all for whoever sees the whole of it, else those of the own unit."""
    rows = Item.objects.filter(look_back=look_back)
    if scope.post.role not in WIDE or not scope.covers(look_back.issuer.code):
        rows = rows.filter(unit=scope.post.unit_id)
    if state:
        rows = rows.filter(STATE[state])
    if kind:
        rows = rows.filter(kind=kind)
    related = ("unit", "looked_by__unit", "settled_by__unit", "tip__institution", "clearance__institution",
               "disposal__institution", "move__institution")  # fmt: skip
    return (
        rows.select_related(*related)
        .defer("tip__text", "tip__told", "tip__copy", "tip__reading")
        .order_by("kind", "pk")
    )


def item(scope: Scope, pk: int) -> Item | None:
    """This function will give a matter of a look-back, if the scope may see it there."""
    found = Item.objects.select_related("look_back__issuer").filter(pk=pk).first()
    if found is None or not seen(scope).filter(pk=found.look_back_id).exists():
        return None
    return items(scope, found.look_back).select_related("look_back__issuer", "unit", "file", "looked_by__unit",
                                                        "settled_by__unit").filter(pk=pk).first()  # fmt: skip


def tallies(look_back: LookBack) -> list[Tally]:
    """This function will count a look-back by kind of matter, every kind that was asked for."""
    counts = {state: Count("pk", filter=condition) for state, condition in STATE.items()}
    rows: Any = Item.objects.filter(look_back=look_back).order_by().values("kind").annotate(n=Count("pk"), **counts)
    found: dict[str, dict[str, int]] = {row["kind"]: row for row in rows}
    told = []
    for kind in look_back.shares:
        row = found.get(kind, dict.fromkeys(("n", *STATE), 0))
        told.append(Tally(kind, MATTERS[kind], len(look_back.pools[kind]), row["n"], row["n"] - row["waiting"], row["kept"],
                          row["doubtful"], row["reopened"]))  # fmt: skip
    return told


def to_look(scope: Scope) -> list[Item]:
    """This function will give the matters that wait for the unit of a scope, as far as the post itself may see them."""
    if not scope.may("supervision.look"):
        return []
    rows = Item.objects.filter(unit=scope.post.unit_id, looked_at=None).select_related(
        "look_back", "clearance__institution", "disposal__institution", "move__institution", "tip"
    )
    return [one for one in rows.order_by("look_back__due_on", "pk") if sees(scope, one.kind, matter_of(one).pk)]


def to_settle(scope: Scope) -> QuerySet[Item]:
    """This function will give the matters of the office's own look-backs that have to be opened again, or named a unit."""
    if not scope.may("supervision.issue"):
        return Item.objects.none()
    rows = Item.objects.filter(
        STATE["doubtful"] | Q(STATE["unhanded"], looked_at=None), look_back__issuer=scope.post.unit_id
    )
    return rows.select_related(
        "look_back", "clearance__institution", "disposal__institution", "move__institution", "tip"
    ).order_by("pk")


def name_of(item: Item) -> str:
    """This function will name a matter: the number of a tip, of everything else the institution."""
    matter = matter_of(item)
    return str(matter.number) if item.kind == "tip" else str(matter.institution.name)


def _items(condition: Q) -> Q:
    """A condition on items, as told of the look-back that has them."""
    turned = Q(_connector=condition.connector, _negated=condition.negated)
    for child in condition.children:
        if isinstance(child, Q):
            turned.add(_items(child), condition.connector)
        else:
            name, value = child  # type: ignore[misc]
            turned.add(Q(**{f"items__{name}": value}), condition.connector)
    return turned
