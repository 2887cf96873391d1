"""Collections become plans, and one plan stays one."""

from __future__ import annotations

import pytest

from shouhu.engines.plans import papers, splitting
from shouhu.engines.plans.mending import mend

LONG = "各村要组织网格员逐户走访，把防骗知识讲到每一位老人，发现可疑情况及时报告镇专项办，" * 2


def plan(title: str) -> str:
    return f"{title}\n为守好老人的养老钱，制定本方案。\n一、工作目标\n{LONG}\n二、工作任务\n（一）宣传。{LONG}\n（二）排查。{LONG}\n"


@pytest.mark.parametrize(
    "marks",
    [
        ("第一篇：甲镇反诈方案", "第二篇：乙镇反诈方案", "第三篇"),
        ("篇1", "篇2", "篇3"),
        ("【篇一】甲镇反诈方案", "【篇二】乙镇反诈方案", "【篇三】丙镇反诈方案"),
        ("范文一", "范文二", "范文三"),
        ("甲镇反诈方案1", "甲镇反诈方案2", "甲镇反诈方案3"),
        ("反诈活动方案（篇1）", "反诈活动方案（篇2）", "反诈活动方案（篇4）"),  # the third headline is lost
    ],
)
def test_numbered_headlines(marks: tuple[str, ...]) -> None:
    text = "反诈方案精选3篇\n" + "\n".join(marks) + "\n" + "".join(f"{mark}\n{plan('反诈工作方案')}" for mark in marks)
    parts = splitting.plans(papers.from_text(text, "汇编.txt"))
    assert [part.name for part in parts] == ["汇编.txt-1", "汇编.txt-2", "汇编.txt-3"]
    assert [part.paragraphs[0].text for part in parts] == list(marks)


def test_titles_behind_which_the_numbering_starts_again() -> None:
    text = "反诈方案大全\n" + plan("甲镇反诈工作方案") + plan("乙校反诈宣传计划") + plan("甲镇反诈工作方案")
    parts = splitting.plans(papers.from_text(text, "a"))
    assert [part.paragraphs[0].text for part in parts] == ["甲镇反诈工作方案", "乙校反诈宣传计划", "甲镇反诈工作方案"]


def test_places_are_those_of_the_part() -> None:
    paper = papers.from_text("汇编\n" + plan("篇1") + plan("篇2"), "a")
    for part in splitting.plans(paper):
        for paragraph in part.paragraphs:
            assert mend(part.text[paragraph.start : paragraph.end]).text == paragraph.text


@pytest.mark.parametrize(
    "text",
    [
        plan("甲镇反诈工作方案"),
        "甲镇反诈工作方案\n甲镇反诈工作方案\n" + plan("甲镇反诈工作方案"),
        "关于印发《甲镇反诈工作方案》的通知\n各村：\n一、提高认识。\n二、抓好落实。\n" + plan("甲镇反诈工作方案"),
        plan("甲镇反诈工作方案") + "附件：1.名单\n附件1\n" + plan("甲镇突发情况处置预案"),
        "甲镇反诈工作方案\n第一篇\n一、目标\n守护老人。\n第二篇\n二、要求\n抓好落实。",
    ],
)
def test_one_plan_stays_one(text: str) -> None:
    paper = papers.from_text(text, "a")
    assert splitting.plans(paper) == (paper,)
