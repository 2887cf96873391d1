"""The state of a jurisdiction in a few figures: colours by place, and how they came about week by week."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Case, Count, IntegerField, When
from django.db.models.functions import Substr

from shouhu.ledgers.institutions import queries as institutions
from shouhu.ledgers.ratings.models import Move, Standing
from shouhu.ledgers.ratings.transitions import WORST_FIRST
from shouhu.ledgers.units import queries as units
from shouhu.ledgers.units.codes import LENGTH
from shouhu.ledgers.units.scope import Scope


@dataclass(frozen=True)
class Place:
    """A division right below, with how many institutions stand in each colour."""

    code: str
    name: str
    counts: dict[str, int]


@dataclass(frozen=True)
class Evening:
    """How many institutions stood in each colour at the end of a week."""

    at: datetime
    counts: dict[str, int]


def by_place(scope: Scope, today: date) -> list[Place]:
    """This function will count the colours by the divisions right below the scope's, in the order of their codes."""
    digits = units.digits_below(scope, today)
    rows = Standing.objects.filter(institutions.in_sight(scope)).order_by()
    counts: dict[str, dict[str, int]] = {}
    for stem, colour, n in rows.values_list(Substr("institution__code", 1, digits), "colour").annotate(n=Count("pk")):
        counts.setdefault(stem.ljust(LENGTH, "0"), dict.fromkeys(WORST_FIRST, 0))[colour] = n
    names = units.names(counts)
    return [Place(code, names.get(code, code), counts[code]) for code in sorted(counts)]


def trend(scope: Scope, at: datetime, places: Iterable[Place], weeks: int = 12) -> list[Evening]:
    """
    This function will count the colours at the end of each of the last weeks, the present one last.

    It goes backwards from what stands now (``by_place``) by what moved since, in one query.
    """
    counts: Counter[str] = Counter()
    for place in places:
        counts.update(place.counts)
    ends = [at - timedelta(weeks=k) for k in range(weeks)]
    moves = Move.objects.filter(institutions.in_sight(scope), moved_at__gt=ends[-1], moved_at__lte=at).order_by()
    week = Case(*(When(moved_at__gt=end, then=k) for k, end in enumerate(ends[1:])), output_field=IntegerField())
    moved: dict[int, list[tuple[str, str, int]]] = {}
    for k, was, colour, n in moves.values_list(week, "was", "colour").annotate(n=Count("pk")):
        moved.setdefault(k, []).append((was, colour, n))
    evenings = []
    for k, end in enumerate(ends):
        evenings.append(Evening(end, _whole(counts)))
        for was, colour, n in moved.get(k, ()):
            counts[colour] -= n
            counts[was] += n  # those that had no colour before are told with none
    return evenings[::-1]


def _whole(counts: Counter[str]) -> dict[str, int]:
    return {colour: counts[colour] for colour in WORST_FIRST}
