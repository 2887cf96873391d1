"""Two rule sets on one register: who moves, by what; and reasons as sentences."""

from __future__ import annotations

from shouhu.engines.rules import rulesets
from shouhu.engines.rules.compare import compare
from shouhu.engines.rules.ratings import rate
from shouhu.engines.rules.reasons import explain
from tests.spec.tables import facts

CASES = [
    "nothing found",
    "5x + 7 months + for construction",
    "false publicity",
    "not registered + large",
    "6x + insolvent",
]


def test_moves_go_from_where_to_where_by_which_rule() -> None:
    records = [facts(case) for case in CASES]
    columns = {name: [record[name] for record in records] for name in records[0]}
    plans = [rulesets.load(name) for name in ("001", "002-10", "000-19")]
    first, second, third = (rate(columns, plan) for plan in plans)
    found = compare(first, second)
    assert [(m.row, m.before.listed, m.after.listed) for m in found.moves] == [(1, "green", "yellow")]
    assert found.moves[0].by[0].startswith("Y-facility")
    found = compare(first, third)
    assert {(m.row, m.before.listed, m.after.listed) for m in found.moves} == {
        (2, "yellow", "decide"),
        (3, "red", "decide"),
    }
    by = {m.row: m.by[0] for m in found.moves}
    assert by[2].startswith("F-publicity")
    assert by[3] == "未登记场所另行处置"
    assert sum(found.table.values()) == len(CASES)


def test_reasons_are_told_in_sentences_a_clerk_can_read_out() -> None:
    told = "\n".join(explain(facts("6x + irregular + assets unknown"), rulesets.load("001")).sentences())
    assert "评为橙色，查清后最高可能为红色。" in told
    assert "依据《区县打击整治养老服务诈骗专项行动工作方案》二(二)二是：收取大额预付费且资金使用不规范" in told
    assert "单笔最高预付费：18,000元" in told
    assert "尚不能排除“收取大额预付费且资不抵债”（红色）：缺资产总额。" in told
    assert "下一步先问：资产总额是多少元？" in told
    assert "把“资金使用是否规范”改为是" in told
    assert "借用" in told
    told = "\n".join(explain(facts("not registered + large unknown"), rulesets.load("001")).sentences())
    assert "列为待查：有事实未查清，不能评为绿色，但无论核实结果如何至少为橙色，查清后最高可能为红色。" in told
