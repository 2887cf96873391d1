"""How letters print, measured on the pages that LibreOffice makes of them, against GB/T 9704-2012."""

from __future__ import annotations

import itertools
import re
from datetime import date

import pytest

from shouhu.engines.documents.letters import Table, kinds, letter
from tests.engines.documents.letters.rendered import Page, printed
from tests.engines.documents.letters.samples import BUREAU, NAMES, OFFICE, SAID, VALUES, sample

LEFT, RIGHT, TOP, BOTTOM = 28.0, 184.0, 37.0, 262.0
"""The text on the paper, in millimetres: 156 wide and 225 high."""
SIGN = 156 / 28
ENDS = range(8, 26, 3)
"""Paragraphs of letters that end at different heights of a page, and on one page more."""
NUMBER = re.compile("—[0-9]+—")
LONG = "临水区打击整治养老服务诈骗专项行动领导小组办公室和临水区市场监督管理局联合工作组"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Page]]:
    """Every letter that is measured, printed in one run."""
    letters = {kind: sample(kind) for kind in kinds()}
    letters["full"] = sample("circular", issuer=BUREAU, body=["守护老人" * 600])
    letters["long"] = sample("circular", issuer=LONG, body=[SAID])
    letters["short"] = sample("supervision_order", issuer="东桥镇", urgency="加急", copies_to=None)
    letters["tall"] = letter(
        "members", {"heading": "表", "table": Table(("甲", "乙"), [("一", "长" * 500), ("二", "短")] * 4)}
    )
    letters |= {f"end{n}": sample("circular", body=[f"第{at}段。" for at in range(n)], attachments=None) for n in ENDS}
    return printed(tmp_path_factory.mktemp("letters"), letters)


def test_the_paper_is_a4_and_the_text_keeps_its_margins(pages: dict[str, list[Page]]) -> None:
    for name, each in pages.items():
        for page in each:
            assert (round(page.width), round(page.height)) == (210, 297)
            text = [line for line in page.lines if not NUMBER.fullmatch(line.text)]
            in_head = 22.0 if page is each[0] else TOP
            assert all(
                line.left >= LEFT - 0.3 and in_head < line.top and line.bottom < BOTTOM + 0.5 for line in text
            ), name
            # a stop may hang over the edge
            assert all(line.right < RIGHT + 0.6 or line.text[-1] in "，。、；：" for line in text), name


def test_a_full_page_has_22_lines_of_28_signs(pages: dict[str, list[Page]]) -> None:
    assert len(pages["full"]) >= 4
    for page in pages["full"][1:3]:
        *lines, number = page.lines
        assert [len(line.text) for line in lines] == [28] * 22
        assert NUMBER.fullmatch(number.text)
        assert lines[0].left == pytest.approx(LEFT, abs=0.2) and lines[0].right == pytest.approx(RIGHT, abs=0.6)
        heights = [after.top - line.top for line, after in itertools.pairwise(lines)]
        assert min(heights) == pytest.approx(225 / 22, abs=0.1) and max(heights) == pytest.approx(225 / 22, abs=0.1)


def test_a_paragraph_begins_two_signs_in(pages: dict[str, list[Page]]) -> None:
    first = pages["full"][0].find("守护老人守护")
    assert first.left == pytest.approx(LEFT + 2 * SIGN, abs=0.2) and len(first.text) == 26


def test_every_kind_shows_its_body_on_the_first_page(pages: dict[str, list[Page]]) -> None:
    for kind in kinds():
        assert len(pages[kind][0].lines) >= 10, kind
    assert sum("守护老人" in line.text for line in pages["full"][0].lines) >= 5


@pytest.mark.parametrize("name", ["circular", "supervision_order", "full", "long", "short"])
def test_the_red_head(pages: dict[str, list[Page]], name: str) -> None:
    """发文机关标志 35 mm under the top of the text (7.2.4), number, and a red rule 4 mm under it as wide as the text (7.2.7)."""
    page = pages[name][0]
    ((left, right, top, bottom),) = page.bars(page.red, 140)
    assert (left, right) == pytest.approx((LEFT, RIGHT), abs=0.5) and bottom - top < 1.2
    number = page.find("〔2022〕")
    assert top - number.bottom == pytest.approx(4, abs=1.5)
    assert number.middle == pytest.approx((LEFT + RIGHT) / 2, abs=1)
    assert page.first_red() == pytest.approx(TOP + 35, abs=2.5)
    mark = [line for line in page.lines if line.top < number.top and line.text not in ("特急", "加急")]
    assert "".join(line.text for line in mark).endswith("文件")
    assert all(line.right - line.left < RIGHT - LEFT + 0.5 for line in mark)
    assert all(line.middle == pytest.approx((LEFT + RIGHT) / 2, abs=1) for line in mark)
    title = page.find("关于")
    assert title.top - bottom == pytest.approx(2 * 225 / 22, abs=3)


def test_the_name_in_the_head_fills_the_width_or_is_as_large_as_may_be(pages: dict[str, list[Page]]) -> None:
    lengths = {name: pages[name][0].find("文件") for name in ("circular", "short", "full")}
    assert lengths["circular"].right - lengths["circular"].left > 150
    assert lengths["short"].bottom - lengths["short"].top > 17 and lengths["short"].right - lengths["short"].left < 100
    assert len([line for line in pages["long"][0].lines if 60 < line.top < 120 and "〔" not in line.text]) == 2


@pytest.mark.parametrize("name", ["talk_notice", "tip_assignment", "referral", "official_letter"])
def test_the_head_of_a_letter(pages: dict[str, list[Page]], name: str) -> None:
    """信函格式 (10.1): the name 30 mm from the edge, two double rules of 170 mm, no number on the first page."""
    first, *others = pages[name]
    rules = first.bars(first.red, 160)
    assert all((left, right) == pytest.approx((20, 190), abs=0.6) for left, right, _, _ in rules)
    upper, lower = [rule for rule in rules if rule[2] < 100], [rule for rule in rules if rule[2] > 200]
    assert [bottom - top > 0.6 for _, _, top, bottom in upper] == [True, False]
    assert len(lower) == 2 and 297 - lower[-1][3] == pytest.approx(20, abs=1)
    assert first.first_red() == pytest.approx(30, abs=2.5)
    number = first.find("〔2022〕")
    assert number.right == pytest.approx(RIGHT, abs=0.5) and number.top - upper[-1][3] == pytest.approx(5, abs=2.5)
    assert not any(NUMBER.fullmatch(line.text) for line in first.lines)
    assert all(NUMBER.fullmatch(page.lines[-1].text) for page in others) and others


def test_page_numbers_stand_outside(pages: dict[str, list[Page]]) -> None:
    """4号宋体, 7 mm under the text, one sign from the right edge on odd pages and from the left one on even pages (7.5)."""
    for name in ("circular", "full", "members", "summary"):
        for at, page in enumerate(pages[name], 1):
            number = page.lines[-1]
            assert number.text == f"—{at}—"
            assert (number.top + number.bottom) / 2 - BOTTOM == pytest.approx(7, abs=1)
            if at % 2:
                assert RIGHT - number.right == pytest.approx(14 * 25.4 / 72, abs=0.5)
            else:
                assert number.left - LEFT == pytest.approx(14 * 25.4 / 72, abs=0.5)


def test_the_date_ends_four_signs_from_the_edge_under_its_signer(pages: dict[str, list[Page]]) -> None:
    for name in ("supervision_order", "rectification", "official_letter", "circular"):
        lines = [line for page in pages[name] for line in page.lines]
        at = next(n for n, line in enumerate(lines) if line.text == "2022年5月31日")
        assert RIGHT - lines[at].right == pytest.approx(4 * SIGN, abs=SIGN), name
        assert lines[at - 1].middle == pytest.approx(lines[at].middle, abs=1), name
    joint = [line for page in pages["official_letter"] for line in page.lines]
    at = next(n for n, line in enumerate(joint) if line.text == BUREAU and n > 1)
    assert joint[at].middle == pytest.approx(joint[at + 1].middle, abs=1)


def test_a_long_signer_parts_and_stays_within_the_text(pages: dict[str, list[Page]]) -> None:
    lines = [line for page in pages["long"] for line in page.lines]
    at = next(n for n, line in enumerate(lines) if line.text == "2022年5月31日")
    signer = lines[at - 2 : at]
    assert "".join(line.text for line in signer) in LONG
    assert all(line.middle == pytest.approx(lines[at].middle, abs=1) and line.right < RIGHT - SIGN for line in signer)


def test_names_of_attachments_stand_under_each_other(pages: dict[str, list[Page]]) -> None:
    lines = [line for page in pages["circular"] for line in page.lines if not NUMBER.fullmatch(line.text)]
    at = next(n for n, line in enumerate(lines) if line.text.startswith("附件：1."))
    lefts = [(line.left - LEFT) / SIGN for line in lines[at : at + 3]]
    assert lefts == [pytest.approx(2, abs=0.1), pytest.approx(5, abs=0.1), pytest.approx(6, abs=0.15)]


def test_tables_keep_the_width_of_the_text_and_repeat_their_heads(pages: dict[str, list[Page]]) -> None:
    for name, head in (
        ("circular", "镇街应排查已排查完成率备注"),
        ("members", "序号姓名单位职务组内职务联系电话联络员"),
    ):
        rows = re.compile("[东西南北]镇|成员[0-9]+")
        with_rows = [page for page in pages[name] if sum(bool(rows.search(line.text)) for line in page.lines) > 0]
        assert len(with_rows) > 1
        assert [sum(line.text == head for line in page.lines) for page in with_rows] == [1] * len(with_rows)
        for page in with_rows:
            for left, right, _, _ in page.bars(page.dark, 140):
                assert (left, right) == pytest.approx((LEFT, RIGHT), abs=0.6)
    lines = "".join(line.text for page in pages["circular"] for line in page.lines)
    assert re.findall("[甲乙丙丁戊己庚辛壬癸][东西南北]镇", lines) == NAMES


def test_a_cell_longer_than_a_page_loses_nothing(pages: dict[str, list[Page]]) -> None:
    text = "".join(line.text for page in pages["tall"] for line in page.lines)
    assert text.count("长") == 2000 and text.count("短") == 4


@pytest.mark.parametrize("n", ENDS)
def test_copies_stand_on_the_last_lines_of_the_last_page(pages: dict[str, list[Page]], n: int) -> None:
    """版记 (7.4): its last rule on the lower edge of the text, wherever the text ends, and nothing under or over it."""
    *before, last = pages[f"end{n}"]
    assert not any("抄送" in line.text for page in before for line in page.lines)
    rules = last.bars(last.dark, 150)
    assert len(rules) == 3
    assert rules[-1][3] == pytest.approx(BOTTOM, abs=1.5)
    assert all((left, right) == pytest.approx((LEFT, RIGHT), abs=0.6) for left, right, _, _ in rules)
    *lines, _ = last.lines
    imprint = [line for line in lines if line.bottom > rules[0][2]]
    assert imprint[0].text.startswith("抄送：区委政法委，") and imprint[-1].text.endswith("2022年6月1日印发")
    assert all(line.bottom < rules[0][2] + 0.5 for line in lines if line not in imprint)
    assert imprint[-1].right == pytest.approx(RIGHT - 14 * 25.4 / 72, abs=0.6)
    said = "".join(line.text for page in pages[f"end{n}"] for line in page.lines)
    assert [f"第{at}段。" in said for at in range(n)] == [True] * n


def test_the_annex_stands_above_its_title(pages: dict[str, list[Page]]) -> None:
    annex, title, *_ = pages["members"][0].lines
    assert annex.text == "附件1" and annex.left == pytest.approx(LEFT, abs=0.3)
    assert title.top - annex.top == pytest.approx(2 * 225 / 22, abs=2)
    assert title.middle == pytest.approx((LEFT + RIGHT) / 2, abs=1)


def test_what_is_printed_is_what_was_given(pages: dict[str, list[Page]]) -> None:
    text = "".join(line.text for page in pages["rectification"] for line in page.lines)
    for value in VALUES["rectification"].values():
        for piece in value if isinstance(value, list) else [value]:
            if not isinstance(piece, date):
                assert piece in text
    assert OFFICE not in text
