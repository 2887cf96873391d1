"""The workbooks themselves: text that stays text, the same bytes twice, official layout, clean for every program."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import python_calamine
from hypothesis import given, settings
from hypothesis import strategies as st
from openxml_audit import OpenXmlValidator

from shouhu.engines.documents import annexes
from shouhu.engines.documents.annexes import colour_list, layout, styles
from shouhu.engines.documents.annexes.layout import A4_LANDSCAPE, Column, Heading, Table
from shouhu.engines.documents.annexes.styles import TINTS
from shouhu.engines.documents.annexes.workbook import LONGEST_TEXT, Cell, workbook
from tests.engines.documents.written import AS_OF, rated, remark, sheets, table

FORMULAS = (
    "=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(\"http://127.0.0.1\",\"点我\")", "=cmd|' /C calc'!A0", "\t=1", "\r=1", "\n=1",
    "＝1+1", "＋1", "－1", "＠1", "'=1", "=WEBSERVICE(\"http://127.0.0.1\")", "http://127.0.0.1/", "mailto:a@example.com",
    "internal:Sheet1!A1", "123456789012345678", "1e5", "TRUE", "#REF!", "<r><t>粗</t></r>", "_x0041_", "a&b<c>\"d\"'e'", " 两头空格 ",
    "𠮷野家", "\u202e反", "\x00\x07", "\ufffe", "第一行\n第二行",
)  # fmt: skip


def write(path: Path, texts: list[str]) -> None:
    """This function will write texts one under the other, as people typed them and as our own wording."""
    with workbook(path, as_of=AS_OF) as book:
        columns = (Column(("序号",), 6, "count"), Column(("原文",), 30), Column(("本软件",), 30, "own"))
        made = Table(book, "文字", Heading("文字", "", AS_OF), columns, A4_LANDSCAPE)
        for number, text in enumerate(texts, 1):
            made.line((number, text, text))
        made.finish()


def kept(text: str) -> str:
    """What of a text a workbook can hold: line ends become newlines, and what XML has no place for a replacement mark."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join("\ufffd" if "\ud800" <= c <= "\udfff" or c in "\ufffe\uffff" else c for c in text)


# --- text stays text -------------------------------------------------------------------------------------------------


def test_no_text_becomes_a_formula_a_number_or_a_link(tmp_path: Path) -> None:
    write(tmp_path / "texts.xlsx", list(FORMULAS))
    sheet = openpyxl.load_workbook(tmp_path / "texts.xlsx").worksheets[0]
    cells = [cell for row in sheet.iter_rows(min_row=4, max_row=3 + len(FORMULAS), min_col=2) for cell in row]
    assert {cell.data_type for cell in cells} == {"s"}
    assert not any(cell.hyperlink for cell in cells)
    assert all(cell.number_format == "@" for cell in cells if cell.column == 2)


def test_texts_are_kept_as_they_are(tmp_path: Path) -> None:
    write(tmp_path / "texts.xlsx", list(FORMULAS))
    rows = python_calamine.load_workbook(tmp_path / "texts.xlsx").get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows[3 : 3 + len(FORMULAS)]] == [kept(text) for text in FORMULAS]


@settings(max_examples=60)
@given(texts=st.lists(st.text(st.characters(), max_size=40), max_size=20))
def test_any_text_is_kept(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    path = tmp_path_factory.mktemp("texts") / "texts.xlsx"
    write(path, texts)
    rows = python_calamine.load_workbook(path).get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert [row[1] for row in rows[3 : 3 + len(texts)]] == [kept(text) for text in texts]


def test_a_text_too_long_for_a_cell_is_cut_and_says_so(tmp_path: Path) -> None:
    write(tmp_path / "texts.xlsx", ["长" * LONGEST_TEXT, "长" * (LONGEST_TEXT + 1), "𠮷" * LONGEST_TEXT])
    fits, cut, pairs = [
        row[1].value
        for row in openpyxl.load_workbook(tmp_path / "texts.xlsx").worksheets[0].iter_rows(min_row=4, max_row=6)
    ]
    assert fits == "长" * LONGEST_TEXT
    assert cut.endswith("长……（过长，已截断）")
    assert len(cut) == LONGEST_TEXT
    assert pairs.endswith("𠮷……（过长，已截断）")


def test_numbers_and_days_that_a_workbook_cannot_hold_are_written_out(tmp_path: Path) -> None:
    days = [date(2022, 5, 31), date(1900, 3, 1), date(1900, 2, 28), date(1, 1, 1)]
    numbers: list[Cell] = [0, -5, 0.1 + 0.2, 999_999_999_999_999, 10**15, 10**400]
    with workbook(tmp_path / "numbers.xlsx", as_of=AS_OF) as book:
        columns = (Column(("数",), 20, "money"), Column(("日",), 20, "date"))
        made = Table(book, "数", Heading("数", "", AS_OF), columns, A4_LANDSCAPE)
        for at, number in enumerate(numbers):
            made.line((number, days[at % len(days)]))
        made.finish()
    rows = [
        list(row)
        for row in openpyxl.load_workbook(tmp_path / "numbers.xlsx")
        .worksheets[0]
        .iter_rows(min_row=4, max_row=9, values_only=True)
    ]
    assert [row[0] for row in rows] == [0, -5, 0.1 + 0.2, 999_999_999_999_999, str(10**15), str(10**400)]
    assert [row[1].date() for row in rows[:2]] == days[:2]
    assert [row[1] for row in rows[2:4]] == ["1900-02-28", "0001-01-01"]


# --- the same bytes --------------------------------------------------------------------------------------------------


@pytest.fixture
def elsewhere() -> Iterator[None]:
    """Another time zone and another umask."""
    mask, zone = os.umask(0o077), os.environ.get("TZ")
    os.environ["TZ"] = "Pacific/Kiritimati"
    time.tzset()
    yield
    os.umask(mask)
    if zone is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = zone
    time.tzset()


def digests(folder: Path) -> dict[str, str]:
    """This function will give the hash of every file by its name."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*.xlsx")
    }


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every annex of the sample, with the changes since a run of its first half."""
    return write_everything(tmp_path_factory.mktemp("everything"))


def write_everything(folder: Path) -> Path:
    """This function will write the sample's annexes, remarks and hostile names included."""

    def edit(records: list[dict[str, Any]]) -> None:
        for record, text in zip(records, FORMULAS, strict=False):
            record["investor"] = text
        records[1]["name"] = FORMULAS[0]

    case = rated(edit=edit, cells=[remark("B5", "床位数", text) for text in FORMULAS])
    annexes.write_all(folder / "out", case.register, case.ratings, as_of=AS_OF, unit="某某区民政局")
    return folder / "out"


def test_the_same_input_gives_the_same_bytes(everything: Path, tmp_path: Path, elsewhere: None) -> None:
    first = digests(everything)
    assert len(first) == 8
    assert digests(write_everything(tmp_path)) == first


# --- clean for other programs ----------------------------------------------------------------------------------------


def test_the_workbooks_follow_the_office_open_xml_schema(everything: Path) -> None:
    for path in everything.rglob("*.xlsx"):
        result = OpenXmlValidator().validate(path)
        assert [str(error) for error in result.errors] == [], path.name


def test_no_workbook_holds_a_formula_or_a_link(everything: Path) -> None:
    for path in everything.rglob("*.xlsx"):
        for sheet in sheets(path).values():
            for row in sheet.iter_rows():
                assert not [cell.coordinate for cell in row if cell.data_type == "f" or cell.hyperlink], path.name


# --- official layout -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "paper", "landscape", "heads"),
    [
        (colour_list.TITLE, 8, True, 1),
        ("养老服务诈骗风险隐患排查工作进度表", 8, True, 2),
        ("养老服务诈骗风险隐患分类处置工作进度表", 8, True, 2),
        ("养老服务机构诈骗风险隐患排查情况统计表", 8, True, 2),
        ("未经登记开展养老服务场所诈骗风险隐患排查情况统计表", 8, True, 2),
        ("读表情况报告", 9, True, 1),
        ("待核实问题清单/问题清单_东桥镇", 9, False, 1),
    ],
)
def test_every_table_prints_as_offices_expect(
    everything: Path, name: str, paper: int, landscape: bool, heads: int
) -> None:
    sheet = next(iter(sheets(everything / f"{name}.xlsx").values()))
    assert sheet.page_setup.paperSize == paper
    assert (sheet.page_setup.orientation == "landscape") is landscape
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToHeight == 0
    first, _, last = sheet.print_title_rows.replace("$", "").partition(":")
    assert int(last) - int(first) + 1 == heads
    assert sheet.freeze_panes.endswith(str(int(last) + 1)) or sheet.freeze_panes[1:] == str(int(last) + 1)
    assert "第 &P 页" in str(sheet.oddFooter.center.text)
    said = "".join(str(cell.value or "") for row in sheet.iter_rows() for cell in row)
    for part in ("填报单位：某某区民政局", "填报日期：2022年5月31日", "填报人：", "审核人：", "联系电话：", "期次："):
        assert part in said
    title = next(cell for row in sheet.iter_rows(max_row=2) for cell in row if cell.font.sz == 22)
    assert title.font.name == "方正小标宋简体"
    assert any(title.coordinate in merged for merged in sheet.merged_cells.ranges)


def test_what_stays_on_the_screen_leaves_room_for_the_table(everything: Path) -> None:
    for path in everything.rglob("*.xlsx"):
        for sheet in sheets(path).values():
            frozen = int("".join(filter(str.isdigit, sheet.freeze_panes))) - 1
            points = sum(sheet.row_dimensions[row].height for row in range(1, frozen + 1))
            pixels = points * 96 / 72 * (sheet.sheet_view.zoomScale or 100) / 100
            assert pixels < 240, (path.name, sheet.title)


def test_no_two_merged_ranges_share_a_cell(everything: Path) -> None:
    for path in everything.rglob("*.xlsx"):
        for sheet in sheets(path).values():
            cells = [place for found in sheet.merged_cells.ranges for place in found.cells]
            assert len(cells) == len(set(cells)), (path.name, sheet.title)


def test_heads_under_one_group_are_merged_and_lone_heads_reach_down(tmp_path: Path) -> None:
    with workbook(tmp_path / "heads.xlsx", as_of=AS_OF) as book:
        heads = (("序号",), ("甲", "一"), ("甲", "二"), ("乙", "一", "子"), ("乙", "一", "丑"), ("乙", "二"), ("丙",))
        made = Table(book, "表头", Heading("表头", "", AS_OF), [Column(head, 12) for head in heads], A4_LANDSCAPE)
        made.finish()
    sheet = openpyxl.load_workbook(tmp_path / "heads.xlsx").worksheets[0]
    merged = {str(found) for found in sheet.merged_cells.ranges if found.min_row in (3, 4)}
    assert merged == {"A3:A5", "B3:C3", "B4:B5", "C4:C5", "D3:F3", "D4:E4", "F4:F5", "G3:G5"}
    assert [[cell.value for cell in row] for row in sheet["A3:G5"]] == [
        ["序号", "甲", None, "乙", None, None, "丙"],
        [None, "一", "二", "一", None, "二", None],
        [None, None, None, "子", "丑", None, None],
    ]


def test_a_line_is_as_high_as_its_longest_text() -> None:
    assert styles.height(["短"], [10]) == styles.LEAST_HEIGHT
    assert styles.height(["一二三四五" * 10, "短"], [21, 4]) == 6 * styles.LINE_HEIGHT + styles.PADDING
    assert styles.height(["一\n二\n三"], [20]) == 3 * styles.LINE_HEIGHT + styles.PADDING
    assert styles.height(["长" * 9_999], [10]) == styles.MOST_HEIGHT


def test_a_full_sheet_goes_on_on_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "MOST_LINES", 12)
    write(tmp_path / "texts.xlsx", [f"第{n}" for n in range(20)])
    written = sheets(tmp_path / "texts.xlsx")
    assert list(written) == ["文字", "文字(续2)", "文字(续3)"]
    texts = [line["原文"] for sheet in written.values() for line in table(sheet)]
    assert texts == [f"第{n}" for n in range(20)]


def test_blocks_are_not_cut_by_the_end_of_a_page(tmp_path: Path) -> None:
    with workbook(tmp_path / "blocks.xlsx", as_of=AS_OF) as book:
        made = Table(book, "分块", Heading("分块", "", AS_OF), [Column(("甲",), 20)] * 3, A4_LANDSCAPE, blocks=True)
        for size in (5, 9, 3, 12, 7, 15, 2):
            made.block([(f"块{size}", None, "文字")] * size, (0,))
        made.finish()
    sheet = openpyxl.load_workbook(tmp_path / "blocks.xlsx").worksheets[0]
    breaks = [found.id for found in sheet.row_breaks.brk]
    starts = [found.min_row - 1 for found in sheet.merged_cells.ranges if found.min_col == found.max_col == 1]
    assert breaks
    assert set(breaks) <= set(starts)
    last = sheet.max_row
    for first, end in zip([3, *breaks], [*breaks, last], strict=True):
        assert sum(sheet.row_dimensions[row].height for row in range(first + 1, end + 1)) < A4_LANDSCAPE.height


# --- colours ---------------------------------------------------------------------------------------------------------


def luminance(colour: str) -> float:
    """This function will give the relative luminance of a colour as WCAG defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("colour", TINTS)
def test_colours_can_be_read_on_their_ground(colour: str) -> None:
    ink, ground = (luminance(part) for part in TINTS[colour])
    assert (ground + 0.05) / (ink + 0.05) >= 4.5


def test_a_colour_is_word_shape_and_tint(everything: Path) -> None:
    sheet = sheets(everything / f"{colour_list.TITLE}.xlsx")["红橙黄名单"]
    red = next(row[4] for row in sheet.iter_rows() if row[4].value == "红■")
    assert (red.font.color.rgb, red.fill.fgColor.rgb) == ("FFB3261E", "FFFCEBEA")
