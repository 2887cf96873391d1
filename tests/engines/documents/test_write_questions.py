"""What is taken along and what was not read: the question lists of the towns, and the report on cells."""

from __future__ import annotations

from pathlib import Path

import pytest

from shouhu.engines.documents.annexes import questions, remarks
from shouhu.engines.rules.facts import declared
from tests.engines.documents.written import CASES, rated, remark, sheets, table

# --- questions -------------------------------------------------------------------------------------------------------


def test_one_workbook_a_town_with_every_question_in_order(tmp_path: Path) -> None:
    case = rated()
    questions.write(tmp_path / "out", case)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "问题清单_东桥镇.xlsx",
        "问题清单_西山街道.xlsx",
    ]
    sheet = sheets(tmp_path / "out" / "问题清单_西山街道.xlsx")["待核实问题"]
    column = [cell.value for cell in sheet["A"]]
    asked = [cell.value for cell in sheet["B"]]
    row = CASES.index(("辛养老院", "西山街道", "assets unknown + large + irregular"))
    at = column.index("1．辛养老院")
    assert "目前等级：橙◆，最高可能红■\n已发现：收取大额预付费且资金使用不规范" in column[at + 1]
    wanted = [declared()[name].ask for name in case.ratings[row].ask]
    assert wanted == ["资产总额是多少元？"]
    assert asked[at + 2 : at + 2 + len(wanted)] == wanted
    assert "核实人签名" in column[at + 2 + len(wanted)]
    assert not any("戊养老院" in str(value) for value in column)


def test_every_type_of_fact_has_room_for_its_answer() -> None:
    for fact in declared().values():
        room = questions.answer_space(fact)
        match fact.type:
            case "yes_no":
                assert room == "是□　　否□"
            case "money":
                assert room.endswith("元")
            case "choice":
                assert all(f"{choice}□" in room for choice in fact.choices)
            case "count" | "months":
                assert room.strip()
            case "persons":
                assert all(f"{who}□" in room for who in ("否", "投资人", "法定代表人", "主要负责人", "机构"))


def test_towns_have_safe_names_of_their_own(tmp_path: Path) -> None:
    towns = ["东/桥", "东\\桥", "CON?", "../上级", "a\u202eb", "甲" * 200, "Ab", "aB", None]
    cases = [(f"机构{n}", town, "suspicion unknown") for n, town in enumerate(towns)]
    questions.write(tmp_path / "out", rated(cases))
    names = [path.name for path in (tmp_path / "out").iterdir()]
    assert len(names) == len(towns)
    assert len({name.casefold() for name in names}) == len(towns)
    assert [path for path in tmp_path.iterdir() if path.name != "out"] == []
    assert not any(set(name) & set('<>:"/\\|?*\u202e') for name in names)
    assert max(map(len, names)) < 60
    assert "问题清单_未填镇街.xlsx" in names


def test_a_spoilt_column_of_towns_does_not_make_thousands_of_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questions, "MOST_TOWNS", 3)
    cases = [(f"机构{n}", f"东桥镇{n}号", "suspicion unknown") for n in range(10)]
    questions.write(tmp_path / "out", rated(cases))
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == [*(f"问题清单_东桥镇{n}号.xlsx" for n in range(3)), "问题清单_其余镇街.xlsx"]
    sheet = sheets(tmp_path / "out" / "问题清单_其余镇街.xlsx")["待核实问题"]
    assert sum("．机构" in str(cell.value) for cell in sheet["A"]) == 7


# --- what was read ---------------------------------------------------------------------------------------------------


def test_the_report_goes_from_columns_to_cells_in_reading_order(tmp_path: Path) -> None:
    cells = [
        remark("AA5", "负债总额"), remark("B5", "床位数", "若干"), remark("B12", "床位数"), remark("B9", "床位数"),
        remark(None, "资产总额", why="没有这一列"), remark("A1", "机构名称", sheet=None),
    ]  # fmt: skip
    case = rated(cells=cells, missing=["assets", "stable"], flags=[("duplicate",), *[()] * 9])
    remarks.write(tmp_path / "report.xlsx", case)
    written = sheets(tmp_path / "report.xlsx")
    lines = table(written["未能读出的内容"])
    assert [(line["单元格"], line["栏目"]) for line in lines] == [
        (None, "运营是否平稳"), (None, "资产总额"), ("A1", "机构名称"),
        ("B5", "床位数"), ("AA5", "负债总额"), ("B9", "床位数"), ("B12", "床位数"),
    ]  # fmt: skip
    assert lines[3]["内容"] == "若干"
    (flagged,) = table(written["需要核对的行"])
    assert (flagged["行号"], flagged["机构名称"], flagged["提示"]) == (4, "甲照料中心", "【疑似重复】")
    source = table(written["数据来源"])
    assert source[0]["SHA-256"] == "ab" * 32
    assert [line["数据行数"] for line in source] == [10, 10]
