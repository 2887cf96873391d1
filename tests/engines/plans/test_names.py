"""Names of those who act: told by how they end and by the verb behind them, not by a list of them."""

from __future__ import annotations

import pytest

from shouhu.engines.plans import names
from shouhu.engines.plans.owners import subjects


@pytest.mark.parametrize(
    ("clause", "name"),
    [
        ("区法院执行局对涉案财物及时返还", "区法院执行局"),
        ("信用监管股负责调取名单", "信用监管股"),
        ("市局养老服务处研究起草细则", "市局养老服务处"),
        ("三大运营商每周通报一次", "三大运营商"),
        ("每所高校打造样板院系1个", "每所高校"),
        ("12个社区配合", "12个社区"),
        ("法律顾问出具意见", "法律顾问"),
        ("各县（市、区）民政局全面评估", "各县（市、区）民政局"),
        ("村“两委”负责", "村“两委”"),
        ("罗永贵负责每天发一条提醒", "罗永贵"),
    ],
)
def test_who_acts(clause: str, name: str) -> None:
    assert names.first(clause) == (name, True)


@pytest.mark.parametrize(
    "clause", ["分发各所核查", "联系派出所到场", "进社区、进广场", "镇长任组长", "养老机构的风险要查清", "加强领导"]
)
def test_nobody_acts(clause: str) -> None:
    assert not names.first(clause)[1]


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("县民政局会同县市场监管局，对养老机构逐家过筛。", ("县民政局", "县市场监管局")),
        ("综治办：负责统筹协调。", ("综治办",)),
        ("12315投诉举报中心配合，对投诉进行梳理。", ("12315投诉举报中心",)),
        ("预收费用的机构应向所在镇申报。", ("预收费用的机构",)),
        ("法治副校长（由派出所民警担任）每学期授课1次。", ("法治副校长",)),
        ("由社区党组织服务群众专项经费列支。", ()),
        ("举报方式：县公安局反诈中心：0199-0550001。", ()),
    ],
)
def test_sentences(text: str, units: tuple[str, ...]) -> None:
    assert subjects(text) == units


def test_whose_people_act() -> None:
    assert names.employer("各支行柜员") == "各支行"
    assert names.employer("各村支部书记") == "各村支部书记"
