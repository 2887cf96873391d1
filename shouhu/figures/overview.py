"""The state of a jurisdiction in a few figures: colours by place, and how they came about week by week."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count
from django.db.models.functions import Substr

from shouhu.ledgers.institutions import queries as institutions
from shouhu.ledgers.ratings.models import Move, Standing
from shouhu.ledgers.ratings.transitions import WORST_FIRST
from shouhu.ledgers.units.codes import LENGTH, LEVELS, level_of
from shouhu.ledgers.units.models import Division
from shouhu.ledgers.units.scope import Scope

_BELOW = dict(zip(LEVELS, [*list(LEVELS.values())[1:], LENGTH], strict=True))
"""By level, how many digits tell the divisions right below it."""


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


def by_place(scope: Scope) -> list[Place]:
    """This function will count the colours by the divisions right below the scope's, in the order of their codes."""
    digits = _BELOW[level_of(scope.low)]
    rows = Standing.objects.filter(institution__in=institutions.seen(scope)).order_by()
    counts: dict[str, dict[str, int]] = {}
    for stem, colour, n in rows.values_list(Substr("institution__code", 1, digits), "colour").annotate(n=Count("pk")):
        counts.setdefault(stem.ljust(LENGTH, "0"), dict.fromkeys(WORST_FIRST, 0))[colour] = n
    names = dict(Division.objects.filter(code__in=counts, to_on=None).values_list("code", "name"))
    return [Place(code, names.get(code, code), counts[code]) for code in sorted(counts)]


def trend(scope: Scope, at: datetime, weeks: int = 12) -> list[Evening]:
    """
    This function will count the colours at the end of each of the last weeks, the present one last.

    It goes backwards from what stands now by what moved since: a query a week, whatever the number of institutions.
    """
    seen = institutions.seen(scope)
    rows = Standing.objects.filter(institution__in=seen).order_by()
    counts = Counter(dict(rows.values_list("colour").annotate(n=Count("pk"))))
    evenings = [Evening(at, _whole(counts))]
    for _ in range(weeks - 1):
        end, start = evenings[-1].at, evenings[-1].at - timedelta(weeks=1)
        moved = Move.objects.filter(institution__in=seen, moved_at__gt=start, moved_at__lte=end).order_by()
        for was, colour, n in moved.values_list("was", "colour").annotate(n=Count("pk")):
            counts[colour] -= n
            if was:
                counts[was] += n
        evenings.append(Evening(start, _whole(counts)))
    return evenings[::-1]


def _whole(counts: Counter[str]) -> dict[str, int]:
    return {colour: counts[colour] for colour in WORST_FIRST}
