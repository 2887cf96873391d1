"""Phases: items, nested items, and sentences that name several."""

from __future__ import annotations

import pytest

from shouhu.engines.plans import reader

HEAD = "某县打击整治养老诈骗工作方案\n"


def found(text: str) -> list[tuple[str, str | None, str | None, str | None, str | None]]:
    """Name, start, end, duration and parent of every phase."""
    return [(p.name, p.start, p.end, p.duration, p.part_of) for p in reader.read_text(HEAD + text).phases]


@pytest.mark.parametrize(
    ("text", "phases"),
    [
        (
            "一、实施步骤\n（一）部署阶段（即日起至2月10日）。各镇动员。\n（二）整治阶段（3月—5月底）。\n1.排查（3月）。各镇走访。\n2.清理（4月至5月底）。各镇清理。\n",
            [
                ("部署阶段", "即日", "XXXX-02-10", None, None),
                ("整治阶段", "XXXX-03", "XXXX-05-end", None, None),
                ("排查", "XXXX-03", "XXXX-03", None, "整治阶段"),
                ("清理", "XXXX-04", "XXXX-05-end", None, "整治阶段"),
            ],
        ),
        (
            "一、安排\n第一阶段：动员（20xx年1月1日至2月10日）。各村动员。\n第二阶段：总结（12月底前）。各村总结。\n",
            [("动员", "XXXX-01-01", "XXXX-02-10", None, None), ("总结", None, "XXXX-12-end", None, None)],
        ),
        (
            "一、要求\n（一）加强统筹。统筹推进宣传发动、打击整治、总结提升三个环节。其中，宣传发动约20天；打击整治约4个月；总结提升约半个月。"
            "打击整治要按照摸底排查、分类处置两个阶段推进。\n",
            [
                ("宣传发动", None, None, "约20天", None),
                ("打击整治", None, None, "约4个月", None),
                ("总结提升", None, None, "约半个月", None),
                ("摸底排查", None, None, None, "打击整治"),
                ("分类处置", None, None, None, "打击整治"),
            ],
        ),
        (
            "一、阶段划分\n9月1日至9月15日为部署阶段。德育处召开会议。\n12月为总结阶段。各年级部自评。\n",
            [
                ("部署阶段", "XXXX-09-01", "XXXX-09-15", None, None),
                ("总结阶段", "XXXX-12", "XXXX-12", None, None),
            ],
        ),
        (
            "一、进度安排\n7月1日至7月10日学习动员；11月开展自查互评；12月上旬总结上报。\n",
            [
                ("学习动员", "XXXX-07-01", "XXXX-07-10", None, None),
                ("自查互评", "XXXX-11", "XXXX-11", None, None),
                ("总结上报", "XXXX-12-early", "XXXX-12-early", None, None),
            ],
        ),
        ("一、活动安排\n（一）4月20日前，各村民小组长到每户老人家里走一趟。\n", []),
        ("一、任务\n（一）各街道要盯住收费、合同、资金三个环节。\n", []),
    ],
)
def test_phases(text: str, phases: list[tuple[str | None, ...]]) -> None:
    assert found(text) == phases


def test_phases_that_run_throughout_overlap_the_others() -> None:
    text = (
        "一、要求\n（一）统筹。统筹推进宣传发动、打击整治、总结提升三个环节，宣传发动和打击整治两个环节要贯穿始终。\n"
    )
    (outreach, action, closing) = reader.read_text(HEAD + text).phases
    assert outreach.overlap == ("打击整治", "总结提升")
    assert action.overlap == ("宣传发动", "总结提升")
    assert closing.overlap == ("宣传发动", "打击整治")
