"""A run: a register rated under one rule set, and its folder of annexes and machine-readable files."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import orjson

import shouhu
from shouhu.engines.documents.annexes import write_all
from shouhu.engines.documents.register import Register, cell_lines, register_lines
from shouhu.engines.rules.ratings import SEVERITY, Ratings

Progress = Callable[[str, int, int], None]
_EVERY = 1_000


def write_run(
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
    This function will write a run into the folder ``out`` and give the paths of its files (docs/files.md).

    Everything is finished in a folder beside ``out`` first; then the files of an earlier run there, as its run.json
    names them, give way to the new ones. The same input, rules and ``as_of`` give the same bytes.

    :param unit: 填报单位; left to be filled in when empty.
    :param previous: the folder of an earlier run to compare with; it may be ``out`` itself.
    :raises UnreadablePrevious: the earlier run cannot be read; nothing is written.
    """
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as folder:
        staged = Path(folder) / "run"
        staged.mkdir()
        _write_lines(staged / "ratings.jsonl", _told(rating_lines(register, ratings), len(register), progress))
        _write_lines(staged / "register.jsonl", register_lines(register))
        _write_lines(staged / "cells.jsonl", cell_lines(register))
        write_all(staged, register, ratings, as_of=as_of, unit=unit, previous=previous, progress=progress)
        names = [
            *sorted(path.relative_to(staged).as_posix() for path in staged.rglob("*.*") if path.is_file()),
            "run.json",
        ]
        about = describe(register, ratings, as_of=as_of, files=names)
        (staged / "run.json").write_bytes(orjson.dumps(about, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        _clear(out, keep=names)
        for name in names:
            (out / name).parent.mkdir(exist_ok=True)
            os.replace(staged / name, out / name)
    return [out / name for name in names]


def rating_lines(register: Register, ratings: Ratings) -> Iterator[bytes]:
    """This function will give ratings.jsonl line by line."""
    names = register.columns["name"]
    for sheet, row, name, rating in zip(register.sheets, register.rows, names, ratings, strict=True):
        line = {"sheet": sheet, "row": row, "name": name, **rating.fields()}
        yield orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)


def describe(register: Register, ratings: Ratings, *, as_of: date, files: list[str]) -> dict[str, Any]:
    """This function will give run.json: versions, hashes of input and rule set, as_of, reading, counts, files."""
    ruleset = ratings.ruleset
    return {
        "versions": {"shouhu": shouhu.__version__, "ruleset": ruleset.id},
        "ruleset": {"id": ruleset.id, "title": ruleset.title, "sha256": ruleset.sha256},
        "reading": {"complaint": ruleset.complaint},
        "as_of": as_of.isoformat(),
        "inputs": [{"name": s.name, "sha256": s.sha256, "rows": s.rows} for s in register.sources],
        "counts": {
            "rows": len(register),
            "colour": _counted(ratings.colours),
            "listed": _counted(ratings.listed),
            "remarks": len(register.cells),
        },
        "missing": register.missing,
        "files": files,
    }


def _counted(colours: Iterable[str]) -> dict[str, int]:
    found = Counter(colours)
    return {colour: found[colour] for colour in SEVERITY}


def _told(lines: Iterator[bytes], total: int, progress: Progress | None) -> Iterator[bytes]:
    for done, line in enumerate(lines, 1):
        yield line
        if progress and (done % _EVERY == 0 or done == total):
            progress("评定结果", done, total)


def _write_lines(path: Path, lines: Iterable[bytes]) -> None:
    with path.open("wb") as file:
        file.writelines(lines)


def _clear(out: Path, *, keep: Iterable[str]) -> None:
    """Remove what an earlier run left here and this one does not replace, such as the questions of a town now clear."""
    try:
        earlier = orjson.loads((out / "run.json").read_bytes())["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return
    for name in set(map(str, earlier)) - set(keep):
        path = (out / name).resolve()
        if path.is_relative_to(out.resolve()) and path.suffix in (".xlsx", ".jsonl"):
            path.unlink(missing_ok=True)
