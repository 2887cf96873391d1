"""Requests to open the identity of an informant, for those alone who may know of the tip."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from shouhu.ledgers.informants import queries as informants
from shouhu.ledgers.informants.models import Opening
from shouhu.ledgers.tips.models import Bar, Tip
from shouhu.ledgers.tips.queries.sight import barred, seen
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.scope import Scope


def openings(scope: Scope) -> QuerySet[Opening]:
    """
    This function will give the requests that a post may know of, newest first.

    The 保密员 sees no tips and knows of all requests, but for tips that bar them; others of those about tips that they see.
    """
    return _known(scope, informants.openings(scope))


def waiting(scope: Scope, at: datetime) -> QuerySet[Opening]:
    """This function will give the requests that wait for this very post: to be decided, released or read."""
    return _known(scope, informants.waiting(scope, at))


def openings_of(scope: Scope, tip: Tip) -> QuerySet[Opening]:
    """This function will give the requests about one tip, newest first."""
    return openings(scope).filter(identity=tip.identity_id) if tip.identity_id else Opening.objects.none()


def tip_of(scope: Scope, opening: Opening) -> Tip | None:
    """This function will give the tip that a request is about, if the scope may see it."""
    return seen(scope).filter(identity=opening.identity_id).first()


def viewers(scope: Scope, tip: Tip) -> QuerySet[Post]:
    """This function will give the posts that may be named as viewer of a tip's identity: nobody whom it names."""
    bars = Bar.objects.filter(tip=tip, lifted_at=None)
    posts, units = bars.filter(post__isnull=False).values("post"), bars.filter(unit__isnull=False).values("unit")
    return informants.viewers(scope).exclude(pk__in=posts).exclude(unit__in=units)


def _known(scope: Scope, rows: QuerySet[Opening]) -> QuerySet[Opening]:
    named = Tip.objects.filter(identity__isnull=False)
    if scope.may("informant.release"):
        return rows.exclude(identity__in=named.filter(pk__in=barred(scope.post).values("tip")).values("identity"))
    return rows.filter(identity__in=named.filter(pk__in=seen(scope).order_by().values("pk")).values("identity"))
