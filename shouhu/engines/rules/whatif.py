"""What-ifs for one record: the next question worth asking, and what would have to change to leave a colour."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import combinations
from typing import Any

from shouhu.engines.rules.expressions import Comparison
from shouhu.engines.rules.facts import declared
from shouhu.engines.rules.program import Program, WhatIf
from shouhu.engines.rules.record import Evaluator, Facts
from shouhu.engines.rules.rulesets import COLOURS

MOST_CHANGES = 3


def ask(evaluator: Evaluator, facts: Facts) -> tuple[str, ...]:
    """
    This function will order the questions of a settled record that are still worth asking.

    First comes the one of whose answers most settle the colour whatever the rest may be (an answer is a way in which
    the comparisons that stand on the fact can come out); ties by the order of declaration.
    """
    program = evaluator.program
    asking, settled = _functions(evaluator)
    wanted = sum(yes << k for k, yes in enumerate(evaluator.run(asking, facts)))
    if not wanted:
        return ()
    wanted = wanted_questions(program, wanted, [name for name in program.questions if facts.get(name) is None])
    names = [name for k, name in enumerate(program.questions) if wanted >> k & 1]
    ways = [k for k, way in enumerate(program.answers) if way.fact in names]
    inexact = tuple(f"x_{name}" for name in program.facts)
    base = dict(zip(settled.inputs, evaluator.inputs(settled.inputs, facts), strict=True))
    unsure = dict(zip(program.facts, evaluator.inputs(inexact, facts), strict=True))
    ones = (1 << len(ways)) - 1
    bits = {name: ones if value else 0 for name, value in base.items()}
    for bit, k in enumerate(ways):
        for name in answered(program, program.answers[k], base, unsure):
            bits[name] |= 1 << bit
    (outcome,) = settled.run(*bits.values(), ones, 0)
    return order_questions(program, wanted, sum((outcome >> bit & 1) << k for bit, k in enumerate(ways)))


@cache
def _functions(evaluator: Evaluator) -> Any:
    program = evaluator.program
    return evaluator.function([program.asks(fact) for fact in program.facts]), evaluator.function([program.settled])


def answered(program: Program, way: WhatIf, base: Mapping[str, int], unsure: Mapping[str, int]) -> Iterable[str]:
    """This function will name the open inputs that a way of answering sets."""
    yield from (f"k_{name}" for name in way.answered if f"k_{name}" in base)
    for place, truth in way.outcome.items():
        atom = program.atoms[place]
        others = [name for name, _ in atom.terms if name != way.fact] if isinstance(atom, Comparison) else []
        rails = (f"t{place}", f"f{place}") if truth else (f"f{place}", f"t{place}")
        if rails[0] in base and not base.get(rails[1]) and (way.regardless or not any(unsure[name] for name in others)):
            yield rails[0]


def wanted_questions(program: Program, facts: int, blank: Sequence[str]) -> int:
    """
    This function will turn bits over the program's facts into bits over its questions, adding the blank facts that
    would imply wanted ones (是否收取预付费 settles every sum).
    """
    wanted = sum(_moves(program)[k] for k in range(len(program.facts)) if facts >> k & 1)
    for name, (own, implied) in _implying(program).items():
        if wanted & implied and name in blank:
            wanted |= own
    return wanted


@cache
def _moves(program: Program) -> tuple[int, ...]:
    return tuple(1 << program.questions.index(name) for name in program.facts)


@cache
def _implying(program: Program) -> dict[str, tuple[int, int]]:
    """By implying fact: its own bit, and the bits of what it implies."""
    places = {name: k for k, name in enumerate(program.questions)}
    return {
        name: (1 << place, sum(1 << places[f] for f in {f for given in implied.values() for f in given} if f in places))
        for name, place in places.items()
        if (implied := declared()[name].implies)
    }


def order_questions(program: Program, wanted: int, settled: int) -> tuple[str, ...]:
    """
    This function will order questions.

    :param wanted: a bit for each of ``program.questions``.
    :param settled: a bit for each of ``program.answers``: the colour is settled then.
    """
    names = [name for k, name in enumerate(program.questions) if wanted >> k & 1]
    ways: dict[str, list[int]] = {name: [] for name in names}
    for k, way in enumerate(program.answers):
        if way.fact in ways:
            ways[way.fact].append(settled >> k & 1)
    return tuple(sorted(names, key=lambda name: -sum(ways[name]) / len(ways[name])))


def ways_out(evaluator: Evaluator, facts: Facts) -> tuple[tuple[str, ...], ...]:
    """
    This function will give the smallest sets of at most three facts whose lawful mending leaves the listed colour.

    Only facts with a ``mend`` value are tried, on a settled record; where no colour is proven there is none to leave.
    """
    levels = _levels(evaluator)
    level = sum(evaluator.run(levels, facts))
    if level == 0:
        return ()
    mends = [f for f in declared().values() if f.mend is not None and f.name in evaluator.program.facts]
    worth = [f for f in mends if facts.get(f.name) != f.mend]
    base = evaluator.inputs(levels.inputs, facts)
    moved = {f.name: _moved(base, evaluator.inputs(levels.inputs, {**facts, f.name: f.mend})) for f in worth}
    sets = [
        names
        for size in range(1, MOST_CHANGES + 1)
        for names in combinations([f.name for f in worth if moved[f.name]], size)
    ]
    ones = (1 << len(sets)) - 1
    bits = [ones if value else 0 for value in base]
    mend = {f.name: f.mend for f in worth}
    for k, names in enumerate(sets):
        places = [place for name in names for place in moved[name]]
        if len(places) != len(set(places)):
            together = evaluator.inputs(levels.inputs, {**facts, **{name: mend[name] for name in names}})
            places = _moved(base, together)
        for place in places:
            bits[place] ^= 1 << k
    reached = levels.run(*bits, ones, 0)
    found: list[tuple[str, ...]] = []
    for k, names in enumerate(sets):
        if sum(bit >> k & 1 for bit in reached) < level and not any(set(other) <= set(names) for other in found):
            found.append(names)
    return tuple(found)


@cache
def _levels(evaluator: Evaluator) -> Any:
    return evaluator.function([evaluator.program.at_least(colour) for colour in COLOURS])


def _moved(base: Sequence[int], other: Sequence[int]) -> list[int]:
    return [place for place, (a, b) in enumerate(zip(base, other, strict=True)) if a != b]
