"""One institution: made known, and corrected by people who may be several at a time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from shouhu.engines.rules.facts import declared
from shouhu.ledgers.institutions import queries
from shouhu.ledgers.institutions.actions.writing import Change, Newcomer, create, write
from shouhu.ledgers.institutions.models import Institution, Version
from shouhu.ledgers.institutions.values import Facts, shown
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.refusals import Refused, Stale


class Conflict(Stale):
    """Two people changed the same facts; ``theirs`` and ``mine`` are both texts by fact name."""

    def __init__(self, theirs: Facts, mine: Facts) -> None:
        self.theirs, self.mine = theirs, mine
        told = "；".join(
            f"{fact.title}：现为“{shown(fact, theirs.get(fact.name))}”，您填的是“{shown(fact, mine.get(fact.name))}”"
            for fact in map(declared().__getitem__, mine)
        )
        super().__init__(f"您打开之后，别人已改过同样的内容，请核对后再保存。{told}")


class Merged(Refused):
    """What was merged into another institution is not written to any more."""

    def __init__(self) -> None:
        super().__init__("这家机构已并入另一家，请到并入的那一家办理")


@transaction.atomic
def register(
    *,
    facts: Mapping[str, Any],
    code: str,
    source: str,
    by: Post,
    at: datetime,
    point: tuple[float, float] | None = None,
    cause: str = "found",
    reference: str = "",
) -> Institution:
    """
    This function will make an institution or site known, with its first version of facts.

    :param facts: fact name to value, as the rating engine takes them.
    :param code: 12-digit code of its village, or of its town where the village is not known.
    :param point: latitude and longitude, WGS 84.
    :raises Nameless: the facts hold no name.
    """
    newcomer = Newcomer(facts, code, reference, point)
    return create([newcomer], source=source, cause=cause, by=by, at=at)[0]


@transaction.atomic
def revise(
    *,
    institution_id: int,
    base: int,
    changes: Mapping[str, Any],
    cause: str,
    by: Post,
    at: datetime,
    on: date | None = None,
    reference: str = "",
    reason: str = "",
) -> Version:
    """
    This function will record changed facts as a new version; facts that others changed meanwhile are kept.

    :param base: number of the version that the person saw.
    :param changes: fact name to new value; None makes a fact unknown.
    :param on: the day on which it was learnt; the day of ``at`` if not given.
    :raises Conflict: one of the same facts was changed since ``base`` to something else.
    :raises Merged: the institution was merged into another.
    """
    institution, current = locked(institution_id)
    now = queries.facts_of(current)
    seen = now if base == institution.n else queries.facts_of(queries.version(institution, base))
    clash = {name for name, value in changes.items() if now.get(name) != seen.get(name) and now.get(name) != value}
    if clash:
        raise Conflict({name: now.get(name) for name in clash}, {name: changes[name] for name in clash})
    change = Change(institution, current, now, changes, reference)
    return write([change], cause=cause, by=by, at=at, on=on, reason=reason)[0]


def locked(institution_id: int) -> tuple[Institution, Version]:
    """This function will lock an institution and give it with its current version."""
    institution = Institution.objects.select_for_update().get(pk=institution_id)
    if institution.merged_into_id is not None:
        raise Merged
    return institution, queries.version(institution, institution.n)
