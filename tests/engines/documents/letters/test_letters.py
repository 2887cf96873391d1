"""Values become a letter, or are refused with one sentence that names every fault."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import pytest

from shouhu.engines import law
from shouhu.engines.documents.letters import Heading, LetterRefused, Table, kinds, letter
from shouhu.engines.documents.letters.body import numeral
from tests.engines.documents.letters.samples import BUREAU, OFFICE, VALUES, said, sample


def refusal(kind: str, values: dict[str, Any]) -> str:
    with pytest.raises(LetterRefused) as caught:
        letter(kind, values)
    return str(caught.value)


@pytest.mark.parametrize("kind", kinds())
def test_what_is_required_is_asked_for_by_its_label(kind: str) -> None:
    labels = [field.label for field in kinds()[kind].fields.values() if field.required]
    assert f"缺少{'、'.join(labels)}" in refusal(kind, {})
    for name, field in kinds()[kind].fields.items():
        for nothing in (None, "", " \u3000\u200b\n"):
            if field.required and field.type not in ("date", "table"):
                assert f"缺少{field.label}" in refusal(kind, VALUES[kind] | {name: nothing})


@pytest.mark.parametrize("kind", kinds())
def test_what_is_required_is_enough(kind: str) -> None:
    fields = kinds()[kind].fields
    least = {name: value for name, value in VALUES[kind].items() if fields[name].required}
    text = "".join(said(letter(kind, least)))
    assert "{" not in text and "None" not in text
    optional = [name for name in VALUES[kind] if name not in least]
    assert len("".join(said(sample(kind)))) > len(text) and optional


@pytest.mark.parametrize("kind", kinds())
def test_every_field_is_printed(kind: str) -> None:
    given: dict[str, Any] = {}
    for name, field in kinds()[kind].fields.items():
        if field.type in ("line", "text"):
            given[name] = f"这是{name}"
        elif field.type == "lines":
            given[name] = [f"甲{name}", f"乙{name}"]
    given["uscc"] = "91990000MA00000000"
    values = {name: value for name, value in (VALUES[kind] | given).items() if name in kinds()[kind].fields}
    text = re.sub(r"\s", "", "".join(said(letter(kind, values | {"head": "plain"}))))
    for value in values.values():
        for piece in value if isinstance(value, list) else [value]:
            if isinstance(piece, str) and piece != "plain":
                assert re.sub(r"\s", "", piece) in text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"informant": "张三"}, "没有“informant”这个字段"),
        ({"due_on": "2022-06-15"}, "“办理期限”应当是日期"),
        ({"due_on": datetime(2022, 6, 15, 9)}, "“办理期限”应当是日期"),
        ({"tip_no": 7}, "“线索编号”应当是文字"),
        ({"summary": 7}, "“线索摘要（脱敏文本）”应当是一个列表"),
        ({"summary": [7]}, "“线索摘要（脱敏文本）”应当是文字"),
        ({"summary": "长" * 20_001}, "“线索摘要（脱敏文本）”有一段超过20000个字，请分段"),
        ({"subject": "名" * 201}, "“反映对象”有201个字，最多200个字"),
        ({"issuer": "局" * 101}, "“发文机关”有101个字，最多100个字"),
        ({"addressee": ["镇"] * 2001}, "“主送机关”有2001项，最多2000项"),
        ({"urgency": "平急"}, "“紧急程度”只能是特急、加急"),
        ({"head": "blue"}, "“版头”只能是red、letter、plain"),
        ({"number": "", "tip_no": None, "urgency": 1}, "缺少发文字号、线索编号；“紧急程度”只能是特急、加急"),
    ],
)
def test_refusals_say_what_is_wrong(changes: dict[str, Any], sentence: str) -> None:
    assert (
        refusal("tip_assignment", VALUES["tip_assignment"] | changes)
        == f"线索转办单不能生成：{sentence}。请补正后再生成"
    )


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ([["甲"]], "“名单”应当是表格"),
        (Table((), ()), "“名单”有0列，应当是1至12列；列数更多的请另附工作簿"),
        (Table(["列"] * 13, ()), "“名单”有13列，应当是1至12列；列数更多的请另附工作簿"),
        (Table(["列"], [["格"]] * 3001), "“名单”有3001行，最多3000行；行数更多的请另附工作簿"),
        (Table(["甲", "乙"], [("一", "二"), ("三",)]), "“名单”第2行有1格，应当是2格"),
        (Table(["甲"], [("格" * 501,)]), "“名单”有501个字，最多500个字"),
        (Table(["甲"], [(True,)]), "“名单”应当是文字"),
    ],
)
def test_tables_that_do_not_fit_are_refused(table: Any, sentence: str) -> None:
    assert sentence in refusal("members", VALUES["members"] | {"table": table})


def test_other_refusals() -> None:
    assert "没有“memo”这种文书；可用的有：circular、" in refusal("memo", {})
    assert "“检查人员”至少2项，现有1项" in refusal("rectification", VALUES["rectification"] | {"officers": "赵六"})
    assert "有版头的文书缺少发文机关" in refusal("members", VALUES["members"] | {"head": "red"})
    deep = VALUES["circular"] | {"body": [Heading("标题", 5)]}
    assert "“通报内容”的标题只有一至四级" in refusal("circular", deep)


def test_no_stop_is_ordered_without_a_legal_basis() -> None:
    assert "缺少责令整改的依据" in refusal("rectification", VALUES["rectification"] | {"legal_basis": None})


def test_rows_without_their_values_are_left_out() -> None:
    whole, short = said(sample("rectification")), said(sample("rectification", court=None, found_on=None, breached=[]))
    assert any("提起行政诉讼" in text for text in whole)
    assert not any("提起行政诉讼" in text or "检查日期" in text or "不符合的规定" in text for text in short)
    headings = [text for text in said(sample("talk_notice", topics=None)) if re.match("[一二三]、", text)]
    assert headings == ["一、需准备的材料"]


def test_a_supervision_order_from_top_to_bottom() -> None:
    assert said(
        sample("supervision_order", facts="东桥镇尚有3户未清退。", requirements=["一户一策。", "逐人核对。"])
    ) == [
        "临水区民政局文件",
        "临民〔2022〕7号",
        "关于安康老年公寓预付费清退的督办单",
        "东桥镇人民政府：",
        "现就安康老年公寓预付费清退予以督办，请按下列要求办理。",
        "一、有关情况",
        "事项来源：5月27日区专班会议。",
        "东桥镇尚有3户未清退。",
        "二、办理要求",
        "1.一户一策。",
        "2.逐人核对。",
        "三、办理期限和回复",
        "请最迟于2022年6月15日办结，并书面回复区民政局。回复应当写明办理经过和结果，附佐证材料。",
        "期限的算法：自5月31日起10个工作日，6月3日端午节放假不计。",
        "确需延期的，请在期限届满前书面说明理由。逾期未办结又未说明理由的，报区专项行动领导小组并予以通报。",
        "临水区民政局",
        "2022年5月31日",
        "抄送：区市场监督管理局。",
    ]


def test_an_office_without_a_red_head_is_named_in_the_title() -> None:
    title = "".join(said(sample("circular", head="plain"))[1:4])
    assert title.startswith(OFFICE + "临民〔2022〕7号") or OFFICE in title.replace("\n", "")
    assert not any("文件" in text for text in said(sample("circular", head="plain"))[:3])
    letterhead = said(sample("circular", head="letter"))
    assert letterhead[0] == OFFICE and letterhead[1] == "特急临民〔2022〕7号"


def test_several_issuers_sign_under_each_other_and_the_first_heads() -> None:
    lines = said(sample("official_letter"))
    assert lines[0] == BUREAU
    at = lines.index("2022年5月31日")
    assert lines[at - 2 : at] == [BUREAU, "临水区市场监督管理局"]


def test_too_many_addressees_move_below() -> None:
    many = [f"第{n}街道办事处" for n in range(1, 40)]
    lines = said(sample("circular", addressee=many))
    assert f"主送：{'，'.join(many)}。" in lines
    assert not any(line.endswith("：") for line in lines)


def test_headings_are_numbered_by_level() -> None:
    body = [Heading(f"甲{n}", level) for n, level in enumerate((1, 2, 2, 3, 3, 4, 4, 2, 3, 1, 2, 3, 4))]
    lines = [line for line in said(letter("summary", {"heading": "总结", "body": body})) if "甲" in line]
    labels = ["一、", "（一）", "（二）", "1.", "2.", "（1）", "（2）", "（三）", "1.", "二、", "（一）", "1.", "（1）"]
    assert lines == [f"{label}甲{n}" for n, label in enumerate(labels)]


@pytest.mark.parametrize(
    ("count", "label"),
    [
        (1, "一、"),
        (10, "十、"),
        (11, "十一、"),
        (20, "二十、"),
        (21, "二十一、"),
        (99, "九十九、"),
        (100, "100、"),
    ],
)
def test_numerals(count: int, label: str) -> None:
    assert numeral(count, 1) == label


def test_values_of_tables_are_printed_as_they_are() -> None:
    table = Table(("甲", "乙", "丙"), [(1, date(2022, 2, 28), None), ("二", "", 0)])
    lines = said(letter("members", {"heading": "表", "table": table}))
    assert lines == ["表", "甲", "乙", "丙", "1", "2022-02-28", "二", "0"]


def test_a_date_has_no_leading_zeros() -> None:
    assert "2022年5月1日" in said(sample("official_letter", dated_on=date(2022, 5, 1)))


def test_the_laws_that_the_samples_cite_are_known() -> None:
    for kind in ("talk_notice", "rectification", "referral"):
        law.cite(re.sub("[《》]", "", VALUES[kind]["legal_basis"]).replace("第", " 第", 1))
