"""
The same rules for other engines, outcomes only, written from the same syntax trees.

None of them knows "not known" as we mean it, so every rule goes in twice: is it certainly true, is it certainly false.
A yes/no fact that is not known is neither equal to true nor to false; a number comes as its two bounds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from types import SimpleNamespace
from typing import Any

import numpy as np
import orjson

from bench.registers import booleans
from shouhu.engines.rules.expressions import And, Comparison, Flag, Node, Not, Or
from shouhu.engines.rules.frame import Frame
from shouhu.engines.rules.rulesets import RuleSet

BOUNDLESS = 1e15
"""In place of infinity, which not every engine can write; no sum of facts comes near it."""

Mask = np.ndarray[Any, np.dtype[np.bool_]]
Row = Mapping[str, Any]
Outcomes = list[list[bool]]
"""For each row: is true of every rule, then is false of every rule."""


def rows_of(frame: Frame, count: int) -> list[dict[str, Any]]:
    """This function will give the first rows of a frame as the mappings that the other engines take."""
    columns: dict[str, list[Any]] = {}
    for name, plane in frame.true.items():
        true, false = (booleans(p, frame.rows)[:count].tolist() for p in (plane, frame.false[name]))
        columns[name] = [yes if yes or no else None for yes, no in zip(true, false, strict=True)]
    for end, part in (("low", frame.low), ("high", frame.high)):
        for name, series in part.items():
            columns[f"{name}_{end}"] = series.head(count).clip(upper_bound=BOUNDLESS).to_list()
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def texts(ruleset: RuleSet, true: str, false: str) -> list[str]:
    """This function will write every rule twice, is true and is false, with the words of a language for those two."""
    return [_text(rule.condition, positive, (false, true)) for positive in (True, False) for rule in ruleset.rules]


def _text(node: Node, positive: bool, words: tuple[str, str]) -> str:
    match node:
        case Flag():
            return f"{node.name} == {words[positive]}"
        case Comparison():
            near, far = ("low", "high") if positive else ("high", "low")
            left = [_term(factor, f"{fact}_{near}") for fact, factor in node.terms if factor > 0]
            right = [_term(-factor, f"{fact}_{far}") for fact, factor in node.terms if factor < 0]
            (left if node.constant > 0 else right).extend([str(abs(node.constant))] if node.constant else [])
            operator = (">" if node.strict else ">=") if positive else ("<=" if node.strict else "<")
            return f"{' + '.join(left) or 0} {operator} {' + '.join(right) or 0}"
        case Not(item):
            return _text(item, not positive, words)
        case And(items) | Or(items):
            join = " and " if isinstance(node, And) is positive else " or "
            return f"({join.join(_text(item, positive, words) for item in items)})"


def _term(factor: int, name: str) -> str:
    return name if factor == 1 else f"{factor} * {name}"


def zen(ruleset: RuleSet, rows: Sequence[Row]) -> Callable[[], Outcomes]:
    """zen-engine: one compiled expression over rows in JSON, the fastest of the ways that it offers."""
    import zen

    expression = zen.compile_expression(f"[{', '.join(texts(ruleset, 'true', 'false'))}]")
    written = [orjson.dumps(row) for row in rows]
    return lambda: [expression.evaluate(row) for row in written]


def rule_engine(ruleset: RuleSet, rows: Sequence[Row]) -> Callable[[], Outcomes]:
    """rule-engine: one rule that gives a list, faster than a rule an expression."""
    import rule_engine

    rule = rule_engine.Rule(f"[{', '.join(texts(ruleset, 'true', 'false'))}]")
    return lambda: [list(rule.evaluate(row)) for row in rows]


def spiff(ruleset: RuleSet, rows: Sequence[Row]) -> Callable[[], Outcomes]:
    """SpiffWorkflow: a DMN decision table that collects, one input and one row an expression; without its workflow."""
    from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
    from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine
    from SpiffWorkflow.dmn.specs.model import DecisionTable, HitPolicy, Input, InputEntry, Rule

    table = DecisionTable("rules", "rules", HitPolicy.COLLECT.value)
    for place, text in enumerate(texts(ruleset, "True", "False")):
        rule, entry = Rule(str(place)), InputEntry(str(place), Input(str(place), "", "", text, "boolean"))
        entry.lhs.append("True")
        rule.inputEntries.append(entry)
        table.rules.append(rule)
    engine, workflow = DMNEngine(table), SimpleNamespace(script_engine=PythonScriptEngine())

    def run() -> Outcomes:
        hits = [{rule.id for rule in engine.decide(SimpleNamespace(data=row, workflow=workflow))} for row in rows]
        return [[rule.id in hit for rule in table.rules] for hit in hits]

    return run


ROW_BY_ROW = {
    f"zen-engine {version('zen-engine')}": (zen, 50),
    f"rule-engine {version('rule-engine')}": (rule_engine, 500),
    f"SpiffWorkflow {version('SpiffWorkflow')} DMN": (spiff, 2_000),
}
"""By name, the engine, and one in how many rows to measure it on."""


class Masks:
    """The way OpenFisca computes, in numpy: two boolean vectors an expression, each expression computed once."""

    def __init__(self, ruleset: RuleSet, frame: Frame) -> None:
        self.ruleset = ruleset
        planes = [{n: booleans(p, frame.rows) for n, p in part.items()} for part in (frame.true, frame.false)]
        bounds = [{n: s.to_numpy()[: frame.rows] for n, s in part.items()} for part in (frame.low, frame.high)]
        (self.true, self.false), (self.low, self.high) = planes, bounds

    def outcomes(self) -> list[tuple[Mask, Mask]]:
        """This function will give is true and is false of every rule."""
        done: dict[Node, tuple[Mask, Mask]] = {}
        return [self._of(rule.condition, done) for rule in self.ruleset.rules]

    def _of(self, node: Node, done: dict[Node, tuple[Mask, Mask]]) -> tuple[Mask, Mask]:
        if node not in done:
            done[node] = self._made(node, done)
        return done[node]

    def _made(self, node: Node, done: dict[Node, tuple[Mask, Mask]]) -> tuple[Mask, Mask]:
        match node:
            case Flag():
                return self.true[node.name], self.false[node.name]
            case Comparison():
                return self._compared(node)
            case Not(item):
                true, false = self._of(item, done)
                return false, true
            case And(items) | Or(items):
                trues, falses = zip(*(self._of(item, done) for item in items), strict=True)
                all_of, any_of = (trues, falses) if isinstance(node, And) else (falses, trues)
                every, some = all_of[0], any_of[0]
                for mask in all_of[1:]:
                    every = every & mask
                for mask in any_of[1:]:
                    some = some | mask
                return (every, some) if isinstance(node, And) else (some, every)

    def _compared(self, atom: Comparison) -> tuple[Mask, Mask]:
        def total(near: Mapping[str, Any], far: Mapping[str, Any]) -> tuple[Any, Any]:
            """The positive terms and the negative ones apart, so that no infinity is taken from another."""
            sides: list[Any] = [max(atom.constant, 0), max(-atom.constant, 0)]
            for fact, factor in atom.terms:
                side, values = (0, near[fact]) if factor > 0 else (1, far[fact])
                term = values if abs(factor) == 1 else values * abs(factor)
                sides[side] = sides[side] + term if not isinstance(sides[side], int) or sides[side] else term
            return sides[0], sides[1]

        least, against_most = total(self.low, self.high)
        most, against_least = total(self.high, self.low)
        if atom.strict:
            return least > against_most, most <= against_least
        return least >= against_most, most < against_least
