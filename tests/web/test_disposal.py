"""分类处置 on the desk: from the list to 销号 by the pages alone; who sees what; the table for the office; the calendar."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from shouhu.ledgers.disposals import actions, queries
from shouhu.ledgers.disposals.models import Application, Disposal, Referral, Refund, Task
from shouhu.ledgers.journal.models import Entry
from shouhu.ledgers.units.models import Post
from tests import office
from tests.ledgers.disposals.work import (
    AT,
    becomes,
    bureau,
    chief,
    finish_all,
    opened,
    paper,
    prove,
    refund,
    second,
    task_of,
    town,
)  # fmt: skip

pytestmark = pytest.mark.django_db
DAY = "2026-11-18"


@pytest.fixture(autouse=True)
def _at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shouhu.web.access.now", lambda: AT)


def sits(post: Post) -> Client:
    """This function will give a browser in which the holder of a post is logged in."""
    return office.sit(Client(), post)


def text(client: Client, route: str, *args: Any, status: int = 200, **query: str) -> str:
    """This function will open a page and give what it says."""
    response = client.get(reverse(route, args=args), query)
    assert response.status_code == status, response.content.decode()[:3000]
    return response.content.decode()


def send(client: Client, route: str, *args: Any, status: int = 302, **data: Any) -> str:
    """This function will send a form and give what the answer says."""
    response = client.post(reverse(route, args=args), data)
    assert response.status_code == status, response.content.decode()[:6000]
    return response.content.decode()


def pdf() -> SimpleUploadedFile:
    """This function will give a file to hand in."""
    return SimpleUploadedFile("凭证.pdf", b"%PDF-1.4 paper", "application/pdf")


def test_from_the_list_to_the_end_by_the_pages_alone() -> None:
    disposal = opened("orange")
    head, hand, other = sits(chief()), sits(town()), sits(second())
    assert "安康养老院" in text(head, "disposal-list") and "未指定" in text(head, "disposal-list")
    send(head, "disposal-take", pick=disposal.pk, post=town().pk)
    assert "编制一院一策" in text(hand, "disposal-page", disposal.pk)
    send(hand, "disposal-handle", disposal.pk, "plan", text="风险点：资金\n措施：清退")
    vouchers: dict[str, dict[str, Any]] = {"owed": {}, "paid": {"file": pdf()}}
    for kind, more in vouchers.items():
        send(
            hand,
            "disposal-handle",
            disposal.pk,
            "record_refund",
            kind=kind,
            on=DAY,
            n_persons=3,
            sum_fen="1234.50",
            **more,
        )
    assert Refund.objects.get(kind="paid").sum_fen == 123_450
    tasks = {task.measure: task.pk for task in queries.tasks_of(disposal)}
    send(
        hand,
        "disposal-work",
        tasks["R-talk"],
        "record_talk",
        held_on=DAY,
        place="区民政局",
        present="李某",
        summary="限期整改",
    )
    send(hand, "disposal-work", tasks["R-rectify"], "issue_order", number="望民责改〔2026〕1号", issued_on=DAY, unit=bureau().pk,
         article="老年人权益保障法 第45条", demands="停止收费", due_on="2026-12-01", file=pdf())  # fmt: skip
    send(hand, "disposal-work", tasks["R-notify"], "refer", receiver="区委政法委", sent_on=DAY)
    sent = Referral.objects.get()
    send(hand, "disposal-referral", sent.pk, "receive_receipt", receipt_number="收1号", received_on=DAY)
    send(hand, "disposal-referral", sent.pk, "receive_result", result="已列入研判", result_on=DAY)
    send(hand, "disposal-work", tasks["R-mechanism"], "ask", kind="waiver", reason="不属于非法集资")
    waiver = Application.objects.get()
    assert "不属于非法集资" in text(other, "disposal-approvals")
    send(other, "disposal-answer", waiver.pk, "approve")
    for measure in ("R-talk", "R-rectify", "R-notify", "R-refund"):
        send(hand, "disposal-work", tasks[measure], "do_task", result="已办结")
        assert "审核通过" in text(head, "disposal-task", tasks[measure])
        send(head, "disposal-check", tasks[measure], "review_task")
    assert "评级仍为橙◆" in text(other, "disposal-page", disposal.pk)
    refused = send(other, "disposal-end", disposal.pk, "close", note="核实", status=409)
    assert "不能销号：评级仍为橙◆，风险没有消除" in refused and "核实</textarea>" in refused
    assert Entry.objects.filter(verb="refused.disposal-end").count() == 1
    assert becomes(disposal, prosecuted=()) == "green"
    assert "什么都不差了" in text(other, "disposal-page", disposal.pk)
    send(other, "disposal-end", disposal.pk, "close", note="现场核实，措施到位")
    page = text(hand, "disposal-page", disposal.pk)
    assert "已销号" in page and "现场核实，措施到位" in page
    send(other, "disposal-end", disposal.pk, "reopen", task_ids=[tasks["R-refund"]], why="凭证不实")
    again = Disposal.objects.get(closed_at=None)
    assert "再次处置" in text(hand, "disposal-page", again.pk)


def test_what_is_owed_is_said_before_anything_is_typed() -> None:
    disposal = opened("red")
    page = text(sits(chief()), "disposal-end", disposal.pk, "close")
    assert "现在销号会被拒绝" in page and "还没有编制一院一策" in page
    task = task_of(disposal, "R-talk")
    assert "请先登记约谈记录" in text(sits(town()), "disposal-work", task.pk, "do_task")
    assert "请先登记约谈记录" in send(sits(town()), "disposal-work", task.pk, "do_task", result="x", status=409)


def test_a_form_with_faults_keeps_what_was_typed() -> None:
    task = task_of(opened("orange"), "R-talk")
    page = send(sits(town()), "disposal-work", task.pk, "record_talk", held_on="", place="区民政局", status=422)
    assert "还不能提交" in page and 'value="区民政局"' in page
    wrong = SimpleUploadedFile("x.exe", b"MZ", "application/octet-stream")
    page = send(sits(town()), "disposal-work", task.pk, "add_evidence", effective_on=DAY, file=wrong, status=422)
    assert "只能上传 JPG、PNG 照片或 PDF 扫描件" in page


@pytest.mark.parametrize("post", [
    ("grid_worker", office.VILLAGE), ("auditor", office.COUNTY), ("administrator", office.COUNTY),
])  # fmt: skip
def test_posts_without_the_right_find_no_page(post: tuple[str, str]) -> None:
    disposal = opened("orange")
    stranger = sits(office.post(*post))
    for route, args in (
        ("disposal-list", ()),
        ("disposal-page", (disposal.pk,)),
        ("disposal-export", ()),
        ("disposal-calendar", ()),
    ):
        assert text(stranger, route, *args, status=404)


def test_not_yours_and_not_there_answer_alike() -> None:
    disposal = opened("orange")
    task = task_of(disposal, "R-talk")
    refund(disposal, "owed", 100, town())
    stranger = sits(office.post("task_force", office.OTHER_TOWN))
    pages: tuple[tuple[str, tuple[Any, ...]], ...] = (
        ("disposal-page", (disposal.pk,)), ("disposal-task", (task.pk,)), ("disposal-work", (task.pk, "do_task")),
        ("disposal-check", (task.pk, "review_task")), ("disposal-handle", (disposal.pk, "plan")),
        ("disposal-correct", (Refund.objects.get().pk,)), ("disposal-referral", (1, "receive_receipt")),
        ("disposal-talk", (1,)), ("disposal-file", ("0" * 32,)), ("disposal-page", (99,)),
    )  # fmt: skip
    for route, args in pages:
        text(stranger, route, *args, status=404)
    assert "安康养老院" not in text(stranger, "disposal-list")
    for verb in ("close", "review_task", "open_for", "nonsense"):
        text(sits(town()), "disposal-work", task.pk, verb, status=404)
    send(stranger, "disposal-take", pick=disposal.pk, post=office.post("task_force", office.OTHER_TOWN).pk, status=409)


def test_the_list_narrows_counts_and_takes_constant_queries() -> None:
    def count(n: int) -> int:
        for k in range(n):
            opened("yellow", name=f"第{n}-{k}养老院")
        with CaptureQueriesContext(connection) as seen:
            text(client, "disposal-list")
        return len(seen)

    client = sits(chief())
    assert count(1) == count(7)
    opened("red", name="红枫养老院")
    page = text(client, "disposal-list", colour="red")
    assert "红枫养老院" in page and "第1-0养老院" not in page
    assert "没有符合条件的记录" in text(client, "disposal-list", late="serious")
    assert "第1-0养老院" in text(client, "disposal-list", text="第1-0", town=office.TOWN, state="unassigned")
    assert text(client, "disposal-list", colour="pink", handler="x", page="99")


def test_many_are_closed_at_once_and_what_is_owed_stays_open() -> None:
    answered, owing = opened("unknown"), opened("yellow", name="黄河养老院")
    learnt: tuple[tuple[Disposal, dict[str, Any]], ...] = (
        (answered, {"suspected_crime": False}), (owing, {"false_publicity": False}),
    )  # fmt: skip
    for one, facts in learnt:
        assert becomes(one, **facts) == "green"
    client = sits(second())
    assert "逐件核对后销号" in text(client, "disposal-list", state="fallen")
    send(client, "disposal-close-many", pick=[answered.pk, owing.pk], note="补充排查后无风险")
    page = text(client, "disposal-list")
    assert "已销号：1 件" in page and "黄河养老院：不能销号：尚有4项措施未办结" in page
    assert set(Disposal.objects.filter(closed_at=None)) == {owing}


def test_a_page_takes_as_many_queries_for_many_measures_as_for_few() -> None:
    client = sits(chief())

    def count(colour: str) -> int:
        disposal = opened(colour, name=colour)
        with CaptureQueriesContext(connection) as seen:
            text(client, "disposal-page", disposal.pk)
        return len(seen)

    assert count("decide") == count("red")


def test_the_export_is_the_official_table_of_what_is_listed() -> None:
    disposal = opened("orange")
    opened("yellow", name="黄河养老院")
    refund(disposal, "owed", 1_000_000, town())
    refund(disposal, "paid", 1_000_000, town())
    finish_all(disposal)
    response = sits(chief()).get(reverse("disposal-export"), {"colour": "orange"})
    sheet = load_workbook(io.BytesIO(response.content)).worksheets[0]
    values = [cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None]
    cells = [str(value) for value in values]
    assert any("安康养老院" in one for one in cells) and not any("黄河养老院" in one for one in cells)
    assert {"养老服务诈骗风险隐患分类处置工作进度表", "警示约谈主要负责人", "已办结", "已编制", "2026-11-25"} <= set(
        cells
    )
    assert values.count(15000) == 2  # 应清退, 已清退
    assert Entry.objects.filter(verb="disposal.exported").exists()


def test_sealed_talks_and_files_are_read_with_a_trace() -> None:
    disposal = opened("orange")
    task = task_of(disposal, "R-talk")
    prove(task, town())
    assert "限期整改" not in text(sits(town()), "disposal-task", task.pk)
    assert "限期整改" in text(sits(town()), "disposal-talk", task.talks.get().pk)
    stored = paper()
    actions.add_evidence(task_id=task.pk, effective_on=date(2026, 11, 18), file=stored, by=town(), at=AT)
    response = sits(chief()).get(reverse("disposal-file", args=[stored.token]))
    assert response.content == b"%PDF-1.4" and response["Content-Disposition"].startswith("attachment")
    assert set(Entry.objects.filter(outcome="read").values_list("verb", flat=True)) == {"talk.read", "file.read"}


def test_the_calendar_shows_what_would_move_before_it_does() -> None:
    disposal = opened("orange")
    assert "21 个工作日" in text(sits(town()), "disposal-calendar", month="2026-11")
    text(sits(town()), "disposal-calendar-day", "2026-11-20", status=404)
    client = sits(chief())
    page = text(client, "disposal-calendar-day", "2026-11-20")
    assert "把 2026-11-20 改为放假？" in page and "警示约谈主要负责人" in page and "2026-11-26 周四" in page
    send(client, "disposal-calendar-day", "2026-11-20", note="", status=422)
    send(client, "disposal-calendar-day", "2026-11-20", note="区运动会")
    page = text(client, "disposal-calendar", month="2026-11")
    assert "5 项期限改变" in page and "区运动会" in page and "20 个工作日" in page
    assert task_of(disposal, "R-talk").due_on == date(2026, 11, 26)
    assert "时限由 2026-11-25 变为 2026-11-26" in text(client, "disposal-page", disposal.pk)
    send(client, "disposal-calendar-day", "2026-11-20")
    assert task_of(disposal, "R-talk").due_on == date(2026, 11, 25)
    assert "放假调休安排未收录" in text(client, "disposal-calendar", month="2031-01")
    for on in ("2026-02-30", "1066-10-14", "x"):
        text(client, "disposal-calendar-day", on, status=404)


def test_returned_and_dropped_measures_say_why() -> None:
    disposal = opened("yellow")
    task = task_of(disposal, "Y-warn")
    prove(task, town())
    client = sits(town())
    send(client, "disposal-work", task.pk, "do_task", result="已提示")
    send(sits(chief()), "disposal-check", task.pk, "return_task", why="缺送达签字")
    assert "缺送达签字" in text(client, "disposal-task", task.pk) and "缺送达签字" in text(
        client, "disposal-page", disposal.pk
    )
    assert becomes(disposal, suspected_crime=True) == "red"
    dropped = Task.objects.filter(dropped_at__isnull=False).earliest("pk")
    assert "等级变化：现为红■" in text(client, "disposal-task", dropped.pk)
    refund(disposal, "owed", 100, town())
    send(client, "disposal-correct", Refund.objects.get().pk, n_persons=2, sum_fen="2.00", why="漏记1元")
    assert "（更正）" in text(client, "disposal-page", disposal.pk)
    send(sits(chief()), "disposal-check", task_of(disposal, "R-talk").pk, "assign", post=office.post("member_unit").pk)
