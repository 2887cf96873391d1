"""A running campaign on the desk: at a glance, the board, a task and its forms, gaps, meetings, the closing report, standing work."""

from __future__ import annotations

import io
import re
from datetime import date, datetime
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from shouhu.ledgers.campaigns import actions
from shouhu.ledgers.campaigns.models import Duty, Meeting, Progress, ReportRule, Task
from shouhu.ledgers.journal.models import Entry
from shouhu.ledgers.units.models import Post
from tests import office
from tests.ledgers.campaigns.board import (
    AT,
    DAY,
    bureau,
    campaign,
    chief,
    deputy,
    done,
    duty,
    task,
    town,
)

pytestmark = pytest.mark.django_db
OTHER = office.OTHER_TOWN
EARLY = datetime(2026, 11, 2, 2, tzinfo=AT.tzinfo)


@pytest.fixture(autouse=True)
def _at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shouhu.web.access.now", lambda: AT)


def sits(post: Post) -> Client:
    """This function will give a browser in which the holder of a post is logged in at AT."""
    client = office.sit(Client(), post)
    session = client.session
    session.update({"seen": AT.timestamp(), "began": AT.timestamp()})
    session.save()
    return client


@pytest.fixture
def desk() -> Client:
    campaign()
    return sits(chief())


def text(client: Client, route: str, *args: Any, status: int = 200, **query: Any) -> str:
    """This function will open a page and give what it says."""
    response = client.get(reverse(route, args=args), query)
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def words(html: str) -> str:
    """This function will give what is read on a page, without spaces."""
    return re.sub(r"\s+", "", unescape(re.sub(r"<[^>]+>", "", html)))


def scan(name: str = "签到表.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"\xff\xd8\xff picture", "image/jpeg")


def full() -> dict[str, Task]:
    """This function will give tasks in every state."""
    phases = campaign().phases.order_by("position")
    made = {
        "late": task("整治隐患", due_on=date(2026, 11, 10), at=EARLY, phase_id=phases[1].pk),
        "open": task("开展宣传", town(), bureau(), phase_id=phases[0].pk),
        "done": task("打击犯罪", bureau()),
        "accepted": task("印发通知", chief()),
    }
    done(duty(made["done"], bureau()), bureau())
    actions.accept(duty_id=done(duty(made["accepted"], chief()), chief()).pk, by=deputy(), at=AT)
    return made


# --- at a glance -----------------------------------------------------------------------------------------------------


def test_two_campaigns_stand_side_by_side(desk: Client) -> None:
    campaign("防范电信网络诈骗专项行动", ruleset_id="", domain="telecom_fraud")
    full()
    said = words(text(desk, "campaign-list"))
    assert "打击整治养老服务诈骗专项行动" in said and "防范电信网络诈骗专项行动" in said
    assert "打击整治还有72天" in said and "逾期1项" in said and "1/4" in said


def test_the_overview_tells_phase_arms_units_lateness_and_gaps(desk: Client) -> None:
    made = full()
    Duty.objects.create(task=made["open"], printed="规建环办")
    ReportRule.objects.create(campaign=campaign(), what="工作情况", rule="weekly Tuesday 17:00", limit="300字")
    ReportRule.objects.create(campaign=campaign(), what="典型案例", rule="regularly")
    page = text(desk, "campaign-page", campaign().pk)
    said = words(page)
    assert "打击整治还有72天" in said and "距结束72天" in said
    assert "2026-11-24周二17:00还有6天" in said and "典型案例方案没有写明具体日期" in said
    assert "1项没有单位承担，0项任务没有写责任单位" in said
    assert "整治10010%" in said  # one task, none accepted, none waiting, one late
    assert page.count("<svg") == 3 and "逾期6个工作日" in said  # the shield, the phases, the units
    assert f"{reverse('campaign-tasks', args=[campaign().pk])}?late=overdue" in page


def test_a_town_sees_its_own_and_no_way_to_direct(desk: Client) -> None:
    full()
    others = task("南渡镇自查", town(OTHER))
    page = text(sits(town()), "campaign-page", campaign().pk)
    assert "增加任务" not in page and "南渡镇自查" not in page
    assert "南渡镇自查" in text(desk, "campaign-tasks", campaign().pk)
    assert "南渡镇自查" not in text(sits(town()), "campaign-tasks", campaign().pk)
    text(sits(town()), "campaign-task", others.pk, status=404)
    text(sits(town()), "campaign-task-new", campaign().pk, status=404)


def test_what_is_empty_says_the_first_step(desk: Client) -> None:
    assert "采用方案后" in text(desk, "campaign-page", campaign().pk)
    assert reverse("campaign-task-new", args=[campaign().pk]) in text(desk, "campaign-tasks", campaign().pk)
    assert "调度会" in text(desk, "campaign-meetings", campaign().pk)


def test_without_any_campaign_the_way_to_one_is_shown() -> None:
    page = text(sits(chief()), "campaign-list")
    assert "还没有专项行动" in page and reverse("plan-upload") in page
    assert reverse("plan-upload") not in text(sits(town()), "campaign-list").split("<main", 1)[1]


def test_the_timeline_draws_phases_and_tasks_with_their_table(desk: Client) -> None:
    full()
    task("没有期限的任务", due_on=None)
    page = text(desk, "campaign-timeline", campaign().pk)
    rows = re.findall(r'<th scope="row" class="name">.*?</tr>', page, re.S)
    assert [words(row)[:4] for row in rows] == [
        "宣传发动",
        "开展宣传",
        "打击整治",
        "整治隐患",
        "打击犯罪",
        "印发通知",
    ]
    assert "另有 1 项任务没有期限" in page and "今天" in page and "<svg" in page


# --- the board -------------------------------------------------------------------------------------------------------


def test_the_export_holds_what_the_list_shows_a_line_for_each_unit(desk: Client) -> None:
    full()
    queries: list[dict[str, Any]] = [
        {}, {"state": "open"}, {"late": "overdue"}, {"arm": "outreach"}, {"unit": "mine"}, {"sort": "-due"},
    ]  # fmt: skip
    for query in queries:
        page = text(desk, "campaign-tasks", campaign().pk, **query)
        shown = re.findall(r'<th scope="row" class="name"><a [^>]*>([^<]*)</a>', page)
        content = desk.get(reverse("campaign-tasks-export", args=[campaign().pk]), query).content
        rows = [row for row in load_workbook(io.BytesIO(content)).active.values if isinstance(row[0], int)]
        assert list(dict.fromkeys(row[2] for row in rows)) == shown, query
    entry = Entry.objects.filter(verb="list.exported").latest("seq")
    assert entry.subject == "route/campaign-tasks-export"


def test_chips_count_what_they_lead_to(desk: Client) -> None:
    full()
    page = text(desk, "campaign-tasks", campaign().pk)
    chips = re.findall(r'<li><a href="(\?[^"]*)"[^>]*>[^<]*<b>(\d+)</b>', page)
    assert len(chips) >= 6
    for query, n in chips:
        found = desk.get(reverse("campaign-tasks", args=[campaign().pk]) + unescape(query)).content.decode()
        total = re.search(r'class="total">(\d+)', found)
        assert total and total[1] == n, query


def test_pages_take_as_many_queries_for_many_tasks_as_for_few(desk: Client) -> None:
    made = full()
    urls = [
        reverse(f"campaign-{name}", args=[campaign().pk])
        for name in ("page", "tasks", "timeline", "tasks-export", "summary")
    ]
    urls += [reverse("campaign-list"), reverse("campaign-task", args=[made["open"].pk])]

    def spent(url: str) -> int:
        desk.get(url)
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(url).status_code == 200
        return len(captured)

    few = [spent(url) for url in urls]
    for n in range(4):
        task(f"另一项任务{n}", town(), bureau(), phase_id=campaign().phases.order_by("position")[0].pk)
        actions.progress(duty_id=duty(made["open"]).pk, says=f"进展{n}", by=town(), at=AT)
    assert [spent(url) for url in urls] == few


# --- a task and its forms --------------------------------------------------------------------------------------------


def test_the_whole_way_by_the_forms(desk: Client) -> None:
    owed = duty(task("开展宣传"))
    unit = sits(town())
    assert "报告完成" in text(unit, "campaign-task", owed.task_id)

    def send(client: Client, route: str, verb: str, expected: int = 302, **form: Any) -> str:
        response = client.post(reverse(route, args=[owed.pk, verb]), form)
        assert response.status_code == expected, response.content.decode()[:3000]
        return response.content.decode()

    send(unit, "campaign-work", "progress", says="过半")
    refused = send(unit, "campaign-work", "done", 422, says="都办完了，这句话不能丢")
    assert "都办完了，这句话不能丢" in refused
    send(unit, "campaign-work", "done", says="办完了", file=scan())
    assert "待审核" in text(desk, "campaign-task", owed.task_id)
    assert "原因" in send(desk, "campaign-check", "send_back", 422)
    send(desk, "campaign-check", "send_back", says="照片不清楚")
    assert "照片不清楚" in text(unit, "campaign-task", owed.task_id)
    send(unit, "campaign-work", "done", says="补了照片", file=scan("补.jpg"))
    send(desk, "campaign-check", "accept")
    assert "已办结" in text(unit, "campaign-task", owed.task_id)
    late = send(desk, "campaign-check", "accept", 409)
    assert "不能办理" in late
    assert Entry.objects.filter(verb="refused.campaign-check").count() == 1
    assert [one.verb for one in Progress.objects.filter(duty=owed).order_by("pk")] == [
        "progress", "done", "send_back", "done", "accept"
    ]  # fmt: skip


def test_papers_are_read_by_those_above_and_not_by_those_beside(desk: Client) -> None:
    owed = duty(task("共同任务", town(), town(OTHER)))
    sits(town()).post(reverse("campaign-work", args=[owed.pk, "done"]), {"says": "好了", "file": scan()})
    said = Progress.objects.get(verb="done")
    assert said.file
    url = reverse("campaign-file", args=[owed.task_id, said.file.token])
    assert desk.get(url).content.startswith(b"\xff\xd8\xff")
    assert sits(town(OTHER)).get(url).status_code == 404
    assert "好了" not in text(sits(town(OTHER)), "campaign-task", owed.task_id)
    assert Entry.objects.filter(verb="duty.paper_read").count() == 1


def test_whoever_may_not_is_told_before_anything_is_typed(desk: Client) -> None:
    owed = duty(task())
    assert "由责任单位的岗位办理" in text(desk, "campaign-work", owed.pk, "done")
    assert "不能办理" in text(desk, "campaign-check", owed.pk, "accept")
    text(desk, "campaign-check", owed.pk, "done", status=404)
    text(desk, "campaign-work", owed.pk, "accept", status=404)
    text(desk, "campaign-change", owed.task_id, "explode", status=404)
    text(sits(town()), "campaign-change", owed.task_id, "withdraw", status=404)


def test_the_office_changes_a_task(desk: Client) -> None:
    owed = task()

    def change(verb: str, **form: Any) -> None:
        assert desk.post(reverse("campaign-change", args=[owed.pk, verb]), form).status_code == 302

    change("owe", unit_id=bureau().unit_id)
    change("sort", arm="outreach")
    change("move", due_on="2026-12-04", says="大雪")
    assert "2026-11-28 → 2026-12-04：大雪" in text(sits(town()), "campaign-task", owed.pk)
    assert "由专项办调整，原定 2026-11-28" in text(desk, "campaign-task", owed.pk)
    change("withdraw", says="重复")
    assert "已撤销" in text(desk, "campaign-task", owed.pk)
    owed.refresh_from_db()
    assert (owed.arm, owed.due_on, owed.duties.count()) == ("outreach", date(2026, 12, 4), 2)


def test_a_task_by_hand_and_one_of_a_meeting(desk: Client) -> None:
    url = reverse("campaign-task-new", args=[campaign().pk])
    form = {"title": "临时任务", "lead": bureau().unit_id, "others": [town().unit_id], "due_on": "2026-12-04"}
    assert desk.post(url, form).status_code == 302
    made = Task.objects.get()
    assert [(one.unit_id, one.is_lead) for one in made.duties.order_by("pk")] == [
        (bureau().unit_id, True),
        (town().unit_id, False),
    ]
    meeting = {
        "title": "调度会",
        "held_on": str(DAY),
        "chair": "主任",
        "minutes": "一、抓紧。",
        "file": scan("纪要.jpg"),
    }
    assert desk.post(reverse("campaign-meeting-new", args=[campaign().pk]), meeting).status_code == 302
    held = Meeting.objects.get()
    sent = desk.post(f"{url}?meeting={held.pk}", {**form, "title": "会上定的"})
    assert sent["Location"] == reverse("campaign-meeting", args=[held.pk])
    assert "会上定的" in text(sits(town()), "campaign-meeting", held.pk)
    assert desk.get(reverse("campaign-meeting-file", args=[held.pk])).content.startswith(b"\xff\xd8\xff")
    assert "“调度会”议定" in text(desk, "campaign-task", held.tasks.get().pk)
    refused = desk.post(url, {**form, "due_on": "2026-11-01"})
    assert (
        refused.status_code == 409
        and "不能早于今天" in refused.content.decode()
        and "临时任务" in refused.content.decode()
    )


def test_gaps_are_handed_on_by_name_all_at_once(desk: Client) -> None:
    made = full()
    for one in ("late", "open"):
        Duty.objects.create(task=made[one], printed="规建环办")
    url = reverse("campaign-gaps", args=[campaign().pk])
    assert "规建环办" in text(desk, "campaign-gaps", campaign().pk)
    assert "改派这 2 项" in text(desk, "campaign-gaps", campaign().pk, name="规建环办")
    other = office.post("task_force", office.OTHER_TOWN)
    assert desk.post(f"{url}?name=规建环办", {"unit_id": other.unit_id, "says": "由该镇承担"}).status_code == 302
    assert Duty.objects.filter(unit=other.unit_id, printed="规建环办").count() == 2
    assert "每一项都有单位承担" in text(desk, "campaign-gaps", campaign().pk)
