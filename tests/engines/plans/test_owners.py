"""Who is to do it: lists win, then subjects; nobody is guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouhu.engines.plans.owners import explicit, owners, split, subjects


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("畅通渠道。（责任部门：党政办、各村居）", ("党政办", "各村居")),
        (
            "（牵头单位：甲县公安局；配合单位：县民政局、县法院；完成时限：6月底前）",
            ("甲县公安局", "县民政局", "县法院"),
        ),
        ("（牵头单位：执法大队，配合单位：法规股、广告股）", ("执法大队", "法规股", "广告股")),
        ("（责任单位：各镇（街道）、县融媒体中心）", ("各镇（街道）", "县融媒体中心")),
        ("（县公安局牵头，县民政局、县法院配合）", ("县公安局", "县民政局", "县法院")),
        ("（一式两份）", ()),
    ],
)
def test_lists(text: str, units: tuple[str, ...]) -> None:
    assert explicit(text) == units


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("各区镇、街道民政部门要公布渠道", ("各区镇、街道民政部门",)),
        ("市场监管所会同派出所对门店逐家检查", ("市场监管所", "派出所")),
        ("民政和社会事务办整治场所，建立名单；规建环办保障用地", ("民政和社会事务办", "规建环办")),
        ("养老机构由区民政局整治，其余的由所在街道负责", ("区民政局", "所在街道")),
        ("县委宣传部牵头，县纪委监委、县委政法委适时组成督导组", ("县委宣传部", "县纪委监委", "县委政法委")),
        ("4月20日前各镇报送方案", ("各镇",)),
        ("各村（社区）书记是第一责任人", ("各村（社区）书记",)),
        ("文化站排演小戏", ("文化站",)),
        ("加强与属地市场监管部门、公安机关等单位的联动", ()),
        ("由区公安分局局长任副组长", ()),
        ("领导小组办公室设在县民政局", ()),
        ("有关部门要密切配合", ()),
        ("通过悬挂横幅、发放资料开展宣传", ()),
    ],
)
def test_subjects(text: str, units: tuple[str, ...]) -> None:
    assert subjects(text) == units


def test_a_short_heading_names_nobody_while_the_text_does() -> None:
    assert owners("养老服务机构对照清单自查。", "机构自查").units == ("养老服务机构",)


def test_a_list_wins_over_subjects() -> None:
    found = owners("派出所要上门核查。（责任单位：平安办）")
    assert found.units == ("平安办",)
    assert found.confidence > owners("派出所要上门核查。").confidence > owners("上门核查。").confidence == 0


@given(
    st.lists(
        st.sampled_from(["县公安局", "各乡镇", "市场监管所", "平安办", "各村（社区）", "县委政法委"]),
        min_size=1,
        unique=True,
    )
)
def test_every_printed_list_is_read_back(units: list[str]) -> None:
    listed = "、".join(units)
    assert explicit(f"查清底数。（责任单位：{listed}）") == split(listed) == tuple(units)
