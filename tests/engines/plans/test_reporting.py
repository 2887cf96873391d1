"""Recurring reports: what, by which rhythm, how long."""

from __future__ import annotations

import pytest

from shouhu.engines.plans.reporting import reports
from tests.engines.plans.pieces import piece


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "每周二下午5时前，报送工作情况(200字以内)、宣传统计表(附件5)、战果表(附件6)。",
            [
                ("工作情况", "weekly Tuesday 17:00", "200字"),
                ("宣传统计表", "weekly Tuesday 17:00", None),
                ("战果表", "weekly Tuesday 17:00", None),
            ],
        ),
        ("各镇每月5日前将上月工作情况报县专项办。", [("上月工作情况", "monthly 5th", None)]),
        ("定期向区委政法委报送线索查办情况。", [("线索查办情况", "regularly", None)]),
        ("典型经验定期报送。", [("典型经验", "regularly", None)]),
        ("发案情况由派出所定期报平安办。", [("发案情况", "regularly", None)]),
        (
            "每月3日前将《进度表》和经验材料（1500字以内）报市局。",
            [("进度表", "monthly 3rd", None), ("经验材料", "monthly 3rd", "1500字")],
        ),
        (
            "每周三10时前报送《动态表》，情况说明不超过400字。",
            [("动态表", "weekly Wednesday 10:00", None), ("情况说明", "weekly Wednesday 10:00", "400字")],
        ),
        ("每月28日前报送工作进展情况，字数不超过800字。", [("工作进展情况", "monthly 28th", "800字")]),
        ("每日16时前报送入户数据。", [("入户数据", "daily 16:00", None)]),
        ("实行周报送、月调度。", [("周报送", "weekly", None), ("月调度", "monthly", None)]),
        ("实行周报告制度，每周四下午3:00前报送进展情况。", [("进展情况", "weekly Thursday 15:00", None)]),
        ("登记在《明白账》，每周日前由组长报服务站。", [("明白账", "weekly Sunday", None)]),
        ("镇平安办每季度形成分析材料报镇党委。", [("分析材料", "quarterly", None)]),
        ("指挥部每日10时前编发警情日报。", [("警情日报", "daily 10:00", None)]),
        ("各所每周五12时前将《日志》（附件1）发至办公室。", [("日志", "weekly Friday 12:00", None)]),
        (
            "每周一、每月最后一个工作日前分别将《周报表》《月报表》报区反诈办。",
            [("周报表", "weekly Monday", None), ("月报表", "monthly end", None)],
        ),
        ("每周三报送工作动态。工作动态不超过250字。", [("工作动态", "weekly Wednesday", "250字")]),
        (
            "村文书每半月把《进度表》报镇里，每两周报送小结。",
            [("进度表", "half-monthly", None), ("小结", "fortnightly", None)],
        ),
        ("每季度对乡镇督查1次以上，督查情况报县委主要领导。", []),
        ("每月出一期黑板报，每周推送不少于2次。", []),
        ("10月20日前报送书面总结，重大情况及时报告。", []),
    ],
)
def test_reports(text: str, found: list[tuple[str, str, str | None]]) -> None:
    assert [(r.what, r.rule, r.limit) for r in reports([piece(text)])] == found
