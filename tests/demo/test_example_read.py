"""The example read back: every cell is what the district says, or is reported; nothing is silently wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from shouhu.demo.big import write_big_register
from shouhu.demo.district import district
from shouhu.demo.reports import REPORTS, standing_in
from shouhu.engines.documents.reading import read_registers
from shouhu.engines.documents.register import Register
from shouhu.engines.rules import rulesets
from shouhu.engines.rules.facts import declared
from shouhu.engines.rules.ratings import rate

AS_OF = date(2026, 6, 1)
INVENTED = district(as_of=AS_OF)
BY_NAME = {one.name: one for one in INVENTED.institutions}


@pytest.fixture(scope="module")
def reports(example: list[Path]) -> Register:
    return read_registers([example[1].parent])


def _silently_wrong(register: Register, told: Mapping[str | None, tuple[str, ...]]) -> Iterator[tuple[Any, ...]]:
    """Cells that hold something else than the district says, unsaid in any remark; ``told`` names a sheet's facts."""
    rows = {(remark.sheet, re.sub("[A-Z]+", "", remark.cell)) for remark in register.cells if remark.cell}
    columns = {(remark.sheet, remark.column) for remark in register.cells if not remark.cell}
    for place, (sheet, row) in enumerate(zip(register.sheets, register.rows, strict=True)):
        one = BY_NAME[register.columns["name"][place]]
        for name, fact in declared().items():
            read, wanted = register.columns[name][place], one.facts[name] if name in told[sheet] else None
            if read == wanted or (read is None and ((sheet, str(row)) in rows or (sheet, fact.title) in columns)):
                continue
            if name == "uscc" and (sheet, str(row)) in rows:
                continue  # kept as written, and reported
            yield sheet, row, one.name, name, wanted, read


def test_register_reads_back_whole(example: list[Path]) -> None:
    register = read_registers([example[0]])
    assert sorted(register.columns["name"]) == sorted(BY_NAME)
    assert register.missing == []
    told = dict.fromkeys(set(register.sheets), tuple(declared()))
    assert list(_silently_wrong(register, told)) == []


def test_reports_read_back_or_say_what_they_could_not_read(reports: Register) -> None:
    told: dict[str | None, tuple[str, ...]] = {}
    for report in REPORTS:
        for part in report.parts:
            told[f"{report.file}/{part.name}" if part.name else report.file] = part.facts
    assert list(_silently_wrong(reports, told)) == []


def test_reports_give_every_row_in_its_place(reports: Register) -> None:
    for report in REPORTS:
        for part in report.parts:
            label = f"{report.file}/{part.name}" if part.name else report.file
            read = [name for sheet, name in zip(reports.sheets, reports.columns["name"], strict=True) if sheet == label]
            assert read == [one.name for one in standing_in(report, part, INVENTED)], label
    assert len(reports) == len(BY_NAME) + 1


def test_codes_that_cannot_be_right_are_reported(reports: Register) -> None:
    said = {(remark.sheet, remark.content) for remark in reports.cells if remark.column == "统一社会信用代码"}
    assert {sheet for sheet, _ in said} >= {"04荻浦街道.xlsx/Sheet1", "10栖禾镇.xlsx/Sheet1"}


def test_institution_that_stands_twice_is_flagged(reports: Register) -> None:
    twice = [name for name, flags in zip(reports.columns["name"], reports.flags, strict=True) if "duplicate" in flags]
    assert sorted(twice) == sorted([standing_in(REPORTS[9], REPORTS[9].parts[0], INVENTED)[0].name] * 2)


@pytest.mark.parametrize("ending", ["xlsx", "parquet"])
def test_half_of_a_big_register_is_green(ending: str, tmp_path: Path) -> None:
    register = read_registers([write_big_register(tmp_path / f"big.{ending}", 400, as_of=AS_OF)])
    assert len(register) == 400
    assert not any("duplicate" in flags for flags in register.flags)
    ratings = rate(register.columns, rulesets.load("001"), as_of=AS_OF)
    assert ratings.colours.count("green") == 200
