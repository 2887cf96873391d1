"""A register of a million: outcomes and full explanations as bit masks, against the peers and the bare scan."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import polars as pl

from bench import peers, registers
from bench.measure import Line, Median, at_least, at_most, in_turns
from shouhu.engines.rules.frame import ROWS_AT_ONCE, Batch, Frame, inputs
from shouhu.engines.rules.plan import Plan
from shouhu.engines.rules.program import Program
from shouhu.engines.rules.rulesets import load

TIMES = 7
SCAN = "bare scan: sum of all fact columns"
RAILS = "bare outcomes, as booleans"
MASKS = "bare outcomes, as bit masks"
FULL = "full explanation, as bit masks"
NUMPY = "bare outcomes, numpy as OpenFisca does it"


def figures(rows: int) -> Iterator[Line]:
    """This function will measure, and give the lines of the table."""
    ruleset = load()
    plan = Plan(Program(ruleset))
    frame = registers.frame(plan.program, rows)
    rails = Batch.of(plan.program, [plan.fired, [plan.program.false(rule.condition) for rule in ruleset.rules]])
    outcomes = Batch.of(plan.program, [plan.fired, plan.open])
    full = Batch.of(plan.program, [plan.state, plan.fired, plan.open, plan.missing])
    masks, columns = peers.Masks(ruleset, frame), pl.DataFrame([s.alias(str(k)) for k, s in enumerate(frame.columns)])
    samples = {name: peers.rows_of(frame, -(-rows // share)) for name, (_, share) in peers.ROW_BY_ROW.items()}
    others = {name: engine(ruleset, samples[name]) for name, (engine, _) in peers.ROW_BY_ROW.items()}

    true_false = [pl.concat(parts).to_numpy() for parts in zip(*booleans(rails, frame), strict=True)]
    check_masks(outcomes.run(frame), true_false)
    check_numpy(masks, true_false)
    for name, run in others.items():
        assert np.array_equal(run(), np.stack([c[: len(samples[name])] for c in true_false], axis=1)), name

    medians = in_turns(
        {
            SCAN: lambda: columns.select(pl.all().sum()),
            RAILS: lambda: booleans(rails, frame),
            MASKS: lambda: outcomes.run(frame),
            FULL: lambda: full.run(frame),
            NUMPY: masks.outcomes,
            **others,
        },
        TIMES,
    )
    for name, taken in medians.items():
        yield timed(name, taken, len(samples[name]) if name in samples else rows)
    best = min(samples, key=lambda name: medians[name].wall / len(samples[name]))
    faster = medians[best].wall / len(samples[best]) * rows / medians[FULL].wall
    yield at_least("full explanation against the best row by row", faster, 200, "x", best)
    yield at_most("full explanation against the bare scan", *times(medians[FULL], medians[SCAN], 3))
    yield at_least("bare outcomes (booleans) against numpy", *times(medians[NUMPY], medians[RAILS], 1))


def timed(name: str, taken: Median, rows: int) -> Line:
    """The line of a median: rows a second, and the time for how many rows."""
    took = f"{taken.wall * 1e3:,.1f} ms for {rows:,} rows (processors {taken.cpu * 1e3:,.1f} ms)"
    return Line(name, f"{rows / taken.wall:,.0f}/s", took)


def times(longer: Median, shorter: Median, target: float) -> tuple[float, float, str, str]:
    """The ratio of two medians on the clock, its target, and the ratio of their processor time."""
    return longer.wall / shorter.wall, target, "x", f"in processor time {longer.cpu / shorter.cpu:.2f}x"


def booleans(batch: Batch, frame: Frame) -> list[tuple[pl.Series, ...]]:
    """This function will run a batch in parts, as it runs itself, but leave its outputs as booleans."""

    def part(start: int) -> tuple[pl.Series, ...]:
        rows = min(ROWS_AT_ONCE, frame.rows - start)
        ones = pl.repeat(True, rows, dtype=pl.Boolean, eager=True)
        return batch.function.run(*inputs(batch.program, frame, start, rows, batch.function.inputs), ones, ~ones)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(part, range(0, frame.rows, ROWS_AT_ONCE)))


def check_masks(groups: Sequence[Sequence[pl.Series]], true_false: Sequence[Any]) -> None:
    """This function will compare the masks of fired and open with the booleans is true and is false."""
    fired, is_open = ([byte.to_numpy() for byte in mask] for mask in groups)
    count = len(true_false) // 2
    for rule, (true, false) in enumerate(zip(true_false[:count], true_false[count:], strict=True)):
        byte, bit = rule // 8, np.uint8(1 << rule % 8)
        assert np.array_equal(true, fired[byte] & bit != 0), f"mask of fired rules, rule {rule}"
        assert np.array_equal(~(true | false), is_open[byte] & bit != 0), f"mask of open rules, rule {rule}"


def check_numpy(masks: peers.Masks, true_false: Sequence[Any]) -> None:
    """This function will compare the outcomes in numpy with ours."""
    for rule, pair in enumerate(masks.outcomes()):
        for ours, theirs in zip(true_false[rule :: len(true_false) // 2], pair, strict=True):
            assert np.array_equal(ours, theirs), f"numpy, rule {rule}"
