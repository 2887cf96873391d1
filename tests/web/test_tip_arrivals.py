"""Lists of other platforms: understood by their titles, looked through, taken in once, erased; and the results that go back."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from shouhu.ledgers.informants import actions as informants
from shouhu.ledgers.tips import actions, sheets
from shouhu.ledgers.tips.actions import arriving
from shouhu.ledgers.tips.models import Arrival, Tip
from shouhu.ledgers.tips.queries import arrivals as queries
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.units.scope import Scope
from shouhu.ledgers.vault.actions import place_of
from tests.office import AT, COUNTY, OTHER_TOWN, TOWN, VILLAGE, post, sit

pytestmark = pytest.mark.django_db
HEAD = (
    "序号",
    "线索编号",
    "举报时间",
    "所属镇街",
    "被举报单位",
    "举报内容",
    "涉案金额（万元）",
    "举报人",
    "联系电话",
    "办理要求",
    "紧急程度",
)
ROWS = (
    (1, "ZY-001", datetime(2026, 11, 3, 9, 5), "清河镇", "安康养老院", "老人交会员费，说保本，退不了", 5.8, "欧阳哨兵",
     "13977712345", "15日内反馈", "普通"),
    (2, "ZY-002", "2026年11月4日 14:30", "南渡镇东埠村", "", "免费体检后推销床垫", "若干", "匿名", "无", "", "特急"),
    (3, "ZY-003", "去年", "", "", "有人在石桥村文化礼堂讲课卖保健品", None, "", "", "", ""),
)  # fmt: skip


def book(
    *rows: tuple[Any, ...], head: tuple[Any, ...] = HEAD, above: tuple[Any, ...] = ("12337平台转办线索清单",)
) -> bytes:
    """This function will make a workbook with a list."""
    made, content = Workbook(), BytesIO()
    for row in (above, head, *rows):
        made.active.append(row)
    made.save(content)
    return content.getvalue()


def brought(content: bytes, channel: str = "platform_12337", name: str = "清单.xlsx") -> Arrival:
    """This function will bring a list to the office."""
    return arriving.open_arrival(content=content, name=name, media_type="application/octet-stream", token=secrets.token_hex(16), channel=channel,
                                 by=post(), at=AT)  # fmt: skip


def taken(arrival: Arrival) -> list[actions.Taken]:
    """This function will take a list in."""
    return arriving.take_arrival(arrival_id=arrival.pk, seed="s", by=post(), at=AT)


def make_key() -> None:
    """This function will have the 保密员 make their key."""
    informants.make_key(passphrase="清河镇的柳树三月发芽记得住", by=post("confidential"), at=AT)


def test_a_list_is_understood_by_its_titles() -> None:
    fields = {one["title"]: one["field"] for one in sheets.understood(book(*ROWS), "a.xlsx")[0]["columns"]}
    assert fields == {
        "序号": "", "线索编号": "outer_number", "举报时间": "received_at", "所属镇街": "code", "被举报单位": "named", "举报内容": "text",
        "涉案金额（万元）": "sum", "举报人": "name", "联系电话": "phone", "办理要求": "also", "紧急程度": "urgent",
    }  # fmt: skip
    csv = "工单编号,诉求内容,来电人,甲,乙\n1,不退钱,张三,,\n".encode("gb18030")
    found = [one["field"] for one in sheets.understood(csv, "a.csv")[0]["columns"]]
    assert found == ["outer_number", "text", "name", "", ""]
    with pytest.raises(Refused, match="没有找到表头"):
        sheets.understood(book(("a", "b"), head=("甲", "乙")), "a.xlsx")


def test_rows_become_tips_and_nothing_that_was_written_is_lost() -> None:
    make_key()
    arrival = brought(book(*ROWS, ("合计", None, None, None, None, None, 5.8)))
    plan = queries.plan(Scope.of(post()), arrival, AT)
    assert not plan.problems
    taken(arrival)
    first, second, third = Tip.objects.order_by("outer_number")
    assert (first.code, first.sum_fen, first.is_urgent) == (TOWN, 5_800_000, False)
    assert first.received_at == datetime(2026, 11, 3, 1, 5, tzinfo=AT.tzinfo)
    assert first.text == "老人交会员费，说保本，退不了\n办理要求：15日内反馈"
    assert first.told == {"named": "安康养老院"}
    assert first.identity is not None
    assert (second.code[:9], second.is_urgent, second.identity) == (OTHER_TOWN[:9], True, None)
    assert second.text.endswith("涉案金额（万元）：若干")
    assert second.code != OTHER_TOWN
    assert third.text.endswith("举报时间：去年")
    assert third.received_at == AT
    assert [one.why for one in plan.remarks if one.title == "属地"] == ["按正文定为“石桥村”"]
    assert not Tip.objects.filter(code=COUNTY).exists()


def test_the_same_list_adds_nothing_and_the_file_is_gone() -> None:
    make_key()
    arrival = brought(book(*ROWS))
    path = place_of(arrival.file.token)
    assert path.exists()
    assert len(taken(arrival)) == 3
    arrival.refresh_from_db()
    assert arrival.file.erased_at == AT
    assert arrival.file.name == ""
    assert arrival.report == {"n_new": 3, "n_known": 0, "n_named": 1}
    again = brought(book(*ROWS, (4, "ZY-004", None, None, None, "又一件")))
    assert len(taken(again)) == 1
    assert Tip.objects.count() == 4
    with pytest.raises(Refused, match="已经导入"):
        taken(again)
    assert len(taken(brought(book(*ROWS[1:]), channel="superior"))) == 2  # another platform counts by itself


def test_the_file_goes_from_the_disk_with_the_act(django_capture_on_commit_callbacks: Any) -> None:
    make_key()
    arrival = brought(book(*ROWS))
    with django_capture_on_commit_callbacks(execute=True):
        taken(arrival)
    assert not place_of(arrival.file.token).exists()
    stale = brought(book(*ROWS))
    with django_capture_on_commit_callbacks(execute=True):
        assert arriving.drop_stale(before=AT + timedelta(days=3), at=AT + timedelta(days=3)) == 1
    assert not place_of(stale.file.token).exists()


@pytest.mark.parametrize(
    ("rows", "cell", "why"),
    [
        ((("", "", None, "", "", "没有编号"),), "第3行", "没有填写"),
        ((("", "Z1", None, "", "", ""),), "第3行", "没有填写"),
        ((("", "Z1", None, "", "", "一"), ("", "Z1", None, "", "", "二")), "第4行", "内容却不同"),
        ((("", 1234567890123456789, None, "", "", "一"),), "B3", "已丢失"),
    ],
)
def test_one_mistake_and_nothing_is_taken(rows: tuple[Any, ...], cell: str, why: str) -> None:
    arrival = brought(book(*rows, ("", "Z9", None, "", "", "好的一行")))
    problems = queries.plan(Scope.of(post()), arrival, AT).problems
    assert (problems[0].cell, why in problems[0].why) == (cell, True)
    with pytest.raises(Refused, match="未导入任何内容"):
        taken(arrival)
    assert not Tip.objects.exists()


def test_names_need_a_key_to_be_sealed_with() -> None:
    arrival = brought(book(*ROWS))
    assert "还没有建立密钥" in queries.plan(Scope.of(post()), arrival, AT).problems[-1].why
    columns = {one["title"]: one["letters"] for one in arrival.mapping[0]["columns"]}
    choices = {(0, columns["举报人"]): "", (0, columns["联系电话"]): ""}
    arriving.map_arrival(arrival_id=arrival.pk, choices=choices, by=post(), at=AT)
    assert len(taken(arrival)) == 3
    assert not Tip.objects.filter(identity__isnull=False).exists()
    assert not any("欧阳哨兵" in tip.text for tip in Tip.objects.all())


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("58000", 58000),
        ("5.8万元", 58000),
        ("约三万五", 35000),
        ("6w", 60000),
        ("１２，０００元", 12000),
        ("￥300", 300),
    ],
)
def test_sums_as_people_write_them(said: str, number: int) -> None:
    assert sheets.in_words(said) == number


# --- pages


def upload(content: bytes, name: str = "清单.xlsx") -> BytesIO:
    """This function will make a file to be sent along."""
    made = BytesIO(content)
    made.name = name
    return made


def test_from_the_file_to_the_tips_in_the_browser(client: Client) -> None:
    make_key()
    sit(client, post())
    sent = client.post(reverse("tip-arrivals"), {"channel": "platform_12337", "file": upload(book(*ROWS))})
    assert sent.status_code == 302
    page = client.get(sent["Location"]).content.decode()
    assert "全部收下 3 件" in page
    assert "欧阳哨兵" not in page
    assert "13977712345" not in page
    assert "实名（将密封）" in page
    arrival = Arrival.objects.get()
    twice = client.post(reverse("tip-arrival-columns", args=[arrival.pk]), {"c-0-A": "text"})
    assert twice.status_code == 409
    assert "只能用一列" in twice.content.decode()
    done = client.post(reverse("tip-arrival-take", args=[arrival.pk]), follow=True).content.decode()
    assert "收下 3 件，其中 1 件留了身份" in done
    assert client.post(reverse("tip-arrival-take", args=[arrival.pk])).status_code == 409
    wrong = client.post(reverse("tip-arrivals"), {"channel": "platform_12337", "file": upload(b"PK\x03\x04", "a.xlsx")})
    assert wrong.status_code == 422
    other = post("campaign_office", holder="别的办")
    assert other.unit == post().unit
    sit(client, post("campaign_office", "990101000000"))
    assert client.get(reverse("tip-arrival", args=[arrival.pk])).status_code == 404


def test_the_template_is_understood_as_it_is(client: Client) -> None:
    sit(client, post())
    content = client.get(reverse("tip-arrival-template")).content
    filled = load_workbook(BytesIO(content))
    filled["填写"].append(["A1", "2026-11-02", "柳湾村", "", "", "", "老人交了钱退不了"])
    kept = BytesIO()
    filled.save(kept)
    arrival = brought(kept.getvalue())
    assert len(arrival.mapping) == 1
    assert all(one["field"] for one in arrival.mapping[0]["columns"])
    assert [tip.tip.code for tip in taken(arrival)] == [VILLAGE]


def test_what_goes_back_says_how_far_it_has_come_and_nothing_of_who_told(client: Client) -> None:
    make_key()
    taken(brought(book(*ROWS)))
    actions.read_new(at=AT)
    tip = Tip.objects.get(outer_number="ZY-001")
    actions.triage(tip_id=tip.pk, is_in_scope=False, says="属于市场监管部门", copy="推销", guise="none", scheme="none", is_urgent=False,
                   by=post(), at=AT)  # fmt: skip
    actions.pass_on(tip_id=tip.pk, to_name="区市场监管局", says="请依法办理", by=post(), at=AT)
    actions.reply(tip_id=tip.pk, text="已转区市场监管局办理", by=post(), at=AT)
    sit(client, post())
    asked = {"channel": "platform_12337", "since": "2026-11-01", "until": "2026-11-30"}
    page = client.get(reverse("tip-results"), asked).content.decode()
    assert "已转区市场监管局办理" in page
    answer = client.get(reverse("tip-results-export"), asked)
    rows = [
        row for row in load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True) if row[0] == "ZY-001"
    ]
    assert rows[0][2:5] == ("待办结", "已转其他部门或地区", "已转区市场监管局办理")
    told = " ".join(
        str(cell) for row in load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True) for cell in row
    )
    assert "保本" not in told
    assert "欧阳" not in told
