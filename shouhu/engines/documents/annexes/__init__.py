"""
The official annexes of a run, as workbooks: one module a workbook, each with its own ``write``.

``write_all`` writes them together; what they share are ``rated`` (the rows in order), ``wording`` (how things are put),
``layout`` (the official table), ``styles`` (what text looks like) and ``workbook`` (XlsxWriter, a line at a time).
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

from shouhu.engines.documents.annexes import changes, colour_list, disposal, progress, questions, remarks, statistics
from shouhu.engines.documents.annexes.changes import UnreadablePrevious
from shouhu.engines.documents.annexes.rated import Rated, Tick
from shouhu.engines.documents.register import Register
from shouhu.engines.rules.ratings import Ratings

__all__ = ["Progress", "Rated", "UnreadablePrevious", "write_all"]

Progress = Callable[[str, int, int], None]
"""Told which workbook is being written, how many steps are done, and of how many."""


def write_all(
    out: Path,
    register: Register,
    ratings: Ratings,
    *,
    as_of: date,
    unit: str = "",
    previous: Path | None = None,
    progress: Progress | None = None,
) -> list[Path]:
    """
    This function will write every annex into the folder ``out`` (made if need be) and give their paths.

    The workbooks are finished in a folder beside ``out`` before the first is moved, so nothing half written is left;
    those of an earlier run with the same names are replaced.

    :param as_of: the day of the rating, printed as 填报日期; the same input gives the same bytes.
    :param unit: 填报单位; left to be filled in when empty.
    :param previous: the folder of a previous run, to compare with.
    :raises UnreadablePrevious: the previous run cannot be read; nothing is written.
    """
    rated = Rated(register, ratings, as_of, unit)
    jobs = _jobs(rated, changes.Comparison(rated, previous) if previous is not None else None)
    bar = _Bar(progress, n_jobs=len(jobs), n_rows=len(rated))
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as folder:
        for name, write in jobs:
            bar.start(name)
            write(Path(folder) / name, bar.tick)
        bar.finish()
        files = sorted(path.relative_to(folder) for path in Path(folder).rglob("*.xlsx"))
        for file in files:
            (out / file).parent.mkdir(exist_ok=True)
            os.replace(Path(folder) / file, out / file)
    return [out / file for file in files]


def _jobs(rated: Rated, comparison: changes.Comparison | None) -> list[tuple[str, Callable[[Path, Tick], None]]]:
    """The workbooks by file name, and the folder of the questions, each with what writes it."""
    new = comparison.new if comparison else None
    jobs: list[tuple[str, Callable[[Path, Tick], None]]] = [
        (f"{colour_list.TITLE}.xlsx", lambda path, tick: colour_list.write(path, rated, tick)),
        (f"{progress.TITLE}.xlsx", lambda path, tick: progress.write(path, rated, tick, new=new)),
        (f"{disposal.TITLE}.xlsx", lambda path, tick: disposal.write(path, rated, tick)),
        (f"{statistics.INSTITUTIONS_TITLE}.xlsx", lambda path, tick: statistics.write_institutions(path, rated, tick)),
        (f"{statistics.SITES_TITLE}.xlsx", lambda path, tick: statistics.write_sites(path, rated, tick)),
        (questions.FOLDER, lambda path, tick: questions.write(path, rated, tick)),
        (f"{remarks.TITLE}.xlsx", lambda path, tick: remarks.write(path, rated, tick)),
    ]
    if comparison:
        jobs.append((f"{changes.TITLE}.xlsx", lambda path, tick: changes.write(path, comparison, tick)))
    return jobs


class _Bar:
    """Turns the ticks of the writers into steps done, of equally many for every workbook."""

    def __init__(self, progress: Progress | None, *, n_jobs: int, n_rows: int) -> None:
        self.progress, self.n_jobs, self.n_rows = progress, n_jobs, max(1, n_rows)
        self.n_started = self.n_ticks = 0
        self.name = ""

    def start(self, name: str) -> None:
        """The next workbook begins."""
        self.name, self.n_ticks = Path(name).stem, 0
        self.n_started += 1
        self._tell()

    def tick(self) -> None:
        """One more institution is written."""
        self.n_ticks += 1
        if self.n_ticks % 500 == 0:
            self._tell()

    def finish(self) -> None:
        """Everything is written."""
        self.n_ticks = self.n_rows
        self._tell()

    def _tell(self) -> None:
        if self.progress:
            done = (self.n_started - 1) * self.n_rows + min(self.n_ticks, self.n_rows)
            self.progress(self.name, done, self.n_jobs * self.n_rows)
