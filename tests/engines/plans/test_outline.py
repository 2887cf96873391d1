"""The numbering of a plan as a tree, however much of it is lost, doubled or wrong."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouhu.engines.plans import papers
from shouhu.engines.plans.mending import mend
from shouhu.engines.plans.outline import outline
from shouhu.engines.plans.page import BadPlan, Item, Outline

SOURCES = Path(__file__).resolve().parents[4] / "shared" / "sources"

SIGNS = st.sampled_from(
    [
        "一、", "二、", "三、", "（一）", "(二)", "（三）", "1.", "2.", "3、", "1.1", "（1）", "2）", "①", "②", "一是", "二是",
        "第一阶段", "第二阶段：", "第一，", "第一章", "A.", "附件：1.", "附件1", "方案", "工作", "老人", "间题",
        "。", "；", "：", "，", " ", "\t", "2022年5月6日", "联系人：", "（责任单位：民政局）", "甲", "養(yǎng)",
    ]
)  # fmt: skip
TEXTS = st.lists(st.one_of(SIGNS, st.just("\n"), st.text(max_size=4)), max_size=40).map("".join)


def flat(items: tuple[Item, ...]) -> Iterator[Item]:
    for item in items:
        yield item
        yield from flat(item.children)


def read(text: str) -> Outline:
    return outline(papers.from_text(text, "方案.txt"))


def paths(text: str) -> list[str]:
    return [item.no + (f"/{item.block}" if item.block else "") for item in flat(read(text).items)]


@pytest.mark.parametrize(
    ("text", "nos"),
    [
        (
            "一、甲\n（一）乙\n1.丙\n（1）丁\n①戊\n②己\n2.庚\n二、辛",
            "一 一(一) 一(一)1 一(一)1(1) 一(一)1(1)① 一(一)1(1)② 一(一)2 二",
        ),
        ("一、甲\n1．乙\n2、丙\n(1)丁\n２）戊\n二. 己", "一 一1 一2 一2(1) 一22) 二"),
        ("一、甲\n㈠乙\n⒈丙\n⑴丁\n（二）戊", "一 一(一) 一(一)1 一(一)1(1) 一(二)"),
        ("第一章 甲\n一、乙\n第二章 丙\n一、丁", "第一章 第一章一 第二章 第二章一"),
        ("一、甲\n1.乙\n1.1 丙\n1.2 丁\n5.15前完成戊\n2.己", "一 一1 一1.1 一1.2 一2"),
        ("二、甲\n（一）乙。\n一是丙。\n二是丁。\n（二）戊", "二 二(一) 二(一)一是 二(一)二是 二(二)"),
        (
            "三、步骤\n第一阶段：动员\n1.甲\n第二阶段：整治\n1.乙\n四、要求",
            "三 三第一阶段 三第一阶段1 三第二阶段 三第二阶段1 四",
        ),
        ("三、步骤\n（三）分步。\n第一步，甲\n第二步，乙\n（四）丙", "三 三(三) 三(三)第一步 三(三)第二步 三(四)"),
        ("一、甲\n第一，乙\n第二，丙\n其一，丁", "一 一第一 一第二 一其一/1"),
        ("一、甲\nA.乙\nB.丙\n二、丁", "一 一A 一B 二"),
        # a gap for the mark, before a heading only
        ("一  总体目标\n（一）甲\n二  重点举措\n（一）乙", "一 一(一) 二 二(一)"),
        ("一、甲\n三  月底前各镇要完成排查，逾期的要书面说明原因并由镇长签字。", "一"),
        # a 一 that the scanner took for a dash, a lost bracket
        ("—、甲\n（—）乙\n二）丙\n二、丁", "一 一(一) 一(二) 二"),
        # no labels: figures, kinds of institutions, dates
        ("一、甲\n12337平台受理。\n1.5万元以上的，报批。\n一、二级医院要配合。\n15、20床的机构先查。", "一"),
    ],
)
def test_paths(text: str, nos: str) -> None:
    assert paths(text) == nos.split()


@pytest.mark.parametrize(
    ("text", "nos"),
    [
        ("（一）抓宣传，做到：一是讲到户；二是贴到门。\n（二）抓排查", "(一) (一)一是 (一)二是 (二)"),
        ("一、要求。重点是：1.甲；2.乙；3.丙。\n二、其他", "一 一1 一2 一3 二"),
        ("制定本方案。一、目标 守护老人。二、任务 （一）宣传。（二）排查。", "一 二 二(一) 二(二)"),
        ("制定本方案。一、目标\n守护老人。\n二、任务", "一 二"),
        ("一、甲。按照“三进”要求（一）执行，5月1日前完成1.5万户。\n二、乙", "一 二"),
        ("一、做到三点：①甲；②乙。\n二、乙", "一 一① 一② 二"),
        ("一、这一是关键，必须抓好。\n二、乙", "一 二"),
        ("（三）步骤。第一阶段（4月）：甲。第二阶段（5月）：乙。", "(三) (三)第一阶段 (三)第二阶段"),
        # what follows 一是…；二是… goes on with the paragraph's own item, 三是 with the series
        ("（一）甲：一是乙；二是丙。\n各村要配合。\n三是丁。", "(一) (一)一是 (一)二是 (一)三是"),
    ],
)
def test_labels_inside_a_paragraph(text: str, nos: str) -> None:
    assert paths(text) == nos.split()


@pytest.mark.parametrize(
    ("text", "nos"),
    [
        # the top level is lost
        (
            "（一）甲\n（二）乙\n1.丙\n（一）丁\n1.戊\n（一）己\n（二）庚",
            ["(一)", "(二)", "(二)1", "(一)/1", "(一)1/1", "(一)/1", "(二)/1"],
        ),
        ("（一）甲\n（二）乙\n（一）丙\n（二）丁\n（一）戊", ["(一)", "(二)", "(一)/1", "(二)/1", "(一)/2"]),
        # one heading is lost in the middle
        ("一、甲\n（一）乙\n（二）丙\n（一）丁\n三、戊\n（一）己", ["一", "一(一)", "一(二)", "(一)", "三", "三(一)"]),
        # doubled and wrong numbers
        ("（一）甲\n（二）乙\n（二）丙\n（三）丁", ["(一)", "(二)", "(二)", "(三)"]),
        ("一、甲\n三、乙\n（一）丙\n（三）丁\n四、戊", ["一", "三", "三(一)", "三(三)", "四"]),
        # a notice with its plan
        (
            "关于印发方案的通知\n一、提高认识\n二、抓好落实\n附件：甲镇工作方案\n甲镇人民政府\n2022年5月6日\n甲镇工作方案\n一、目标\n二、任务",
            ["一", "二", "一/1", "二/1"],
        ),
    ],
)
def test_lost_doubled_and_wrong(text: str, nos: list[str]) -> None:
    assert paths(text) == nos


@pytest.mark.parametrize(
    ("text", "heading", "body"),
    [
        ("一、工作目标\n守护老人。\n不漏一户。", "工作目标", "守护老人。\n不漏一户。"),
        ("（一）抓好宣传。各村要张贴海报。", "抓好宣传", "各村要张贴海报。"),
        ("一、工作目标 守护全区老人的养老钱，不漏一户。", "工作目标", "守护全区老人的养老钱，不漏一户。"),
        ("（一）动员部署阶段（4月1日至15日）：召开会议。", "动员部署阶段（4月1日至15日）：", "召开会议。"),
        ("1.责任单位：民政局", "责任单位：民政局", ""),
        ("一是张贴海报；", "", "张贴海报；"),
        (
            "1.各村要张贴海报，发放资料，入户走访，登记造册，并于5月底前把情况报送镇专项办。",
            "",
            "各村要张贴海报，发放资料，入户走访，登记造册，并于5月底前把情况报送镇专项办。",
        ),
    ],
)
def test_heading_and_body(text: str, heading: str, body: str) -> None:
    (item,) = read(text).items
    assert (item.heading, item.body) == (heading, body)


def test_owners_behind_a_series_answer_for_the_paragraph() -> None:
    text = "（一）抓宣传。一是进村；二是进户。（责任单位：民政局）\n（二）抓排查。一是甲；（责任单位：乙）二是丙。（责任单位：丁）"
    first, second = read(text).items
    assert first.body == "（责任单位：民政局）" and [child.body or child.heading for child in first.children] == [
        "进村；",
        "进户",
    ]
    assert second.children[1].body == "（责任单位：丁）"


def test_head_and_tail() -> None:
    text = "甲镇工作方案\n各村：\n为守护老人，制定本方案。\n一、任务\n1.宣传\n2.排查\n附件：1.名单\n2.统计表\n\n甲镇人民政府\n20xx年5月6日\n"
    text += "（联系人：王某，电话：0199-0000000）\n附件1\n名单\n一、领导\n1.组长"
    result = read(text)
    assert [paragraph.text for paragraph in result.head] == ["甲镇工作方案", "各村：", "为守护老人，制定本方案。"]
    assert [item.no for item in flat(result.items)] == ["一", "一1", "一2"]
    assert [paragraph.text for paragraph in result.tail][:4] == [
        "附件：1.名单",
        "2.统计表",
        "甲镇人民政府",
        "20xx年5月6日",
    ]
    assert result.tail[-1].text == "1.组长"


def test_what_looks_like_the_end_in_the_middle_is_none() -> None:
    assert paths("一、甲\n附件：1.名单\n2.表\n二、乙\n联系人：王某\n三、丙") == ["一", "二", "三"]


def test_a_text_without_labels_is_all_head() -> None:
    result = read("通知\n明天开会，一是点名，二是学习。\n2022年5月6日")
    assert [item.no for item in result.items] == ["一是", "二是"]
    assert read("通知\n明天开会。\n2022年5月6日").head[-1].text == "2022年5月6日"


def folded(text: str) -> str:
    """A text with narrow punctuation."""
    return unicodedata.normalize("NFKC", text)


@given(TEXTS)
def test_places_lead_to_heading_and_body(text: str) -> None:
    try:
        paper = papers.from_text(text, "a")
    except BadPlan:
        return
    for paragraph in paper.paragraphs:
        assert mend(paper.text[paragraph.start : paragraph.end]).text == paragraph.text
    result = outline(paper)
    for item in flat(result.items):
        assert 0 <= item.start <= item.end <= len(paper.text)
        # Punctuation is widened by what stands before it, which may be outside of the item.
        part = paper.text[item.start : item.end]
        was = folded("".join(mend(line).text for line in (*part.split("\n"), part)))
        for character in folded(item.heading + item.body):
            assert character in was or character in " \t\n"


@given(TEXTS)
def test_nothing_is_lost(text: str) -> None:
    """Every Chinese character of the paragraphs stands in head, tail or an item."""
    try:
        paper = papers.from_text(text, "a")
    except BadPlan:
        return
    result = outline(paper)
    kept = "".join(paragraph.text for paragraph in result.head + result.tail)
    kept += "".join(item.label + item.heading + item.body for item in flat(result.items))
    for paragraph in paper.paragraphs:
        for word in ("工作", "老人", "民政局"):
            assert word not in paragraph.text or word in kept


@pytest.mark.sources
@pytest.mark.parametrize(
    ("name", "holds", "n_items"),
    [
        ("001.txt", {"二(一)一是", "二(二)五是", "二(三)四是", "三(五)"}, 23),
        ("003.txt", {"三(一)4", "三(二)3", "四(四)"}, 17),
    ],
)
def test_given_documents(name: str, holds: set[str], n_items: int) -> None:
    found = [item.no for item in flat(outline(papers.read(SOURCES / name)).items)]
    assert holds <= set(found) and len(found) == len(set(found)) == n_items
