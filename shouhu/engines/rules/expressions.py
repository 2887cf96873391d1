"""Conditions: SQL boolean expressions over declared facts, parsed with sqlglot and walked against a whitelist."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

MAX_CHARACTERS = 2_000
MAX_WORDS = 400
MAX_DEPTH = 30
_ALLOWED_TEXT = re.compile(r"[\w\s().<>=!+*-]*")
_WORD = re.compile(r"\w+|[^\w\s]")
_NUMBER = re.compile(r"\d{1,15}(\.\d{1,6})?")


class BadExpression(Exception):
    """A condition that may not be used; ``str()`` says why, in Chinese."""


@dataclass(frozen=True)
class Flag:
    """A boolean aspect of one fact, such as ``registered`` or ``prosecuted_head``."""

    name: str
    fact: str


@dataclass(frozen=True)
class Comparison:
    """
    ``sum of coefficient * fact + constant > 0`` (``strict``) or ``>= 0``.

    Kept in one normal form (whole numbers without a common divisor, the first fact by name positive; money in fen),
    so that arithmetic is exact, and a comparison and its opposite are the same one, once plain and once under ``Not``.
    """

    terms: tuple[tuple[str, int], ...]
    constant: int
    strict: bool


@dataclass(frozen=True)
class Not:
    """The opposite of a condition; unknown stays unknown."""

    item: Node


@dataclass(frozen=True)
class And:
    """All of the conditions."""

    items: tuple[Node, ...]


@dataclass(frozen=True)
class Or:
    """Any of the conditions."""

    items: tuple[Node, ...]


Atom = Flag | Comparison
Node = Atom | Not | And | Or


@dataclass(frozen=True)
class Number:
    """A number fact as an operand, and the kind of unit that it is counted in."""

    fact: str
    kind: str


Names = Mapping[str, Node | Number]
"""What a condition may name: a condition (flags, thresholds, derived) or a number."""


def fold(name: str) -> str:
    """This function will give the form in which two names are the same name (NFKC, case folded)."""
    return unicodedata.normalize("NFKC", name).casefold()


def atoms(node: Node) -> Iterator[Atom]:
    """This function will give every atom of a condition, in order of appearance, repeats included."""
    match node:
        case Flag() | Comparison():
            yield node
        case Not(item):
            yield from atoms(item)
        case And(items) | Or(items):
            for item in items:
                yield from atoms(item)


def facts_of(atom: Atom) -> tuple[str, ...]:
    """This function will give the facts that an atom stands on."""
    return (atom.fact,) if isinstance(atom, Flag) else tuple(fact for fact, _ in atom.terms)


def parse(text: str, names: Names) -> Node:
    """
    This function will parse a condition such as ``large_prepayment AND assets < liabilities``.

    :param names: by folded name, what may be named.
    :raises BadExpression: anything but AND, OR, NOT, brackets, six comparisons, + - *, numbers and declared names.
    """
    text = unicodedata.normalize("NFKC", text)
    _refuse_by_size(text)
    try:
        tree = sqlglot.parse_one(text)
    except (SqlglotError, RecursionError) as error:
        raise BadExpression(f"条件无法解析：{text[:80]}") from error
    return _condition(tree, names)


def _refuse_by_size(text: str) -> None:
    if len(text) > MAX_CHARACTERS:
        raise BadExpression(f"条件过长：{len(text)} 个字符，最多 {MAX_CHARACTERS} 个")
    allowed = _ALLOWED_TEXT.match(text)
    if allowed is None or allowed.end() < len(text) or "--" in text:
        bad = "--" if "--" in text else text[allowed.end() if allowed else 0]
        raise BadExpression(f"条件含有不允许的字符“{bad}”")
    words = _WORD.findall(text.upper())
    if len(words) > MAX_WORDS:
        raise BadExpression(f"条件过长：{len(words)} 个词，最多 {MAX_WORDS} 个")
    depth = deepest = 0
    for word in words:
        depth += (word == "(") - (word == ")")
        deepest = max(deepest, depth)
    if deepest > MAX_DEPTH or words.count("NOT") + words.count("-") > MAX_DEPTH:
        raise BadExpression(f"条件嵌套过深，最多 {MAX_DEPTH} 层")


def _condition(tree: exp.Expr, names: Names) -> Node:
    match tree:
        case exp.Paren():
            return _condition(tree.this, names)
        case exp.Not():
            return negate(_condition(tree.this, names))
        case exp.And():
            return And(tuple(_operands(tree, exp.And, names)))
        case exp.Or():
            return Or(tuple(_operands(tree, exp.Or, names)))
        case exp.Column():
            named = _named(tree, names)
            if isinstance(named, Number):
                raise BadExpression(f"“{tree.name}”是数值，不能单独作条件，请与另一数值比较")
            return named
        case exp.GT() | exp.GTE() | exp.LT() | exp.LTE() | exp.EQ() | exp.NEQ():
            return _comparison(tree, names)
    raise BadExpression(f"条件中不允许使用“{tree.sql()[:40]}”")


def _operands(tree: exp.Expr, kind: type[exp.Expr], names: Names) -> list[Node]:
    """Flatten a left-deep chain of one connector without recursion, since such chains may be long."""
    parts: list[exp.Expr] = []
    while isinstance(tree, kind):
        parts.append(tree.expression)
        tree = tree.this
    parts.append(tree)
    return [_condition(part, names) for part in reversed(parts)]


def negate(node: Node) -> Node:
    """This function will give the opposite of a condition, without doubled negations."""
    return node.item if isinstance(node, Not) else Not(node)


def _named(tree: exp.Column, names: Names) -> Node | Number:
    if len(tree.parts) != 1 or not isinstance(tree.this, exp.Identifier):
        raise BadExpression(f"条件中不允许使用“{tree.sql()[:40]}”")
    try:
        return names[fold(tree.name)]
    except KeyError:
        raise BadExpression(f"“{tree.name[:40]}”不是已声明的事实或派生条件") from None


@dataclass(frozen=True)
class _Linear:
    terms: dict[str, Fraction]
    constant: Fraction
    kind: str | None  # unit kind of the terms; None for a bare number


def _comparison(tree: exp.Expr, names: Names) -> Node:
    left, right = _linear(tree.this, names), _linear(tree.expression, names)
    kind = left.kind or right.kind
    if kind is None:
        raise BadExpression(f"比较两边都没有事实：{tree.sql()[:40]}")
    if left.kind and right.kind and left.kind != right.kind:
        raise BadExpression(f"比较两边单位不同：{tree.sql()[:40]}")
    scale = 100 if kind == "money" else 1
    constant = left.constant * (1 if left.kind else scale) - right.constant * (1 if right.kind else scale)
    terms = dict(left.terms)
    for fact, factor in right.terms.items():
        terms[fact] = terms.get(fact, Fraction(0)) - factor
    terms = {fact: factor for fact, factor in terms.items() if factor}
    if not terms:
        raise BadExpression(f"比较两边相同：{tree.sql()[:40]}")

    def above(strict: bool) -> Node:
        return _normal(terms, constant, strict=strict)

    match tree:
        case exp.GT():
            return above(True)
        case exp.GTE():
            return above(False)
        case exp.LT():
            return negate(above(False))
        case exp.LTE():
            return negate(above(True))
        case exp.EQ():
            return And((above(False), negate(above(True))))
    return Or((negate(above(False)), above(True)))


def _normal(terms: dict[str, Fraction], constant: Fraction, *, strict: bool) -> Node:
    ordered = sorted(terms.items())
    numbers = [factor for _, factor in ordered] + [constant]
    scale = Fraction(lcm(*(n.denominator for n in numbers)))
    scale /= gcd(*(int(n * scale) for n in numbers))
    if ordered[0][1] < 0:
        scale, strict = -scale, not strict
    whole = tuple((fact, int(factor * scale)) for fact, factor in ordered)
    made = Comparison(whole, int(constant * scale), strict)
    return made if scale > 0 else Not(made)


def _linear(tree: exp.Expr, names: Names) -> _Linear:
    match tree:
        case exp.Paren():
            return _linear(tree.this, names)
        case exp.Neg():
            return _times(_linear(tree.this, names), Fraction(-1))
        case exp.Literal() if not tree.is_string and _NUMBER.fullmatch(tree.name):
            return _Linear({}, Fraction(tree.name), None)
        case exp.Column():
            named = _named(tree, names)
            if not isinstance(named, Number):
                raise BadExpression(f"“{tree.name}”不是数值，不能参与比较")
            return _Linear({named.fact: Fraction(1)}, Fraction(0), named.kind)
        case exp.Mul():
            left, right = _linear(tree.this, names), _linear(tree.expression, names)
            if left.kind and right.kind:
                raise BadExpression(f"不允许两个事实相乘：{tree.sql()[:40]}")
            return _times(right, left.constant) if left.kind is None else _times(left, right.constant)
        case exp.Add() | exp.Sub():
            left, right = _linear(tree.this, names), _linear(tree.expression, names)
            if left.kind != right.kind:
                raise BadExpression(f"单位不同，不能相加减：{tree.sql()[:40]}")
            sign = 1 if isinstance(tree, exp.Add) else -1
            terms = dict(left.terms)
            for fact, factor in right.terms.items():
                terms[fact] = terms.get(fact, Fraction(0)) + sign * factor
            return _Linear(terms, left.constant + sign * right.constant, left.kind)
    raise BadExpression(f"比较中不允许使用“{tree.sql()[:40]}”")


def _times(linear: _Linear, factor: Fraction) -> _Linear:
    return _Linear({f: v * factor for f, v in linear.terms.items()}, linear.constant * factor, linear.kind)
