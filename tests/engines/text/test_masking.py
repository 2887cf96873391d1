"""A masked copy tells nobody who somebody is, and everything else stays."""

from __future__ import annotations

import pytest
from hypothesis import given

from shouhu.engines.text import masking
from shouhu.engines.text.entities import find
from tests.engines.text.test_entities import TEXTS

TIP = (
    "我妈王秀兰住城关镇和平路18号3单元401，电话１３８－1234－5678，"
    "把三万五转到卡号6222 0210 0011 2345 672，户名刘长贵，身份证11010519491231002X，加微信zhang_88"
)


def test_persons_numbers_and_house_numbers_give_way_to_marks() -> None:
    assert masking.mask(TIP) == (
        "我妈〔姓名〕住城关镇和平路〔门牌号〕，电话〔手机号〕，"
        "把三万五转到卡号〔银行卡号〕，户名〔姓名〕，身份证〔身份证号〕，加微信〔微信号〕"
    )


def test_only_the_chosen_kinds_are_hidden() -> None:
    assert masking.mask(TIP, {"amount"}) == TIP.replace("三万五", "〔金额〕")
    assert masking.mask(TIP, ()) == TIP


@pytest.mark.parametrize("text", ["账号12345678901234开户", "身份证110105194912310022", "卡6222 0210 0011 2345 673"])
def test_a_long_number_is_hidden_even_where_its_check_digit_is_wrong(text: str) -> None:
    assert "〔号码〕" in masking.mask(text)


def test_what_is_no_number_of_a_person_stays() -> None:
    text = "2026-02-14交了5000000元，登录www.abc1234567.com"
    assert masking.mask(text) == text


def test_spans_lead_to_the_original() -> None:
    assert [(TIP[span.start : span.end], span.mark) for span in masking.spans(TIP)][:3] == [
        ("王秀兰", "〔姓名〕"),
        ("18号3单元401", "〔门牌号〕"),
        ("１３８－1234－5678", "〔手机号〕"),
    ]


@given(TEXTS)
def test_masking_twice_is_masking_once(text: str) -> None:
    masked = masking.mask(text)
    assert masking.spans(masked) == []
    assert masking.mask(masked) == masked


@given(TEXTS)
def test_what_is_hidden_is_what_is_gone(text: str) -> None:
    masked, at, shown = masking.mask(text), 0, ""
    for span in masking.spans(text):
        shown += text[at : span.start] + span.mark
        at = span.end
    assert shown + text[at:] == masked


@given(TEXTS)
def test_no_number_of_a_person_is_found_in_a_masked_copy(text: str) -> None:
    left = {found.kind for found in find(masking.mask(text))}
    assert not left & {"phone", "card", "id"}
