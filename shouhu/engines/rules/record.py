"""One record at a time: the same program over Python integers, and the what-ifs that a form or a reason wants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache, cached_property
from itertools import combinations
from typing import Any

from shouhu.engines.rules.expressions import Flag
from shouhu.engines.rules.facts import Fact, declared
from shouhu.engines.rules.program import Function, Program, Step, decide
from shouhu.engines.rules.rulesets import RuleSet
from shouhu.engines.rules.values import UNNAMED, Approximate

_NEGATION = "ones ^ {}"


def expired(surveyed_on: date | None, as_of: date | None, valid_days: int) -> bool:
    """This function will tell whether answers of ``surveyed_on`` count as unknown on ``as_of`` (COL-9)."""
    return surveyed_on is not None and as_of is not None and (as_of - surveyed_on).days > valid_days


def settle(facts: Mapping[str, Any], *, as_of: date | None, valid_days: int) -> dict[str, Any]:
    """This function will drop answers past their validity, then fill what given answers imply about blank facts."""
    settled = dict(facts)
    if expired(facts.get("surveyed_on"), as_of, valid_days):
        for name in _expiring():
            settled[name] = None
    for fact in _implying():
        answer = settled.get(fact.name)
        for name, value in fact.implies.get(answer, {}).items() if isinstance(answer, bool) else ():
            if settled.get(name) is None:
                settled[name] = value
    return settled


@cache
def _expiring() -> tuple[str, ...]:
    return tuple(fact.name for fact in declared().values() if fact.expires)


@cache
def _implying() -> tuple[Fact, ...]:
    return tuple(fact for fact in declared().values() if fact.implies)


def aspect(fact: Fact, name: str, value: Any) -> bool | None:
    """This function will read one boolean aspect of a value; None is unknown (COL-11 for persons)."""
    if value is None:
        return None
    words = fact.aspects.get(name)
    if words is None:
        return bool(value)
    if fact.type == "choice":
        return value in words if value in fact.choices else None
    if not set(words).isdisjoint(value):
        return True
    # An unnamed somebody is one of the three natural persons, so only a narrower aspect stays open.
    return (True if len(words) >= 3 else None) if UNNAMED in value else False


def interval(value: Any, *, money: bool) -> tuple[float, float]:
    """This function will give the closed bounds of a number, money in fen; of an unknown one, zero and infinity."""
    if value is None:
        return 0.0, float("inf")
    low, high = (value.low, value.high) if isinstance(value, Approximate) else (value, value)
    return (fen(low), fen(high)) if money else (float(low), float(high))


def fen(yuan: float) -> float:
    """This function will turn yuan into whole fen, so that comparisons are exact."""
    return float(round(yuan * 100)) if yuan != float("inf") else yuan


class Evaluator:
    """The program of one rule set, ready for records: mappings of fact name to value."""

    def __init__(self, ruleset: RuleSet) -> None:
        ruleset.require_colours()
        self.ruleset = ruleset
        self.program = Program(ruleset)
        self._atoms = [(i, a, declared()[a.fact] if isinstance(a, Flag) else None) for i, a in enumerate(self.program.atoms)]
        self._money = {name: declared()[name].type == "money" for name in self.program.facts}
        self._numbers = [name for name in self.program.facts if declared()[name].is_number]
        self._terms = {
            i: (atom.terms, atom.constant, atom.strict)
            for i, atom, fact in self._atoms
            if not isinstance(atom, Flag)
        }

    def settle(self, facts: Mapping[str, Any], as_of: date | None) -> dict[str, Any]:
        """This function will settle a record by this set's validity."""
        return settle(facts, as_of=as_of, valid_days=self.ruleset.answer_valid_days)

    def inputs(self, facts: Mapping[str, Any]) -> dict[str, int]:
        """This function will give every input of the program for a settled record, as 0 or 1."""
        given: dict[str, int] = {}
        bounds = {name: interval(facts.get(name), money=self._money[name]) for name in self._numbers}
        for i, atom, fact in self._atoms:
            if isinstance(atom, Flag):
                assert fact is not None
                truth = aspect(fact, atom.name, facts.get(fact.name))
            else:
                truth = self._compare(i, bounds)
            given[f"t{i}"], given[f"f{i}"] = int(truth is True), int(truth is False)
        for name in self.program.facts:
            low, high = bounds.get(name, (0.0, 0.0))
            given[f"x_{name}"] = int(low != high)
            given[f"k_{name}"] = int(facts.get(name) is not None)
        return given

    def _compare(self, place: int, bounds: Mapping[str, tuple[float, float]]) -> bool | None:
        terms, constant, strict = self._terms[place]
        low = high = float(constant)
        for name, factor in terms:
            least, most = bounds[name]
            if factor > 0:
                low, high = low + factor * least, high + factor * most
            else:
                low, high = low + factor * most, high + factor * least
        return decide(low, high, strict)

    def run(self, function: Function, inputs: Mapping[str, int], ones: int = 1) -> tuple[int, ...]:
        """This function will run a function of the program over inputs of as many bits as ``ones`` has."""
        return function.run(*[inputs[name] for name in function.inputs], ones, 0)

    def function(self, outputs: Iterable[Step]) -> Function:
        """This function will compile outputs for records."""
        return self.program.function(outputs, negation=_NEGATION)

    # -- the next question --------------------------------------------------------------------------------------------

    @cached_property
    def _asking(self) -> Function:
        return self.function([self.program.asks(fact) for fact in self.program.facts])

    @cached_property
    def _settled(self) -> Function:
        return self.function([self.program.settled])

    def ask(self, facts: Mapping[str, Any], inputs: Mapping[str, int]) -> tuple[str, ...]:
        """
        This function will order the questions still worth asking: first the one of whose answers most settle the
        colour whatever the rest may be, ties by the order of declaration.
        """
        asked = dict(zip(self.program.facts, self.run(self._asking, inputs), strict=True))
        wanted = [name for name, yes in asked.items() if yes]
        if not wanted:
            return ()
        for fact in _implying():
            implied = {name for values in fact.implies.values() for name in values}
            if facts.get(fact.name) is None and not implied.isdisjoint(wanted) and fact.name not in wanted:
                wanted.append(fact.name)
        ways = [way for way in self.program.answers if way.fact in wanted]
        ones = (1 << len(ways)) - 1
        bits = {name: ones if value else 0 for name, value in inputs.items()}
        for k, way in enumerate(ways):
            one = 1 << k
            for name in way.answered:
                if f"k_{name}" in bits:
                    bits[f"k_{name}"] |= one
            for place, truth in way.outcome.items():
                alone = way.regardless or not any(
                    inputs[f"x_{name}"] for name, _ in self._terms.get(place, ((),))[0] if name != way.fact
                )
                if alone and not inputs[f"t{place}"] and not inputs[f"f{place}"]:
                    bits[f"t{place}" if truth else f"f{place}"] |= one
        (settled,) = self.run(self._settled, bits, ones)
        return order_questions(wanted, {name: _share(name, ways, settled) for name in wanted})

    # -- what would have to change ------------------------------------------------------------------------------------

    @cached_property
    def _levels(self) -> Function:
        program = self.program
        return self.function([program.at_least("yellow"), program.at_least("orange"), program.at_least("red")])

    def ways_out(self, facts: Mapping[str, Any]) -> tuple[tuple[str, ...], ...]:
        """
        This function will give the smallest sets of at most three facts whose lawful mending leaves the listed colour.

        Only facts with a ``mend`` value are tried; for a record that no colour is proven for, there is nothing to leave.
        """
        base = self.inputs(facts)
        level = sum(self.run(self._levels, base))
        mendable = [f for f in declared().values() if f.mend is not None and f.name in self.program.facts]
        worse = [f for f in mendable if facts.get(f.name) != f.mend]
        if level == 0:
            return ()
        changes = [(f, self.inputs({**facts, f.name: f.mend})) for f in worse]
        sets = [chosen for size in (1, 2, 3) for chosen in combinations(changes, size)]
        ones = (1 << len(sets)) - 1
        bits = {name: ones if value else 0 for name, value in base.items()}
        for k, chosen in enumerate(sets):
            together = self.inputs({**facts, **{f.name: f.mend for f, _ in chosen}}) if _entangled(chosen, base) else None
            for _, mended in chosen if together is None else [(None, together)]:
                for name, value in mended.items():
                    if value != base[name]:
                        bits[name] ^= 1 << k
        levels = self.run(self._levels, bits, ones)
        found: list[tuple[str, ...]] = []
        for k, chosen in enumerate(sets):
            names = tuple(f.name for f, _ in chosen)
            if sum(levels_k >> k & 1 for levels_k in levels) < level and not any(set(o) <= set(names) for o in found):
                found.append(names)
        return tuple(found)


def _entangled(chosen: Sequence[tuple[Fact, Mapping[str, int]]], base: Mapping[str, int]) -> bool:
    """Whether two mended facts move the same input, so that they have to be tried together."""
    moved = [name for _, mended in chosen for name, value in mended.items() if value != base[name]]
    return len(moved) != len(set(moved))


def _share(name: str, ways: Sequence[Any], settled: int) -> float:
    places = [k for k, way in enumerate(ways) if way.fact == name]
    return sum(settled >> k & 1 for k in places) / len(places)


def order_questions(wanted: Iterable[str], share: Mapping[str, float]) -> tuple[str, ...]:
    """This function will order questions by the share of their answers that settle the colour, then by declaration."""
    place = {name: k for k, name in enumerate(declared())}
    return tuple(sorted(wanted, key=lambda name: (-share[name], place[name])))
