"""Ratings: for each institution the colour, its bounds, every rule that fired or is open, and what to ask next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from typing import Any

from shouhu.engines.rules import words
from shouhu.engines.rules.cpu import has_avx2
from shouhu.engines.rules.facts import declared
from shouhu.engines.rules.plan import Plan, facts_of, plan_of, state
from shouhu.engines.rules.record import evaluator, expired
from shouhu.engines.rules.rulesets import Colour, RuleSet
from shouhu.engines.rules.whatif import ask

SEVERITY = ("red", "orange", "yellow", "decide", "unknown", "green")
"""The order of lists: proven colours first, then what waits for a person or an answer, then green."""
NOT_GREEN = "F-kind"
"""The finding of a site that the set's green is not for."""


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule that holds: its clause, our wording, and the facts behind it with their values."""

    rule: str
    clause: str
    says: str
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something found that no rule of the set speaks of."""

    finding: str
    says: str
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Open:
    """A rule that is neither met nor excluded, and the missing facts that could settle it."""

    rule: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rating:
    """The outcome for one institution or site (a line of ``ratings.jsonl``, docs/files.md)."""

    colour: str
    at_least: Colour | None
    at_most: Colour | None
    fired: tuple[Fired, ...]
    findings: tuple[Finding, ...]
    open: tuple[Open, ...]
    ask: tuple[str, ...]
    flags: tuple[str, ...]

    @property
    def listed(self) -> str:
        """What the list, counts, map and measures go by: the higher of ``colour`` and ``at_least`` (COL-8)."""
        return self.at_least or self.colour

    def fields(self) -> dict[str, Any]:
        """This function will give the fields by name, in the order of ``ratings.jsonl``; their parts stay dataclasses."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True)
class Ratings(Sequence[Rating]):
    """The ratings of a register: masks as numbers, opened into ``Rating`` objects one by one."""

    ruleset: RuleSet
    as_of: date | None
    columns: Mapping[str, Sequence[Any]]
    row_flags: Sequence[Sequence[str]] | None
    plan: Plan
    masks: list[list[int]] = field(repr=False)
    """One list a group of ``Plan.groups``, one number a row."""
    questions: Callable[[int], tuple[str, ...]] = field(repr=False)

    def __len__(self) -> int:
        return len(self.masks[0])

    def __getitem__(self, row: int) -> Rating:  # type: ignore[override]
        if not -len(self) <= row < len(self):
            raise IndexError(row)
        row %= len(self)
        colour, at_least, at_most = state(self.masks[0][row])
        _, fired, open_, pairs, findings, _, _ = (mask[row] for mask in self.masks)
        settled: dict[str, Any] = {}

        def behind(names: tuple[str, ...]) -> dict[str, Any]:
            held = {name: self.columns[name][row] for name in names}
            if None in held.values():  # blank, but perhaps settled by another answer
                settled.update(settled or evaluator(self.ruleset).settle(self._used(row), self.as_of))
                held = {name: settled[name] for name in names if settled[name] is not None}
            return held

        return Rating(
            colour, at_least, at_most,
            fired=tuple([Fired(i, clause, says, behind(f)) for i, clause, says, f in self._chosen(0, fired)]),
            findings=tuple([Finding(i, says, behind(f)) for i, says, f in self._chosen(1, findings)]) or self._kind(row),
            open=self._open(open_, pairs), ask=self.questions(row), flags=self._flags(row, self.masks[0][row] >> 3 & 1),
        )  # fmt: skip

    def _kind(self, row: int) -> tuple[Finding, ...]:
        """What keeps a row from green where nothing was found: the set's green is for other institutions."""
        colour, own_track = state(self.masks[0][row])[0], self.masks[0][row] >> 3 & 1
        if colour != "decide" or own_track:
            return ()
        return (Finding(NOT_GREEN, words.NOT_FOR_GREEN, {"kind": self.columns["kind"][row]}),)

    def _used(self, row: int) -> dict[str, Any]:
        return {name: values[row] for name, values in self._used_columns}

    @cached_property
    def _used_columns(self) -> list[tuple[str, Sequence[Any]]]:
        return [(name, self.columns[name]) for name in (*self.plan.program.questions, "surveyed_on")]

    @cached_property
    def _chosen(self) -> Callable[[int, int], list[tuple[Any, ...]]]:
        """From a mask of rules (0) or findings (1) to what is said of them: id, clause, wording, facts behind."""
        rules = [(r.id, r.clause, r.says, facts_of(r.condition)) for r in self.ruleset.rules]
        findings = [(f.id, f.says, facts_of(f.condition)) for f in self.ruleset.findings]
        parts: tuple[list[Any], list[Any]] = (rules, findings)
        return cache(lambda which, mask: [part for k, part in enumerate(parts[which]) if mask >> k & 1])

    @cached_property
    def _open(self) -> Callable[[int, int], tuple[Open, ...]]:
        def opened(mask: int, pairs: int) -> tuple[Open, ...]:
            missing = [pair for k, pair in enumerate(self.plan.pairs) if pairs >> k & 1]
            return tuple(
                Open(rule.id, tuple(fact for place, fact in missing if place == k))
                for k, rule in enumerate(self.ruleset.rules)
                if mask >> k & 1
            )

        return cache(opened)

    def __iter__(self) -> Iterator[Rating]:
        return (self[row] for row in range(len(self)))

    def _flags(self, row: int, own_track: int) -> tuple[str, ...]:
        surveyed_on = self.columns["surveyed_on"][row]
        old = expired(surveyed_on, self.as_of, self.ruleset.answer_valid_days)
        unverified = not old and self.columns["complained"][row] and self.columns["complaint_verified"][row] is not True
        return (
            *(("own_track",) if own_track else ()),
            *(("complaint_unverified",) if unverified else ()),
            *(("survey_undated",) if surveyed_on is None else ("survey_expired",) if old else ()),
            *(self.row_flags[row] if self.row_flags else ()),
        )

    @cached_property
    def _states(self) -> list[tuple[str, Colour | None, Colour | None]]:
        return [state(bits) for bits in self.masks[0]]

    @cached_property
    def colours(self) -> list[str]:
        """The colour of every row."""
        return [colour for colour, _, _ in self._states]

    @cached_property
    def at_least(self) -> list[Colour | None]:
        """The proven lower bound of every row."""
        return [least for _, least, _ in self._states]

    @cached_property
    def at_most(self) -> list[Colour | None]:
        """The upper bound of every row."""
        return [most for _, _, most in self._states]

    @cached_property
    def listed(self) -> list[str]:
        """What the list, counts, map and measures go by, for every row."""
        return [least or colour for colour, least, _ in self._states]

    def derived(self, name: str) -> list[bool | None]:
        """This function will give a derived condition such as ``large_prepayment`` for every row; None is unknown."""
        place = [d.name for d in self.ruleset.derived].index(name)
        read = (None, True, False)
        return [read[mask >> 2 * place & 3] for mask in self.masks[5]]


def rate(
    columns: Mapping[str, Sequence[Any]],
    ruleset: RuleSet,
    *,
    as_of: date | None = None,
    row_flags: Sequence[Sequence[str]] | None = None,
    engine: str | None = None,
    progress: Callable[[int], None] | None = None,
) -> Ratings:
    """
    This function will rate a register.

    :param columns: fact name to one value a row; a fact that is not there is unknown in all rows.
    :param as_of: answers older than the set's validity on this day count as unknown; None: all are valid.
    :param row_flags: flags of the reading of the register, added to those of the rating.
    :param engine: "polars" (the default), "record" (row by row; the default where the processor lacks AVX2) or "spark".
    :param progress: called with the number of rows done.
    :raises NotRateable: a rule set without colours.
    """
    ruleset.require_colours()
    rows = max((len(values) for values in columns.values()), default=0)
    full = {name: columns.get(name) or [None] * rows for name in declared()}
    plan = plan_of(ruleset)
    engine = engine or ("polars" if has_avx2() else "record")
    if engine == "record":
        masks, questions = _by_record(plan, full, as_of, progress)
    elif engine == "polars":
        from shouhu.engines.rules import tables

        masks, questions = tables.rate(plan, full, as_of, progress)
    else:
        from shouhu.engines.rules import spark

        masks, questions = spark.rate(plan, full, as_of, progress)
    return Ratings(ruleset, as_of, full, row_flags, plan, masks, questions)


def rate_one(facts: Mapping[str, Any], ruleset: RuleSet, *, as_of: date | None = None) -> Rating:
    """
    This function will rate one record: fact name to value.

    :raises NotRateable: a rule set without colours.
    """
    return rate(
        {name: [value] for name, value in facts.items()} or {"name": [None]}, ruleset, as_of=as_of, engine="record"
    )[0]


def _by_record(
    plan: Plan, columns: Mapping[str, Sequence[Any]], as_of: date | None, progress: Callable[[int], None] | None
) -> tuple[list[list[int]], Callable[[int], tuple[str, ...]]]:
    one = evaluator(plan.program.ruleset)
    names = (*plan.program.questions, "surveyed_on")
    groups = plan.groups
    function = _record_function(plan)
    masks: list[list[int]] = [[] for _ in groups]

    def settled(row: int) -> dict[str, Any]:
        return one.settle({name: columns[name][row] for name in names}, as_of)

    rows = len(columns["name"])
    for row in range(rows):
        bits = iter(one.run(function, settled(row)))
        for mask, group in zip(masks, groups, strict=True):
            mask.append(sum(next(bits) << k for k in range(len(group))))
        if progress and row % 1000 == 999:
            progress(row + 1)

    def questions(row: int) -> tuple[str, ...]:
        return ask(one, settled(row)) if masks[-1][row] else ()

    return masks, questions


@cache
def _record_function(plan: Plan) -> Any:
    return evaluator(plan.program.ruleset).function([step for group in plan.groups for step in group])
