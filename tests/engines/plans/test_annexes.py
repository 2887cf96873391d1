"""Annexes, bodies, channels and the head of a plan."""

from __future__ import annotations

import pytest

from shouhu.engines.plans import reader
from shouhu.engines.plans.annexes import annexes
from shouhu.engines.plans.bodies import bodies
from shouhu.engines.plans.channels import channels
from tests.engines.plans.pieces import piece


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("填报《进度表》（附件2）和统计表(附件3)。", [("2", "进度表"), ("3", "统计表")]),
        ("按照《奖励标准》（附表2）兑现。", [("2", "奖励标准")]),
        ("区民政局成立工作专班（附件1）。", [("1", "工作专班")]),
        ("报送附件4。", [("4", None)]),
        ("见（附件1：《登记表》）。", [("1", "登记表")]),
    ],
)
def test_mentioned(text: str, found: list[tuple[str, str | None]]) -> None:
    assert [(a.no, a.title) for a in annexes([piece(text)])] == found


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["附件：1.甲表", "2．乙表"], [("1", "甲表"), ("2", "乙表")]),
        (["附件：1.甲表；2.乙表"], [("1", "甲表"), ("2", "乙表")]),
        (["附：甲表"], [("", "甲表")]),
        (["附件1：甲表", "附件2", "乙表"], [("1", "甲表"), ("2", "乙表")]),
        (["附件：", "1、甲表", "2、乙表", "某局"], [("1", "甲表"), ("2", "乙表")]),
    ],
)
def test_listed(lines: list[str], found: list[tuple[str, str | None]]) -> None:
    assert [(a.no, a.title) for a in annexes([piece(line, where="") for line in lines])] == found


@pytest.mark.parametrize(
    ("text", "name", "host", "head"),
    [
        ("县局成立集中行动指挥部，由副县长任总指挥，指挥部设在反诈中心。", "集中行动指挥部", "反诈中心", "副县长"),
        ("区民政局成立工作专班，局长任组长。", "工作专班", "区民政局", "局长"),
        (
            "成立由局长任组长，各股室负责人为成员的专项行动领导小组，领导小组办公室设在规范股。",
            "专项行动领导小组",
            "规范股",
            "局长",
        ),
    ],
)
def test_bodies(text: str, name: str, host: str, head: str) -> None:
    (body,) = bodies([piece(text)])
    assert (body.name, body.host, body.head) == (name, host, head)


def test_channels() -> None:
    text = "举报电话0199—0551207，邮箱jubao@example.com，也可拨打96110或登录12337平台；来信地址：某路1号。"
    names = ["jubao@example.com", "0199-0551207", "96110", "12337", "某路1号"]
    assert [c.name for c in channels([piece(text)])] == names


def test_head_behind_a_covering_notice() -> None:
    text = (
        "某民发〔2024〕31号\n甲区民政局关于印发某方案的通知\n各街道：\n现将方案印发给你们。\n甲区民政局\n2024年2月27日\n"
        "甲区养老领域诈骗整治工作方案\n为防诈骗，制定本方案。\n一、任务\n（一）各街道要排查。\n"
    )
    plan = reader.read_text(text)
    assert (plan.title, plan.kind, plan.issuer) == ("甲区养老领域诈骗整治工作方案", "campaign_plan", "甲区民政局")
    assert (plan.doc_number, plan.domain, plan.level) == ("某民发〔2024〕31号", "elder_care", "county")


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("某园防拐骗演练方案", "drill"),
        ("防诈骗主题班会教案", "class_meeting"),
        ("预防诈骗活动总结", "summary"),
        ("师徒结对活动方案", "other"),
        ("某县召开打击养老诈骗推进会", "other"),
        ("某市医保基金使用专项整治方案", "other"),
        ("某镇防范电信网络诈骗宣传方案", "campaign_plan"),
    ],
)
def test_kinds(title: str, kind: str) -> None:
    plan = reader.read_text(f"{title}\n一、任务\n（一）各村要排查。\n")
    assert plan.kind == kind
    assert bool(plan.tasks) == (kind == "campaign_plan")
