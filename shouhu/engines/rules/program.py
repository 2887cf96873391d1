"""
One rule set as one straight-line program, whatever it runs on.

Every condition is carried on two rails: ``t`` "is certainly true" and ``f`` "is certainly false"; neither set means
unknown. Kleene's AND, OR and NOT then need only ``&`` and ``|`` on the rails, which Python integers (one record, or
one bit a what-if) and Polars columns (a register) both have. The program is a graph of such steps; asked for
some outputs, it is written out as Python source with just the steps that they need.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, TypeVar

from shouhu.engines.rules.bounds import Term, prime_implicants, terms
from shouhu.engines.rules.expressions import And, Atom, Comparison, Flag, Node, Not, Or, atoms, facts_of
from shouhu.engines.rules.facts import declared
from shouhu.engines.rules.rulesets import COLOURS, RuleSet

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Step:
    """An input (``kind`` "in"), or "and", "or", "not" of other steps. Equal steps are one object."""

    kind: str
    operands: tuple[Step, ...]
    name: str


@cache
def _step(kind: str, operands: tuple[Step, ...], name: str) -> Step:
    return Step(kind, operands, name)


ALWAYS, NEVER = _step("and", (), ""), _step("or", (), "")


def read(name: str) -> Step:
    """This function will give the step that reads an input."""
    return _step("in", (), name)


def all_of(steps: Iterable[Step]) -> Step:
    """This function will give the step that holds when all of ``steps`` do."""
    kept = tuple(step for step in dict.fromkeys(steps) if step is not ALWAYS)
    return NEVER if NEVER in kept else kept[0] if len(kept) == 1 else _step("and", kept, "")


def any_of(steps: Iterable[Step]) -> Step:
    """This function will give the step that holds when any of ``steps`` does."""
    kept = tuple(step for step in dict.fromkeys(steps) if step is not NEVER)
    return ALWAYS if ALWAYS in kept else kept[0] if len(kept) == 1 else _step("or", kept, "")


def none_of(step: Step) -> Step:
    """This function will give the step that holds when ``step`` does not."""
    if step is ALWAYS or step is NEVER:
        return NEVER if step is ALWAYS else ALWAYS
    return step.operands[0] if step.kind == "not" else _step("not", (step,), "")


@dataclass(frozen=True)
class WhatIf:
    """One way in which a question may be answered: which comparisons it makes true or false."""

    fact: str
    answered: tuple[str, ...]
    """The facts that are answered then: this one, and those that it implies."""
    outcome: dict[int, bool]
    """By place of the atom, what it comes to."""
    regardless: bool
    """Whether an atom comes to it whatever its other facts are; if not, only where those are known exactly."""


@dataclass(frozen=True)
class Function:
    """Straight-line source over named inputs; ``run`` takes them in order, then all ones and all zeros."""

    inputs: tuple[str, ...]
    source: str
    run: Callable[..., tuple[Any, ...]]


@dataclass(frozen=True, eq=False)
class Program:
    """The steps of one rule set; ``facts`` gives the order of bits in masks of facts, ``ruleset.rules`` that of rules."""

    ruleset: RuleSet
    atoms: tuple[Atom, ...] = field(init=False)
    facts: tuple[str, ...] = field(init=False)
    """Base facts that the rules, findings or the green condition stand on, in the order of declaration."""

    def __post_init__(self) -> None:
        used = dict.fromkeys(atom for node in self._conditions() for atom in atoms(node))
        object.__setattr__(self, "atoms", tuple(used))
        names = {fact for atom in used for fact in facts_of(atom)}
        object.__setattr__(self, "facts", tuple(name for name in declared() if name in names))

    def _conditions(self) -> Iterable[Node]:
        ruleset = self.ruleset
        yield from (rule.condition for rule in ruleset.rules)
        yield from (finding.condition for finding in ruleset.findings)
        yield from (c.condition for c in (ruleset.own_track, ruleset.green) if c and c.condition)

    # -- inputs: t0 f0 t1 f1 … the rails of the atoms; x_fact "not exactly known", k_fact "answered" --------------------

    def answered(self, fact: str) -> Step:
        """The step that holds when a fact has an answer."""
        return read(f"k_{fact}")

    def true(self, node: Node) -> Step:
        """The step that holds when a condition is certainly true."""
        return self._rail(node, True)

    def false(self, node: Node) -> Step:
        """The step that holds when a condition is certainly false."""
        return self._rail(node, False)

    def open(self, node: Node) -> Step:
        """The step that holds when a condition is neither."""
        if isinstance(node, Flag) and declared()[node.fact].type == "yes_no":
            return none_of(self.answered(node.fact))
        return self.open(node.item) if isinstance(node, Not) else none_of(any_of([self.true(node), self.false(node)]))

    def _rail(self, node: Node, positive: bool) -> Step:
        match node:
            case Flag() | Comparison():
                return read(f"{'t' if positive else 'f'}{self._place[node]}")
            case Not(item):
                return self._rail(item, not positive)
            case And(items) | Or(items):
                join = all_of if isinstance(node, And) is positive else any_of
                return join(self._rail(item, positive) for item in items)

    @cached_property
    def _place(self) -> dict[Atom, int]:
        return {atom: place for place, atom in enumerate(self.atoms)}

    # -- steps --------------------------------------------------------------------------------------------------------

    @cached_property
    def implicants(self) -> dict[str, list[Term]]:
        """By colour, the prime implicants of "this colour or worse"."""
        rules = self.ruleset.rules
        return {
            colour: prime_implicants(rule.condition for rule in rules if rule.colour in COLOURS[: rank + 1])
            for rank, colour in enumerate(COLOURS)
        }

    def _rules(self, colour: str) -> list[Node]:
        return [rule.condition for rule in self.ruleset.rules if rule.colour == colour]

    @cached_property
    def fired(self) -> dict[str, Step]:
        """By colour, the step that holds when a rule of this colour or worse has fired."""
        return _by_colour(lambda worse, colour: any_of([worse, *map(self.true, self._rules(colour))]), NEVER)

    @cached_property
    def certain(self) -> dict[str, Step]:
        """By colour, the step that holds when every way of filling the gaps reaches it or worse."""
        plain = [term for colour in COLOURS for node in self._rules(colour) for term in terms(node)]

        def reached(worse: Step, colour: str) -> Step:
            # A term of one rule alone cannot hold without the rule firing; only those that join rules add something.
            joint = [term for term in self.implicants[colour] if not any(one <= term for one in plain)]
            return any_of([worse, self.fired[colour], *(all_of(self._rail(*literal) for literal in t) for t in joint)])

        return _by_colour(reached, NEVER)

    @cached_property
    def excluded(self) -> dict[str, Step]:
        """By colour, the step that holds when no way of filling the gaps reaches it or worse."""
        return _by_colour(lambda worse, colour: all_of([worse, *map(self._impossible, self._rules(colour))]), ALWAYS)

    def _impossible(self, node: Node) -> Step:
        """The step that holds when no way of filling the gaps makes a condition true."""
        literals = set().union(*terms(node))
        if any((atom, not positive) in literals for atom, positive in literals):
            return all_of(any_of(self._rail(atom, not positive) for atom, positive in term) for term in terms(node))
        return self.false(node)

    def at_least(self, colour: str) -> Step:
        """The step that holds when every way of filling the gaps reaches ``colour``."""
        return self.certain[colour]

    def at_most(self, colour: str) -> Step:
        """The step that holds when some way of filling the gaps reaches ``colour``."""
        return none_of(self.excluded[colour])

    def _missing(self, node: Node, fact: str, above: Step) -> Step:
        """The step that holds when ``fact`` is missing on a path of unknown conditions from the top down to it."""
        unknown = all_of([above, self.open(node)])
        match node:
            case Flag():
                return unknown if node.fact == fact else NEVER
            case Comparison():
                return all_of([unknown, read(f"x_{fact}")]) if fact in facts_of(node) else NEVER
            case Not(item):
                return self._missing(item, fact, above)
            case And(items) | Or(items):
                return any_of(self._missing(item, fact, unknown) for item in items)

    def missing_in(self, node: Node, fact: str) -> Step:
        """The step that holds when ``fact`` could settle ``node``, which is open."""
        return self._missing(node, fact, ALWAYS)

    @cached_property
    def _wanted(self) -> dict[Node, Step]:
        """For every condition inside the rules, the step that holds when settling it could still raise the colour."""
        above: dict[Node, list[Step]] = {}
        for rule in self.ruleset.rules:
            above.setdefault(rule.condition, []).append(none_of(self.fired[rule.colour]))
        wanted: dict[Node, Step] = {}
        for node in _downward(above, _parts):
            reached = any_of(above[node])
            wanted[node] = reached if isinstance(node, Not) else all_of([reached, self.open(node)])
            for part in _parts(node):
                above.setdefault(part, []).append(wanted[node])
        return wanted

    def raises(self, fact: str) -> Step:
        """The step that holds when ``fact`` is missing and could still raise the colour."""
        return any_of(
            all_of([step, read(f"x_{fact}")]) if isinstance(node, Comparison) and len(node.terms) > 1 else step
            for node, step in self._wanted.items()
            if isinstance(node, Flag | Comparison) and fact in facts_of(node)
        )

    @cached_property
    def own_track(self) -> Step:
        """The step that holds for what this set leaves to another track and no red rule claims."""
        own_track = self.ruleset.own_track
        if own_track is None or own_track.condition is None:
            return NEVER
        return all_of([self.true(own_track.condition), none_of(self.fired["red"])])

    @cached_property
    def unknown(self) -> Step:
        """The step that holds for 待查: nothing fired, and something that green needs is open or unanswered."""
        return all_of([none_of(self.fired["yellow"]), none_of(self.own_track), self._unsettled])

    @cached_property
    def _for_green(self) -> tuple[Node, ...]:
        """What must be decided before green, beside the rules: findings, and every comparison, since a figure that
        leaves one open is no answer."""
        findings = (finding.condition for finding in self.ruleset.findings)
        return (*findings, *self._green, *(atom for atom in self.atoms if isinstance(atom, Comparison)))

    @property
    def _green(self) -> tuple[Node, ...]:
        green = self.ruleset.green
        return (green.condition,) if green and green.condition else ()

    @cached_property
    def _unsettled(self) -> Step:
        nodes = [*(rule.condition for rule in self.ruleset.rules), *self._for_green]
        # What stands on comparisons and yes/no facts alone is settled when those are.
        nodes = [node for node in nodes if isinstance(node, Comparison) or any(map(_worded, atoms(node)))]
        return none_of(all_of([*map(self.answered, self.facts), *(none_of(self.open(node)) for node in nodes)]))

    @cached_property
    def decide(self) -> Step:
        """The step that holds for 待研判: another track, or a finding that no rule speaks of."""
        ruleset = self.ruleset
        found = [self.true(finding.condition) for finding in ruleset.findings]
        found += [self.false(node) for node in self._green]
        silent = all_of([none_of(self.fired["yellow"]), none_of(self._unsettled), any_of(found)])
        return any_of([self.own_track, silent])

    @cached_property
    def settled(self) -> Step:
        """The step that holds when no answer can change the colour any more."""
        same = [any_of([self.at_least(c), none_of(self.at_most(c))]) for c in COLOURS]
        return all_of([*same, any_of([self.at_least("yellow"), none_of(self.unknown)])])

    def asks(self, fact: str) -> Step:
        """The step that holds when ``fact`` is still worth asking."""
        for_green = any_of([none_of(self.answered(fact)), *(self.missing_in(node, fact) for node in self._for_green)])
        return all_of([none_of(self.settled), any_of([self.raises(fact), all_of([self.unknown, for_green])])])

    # -- what-ifs -----------------------------------------------------------------------------------------------------

    @cached_property
    def questions(self) -> tuple[str, ...]:
        """Facts that may be asked, in the order of declaration: those used, and those that imply used ones."""
        implying = {f.name for f in declared().values() for given in f.implies.values() if set(given) & set(self.facts)}
        return tuple(name for name in declared() if name in implying or name in self.facts)

    @cached_property
    def answers(self) -> tuple[WhatIf, ...]:
        """Every way in which each question may be answered, as far as the comparisons can tell."""
        return tuple(what_if for fact in self.questions for what_if in self._answers(fact))

    def _answers(self, name: str) -> Iterable[WhatIf]:
        fact = declared()[name]
        places = [place for place, atom in enumerate(self.atoms) if name in facts_of(atom)]
        for bits in range(1 << len(places)) if places else ():
            yield WhatIf(
                name, (name,), {place: bool(bits >> k & 1) for k, place in enumerate(places)}, regardless=False
            )
        for answer in () if places else (False, True):
            implied = fact.implies.get(answer, {})
            outcome = {p: v for p, a in enumerate(self.atoms) if (v := _implied(a, implied)) is not None}
            yield WhatIf(name, (name, *implied), outcome, regardless=True)

    # -- source -------------------------------------------------------------------------------------------------------

    def function(self, outputs: Iterable[Step], *, negation: str) -> Function:
        """
        This function will compile the steps that ``outputs`` need.

        :param negation: how NOT is written on this target, with ``{}`` for the operand; ``ones`` is all ones.
        """
        lines: list[str] = []
        names: dict[Step, str] = {ALWAYS: "ones", NEVER: "none"}
        inputs: dict[str, None] = {}
        outputs = tuple(outputs)
        steps = _downward(outputs, lambda step: step.operands)
        readers = Counter([*outputs, *(operand for step in steps for operand in set(step.operands))])
        free: list[str] = []
        for step in reversed(steps):
            if step.kind == "in":
                names[step] = step.name
                inputs[step.name] = None
            elif step not in names:
                text = {"and": " & ", "or": " | "}.get(step.kind, "").join(names[operand] for operand in step.operands)
                readers.subtract(set(step.operands))
                # A name that nobody reads any more is used again, since memory that is still warm is much faster.
                free += [names[o] for o in step.operands if o.operands and not readers[o]]
                names[step] = free.pop() if free else f"s{len(lines)}"
                lines.append(f"    {names[step]} = {negation.format(text) if step.kind == 'not' else text}")
        results = "".join(f"{names[step]}, " for step in outputs)
        head = f"def run({''.join(f'{name}, ' for name in inputs)}ones, none):"
        source = "\n".join([head, *lines, f"    return ({results})"])
        namespace: dict[str, Any] = {}
        exec(compile(source, f"<rules {self.ruleset.id}>", "exec"), namespace)
        return Function(tuple(inputs), source, namespace["run"])


def _worded(atom: Atom) -> bool:
    """Whether an atom can be open though its fact has an answer, the fact being a word or persons."""
    return isinstance(atom, Flag) and declared()[atom.fact].type not in ("yes_no", "names")


def _by_colour(step: Callable[[Step, str], Step], start: Step) -> dict[str, Step]:
    """One step a colour, each built upon that of the worse colours."""
    made: dict[str, Step] = {}
    for colour in COLOURS:
        made[colour] = start = step(start, colour)
    return made


def _parts(node: Node) -> tuple[Node, ...]:
    match node:
        case Not(item):
            return (item,)
        case And(items) | Or(items):
            return items
    return ()


def _downward(whole: Iterable[T], parts: Callable[[T], Iterable[T]]) -> list[T]:
    """Things and all that they are made of, each after everything that it is part of."""
    seen: dict[T, None] = {}

    def visit(one: T) -> None:
        if one not in seen:
            for part in parts(one):
                visit(part)
            seen[one] = None

    for one in list(whole):
        visit(one)
    return list(reversed(seen))


def _implied(atom: Atom, given: Mapping[str, Any]) -> bool | None:
    """What an atom comes to when blank facts take the values in ``given``, the other facts being positive numbers."""
    if isinstance(atom, Flag):
        answer: bool | None = given.get(atom.fact)
        return answer
    if not any(fact in given for fact, _ in atom.terms):
        return None
    fixed: int = atom.constant + sum(factor * given[fact] for fact, factor in atom.terms if fact in given)
    rest = [factor for fact, factor in atom.terms if fact not in given]
    if not rest:
        return fixed > 0 if atom.strict else fixed >= 0
    if min(rest) > 0:
        return True if fixed >= 0 else None
    return False if max(rest) < 0 and fixed <= 0 else None
