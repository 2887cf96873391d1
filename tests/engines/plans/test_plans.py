"""Whole plans: the written answers hold the bars of the issue; distractors yield nothing."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shouhu.engines.plans import papers, reader
from shouhu.engines.plans.checking import check
from tests.engines.plans import scoring

GOLD = Path(__file__).parent / "gold"
SOURCES = Path(__file__).parents[4] / "shared" / "sources"
BARS = {"phases": 0.95, "annexes": 0.95, "recurring_reports": 0.95, "thresholds": 0.95, "tasks": 0.90}
LISTS = (*BARS, "colour_rules", "measures", "channels", "bodies")
ANSWERS = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(GOLD.glob("*.json"))}
SINGLE = {name: answer for name, answer in ANSWERS.items() if "plans" not in answer}


@cache
def plan(name: str) -> Any:
    """The JSON of one document."""
    document = next(path for path in GOLD.glob(f"{name}.*") if path.suffix != ".json")
    return reader.read(document).as_json()


@cache
def scores() -> dict[str, scoring.Score]:
    """Micro-F1 over all documents."""
    return scoring.score((name, answer, plan(name)) for name, answer in SINGLE.items())


@pytest.mark.parametrize("kind", BARS)
def test_bars(kind: str) -> None:
    score = scores()[kind]
    assert score.right >= 30
    assert score.f1 >= BARS[kind], "\n".join(["missed", *score.missed, "wrong", *score.wrong])


@pytest.mark.parametrize("name", SINGLE)
def test_kind(name: str) -> None:
    assert plan(name)["kind"] == SINGLE[name]["kind"]


@pytest.mark.parametrize("name", [name for name, answer in SINGLE.items() if answer["kind"] != "campaign_plan"])
def test_distractors_yield_nothing(name: str) -> None:
    assert not any(plan(name)[key] for key in LISTS)


@pytest.mark.parametrize("name", [name for name, answer in SINGLE.items() if answer["kind"] == "campaign_plan"])
def test_everything_has_a_place_and_a_confidence(name: str) -> None:
    document = next(path for path in GOLD.glob(f"{name}.*") if path.suffix != ".json")
    length = len(papers.read(document).text)
    for thing in (thing for key in LISTS for thing in plan(name)[key]):
        assert 0 <= thing["place"]["start"] < thing["place"]["end"] <= length
        assert 0 < thing["confidence"] <= 1


def test_the_same_text_gives_the_same_json() -> None:
    text = (GOLD / "province_work_plan.txt").read_text("utf-8")
    one, other = (json.dumps(reader.read_text(text).as_json(), ensure_ascii=False) for _ in range(2))
    assert one == other


FRAGMENTS = [
    "一、",
    "（一）",
    "1.",
    "一是",
    "第一阶段",
    "：",
    "（",
    "）",
    "《",
    "》",
    "、",
    "，",
    "。",
    "；",
    "附件1",
    "附件：",
    "2022年",
    "5月",
    "至",
    "6月底前",
    "每周二17时前",
    "报送",
    "情况",
    "各镇",
    "县公安局",
    "会同",
    "由",
    "牵头",
    "责任单位：",
    "纳入",
    "红色",
    "名单",
    "的",
    "对",
    "超过",
    "6",
    "倍",
    "以上",
    "不少于",
    "300字以内",
    "成立",
    "领导小组",
    "组长：",
    "设在",
    "三个环节",
    "约半个月",
    "0199-0550001",
    "涉嫌诈骗",
    "或者",
    "且",
]


@given(st.lists(st.one_of(st.sampled_from([*FRAGMENTS, chr(10)]), st.text(max_size=3)), max_size=60).map("".join))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read(text: str) -> None:
    """Nothing that can be written makes the reader fail, and every place lies within the text."""
    head = "某县打击养老诈骗方案\n一、任务\n（一）"
    found = reader.read_text(head + text)
    json.dumps(found.as_json())
    length = len(papers.from_text(head + text, "").text)
    for thing in (thing for key in LISTS for thing in getattr(found, key)):
        assert 0 <= thing.place.start <= thing.place.end <= length


@pytest.mark.parametrize(
    "text",
    [
        "各" * 9000,
        "会同派出所" * 2000,
        "5月1日至" * 2000,
        "（各镇、" * 2000,
        "1" * 9000,
        " " * 9000,
        "纳入红色名单" * 2000,
    ],
)
def test_no_text_runs_away(text: str) -> None:
    assert reader.read_text("某县打击养老诈骗方案\n一、任务\n（一）" + text).title == "某县打击养老诈骗方案"


def test_collections_are_read_plan_by_plan() -> None:
    collections = [name for name, answer in ANSWERS.items() if "plans" in answer]
    for name in collections:
        assert [plan.title for plan in reader.read_all(GOLD / f"{name}.txt")] == ANSWERS[name]["plans"]


def test_what_is_missing_is_named() -> None:
    text = "某镇打击养老诈骗方案\n一、工作任务\n（一）开展排查。收取大额预付费的，纳入红色名单。\n"
    says = {gap.code for gap in check(reader.read_text(text))}
    assert {"issuer", "phases", "owners", "deadlines", "bodies", "reports", "channels", "threshold", "measures"} <= says
    assert check(reader.read_text("某镇活动总结\n一、开展排查。")) == ()


@pytest.mark.sources
@pytest.mark.parametrize(
    ("name", "counts", "head"),
    [
        ("001", (6, 17, 6, 5, 0), ("elder_care", "county", None)),
        ("003", (3, 11, 0, 1, 0), ("elder_care", "township", "五间府发〔2022〕52号")),
    ],
)
def test_sources(name: str, counts: tuple[int, ...], head: tuple[str | None, ...]) -> None:
    found = reader.read(SOURCES / f"{name}.txt")
    assert (
        tuple(len(getattr(found, key)) for key in ("phases", "tasks", "annexes", "recurring_reports", "thresholds"))
        == counts
    )
    assert (found.domain, found.level, found.doc_number) == head
    assert not any(rule.new for rule in found.colour_rules)
