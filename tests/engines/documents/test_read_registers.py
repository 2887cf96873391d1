"""Whole registers as they come in: several tables, towns, files; totals, notes, merged cells; contradictions."""

from __future__ import annotations

import csv
import hashlib
import io
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import polars as pl
import pytest
from openpyxl import Workbook
from stdnum.cn import uscc

from shouhu.engines.documents.checks import is_uscc
from shouhu.engines.documents.grids.grid import RefusedInput
from shouhu.engines.documents.reading import read_registers
from shouhu.engines.documents.register import cell_lines, register_lines
from shouhu.engines.rules.values import Approximate
from tests.engines.documents.offices import altered, at, said, table, workbook

HEAD = ["机构名称", "床位数", "入住人数"]
CODE = "52330106MJ8712345" + uscc.calc_check_digit("52330106MJ8712345")


def names(register: Any) -> list[Any]:
    return list(
        zip(register.columns["name"], register.columns["township"], register.sheets, register.rows, strict=True)
    )


def test_titles_notes_totals_blank_rows_and_repeated_heads(tmp_path: Path) -> None:
    register = table(
        tmp_path,
        ["养老服务机构排查台账"],
        ["填报单位：某某局", None, "填报日期：2022年6月1日"],
        ["序号", *HEAD],
        [1, "甲养老院", 30, 20],
        [],
        [2, "乙养老院", 40, 30],
        ["小计", None, 70, 50],
        ["序号", *HEAD],
        [3, "丙养老院", 50, 40],
        [4, None, None, None],
        ["合　计", None, 120, 90],
        ["填表人：赵六", None, "审核人：钱七"],
        ["说明：1.本表每周报送一次；2.金额单位为元。"],
        ["2.请各镇街如实填写。"],
    )
    assert register.columns["name"] == ["甲养老院", "乙养老院", "丙养老院"]
    assert register.rows == [4, 6, 9]
    skipped = [(r.cell, r.content) for r in register.cells if "未作为机构" in r.why]
    assert skipped == [
        ("A7", "小计 70 50"), ("A11", "合　计 120 90"), ("A12", "填表人：赵六 审核人：钱七"),
        ("A13", "说明：1.本表每周报送一次；2.金额单位为元。"), ("A14", "2.请各镇街如实填写。"),
    ]  # fmt: skip


def test_several_towns_under_title_rows(tmp_path: Path) -> None:
    register = table(
        tmp_path,
        HEAD,
        ["城关镇"],
        ["甲", 1, 1],
        ["乙", 2, 2],
        ["二、幸福街道（1家）"],
        ["丙", 3, 3],
        ["城关镇小计", 3, 3],
    )
    assert register.columns["township"] == ["城关镇", "城关镇", "幸福街道"]
    assert "township" not in register.missing
    assert ["城关镇" in at(register, "A2")[1].why, "幸福街道" in at(register, "A5")[1].why] == [True, True]


def test_a_town_column_is_not_overruled(tmp_path: Path) -> None:
    register = table(tmp_path, [*HEAD, "所在镇街"], ["城关镇"], ["甲", 1, 1, "清河镇"], ["乙", 2, 2, None])
    assert register.columns["township"] == ["清河镇", None]


def test_sheets_and_files_that_name_the_town(tmp_path: Path) -> None:
    folder = tmp_path / "各镇"
    folder.mkdir()
    workbook(folder / "a.xlsx", {"城关镇": [HEAD, ["甲", 1, 1]], "2.幸福街道": [HEAD, ["乙", 2, 2]]})
    workbook(folder / "清河乡养老机构台账.xlsx", {"Sheet1": [HEAD, ["丙", 3, 3]]})
    workbook(folder / "b.xlsx", {"Sheet1": [["永安区五里镇养老机构排查台账"], HEAD, ["丁", 4, 4]]})
    register = read_registers([folder])
    assert names(register) == [
        ("甲", "城关镇", "a.xlsx/城关镇", 2), ("乙", "幸福街道", "a.xlsx/2.幸福街道", 2),
        ("丁", "五里镇", "b.xlsx/Sheet1", 3), ("丙", "清河乡", "清河乡养老机构台账.xlsx/Sheet1", 2),
    ]  # fmt: skip
    assert sum("按工作表名填为" in r.why for r in register.cells) == 2


def test_words_that_are_no_town(tmp_path: Path) -> None:
    register = table(tmp_path, ["各乡镇养老机构台账"], HEAD, ["甲", 1, 1])
    assert register.columns["township"] == [None]


def test_two_tables_in_a_sheet_with_heads_of_their_own(tmp_path: Path) -> None:
    register = table(
        tmp_path,
        ["一、登记机构"],
        ["机构名称", "床位数", "登记情况"],
        ["甲", 30, "已登记"],
        ["合计", 30, None],
        [],
        ["二、未登记场所（单位：万元）"],
        ["序号", "场所名称", "收住人数", "预付费总额", "登记情况"],
        [1, "乙之家", 5, 3, "未登记"],
    )
    assert register.columns["name"] == ["甲", "乙之家"]
    assert register.columns["n_beds"] == [30, None]
    assert register.columns["n_residents"] == [None, 5]
    assert register.columns["prepaid_total"] == [None, 30_000]
    assert register.columns["registered"] == ["已登记", "未登记"]
    assert register.rows == [3, 8]
    partly = {(r.column, r.why) for r in register.cells if "起的表没有这一列" in r.why}
    assert ("床位数", "第 7 行起的表没有这一列，表中各行都按未知处理") in partly
    assert ("预付费总额", "第 2 行起的表没有这一列，表中各行都按未知处理") in partly


def test_hidden_sheets_instructions_and_summaries_are_left_out_and_reported(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "台账.xlsx",
        {
            "填表说明": [["机构名称请填全称"]],
            "台账": [HEAD, ["甲", 1, 1]],
            "旧": [HEAD, ["乙", 1, 1]],
            "汇总": [["所在镇街", "床位数", "入住人数"], ["城关镇", 1, 1]],
        },
        hidden=["旧"],
    )
    register = read_registers([path])
    assert register.columns["name"] == ["甲"]
    assert [(r.sheet, r.cell) for r in register.cells if "未读取" in r.why] == [
        ("填表说明", None),
        ("旧", None),
        ("汇总", None),
    ]


def test_cells_merged_downwards(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "台账.xlsx",
        [
            ["所在镇街", *HEAD, "法定代表人"],
            ["城关镇", "甲", 30, 20, "王一"],
            [None, "乙", None, 10, None],
            [None, "丙", 5, 4, "李二"],
        ],
        merges=["A2:A4", "C2:C3", "E2:E3"],
    )
    register = read_registers([path])
    assert register.columns["township"] == ["城关镇"] * 3
    assert register.columns["legal_representative"] == ["王一", "王一", "李二"]
    assert register.columns["n_beds"] == [30, None, 5]
    assert "合并" in at(register, "C3")[0].why


def test_rows_without_a_name(tmp_path: Path) -> None:
    register = table(tmp_path, ["序号", *HEAD], [1, None, 30, 20], [2, "乙", 1, 1], [3, None, None, "见附件"], [4])
    assert register.columns["name"] == [None, "乙"]
    assert "机构名称为空" in at(register, "B2")[0].why
    assert "不是完整的数据行" in at(register, "A4")[0].why
    assert not at(register, "A5")


def test_error_cells_and_formulas_never_calculated(tmp_path: Path) -> None:
    path = workbook(tmp_path / "台账.xlsx", [HEAD, ["甲", "=1+1", 3], ["乙", 5, 6], ["丙", 7, 8]])
    altered(
        path, "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"<v>5</v>", b"<v>#REF!</v>").replace(b'r="B3" t="n"', b'r="B3" t="e"').replace(
            b'<c r="C4" t="n"><v>8</v>', b'<c r="C4"><f>4+4</f><v>8</v>'),
    )  # fmt: skip
    register = read_registers([path])
    assert register.columns["n_beds"] == [None, None, 7]
    assert register.columns["n_residents"] == [3, 6, 8]
    assert [(at(register, cell)[0].content, at(register, cell)[0].why[:4]) for cell in ("B2", "B3")] == [
        ("=1+1", "公式没有"), ("#REF!", "公式错误"),
    ]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_in_the_encodings_of_offices(tmp_path: Path, encoding: str, delimiter: str) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter)
    writer.writerows([HEAD, ["甲“第一”养老院", "３０", "20"], [], ["乙,;院\n二部", "约40", "=1+1"]])
    path = tmp_path / "台账.csv"
    path.write_bytes(buffer.getvalue().encode(encoding))
    register = read_registers([path])
    assert register.columns["name"] == ["甲“第一”养老院", "乙,;院 二部"]
    assert register.columns["n_beds"] == [30, Approximate(40, "约", 36, 44)]
    assert register.columns["n_residents"] == [20, None]
    assert (register.sheets, register.rows) == ([None, None], [2, 4])
    assert [r.sheet for r in at(register, "C4")] == [None]
    assert at(register, "C4")[0].content == "=1+1"


def test_parquet_with_typed_columns(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "机构名称": ["甲", "乙"], "registered": ["已登记", None], "是否爆雷": [True, None], "monthly_fee": [3000.5, None],
            "n_beds": [30, 40], "排查日期": [date(2022, 5, 31), None], "complained": [["机构"], []], "assets": [float("nan"), 1.0],
        }
    )  # fmt: skip
    frame.write_parquet(tmp_path / "大.parquet")
    register = read_registers([tmp_path / "大.parquet"])
    assert register.columns["collapsed"] == [True, None]
    assert register.columns["monthly_fee"] == [3000.5, None]
    assert register.columns["n_beds"] == [30, 40]
    assert register.columns["surveyed_on"] == [date(2022, 5, 31), None]
    assert register.columns["complained"] == [("机构",), ()]
    assert register.columns["assets"] == [None, 1]
    assert (register.rows, register.sheets) == ([1, 2], [None, None])


def test_several_files_and_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "上报"
    folder.mkdir()
    workbook(folder / "乙镇.xlsx", [HEAD, ["乙", 1, 1]])
    workbook(folder / "甲镇.xlsx", [HEAD, ["甲", 1, 1]])
    (folder / "~$甲镇.xlsx").write_bytes(b"lock")
    (folder / "通知.txt").write_text("请报送")
    register = read_registers([folder, workbook(tmp_path / "乙镇.xlsx", [HEAD, ["丙", 1, 1]])])
    assert register.sheets == ["乙镇.xlsx/台账", "甲镇.xlsx/台账", f"{tmp_path.name}/乙镇.xlsx/台账"]
    assert [source.rows for source in register.sources] == [1, 1, 1]
    assert register.sources[0].sha256 == hashlib.sha256((folder / "乙镇.xlsx").read_bytes()).hexdigest()
    assert "通知.txt" in said(register)
    with pytest.raises(RefusedInput, match="两次"):
        read_registers([folder, folder / "甲镇.xlsx"])
    (folder / "丙镇.et").write_bytes(b"x")
    with pytest.raises(RefusedInput, match="另存为"):
        read_registers([folder])


def test_unit_codes(tmp_path: Path) -> None:
    wrong = CODE[:-1] + ("0" if CODE[-1] != "0" else "1")
    register = table(
        tmp_path, ["机构名称", "统一社会信用代码"],
        ["甲", CODE], ["乙", wrong], ["丙", "330106000012345"], ["丁", "5233010"], ["戊", CODE.lower()], ["己", "52330106OI87123451"], ["庚", None],
    )  # fmt: skip
    assert ["".join(remark.why[:6] for remark in at(register, f"B{row}")) for row in range(2, 9)] == [
        "代码与第 6", "统一社会信用", "是 15 位", "统一社会信用", "代码与第 2", "统一社会信用", "",
    ]  # fmt: skip
    assert [flags for flags in register.flags if flags] == [("duplicate",), ("duplicate",)]
    assert register.columns["uscc"][4] == CODE


def test_check_digits_agree_with_another_implementation() -> None:
    marks = "0123456789ABCDEFGHJKLMNPQRTUWXYI"
    for number in range(3_000):
        body = f"{number * 7919 % 10**8:08d}" + "".join(marks[(number * k) % 31] for k in range(3, 12))
        for last in (uscc.calc_check_digit(body), marks[number % 32]):
            assert is_uscc(body + last) == uscc.is_valid(body + last)


def test_duplicates_by_name_and_address(tmp_path: Path) -> None:
    register = table(
        tmp_path,
        ["机构名称", "地址", "床位数"],
        ["甲养老院（东院）", "安和路１号", 1],
        ["甲养老院(东院)", "安和路1号", 2],
        ["甲养老院（东院）", None, 3],
        ["甲养老院（东院）", "安和路2号", 4],
    )
    assert register.flags == [("duplicate",), ("duplicate",), (), ()]
    assert len(register) == 4


def test_duplicates_by_name_and_town_where_addresses_are_missing(tmp_path: Path) -> None:
    register = table(
        tmp_path,
        ["机构名称", "所在镇街", "地址"],
        ["甲院", "城关镇", None],
        ["甲院 ", "城关镇", None],
        ["甲院", "柳溪乡", None],
        ["甲院", "城关镇", "a"],
    )
    assert register.flags == [("duplicate",), ("duplicate",), (), ()]


def test_lines_between_the_rows_are_no_institutions(tmp_path: Path) -> None:
    register = table(tmp_path, [*HEAD, "地址"], ["甲", 1, 1], ["以下为未登记场所"], ["（二）社区机构"], ["乙养老院"])
    assert register.columns["name"] == ["甲", "乙养老院"]
    assert at(register, "A3") and at(register, "A4")


CONTRADICTIONS = [
    ({"是否收取大额预付费": "否", "单笔最高预付费": 18000, "月收费标准": 3000}, "6 倍"),
    ({"是否收取大额预付费": "是", "单笔最高预付费": 17999, "月收费标准": 3000}, "6 倍"),
    ({"是否收取大额预付费": "否", "大额预付费人数": 2}, "没有大额预付费"),
    ({"是否收取预付费": "否", "预付费总额": 1}, "不收取预付费"),
    ({"是否收取预付费": "否", "预付费人数": "30余"}, "30余"),
    ({"是否收取预付费": "否", "是否收取大额预付费": "是"}, "不收取预付费"),
    ({"是否收取预付费": "是", "单笔最高预付费": 0}, "按未知处理"),
    ({"关联公司": "否", "关联交易": "是"}, "没有关联公司"),
    ({"床位数": 0, "入住人数": 3}, "床位数是 0"),
    ({"预付费人数": 3, "大额预付费人数": 4}, "超过预付费人数"),
    ({"单笔最高预付费": 50000, "预付费总额": 5}, "超过预付费总额"),
    ({"床位数": -3}, "负数"),
    ({"投诉举报": "无", "投诉举报是否核实": "属实"}, "没有被投诉举报"),
    ({"排查日期": date(2026, 6, 2)}, "晚于"),
]


@pytest.mark.parametrize(
    ("row", "why"), CONTRADICTIONS, ids=lambda value: "、".join(value) if isinstance(value, dict) else ""
)
def test_rows_that_contradict_themselves(tmp_path: Path, row: dict[str, Any], why: str) -> None:
    path = workbook(tmp_path / "台账.xlsx", [["机构名称", *row], ["甲", *row.values()]])
    register = read_registers([path], as_of=date(2026, 6, 1))
    assert register.flags == [("contradiction",)]
    assert why in said(register)


CONSISTENT = [
    {"是否收取大额预付费": "否", "单笔最高预付费": 17999, "月收费标准": 3000},
    {"是否收取大额预付费": "是", "单笔最高预付费": 18000, "月收费标准": 3000},
    {"是否收取大额预付费": "否", "单笔最高预付费": "约18000", "月收费标准": "1800-4500"},
    {"是否收取预付费": "否", "预付费总额": 0, "预付费人数": "无"},
    {"是否收取预付费": None, "预付费总额": 100, "关联公司": "是", "关联交易": "是", "床位数": 3, "入住人数": 4},
    {"排查日期": date(2026, 6, 1)},
]


@pytest.mark.parametrize("row", CONSISTENT, ids="、".join)
def test_rows_that_do_not(tmp_path: Path, row: dict[str, Any]) -> None:
    path = workbook(tmp_path / "台账.xlsx", [["机构名称", *row], ["甲", *row.values()]])
    register = read_registers([path], as_of=date(2026, 6, 1))
    assert register.flags == [()]


def test_values_that_cannot_be_become_unknown_and_others_stay(tmp_path: Path) -> None:
    register = table(
        tmp_path,
        ["机构名称", "是否收取预付费", "单笔最高预付费", "床位数", "关联公司", "关联交易"],
        ["甲", "是", 0, -1, "否", "是"],
    )
    assert register.columns["max_prepayment"] == register.columns["n_beds"] == [None]
    assert (register.columns["related_companies"], register.columns["related_dealings"]) == ([False], [True])
    assert at(register, "C2")[0].content == "0"


def test_files_of_a_run(tmp_path: Path) -> None:
    register = table(
        tmp_path,
        ["机构名称", "床位数", "排查日期", "投诉举报", "月收费标准"],
        ["甲", "30余", "2022.5.31", "院长", "面议"],
    )
    (line,) = map(orjson.loads, register_lines(register))
    assert (line["sheet"], line["row"], line["机构名称"], line["排查日期"], line["被投诉举报"]) == (
        "台账",
        2,
        "甲",
        "2022-05-31",
        ["主要负责人"],
    )
    assert line["床位数"] == {"value": 30, "qualifier": "余", "low": 31, "high": 39}
    assert line["月收费标准"] is None and len(line) == 51
    cells = list(map(orjson.loads, cell_lines(register)))
    assert {"sheet": "台账", "cell": "E2", "column": "月收费标准", "content": "面议", "why": "看不出是多少元"} in cells
    assert all(list(cell) == ["sheet", "cell", "column", "content", "why"] for cell in cells)


def test_progress_moves(tmp_path: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    path = workbook(tmp_path / "台账.xlsx", [HEAD, *([f"第{n}院", n, n] for n in range(50))])
    read_registers([path], progress=lambda *told: seen.append(told))
    assert {label.split()[0] for label, _, _ in seen} == {"读取", "识别", "核对各行"}
    assert all(0 <= done <= total for _, done, total in seen)


def test_odd_but_valid_xml_is_read_as_the_usual_one(tmp_path: Path) -> None:
    """Single quotes, other orders of attributes, prefixes, no addresses, line breaks: as some programs write them."""
    path = workbook(tmp_path / "台账.xlsx", [HEAD, ["甲", 30, 20]])
    sheet = (
        "<?xml version='1.0' encoding='utf-8'?>\n<x:worksheet xmlns:x='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>"
        "<x:sheetData>\n<x:row r='1'><x:c t='inlineStr' r='A1'><x:is><x:t>机构名称</x:t></x:is></x:c>"
        "<x:c\n r='B1' t='inlineStr'><x:is><x:r><x:rPr><x:color rgb='FF0000'/></x:rPr><x:t>床位</x:t></x:r><x:r><x:t>数</x:t></x:r></x:is></x:c>"
        '<x:c t=\'str\'><x:f>"入住"&amp;"人数"</x:f><x:v>入住人数</x:v></x:c></x:row>\n'
        "<x:row><x:c t='inlineStr'><x:is><x:t>甲&amp;乙&#38498;</x:t></x:is></x:c><x:c><x:v>3.0E1</x:v></x:c>"
        "<x:c r='C2'><x:v>20</x:v></x:c></x:row>\n"
        "</x:sheetData></x:worksheet>"
    )
    altered(path, "xl/worksheets/sheet1.xml", lambda _: sheet.encode())
    register = read_registers([path])
    assert [register.columns[name] for name in ("name", "n_beds", "n_residents")] == [["甲&乙院"], [30], [20]]


def test_dates_counted_from_1904(tmp_path: Path) -> None:
    book = Workbook()
    book.epoch = __import__("openpyxl.utils.datetime").utils.datetime.CALENDAR_MAC_1904
    book.worksheets[0].append(["机构名称", "排查日期"])
    book.worksheets[0].append(["甲", date(2022, 5, 31)])
    book.save(tmp_path / "台账.xlsx")
    assert read_registers([tmp_path / "台账.xlsx"]).columns["surveyed_on"] == [date(2022, 5, 31)]
