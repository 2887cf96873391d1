"""The annexes say what the ratings say, in the order and with the words that offices use."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouhu.engines import law
from shouhu.engines.documents.annexes import colour_list, disposal, progress, statistics
from shouhu.engines.documents.reading import read_registers
from shouhu.engines.rules.facts import declared
from shouhu.engines.rules.measures import measures_for
from shouhu.engines.rules.values import Approximate
from tests.engines.documents.written import AS_OF, CASES, Case, rated, record, sheets, table

PLAN = "《区县打击整治养老服务诈骗专项行动工作方案》"


# --- 红橙黄 list -----------------------------------------------------------------------------------------------------


def test_the_list_goes_from_red_to_yellow_then_by_town(tmp_path: Path) -> None:
    colour_list.write(tmp_path / "list.xlsx", rated())
    written = table(sheets(tmp_path / "list.xlsx")["红橙黄名单"])
    assert [(line["名称"], line["等级"]) for line in written] == [
        ("丁颐养院", "红■"),
        ("庚康养馆", "至少橙色◆"),
        ("戊养老院", "橙◆"),
        ("己托老点", "橙◆"),
        ("辛养老院", "橙◆"),
        ("乙养老院", "黄▲"),
        ("丙养老院", "黄▲"),
    ]
    assert [line["序号"] for line in written] == [1, 2, 3, 4, 5, 6, 7]
    assert {line["评估日期"].date() for line in written} == {AS_OF}
    assert written[0]["责任单位"] == "东桥镇"


def test_each_hazard_has_its_clause_and_what_is_not_verified_says_so(tmp_path: Path) -> None:
    colour_list.write(tmp_path / "list.xlsx", rated())
    found = {line["名称"]: line["隐患情形（条款）"] for line in table(sheets(tmp_path / "list.xlsx")["红橙黄名单"])}
    assert found["乙养老院"] == f"1.虚假或夸大宣传（{PLAN}二(二)二是）"
    assert found["丁颐养院"] == f"1.收取大额预付费且资不抵债；2.投资人等因经济犯罪被提起诉讼（{PLAN}二(二)二是）"
    assert found["戊养老院"].endswith("【投诉举报未核实】")
    assert found["庚康养馆"].startswith("尚有事项未核实，但无论核实结果如何，至少为橙色；待核实：")
    assert "核实后最高可能为红■；待核实：资产总额" in found["辛养老院"]


def test_the_list_says_by_which_rules_and_what_the_plan_does_not_contain(tmp_path: Path) -> None:
    colour_list.write(tmp_path / "list.xlsx", rated())
    above = "\n".join(str(row[0].value) for row in sheets(tmp_path / "list.xlsx")["红橙黄名单"].iter_rows(max_row=6))
    assert above.startswith("附件3\n养老服务诈骗风险隐患“红橙黄”风险管控名单\n填报单位：某某区民政局\n")
    for said in (
        "编号001",
        "截至2022年5月31日",
        "“被投诉举报”的读法：对机构或",
        "借自《防范电信网络诈骗方案(汇编12篇)之十》三(二)2",
        "180天内有效",
    ):
        assert said in above


def test_what_is_pending_stands_on_a_sheet_of_its_own(tmp_path: Path) -> None:
    colour_list.write(tmp_path / "list.xlsx", rated())
    undecided, unknown = table(sheets(tmp_path / "list.xlsx")["待研判和待查"])
    assert (undecided["名称"], undecided["等级"], undecided["最高可能"]) == ("癸养老院", "待研判◇", "—")
    assert undecided["情况说明"] == "方案未作规定的情形：收取大额预付费，用途规范且非用于建设"
    assert (unknown["名称"], unknown["等级"], unknown["最高可能"]) == ("壬养老院", "待查○", "红■")
    assert unknown["情况说明"] == "尚不能排除：涉嫌非法集资、诈骗等犯罪\n未答事项：涉嫌非法集资或诈骗"


def test_sums_keep_their_qualifier(tmp_path: Path) -> None:
    def edit(records: list[dict[str, Any]]) -> None:
        records[1] |= {"prepaid_total": Approximate(300_000, "约", 270_000, 330_000), "n_prepayers": 30}

    colour_list.write(tmp_path / "list.xlsx", rated(edit=edit))
    found = {line["名称"]: line for line in table(sheets(tmp_path / "list.xlsx")["红橙黄名单"])}
    assert found["乙养老院"]["金额（元）"] == "约300000"
    assert found["乙养老院"]["涉及人数\n（人）"] == 30


@pytest.mark.parametrize(("ruleset", "annex"), [("001", "附件3"), ("002-10", "附件5"), ("000-19", None)])
def test_the_annex_number_is_that_of_the_plan(tmp_path: Path, ruleset: str, annex: str | None) -> None:
    colour_list.write(tmp_path / "list.xlsx", rated(ruleset=ruleset))
    first = sheets(tmp_path / "list.xlsx")["红橙黄名单"]["A1"].value
    assert (first if str(first).startswith("附件") else None) == annex


def test_empty_lists_say_so(tmp_path: Path) -> None:
    colour_list.write(tmp_path / "list.xlsx", rated(CASES[:1]))
    said = [cell.value for sheet in sheets(tmp_path / "list.xlsx").values() for cell in sheet["A"]]
    assert "本期没有纳入“红橙黄”名单的机构和场所。" in said
    assert "本期没有待研判、待查的机构和场所。" in said


# --- progress --------------------------------------------------------------------------------------------------------


def test_progress_counts_by_town_and_in_all(tmp_path: Path) -> None:
    def edit(records: list[dict[str, Any]]) -> None:
        records[0]["surveyed_on"] = None
        records[1]["filed"] = "未备案"
        records[2]["registered"] = None
        records[3] |= {"prepaid_total": 1_000_000, "n_large_prepayers": 20}
        records[7] |= {"prepaid_total": Approximate(500_000, "约", 450_000, 550_000), "n_large_prepayers": None}

    progress.write(tmp_path / "progress.xlsx", rated(edit=edit))
    lines = {line["镇街"]: line for line in table(sheets(tmp_path / "progress.xlsx")["排查工作进度"], "镇街")}
    assert list(lines) == ["东桥镇", "西山街道", "未填镇街", "合计"]
    east, west, total = lines["东桥镇"], lines["西山街道"], lines["合计"]
    kinds = ("合计", "已登记备案", "已登记未备案", "未登记", "登记备案不明")
    assert [east[f"应排查数/{kind}"] for kind in kinds] == [4, 2, 1, 1, 0]
    assert [west[f"应排查数/{kind}"] for kind in kinds] == [5, 3, 0, 1, 1]
    assert [total[f"应排查数/{kind}"] for kind in kinds] == [10, 6, 1, 2, 1]
    assert (east["已排查数"], east["完成率"]) == (3, 0.75)
    assert (total["已排查数"], total["完成率"]) == (9, 0.9)
    shown = [f"风险等级/{colour}" for colour in ("绿●", "黄▲", "橙◆", "红■", "待查○", "待研判◇")]
    assert [total[head] for head in shown] == [1, 2, 4, 1, 1, 1]
    assert east["收取大额预付费情况/金额（元）"] == 1_000_000
    assert west["收取大额预付费情况/金额（元）"] == "450000-550000"
    assert total["收取大额预付费情况/金额（元）"] == "1450000-1550000"
    assert "1家大额预付费人数未填" in west["备注"]
    assert "1家是否收取大额预付费不明" in east["备注"]


def test_what_a_register_cannot_tell_is_not_made_up(tmp_path: Path) -> None:
    progress.write(tmp_path / "progress.xlsx", rated())
    sheet = sheets(tmp_path / "progress.xlsx")["排查工作进度"]
    for line in table(sheet, "镇街"):
        looks = [value for head, value in line.items() if head.startswith("“四看”复查/")]
        assert looks[1:] == ["—"] * 3
        assert line["新增数"] == "—"
    below = "".join(str(cell.value) for cell in sheet["A"])
    assert "单凭台账不能得出，以“—”表示" in below


def test_new_rows_are_counted_when_there_is_a_previous_run(tmp_path: Path) -> None:
    progress.write(tmp_path / "progress.xlsx", rated(), new=frozenset({0, 1, 4}))
    lines = table(sheets(tmp_path / "progress.xlsx")["排查工作进度"], "镇街")
    assert [line["新增数"] for line in lines] == [2, 1, 0, 3]


def test_a_share_is_never_rounded_up_to_all(tmp_path: Path) -> None:
    many: list[Case] = [(f"机构{n}", "东桥镇", "nothing found") for n in range(3)]

    def edit(records: list[dict[str, Any]]) -> None:
        records[0]["surveyed_on"] = None

    progress.write(tmp_path / "progress.xlsx", rated(many, edit=edit))
    (line, _) = table(sheets(tmp_path / "progress.xlsx")["排查工作进度"], "镇街")
    assert line["完成率"] == 0.6666


# --- disposal --------------------------------------------------------------------------------------------------------


def blocks(sheet: Any) -> dict[str, list[dict[str, Any]]]:
    """This function will give the lines of each institution's block, by its name."""
    found: dict[str, list[dict[str, Any]]] = {}
    name = ""
    for line in table(sheet):
        if line["措施" if "措施" in line else "处置措施/措施"] is None:
            break
        name = str(line["名称、地址"]).partition("\n")[0] if line["名称、地址"] else name
        found.setdefault(name, []).append(line)
    return found


@pytest.mark.parametrize("ruleset", ["001", "002-10", "000-19", "000-8"])
def test_every_listed_institution_has_the_measures_of_its_colour(tmp_path: Path, ruleset: str) -> None:
    case = rated(ruleset=ruleset)
    disposal.write(tmp_path / "disposal.xlsx", case)
    written = blocks(sheets(tmp_path / "disposal.xlsx")["分类处置进度"])
    names = case.register.columns["name"]
    for row in range(len(case)):
        unregistered = case.is_unregistered(row)
        if case.grades[row] in ("red", "orange", "yellow") or unregistered:
            demanded = measures_for(ruleset, case.grades[row], unregistered=unregistered)
            lines = written[names[row]]
            assert [line["处置措施/措施"].removesuffix("[建议]").rpartition("，")[2] for line in lines] == [
                measure.says.rpartition("，")[2] for measure in demanded
            ]
            assert [line["处置措施/责任主体"] for line in lines] == [measure.body for measure in demanded]
            assert all(line["处置措施/法律（方案）依据"] and line["处置措施/方案条款"] for line in lines)
            assert all(line["处置措施/时限"] is None for line in lines)
        else:
            assert names[row] not in written


def test_a_power_in_law_is_cited_in_full(tmp_path: Path) -> None:
    disposal.write(tmp_path / "disposal.xlsx", rated())
    red = blocks(sheets(tmp_path / "disposal.xlsx")["分类处置进度"])["丁颐养院"]
    talk = next(line for line in red if line["处置措施/措施"] == "警示约谈主要负责人")
    assert talk["处置措施/法律（方案）依据"] == str(law.cite("防范和处置非法集资条例 第18条"))
    stop = next(line for line in red if "责令停业整顿" in line["处置措施/措施"])
    assert stop["处置措施/责任主体"] == "区民政局"
    assert stop["处置措施/措施"].startswith("责令限期改正逾期不改正的，")


def test_what_belongs_to_the_institution_is_one_cell_a_block(tmp_path: Path) -> None:
    disposal.write(tmp_path / "disposal.xlsx", rated())
    sheet = sheets(tmp_path / "disposal.xlsx")["分类处置进度"]
    merged = {str(found) for found in sheet.merged_cells.ranges}
    assert {"A7:A16", "B7:B16", "C7:C16", "J7:J16", "P7:P16"} <= merged
    assert not any(found.startswith(("D7", "E7", "I7")) for found in merged)
    assert (sheet["C7"].value, sheet["C8"].value) == ("红■", None)


def test_what_is_pending_is_a_task(tmp_path: Path) -> None:
    disposal.write(tmp_path / "disposal.xlsx", rated())
    tasks = table(sheets(tmp_path / "disposal.xlsx")["补充排查和研判任务"])
    assert [(line["名称"], line["等级"]) for line in tasks] == [("癸养老院", "待研判◇"), ("壬养老院", "待查○")]
    assert [line["任务"] for line in tasks] == ["集体研判，确定风险等级[建议]", "补充排查，答清待核实的问题[建议]"]


def test_a_rule_set_of_ones_own_has_blocks_to_fill_in(tmp_path: Path) -> None:
    draft = tmp_path / "draft.yaml"
    draft.write_text(
        'id: 草案\ntitle: 草案\nscale: colours\nrules: [{id: R, colour: red, when: suspected_crime, says: 涉嫌犯罪, clause: "001 二(二)二是"}]\n',
        "utf-8",
    )
    disposal.write(tmp_path / "disposal.xlsx", rated((("甲", "镇", "suspected crime"),), str(draft)))
    ((line,),) = blocks(sheets(tmp_path / "disposal.xlsx")["分类处置进度"]).values()
    assert line["处置措施/措施"] == "（本规则没有登记处置措施，请按所依据的方案填写）"


# --- statistics ------------------------------------------------------------------------------------------------------


def test_the_tables_of_002_10_read_back_as_they_were(tmp_path: Path) -> None:
    def edit(records: list[dict[str, Any]]) -> None:
        records[1] |= {
            "prosecuted": ("未指明",),
            "related_companies": ("甲公司", "乙公司"),
            "n_beds": Approximate(30, "余", 31, 39),
        }
        records[2] |= {"monthly_fee": Approximate(None, "至", 1800, 4500), "assets": 1234.5, "operation": "民办"}

    case = rated(edit=edit)
    statistics.write_institutions(tmp_path / "institutions.xlsx", case)
    statistics.write_sites(tmp_path / "sites.xlsx", case)
    for name, unregistered, absent in (("institutions", False, 20), ("sites", True, 45)):
        back = read_registers([tmp_path / f"{name}.xlsx"])
        rows = [row for rows in case.by_town.values() for row in rows if case.is_unregistered(row) is unregistered]
        assert len(back) == len(rows)
        assert len(back.missing) < absent
        for fact in set(declared()) - set(back.missing):
            assert back.columns[fact] == [case.register.columns[fact][row] for row in rows], fact


def test_the_columns_are_those_agreed(tmp_path: Path) -> None:
    statistics.write_institutions(tmp_path / "b2.xlsx", rated(ruleset="002-10"))
    sheet = sheets(tmp_path / "b2.xlsx")["养老服务机构"]
    heads = list(table(sheet)[0])
    assert sheet["C1"].value == "附件2"
    assert heads[:4] == ["序号", "机构名称", "统一社会信用代码", "地址"]
    for head in (
        "登记、备案/登记状态",
        "预付费/最高倍数",
        "预付费/资金存管",
        "近三年/新增网点数",
        "资产总额(元)",
        "排查日期",
        "等级",
    ):
        assert head in heads
    statistics.write_sites(tmp_path / "b3.xlsx", rated(ruleset="002-10"))
    (own, large_unknown) = table(sheets(tmp_path / "b3.xlsx")["未经登记场所"])
    assert [own["场所名称"], large_unknown["场所名称"]] == ["庚康养馆", "己托老点"]
    assert (own["处理意见"], large_unknown["处理意见"]) == ("待核实", "建议：督促办理登记")


@pytest.mark.parametrize(
    ("paid", "fee", "shown"),
    [
        (17_999.99, 3_000, 5.99),
        (18_000, 3_000, 6.0),
        (11_999.4, 1_999.9, 6.0),
        (18_000, None, None),
        (18_000, 0, None),
        (Approximate(18_000, "约", 16_200, 19_800), 3_000, "5.4-6.6"),
        (9_000, Approximate(None, "至", 1_500, 3_000), "3.0-6.0"),
    ],
)
def test_times_the_fee(paid: Any, fee: Any, shown: Any) -> None:
    def edit(records: list[dict[str, Any]]) -> None:
        records[0] |= {"max_prepayment": paid, "monthly_fee": fee}

    assert statistics.times_the_fee(rated(CASES[:1], edit=edit), 0) == shown


@given(st.integers(0, 10**9), st.integers(1, 10**7))
def test_what_is_not_six_times_the_fee_never_looks_it(paid_fen: int, fee_fen: int) -> None:
    def edit(records: list[dict[str, Any]]) -> None:
        records[0] |= {"max_prepayment": paid_fen / 100, "monthly_fee": fee_fen / 100}

    shown = statistics.times_the_fee(rated(CASES[:1], edit=edit), 0)
    assert isinstance(shown, float)
    assert (shown >= 6) is (Fraction(paid_fen, fee_fen) >= 6)


def test_records_are_what_the_cases_say() -> None:
    """The sample itself: under 001 it holds every kind of answer."""
    case = rated()
    assert case.grades == [
        "green",
        "yellow",
        "yellow",
        "red",
        "orange",
        "orange",
        "orange",
        "orange",
        "unknown",
        "decide",
    ]
    assert record(CASES[0])["name"] == "甲照料中心"
