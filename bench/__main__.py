"""``python -m bench``: every figure that the README claims, in one run."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator

import click
import polars as pl

from bench import batch, clusters, intake, memory, plans, province, record, text, workbook
from bench.measure import Line, show

SECTIONS: dict[str, tuple[str, Callable[[int], Iterator[Line]], float]] = {
    "batch": ("A register of {:,}, 15 % of every fact unknown", batch.figures, 1),
    "memory": ("{:,} institutions", memory.figures, 10),
    "workbook": ("A workbook of {:,}, half of them not green", workbook.figures, 0.1),
    "clusters": ("{:,} institutions as SQL", clusters.figures, 0.1),
    "desk": ("The desk of a province with {:,} institutions", province.figures, 0.04),
    "intake": ("{:,} tips handed in at once", intake.figures, 0.004),
    "text": ("Texts: screening, and an index of {:,}", text.figures, 0.02),
    "plans": ("Action plans", plans.figures, 0),
    "record": ("One institution, over {:,}", record.figures, 1e-3),
}
"""By name: title, figures, and how many rows for each of ``--rows``."""


@click.command()
@click.option(
    "--rows", default=1_000_000, show_default=True, help="Institutions in the batch; the rest is in proportion."
)
@click.option("--quick", is_flag=True, help="A tenth of everything.")
@click.option("--only", type=click.Choice(list(SECTIONS)), multiple=True, help="Only this; may be given again.")
def main(rows: int, quick: bool, only: tuple[str, ...]) -> None:
    """Measure against the peers and print medians and ratios; they can only be compared within one run."""
    print(
        f"{os.cpu_count()} processors, {pl.thread_pool_size()} threads of Polars, load {os.getloadavg()[0]:.1f}; "
        f"ten million additions in Python take {_pace():.2f} s"
    )
    for name in only or SECTIONS:
        title, figures, share = SECTIONS[name]
        size = max(int(rows * share / (10 if quick else 1)), 100)
        show(title.format(size), figures(size))


def _pace() -> float:
    """How fast the machine is just now: what shares its processors may make it three times slower on another day."""
    started = time.perf_counter()
    total = 0
    for k in range(10_000_000):
        total += k
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
