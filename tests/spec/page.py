"""
``docs/spec.md`` from the specification tests: their docstrings and their tables, so that the page cannot drift.

    python -m tests.spec.page            writes docs/spec.md
    python -m tests.spec.page --check    exits with 1 if docs/spec.md is not what the tests say
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path

SPEC = Path(__file__).parent
PAGE = SPEC.parents[1] / "docs" / "spec.md"
HEAD = """\
# Specification

Generated from `tests/spec` by `make spec`; every table below is a test that ran. Do not edit by hand.
"""


def page(root: Path = SPEC) -> str:
    """This function will give the page: a chapter for each folder, a section for each module that tells a table."""
    parts, chapter = [HEAD], None
    for path in sorted(root.rglob("test_*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        tables = list(_tables(tree))
        if not tables:
            continue
        if path.parent != chapter:
            chapter = path.parent
            parts.append(f"## {chapter.name.replace('_', ' ').capitalize()}\n")
        title, _, rest = (ast.get_docstring(tree) or path.stem).partition("\n")
        parts.append(f"### {title}\n")
        if rest.strip():
            parts.append(rest.strip() + "\n")
        for table in tables:
            parts.append(table + "\n")
    return "\n".join(parts)


def _tables(tree: ast.Module) -> Iterator[str]:
    """The module's strings named SPEC…, in order, as Markdown."""
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=text) if name.startswith("SPEC"):
                yield _markdown(cleandoc(ast.literal_eval(text)))


def _markdown(text: str) -> str:
    """A table whose rows all have the same columns, set off by ``|``; anything else stands as it was written."""
    rows = [[cell.strip() for cell in line.split("|")] for line in text.splitlines() if line.strip()]
    if len(rows) < 2 or len({len(row) for row in rows}) != 1 or len(rows[0]) == 1:
        return f"```text\n{text}\n```"
    rows.insert(1, ["---"] * len(rows[0]))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def main(argv: list[str]) -> int:
    """This function will write the page, or with ``--check`` compare it, and return an exit code."""
    if argv == ["--check"]:
        if PAGE.exists() and PAGE.read_text("utf-8") == page():
            return 0
        print("docs/spec.md is not current: run make spec")
        return 1
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
