"""Ten million institutions, drawn and rated a part at a time, all masks kept: peak memory of the process."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator

import polars as pl

from bench import process, registers
from bench.measure import Line, at_most
from shouhu.engines.rules.frame import Batch
from shouhu.engines.rules.plan import Plan
from shouhu.engines.rules.program import Program
from shouhu.engines.rules.rulesets import load

PARTS = 10


def figures(rows: int) -> Iterator[Line]:
    """This function will measure in a process of its own, and give the lines of the table."""
    ran = process.run(sys.executable, "-m", "bench.memory", str(rows))
    rating, kept = json.loads(ran.output)
    detail = f"in {PARTS} parts; rating {rating:.1f} s of {ran.seconds:.0f} s, {kept / 1e6:,.0f} MB of masks kept"
    yield at_most("peak memory, full explanation", ran.peak / 1e9, 4, " GB", detail)


def main(rows: int) -> None:
    """This function will print the seconds of rating and the bytes of the masks."""
    plan = Plan(Program(load()))
    full = Batch.of(plan.program, [plan.state, plan.fired, plan.open, plan.missing])
    kept: list[pl.Series] = []
    rating = 0.0
    for part in range(PARTS):
        frame = registers.frame(plan.program, rows // PARTS, seed=part)
        start = time.perf_counter()
        kept += [word for words in full.run(frame) for word in words]
        rating += time.perf_counter() - start
    print(json.dumps([rating, sum(word.estimated_size() for word in kept)]))


if __name__ == "__main__":
    main(int(sys.argv[1]))
