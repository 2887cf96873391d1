"""Hostile, damaged and mistaken files: refused with a sentence or read as text, in bounded time and memory."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest

from shouhu.engines.documents.grids.grid import RefusedInput
from shouhu.engines.documents.reading import read_registers
from tests.engines.documents import hostile, mistaken
from tests.engines.documents.offices import packed, small_workbook, workbook

SECONDS = 5
MEGABYTES = 300


@pytest.mark.parametrize("suffix", [".et", ".wps", ".doc", ".docx", ".xlsm", ".xlsb", ".pdf", ".exe", ""])
def test_other_kinds_are_refused_with_what_to_do(tmp_path: Path, suffix: str) -> None:
    with pytest.raises(RefusedInput, match="另存为"):
        read_registers([hostile.put(tmp_path / f"台账{suffix}", b"x" * 100)])


@pytest.mark.parametrize("make", hostile.REFUSED, ids=lambda make: make.__name__)
def test_hostile_files_are_refused_in_good_time(tmp_path: Path, make: hostile.Maker) -> None:
    path = make(tmp_path)
    start = time.process_time()
    with pytest.raises(RefusedInput, match=r"^台账\.\w+：.{6,}"):
        read_registers([path])
    assert time.process_time() - start < SECONDS


@pytest.mark.parametrize("make", hostile.READ_AS_TEXT, ids=lambda make: make.__name__)
def test_files_that_look_dangerous_are_read_without_harm(tmp_path: Path, make: hostile.Maker) -> None:
    path = make(tmp_path)
    start = time.process_time()
    register = read_registers([path])
    assert len(register) >= 1
    assert time.process_time() - start < SECONDS


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    register = read_registers([hostile.formulas_that_call_programs(tmp_path)])
    assert register.columns["name"] == ["=cmd|'/c calc'!A1"]
    assert register.columns["address"] == ["+SUM(1)"]
    register = read_registers([hostile.csv_of_formulas(tmp_path)])
    assert register.columns["name"] == ["=1+1", "-甲", "丙"]
    assert register.columns["address"] == ["@x", "+乙", "丁"]


MEASURE = """
import sys
from pathlib import Path
from shouhu.engines.documents.reading import RefusedInput, read_registers
def peak():  # not ru_maxrss, which a process inherits from the one that started it
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) // 1024
before = peak()
for path in sys.argv[1:]:
    try:
        read_registers([Path(path)])
    except RefusedInput:
        pass
print(peak() - before)
"""
_HEAVY = (
    hostile.flat_bomb, hostile.bomb_of_equal_cells, hostile.bomb_of_shared_strings, hostile.bomb_of_styles, hostile.many_entries,
    hostile.ods_of_repeated_cells, hostile.wide_rows_many_times,
    hostile.millions_of_merged_cells, hostile.a_last_row, hostile.formatted_down_to_the_end, mistaken.csv_with_an_endless_cell,
    mistaken.csv_with_endless_columns,
    mistaken.noise_as_parquet,
)  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="measures memory as Linux tells it")
def test_hostile_files_take_little_memory(tmp_path: Path) -> None:
    made = []
    for make in _HEAVY:
        (tmp_path / make.__name__).mkdir()
        made.append(str(make(tmp_path / make.__name__)))
    result = subprocess.run(
        [sys.executable, "-c", MEASURE, *made],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    assert 0 < int(result.stdout) < MEGABYTES


def test_sound_files_with_bytes_changed_at_random_are_read_or_refused(tmp_path: Path) -> None:
    """Any other exception than a refusal fails here; the seed is the number of the file."""
    sound = {
        hostile.SHEET: hostile.sheet(hostile.cell("A3", "乙院") + hostile.cell("A4", "丙院")),
        **{k: v for k, v in small_workbook().items() if k != hostile.SHEET},
    }
    outcomes = {True: 0, False: 0}
    for seed in range(200):
        lot = Random(seed)
        name = lot.choice(list(sound))
        content = bytearray(sound[name])
        for _ in range(lot.randint(1, 6)):
            at = lot.randrange(len(content))
            content[at : at + lot.randint(0, 3)] = (
                lot.randbytes(lot.randint(0, 3))
                if lot.random() < 0.5
                else lot.choice([b"<", b">", b'"', b"</c>", b"<row", b"&"])
            )
        path = packed(tmp_path / "台账.xlsx", {**sound, name: bytes(content)})
        try:
            read_registers([path])
            outcomes[True] += 1
        except RefusedInput:
            outcomes[False] += 1
    assert min(outcomes.values()) > 10, outcomes


def test_sound_files_cut_off_at_random_are_refused(tmp_path: Path) -> None:
    whole = workbook(tmp_path / "全.xlsx", [["机构名称", "床位数"], ["甲", 1]]).read_bytes()
    for seed in range(40):
        with pytest.raises(RefusedInput):
            read_registers([hostile.put(tmp_path / "台账.xlsx", whole[: Random(seed).randrange(len(whole) - 1)])])
