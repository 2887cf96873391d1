"""What is named in texts is found, in every writing, where it stands; what only looks like it is not."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from shouhu.engines.text import masking
from shouhu.engines.text.entities import KnownPlaces, find
from shouhu.engines.text.entities.numerals import numeral
from shouhu.engines.text.normal import fold

NAMED = (Path(__file__).parent / "named.txt").read_text("utf-8").splitlines()
MARKED = re.compile(r"\{(\w+)(?: ([^|}]*))?\|([^}]*)\}")
"""{kind value|as written}; the value is left out where it is what is written."""


def read(line: str) -> tuple[str, list[tuple[str, str, int, int]]]:
    """This function will take the marks out of a line and give what they name, with its place."""
    text, at, named = "", 0, list[tuple[str, str, int, int]]()
    for match in MARKED.finditer(line):
        text += line[at : match.start()]
        named.append((match[1], match[2] or match[3], len(text), len(text) + len(match[3])))
        text += match[3]
        at = match.end()
    return text + line[at:], named


@pytest.mark.parametrize("line", NAMED)
def test_what_is_named_is_found_where_it_stands(line: str) -> None:
    text, named = read(line)
    assert [(found.kind, str(found.value), found.start, found.end) for found in find(text)] == named


@pytest.mark.parametrize(
    "text",
    [
        "订单号6222021000112345672，快递单号4367420012345673",
        "月息一分，万一不给怎么办，千万别信，亏了好几万，几十万都没了",
        "82岁，血压160/95，3号楼201，吃2片药，年化12%，三百多人，两千多张床位",
        "养老院、派出所、一家公司、这家医院、保险公司、社区服务中心都问过",
        "走路去超市，跑路的老板，套路太深，家里人在小区",
        "我们一块去，买了两块玉佩，24K金",
        "身份证110105194912310022，邮箱abc@163.com，版本1.2.3",
        "小区门口新开了一家养生馆，楼下那个理疗店的老板跑了，那家美容院还开着",
        "在酒店会议室讲养老投资，说是高科技产品，做大健康产业的，投资回报高",
        "建了个群叫“老友同乐俱乐部”的群，天天发链接，“以房养老”“候鸟式养老”都是骗人的",
        "他以前在健康管理公司干过，现在做投资，儿子在外贸公司上班",
        "会场在金塔大酒店三楼，快递在小区东门驿站",
        "公司叫大家转钱，叫他投资他不肯，店名叫什么我忘了",
        "家里的老人、退休职工、合作社社员和体检中心的医生都在听",
        "积分5000分换鸡蛋，涨粉3000粉丝，认购2万股，面积1280㎡，0元领老花镜",
        "三月五日4500人参加，试了500次，原价见店内",
        "文件a.pdf、b.docx，第3.5节，共1280㎡",
    ],
)
def test_what_only_looks_like_it_is_none(text: str) -> None:
    assert [found for found in find(text) if found.kind != "date"] == []


def test_known_places_are_found_without_a_word_for_their_kind() -> None:
    known = KnownPlaces(["江城", "江城市河西区"])
    assert [(found.kind, found.value) for found in find("人在江城，住江城市河西区和平路8号", known=known)] == [
        ("place", "江城"),
        ("place", "江城市河西区和平路8号"),
    ]


STYLES: list[Callable[[str], str]] = [
    str,
    lambda digits: f"{digits[:3]}-{digits[3:7]}-{digits[7:]}",
    lambda digits: f"{digits[:3]} {digits[3:7]} {digits[7:]}",
    " ".join,
    lambda digits: digits.translate({ord("0") + n: 0xFF10 + n for n in range(10)}),
    lambda digits: digits.translate(str.maketrans("0123456789", "零一二三四五六七八九")),
    lambda digits: digits.translate(str.maketrans("0123456789", "〇幺二三四五六七八九")),
    lambda digits: digits.translate(str.maketrans("0123456789", "零壹贰叁肆伍陆柒捌玖")),
    lambda digits: "\u200b".join(digits),
    lambda digits: "".join(f"{digit}\ufe0f\u20e3" for digit in digits),
    lambda digits: (
        digits[:4] + digits[4:].replace("0", "O").replace("1", "l") if sum(map(digits.count, "01")) < 4 else digits
    ),
]


@given(st.from_regex(r"\A1[3-9][0-9]{9}\Z"), st.sampled_from(STYLES), st.sampled_from("，。 （\n"))
def test_a_mobile_is_found_in_every_writing(digits: str, written: Callable[[str], str], mark: str) -> None:
    text = f"联系电话：{written(digits)}{mark}张"
    (found,) = [found for found in find(text) if found.kind == "phone"]
    assert found.value == digits
    assert text[found.start : found.end].strip("\u200b\ufe0f\u20e3") == written(digits).strip("\u200b\ufe0f\u20e3")


@given(st.from_regex(r"\A62[0-9]{13,16}\Z"), st.integers(1, 9), st.booleans())
def test_a_card_is_one_by_its_check_digit(digits: str, slip: int, grouped: bool) -> None:
    card = digits + luhn.calc_check_digit(digits)
    wrong = digits + str((int(card[-1]) + slip) % 10)
    write = (lambda number: re.sub(r"(....)(?=.)", r"\1 ", number)) if grouped else str
    assert [found.value for found in find(f"卡号{write(card)}。") if found.kind == "card"] == [card]
    assert [found.value for found in find(f"卡号{write(wrong)}。") if found.kind == "card"] == []


def in_words(number: int) -> str:
    """This function will write a number below a hundred million in Chinese."""

    def below_ten_thousand(rest: int) -> str:
        written = "".join(
            "零一二三四五六七八九"[int(digit)] + ("" if digit == "0" else "千百十"[-place:][:1] if place else "")
            for digit, place in zip(f"{rest:04}", (3, 2, 1, 0), strict=True)
        )
        return re.sub("零+", "零", written).rstrip("零")

    ten_thousands, rest = divmod(number, 10_000)
    return ((below_ten_thousand(ten_thousands) + "万" if ten_thousands else "") + below_ten_thousand(rest)).lstrip("零")


@given(st.integers(1, 99_999_999))
def test_numbers_in_words_are_read(number: int) -> None:
    assert numeral(in_words(number)) == number


FRAGMENTS = [
    "13812345678", "138-1234-5678", "5万", "三万五", "6w", "两三万块", "3-5万元", "www.ab.com", "ab。com", "加v", "abc_123", "QQ", "123456789",
    "去年重阳节", "3月12号", "城关镇", "和平路18号", "康乐福养老院", "有限公司", "（海南）", "老板", "刘长贵", "户名", "110", "打", "电话",
    "6222021000112345672", "11010519491231002X", "在", "的", "，", "。", " ", "\n", "“", "”", "1", "一", "万", "元", "〔手机号〕", "\u200b", "½",
]  # fmt: skip
TEXTS = st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=3)), max_size=14).map("".join)


@given(TEXTS)
def test_findings_are_in_order_apart_and_say_what_stands_there(text: str) -> None:
    at = 0
    for found in find(text):
        assert at <= found.start < found.end <= len(text)
        at = found.end
        written = fold(text[found.start : found.end]).text
        if found.kind in ("org", "place", "date", "person", "wechat", "qq"):
            assert found.value == text[found.start : found.end]
        elif found.kind == "amount":
            assert isinstance(found.value, int | float) and found.value >= 0
        else:
            assert isinstance(found.value, str) and len(found.value) <= len(written)


HOSTILE = [
    "1", "1 ", "1-", "一", "a", "a.", "a。", "a 点 com", "www.", "1.1.", "养老院", "在养老院", "(", "“", "v:a", "2026.", "1月", "一二", "1元",
    "路1号1栋",
    "张三老板李四", "13812345678 ", "622202 ", "o1", "去年", "〔手机号〕", "\u200b1", "户名王", "3-5万", "1,000,", "有限公司", "(0571)",
    "上上", "百千万", "叫", "叫什么", "名叫康", "康寿", "康寿堂", "生物科技", "康生物科技的", "“养老院”", "（店）",
    "1.6", "62220 ", "h t t p", "a.b/",
]  # fmt: skip


@pytest.mark.parametrize("work", [find, masking.mask], ids=["find", "mask"])
@pytest.mark.parametrize("unit", HOSTILE)
def test_the_effort_grows_with_the_text_and_no_faster(unit: str, work: Callable[[str], object]) -> None:
    """Ten times the text may cost far less than the hundredfold of a pattern that looks back at all it has read."""

    def effort(length: int) -> float:
        text, least = (unit * length)[:length], float("inf")
        for _ in range(3):
            before = time.process_time()
            work(text)
            least = min(least, time.process_time() - before)
        return least

    assert effort(10_000) < 40 * max(effort(1_000), 0.0005)
