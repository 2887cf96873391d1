"""What the READMEs show is what the commands print."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from shouhu import cli

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.zh.md")
LEFT_OUT = "…"


def tour(name: str) -> str:
    """This function will give the console block of a README."""
    block = re.search(r"```console\n(.*?)```", (ROOT / name).read_text("utf-8"), re.DOTALL)
    assert block
    return block[1]


def steps(block: str) -> Iterator[tuple[list[str], list[str]]]:
    """This function will give each command with the lines that it is shown to print."""
    for step in block.split("$ shouhu ")[1:]:
        command, *lines = step.splitlines()
        yield shlex.split(command), [line.rstrip() for line in lines if line != LEFT_OUT]


def test_both_languages_show_the_same_tour() -> None:
    assert tour(READMES[0]) == tour(READMES[1])


def test_the_tour_is_what_the_commands_print(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "110")
    n_commands = 0
    for command, shown in steps(tour(READMES[0])):
        assert cli.run(command) in (0, 1)
        printed = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
        assert [line for line in shown if line not in printed] == []
        n_commands += 1
    assert n_commands >= 3
