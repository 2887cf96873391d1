"""Institutions as a scope may see them: lists, one institution, its facts on any day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import OuterRef, Q, QuerySet, Subquery

from shouhu.ledgers.institutions.models import Institution, Version
from shouhu.ledgers.institutions.values import Facts, held
from shouhu.ledgers.units.scope import Scope


def seen(scope: Scope) -> QuerySet[Institution]:
    """This function will give the institutions in a scope: shown ones, not merged away; an institution's account sees its own."""
    shown = Q(batch=None) | Q(batch__shown_at__isnull=False)
    rows = Institution.objects.filter(shown, merged_into=None)
    if scope.post.subject is not None:
        return rows.filter(pk=scope.post.subject)
    return scope.limit(rows)


def search(rows: QuerySet[Institution], text: str) -> QuerySet[Institution]:
    """This function will keep the institutions whose name, code, number or pinyin initials hold a text."""
    text = text.strip()
    if not text:
        return rows
    return rows.filter(
        Q(name__icontains=text) | Q(initials__startswith=text.lower()) | Q(number__icontains=text) | Q(uscc__startswith=text)
    )


def version(institution: Institution, n: int) -> Version:
    """This function will give one version of an institution's facts."""
    return Version.objects.get(institution=institution, n=n)


def current(institutions: Iterable[Institution]) -> dict[int, Version]:
    """This function will give the current version of each institution by its id, in one query."""
    wanted = {one.pk: one.n for one in institutions}
    versions = Version.objects.filter(institution__in=wanted, n=Subquery(
        Institution.objects.filter(pk=OuterRef("institution")).values("n")[:1]
    ))  # fmt: skip
    return {one.institution_id: one for one in versions}


def version_at(institution: Institution, at: datetime) -> Version | None:
    """This function will give the version that held at an instant; None before the first."""
    return Version.objects.filter(institution=institution, recorded_at__lte=at).order_by("-n").first()


def facts_of(version: Version) -> Facts:
    """This function will give the facts of a version, personal ones too, as the rating engine takes them."""
    return held(version.facts, version.personal or {})
