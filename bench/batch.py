"""A register of a million: outcomes and full explanations as bit masks, against the peers and the bare scan."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import polars as pl

from bench import peers, registers
from bench.measure import Line, Median, at_least, at_most, in_turns
from shouhu.engines.rules.frame import Batch, Frame, by_row
from shouhu.engines.rules.plan import Plan
from shouhu.engines.rules.program import Program
from shouhu.engines.rules.rulesets import load

TIMES = 7
SCAN = "bare scan: sum of all fact columns"
OUTCOMES = "bare outcomes, as bit masks"
FULL = "full explanation, as bit masks"
BY_ROW = "full explanation, packed by institution"
NUMPY = "bare outcomes, numpy as OpenFisca does it"


def figures(rows: int) -> Iterator[Line]:
    """This function will measure, and give the lines of the table."""
    ruleset = load()
    plan = Plan(Program(ruleset))
    frame = registers.frame(plan.program, rows)
    outcomes = Batch.of(plan.program, [plan.fired, [plan.program.false(rule.condition) for rule in ruleset.rules]])
    full = Batch.of(plan.program, [plan.state, plan.fired, plan.open, plan.missing])
    masks = peers.Masks(ruleset, frame)
    samples = {name: peers.rows_of(frame, -(-rows // share)) for name, (_, share) in peers.ROW_BY_ROW.items()}
    others = {name: engine(ruleset, samples[name]) for name, (engine, _) in peers.ROW_BY_ROW.items()}

    true_false = [registers.booleans(plane, rows) for group in outcomes.run(frame) for plane in group]
    check_full(full.run(frame)[1:3], true_false)
    check_numpy(masks, true_false)
    for name, run in others.items():
        assert np.array_equal(run(), np.stack([c[: len(samples[name])] for c in true_false], axis=1)), name

    medians = in_turns(
        {
            SCAN: scan(frame),
            OUTCOMES: lambda: outcomes.run(frame),
            FULL: lambda: full.run(frame),
            BY_ROW: lambda: [by_row(planes, rows) for planes in full.run(frame)],
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
    yield at_least("bare outcomes against numpy", *times(medians[NUMPY], medians[OUTCOMES], 1))


def scan(frame: Frame) -> Callable[[], object]:
    """This function will make ready the sum of every column that the facts are held in: bounds, and planes of flags."""
    lengths = {len(series): [s for s in frame.columns if len(s) == len(series)] for series in frame.columns}
    tables = [pl.DataFrame([s.alias(str(k)) for k, s in enumerate(part)]) for part in lengths.values()]
    return lambda: [table.select(pl.all().sum()) for table in tables]


def timed(name: str, taken: Median, rows: int) -> Line:
    """The line of a median: rows a second, and the time for how many rows."""
    took = f"{taken.wall * 1e3:,.1f} ms for {rows:,} rows (processors {taken.cpu * 1e3:,.1f} ms)"
    return Line(name, f"{rows / taken.wall:,.0f}/s", took)


def times(longer: Median, shorter: Median, target: float) -> tuple[float, float, str, str]:
    """The ratio of two medians on the clock, its target, and the ratio of their processor time."""
    return longer.wall / shorter.wall, target, "x", f"in processor time {longer.cpu / shorter.cpu:.2f}x"


def check_full(groups: Sequence[Sequence[pl.Series]], true_false: Sequence[Any]) -> None:
    """This function will compare the planes of fired and open with is true and is false."""
    fired, is_open = ([registers.booleans(plane, len(true_false[0])) for plane in planes] for planes in groups)
    for rule, (holds, undecided) in enumerate(zip(fired, is_open, strict=True)):
        true, false = true_false[rule :: len(fired)]
        assert np.array_equal(true, holds), f"mask of fired rules, rule {rule}"
        assert np.array_equal(~(true | false), undecided), f"mask of open rules, rule {rule}"


def check_numpy(masks: peers.Masks, true_false: Sequence[Any]) -> None:
    """This function will compare the outcomes in numpy with ours."""
    for rule, pair in enumerate(masks.outcomes()):
        for ours, theirs in zip(true_false[rule :: len(true_false) // 2], pair, strict=True):
            assert np.array_equal(ours, theirs), f"numpy, rule {rule}"
