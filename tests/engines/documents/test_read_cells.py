"""What single cells mean: numbers, answers, dates, persons, and what is reported instead of guessed."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouhu.engines.documents.cells import NO, NOT_APPLICABLE, OWN, ROLES, THERE_IS, THERE_IS_NOT, UNKNOWN, YES
from shouhu.engines.documents.numbers import UNBOUNDED, Unreadable, numeral, read_number
from shouhu.engines.documents.reading import read_registers
from shouhu.engines.rules.facts import PERSONS, declared
from shouhu.engines.rules.values import Approximate
from tests.engines.documents.offices import altered, at, column, parts, said, table, workbook

NUMBERS = """
    n_beds          30               30
    n_beds          ３０              30
    n_beds          30张             30
    n_beds          共30张           30
    n_beds          三十             30
    n_beds          三十二           32
    n_beds          两百             200
    n_beds          一百零五         105
    n_beds          一〇五           105
    n_beds          贰佰伍拾         250
    n_beds          廿               ?
    n_beds          1,234            1234
    n_beds          1，234           1234
    n_beds          12,34            ?
    n_beds          约30             约 27 33
    n_beds          大约30张         约 27 33
    n_beds          30左右           约 27 33
    n_beds          30余             余 31 39
    n_beds          30多张           余 31 39
    n_beds          100余            余 101 199
    n_beds          300余            余 301 399
    n_beds          350余            余 351 359
    n_beds          三百余张         余 301 399
    n_beds          十余             余 11 19
    n_beds          十几             余 11 19
    n_beds          百余             余 101 199
    n_beds          35余             ?
    n_beds          几十             ?
    n_beds          近100            近 91 100
    n_beds          近百             近 91 100
    n_beds          上百张           以上 100 max
    n_beds          30-50            至 30 50
    n_beds          30~50            至 30 50
    n_beds          30—50张          至 30 50
    n_beds          三十至五十       至 30 50
    n_beds          50-30            ?
    n_beds          30-30            30
    n_beds          30以上           以上 30 max
    n_beds          100+             以上 100 max
    n_beds          超过30           超过 31 max
    n_beds          不满30           不满 0 29
    n_beds          不足30张         不满 0 29
    n_beds          30以下           以下 0 30
    n_beds          不超过30         以下 0 30
    n_beds          至少30           以上 30 max
    n_beds          约30余           ?
    n_beds          30.5             ?
    n_beds          30.0             30
    n_beds          30人             ?
    n_beds          xx               ?
    n_beds          3x               ?
    n_beds          1.2E+05          ?
    n_beds          9999999999999    ?
    n_beds          -5               -5
    n_beds          无               0
    monthly_fee     1800-4500        至 1800 4500
    monthly_fee     1800～4500元/月  至 1800 4500
    monthly_fee     1800元/月至4500元/月 至 1800 4500
    monthly_fee     每人每月3000元   3000
    monthly_fee     3000元/床/月     3000
    monthly_fee     2000元/月起      以上 2000 max
    monthly_fee     36000元/年       ?
    monthly_fee     自理2000         ?
    monthly_fee     无               ?
    max_prepayment  5万              50000
    max_prepayment  5万元            50000
    max_prepayment  1.5万余          余 15001 15999
    max_prepayment  1万5千           15000
    max_prepayment  两万五           25000
    max_prepayment  ¥5,000.50        5000.5
    max_prepayment  人民币5000元整   5000
    max_prepayment  5000-1万         至 5000 10000
    max_prepayment  5-10万           至 50000 100000
    max_prepayment  超过5000元       超过 5000.01 max
    max_prepayment  5000元/月        ?
    prepaid_total   三十二万         320000
    prepaid_total   80余万元         余 800001 899999
    prepaid_total   二十余万         余 200001 299999
    prepaid_total   120万余          余 1200001 1299999
    prepaid_total   3亿              300000000
    prepaid_months  6个月            6
    prepaid_months  半年             6
    prepaid_months  1年              12
    prepaid_months  一年半           18
    prepaid_months  1年零3个月       15
    prepaid_months  6个多月          余 6.01 6.99
    prepaid_months  超过6个月        超过 6.01 max
    prepaid_months  1年以上          以上 12 max
    prepaid_months  1-2年            至 12 24
    prepaid_months  一年多           ?
    prepaid_months  终身             ?
"""


@pytest.mark.parametrize("line", NUMBERS.strip().splitlines())
def test_numbers_as_offices_write_them(line: str) -> None:
    name, text, *wanted = line.split()
    try:
        value = read_number(text, declared()[name])
    except Unreadable as error:
        assert wanted == ["?"], error
        return
    if isinstance(value, Approximate):
        assert [value.qualifier, value.low, value.high] == [
            wanted[0],
            *(UNBOUNDED if w == "max" else float(w) for w in wanted[1:]),
        ]
        assert value.value is None or value.low <= value.high
    else:
        assert [value] == [float(w) for w in wanted]


def test_head_unit_goes_for_bare_figures_only() -> None:
    total, wan = declared()["prepaid_total"], Fraction(10_000)
    assert read_number("1.5", total, wan) == 15_000
    assert read_number("50000元", total, wan) == 50_000
    assert read_number("5万", total, wan) == 50_000
    assert read_number("30余", total, wan) == Approximate(300_000, "余", 300_001, 399_999)
    assert read_number("三十", total, wan) == 300_000
    with pytest.raises(Unreadable, match="单位不明"):
        read_number("3千", total, wan)


def _in_chinese(number: int) -> str:
    """A number below 100,000,000 in Chinese numerals, the long way: every place, zeros once."""
    if number >= 10_000:
        rest = number % 10_000
        return (
            _in_chinese(number // 10_000)
            + "万"
            + ("零" if 0 < rest < 1_000 else "")
            + (_in_chinese(rest) if rest else "")
        )
    words = ""
    for worth, unit in ((1_000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, worth)
        if digit:
            words += "零一二三四五六七八九"[digit] + unit
        elif words and number and not words.endswith("零"):
            words += "零"
    return words


@given(st.integers(1, 99_999_999))
def test_every_whole_number_reads_back_from_chinese(number: int) -> None:
    assert numeral(_in_chinese(number)) == number


@given(st.text(max_size=12))
def test_no_text_breaks_the_number_reader(text: str) -> None:
    for name in ("n_beds", "monthly_fee", "prepaid_months"):
        try:
            value = read_number(text, declared()[name], Fraction(10_000))
        except Unreadable:
            continue
        low, high = (value.low, value.high) if isinstance(value, Approximate) else (value, value)
        assert -UNBOUNDED <= low <= high <= UNBOUNDED


@pytest.mark.parametrize(
    ("title", "cell", "value"),
    [
        ("是否爆雷", "是", True), ("是否爆雷", "√", True), ("是否爆雷", "Ｙ", True), ("是否爆雷", 1, True), ("是否爆雷", True, True),
        ("是否爆雷", "否", False), ("是否爆雷", "×", False), ("是否爆雷", "n", False), ("是否爆雷", "０", False),
        ("是否爆雷", "未爆雷", False), ("是否爆雷", "无", False), ("是否爆雷", "是。", True), ("是否爆雷", "☑是 □否", True),
        ("是否爆雷", "是□ 否☑", False), ("是否爆雷", "是☑否☑", None), ("是否爆雷", "x", None), ("是否爆雷", "偶尔", None),
        ("是否爆雷", "/", None), ("是否爆雷", "不详", None), ("是否爆雷", "是，但已还清", None),
        ("虚假宣传", "未发现", False), ("虚假宣传", "存在", True),
        ("运营是否平稳", "正常", True), ("运营是否平稳", "停业", False), ("运营是否平稳", "无", None), ("运营是否平稳", "基本平稳", None),
        ("资金使用是否规范", "无", None), ("资金使用是否规范", "不规范", False), ("是否收取预付费", "未收取", False),
        ("投诉举报是否核实", "属实", True), ("投诉举报是否核实", "无", None),
        ("登记情况", "√", "已登记"), ("登记情况", "无证照", "未登记"), ("登记情况", "☑已登记□未登记", "已登记"), ("登记情况", "办理中", None),
        ("登记情况", "已登记（民非）", "已登记"), ("登记情况", "同上", None),
        ("类型", "敬老院", "养老机构"), ("类型", "镇（街道）居家养老服务中心", "镇街居家养老服务中心"), ("类型", "幼儿园", None),
        ("关联公司", "否", False), ("关联公司", "有", True), ("关联公司", "甲健康公司、乙旅游公司", ("甲健康公司", "乙旅游公司")),
        ("关联公司", "2家", True), ("关联公司", "无关联公司", False),
        ("关联公司", "无锡福寿旅游有限公司", ("无锡福寿旅游有限公司",)), ("关联公司", "xx", None),
        ("被投诉举报", "无", ()), ("被投诉举报", "是", ("未指明",)), ("被投诉举报", "院长、法人", ("法定代表人", "主要负责人")),
        ("被投诉举报", "机构及法定代表人", ("法定代表人", "机构")), ("被投诉举报", "投资人/本院", ("投资人", "机构")),
        ("被投诉举报", "法定代表人(王某)", ("法定代表人",)), ("被投诉举报", "法定代表人之子", None), ("被投诉举报", "实际控制人", None),
        ("联系电话", 13800000000, "13800000000"), ("地址", "  安和路1号\n二楼 ", "安和路1号 二楼"), ("地址", "=1+1", "=1+1"),
        ("资金用途", "不详", None), ("营销方式", "xx", None), ("信用代码", "无", None),
        ("信用代码", "９１３３０１０６ma2xxxxx0x", "91330106MA2XXXXX0X"),
    ],
)  # fmt: skip
def test_answers_in_words(tmp_path: Path, title: str, cell: Any, value: Any) -> None:
    if cell == "=1+1":  # openpyxl would write a formula; this is text that looks like one
        register = table(tmp_path, ["机构名称", title], ["甲院", "'=1+1"])
        assert register.columns["address"] == ["'=1+1"]
        return
    assert column(tmp_path, title, cell) == [value]
    assert type(column(tmp_path, title, cell)[0]) is type(value)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("2022-05-31", date(2022, 5, 31)), ("2022/5/31", date(2022, 5, 31)), ("2022.5.31", date(2022, 5, 31)),
        ("2022年5月31日", date(2022, 5, 31)), ("20220531", date(2022, 5, 31)), (20220531, date(2022, 5, 31)),
        (44712, date(2022, 5, 31)), (datetime(2022, 5, 31, 9, 30), date(2022, 5, 31)), (date(2022, 5, 31), date(2022, 5, 31)),
        ("２０２２．５．３１", date(2022, 5, 31)), ("2022-05-31 10:30", date(2022, 5, 31)), ("二〇二二年五月三十一日", date(2022, 5, 31)),
        ("2022年5月31号", date(2022, 5, 31)), ("5月31日", None), ("2022年5月", None), ("22.5.31", None), ("2022-02-30", None),
        ("2022.5.31-6.2", None), ("昨天", None), (7, None), (202205, None),
    ],
)  # fmt: skip
def test_dates(tmp_path: Path, cell: Any, value: date | None) -> None:
    register = table(tmp_path, ["机构名称", "排查日期"], ["甲院", cell])
    assert register.columns["surveyed_on"] == [value]
    assert bool(at(register, "B2")) == (value is None)


@pytest.mark.parametrize(
    "title", ["床位数", "月收费标准", "是否爆雷", "登记情况", "排查日期", "被投诉举报", "关联公司"]
)
def test_a_cell_that_is_not_understood_is_reported_with_its_place(tmp_path: Path, title: str) -> None:
    register = table(tmp_path, ["机构名称", title], ["甲院", "说不好，大概是这样那样"])
    (remark,) = at(register, "B2")
    assert (remark.sheet, remark.column, remark.content) == ("台账", title, "说不好，大概是这样那样")
    (fact,) = set(register.columns) - set(register.missing) - {"name"}
    assert remark.why
    assert register.columns[fact] == [None]


def test_persons_by_the_names_of_the_row(tmp_path: Path) -> None:
    register = table(
        tmp_path,
        ["机构名称", "法定代表人", "院长", "投资人", "投诉举报", "黑名单"],
        ["甲养老院", "王一", "李二", "王一", "王一", "李二和王一"],
        ["乙养老院", "王一", "张三", "赵四、和平", "和平", "乙养老院、张三"],
        ["丙养老院", "王一", "张三", None, "钱五", "法定代表人王一"],
    )
    assert register.columns["complained"] == [("投资人", "法定代表人"), ("投资人",), None]
    assert register.columns["blacklisted"] == [
        ("投资人", "法定代表人", "主要负责人"), ("主要负责人", "机构"), ("法定代表人",),
    ]  # fmt: skip
    assert "钱五" in at(register, "E4")[0].why


def test_not_applicable_depends_on_the_row(tmp_path: Path) -> None:
    register = table(
        tmp_path,
        ["机构名称", "是否收取预付费", "资金用途", "资金使用是否规范", "是否用于设施建设", "预付费总额"],
        ["甲", "否", "/", "不适用", "—", "/"],
        ["乙", "是", "/", "不适用", "—", "/"],
        ["丙", None, "/", "不适用", "—", "/"],
        ["丁", "否", None, "无", "无", None],
    )
    assert register.columns["funds_use"] == ["无", None, None, None]
    assert register.columns["funds_regular"] == [True, None, None, True]
    assert register.columns["funds_for_construction"] == [False, None, None, False]
    assert register.columns["prepaid_total"] == [None] * 4
    assert [bool(at(register, f"{letter}3")) for letter in "CDEF"] == [True] * 4
    assert not at(register, "D4") and not at(register, "F2")


def test_control_characters_are_taken_out_and_reported(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "台账.xlsx", [["机构名称", "床位数"], ["甲@养老院", "3@0"], ["乙\u200b养老院", "\u202e40"]]
    )
    for part in parts(path):
        altered(path, part, lambda xml: xml.replace(b"@", b"_x0001_"))
    register = read_registers([path])
    assert register.columns["name"] == ["甲养老院", "乙养老院"]
    assert register.columns["n_beds"] == [30, 40]
    assert all("控制字符" in at(register, cell)[0].why for cell in ("A2", "B2", "A3", "B3"))


def test_codes_that_lost_digits_as_numbers_are_not_taken(tmp_path: Path) -> None:
    register = table(tmp_path, ["机构名称", "统一社会信用代码"], ["甲院", 913301060000373411])
    assert register.columns["uscc"] == [None]
    assert "文本格式" in at(register, "B2")[0].why


def test_dates_in_columns_of_numbers_are_not_numbers(tmp_path: Path) -> None:
    register = table(tmp_path, ["机构名称", "入住人数"], ["甲院", date(2022, 3, 5)])
    assert register.columns["n_residents"] == [None]
    assert "日期" in said(register)


def test_every_word_means_one_thing() -> None:
    lists = [YES, NO, THERE_IS, THERE_IS_NOT, NOT_APPLICABLE, UNKNOWN]
    assert sum(map(len, lists)) == len(frozenset().union(*lists))
    assert set(ROLES.values()) == set(PERSONS)
    assert all(declared()[fact].type in ("yes_no", "names") for fact in OWN)
    for words in OWN.values():
        assert not set(words) & (YES | NO | NOT_APPLICABLE | UNKNOWN)
