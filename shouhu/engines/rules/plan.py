"""What is asked of a program for a rating, in groups of bits: the same for a record, a register and a cluster."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

from shouhu.engines.rules.expressions import Node, atoms
from shouhu.engines.rules.expressions import facts_of as atom_facts
from shouhu.engines.rules.facts import declared
from shouhu.engines.rules.program import Program, Step
from shouhu.engines.rules.record import evaluator
from shouhu.engines.rules.rulesets import COLOURS, Colour, RuleSet


@dataclass(frozen=True, eq=False)
class Plan:
    """What is asked of a program for a rating, in groups of bits; the same for a record and for a register."""

    program: Program

    @cached_property
    def pairs(self) -> tuple[tuple[int, str], ...]:
        """(place of the rule, fact) for every fact that could settle a rule."""
        return tuple(
            (place, fact)
            for place, rule in enumerate(self.program.ruleset.rules)
            for fact in self.program.facts
            if fact in facts_of(rule.condition)
        )

    @property
    def state(self) -> tuple[Step, ...]:
        """Fired red, orange, yellow or worse; own track; unknown; decide; at least and at most each colour."""
        p = self.program
        fired, least, most = (
            [p.fired[c] for c in COLOURS],
            [p.at_least(c) for c in COLOURS],
            [p.at_most(c) for c in COLOURS],
        )
        return (*fired, p.own_track, p.unknown, p.decide, *least, *most)

    @property
    def fired(self) -> tuple[Step, ...]:
        """A bit a rule: it holds."""
        return tuple(self.program.true(rule.condition) for rule in self.program.ruleset.rules)

    @property
    def open(self) -> tuple[Step, ...]:
        """A bit a rule: it is neither met nor excluded."""
        return tuple(self.program.open(rule.condition) for rule in self.program.ruleset.rules)

    @property
    def missing(self) -> tuple[Step, ...]:
        """A bit a fact: it is missing and could still raise the colour."""
        return tuple(self.program.raises(fact) for fact in self.program.facts)

    @property
    def missing_in(self) -> tuple[Step, ...]:
        """A bit a pair: the fact is missing in the rule."""
        rules = self.program.ruleset.rules
        return tuple(self.program.missing_in(rules[place].condition, fact) for place, fact in self.pairs)

    @property
    def findings(self) -> tuple[Step, ...]:
        """A bit a finding: it is there."""
        return tuple(self.program.true(finding.condition) for finding in self.program.ruleset.findings)

    @property
    def asks(self) -> tuple[Step, ...]:
        """A bit a fact: it is still worth asking."""
        return tuple(self.program.asks(fact) for fact in self.program.facts)

    @property
    def derived(self) -> tuple[Step, ...]:
        """Two bits a derived condition: certainly true, certainly false."""
        p = self.program
        return tuple(step for d in p.ruleset.derived for step in (p.true(d.condition), p.false(d.condition)))

    @cached_property
    def groups(self) -> tuple[tuple[Step, ...], ...]:
        """Every group of bits that a rating is read from."""
        return (self.state, self.fired, self.open, self.missing_in, self.findings, self.derived, self.asks)


@cache
def facts_of(node: Node) -> tuple[str, ...]:
    """This function will give the base facts of a condition, in the order of declaration."""
    found = {fact for atom in atoms(node) for fact in atom_facts(atom)}
    return tuple(name for name in declared() if name in found)


@cache
def state(bits: int) -> tuple[str, Colour | None, Colour | None]:
    """This function will read colour, at_least and at_most from the bits of ``Plan.state``."""

    def first(shift: int) -> Colour | None:
        return next((c for rank, c in enumerate(COLOURS) if bits >> shift + rank & 1), None)

    own_track, unknown, decide = (bits >> 3 & 1, bits >> 4 & 1, bits >> 5 & 1)
    fired = first(0)
    colour = "decide" if own_track else fired or ("unknown" if unknown else "decide" if decide else "green")
    return colour, first(6), first(9)


@cache
def plan_of(ruleset: RuleSet) -> Plan:
    """This function will give the plan of a rule set, made once."""
    return Plan(evaluator(ruleset).program)
