"""The example's files: the same bytes every time, text that stays text, and marked as invented."""

from __future__ import annotations

import hashlib
import zipfile
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from openpyxl import Workbook, load_workbook

from shouhu.demo.big import write_big_register
from shouhu.demo.district import district
from shouhu.demo.example import write_example
from shouhu.demo.hands import chinese
from shouhu.engines.rules.facts import declared

AS_OF = date(2026, 6, 1)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def books(example: list[Path]) -> dict[str, Workbook]:
    return {path.name: load_workbook(path) for path in example if path.suffix == ".xlsx"}


def test_example_is_one_register_and_twelve_reports(example: list[Path]) -> None:
    assert example[0].name == "示例台账.xlsx"
    assert {path.parent.name for path in example[1:]} == {"各镇街报送"}
    assert [path.name[:2] for path in example[1:]] == [f"{number:02d}" for number in range(1, 13)]
    assert all(path.is_file() for path in example)


def test_example_has_the_same_bytes_twice(example: list[Path], tmp_path: Path) -> None:
    again = write_example(tmp_path, as_of=AS_OF)
    assert [_sha256(path) for path in again] == [_sha256(path) for path in example]
    other = write_example(tmp_path / "other", as_of=AS_OF, seed=2)
    assert _sha256(other[0]) != _sha256(example[0])


def test_every_file_says_that_it_is_invented(example: list[Path], books: dict[str, Workbook]) -> None:
    for path in example:
        if path.suffix == ".csv":
            text = path.read_text("gbk" if path.name.startswith("02") else "utf-8-sig")
        else:
            text = "".join(str(sheet.cell(row, 1).value) for sheet in books[path.name] for row in range(1, 4))
        assert "演示数据" in text, path.name


def test_only_sums_and_a_failed_look_up_are_formulas(books: dict[str, Workbook]) -> None:
    cells = [cell for book in books.values() for sheet in book for row in sheet.iter_rows() for cell in row]
    formulas = [str(cell.value) for cell in cells if cell.data_type == "f"]
    assert formulas
    assert all(text.startswith("=SUM(") or text == "=NA()" for text in formulas)


def test_register_holds_every_institution_once(books: dict[str, Workbook]) -> None:
    rows = [row for sheet in books["示例台账.xlsx"] for row in sheet.iter_rows(min_row=5, values_only=True)]
    names = [str(row[1]) for row in rows if isinstance(row[0], int)]
    assert sorted(names) == sorted(one.name for one in district(as_of=AS_OF).institutions)


def test_numerals_are_written_as_people_write_them() -> None:
    figures = (0, 10, 18, 20, 101, 110, 118, 1003, 1200, 9999)
    numerals = "零 十 十八 二十 一百零一 一百一十 一百一十八 一千零三 一千二百 九千九百九十九"
    assert [chinese(number) for number in figures] == numerals.split()


def test_big_register_has_every_column_and_its_own_names(tmp_path: Path) -> None:
    parquet = pl.read_parquet(write_big_register(tmp_path / "big.parquet", 3000, as_of=AS_OF))
    assert parquet.columns == list(declared())
    assert parquet["name"].n_unique() == parquet["phone"].len() == 3000
    assert parquet["uscc"].drop_nulls().is_unique().all()

    book = write_big_register(tmp_path / "big.xlsx", 200, as_of=AS_OF)
    rows = list(load_workbook(book).worksheets[0].iter_rows(values_only=True))
    assert list(rows[0]) == [fact.heading for fact in declared().values()]
    assert [row[0] for row in rows[1:]] == parquet["name"].head(200).to_list()


def test_big_register_has_the_same_bytes_twice(tmp_path: Path) -> None:
    once, twice = (write_big_register(tmp_path / f"{name}.xlsx", 100, as_of=AS_OF) for name in ("a", "b"))
    assert _sha256(once) == _sha256(twice)
    with zipfile.ZipFile(once) as parts:
        assert {part.date_time[0] for part in parts.infolist()} == {1980}  # no clock
