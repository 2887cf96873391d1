"""Bodies of a campaign as a tree, who sits in them and who sat, and which seats are empty that must not be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from shouhu.ledgers.campaigns.kinds import needs
from shouhu.ledgers.campaigns.models import SEATS, Body, Campaign, Seat
from shouhu.ledgers.campaigns.queries.running import in_sight
from shouhu.ledgers.units import queries as units
from shouhu.ledgers.units.codes import chain, level_of, within
from shouhu.ledgers.units.scope import Scope

ORDER = tuple(SEATS)


@dataclass(frozen=True)
class Branch:
    """A body with its depth in the tree, who sits in it now, and which seats are missing."""

    body: Body
    depth: int
    seats: list[Seat]
    missing: tuple[str, ...]

    @property
    def liaison(self) -> Seat | None:
        """Who keeps in touch."""
        return next((one for one in self.seats if one.role == "liaison"), None)

    @property
    def head(self) -> Seat | None:
        """Who leads it."""
        return next((one for one in self.seats if one.role == "head"), None)


def bodies(scope: Scope) -> QuerySet[Body]:
    """This function will give the bodies that a scope sees: of units inside it and of those above."""
    known = Q(scope.range("unit__code")) | Q(unit__code__in=chain(scope.low))
    return Body.objects.filter(in_sight(scope, "campaign__code"), known).select_related("campaign", "unit", "parent")


def body(scope: Scope, pk: int) -> Body | None:
    """This function will give a body, if the scope sees it."""
    return bodies(scope).filter(pk=pk).first()


def seat(scope: Scope, pk: int) -> Seat | None:
    """This function will give a seat of a body that the scope sees."""
    return (
        Seat.objects.filter(body__in=bodies(scope).order_by().values("pk"), pk=pk).select_related("body__unit").first()
    )


def tree(scope: Scope, campaign: Campaign, today: date) -> list[Branch]:
    """This function will give the bodies of a campaign that are not dissolved, each right after the one above it."""
    held = Seat.objects.filter(units.on_day(today))
    rows = bodies(scope).filter(units.on_day(today), campaign=campaign).order_by("unit__code", "from_on", "pk")
    found = list(rows.prefetch_related(Prefetch("seats", held, to_attr="held")))
    shown = {one.pk for one in found}

    def below(parent: int | None, depth: int) -> Iterator[Branch]:
        for one in found:
            if (one.parent_id if one.parent_id in shown else None) == parent:
                yield _branch(one, depth)
                yield from below(one.pk, depth + 1)

    return list(below(None, 0))


def branch(body: Body, today: date) -> Branch:
    """This function will give one body with who sits in it now."""
    body.held = list(body.seats.filter(units.on_day(today)))  # type: ignore[attr-defined]
    return _branch(body, 0)


def history(body: Body, today: date) -> QuerySet[Seat]:
    """This function will give who sat in a body and does no more, the latest first."""
    return body.seats.exclude(units.on_day(today)).order_by("-to_on", "-pk")


def towns_without(scope: Scope, campaign: Campaign, today: date) -> list[str]:
    """This function will name the townships of a campaign that have set up no 专班 (001 三(二): 各镇街成立工作专班)."""
    towns = {
        code: name for code, name in units.tree(scope, today).values_list("code", "name")
        if level_of(code) == "township" and within(code, campaign.code)
    }  # fmt: skip
    have = bodies(scope).filter(units.on_day(today), campaign=campaign, kind="task_force").order_by()
    found = set(have.values_list("unit__code", flat=True))
    return [name for code, name in towns.items() if code not in found]


def _branch(body: Any, depth: int) -> Branch:
    seats = sorted(body.held, key=lambda one: (ORDER.index(one.role), one.pk))
    filled = {one.role for one in seats}
    return Branch(body, depth, seats, tuple(role for role in needs(body.kind) if role not in filled))
