"""What a phone needs to work without a network: the questions, what is recorded, and the rules as plain data."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from shouhu.engines.rules import words
from shouhu.engines.rules.expressions import Atom, Flag
from shouhu.engines.rules.facts import declared
from shouhu.engines.rules.plan import plan_of
from shouhu.engines.rules.program import Program, Step
from shouhu.engines.rules.rulesets import COLOURS, RuleSet
from shouhu.engines.rules.values import UNNAMED
from shouhu.ledgers.institutions import queries as institutions
from shouhu.ledgers.institutions.models import Version
from shouhu.ledgers.institutions.values import Facts, stored
from shouhu.ledgers.surveys.questionnaires import carried


@cache
def program_of(ruleset: RuleSet) -> dict[str, Any]:
    """
    This function will write the compiled program of a rule set as JSON (``static/survey/rules.js`` runs it).

    ``steps`` are ``["in", name]``, ``["and" | "or" | "not", [places of earlier steps]]``; ``state``, ``asks`` and
    ``settled`` are places of steps. ``needs`` names the inputs that ``settled`` stands on.
    """
    plan = plan_of(ruleset)
    program = plan.program
    asks = [program.asks(fact) for fact in program.facts]
    places = _ordered([*plan.state, *asks, program.settled])
    return {
        "ruleset": {"id": ruleset.id, "title": ruleset.title, "hash": ruleset.sha256, "valid_days": ruleset.answer_valid_days},
        "colours": list(COLOURS),
        "words": {name: [word, words.SHAPE[name]] for name, word in words.COLOUR.items()},
        "atoms": [_atom(atom) for atom in program.atoms],
        "steps": [
            ["in", step.name] if step.kind == "in" else [step.kind, [places[one] for one in step.operands]] for step in places
        ],
        "state": [places[step] for step in plan.state],
        "asks": [places[step] for step in asks],
        "settled": places[program.settled],
        "needs": [step.name for step in _ordered([program.settled]) if step.kind == "in"],
        "facts": list(program.facts),
        "numbers": [name for name in program.questions if declared()[name].is_number],
        "money": [name for name in program.questions if declared()[name].type == "money"],
        "questions": list(program.questions),
        "answers": _answers(program),
        "implies": {
            fact.name: {str(answer).lower(): given for answer, given in fact.implies.items()}
            for fact in declared().values()
            if fact.implies
        },
        "unnamed": UNNAMED,
    }  # fmt: skip


def facts_on(version: Version, on: date, ruleset: RuleSet) -> Facts:
    """This function will give what still counts of a version on a day, as JSON, without personal data."""
    facts = carried(institutions.facts_of(version), version.origins, on, ruleset.answer_valid_days)
    return stored(facts)[0]


def _atom(atom: Atom) -> dict[str, Any]:
    if isinstance(atom, Flag):
        fact = declared()[atom.fact]
        named = fact.aspects.get(atom.name)
        return {"fact": fact.name, "type": fact.type, "words": named and list(named), "choices": list(fact.choices)}
    return {"terms": [list(term) for term in atom.terms], "constant": atom.constant, "strict": atom.strict}


def _answers(program: Program) -> list[dict[str, Any]]:
    return [
        {"fact": way.fact, "answered": way.answered, "outcome": list(way.outcome.items()), "regardless": way.regardless}
        for way in program.answers
    ]


def _ordered(outputs: list[Step]) -> dict[Step, int]:
    """Every step that the outputs need, each after what it stands on, with its place."""
    places: dict[Step, int] = {}

    def visit(step: Step) -> None:
        if step not in places:
            for operand in step.operands:
                visit(operand)
            places[step] = len(places)

    for step in outputs:
        visit(step)
    return places
