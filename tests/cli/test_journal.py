"""``shouhu journal verify``: whole, broken, unreadable; without Django."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from shouhu.cli import run
from shouhu.ledgers.journal.chain import ZERO, digest, noted_head


@pytest.fixture
def rows() -> list[dict[str, Any]]:
    made, previous = [], ZERO
    for seq in range(1, 8):
        row = {"seq": seq, "at": f"2026-11-18T02:30:0{seq}+00:00", "by": "P1", "verb": "v", "subject": f"thing/{seq}",
               "code": "", "fields": {}, "outcome": "done", "previous": previous}  # fmt: skip
        row["digest"] = previous = digest(row)
        made.append(row)
    return made


def written(path: Path, rows: list[dict[str, Any]], head: dict[str, Any] | None = None) -> str:
    lines = [*rows, {"head": head or {"seq": rows[-1]["seq"], "digest": rows[-1]["digest"]}}]
    path.write_text("\n".join(map(json.dumps, lines)) + "\n", "utf-8")
    return str(path)


def test_a_whole_file_gives_its_head(rows: list[dict[str, Any]], tmp_path: Path, capsys: Any) -> None:
    file = written(tmp_path / "journal.jsonl", rows)
    assert run(["journal", "verify", file]) == 0
    assert f"7 {rows[-1]['digest']}" in capsys.readouterr().out
    for head in (
        f"5 {rows[4]['digest']}",
        f"5:{rows[4]['digest']}",
        json.dumps({"seq": 5, "digest": rows[4]["digest"]}),
        f"0 {ZERO}",
    ):
        assert run(["journal", "verify", file, "--head", head]) == 0
    noted = tmp_path / "head.txt"
    noted.write_text(f"7 {rows[-1]['digest']}\n", "utf-8")
    assert run(["journal", "verify", file, "--head", str(noted)]) == 0


def test_each_break_is_told_by_its_number(rows: list[dict[str, Any]], tmp_path: Path, capsys: Any) -> None:
    ending = {"seq": 7, "digest": rows[-1]["digest"]}
    changed = [dict(row, by="P2") if row["seq"] == 3 else row for row in rows]
    for broken, told in ((changed, "第 3 条"), (rows[:3] + rows[4:], "第 4 条"), (rows[:5], "第 5 条")):
        assert run(["journal", "verify", written(tmp_path / "j.jsonl", broken, ending)]) == 1
        assert told in capsys.readouterr().out


def test_a_chain_cut_short_with_a_new_head_is_found_by_the_head_noted_elsewhere(
    rows: list[dict[str, Any]], tmp_path: Path
) -> None:
    cut = written(tmp_path / "cut.jsonl", rows[:5])
    assert run(["journal", "verify", cut]) == 0
    assert run(["journal", "verify", cut, "--head", f"7 {rows[-1]['digest']}"]) == 1


def test_what_is_no_journal_is_refused(rows: list[dict[str, Any]], tmp_path: Path, capsys: Any) -> None:
    for content in (b"", b"PK\x03\x04\xff", "姓名,电话".encode(), b'{"a": "\xff"}'):
        (tmp_path / "x.jsonl").write_bytes(content)
        assert run(["journal", "verify", str(tmp_path / "x.jsonl")]) == 2
    assert run(["journal", "verify", written(tmp_path / "j.jsonl", rows), "--head", "7 abc"]) == 2
    for text in ("", "7", "x " + ZERO, '{"seq": 7}', "[1]", "null"):
        with pytest.raises(ValueError, match=r"^"):
            noted_head(text)


def test_the_check_needs_no_web_framework() -> None:
    code = "import sys, shouhu.ledgers.journal.chain; sys.exit(any(name.split('.')[0] == 'django' for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], check=False).returncode == 0
