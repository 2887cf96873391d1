"""The typed plan: what a document says a campaign is to do; each thing with its place in the text and a confidence."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from shouhu.engines.plans.passages import Place

Kind = Literal["campaign_plan", "drill", "class_meeting", "summary", "other"]
Domain = Literal["elder_care", "telecom_fraud", "both"]
Colour = Literal["red", "orange", "yellow", "green"]


@dataclass(frozen=True)
class Phase:
    """A phase: ``start`` and ``end`` are days as in ``dates``, ``overlap`` names the phases that run beside it."""

    name: str
    start: str | None
    end: str | None
    duration: str | None  # as printed
    part_of: str | None
    overlap: tuple[str, ...]
    where: str
    place: Place
    confidence: float


@dataclass(frozen=True)
class Task:
    """A numbered item that asks somebody to do something; ``owners`` as printed, lead units first."""

    no: str
    block: int
    heading: str
    text: str
    owners: tuple[str, ...]
    owners_above: tuple[str, ...]  # whom the items above name, where this one names nobody
    deadline: str | None
    deadlines: tuple[str, ...]
    deadline_above: str | None  # by when the items above are to be done, where this one names no day
    phase: str | None
    place: Place
    confidence: float


@dataclass(frozen=True)
class Body:
    """An office, group or staff that the plan sets up."""

    name: str
    host: str | None
    head: str | None
    members: tuple[str, ...]
    where: str
    place: Place
    confidence: float


@dataclass(frozen=True)
class Annex:
    """An annex; the title is None where the plan only mentions its number."""

    no: str
    title: str | None
    place: Place
    confidence: float


@dataclass(frozen=True)
class Report:
    """Something reported again and again: ``weekly Tuesday 17:00``, ``monthly 5th``, ``regularly``."""

    what: str
    rule: str
    limit: str | None
    to: str | None
    where: str
    place: Place
    confidence: float


@dataclass(frozen=True)
class Threshold:
    """A bound: 以上, 以下, 以内, 不少于 include the value itself, 超过 does not (民法典1259)."""

    quantity: str
    operator: Literal[">=", ">", "<=", "<"]
    inclusive: bool
    value: int | float
    unit: str | None
    where: str
    place: Place
    confidence: float


@dataclass(frozen=True)
class ColourRule:
    """A condition that puts an institution on a colour's list; ``matches`` are rules of ``engines.rules``."""

    colour: Colour
    condition: str
    matches: tuple[str, ...]  # 001:R-insolvent: same facts, same colour
    differs: tuple[str, ...]  # the same facts under another colour, or the same fact with another figure
    new: bool
    where: str
    place: Place
    confidence: float


@dataclass(frozen=True)
class Measure:
    """What is done with a colour; a plan without colours names the case instead (``when``)."""

    colour: Colour | None
    when: str | None
    measure: str
    where: str
    place: Place
    confidence: float


@dataclass(frozen=True)
class Channel:
    """Where tips are taken: the number or address, else the name."""

    name: str
    says: str
    where: str
    place: Place
    confidence: float


@dataclass(frozen=True)
class Plan:
    """All of it; everything but the head is empty for a document that is no campaign's plan."""

    name: str
    title: str
    kind: Kind
    issuer: str | None
    doc_number: str | None
    domain: Domain | None
    level: str | None
    period: tuple[str | None, str | None, str | None] = (None, None, None)  # of all of it: start, end, duration
    phases: tuple[Phase, ...] = ()
    tasks: tuple[Task, ...] = ()
    annexes: tuple[Annex, ...] = ()
    recurring_reports: tuple[Report, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    colour_rules: tuple[ColourRule, ...] = ()
    measures: tuple[Measure, ...] = ()
    channels: tuple[Channel, ...] = ()
    bodies: tuple[Body, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """This function will give the plan as plain lists, dicts and texts, in a fixed order of keys."""
        whole = asdict(self)
        whole["period"] = dict(zip(("start", "end", "duration"), self.period, strict=True))
        for things in whole.values():
            for thing in things if isinstance(things, tuple) else ():
                thing.update({key: list(value) for key, value in thing.items() if isinstance(value, tuple)})
        return {key: list(value) if isinstance(value, tuple) else value for key, value in whole.items()}
