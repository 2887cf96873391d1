"""Bounds with operator and inclusiveness (民法典1259)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouhu.engines.plans.thresholds import thresholds
from tests.engines.plans.pieces import piece


def bounds(text: str) -> list[tuple[str, str, int | float, str | None]]:
    """Quantity, operator, value and unit of every bound."""
    return [(t.quantity, t.operator, t.value, t.unit) for t in thresholds([piece(text)])]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("一次性收费达到月收费标准6倍以上的", [("一次性收费", ">=", 6, "倍")]),
        ("预收费超过6个月的", [("预收费", ">", 6, "个月")]),
        ("知晓率不低于95%", [("知晓率", ">=", 95, "%")]),
        ("案件数同比下降10%以上", [("案件数同比下降", ">=", 10, "%")]),
        ("抽查机构数不少于总数的20%", [("抽查机构数", ">=", 20, "%")]),
        ("县专项办在2个工作日以内完成分流", [("分流", "<=", 2, "个工作日")]),
        ("接到指令后10分钟以内打通电话", [("接到指令后打通电话", "<=", 10, "分钟")]),
        ("须有3名以上民警参加", [("民警参加", ">=", 3, "名")]),
        ("文化中心制作短视频，每月不少于4条", [("文化中心制作短视频每月", ">=", 4, "条")]),
        ("得分60分以下的书面检讨，90分以上的表扬", [("得分", "<=", 60, "分"), ("得分", ">=", 90, "分")]),
        ("涉案金额超过50万元", [("涉案金额", ">", 50, "万元")]),
        ("入户率低于85%的", [("入户率", "<", 85, "%")]),
        ("参与老人三人以上", [("参与老人", ">=", 3, "人")]),
        ("入户率不得低于九成五", [("入户率", ">=", 95, "%")]),
        ("每个县区至少打造样板社区3个", [("打造样板社区", ">=", 3, "个")]),
        ("不晚于3月15日报送", []),
        ("报送情况（300字以内）", []),
        ("近三年新增网点", []),
        ("第十条以下", []),
        ("5月内完成", []),
        ("县级以上部门", []),
    ],
)
def test_bounds(text: str, found: list[tuple[str, str, int | float, str | None]]) -> None:
    assert bounds(text) == found


@given(
    st.integers(1, 9999),
    st.sampled_from(
        [
            ("不少于{}次", ">="),
            ("{}次以上", ">="),
            ("超过{}次", ">"),
            ("不超过{}次", "<="),
            ("低于{}次", "<"),
            ("{}次以内", "<="),
        ]
    ),
)
def test_every_figure_keeps_its_operator(value: int, wording: tuple[str, str]) -> None:
    (found,) = thresholds([piece("走访老人" + wording[0].format(value))])
    assert (found.operator, found.value, found.unit) == (wording[1], value, "次")
    assert found.inclusive == (wording[1] in (">=", "<="))
