"""Damage is made good, and every sign of what is left leads back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouhu.engines.plans.mending import mend

TEXTS = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.sampled_from("一二三（()）[]【】 \u3000\t\n.．,，、。；:：xX×*2年月日5菅间题营理養老(ǎng)'’·〔〕手机版己入"),
    ),
    max_size=60,
)


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        ("（一)规范收费，每 月２次", "（一）规范收费，每月2次"),
        ("石政发[2022]18号、石政发【20xx】x号", "石政发〔2022〕18号、石政发〔20xx〕x号"),
        ("（石平安组（〔2022〕1号）", "（石平安组〔2022〕1号）"),
        ("截止时间:周二17:00,逾期通报", "截止时间：周二17:00，逾期通报"),
        ("存在明显间题的，加强营理", "存在明显问题的，加强管理"),
        ("活动期间题写标语，传播经营理念", "活动期间题写标语，传播经营理念"),
        ("民菅机构的运菅由县政府分菅领导负责", "民营机构的运营由县政府分管领导负责"),
        ("机构自己登记，老年入来访，老年入住", "机构自己登记，老年人来访，老年入住"),
        ("5月2O日前完成，1l月底前报送", "5月20日前完成，11月底前报送"),
        ("養(yǎng)老機構(gòu)的(de)老人(APP)", "养老机构的老人（APP）"),
        ("开展⼯作，緑色名单", "开展工作，绿色名单"),
        ("工 作 方 案", "工作方案"),
        ("组  长：张 三  副组长：李四", "组长：张三  副组长：李四"),
        ("20 22 年 5 月 2 0 日前达到9 8 % 以上", "2022年5月20日前达到98%以上"),
        ("民政办 平安办 司法所", "民政办 平安办 司法所"),
        ("一、工作目标 建立制度，巩固成果，守护老人", "一、工作目标 建立制度，巩固成果，守护老人"),
        ("各村的'老人，各镇的.村居", "各村的老人，各镇的村居"),
        ("平安办、、社事办。。", "平安办、社事办。"),
        ("[bookmark: _GoBack]2．加强处置", "2.加强处置"),
        ("各单位手机版要落实，下载手机版本，本站锦集，撰写心得体会", "各单位要落实，下载手机版本，撰写心得体会"),
        ("20xx年XX月，××区，**镇", "20xx年XX月，××区，**镇"),
        ("甲\u200b乙\ufeff丙\ue000丁\r", "甲乙丙丁"),
        ("各单位要抓好\n  落实", "各单位要抓好落实"),
        ("序号\t 任务\t单位", "序号\t 任务\t单位"),
    ],
)
def test_what_is_meant(written: str, mended: str) -> None:
    assert mend(written).text == mended


@given(TEXTS)
def test_every_sign_has_its_place(text: str) -> None:
    mended = mend(text)
    assert len(mended.at) == len(mended.text) + 1
    assert list(mended.at) == sorted(set(mended.at)) and mended.at[-1] == len(text)


@given(TEXTS)
def test_what_is_plain_keeps_its_sign(text: str) -> None:
    mended = mend(text)
    for place, sign in enumerate(mended.text):
        was = text[mended.at[place]]
        assert sign == was or was not in "甲乙丙丁，。；：、（）〔〕xX×*\t"


def test_a_span_has_no_cut_edges() -> None:
    mended = mend("養(yǎng)老 院")
    assert mended.text == "养老院"
    assert mended.span(0, 2) == (0, 8) and mended.span(1, 1) == (7, 7)
