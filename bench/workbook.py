"""``shouhu rate`` from end to end: a register workbook in, every list and annex out."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TypeVar

from bench import process
from bench.measure import Line, at_most
from shouhu.demo.big import write_big_register
from shouhu.engines.documents.reading import read_registers
from shouhu.engines.documents.register import cell_lines, register_lines
from shouhu.engines.documents.runs import rating_lines
from shouhu.engines.rules import ratings
from shouhu.engines.rules.facts import declared
from shouhu.engines.rules.rulesets import load

AS_OF = date(2026, 6, 1)
T = TypeVar("T")


def figures(rows: int) -> Iterator[Line]:
    """This function will measure in processes of their own, and give the lines of the table."""
    with tempfile.TemporaryDirectory() as folder:
        register = write_big_register(Path(folder) / "register.xlsx", rows, as_of=AS_OF)
        command = ["-m", "shouhu.cli", "rate", str(register), "--out", f"{folder}/out", "--as-of", str(AS_OF), "--yes"]
        ran = process.run(sys.executable, *command)
        written = [path for path in Path(folder, "out").rglob("*") if path.is_file()]
        size = sum(path.stat().st_size for path in written)
        about = f"{rows:,} rows x {len(declared())} columns, {len(written)} files, {size / 1e6:,.0f} MB written"
        yield at_most("shouhu rate", ran.seconds, 80, " s", about)
        yield at_most("peak memory", ran.peak / 1e9, 1.5, " GB", "")
        stages = json.loads(process.run(sys.executable, "-m", "bench.workbook", str(register), folder).output)
        detail = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in stages.items())
        yield at_most("of which", sum(stages.values()), 25, " s", detail)


def main(register_path: Path, folder: Path) -> None:
    """This function will print the seconds of reading, rating, and writing the three files of lines."""
    seconds: dict[str, float] = {}

    def timed(name: str, work: Callable[[], T]) -> T:
        start = time.perf_counter()
        done = work()
        seconds[name] = time.perf_counter() - start
        return done

    register = timed("reading", lambda: read_registers([register_path], as_of=AS_OF))
    rated = timed("rating", lambda: ratings.rate(register.columns, load(), as_of=AS_OF, row_flags=register.flags))

    def write() -> None:
        lines = {
            "ratings": rating_lines(register, rated),
            "register": register_lines(register),
            "cells": cell_lines(register),
        }
        for name, content in lines.items():
            with (folder / f"{name}.jsonl").open("wb") as file:
                file.writelines(content)

    timed("jsonl", write)
    print(json.dumps(seconds))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
