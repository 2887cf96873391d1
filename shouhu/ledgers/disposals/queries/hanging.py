"""What hangs on the code of a division: told before the division is renamed, moved or merged."""

from __future__ import annotations

from dataclasses import dataclass

from shouhu.ledgers.clearances.models import Clearance
from shouhu.ledgers.disposals.models import Disposal
from shouhu.ledgers.institutions import queries as institutions
from shouhu.ledgers.surveys.models import Assignment
from shouhu.ledgers.units.codes import span
from shouhu.ledgers.units.models import Division, Grid, Post, Unit
from shouhu.ledgers.units.scope import Scope


@dataclass(frozen=True)
class Hanging:
    """How much goes along with a division."""

    n_divisions: int
    n_institutions: int
    n_units: int
    n_posts: int
    n_grids: int
    n_disposals: int
    n_clearances: int
    n_assignments: int


def hanging(scope: Scope, code: str) -> Hanging:
    """This function will count what hangs on a division and on those inside it, as far as a scope reaches."""
    low, high = span(code)
    inside = {"code__gte": low, "code__lt": high}
    seen = institutions.seen(scope).filter(**inside)
    units = scope.limit(Unit.objects.filter(**inside, closed_on=None))
    return Hanging(
        n_divisions=scope.limit(Division.objects.filter(**inside, to_on=None)).exclude(code=code).count(),
        n_institutions=seen.count(), n_units=units.count(), n_posts=Post.objects.filter(unit__in=units, closed_on=None).count(),
        n_grids=scope.limit(Grid.objects.filter(**inside)).count(),
        n_disposals=Disposal.objects.filter(institution__in=seen, closed_at=None).count(),
        n_clearances=Clearance.objects.filter(institution__in=seen, closed_at=None).count(),
        n_assignments=Assignment.objects.filter(institution__in=seen, withdrawn_at=None, round__closed_at=None).count(),
    )  # fmt: skip
