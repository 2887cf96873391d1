"""Deadlines of measures: 调休 moves open ones and says so, pauses and extensions need two, overdue and seriously overdue differ."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from shouhu.engines.periods.calendar import Calendar
from shouhu.engines.periods.deadlines import overdue, seriously_overdue
from shouhu.ledgers.campaigns.actions import DayRefused
from shouhu.ledgers.campaigns.models import CalendarDay
from shouhu.ledgers.clearances.models import Clearance
from shouhu.ledgers.disposals import actions, queries
from shouhu.ledgers.disposals.actions.applications import AskRefused
from shouhu.ledgers.disposals.counting import late_before, left, serious_before
from shouhu.ledgers.disposals.models import Task
from shouhu.ledgers.ratings import actions as ratings
from shouhu.ledgers.units.refusals import Refused
from tests import office
from tests.ledgers.disposals.work import AT, DAY, chief, finish, opened, refund, second, task_of, town

pytestmark = pytest.mark.django_db
FRIDAY, MONDAY = date(2026, 11, 20), date(2026, 11, 23)


def test_a_change_of_the_calendar_moves_open_deadlines_and_says_so() -> None:
    disposal = opened("orange")
    finish(task_of(disposal, "R-notify"))
    before = {task.measure: task.due_on for task in queries.tasks_of(disposal)}
    assert before["R-talk"] == date(2026, 11, 25)
    foreseen = queries.preview(FRIDAY, is_worked=False)
    assert {task.measure: task.due_on for task in queries.tasks_of(disposal)} == before  # asking changes nothing
    moved = actions.set_day(on=FRIDAY, is_worked=False, note="区运动会", by=chief(), at=AT)
    assert moved == foreseen and {one.says for one in moved} == {
        task.says for task in queries.tasks_of(disposal) if task.measure != "R-notify"
    }
    after = {task.measure: task.due_on for task in queries.tasks_of(disposal)}
    assert after["R-talk"] == date(2026, 11, 26) and after["R-notify"] == before["R-notify"]
    talk = task_of(disposal, "R-talk")
    assert "跳过11月20日至22日本地放假" in talk.due_how
    assert (
        talk.steps.get(verb="recomputed").note == "2026-11-20 改为放假（区运动会），时限由 2026-11-25 变为 2026-11-26"
    )
    assert len(actions.clear_day(on=FRIDAY, by=chief(), at=AT)) == len(moved)
    assert {task.measure: task.due_on for task in queries.tasks_of(disposal)} == before
    assert not CalendarDay.objects.exists()


def test_a_day_set_apart_moves_sites_and_objections_too_and_each_says_why() -> None:
    site = office.institution("无证点", registered="未登记")
    actions.settle(institution_ids=[site.pk], by=chief(), at=AT)
    Task.objects.all().update(dropped_at=AT, dropped_by=chief())
    contested = ratings.file_objection(institution_id=site.pk, fact="", says="已登记", by=town(), at=AT)
    foreseen = queries.preview(FRIDAY, is_worked=False)
    moved = actions.set_day(on=FRIDAY, is_worked=False, note="区运动会", by=chief(), at=AT)
    assert moved == foreseen
    assert {one.says: (one.before, one.after) for one in moved} == {
        "清零行动：指定包干人": (date(2026, 11, 23), date(2026, 11, 24)),
        "答复异议": (date(2026, 12, 9), date(2026, 12, 10)),
    }
    clearance = Clearance.objects.get()
    contested.refresh_from_db()
    why = "2026-11-20 改为放假（区运动会）"
    assert clearance.steps.get(verb="recount").says == f"{why}，期限由 2026-11-23 变为 2026-11-24"
    assert contested.due_moved == f"{why}，答复期限由 2026-12-09 变为 2026-12-10"
    assert len(actions.clear_day(on=FRIDAY, by=chief(), at=AT)) == 2
    contested.refresh_from_db()
    assert contested.due_on == date(2026, 12, 9) and len(contested.due_moved.splitlines()) == 2


@pytest.mark.parametrize(("on", "is_worked", "note", "why"), [
    (FRIDAY, True, "x", "本来就上班"), (FRIDAY, False, " ", "请写明依据"), (date(2026, 11, 21), False, "x", "本来就不上班"),
])  # fmt: skip
def test_days_that_cannot_be_set(on: date, is_worked: bool, note: str, why: str) -> None:
    with pytest.raises(DayRefused, match=why):
        actions.set_day(on=on, is_worked=is_worked, note=note, by=chief(), at=AT)


def test_only_who_may_sets_days() -> None:
    with pytest.raises(DayRefused, match="您的岗位不能"):
        actions.set_day(on=FRIDAY, is_worked=False, note="x", by=town(), at=AT)
    with pytest.raises(DayRefused, match="没有调整过"):
        actions.clear_day(on=FRIDAY, by=chief(), at=AT)


def test_recounting_many_takes_constant_queries() -> None:
    def count(n: int) -> int:
        for k in range(n):
            opened("yellow", name=f"第{n}-{k}养老院")
        with CaptureQueriesContext(connection) as seen:
            queries.preview(FRIDAY, is_worked=False)
        return len(seen)

    assert count(1) == count(8)


def test_a_pause_stops_the_clock_and_an_extension_lengthens_it() -> None:
    disposal = opened("orange")
    task = task_of(disposal, "R-talk")
    asked = actions.ask(
        task_id=task.pk, kind="pause", reason="负责人住院", from_on=FRIDAY, until_on=MONDAY, by=town(), at=AT
    )
    with pytest.raises(AskRefused, match="已有一项申请"), transaction.atomic():
        actions.ask(task_id=task.pk, kind="waiver", reason="x", by=town(), at=AT)
    assert task_of(disposal, "R-talk").due_on == date(2026, 11, 25)  # nothing before somebody approves
    actions.record_talk(task_id=task.pk, held_on=DAY, place="x", present="x", summary="x", by=town(), at=AT)
    with pytest.raises(Refused, match="正待审批"), transaction.atomic():
        actions.do_task(task_id=task.pk, result="x", by=town(), at=AT)
    actions.approve(application_id=asked.pk, by=second(), at=AT)
    task.refresh_from_db()
    assert task.due_on == date(2026, 11, 27) and any("中止计算" in one for one in task.due_how)
    more = actions.ask(task_id=task.pk, kind="extension", reason="人数多", n_days=2, by=town(), at=AT)
    actions.approve(application_id=more.pk, by=second(), at=AT)
    task.refresh_from_db()
    assert task.due_on == date(2026, 12, 1) and task.due_how[0] == "原定5个工作日，经批准延长2个工作日"
    no = actions.ask(task_id=task.pk, kind="extension", reason="再延", n_days=5, by=town(), at=AT)
    actions.refuse(application_id=no.pk, why="已延过", by=second(), at=AT)
    assert task_of(disposal, "R-talk").due_on == date(2026, 12, 1)


def test_what_cannot_be_asked() -> None:
    task = task_of(opened("orange"), "R-talk")
    for given, why in (
        ({"kind": "pause", "from_on": MONDAY, "until_on": FRIDAY}, "止日不早于起日"),
        ({"kind": "pause", "from_on": DAY, "until_on": FRIDAY}, "中止须从"),
        ({"kind": "pause", "from_on": FRIDAY, "until_on": FRIDAY + timedelta(999)}, "不能超过一年"),
        ({"kind": "extension", "n_days": 6}, "延长天数须在 1 至 5 个工作日之间"),
        ({"kind": "extension", "n_days": None}, "延长天数"),
    ):
        with pytest.raises(AskRefused, match=why):
            actions.ask(task_id=task.pk, reason="x", by=town(), at=AT, **given)
    with pytest.raises(AskRefused, match="逾期后不能再中止或延期"):
        actions.ask(task_id=task.pk, kind="extension", n_days=1, reason="x", by=town(), at=AT + timedelta(days=9))


def test_the_boundaries_in_sql_are_those_of_the_engine() -> None:
    calendar = Calendar.shipped()
    for n in range(60):
        today = date(2026, 9, 15) + timedelta(n)  # 中秋节, 国庆节, two Saturdays worked
        for k in range(-3, 25):
            due_on = today - timedelta(k)
            assert (due_on < late_before(today, calendar)) == (overdue(due_on, today, calendar) > 0)
            assert (due_on < serious_before(today, calendar)) == seriously_overdue(due_on, today, calendar)
    assert (left(MONDAY, FRIDAY, calendar), left(MONDAY, MONDAY, calendar), left(FRIDAY, MONDAY, calendar)) == (
        1,
        0,
        -1,
    )


@pytest.mark.parametrize(("today", "late", "serious"), [
    (date(2026, 11, 25), 0, 0), (date(2026, 11, 26), 1, 0), (date(2026, 12, 2), 1, 0), (date(2026, 12, 3), 1, 1),
])  # fmt: skip
def test_lists_work_and_progress_agree_on_overdue_and_seriously_overdue(today: date, late: int, serious: int) -> None:
    disposal = opened("orange")
    actions.take(disposal_ids=[disposal.pk], post=town(), by=chief(), at=AT)
    Task.objects.filter(disposal=disposal).exclude(measure="R-talk").update(dropped_at=AT, dropped_by=chief())
    scope = office.scope("task_force", office.TOWN)
    found = [queries.listed(scope, queries.Filters(late=one), today).count() for one in ("overdue", "serious")]
    assert found == [late, serious]
    (work,) = [one for one in queries.due_for(scope, today) if one.kind == "do"]
    assert (work.left is not None and work.left < 0, work.seriously) == (bool(late), bool(serious))
    (colour,) = queries.progress(scope, today)
    (place,) = queries.progress(scope, today, by="town")
    assert (colour.key, colour.n_overdue, colour.n_serious) == ("orange", late, serious)
    assert (place.key, place.n_open, place.n_tasks) == (office.TOWN, 1, 1)
    assert queries.lateness(queries.listed(scope, queries.Filters(), today), today)[disposal.pk] == work.left


def test_lists_and_work_take_constant_queries() -> None:
    def count(n: int) -> int:
        for k in range(n):
            made = opened("orange", name=f"第{n}-{k}养老院")
            refund(made, "owed", 100, town())
        with CaptureQueriesContext(connection) as seen:
            rows = list(queries.listed(office.scope(), queries.Filters(late="", text="养老院"), DAY))
            assert all(vars(row)["owed_fen"] == 100 and row.handler is None and row.institution.name for row in rows)
            queries.lateness(rows, DAY)
            queries.due_for(office.scope(), DAY)
            queries.progress(office.scope(), DAY, by="town")
        return len(seen)

    assert count(1) == count(6)


def test_the_work_list_tells_everybody_what_waits_for_them() -> None:
    disposal = opened("orange")
    assert [one.kind for one in queries.due_for(office.scope(), DAY)] == ["take"]
    actions.take(disposal_ids=[disposal.pk], post=town(), by=chief(), at=AT)
    first = queries.due_for(office.scope("task_force", office.TOWN), DAY)
    assert first[0].what == "及时向属地人民政府和政法部门通报线索"
    police = office.post("member_unit")
    actions.assign(task_id=task_of(disposal, "R-talk").pk, post=police, by=chief(), at=AT)
    assert [one.what for one in queries.due_for(office.scope("member_unit"), DAY)] == ["警示约谈主要负责人"]
    actions.ask(task_id=task_of(disposal, "R-rectify").pk, kind="waiver", reason="x", by=town(), at=AT)
    assert "审批不采取该措施：责令整改" in [one.what for one in queries.due_for(office.scope(), DAY)]
