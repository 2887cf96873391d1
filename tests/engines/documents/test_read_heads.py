"""Heads: which title means which fact, under one to three rows, in which unit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shouhu.engines.documents.grids.grid import RefusedInput, Sheet, column_index, letters, meaning_of
from shouhu.engines.documents.headers import Head, SheetMapping, key, load_mapping, save_mapping, titles
from shouhu.engines.documents.reading import read_registers
from shouhu.engines.rules.facts import Fact, declared
from tests.engines.documents.offices import Rows, at, table, workbook


def mappings_of(path: Path, mapping: Path | None = None) -> list[SheetMapping]:
    """The mappings that a reader would be shown for a file."""
    seen: list[SheetMapping] = []

    def look(mappings: list[SheetMapping]) -> list[SheetMapping]:
        seen.extend(mappings)
        return mappings

    read_registers([path], mapping=load_mapping(mapping) if mapping else None, confirm=look)
    return seen


def facts_of(
    path: Path, *head: Rows | Any, merges: tuple[str, ...] = (), row: tuple[Any, ...] = ("甲养老院",)
) -> dict[str, str]:
    """The facts by column letter that a head is understood to speak of."""
    found = mappings_of(workbook(path / "台账.xlsx", [*head, row], merges=merges))
    return {column.letters: column.fact for column in found[0].columns if column.fact}


def test_no_title_means_two_facts() -> None:
    meant: dict[str, set[str]] = {}
    for fact in declared().values():
        for title in (fact.title, *fact.synonyms):
            meant.setdefault(key(title), set()).add(fact.name)
    assert {title: facts for title, facts in meant.items() if len(facts) > 1} == {}
    assert all(titles()[key(fact.heading)] == fact.name for fact in declared().values())


@pytest.mark.parametrize("fact", declared().values(), ids=lambda fact: fact.name)
def test_every_heading_and_synonym_is_understood(fact: Fact) -> None:
    for title in (fact.heading, *fact.synonyms):
        head = Head(Sheet(None, [1], [["序号", title]]), 0, 0, {})
        assert [column.fact for column in head.columns] == [None, fact.name], title


@pytest.mark.parametrize(
    ("title", "fact"),
    [
        ("*机构名称", "name"), ("1.机构名称", "name"), ("（一）机构名称", "name"), ("机 构\n名 称", "name"), ("机构名称（全称）", "name"),
        ("机构名称：", "name"), ("床位数（张）", "n_beds"), ("床位数(个)", "n_beds"), ("入住人数（名）", "n_residents"), ("床位数（元）", None),
        ("月收费标准（元/月）", "monthly_fee"), ("收费标准(元/人·月)", "monthly_fee"), ("收费标准（元/年）", None),
        ("预付费（万元）", "prepaid_total"),
        ("预付费（人）", "n_prepayers"), ("预付费", "takes_prepayment"), ("预付费总额/万元", "prepaid_total"), ("预付费总额（人）", None),
        ("是否收取预付费（是/否）", "takes_prepayment"), ("承诺投资回报（“炒床位”）", "promises_return"), ("近3年新增网点数", "n_new_outlets_3y"),
        ("预付期限（年）", "prepaid_months"), ("镇（街道）", "township"), ("ＵＳＣＣ", "uscc"), ("养老院吉祥物", None),
    ],
)  # fmt: skip
def test_titles_with_marks_brackets_and_units(tmp_path: Path, title: str, fact: str | None) -> None:
    found = facts_of(tmp_path, [title, "地址", "所在村居", "排查方式"], row=("甲院", "乙路", "丙村", "上门"))
    assert found.get("A") == fact


def test_merged_head_of_two_rows(tmp_path: Path) -> None:
    head = [
        ["序号", "机构名称", "预付费", None, None, "关联公司", None, "投诉举报"],
        [None, None, "人数", "金额（万元）", "用途", "有无", "名称", None],
    ]
    merges = ("A1:A2", "B1:B2", "C1:E1", "F1:G1", "H1:H2")
    row = (1, "甲养老院", 30, 1.5, "装修", "有", "乙公司", "否")
    expected = {
        "B": "name",
        "C": "n_prepayers",
        "D": "prepaid_total",
        "E": "funds_use",
        "F": "related_companies",
        "H": "complained",
    }
    with_merges = facts_of(tmp_path, *head, merges=merges, row=row)
    assert {k: v for k, v in with_merges.items() if k != "G"} == expected
    assert with_merges.get("G") != "name"
    assert facts_of(tmp_path, *head, row=row) == with_merges  # the same without merged cells, as a CSV would have it


def test_head_of_three_rows(tmp_path: Path) -> None:
    found = facts_of(
        tmp_path,
        ["机构基本情况", None, "经营情况", None, None],
        ["名称", "地址", "收费情况", None, "床位"],
        [None, None, "月收费", "收费方式", None],
        merges=("A1:B1", "C1:E1", "A2:A3", "B2:B3", "C2:D2", "E2:E3"),
        row=("甲养老院", "安和路", 3000, "按月", 30),
    )
    assert found == {"A": "name", "B": "address", "C": "monthly_fee", "D": "charging", "E": "n_beds"}


def test_titles_under_somebody_elses_head_are_not_the_institutions(tmp_path: Path) -> None:
    found = facts_of(
        tmp_path,
        ["机构名称", "关联公司情况", None, None, "地址", "床位数"],
        [None, "名称", "统一社会信用代码", "法定代表人", None, None],
        merges=("A1:A2", "B1:D1", "E1:E2", "F1:F2"),
        row=("甲养老院", "乙公司", "91330106000000000X", "王一", "安和路", 30),
    )
    assert not {"uscc", "legal_representative"} & set(found.values())
    assert found["A"] == "name" and found.get("B") != "name"


def test_a_row_of_units_and_a_row_of_column_numbers_belong_to_the_head(tmp_path: Path) -> None:
    register = table(
        tmp_path,
        ["机构名称", "床位数", "预付费总额", "负债总额"],
        [None, "（张）", "（万元）", "（元）"],
        ["甲", 1, 2, 3],
        ["甲养老院", 30, 5, 1000],
    )
    assert register.columns["name"] == ["甲养老院"]
    assert register.columns["prepaid_total"] == [50_000]
    assert register.columns["liabilities"] == [1000]


def test_ten_thousands_in_the_head_in_a_note_and_in_the_number_format(tmp_path: Path) -> None:
    in_head = table(tmp_path, ["机构名称", "预付费总额（万元）", "负债总额"], ["甲", 1.5, 200])
    assert (in_head.columns["prepaid_total"], in_head.columns["liabilities"]) == ([15_000], [200])
    in_note = table(
        tmp_path,
        ["养老机构台账"],
        ["金额单位：万元"],
        ["机构名称", "预付费总额", "负债总额（元）", "床位数"],
        ["甲", 1.5, 200, 3],
    )
    assert (in_note.columns["prepaid_total"], in_note.columns["liabilities"], in_note.columns["n_beds"]) == (
        [15_000],
        [200],
        [3],
    )
    below = table(tmp_path, ["机构名称", "预付费总额", "床位数"], ["甲", 1.5, 3], ["注：金额单位为万元"])
    assert below.columns["prepaid_total"] == [15_000]
    path = workbook(
        tmp_path / "格式.xlsx",
        [["机构名称", "预付费总额", "负债总额", "资产总额", "单笔最高预付费（万元）"], ["甲", 1.5, 500000, 500000, 3]],
        formats={"B2": '0.0"万元"', "C2": '0!.0,"万元"', "D2": "#,##0.00", "E2": '0"万元"'},
    )
    register = read_registers([path])
    values = [register.columns[name][0] for name in ("prepaid_total", "liabilities", "assets", "max_prepayment")]
    assert values == [15_000, 500_000, 500_000, 30_000]


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        ('0"万元"', 10_000), ("0.00万", 10_000), ('0!.0,"万元"', 1), ('0"."0,"万"', 1), ("0\\.0000万", 1), ('#,##0"万元"', 10_000),
        ('0.00,,"亿"', 100), ("General", None), ("0.00", None), ('"¥"#,##0', None), ("yyyy-mm-dd", "date"), ('m"月"d"日"', "date"),
        ("[h]:mm", "date"), ("[Red]0.00", None), ('0"日"', None), ("@", None),
    ],
)  # fmt: skip
def test_number_formats(code: str, meaning: Any) -> None:
    assert meaning_of(code) == meaning


def test_a_monthly_fee_that_a_note_blows_up_is_not_believed(tmp_path: Path) -> None:
    register = table(tmp_path, ["单位：万元"], ["机构名称", "月收费标准", "单笔最高预付费"], ["甲", 3000, 2])
    assert register.columns["monthly_fee"] == [None]
    assert register.flags == [("contradiction",)]
    assert "单位" in at(register, "B3")[0].why


def test_columns_not_understood_absent_and_doubled_are_said_once(tmp_path: Path) -> None:
    register = table(
        tmp_path,
        ["机构名称", "吉祥物", "床位数", "床位总数", None, "序号"],
        ["甲", "熊猫", 30, 40, "旁注", 1],
        ["乙", "老虎", 31, 41, None, 2],
    )
    assert register.columns["n_beds"] == [30, 31]
    columns = [(r.column, r.content, r.why) for r in register.cells if r.cell is None]
    assert [c[:2] for c in columns if "未识别" in c[2]] == [("吉祥物", "B 列")]
    assert [c[:2] for c in columns if "重复" in c[2]] == [("床位总数", "D 列")]
    assert [c[:2] for c in columns if "没有标题" in c[2]] == [("", "E 列")]
    assert [c[0] for c in columns if "没有这一列" in c[2]] == [declared()[name].title for name in register.missing]
    assert len(register.missing) == len(declared()) - 2
    assert all(register.columns[name] == [None, None] for name in register.missing)


def test_mapping_files(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "台账.xlsx", [["楼里叫什么", "床位数", "地址", "本金（万元）"], ["甲养老院", 30, "安和路", 2]]
    )
    mapping = tmp_path / "对照.yaml"
    mapping.write_text("楼里叫什么: 机构名称\n床位数: null\n本金（万元）: prepaid_total\n", "utf-8")
    register = read_registers([path], mapping=load_mapping(mapping))
    assert register.columns["name"] == ["甲养老院"]
    assert register.columns["n_beds"] == [None]
    assert register.columns["prepaid_total"] == [20_000]
    kept = mappings_of(path, mapping)
    save_mapping(tmp_path / "存.yaml", kept)
    again = read_registers([path], mapping=load_mapping(tmp_path / "存.yaml"))
    assert again.columns == register.columns
    assert "楼里叫什么" in str(kept[0]) and "机构名称" in str(kept[0])


@pytest.mark.parametrize("text", ["床位数: 不存在的事实", "- 一\n- 二", "{{{", "床位数: [n_beds]"])
def test_bad_mapping_files_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "对照.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(RefusedInput, match=r"对照\.yaml"):
        load_mapping(path)


def test_confirmation_may_change_what_a_column_means(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "台账.xlsx", [["单位：万元"], ["机构名称", "床位数", "本金", "小钱（元）"], ["甲养老院", 30, 2, 5]]
    )

    def change(found: list[SheetMapping]) -> list[SheetMapping]:
        (one,) = found
        facts = {"C": "prepaid_total", "D": "max_prepayment"}
        columns = tuple(replace(c, fact=facts.get(c.letters, c.fact)) for c in one.columns)
        return [replace(one, columns=columns)]

    register = read_registers([path], confirm=change)
    assert register.columns["prepaid_total"] == [20_000]
    assert register.columns["max_prepayment"] == [5]
    assert "prepaid_total" not in register.missing


def test_a_file_without_any_known_column_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedInput, match=r"台账\.xlsx.*没有找到"):
        table(tmp_path, ["甲", "乙", "丙"], [1, 2, 3])
    assert len(table(tmp_path, ["名称"], ["甲养老院"], ["乙养老院"])) == 2
    assert table(tmp_path, ["床位数"], [30], [40]).columns["n_beds"] == [30, 40]


def test_column_letters() -> None:
    assert [letters(index) for index in (0, 25, 26, 51, 701, 702)] == ["A", "Z", "AA", "AZ", "ZZ", "AAA"]
    assert all(column_index(letters(index)) == index for index in range(2_000))
