"""What a colour demands: who may do it, by what power, by which clause (DIS-3, CLR-2, COL-12)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shouhu.engines import law
from shouhu.engines.rules import rulesets
from shouhu.engines.rules.measures import Measure, measures_for

COLOURED = ("001", "002-10", "000-19", "000-8")
COLOURS = ("green", "yellow", "orange", "red", "unknown", "decide")
STEPS = ("苗头性问题", "明显问题但不构成犯罪", "涉及其他部门", "涉嫌犯罪")
ORDERS = ("责令", "停业", "停止", "取缔", "关停", "关闭", "查封", "查处", "暂停")
"""Acts that bind somebody: only a body with a power of its own may do them."""


def every() -> Iterator[tuple[str, str, Measure]]:
    """This function will give every measure with its rule set and what demands it."""
    for ruleset in COLOURED:
        for colour in COLOURS:
            yield from ((ruleset, colour, measure) for measure in measures_for(ruleset, colour, unregistered=False))
        yield from ((ruleset, "unregistered", measure) for measure in measures_for(ruleset, "", unregistered=True))
    for step in STEPS:
        yield from (("003", step, measure) for measure in measures_for("003", step, unregistered=False))


def said(ruleset: str, colour: str, *, unregistered: bool = False) -> list[str]:
    """This function will give the wording of what a colour demands, in order."""
    return [measure.says for measure in measures_for(ruleset, colour, unregistered=unregistered)]


@pytest.mark.parametrize(
    ("ruleset", "colour", "expected"),
    [
        ("001", "green", "正常开展日常监管"),
        ("001", "yellow", "做好风险提示 增加抽查检查频次 加大监管力度 提醒规范运营"),
        (
            "001",
            "orange",
            "及时向属地人民政府和政法部门通报线索 同步纳入属地防范和处置非法集资工作机制 警示约谈主要负责人 责令整改 督促清退资金",
        ),
        (
            "001",
            "red",
            "及时向属地人民政府和政法部门通报线索 同步纳入属地防范和处置非法集资工作机制 警示约谈主要负责人"
            " 停止经营活动：责令停业整顿 停止经营活动：暂停或停止集资活动 停止经营活动：责令停止相关经营活动"
            " 责令整改 督促清退资金 综合运用行政、经济、民事等手段抓好整改 移送司法机关依法处理",
        ),
        ("002-10", "yellow", "做好风险提示 增加抽查检查频次 加大监管力度 提醒规范运营"),
        ("002-10", "orange", "及时向属地政府和政法委通报线索 警示约谈机构及主要负责人 责令整改 督促清退资金"),
        ("002-10", "red", "向属地政府和政法委提供线索 配合公安机关依法打击 妥善安置老年人 由公安机关依法查处"),
        ("000-19", "yellow", "提示经营风险 引导规范运营，避免扩张过快 增加抽查频次 做好日常监测"),
        ("000-19", "orange", "通报线索 纳入防范和处置非法集资工作机制 警示约谈机构及主要负责人 责令整改 督促清退资金"),
        (
            "000-19",
            "red",
            "通报线索 纳入防范和处置非法集资工作机制 配合处非牵头部门、公安机关处置 妥善安置老年人 依法给予社会救助 直接移交公安机关",
        ),
        ("000-8", "yellow", "增加抽查频次 做好日常监测"),
        ("000-8", "orange", "警示约谈机构及主要负责人 责令整改 督促清退资金"),
        ("000-8", "red", "报送区政法委 配合处非牵头部门、公安机关处置"),
    ],
)
def test_a_colour_demands_what_its_plan_says_in_its_order(ruleset: str, colour: str, expected: str) -> None:
    assert said(ruleset, colour) == expected.split(" ")


def test_only_001_makes_the_fundraising_mechanism_depend_on_fundraising() -> None:
    def condition(ruleset: str) -> list[str]:
        return [m.when for m in measures_for(ruleset, "orange", unregistered=False) if "非法集资工作机制" in m.says]

    assert condition("001") == ["属于非法集资的"]
    assert condition("002-10") == []
    assert condition("000-19") == [""]
    assert condition("000-8") == []


def test_crime_goes_to_the_police_only_when_suspected() -> None:
    crimes = [m for _, _, m in every() if "移送司法" in m.says or "移交公安" in m.says or "由公安机关" in m.says]
    assert len(crimes) == 4  # 001, 002-10, 000-19, and the fourth step of 003, which is that condition itself
    assert {m.when for m in crimes} == {"涉嫌犯罪的", ""}


@pytest.mark.parametrize("ruleset", COLOURED)
def test_unregistered_sites_get_the_clear_out_on_top(ruleset: str) -> None:
    for colour in COLOURS:
        with_it, without = said(ruleset, colour, unregistered=True), said(ruleset, colour)
        assert with_it[: len(without)] == without
        assert len(with_it) > len(without)


def test_the_two_cases_that_001_leaves_open_are_for_a_person_to_decide() -> None:
    clear_out = {m.id: m for m in measures_for("001", "", unregistered=True)}
    assert clear_out["U-between"].mark == "P"
    assert "研判" in clear_out["U-between"].says
    assert {m.clause for m in clear_out.values()} == {"001 二(二)四是"}


@pytest.mark.parametrize("ruleset", COLOURED)
@pytest.mark.parametrize(("colour", "word"), [("unknown", "补充排查"), ("decide", "研判")])
def test_what_is_unknown_or_undecided_demands_work_too(ruleset: str, colour: str, word: str) -> None:
    (task,) = measures_for(ruleset, colour, unregistered=False)
    assert word in task.says
    assert task.mark == "P"


def test_003_has_four_steps_and_no_colours() -> None:
    assert tuple(step.name for step in rulesets.load("003").steps) == STEPS
    assert all(said("003", step) for step in STEPS)
    assert not any(said("003", colour, unregistered=True) for colour in COLOURS)


def test_a_rule_set_of_ones_own_has_no_measures() -> None:
    assert measures_for("../001", "red", unregistered=True) == ()


def test_every_clause_and_every_power_can_be_cited() -> None:
    unknown = set()
    for _, _, measure in every():
        assert measure.power
        for clause in (measure.clause, *measure.power):
            try:
                law.cite(clause)
            except law.UnknownClause as error:
                unknown.add(str(error))
    assert unknown == set()


def test_the_clause_is_of_the_plan_itself_unless_it_is_our_proposal() -> None:
    strange = [(r, m.id) for r, _, m in every() if not m.clause.startswith(f"{r} ") and m.mark != "P"]
    assert strange == []


def test_orders_name_a_body_with_a_power_in_law_and_never_a_town_alone() -> None:
    for ruleset, _, measure in every():
        if any(word in measure.says for word in ORDERS):
            acting = measure.body.partition("(")[0]
            assert not acting.startswith(("属地", "镇")), (ruleset, measure.id)
            kinds = {law.cite(clause).source.kind for clause in measure.power}
            assert kinds & {"law", "regulation"}, (ruleset, measure.id)


def test_wording_is_short_and_ids_are_unique() -> None:
    seen: dict[tuple[str, str], Measure] = {}
    for ruleset, _, measure in every():
        assert len(measure.says) <= 30
        assert measure.mark in ("", "P")
        assert seen.setdefault((ruleset, measure.id), measure) == measure
