"""Who surveys whom, read from ``duties.yaml``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

import yaml

from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.units.codes import LENGTH, LEVELS, parent_of
from shouhu.ledgers.units.models import Unit
from shouhu.ledgers.units.rights import holders

MANUAL = "manual"


@dataclass(frozen=True)
class Duty:
    """One row: what must hold of an institution, and the unit that surveys it then."""

    id: str
    when: Mapping[str, bool]
    level: str
    kinds: tuple[str, ...]
    says: str
    clause: str
    mark: str = field(default="")


@cache
def duties() -> tuple[Duty, ...]:
    """This function will give the rows in their order."""
    rows = yaml.safe_load((files(__package__) / "duties.yaml").read_text("utf-8"))
    return tuple(Duty(**{**row, "kinds": tuple(row["kinds"])}) for row in rows)


def duty_for(institution: Institution) -> Duty:
    """This function will give the row that applies to an institution."""
    return next(
        duty for duty in duties() if all(getattr(institution, column) is value for column, value in duty.when.items())
    )


def reason(why: str) -> str:
    """This function will say why an assignment went where it did."""
    return {duty.id: duty.says for duty in duties()}.get(why, "人工指定")


def units() -> dict[str, list[Unit]]:
    """This function will give, by division code, the units in which somebody may survey."""
    found: dict[str, list[Unit]] = {}
    able = Unit.objects.filter(closed_on=None, posts__role__in=holders("survey.fill"), posts__closed_on=None)
    for unit in able.order_by("pk").distinct():
        found.setdefault(unit.code, []).append(unit)
    return found


def unit_for(duty: Duty, code: str, able: Mapping[str, Iterable[Unit]]) -> Unit | None:
    """
    This function will give the unit that a duty falls to: at its level, or above where no unit there can survey.

    :param able: as ``units`` gives them.
    """
    at = code[: LEVELS[duty.level]].ljust(LENGTH, "0")
    while True:
        ranked = sorted(
            able.get(at, ()), key=lambda unit: duty.kinds.index(unit.kind) if unit.kind in duty.kinds else 99
        )
        if ranked or at == parent_of(at):
            return ranked[0] if ranked else None
        at = parent_of(at)
