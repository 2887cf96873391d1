"""One institution at a time, as a form or a list wants it: microseconds, warm."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

from bench import registers
from bench.measure import Line, at_most
from shouhu.engines.rules import whatif
from shouhu.engines.rules.plan import Plan
from shouhu.engines.rules.record import evaluator
from shouhu.engines.rules.rulesets import load

ROUNDS = 5


def figures(rows: int) -> Iterator[Line]:
    """This function will measure over ``rows`` different records, and give the lines of the table."""
    one = evaluator(load())
    plan = Plan(one.program)
    function = one.function([*plan.state, *plan.fired, *plan.open, *plan.missing])
    records = registers.records(rows)
    settled = [one.settle(facts, None) for facts in records]

    def line(what: str, work: Callable[[Any], object], given: list[dict[str, Any]], target: float, unit: str) -> Line:
        taken = seconds(work, given)
        scale = {" us": 1e6, " ms": 1e3}[unit]
        slow = sorted(taken)[int(len(taken) * 0.99)]
        return at_most(
            what, median(taken) * scale, target, unit, f"{rows:,} records, 1 in 100 above {slow * scale:.2f}{unit}"
        )

    yield line(
        "outcome, fired, open, missing", lambda facts: one.run(function, one.settle(facts, None)), records, 50, " us"
    )
    yield line("next questions", lambda facts: whatif.ask(one, facts), settled, 5, " ms")
    yield line("what would have to change", lambda facts: whatif.ways_out(one, facts), settled, 5, " ms")


def seconds(work: Callable[[Any], object], records: list[dict[str, Any]]) -> list[float]:
    """This function will give the median seconds of every record over a few rounds, after one to warm up."""
    rounds = []
    for _ in range(ROUNDS + 1):
        taken = []
        for facts in records:
            start = time.perf_counter()
            work(facts)
            taken.append(time.perf_counter() - start)
        rounds.append(taken)
    return [median(each) for each in zip(*rounds[1:], strict=True)]
