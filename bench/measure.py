"""Timing in turns, and lines of figures with what they should reach."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from statistics import median

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Median:
    """Median seconds of one piece of work: on the clock, and of processor time over all threads."""

    wall: float
    cpu: float


def in_turns(works: Mapping[str, Callable[[], object]], times: int) -> dict[str, Median]:
    """This function will run every piece of work once to warm up, then A B C A B C … ``times`` times."""
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in works}
    for turn in range(times + 1):
        gc.collect()
        for name, work in works.items():
            wall, cpu = time.perf_counter(), time.process_time()
            work()
            if turn:
                taken[name].append((time.perf_counter() - wall, time.process_time() - cpu))
    return {name: Median(*(median(side) for side in zip(*pairs, strict=True))) for name, pairs in taken.items()}


@dataclass(frozen=True)
class Line:
    """One figure; ``reached`` is None where nothing in particular is aimed at."""

    what: str
    figure: str
    detail: str = ""
    target: str = ""
    reached: bool | None = None


def at_least(what: str, value: float, target: float, unit: str, detail: str) -> Line:
    """This function will give the line of a figure that should be high."""
    return Line(what, f"{value:,.1f}{unit}", detail, f">= {target:g}{unit}", value >= target)


def at_most(what: str, value: float, target: float, unit: str, detail: str) -> Line:
    """This function will give the line of a figure that should be low."""
    return Line(what, f"{value:,.2f}{unit}", detail, f"<= {target:g}{unit}", value <= target)


def show(title: str, lines: Iterable[Line]) -> None:
    """This function will print figures as a table."""
    table = Table("", "figure", "", "target", "", title=title, title_justify="left", title_style="bold")
    table.columns[1].justify = "right"
    for line in lines:
        mark = {None: "", True: "reached", False: "NOT reached"}[line.reached]
        table.add_row(line.what, line.figure, line.detail, line.target, mark)
    Console(width=max(Console().width, 140), soft_wrap=True).print(table)
