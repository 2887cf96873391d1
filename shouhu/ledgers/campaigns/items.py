"""What a plan was read into, item by item: the lists of ``Plan``, the fields of each kind, and how sure the reader was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from shouhu.engines.plans import plan

LISTS = {
    "phase": ("phases", plan.Phase),
    "task": ("tasks", plan.Task),
    "report": ("recurring_reports", plan.Report),
    "body": ("bodies", plan.Body),
    "annex": ("annexes", plan.Annex),
    "threshold": ("thresholds", plan.Threshold),
    "colour_rule": ("colour_rules", plan.ColourRule),
    "measure": ("measures", plan.Measure),
    "channel": ("channels", plan.Channel),
}
"""Kind of an item to the list of a plan's JSON that it stands in, and what it is there."""
NAMED_BY = {
    "phase": "name", "task": "heading", "report": "what", "body": "name", "annex": "title", "threshold": "quantity",
    "colour_rule": "condition", "measure": "measure", "channel": "name",
}  # fmt: skip
"""The field that an item cannot do without: what it is called by."""
SURE = 0.8
"""Confidence from which the reader is taken to be sure. Our proposal, no document says it."""
_ASIDE = ("place", "confidence")


@dataclass(frozen=True)
class Read:
    """One item as the reader found it."""

    kind: str
    position: int
    says: dict[str, Any]
    start: int
    stop: int
    confidence: float


def items(proposal: Mapping[str, Any]) -> Iterator[Read]:
    """This function will give the items of a plan's JSON, kind by kind, in the order of the text."""
    for kind, (name, _) in LISTS.items():
        for position, found in enumerate(proposal[name]):
            says = {field: value for field, value in found.items() if field not in _ASIDE}
            place = found["place"]
            yield Read(kind, position, says, place["start"], place["end"], found["confidence"])


def blank(kind: str) -> dict[str, Any]:
    """This function will give the fields of a kind, empty, for an item that a person adds."""
    whole: dict[str, Any] = {}
    for field in fields(LISTS[kind][1]):
        if field.name not in _ASIDE:
            told = str(field.type)
            whole[field.name] = (
                [] if told.startswith("tuple") else 0 if told == "int" else "" if told == "str" else None
            )
    return whole


def title(kind: str, says: Mapping[str, Any]) -> str:
    """This function will give what an item is called by."""
    return str(says.get(NAMED_BY[kind]) or "")
