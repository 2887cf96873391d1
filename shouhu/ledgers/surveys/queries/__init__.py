"""Surveys as a scope may see them: rounds and coverage, one's own work, sheets under review, the four looks."""

from shouhu.ledgers.surveys.queries.coverage import Row, coverage, rounds, total
from shouhu.ledgers.surveys.queries.looks import Looks, four_looks
from shouhu.ledgers.surveys.queries.sheets import (
    Change,
    answers_of,
    assignments,
    diff,
    mine,
    outcome,
    rivals,
    sheets,
    states,
    to_review,
    warnings,
)

__all__ = [
    "Change", "Looks", "Row", "answers_of", "assignments", "coverage", "diff", "four_looks", "mine", "outcome", "rivals", "rounds",
    "sheets", "states", "to_review", "total", "warnings",
]  # fmt: skip
