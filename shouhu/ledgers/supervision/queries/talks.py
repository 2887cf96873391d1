"""约谈 as a scope may see them."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet

from shouhu.ledgers.supervision.models import RegulatoryTalk
from shouhu.ledgers.supervision.queries.orders import WIDE
from shouhu.ledgers.units.scope import Scope


def in_sight(scope: Scope) -> Q:
    """This function will give the condition that a talk is one that a scope may see: called by its unit, or with it."""
    own = Q(issuer=scope.post.unit_id) | Q(unit=scope.post.unit_id)
    return own | scope.range("unit__code") if scope.post.role in WIDE else Q(unit=scope.post.unit_id)


def seen(scope: Scope) -> QuerySet[RegulatoryTalk]:
    """This function will give the talks that a scope may see: those to come first, the next one on top, then the latest."""
    rows = RegulatoryTalk.objects.filter(in_sight(scope)).select_related("unit", "issuer", "called_by__unit", "recorded_by__unit",
                                                                         "cancelled_by__unit", "file")  # fmt: skip
    return rows.order_by(
        F("recorded_at").desc(nulls_first=True), F("cancelled_at").asc(nulls_first=True), "meets_on", "pk"
    )
