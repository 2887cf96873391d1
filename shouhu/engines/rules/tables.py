"""Rating a register on Polars: settle the table, run the program over it, order the questions of what is open."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

import polars as pl

from shouhu.engines.rules.expressions import Comparison
from shouhu.engines.rules.frame import NEGATION, Batch, Frame, inputs, needed, settle, table, whole
from shouhu.engines.rules.plan import Plan
from shouhu.engines.rules.program import Program, WhatIf
from shouhu.engines.rules.whatif import order_questions, wanted_questions

if TYPE_CHECKING:
    Questions = Callable[[int], tuple[str, ...]]


def rate(
    plan: Plan, columns: Mapping[str, Sequence[Any]], as_of: date | None, progress: Callable[[int], None] | None
) -> tuple[list[list[int]], Questions]:
    """This function will compute the masks of a register, and a function that gives the questions of a row."""
    program = plan.program
    frame = settle(table(columns, needed(program)), program, as_of=as_of)
    masks = [whole(planes, frame.rows) for planes in batch(plan).run(frame)]
    if progress:
        progress(frame.rows)
    return masks, questions(program, frame, masks[-1])


@cache
def batch(plan: Plan) -> Batch:
    """This function will compile the plan of a rating for tables."""
    return Batch.of(plan.program, plan.groups)


def questions(program: Program, frame: Frame, asked: Sequence[int]) -> Questions:
    """This function will work out the order of questions for all rows with something to ask, and give it by row."""
    settled = whole(_what_ifs(program, frame), frame.rows)
    implying = list(frame.blank)
    blanks = list(zip(*(frame.blank[name].to_list() for name in implying), strict=True)) or [()] * frame.rows

    @cache
    def order(facts: int, blank: tuple[bool, ...], settles: int) -> tuple[str, ...]:
        names = [name for name, none in zip(implying, blank, strict=True) if none]
        return order_questions(program, wanted_questions(program, facts, names), settles)

    def of(row: int) -> tuple[str, ...]:
        return order(asked[row], blanks[row], settled[row]) if asked[row] else ()

    return of


def _what_ifs(program: Program, frame: Frame) -> list[pl.Series]:
    """For every way of answering a question, whether the plane of whether the colour is settled then."""
    function = program.function([program.settled], negation=NEGATION)
    exact = sorted({f for a in program.atoms if isinstance(a, Comparison) and len(a.terms) > 1 for f, _ in a.terms})
    names = (*function.inputs, *(f"x_{fact}" for fact in exact))
    base = dict(zip(names, inputs(program, frame, names), strict=True))
    ones = pl.repeat(255, frame.slice_rows, dtype=pl.UInt8, eager=True)

    def settled(way: WhatIf) -> pl.Series:
        given = dict(base)
        for fact in way.answered:
            given[f"k_{fact}"] = ones
        for place, truth in way.outcome.items():
            atom = program.atoms[place]
            others = [f for f, _ in atom.terms if f != way.fact] if isinstance(atom, Comparison) else []
            alone = ones
            for fact in others if not way.regardless else ():
                alone = alone & ~base[f"x_{fact}"]
            moved, other = (f"t{place}", f"f{place}") if truth else (f"f{place}", f"t{place}")
            if moved in base and other in base:
                given[moved] = base[moved] | (alone & ~base[other])
        (plane,) = function.run(*[given[name] for name in function.inputs], ones, ~ones)
        assert isinstance(plane, pl.Series)
        return plane

    return [settled(way) for way in program.answers]
