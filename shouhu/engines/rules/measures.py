"""What a colour demands: measures as data, each with who may do it, by what power and by which clause."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from shouhu.engines.rules.rulesets import SHIPPED


@dataclass(frozen=True)
class Measure:
    """One measure; the keys are explained at the top of ``measures/001.yaml``."""

    id: str
    says: str
    body: str
    power: tuple[str, ...]
    clause: str
    mark: str = ""
    when: str = ""


@cache
def measures_for(ruleset_id: str, colour: str, *, unregistered: bool) -> tuple[Measure, ...]:
    """
    This function will give what a colour demands, in the order of printing; unregistered sites get the 清零行动 too.

    :param colour: a colour, ``"unknown"`` or ``"decide"``; for rule set 003 the name of a step.
    :returns: nothing where no measures are declared, as for a rule set of one's own.
    """
    wanted = {colour, "unregistered"} if unregistered else {colour}
    return tuple(measure for demanded_by, measure in _declared(ruleset_id) if wanted & demanded_by)


@cache
def _declared(ruleset_id: str) -> tuple[tuple[frozenset[str], Measure], ...]:
    """Every measure of a rule set with the colours that demand it, in the order of the file."""
    if ruleset_id not in SHIPPED:
        return ()
    text = (files(__package__) / "measures" / f"{ruleset_id}.yaml").read_text("utf-8")
    return tuple(_measure(row) for row in yaml.safe_load(text)["measures"])


def _measure(row: dict[str, Any]) -> tuple[frozenset[str], Measure]:
    row = dict(row)
    demanded_by = frozenset(row.pop("for"))
    return demanded_by, Measure(**{**row, "power": tuple(row["power"])})
