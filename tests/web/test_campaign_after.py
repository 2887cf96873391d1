"""After and around a running campaign: the closing report, standing work, what waits for a unit and what it is told."""

from __future__ import annotations

import io
import re
from datetime import date, datetime, timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document

from shouhu.figures.news import n_news, news
from shouhu.ledgers.campaigns import actions
from shouhu.ledgers.campaigns.mechanisms import mechanisms
from shouhu.ledgers.campaigns.models import Task
from shouhu.ledgers.journal.models import Entry
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.scope import Scope
from shouhu.web.notices import KINDS
from shouhu.web.work import waiting
from tests import office
from tests.ledgers.campaigns.board import AT, DAY, bureau, campaign, chief, done, duty, task, town
from tests.web.test_campaign import EARLY, OTHER, full, sits, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shouhu.web.access.now", lambda: AT)


@pytest.fixture
def desk() -> Client:
    campaign()
    return sits(chief())


# --- the report and what comes after ---------------------------------------------------------------------------------


def test_every_number_of_the_report_is_that_of_the_list_it_opens(desk: Client) -> None:
    full()
    office.institution()
    page = text(desk, "campaign-summary", campaign().pk)
    links = re.findall(
        r'<a href="(/campaign/\d+/tasks/[^"]*|/tip/[^"]*|/clearance/[^"]*|/disposal/[^"]*)">([\d,]+)</a>', page
    )
    assert len(links) > 12
    for url, n in links:
        found = desk.get(unescape(url)).content.decode()
        total = re.search(r'class="total">([\d,]+)', found)
        assert (total[1] if total else "0") == n or "没有" in found, url
    for absent in ("系统中没有摸排轮次", "系统中没有评级", "没有登记需要清退的预付费", "以来没有收到线索"):
        assert absent in page


def test_the_report_as_word_says_the_same(desk: Client) -> None:
    full()
    answer = desk.get(reverse("campaign-summary-export", args=[campaign().pk]))
    document = Document(io.BytesIO(answer.content))
    said = "".join(one.text for one in document.paragraphs)
    assert "打击整治养老服务诈骗专项行动总结（初稿）" in said.replace("\n", "")
    assert "应完成任务 4 项，已办结 1 项，办结率 25%；逾期未完成 1 项" in said
    table = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert table[0][0] == "类别和单位" and ["整治", "1", "0", "0%", "1", "0"] in table
    assert Entry.objects.latest("seq").verb == "summary.exported"


def test_against_telecom_fraud_what_no_ledger_holds_is_said(desk: Client) -> None:
    other = campaign("防范电信网络诈骗专项行动", ruleset_id="", domain="telecom_fraud")
    page = text(desk, "campaign-summary", other.pk)
    assert "本系统没有电信网络诈骗发案、破案和损失的台账" in page and "摸排和评级" not in page


def test_standing_work_begins_on_one_page_once_the_campaign_is_over(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "结束以后再转入" in text(desk, "campaign-standing", campaign().pk)
    monkeypatch.setattr("shouhu.web.access.now", lambda: AT + timedelta(80))
    over = office.sit(Client(), chief())
    session = over.session
    session.update({"seen": (AT + timedelta(80)).timestamp(), "began": (AT + timedelta(80)).timestamp()})
    session.save()
    assert "转入长效机制" in text(over, "campaign-page", campaign().pk)
    form = {f"lead_{name}": chief().unit_id for name in mechanisms()}
    assert over.post(reverse("campaign-standing", args=[campaign().pk]), form).status_code == 302
    assert "已转入长效机制" in text(over, "campaign-page", campaign().pk)
    assert Task.objects.filter(campaign=campaign()).exclude(mechanism="").count() == 6


# --- what waits, and what is told ------------------------------------------------------------------------------------


def told(post: Post, since: datetime, at: datetime) -> list[str]:
    """This function will give the kinds of news of a post, and see that they are counted alike."""
    found = news(Scope.of(post), since, at)
    assert n_news(Scope.of(post), since, at) == len(found)
    assert {one.kind for one in found} <= set(KINDS)
    return [one.kind for one in found]


def test_a_new_task_waits_for_the_unit_and_rings_its_bell() -> None:
    made = task()
    items = [one for one in waiting(Scope.of(town()), DAY) if one.room == "campaign"]
    assert [(one.where, one.due_on, one.left) for one in items] == [(made.title, date(2026, 11, 28), 7)]
    assert told(town(), AT - timedelta(1), AT) == ["duty.given"]
    assert told(chief(), AT - timedelta(1), AT) == [] and told(town(OTHER), AT - timedelta(1), AT) == []


def test_each_step_is_told_to_whom_it_concerns() -> None:
    owed, hour = duty(task(at=EARLY)), timedelta(hours=1)
    done(owed, town())
    assert told(chief(), AT - hour, AT) == ["duty.done"]
    assert [one.what for one in waiting(Scope.of(chief()), DAY) if one.room == "campaign"] == ["审核完成情况"]
    actions.send_back(duty_id=owed.pk, says="不清楚", by=chief(), at=AT + hour)
    assert told(town(), AT, AT + hour) == ["duty.returned"]
    assert [one.is_returned for one in waiting(Scope.of(town()), DAY) if one.room == "campaign"] == [True]
    actions.move(task_id=owed.task_id, due_on=date(2026, 12, 30), says="x", by=chief(), at=AT + 2 * hour)
    assert told(town(), AT + hour, AT + 2 * hour) == ["duty.moved"]
    actions.reassign(duty_ids=[owed.pk], unit_id=bureau().unit_id, says="x", by=chief(), at=AT + 3 * hour)
    assert told(bureau(), AT + 2 * hour, AT + 3 * hour) == ["duty.handed"]
    assert told(town(), AT - hour, AT + 3 * hour) == []


def test_days_remind_three_worked_days_before_on_the_day_and_after() -> None:
    task(at=EARLY, due_on=date(2026, 11, 30))  # a Monday

    def on(day: int) -> list[str]:
        morning = datetime(2026, 11, day, tzinfo=AT.tzinfo) - timedelta(hours=8) + timedelta(minutes=1)
        return [one for one in told(town(), morning - timedelta(days=1), morning) if one.startswith("duty")]

    found = {day: on(day) for day in range(20, 31) if on(day)}
    assert found == {25: ["duty.ending"], 30: ["duty.due"]}
    december = datetime(2026, 12, 1, 1, tzinfo=AT.tzinfo)
    assert "duty.overdue" in told(town(), december - timedelta(days=1), december)


def test_phases_are_told_before_they_end_and_when_they_begin() -> None:
    campaign()  # 宣传发动 to Saturday 2026-10-31, 打击整治 from Sunday 2026-11-01

    def on(day: date) -> list[str]:
        morning = datetime(day.year, day.month, day.day, 1, tzinfo=AT.tzinfo)
        return told(town(), morning - timedelta(days=1), morning)

    assert on(date(2026, 10, 26)) == ["phase.ending"] and on(date(2026, 11, 1)) == ["phase.begun"]
    assert on(date(2026, 10, 27)) == []
