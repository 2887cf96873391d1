"""四看: the recheck of a round as four computed tests, each with its numbers and its list (001 二(二)一是)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.utils.timezone import localdate

from shouhu.engines.rules import words
from shouhu.engines.rules.ratings import rate_one
from shouhu.engines.rules.rulesets import load
from shouhu.ledgers.institutions import queries as institutions
from shouhu.ledgers.institutions.models import SOURCES, Institution
from shouhu.ledgers.surveys.models import Round
from shouhu.ledgers.surveys.queries.sheets import STATES, assignments
from shouhu.ledgers.units.codes import span
from shouhu.ledgers.units.scope import Scope

REGISTERED = frozenset({"known", "import", "registry"})
"""Sources that are the civil affairs office's own statistics."""
SHARED = frozenset({"police", "market", "tip"})
"""Sources by which others tell what they know."""
NEEDED = ("name", "address", "kind", "registered", "filed", "surveyed_on")
"""What a complete sheet needs beside what the rules ask for."""


@dataclass(frozen=True)
class Line:
    """One institution of a list, and what there is to say about it."""

    institution: Institution
    says: str


@dataclass(frozen=True)
class Look:
    """One of the four: how many were looked at, how many are in order, and the list of those that are not."""

    id: str
    title: str
    n_seen: int
    n_good: int
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Looks:
    """The four looks, and objects that look like one another: surveyed twice under two entries."""

    complete: Look
    listed: Look
    shared: Look
    new: Look
    twins: tuple[tuple[Institution, ...], ...]

    @property
    def four(self) -> tuple[Look, ...]:
        """The four in their order."""
        return (self.complete, self.listed, self.shared, self.new)


def four_looks(scope: Scope, round_: Round, today: date) -> Looks:
    """This function will recheck a round within a scope."""
    low, high = span(round_.code)
    frame = list(
        institutions.seen(scope).filter(code__gte=low, code__lt=high, ceased_on=None).order_by("code", "number")
    )
    state = dict(assignments(scope, round_).values_list("institution", "state"))
    done = [one for one in frame if state.get(one.pk) == "done"]
    ends_on = localdate(round_.closed_at) if round_.closed_at else today

    def unsurveyed(rows: list[Institution]) -> tuple[Line, ...]:
        return tuple(
            Line(one, f"{SOURCES[one.source]}，{STATES[state[one.pk]] if one.pk in state else '本轮没有分派'}")
            for one in rows
            if state.get(one.pk) != "done"
        )

    def look(name: str, title: str, rows: list[Institution]) -> Look:
        lines = unsurveyed(rows)
        return Look(name, title, len(rows), len(rows) - len(lines), lines)

    gaps = _gaps(done, round_, today)
    return Looks(
        Look("complete", "一看信息是否完整准确", len(done), len(done) - len(gaps), gaps),
        look("listed", "二看排查数与民政统计数是否一致", [one for one in frame if one.source in REGISTERED]),
        look("shared", "三看共享数据中的机构场所是否都已排查", [one for one in frame if one.source in SHARED]),
        look("new", "四看排查期间新发现、新开办的是否都已纳入",
             [one for one in frame if round_.opens_on <= localdate(one.found_at) <= ends_on and one.source not in REGISTERED]),
        _twins(frame),
    )  # fmt: skip


def _gaps(done: list[Institution], round_: Round, today: date) -> tuple[Line, ...]:
    """What is still missing of surveyed institutions: the basics, and what the leading rules would still ask."""
    ruleset = load(round_.campaign.ruleset_id)
    versions = institutions.current(done)
    lines = []
    for one in done:
        facts = institutions.facts_of(versions[one.pk])
        missing = [name for name in NEEDED if facts.get(name) is None]
        asked = rate_one(facts, ruleset, as_of=today).ask
        if missing or asked:
            lines.append(Line(one, f"缺 {words.titles(dict.fromkeys([*missing, *asked]))}"))
    return tuple(lines)


def _twins(frame: list[Institution]) -> tuple[tuple[Institution, ...], ...]:
    """Entries that may be one object: the same credit code, or the same name or address in the same village."""
    groups: dict[tuple[str, ...], list[Institution]] = defaultdict(list)
    for one in frame:
        if one.uscc:
            groups["uscc", one.uscc].append(one)
        groups["name", one.code, one.name].append(one)
        if one.address:
            groups["address", one.code, "".join(one.address.split())].append(one)
    found = dict.fromkeys(tuple(group) for group in groups.values() if len(group) > 1)
    return tuple(sorted(found, key=lambda group: group[0].number))
