"""The canonical register: what is written reads back the same, in every spreadsheet format, with the same bytes."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shouhu.engines.documents.canonical import write_register, written
from shouhu.engines.documents.cells import read_column
from shouhu.engines.documents.numbers import Unreadable, read_number
from shouhu.engines.documents.reading import read_registers
from shouhu.engines.documents.register import Register
from shouhu.engines.rules.facts import PERSONS, Fact, declared
from shouhu.engines.rules.values import UNNAMED, Approximate
from tests.engines.documents.offices import Rows, workbook

WORDS = st.text(
    st.characters(categories=("L", "N", "P", "S"), exclude_characters="\u115f\u1160\u3164\uffa0\ufffc\ufffd"),
    min_size=7,
    max_size=20,
)
QUALIFIED = ["约{}", "近{}", "{}余", "{}以上", "{}以下", "超过{}", "不满{}", "{}-{}9"]


def numbers(fact: Fact) -> st.SearchStrategy[Any]:
    """Numbers of a fact, exact ones and whatever its qualified texts read as."""
    exact: st.SearchStrategy[Any] = st.integers(0, 10_000_000)
    if fact.type != "count":
        exact |= st.integers(0, 10_000_000).map(lambda cents: cents // 100 if cents % 100 == 0 else cents / 100)
    if fact.name == "monthly_fee":
        exact = st.integers(1, 20_000)

    def qualified(pair: tuple[str, int]) -> Any:
        try:
            return read_number(pair[0].format(pair[1], pair[1]), fact)
        except Unreadable:
            return None

    return st.none() | exact | st.tuples(st.sampled_from(QUALIFIED), st.integers(1, 20_000)).map(qualified)


def values(fact: Fact) -> st.SearchStrategy[Any]:
    """Values that a register may hold for a fact."""
    if fact.name == "uscc":
        return st.none() | st.text("0123456789ABCDEFGH", min_size=18, max_size=18)
    if fact.is_number:
        return numbers(fact)
    if fact.type == "yes_no":
        return st.none() | st.booleans()
    if fact.type == "choice":
        return st.none() | st.sampled_from(list(fact.choices))
    if fact.type == "date":
        return st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31))
    if fact.type == "persons":
        some = st.sets(st.sampled_from(PERSONS)).map(lambda chosen: tuple(p for p in PERSONS if p in chosen))
        return st.none() | some | st.just((UNNAMED,))
    if fact.type == "names":
        names = st.lists(
            st.text("甲乙丙丁福寿", min_size=1, max_size=5).map(lambda n: f"{n}公司"), min_size=1, max_size=3
        ).map(tuple)
        return st.none() | st.booleans() | names
    text = WORDS.filter(lambda words: read_column(fact, [words], Fraction(1), {}) == ([words], []))
    return text if fact.name == "name" else st.none() | text


def register_of(rows: Sequence[dict[str, Any]]) -> Register:
    columns = {name: [row[name] for row in rows] for name in declared()}
    return Register(columns, [None] * len(rows), list(range(2, len(rows) + 2)), [()] * len(rows), [], [], [])


ROWS = st.lists(
    st.fixed_dictionaries({name: values(fact) for name, fact in declared().items()}), min_size=1, max_size=3
)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_every_canonical_value_reads_back(data: st.DataObject) -> None:
    """Cell by cell, without a file, so that many more values can be tried."""
    fact = data.draw(st.sampled_from(list(declared().values())))
    value = data.draw(values(fact))
    if value is not None:
        assert read_column(fact, [written(fact, value)], Fraction(1), {}) == ([value], [])


@settings(max_examples=25, deadline=None)
@given(ROWS)
def test_register_written_and_read_again_is_the_same(rows: list[dict[str, Any]]) -> None:
    register = register_of(rows)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "台账.xlsx"
        write_register(register, path)
        again = read_registers([path])
    impossible = {remark.cell for remark in again.cells if "按未知处理" in remark.why}
    if not impossible:
        assert again.columns == register.columns
    assert (again.rows, again.missing) == (register.rows, [])


def sample() -> Register:
    """A register with every kind of value, and text that spreadsheet programs like to change."""
    rows: list[dict[str, Any]] = []
    for at, name in enumerate(("=1+1养老服务中心", "001号院", "@幸福里养老服务站", "1-2", "https://example.invalid/a")):
        row: dict[str, Any] = dict.fromkeys(declared())
        row |= {
            "name": name, "uscc": "52330106MJ8712345X", "registered": "未登记", "phone": "00571-99999999",
            "n_beds": Approximate(30, "余", 31, 39),
            "monthly_fee": Approximate(None, "至", 1800, 4500), "takes_prepayment": True, "max_prepayment": 5000.25, "prepaid_months": at,
            "funds_regular": False, "complained": (), "prosecuted": ("投资人", "机构"), "blacklisted": (UNNAMED,),
            "related_companies": ("甲公司", "乙中心"),
            "surveyed_on": date(2022, 5, 31), "surveyor": "+王一",
        }  # fmt: skip
        rows.append(row)
    return register_of(rows)


def test_same_register_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_register(sample(), tmp_path / f"{name}.xlsx")
    first, second = (hashlib.sha256((tmp_path / f"{name}.xlsx").read_bytes()).hexdigest() for name in ("a", "b"))
    assert first == second


def test_canonical_register_as_another_program_sees_it(tmp_path: Path) -> None:
    write_register(sample(), tmp_path / "台账.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "台账.xlsx").worksheets[0]
    assert [cell.value for cell in sheet[1]] == [fact.heading for fact in declared().values()]
    assert [cell.value for cell in sheet["A"]][1:] == sample().columns["name"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d", "inlineStr"}


DIRTY: Rows = [
    ["城关镇养老机构台账"],
    ["序号", "机构名称", "床位数", "预付费", None, "排查日期", "资产总额", "所在村居"],
    [None, None, None, "人数", "金额（万元）", None, None, None],
    [1, "甲养老院", "约30", 12, 3.5, date(2022, 5, 31), 5, "东村"],
    [2, "乙养老院", "=1/0", "30余", "5万元", "2022.6.1", 500000, None],
    [3, "丙养老院", 20, "/", None, None, 7, "西村"],
    ["合计", None, 60, 42, None, None, None, None],
]
MERGES = ["A1:H1", "A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:F3", "G2:G3", "H2:H3", "H4:H5"]
FORMATS = {"G4": '0"万元"', "G5": '0"."0,"万元"'}


@pytest.fixture(scope="module", params=["xls", "ods", "xlsx"])
def converted(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the canonical sample and a dirty register, as LibreOffice saves them in another format."""
    office = shutil.which("soffice")
    if not office:
        pytest.skip("LibreOffice (soffice) is not installed: it saves workbooks as .xls and .ods for these tests")
    folder = tmp_path_factory.mktemp(request.param)
    (folder / "out").mkdir()
    write_register(sample(), folder / "规范.xlsx")
    workbook(
        folder / "台账.xlsx",
        {"台账": DIRTY, "旧表": [["机构名称"], ["丁"]]},
        merges=MERGES,
        formats=FORMATS,
        hidden=["旧表"],
    )
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    files = [str(folder / name) for name in ("规范.xlsx", "台账.xlsx")]
    command = [office, "--headless", profile, "--convert-to", request.param, "--outdir", str(folder / "out"), *files]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder / "out"


def test_canonical_register_through_other_formats(converted: Path) -> None:
    (path,) = converted.glob("规范.*")
    again = read_registers([path])
    assert again.columns == sample().columns
    assert again.rows == sample().rows


def test_dirty_register_reads_alike_in_every_format(converted: Path) -> None:
    (path,) = converted.glob("台账.*")
    register = read_registers([path])
    assert register.columns["name"] == ["甲养老院", "乙养老院", "丙养老院"]
    assert register.columns["n_beds"] == [Approximate(30, "约", 27, 33), None, 20]
    assert register.columns["n_prepayers"] == [12, Approximate(30, "余", 31, 39), None]
    assert register.columns["prepaid_total"] == [35_000, 50_000, None]
    assert register.columns["surveyed_on"] == [date(2022, 5, 31), date(2022, 6, 1), None]
    assert register.columns["assets"] == [50_000, 500_000, 7]
    assert register.columns["neighbourhood"] == ["东村", "东村", "西村"]
    assert register.columns["township"] == ["城关镇"] * 3
    told = {(remark.cell, remark.content) for remark in register.cells if remark.cell}
    assert {("C5", "#DIV/0!"), ("A7", "合计 60 42")} <= told
    assert [remark.sheet for remark in register.cells if "隐藏" in remark.why] == ["旧表"]
