"""Reading action plans: a plan of twenty pages as text and as a Word file."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from bench.measure import Line, at_most
from shouhu.engines.plans import papers, reader

GOLD = Path(__file__).parent.parent / "tests" / "engines" / "plans" / "gold"
CHARACTERS_A_PAGE = 616
"""22 lines of 28 characters, as official documents have."""
PAGES, SECONDS, TIMES = 20, 1.0, 5


def figures(_: int) -> Iterator[Line]:
    """This function will read a plan of twenty pages, which is put together from our own plans."""
    texts = (file.read_text("utf-8") for file in sorted(GOLD.glob("*_*.txt")))
    text = "\n".join(texts)[: PAGES * CHARACTERS_A_PAGE]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "方案.docx"
        _write(file, text)
        ways: dict[str, Callable[[], object]] = {
            "text": lambda: reader.plan(papers.from_text(text, "方案")), "docx": lambda: reader.plan(papers.read(file)),
        }  # fmt: skip
        for name, way in ways.items():
            seconds = []
            for _again in range(TIMES):
                started = time.perf_counter()
                way()
                seconds.append(time.perf_counter() - started)
            yield at_most(f"a plan of {PAGES} pages, {name}", median(seconds), SECONDS, " s",
                          f"{len(text):,} characters; the first time {seconds[0]:.2f} s")  # fmt: skip


def _write(file: Path, text: str) -> None:
    from docx import Document  # of the extra [dev]

    document = Document()
    for line in text.splitlines():
        document.add_paragraph(line)
    document.save(str(file))
