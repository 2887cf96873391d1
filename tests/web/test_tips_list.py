"""The list of tips: narrowed, sorted, counted, taken out without telling who, handed out many at once, and what waits for whom."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from shouhu.ledgers.journal.models import Entry
from shouhu.ledgers.tips.models import Tip, Transfer
from tests import office
from tests.ledgers.tips.way import DAY, fresh, second, step, until, worker
from tests.web.tip_pages import seat, send, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("two_hours_later")]
SECRET = "13800138000"


def test_the_list_narrows_sorts_and_counts(desk: Client) -> None:
    institution = office.institution("安康养老院")
    late, urgent, done = until("verifying"), fresh("老板今晚要跑，几十人堵门", is_urgent=True), until("resolved")
    Tip.objects.filter(pk=late.pk).update(
        due_from_on=DAY - timedelta(30), due_on=DAY - timedelta(12), institution=institution
    )
    page = text(desk, "tip-list")
    assert page.index(urgent.number) < page.index(late.number) and done.number not in page
    assert "逾期 8 个工作日" in page and "严重逾期" in page and "待甄别 <b>1</b>" in page
    assert late.number in text(desk, "tip-list", show="overdue") and urgent.number not in text(
        desk, "tip-list", show="overdue"
    )
    assert done.number in text(desk, "tip-list", state="resolved")
    for query in (late.number, "akyly", "安康"):
        assert late.number in text(desk, "tip-list", text=query), query
    assert late.number not in text(desk, "tip-list", text="会员卡")
    assert "没有符合条件" in text(desk, "tip-list", town=office.OTHER_TOWN)
    assert text(desk, "tip-list", state="nonsense", since="soon", page="9999")
    mine = text(seat(worker()), "tip-list", show="mine")
    assert late.number in mine and urgent.number not in mine


def test_the_list_is_taken_out_as_shown_and_identifies_nobody(desk: Client) -> None:
    tip = fresh(told={"named": "张三丰"}, code=office.VILLAGE)
    for query in ({}, {"state": "received"}):
        book = load_workbook(io.BytesIO(desk.get(reverse("tip-export"), query).content))
        said = "\n".join(str(cell) for row in book.active.values for cell in row if cell is not None)
        assert tip.number in said and "清河镇" in said
        assert not any(one in said for one in (SECRET, "安康", "张三丰", "柳湾村", "李大明"))
    assert "筛选：状态：待甄别" in said
    assert Entry.objects.filter(verb="list.exported", subject="route/tip-export").count() == 2
    assert "打印" in text(desk, "tip-list", print="1") and tip.number in text(desk, "tip-list", print="1")
    assert text(seat(worker()), "tip-export", status=404)


def test_many_are_handed_out_after_a_look_and_a_refused_one_says_why(desk: Client) -> None:
    first, second_, third = until("triaged"), until("triaged"), fresh()
    step(second_, "bar", unit_id=worker().unit_id)
    form = {"pick": [first.pk, second_.pk, third.pk], "unit": worker().unit_id}
    shown = send(desk, "tip-assign-many", status=200, **form, look="1")
    assert "共 3 条" in shown and worker().unit.name in shown
    assert not Transfer.objects.exists()
    page = desk.post(reverse("tip-assign-many"), form, follow=True).content.decode()
    assert "已把 1 条线索分办给" in page and f"{second_.number}：不能交给" in page and "不能办理“分办”" in page
    assert list(Tip.objects.filter(state="assigned")) == [first]
    assert "请先勾选线索" in desk.post(reverse("tip-assign-many"), {"unit": ""}, follow=True).content.decode()


def test_the_room_says_what_waits_for_whom(desk: Client) -> None:
    fresh()
    until("assigned")
    until("reported")
    assert 'class="count" title="等我办理">1<' in text(desk, "tip-list")
    assert 'class="count" title="等我办理">1<' in text(seat(worker()), "tip-list")
    assert 'class="count" title="等我办理">2<' in text(seat(second()), "tip-list")
    work = text(seat(worker()), "home-work", room="tip")
    assert "线索：接收" in work and Tip.objects.get(state="assigned").number in work


def test_pages_take_as_many_queries_for_many_rows_as_for_few(desk: Client) -> None:
    def spent(url: str) -> int:
        desk.get(url)
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(url).status_code == 200
        return len(captured)

    urls = [reverse(one) for one in ("tip-list", "tip-export", "tip-transfers", "tip-bars", "tip-transfers-export")]
    until("verifying")
    fresh(f"{worker().unit.name}的人收了好处")
    few = [spent(url) for url in urls]
    until("verifying")
    fresh(f"{worker().unit.name}的人又收了好处")
    assert [spent(url) for url in urls] == few
