"""
Exact bounds: what every way of filling the gaps reaches, and what some way reaches (COL-8).

Rule by rule, three-valued logic says too little: 未登记 with 大额 unknown is red or orange, so at least orange,
though neither rule is settled. The remedy is to join all rules of a colour and above into one condition, bring it
to a disjunction of terms and close that under consensus: of the prime implicants, one holds for certain exactly
when the condition does, and one is still possible exactly when the condition is (the atoms being independent).
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

from shouhu.engines.rules.expressions import And, Atom, Node, Not, Or

Literal = tuple[Atom, bool]
Term = frozenset[Literal]
MAX_TERMS = 1_000


class TooManyTerms(Exception):
    """The rules of one colour combine in too many ways for exact bounds."""


def prime_implicants(conditions: Iterable[Node]) -> list[Term]:
    """
    This function will give the prime implicants of ``condition OR condition OR …``, shortest first.

    :raises TooManyTerms: more than ``MAX_TERMS`` on the way.
    """
    found = _shortest([term for condition in conditions for term in terms(condition)])
    done: set[tuple[Term, Term]] = set()
    while True:
        new = set()
        for pair in combinations(found, 2):
            if pair not in done:
                done.add(pair)
                if (met := _consensus(*pair)) is not None and not any(term <= met for term in found):
                    new.add(met)
        if not new:
            return sorted(found, key=lambda term: (len(term), sorted(map(repr, term))))
        found = _shortest([*found, *new])


def terms(node: Node) -> list[Term]:
    """This function will bring one condition to a disjunction of terms."""
    return _terms(node, True)


def _terms(node: Node, positive: bool) -> list[Term]:
    match node:
        case Not(item):
            return _terms(item, not positive)
        case And(items) | Or(items):
            parts = [_terms(item, positive) for item in items]
            if isinstance(node, And) is not positive:
                return _shortest([term for part in parts for term in part])
            product: list[Term] = [frozenset()]
            for part in parts:
                product = _shortest([left | right for left in product for right in part if not _clash(left, right)])
            return product
    return [frozenset({(node, positive)})]


def _clash(left: Term, right: Term) -> bool:
    return any((atom, not positive) in right for atom, positive in left)


def _consensus(left: Term, right: Term) -> Term | None:
    opposed = [literal for literal in left if (literal[0], not literal[1]) in right]
    if len(opposed) != 1:
        return None
    atom, positive = opposed[0]
    return (left - {(atom, positive)}) | (right - {(atom, not positive)})


def _shortest(terms: Iterable[Term]) -> list[Term]:
    """Drop every term that a shorter one contains."""
    kept: list[Term] = []
    for term in sorted(set(terms), key=len):
        if not any(other <= term for other in kept):
            kept.append(term)
    if len(kept) > MAX_TERMS:
        raise TooManyTerms(f"规则组合过多（超过{MAX_TERMS}项），请拆分或简化条件")
    return kept
