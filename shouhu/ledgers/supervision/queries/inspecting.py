"""双随机 as a scope may see them: pools put together, draws and what was found; who may not inspect what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction

from django.db.models import Count, Q, QuerySet

from shouhu.engines.draws.pool import BadDraw, Candidate, Group, Pool
from shouhu.engines.rules import words
from shouhu.ledgers.disposals.models import Disposal
from shouhu.ledgers.institutions import queries as institutions
from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.ratings.models import Standing
from shouhu.ledgers.supervision.models import RandomInspection, Visit
from shouhu.ledgers.units import queries as units
from shouhu.ledgers.units.codes import span
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.rights import holders
from shouhu.ledgers.units.scope import Scope

WIDE = ("campaign_office", "leader")
"""Roles that see the draws of their division; all others those in which they inspect."""


def candidates(scope: Scope, town: str = "") -> QuerySet[Standing]:
    """This function will give the rated institutions of a scope that may be drawn: in business, here or in a town."""
    rows = Standing.objects.filter(institutions.in_sight(scope), institution__ceased_on=None)
    if town:
        low, high = span(town)
        rows = rows.filter(institution__code__gte=low, institution__code__lt=high)
    return rows.select_related("institution").order_by("institution__number")


def inspectors(scope: Scope, on: date) -> QuerySet[Post]:
    """This function will give the posts that may be drawn to inspect: held, open, and seeing institutions of the scope."""
    held = units.posts(scope).filter(
        units.open_on(on), role__in=holders("supervision.look") & holders("institution.view")
    )
    return (
        held.filter(units.on_day(on, "tenures__from_on", "tenures__to_on"), tenures__isnull=False)
        .distinct()
        .order_by("unit__code", "code")
    )


def conflicts(
    posts: Iterable[Post], rows: Iterable[Standing], declared: Iterable[tuple[str, str]]
) -> set[tuple[str, str]]:
    """
    This function will give who may not inspect what, as post code and institution number: whoever's unit handles its
    disposal, whoever does not see it, and what was declared.
    """
    told = list(rows)
    ids = [one.institution_id for one in told]
    handled = set(
        Disposal.objects.filter(institution__in=ids, handler__isnull=False).values_list("institution", "handler__unit")
    )
    barred = set(declared)
    for post in posts:
        scope = Scope.of(post)
        for one in told:
            institution: Institution = one.institution
            if (institution.pk, post.unit_id) in handled or not scope.covers(institution.code):
                barred.add((post.code, institution.number))
    return barred


def pool(
    title: str, rows: Iterable[Standing], rates: Mapping[str, str], posts: Iterable[Post], team_size: int,
    declared: Iterable[tuple[str, str]],
) -> Pool:  # fmt: skip
    """
    This function will put a pool together: a group a colour.

    :raises BadDraw: nothing can be drawn from it; the sentence says what to mend.
    """
    wanted, hands = [row for row in rows if rates.get(row.colour)], list(posts)
    if not wanted:
        raise BadDraw("这些等级里没有机构，请换一个范围或填写比例")
    colours = {row.colour for row in wanted}
    groups = tuple(_group(words.COLOUR[colour], rates[colour]) for colour in colours)
    objects = tuple(Candidate(row.institution.number, row.institution.name, words.COLOUR[row.colour]) for row in wanted)
    barred = conflicts(hands, wanted, declared)
    return Pool(title, groups, objects, tuple(post.code for post in hands), team_size, tuple(barred))


def in_sight(scope: Scope) -> Q:
    """This function will give the condition that a draw is one that a scope may see."""
    own = Q(pk__in=Visit.objects.filter(team=scope.post).values("inspection"))
    return own | scope.range("issuer__code") if scope.post.role in WIDE else own


def seen(scope: Scope) -> QuerySet[RandomInspection]:
    """This function will give the draws that a scope may see, the latest first, with how many were drawn and inspected."""
    rows = RandomInspection.objects.filter(in_sight(scope)).select_related(
        "issuer", "committed_by__unit", "drawn_by__unit"
    )
    counts = {"n_visits": Count("visits"), "n_found": Count("visits", filter=Q(visits__found_at__isnull=False))}
    return rows.annotate(**counts).order_by("-committed_at", "-pk")


def visits(scope: Scope, inspection: RandomInspection, state: str = "") -> QuerySet[Visit]:
    """This function will give what was drawn: all for whoever sees the whole, else what the post itself inspects."""
    rows = Visit.objects.filter(inspection=inspection)
    if scope.post.role not in WIDE or not scope.covers(inspection.issuer.code):
        rows = rows.filter(team=scope.post)
    match state:
        case "drawn":
            rows = rows.filter(found_at=None)
        case "found":
            rows = rows.filter(found_at__isnull=False)
        case "short":
            rows = rows.filter(n_missing__gt=0)
    return (
        rows.select_related("institution", "inspection__issuer", "found_by__unit", "file")
        .prefetch_related("team__unit")
        .order_by("pk")
    )


def visit(scope: Scope, pk: int) -> Visit | None:
    """This function will give something that was drawn, if the scope may see it there."""
    found = Visit.objects.select_related("inspection__issuer").filter(pk=pk).first()
    if found is None or not seen(scope).filter(pk=found.inspection_id).exists():
        return None
    return visits(scope, found.inspection).filter(pk=pk).first()


def to_visit(scope: Scope) -> QuerySet[Visit]:
    """This function will give what waits to be inspected by the post of a scope."""
    rows = Visit.objects.filter(team=scope.post, found_at=None)
    return rows.select_related("institution", "inspection").order_by("inspection__drawn_at", "pk")


def _group(name: str, rate: str) -> Group:
    """A group at a rate as people write it: ``30%``, or ``5``."""
    return Group(name, Fraction(int(rate[:-1]), 100)) if rate.endswith("%") else Group(name, number=int(rate))
