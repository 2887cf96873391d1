"""Which places whoever tells can choose from: those that a campaign office answers for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Q

from shouhu.ledgers.units import queries as units
from shouhu.ledgers.units.codes import LENGTH, LEVELS, span, within
from shouhu.ledgers.units.models import Division, Post

AT_MOST = 300
"""Towns in one list; where there are more, counties are offered instead."""


@dataclass(frozen=True)
class Group:
    """Places of one county: code and name of each."""

    name: str
    places: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Offered:
    """The places to choose from. ``code`` and ``name`` are of the division around them; empty: there is no single one."""

    code: str
    name: str
    groups: tuple[Group, ...]

    def has(self, code: str) -> bool:
        """This function will tell whether a code is one of the places."""
        return any(code == one for group in self.groups for one, _ in group.places)


def offered(on: date) -> Offered | None:
    """This function will give the places for which a campaign office answers on a day; None: there is none."""
    posts = Post.objects.filter(
        units.open_on(on), units.open_on(on, "unit__closed_on"), role="campaign_office"
    ).values_list("unit__code", flat=True)  # fmt: skip
    codes = set(posts)
    tops = sorted(code for code in codes if not any(code != other and within(code, other) for other in codes))
    if not tops:
        return None
    inside = Q()
    for low, high in map(span, tops):
        inside |= Q(code__gte=low, code__lt=high)
    rows = Division.objects.filter(units.on_day(on), inside)
    towns, counties = (_at_level(rows.order_by("code"), level) for level in ("township", "county"))
    chosen = towns if len(towns) <= AT_MOST else counties
    names = units.names([*tops, *{_around(code, chosen is towns) for code, _ in chosen}])
    groups = (
        Group(names.get(around, ""), tuple(one))
        for around, one in groupby(chosen, key=lambda place: _around(place[0], chosen is towns))
    )
    whole = tops[0] if len(tops) == 1 else ""
    return Offered(whole, names.get(whole, ""), tuple(groups))


def _at_level(rows: object, level: str) -> list[tuple[str, str]]:
    digits = LEVELS[level]
    above = max(value for value in LEVELS.values() if value < digits)
    zeros, top = "0" * (LENGTH - digits), "0" * (LENGTH - above)
    found = rows.filter(code__endswith=zeros).exclude(code__endswith=top)  # type: ignore[attr-defined]
    return list(found.values_list("code", "name"))


def _around(code: str, is_town: bool) -> str:
    return code[: LEVELS["county" if is_town else "city"]].ljust(LENGTH, "0")
