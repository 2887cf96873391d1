"""Colour rules and measures, matched to the rules of our sets."""

from __future__ import annotations

import pytest

from shouhu.engines.plans.colours import colour_rules
from shouhu.engines.plans.matching import match
from shouhu.engines.plans.measures import measures
from shouhu.engines.plans.plan import Colour
from shouhu.engines.rules import rulesets
from tests.engines.plans.pieces import piece


@pytest.mark.parametrize(
    ("colour", "condition", "rules"),
    [
        (
            "red",
            "收取大额预付费且资不抵债",
            {"001:R-insolvent", "002-10:R-insolvent", "000-19:R-insolvent", "000-8:R-insolvent"},
        ),
        ("red", "已经爆雷或者引起重大舆情", {"001:R-collapsed", "002-10:R-collapsed"}),
        ("red", "未经登记且收取大额预付费", {"001:R-unregistered", "002-10:R-unregistered"}),
        ("orange", "未经登记但没有收取大额预付费", {"001:O-unregistered", "002-10:O-unregistered"}),
        ("orange", "交大额预付费的老人数量超过床位总数", {"001:O-beds", "002-10:O-beds"}),
        ("orange", "大额预付费使用不规范，但资可抵债、运营平稳", {"000-19:O-funds", "000-8:O-funds"}),
        ("yellow", "虚假宣传", {"001:Y-publicity", "002-10:Y-publicity"}),
        ("yellow", "饭菜不合口味", set()),
    ],
)
def test_matching(colour: Colour, condition: str, rules: set[str]) -> None:
    assert set(match(condition, colour).same) == rules


def test_another_colour_or_figure_is_a_difference() -> None:
    assert "001:R-insolvent" in match("收取大额预付费且资不抵债", "orange").differing
    assert "002-10:over_six_months" in match("预付费超过12个月且用于弥补建设", "yellow").differing


@pytest.mark.parametrize("name", [name for name in rulesets.SHIPPED if name != "003"])
def test_our_own_wording_finds_our_rules(name: str) -> None:
    """What a set says of a rule leads to that rule, for most rules: the vocabulary covers our own words."""
    rules = rulesets.load(name).rules
    found = [f"{name}:{rule.id}" in match(rule.says, rule.colour).same for rule in rules]
    assert sum(found) >= 0.75 * len(rules), [rule.says for rule, hit in zip(rules, found, strict=True) if not hit]


def test_conditions_and_measures_are_told_apart() -> None:
    text = (
        "涉嫌非法集资的，频繁变更法定代表人的，纳入红色名单。纳入黄色名单的，做好风险提示，增加抽查频次。"
        "纳入橙色名单的，约谈负责人、责令整改；对涉嫌犯罪的，移送司法机关。"
    )
    assert [(r.colour, r.condition) for r in colour_rules([piece(text)])] == [
        ("red", "涉嫌非法集资"),
        ("red", "频繁变更法定代表人"),
    ]
    assert [(m.colour, m.measure) for m in measures([piece(text)])] == [
        ("yellow", "做好风险提示"),
        ("yellow", "增加抽查频次"),
        ("orange", "约谈负责人"),
        ("orange", "责令整改"),
        ("orange", "移送司法机关"),
    ]


def test_headed_colours() -> None:
    text = "红色：总额过大的；已经出现兑付困难的。\n绿色：以上情形均未发现的。"
    assert [(r.colour, r.condition, r.new) for r in colour_rules([piece(text)])] == [
        ("red", "总额过大", True),
        ("red", "已经出现兑付困难", True),
        ("green", "以上情形均未发现", True),
    ]


def test_steps_without_colours() -> None:
    (first, second) = measures([piece("对存在苗头性问题的，做好风险提示；对涉嫌犯罪的，移送司法机关。")])
    assert (first.colour, first.when, second.when) == (None, "存在苗头性问题", "涉嫌犯罪")
