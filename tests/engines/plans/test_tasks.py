"""Tasks: the finest items that ask for something, with deadline and phase; aims, lists and bodies are none."""

from __future__ import annotations

import pytest

from shouhu.engines.plans import reader
from shouhu.engines.plans.tasks import heading, is_aim, tasks
from tests.engines.plans.pieces import piece

PLAN = """某县打击整治养老诈骗工作方案
一、工作目标
（一）案件压下来。确保发案下降。
二、整治重点
（一）以免费体检诱骗老人的行为；
（二）县民政局负责整治的养老服务诈骗。
三、实施步骤
（一）宣传发动阶段（4月1日至4月30日）。各镇要召开动员会，4月10日前报送方案。
（二）打击整治阶段（5月至9月）。分两步走。
1.摸底排查（5月至6月）。各镇逐户走访。
四、组织领导
县里成立工作领导小组，由副县长任组长。领导小组办公室设在县公安局，负责日常工作。
五、宣传
（一）发放资料。要送到户。
（二）播放短片。（责任单位：县电视台；完成时限：2023年6月底前）
（三）办好专栏。（责任单位：县电视台）
1.县民政局要提供案例。（责任单位：县民政局）
2.县委宣传部要审核。
"""


def test_tasks_of_a_plan() -> None:
    found = [(t.no, t.owners, t.deadline, t.phase) for t in reader.read_text(PLAN).tasks]
    assert found == [
        ("二(二)", ("县民政局",), None, None),
        ("三(一)", ("各镇",), "XXXX-04-10", "宣传发动阶段"),
        ("三(二)1", ("各镇",), None, "摸底排查"),
        ("五(一)", (), None, None),
        ("五(二)", ("县电视台",), "2023-06-end", None),
        ("五(三)1", ("县民政局",), None, None),
        ("五(三)2", ("县委宣传部",), None, None),
    ]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("动员部署阶段（4月1日至4月30日）", "动员部署阶段"),
        ("动员部署阶段：4月1日至4月30日", "动员部署阶段"),
        ("查清底数（责任单位：县民政局）", "查清底数"),
        ("填写《排查表》（附件1）。", "填写《排查表》（附件1）"),
        ("做到四个有：村村有标语", "做到四个有：村村有标语"),
    ],
)
def test_headings(text: str, plain: str) -> None:
    assert heading(text) == plain


@pytest.mark.parametrize(
    ("text", "aim"),
    [
        ("指导思想", True),
        ("总体目标要求", True),
        ("重点任务", False),
        ("目标任务", True),
        ("活动时间", True),
        ("目标和主要任务", False),
    ],
)
def test_aims(text: str, aim: bool) -> None:
    assert is_aim(text) is aim


@pytest.mark.parametrize("text", ["红色。涉嫌犯罪的，纳入红色名单。", "组长：镇长", "联系电话：0199-0550001"])
def test_no_tasks(text: str) -> None:
    head, _, body = text.partition("。")
    assert not tasks([piece(body, head)], ())
