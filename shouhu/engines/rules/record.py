"""One record at a time: the same program over Python integers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

from shouhu.engines.rules.expressions import Comparison, Flag
from shouhu.engines.rules.facts import Fact, declared
from shouhu.engines.rules.program import Function, Program, Step
from shouhu.engines.rules.rulesets import RuleSet
from shouhu.engines.rules.values import UNNAMED, Approximate


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
        for name, value in fact.implies.get(bool(answer), {}).items() if answer is not None else ():
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


def fen(value: float, money: bool = True) -> float:
    """This function will turn yuan into whole fen, so that comparisons are exact; other numbers stay as they are."""
    return round(value * 100) if money and value != float("inf") else value


Facts = Mapping[str, Any]
Read = Callable[[Callable[[str], Any]], tuple[int, ...]]


class Evaluator:
    """The program of one rule set, ready for records: mappings of fact name to value."""

    def __init__(self, ruleset: RuleSet) -> None:
        ruleset.require_colours()
        self.ruleset = ruleset
        self.program = Program(ruleset)
        self._readers: dict[tuple[str, ...], Read] = {}

    def settle(self, facts: Facts, as_of: date | None) -> dict[str, Any]:
        """This function will settle a record by this set's validity."""
        return settle(facts, as_of=as_of, valid_days=self.ruleset.answer_valid_days)

    def function(self, outputs: Iterable[Step]) -> Function:
        """This function will compile outputs for records."""
        return self.program.function(outputs, negation="ones ^ {}")

    def run(self, function: Function, facts: Facts) -> tuple[int, ...]:
        """This function will run a function of the program on a settled record; every output is 0 or 1."""
        return function.run(*self.inputs(function.inputs, facts), 1, 0)

    def inputs(self, names: tuple[str, ...], facts: Facts) -> tuple[int, ...]:
        """This function will give the named inputs of the program for a settled record, each 0 or 1."""
        reader = self._readers.get(names)
        if reader is None:
            reader = self._readers[names] = self._reader(names)
        return reader(facts.get)

    def _reader(self, names: tuple[str, ...]) -> Read:
        """Write the reading of a record out as source: it is most of the time that a record takes."""
        lines, namespace = ["def read(get):"], {"INF": float("inf"), "Approximate": Approximate, "fen": fen}
        done: set[str] = set()

        def once(key: str, *text: str) -> None:
            if key not in done:
                done.add(key)
                lines.extend(text)

        def number(name: str) -> None:
            convert = "round({}*100)" if declared()[name].type == "money" else "{}"
            once(
                name,
                f"    v = get('{name}')",
                f"    if v is None: l_{name}, h_{name} = 0, INF",
                f"    elif v.__class__ is Approximate: l_{name}, h_{name} = fen(v.low, {convert != '{}'}), fen(v.high, {convert != '{}'})",
                f"    else: l_{name} = h_{name} = {convert.format('v')}",
            )

        for name in names:
            kind, rest = name[0], name[1:].removeprefix("_")
            if kind == "k":
                once(name, f"    {name} = get('{rest}') is not None")
            elif kind == "x":
                if declared()[rest].is_number:
                    number(rest)
                    once(name, f"    {name} = l_{rest} != h_{rest}")
                else:
                    once(name, f"    {name} = False")
            else:
                atom = self.program.atoms[int(rest)]
                if isinstance(atom, Flag):
                    namespace[f"rails{rest}"] = _rails(declared()[atom.fact], atom.name)
                    once(f"a{rest}", f"    t{rest}, f{rest} = rails{rest}(get('{atom.fact}'))")
                else:
                    for fact, _ in atom.terms:
                        number(fact)
                    once(f"a{rest}", *_comparing(atom, rest))
        lines.append(f"    return ({''.join(f'{name}, ' for name in names)})")
        exec(compile("\n".join(lines), f"<record {self.ruleset.id}>", "exec"), namespace)
        read: Read = namespace["read"]  # type: ignore[assignment]
        return read


def _comparing(atom: Comparison, place: str) -> tuple[str, str]:
    """The source that compares the least and the most that a linear form can be with zero."""

    def end(positive: str, negative: str) -> str:
        return f"{atom.constant}" + "".join(
            f" {f:+d}*{positive if f > 0 else negative}_{name}" for name, f in atom.terms
        )

    above, below = (">", "<=") if atom.strict else (">=", "<")
    return f"    t{place} = {end('l', 'h')} {above} 0", f"    f{place} = {end('h', 'l')} {below} 0"


def _rails(fact: Fact, name: str) -> Callable[[Any], tuple[bool, bool]]:
    """A reading of one flag, remembering the few different values that a fact has."""
    known: dict[Any, tuple[bool, bool]] = {}

    def rails(value: Any) -> tuple[bool, bool]:
        if value.__class__ is list:
            value = tuple(value)
        found = known.get(value)
        if found is None:
            truth = aspect(fact, name, value)
            found = known[value] = (truth is True, truth is False)
        return found

    return rails


@cache
def evaluator(ruleset: RuleSet) -> Evaluator:
    """This function will give the evaluator of a rule set for single records, made once."""
    return Evaluator(ruleset)
