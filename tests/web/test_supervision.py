"""督导 on the desk: orders, circulars, talks, look-backs and backtraces, by the forms, as lists, workbooks and letters."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from shouhu.figures.news import n_news, news
from shouhu.ledgers.journal.models import Entry
from shouhu.ledgers.supervision.actions import circulars, orders
from shouhu.ledgers.supervision.models import (
    Circular,
    Item,
    LookBack,
    RandomInspection,
    RegulatoryTalk,
    SupervisionOrder,
)
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.scope import Scope
from shouhu.web.notices import KINDS
from shouhu.web.work import waiting
from tests import office
from tests.ledgers.clearances.walk import found, until
from tests.ledgers.disposals import work
from tests.ledgers.supervision.scene import AT, DAY, LATE, answered, chief, circular, leader, order, second, talk, town

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shouhu.web.access.now", lambda: AT)


def sits(post: Post) -> Client:
    """This function will give a browser in which the holder of a post is logged in."""
    client = office.sit(Client(), post)
    session = client.session
    session.update({"seen": AT.timestamp(), "began": AT.timestamp()})
    session.save()
    return client


@pytest.fixture
def desk() -> Client:
    return sits(chief())


def text(client: Client, route: str, *args: Any, status: int = 200, **query: Any) -> str:
    """This function will open a page and give what it says."""
    response = client.get(reverse(route, args=args), query)
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def sent(client: Client, route: str, *args: Any, status: int = 302, **data: Any) -> str:
    """This function will send a form and give the answer."""
    response = client.post(reverse(route, args=args), data)
    assert response.status_code == status, response.content.decode()[:3000]
    return response.content.decode()


def words(client: Client, route: str, *args: Any) -> str:
    """This function will download a letter and give what stands in it."""
    response = client.get(reverse(route, args=args))
    assert response.status_code == 200
    with zipfile.ZipFile(io.BytesIO(response.content)) as package:
        return package.read("word/document.xml").decode()


# --- 督办单 ----------------------------------------------------------------------------------------------------------


def test_an_order_goes_its_way_by_the_forms(desk: Client) -> None:
    unit = town().unit_id
    assert "排查进度滞后" in sent(
        desk, "supervision-new", status=422, title="排查进度滞后", issue="请补齐"
    )  # no unit, nothing lost
    sent(desk, "supervision-new", unit_id=unit, title="排查进度滞后", issue="请补齐", n_days=5)
    row = SupervisionOrder.objects.get()
    here = sits(town())
    page = text(here, "supervision-page", row.pk)
    reply = reverse("supervision-reply", args=[row.pk, "reply"])
    assert f'btn-primary" href="{reply}"' in page and "自2026-11-18(周三)次日起算5个工作日" in page
    scan = SimpleUploadedFile("名单.pdf", b"%PDF-1.4", "application/pdf")
    sent(here, "supervision-reply", row.pk, "reply", says="已全部上门", paper=scan)
    token = row.steps.get(verb="reply").file.token  # type: ignore[union-attr]
    assert "已全部上门" in text(desk, "supervision-page", row.pk)
    assert desk.get(reverse("supervision-file", args=[token])).content == b"%PDF-1.4"
    assert Entry.objects.filter(verb="supervision.file_read").count() == 1
    assert (
        sits(office.post("task_force", office.OTHER_TOWN)).get(reverse("supervision-file", args=[token])).status_code
        == 404
    )
    assert "缺照片" in sent(desk, "supervision-check", row.pk, "send_back", status=422, says="缺照片")
    sent(desk, "supervision-check", row.pk, "send_back", says="缺照片", n_days=3)
    assert "缺照片" in text(here, "supervision-page", row.pk)
    sent(here, "supervision-reply", row.pk, "reply", says="照片补上了")
    sent(desk, "supervision-check", row.pk, "accept")
    assert "已办结" in text(here, "supervision-page", row.pk)


def test_what_is_refused_is_told_above_the_form_and_keeps_the_words(desk: Client) -> None:
    row = order(unit_id=chief().unit_id)
    orders.reply(order_id=row.pk, says="已办", by=chief(), at=AT)
    answer = sent(desk, "supervision-check", row.pk, "accept", status=409, says="看过了")
    assert "须由另一人审核" in answer and "看过了" in answer
    assert Entry.objects.filter(outcome="refused", verb="refused.supervision-check").count() == 1
    assert "现在还不能办" in text(desk, "supervision-check", row.pk, "extend")


def test_late_orders_are_reported_upward_from_the_page(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    row, above = order(n_days=1), leader()
    url = reverse("supervision-check", args=[row.pk, "escalate"])
    assert url not in text(desk, "supervision-page", row.pk)
    monkeypatch.setattr("shouhu.web.access.now", lambda: LATE)
    desk = sits_at(chief())
    page = text(desk, "supervision-page", row.pk)
    assert f'btn-primary" href="{url}"' in page and "还没有逐级报告" in page
    sent(desk, "supervision-check", row.pk, "escalate", told_id=above.pk, says="已电话报告")
    assert "已报 1 级" in text(desk, "supervision-list", late="told")
    told = news(Scope.of(above), AT, LATE + timedelta(hours=1))
    assert [(one.kind, one.where) for one in told] == [("order.told", "排查进度滞后")]


def sits_at(post: Post, at: Any = LATE) -> Client:
    client = sits(post)
    session = client.session
    session.update({"seen": at.timestamp(), "began": at.timestamp()})
    session.save()
    return client


def test_an_order_begins_from_what_it_is_about_and_links_back(desk: Client) -> None:
    site = found()
    assert f"{reverse('supervision-new')}?clearance={site.pk}" in text(desk, "clearance-page", site.pk)
    assert reverse("supervision-new") not in text(sits(town()), "clearance-page", site.pk)
    url = f"{reverse('supervision-new')}?clearance={site.pk}"
    assert "推进“河东路12号托老点”清零" in desk.get(url).content.decode()
    elsewhere = office.post("task_force", office.OTHER_TOWN)
    assert (
        desk.post(url, {"unit_id": elsewhere.unit_id, "title": "清零", "issue": "请配合", "n_days": 5}).status_code
        == 302
    )
    row = SupervisionOrder.objects.get()
    assert row.clearance == site
    link = reverse("clearance-page", args=[site.pk])
    assert link in text(desk, "supervision-page", row.pk) and link not in text(
        sits(elsewhere), "supervision-page", row.pk
    )
    for wrong in ("clearance=987654321", "clearance=x", "tip=9"):
        assert desk.get(f"{reverse('supervision-new')}?{wrong}").status_code == 404
    one = work.opened("yellow")
    for kind, pk, route in (
        ("disposal", one.pk, "disposal-page"),
        ("institution", one.institution_id, "institution-page"),
    ):
        assert f"{reverse('supervision-new')}?{kind}={pk}" in text(desk, route, pk)
        assert desk.get(f"{reverse('supervision-new')}?{kind}={pk}").status_code == 200


def test_the_list_is_narrowed_sorted_printed_and_taken_out_as_shown(desk: Client) -> None:
    order(title="甲事"), answered(order(title="乙事", n_days=3)), order(title="丙事", n_days=1)
    assert "乙事" not in text(desk, "supervision-list", state="open")
    page = text(desk, "supervision-list", sort="-due")
    assert page.index("甲事") < page.index("丙事")
    assert "甲事" in text(desk, "supervision-list", state="nonsense", town="x", sort="y", unit="z")
    assert "<nav" not in text(desk, "supervision-list", print="1")
    response = desk.get(reverse("supervision-export"), {"state": "replied"})
    rows = [[cell.value for cell in line] for line in load_workbook(io.BytesIO(response.content)).active]
    assert [row[1] for row in rows if row[0] and str(row[0]).startswith("督办〔")] == ["乙事"]
    assert any("状态：待审核" in str(row[0]) for row in rows)


def test_many_orders_cost_as_many_queries_as_few(desk: Client) -> None:
    def spent() -> int:
        with CaptureQueriesContext(connection) as taken:
            text(desk, "supervision-list")
        return len(taken)

    order()
    spent()
    few = spent()
    for _ in range(7):
        order()
    assert spent() == few


# --- 通报, 约谈 --------------------------------------------------------------------------------------------------------


def test_a_circular_is_drafted_from_figures_amended_issued_and_signed_for(desk: Client) -> None:
    order(n_days=1)
    other = office.post("task_force", office.OTHER_TOWN)
    chosen: dict[str, Any] = {"manner": "criticism", "named_ids": [town().unit_id], "everyone": "on"}
    assert "（逾期 0，办结 0）" in text(desk, "supervision-circular-new")
    drafted = sent(desk, "supervision-circular-new", status=200, **chosen)
    assert "没有逾期的记录" in drafted and 'name="named_ids"' in drafted
    sent(desk, "supervision-circular-new", **chosen, title="关于逾期的通报", text="清河镇督办单逾期1件。")
    row = Circular.objects.get()
    assert sits(other).get(reverse("supervision-circular", args=[row.pk])).status_code == 404
    sent(
        desk, "supervision-circular-act", row.pk, "amend", title="关于逾期的通报", text="清河镇督办单逾期一件，望改进。"
    )
    sent(desk, "supervision-circular-act", row.pk, "send")
    here = sits(town())
    assert reverse("supervision-receive", args=[row.pk]) in text(here, "supervision-circular", row.pk)
    sent(here, "supervision-receive", row.pk)
    page = text(desk, "supervision-circular", row.pk)
    assert "还有 2 个单位没有签收" in page and other.unit.name in page
    letter = words(desk, "supervision-circular-letter", row.pk)
    assert "望改进" in letter and "通报〔2026〕1号" in letter
    assert "签收" in text(here, "supervision-circulars", manner="criticism")
    assert desk.post(reverse("supervision-receive", args=[row.pk])).status_code == 302  # the office is one of its units


def test_a_talk_is_called_put_on_record_and_its_undertakings_followed(desk: Client) -> None:
    sent(
        desk,
        "supervision-talk-new",
        unit_id=town().unit_id,
        meets_on=DAY,
        meets_when="15:00",
        place="会议室",
        invited="镇长",
        why="逾期",
    )
    row = RegulatoryTalk.objects.get()
    assert "15:00" in words(desk, "supervision-talk-letter", row.pk, "notice")
    assert desk.get(reverse("supervision-talk-letter", args=[row.pk, "record"])).status_code == 404
    sent(
        desk,
        "supervision-talk-act",
        row.pk,
        "record",
        held_on=DAY,
        present="王主任、李镇长",
        summary="当面指出",
        promised="补齐\n\n派专人",
        n_days=5,
    )
    assert SupervisionOrder.objects.filter(talk=row).count() == 2
    page, here = text(desk, "supervision-talk", row.pk), text(sits(town()), "supervision-talk", row.pk)
    assert "当面指出" in page and "落实约谈承诺：派专人" in page
    assert "当面指出" not in here and "落实约谈承诺：派专人" in here
    assert Entry.objects.filter(verb="supervision.talk.read").count() == 1
    assert "当面指出" in words(desk, "supervision-talk-letter", row.pk, "record")
    assert sits(town()).get(reverse("supervision-talk-letter", args=[row.pk, "record"])).status_code == 404


def test_letters_of_orders_say_what_stands_in_the_paper(desk: Client) -> None:
    row = order()
    letter = words(sits(town()), "supervision-letter", row.pk)
    for said in ("督办〔2026〕1号", "第二轮排查尚有12家未上门", "2026年12月2日"):
        assert said in letter, said
    assert Entry.objects.filter(verb="supervision.letter_made", subject=f"supervisionorder/{row.pk}").exists()


# --- 回头看, 倒查 -------------------------------------------------------------------------------------------------------


def test_a_look_back_is_drawn_looked_at_and_opened_again_by_the_forms(monkeypatch: pytest.MonkeyPatch) -> None:
    later = AT + timedelta(hours=8)  # after the site was closed
    monkeypatch.setattr("shouhu.web.access.now", lambda: later)
    desk = sits_at(chief(), later)
    site, bureau = until("closed"), office.post("member_unit", holder="民政局")
    assert "近30天有 1 件" in text(desk, "supervision-look-new")
    given: dict[str, Any] = {
        "title": "十一月回头看",
        "from_on": DAY,
        "until_on": DAY,
        "clearance": "100%",
        "unit_ids": [bureau.unit_id],
        "n_days": 10,
    }
    assert "例如 5 或 10%" in sent(desk, "supervision-look-new", status=422, **{**given, "clearance": "一半"})
    sent(desk, "supervision-look-new", **given)
    look_back, item = LookBack.objects.get(), Item.objects.get()
    assert "河东路12号托老点" in text(desk, "supervision-look", look_back.pk)
    there = sits_at(bureau, later)
    assert reverse("clearance-page", args=[site.pk]) in text(there, "supervision-item", item.pk)
    sent(there, "supervision-item-look", item.pk, "look", looked_on=DAY, is_sound="no", says="仍有老人入住")
    assert "待重新打开" in text(desk, "supervision-look", look_back.pk, state="doubtful")
    assert "另立一号" in text(desk, "supervision-item-act", item.pk, "reopen")
    sent(desk, "supervision-item-act", item.pk, "reopen", why="反弹")
    assert "已重新打开" in text(desk, "supervision-item", item.pk)
    book = load_workbook(io.BytesIO(desk.get(reverse("supervision-look-export", args=[look_back.pk])).content))
    assert any("河东路12号托老点" in str(cell.value) for line in book.active for cell in line)
    assert (
        sits_at(office.post("member_unit", office.OTHER_TOWN), later)
        .get(reverse("supervision-item", args=[item.pk]))
        .status_code
        == 404
    )


def test_a_backtrace_is_one_page_of_records_and_absences(desk: Client) -> None:
    one = work.opened("yellow")
    assert desk.get(reverse("supervision-backtrace", args=[one.institution_id])).status_code == 404
    assert work.becomes(one, suspected_crime=True) == "red"
    assert one.institution.name in text(desk, "supervision-backtraces")
    page = text(desk, "supervision-backtrace", one.institution_id)
    assert "此前没有核定的排查记录" in page and "《区县打击整治养老服务诈骗专项行动工作方案》二(二)一是" in page
    assert Entry.objects.filter(verb="supervision.backtraced").count() == 1
    assert sits(office.post("member_unit")).get(reverse("supervision-backtraces")).status_code == 404


# --- what waits, what happened --------------------------------------------------------------------------------------


def test_what_waits_for_whom_stands_in_the_work_list() -> None:
    row, sheet, at = answered(), circular(), LATE.date()
    circulars.send(circular_id=sheet.pk, by=chief(), at=AT)
    order(n_days=1)
    here = [(one.what, one.route) for one in waiting(Scope.of(town()), at) if one.room == "supervision"]
    assert here == [("督办单：回复督办单", "supervision-page"), ("签收通报", "supervision-circular")]
    ours = {one.what for one in waiting(Scope.of(chief()), at) if one.room == "supervision"}
    assert ours == {"督办单：审核督办回复", "督办单：报属地分管领导"}
    orders.accept(order_id=row.pk, by=chief(), at=AT)
    assert "督办单：审核督办回复" not in {one.what for one in waiting(Scope.of(chief()), at)}


def test_papers_ring_the_bell_of_whom_they_are_for() -> None:
    row, sheet = order(n_days=5), circular()
    circulars.send(circular_id=sheet.pk, by=chief(), at=AT)
    talk()
    end = AT + timedelta(days=30)

    def told(post: Post) -> list[str]:
        found = news(Scope.of(post), AT - timedelta(1), end)
        assert n_news(Scope.of(post), AT - timedelta(1), end) == len(found)
        assert {one.kind for one in found} <= set(KINDS)
        return sorted(one.kind for one in found)

    assert told(town()) == ["circular.given", "order.ending", "order.given", "order.overdue", "talk.called"]
    assert told(second()) == []
    orders.reply(order_id=row.pk, says="已办", by=town(), at=AT)
    assert told(second()) == ["order.replied"] and "order.overdue" not in told(town())
    orders.send_back(order_id=row.pk, says="缺照片", n_days=30, by=second(), at=AT)
    assert "order.returned" in told(town())


def test_a_talk_that_is_cancelled_rings_no_more(desk: Client) -> None:
    row = talk()
    sent(desk, "supervision-talk-act", row.pk, "cancel", why="改为电话提醒")
    assert "改为电话提醒" in text(sits(town()), "supervision-talk", row.pk)
    assert news(Scope.of(town()), AT - timedelta(1), LATE) == []


def test_a_draw_is_sealed_drawn_published_and_inspected_by_the_forms(desk: Client) -> None:
    work.opened("orange")
    civil = office.post("member_unit", holder="民政局")
    given: dict[str, Any] = {"title": "十一月双随机", "orange": "100%", "post_ids": [civil.pk], "team_size": 1}
    assert "中间空一格" in sent(desk, "supervision-draw-new", status=422, **given, declared="只有一项")
    sent(desk, "supervision-draw-new", **given)
    row = RandomInspection.objects.get()
    assert row.sealed["commitment"] in text(desk, "supervision-draw", row.pk)
    before = desk.get(reverse("supervision-draw-file", args=[row.pk])).content
    assert row.seed.encode() not in before and row.sealed["commitment"].encode() in before
    sent(desk, "supervision-draw-run", row.pk, "draw", words="晴天\n水位平稳")
    row.refresh_from_db()
    assert row.seed.encode() in desk.get(reverse("supervision-draw-file", args=[row.pk])).content
    assert "没有检查结果" in text(desk, "supervision-draw", row.pk)
    visit, there = row.visits.get(), sits(civil)
    assert [one.route for one in waiting(Scope.of(civil), DAY) if one.room == "supervision"] == ["supervision-visit"]
    assert "由抽到的检查人员登记" in sent(
        desk, "supervision-visit-find", visit.pk, "find", status=409, found_on=DAY, found="none", says="看过"
    )
    sent(there, "supervision-visit-find", visit.pk, "find", found_on=DAY, found="mended", says="公示已更换")
    assert "发现问题，已当场整改" in text(desk, "supervision-visit", visit.pk)
    assert "公示已更换" in text(there, "supervision-visit", visit.pk)
