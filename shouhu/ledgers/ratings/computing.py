"""Between the rows of this ledger and the rating engine: what is to be computed, and what was computed and stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import orjson

from shouhu.engines.rules import ratings as engine
from shouhu.engines.rules.facts import declared
from shouhu.engines.rules.rulesets import RuleSet
from shouhu.ledgers.institutions import queries as institutions
from shouhu.ledgers.institutions.models import Institution, Version
from shouhu.ledgers.institutions.values import from_json
from shouhu.ledgers.ratings.models import Rating

CHUNK = 500
"""Institutions that are rated together."""
_FEW = 200
"""Below this many, the engine for single records is the faster one."""
_PARTS = ("fired", "findings", "open", "ask", "flags")


def computed(rows: Sequence[Institution], ruleset: RuleSet, today: date) -> list[tuple[Version, engine.Rating]]:
    """This function will rate the current facts of institutions, in their order, without storing anything."""
    if not rows:
        return []
    versions = institutions.current(rows)
    facts = [institutions.facts_of(versions[one.pk]) for one in rows]
    columns = {name: [one.get(name) for one in facts] for name in declared()}
    rated = engine.rate(columns, ruleset, as_of=today, engine="record" if len(rows) < _FEW else None)
    return [(versions[row.pk], rating) for row, rating in zip(rows, rated, strict=True)]


def as_row(version: Version, rating: engine.Rating, ruleset: RuleSet, today: date) -> Rating:
    """This function will give a rating as a row; who rated it and when is left to whoever stores it."""
    return Rating(
        institution_id=version.institution_id, version=version, ruleset_id=ruleset.id, ruleset_hash=ruleset.sha256,
        as_of=today, colour=rating.colour, at_least=rating.at_least or "", at_most=rating.at_most or "",
        listed=rating.listed, **{name: orjson.loads(orjson.dumps(getattr(rating, name))) for name in _PARTS},
    )  # fmt: skip


def opened(row: Rating) -> engine.Rating:
    """This function will give a stored rating as the engine gave it."""
    return engine.Rating(
        row.colour, row.at_least or None, row.at_most or None,  # type: ignore[arg-type]
        fired=tuple(engine.Fired(one["rule"], one["clause"], one["says"], _held(one["facts"])) for one in row.fired),
        findings=tuple(engine.Finding(one["finding"], one["says"], _held(one["facts"])) for one in row.findings),
        open=tuple(engine.Open(one["rule"], tuple(one["missing"])) for one in row.open),
        ask=tuple(row.ask), flags=tuple(row.flags),
    )  # fmt: skip


def _held(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: from_json(name, value) for name, value in facts.items()}
