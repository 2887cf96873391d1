"""Tasks and what units owe of them: the way of a duty as the table says, who may what, lateness, what a scope sees."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouhu.engines.periods.calendar import Calendar
from shouhu.engines.periods.deadlines import overdue
from shouhu.ledgers.campaigns import actions, arms, queries, workflow
from shouhu.ledgers.campaigns.counting import reminded_on
from shouhu.ledgers.campaigns.models import ARMS, Campaign, Duty, Phase, Progress, Task
from shouhu.ledgers.campaigns.queries import Filters
from shouhu.ledgers.journal.models import Entry
from shouhu.ledgers.units import actions as units
from shouhu.ledgers.units.models import Post, Tenure, Unit
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
    paper,
    scope,
    task,
    town,
)

pytestmark = pytest.mark.django_db
OTHER = office.OTHER_TOWN


def act(verb: str, of: Duty, by: Post, **more: Any) -> Duty:
    """This function will take a step about a duty with sensible arguments."""
    said: dict[str, Any] = {"says": "说明", "by": by, "at": AT, **more}
    if verb == "reassign":
        return actions.reassign(duty_ids=[of.pk], unit_id=town(OTHER).unit_id, **said)[0]
    if verb in ("progress", "done"):
        said.setdefault("file", paper(by))
    made: Duty = getattr(actions, verb)(duty_id=of.pk, **said)
    return made


def at_state(state: str) -> Duty:
    """This function will give a duty of the town in a state."""
    owed = duty(task())
    if state != "open":
        done(owed, town())
    if state == "accepted":
        actions.accept(duty_id=owed.pk, by=chief(), at=AT)
    return Duty.objects.get(pk=owed.pk)


STEPS = [one for one in workflow.transitions().values() if one.of == "duty" and one.verb != "owe"]


@pytest.mark.parametrize("state", workflow.states())
@pytest.mark.parametrize("step", STEPS, ids=lambda one: one.verb)
def test_a_duty_goes_the_way_of_the_table_and_no_other(state: str, step: workflow.Transition) -> None:
    owed, by = at_state(state), town() if step.holder else chief()
    if state in step.states:
        assert act(step.verb, owed, by).state == (step.to or state)
        said = Progress.objects.filter(duty=owed).latest("pk")
        assert (said.verb, said.said_by, said.task_id) == (step.verb, by, owed.task_id)
        assert Entry.objects.latest("seq").verb == f"duty.{step.verb}"
    else:
        n = Progress.objects.count()
        with pytest.raises(workflow.NotNow, match=workflow.states()[state]):
            act(step.verb, owed, by)
        assert Progress.objects.count() == n


@pytest.mark.parametrize("step", STEPS, ids=lambda one: one.verb)
def test_only_whose_work_it_is_takes_a_step(step: workflow.Transition) -> None:
    owed = at_state(step.states[0])
    strangers = (
        [bureau(), town(OTHER)] if step.holder else [town(), bureau(), office.post("campaign_office", office.TOWN)]
    )
    for by in [*strangers, office.post("leader", office.COUNTY)]:
        assert workflow.hindrance(owed, step.verb, by, DAY)
        with pytest.raises(workflow.NotNow):
            act(step.verb, owed, by)


def test_who_reported_accepts_nothing_nor_sends_it_back() -> None:
    owed = duty(task("起草通报", chief()), chief())
    done(owed, chief())
    for verb in ("accept", "send_back"):
        with pytest.raises(workflow.NotNow, match="须由另一人办理"):
            act(verb, owed, chief())
    assert act("accept", owed, deputy()).accepted_by == deputy()


def test_done_needs_words_and_a_paper_and_to_send_back_a_reason() -> None:
    owed = duty(task())
    with pytest.raises(actions.Incomplete, match="佐证材料"):
        actions.done(duty_id=owed.pk, says="完成", file=None, by=town(), at=AT)
    with pytest.raises(actions.Incomplete, match="完成情况"):
        actions.done(duty_id=owed.pk, says=" ", file=paper(), by=town(), at=AT)
    done(owed, town())
    with pytest.raises(actions.Incomplete, match="原因"):
        actions.send_back(duty_id=owed.pk, says="", by=chief(), at=AT)


def test_what_came_back_is_told_as_such_until_it_is_done_again_or_goes_elsewhere() -> None:
    owed = duty(task())
    done(owed, town())
    act("send_back", owed, chief())
    assert [one.was for one in queries.owed_by(scope(town()))] == ["send_back"]  # type: ignore[attr-defined]
    act("reassign", owed, chief())
    assert not queries.owed_by(scope(town())).exists()
    assert [one.was for one in queries.owed_by(scope(town(OTHER)))] == ["reassign"]  # type: ignore[attr-defined]


def test_open_duties_of_a_closed_unit_are_a_gap_until_they_are_reassigned() -> None:
    office.divisions()
    gone = units.add_unit(code=office.TOWN, name="清河镇旧专班", kind="task_force", by=None, at=AT)
    seat = units.add_post(unit_id=gone.pk, title="岗", role="task_force", by=None, at=AT)
    owed = actions.add_task(campaign_id=campaign().pk, title="开展宣传", unit_ids=[gone.pk], by=chief(), at=AT)
    Post.objects.filter(pk=seat.pk).update(closed_on=DAY)
    Unit.objects.filter(pk=gone.pk).update(closed_on=DAY)
    assert [(one.name, one.is_closed, len(one.duties)) for one in queries.unborne(campaign(), DAY)] == [
        ("清河镇旧专班", True, 1)
    ]
    assert list(queries.narrowed(scope(chief()), campaign(), Filters(state="unowned"), DAY)) == [owed]
    actions.reassign(duty_ids=[owed.duties.get().pk], unit_id=town().unit_id, says="机构改革", by=chief(), at=AT)
    assert queries.unborne(campaign(), DAY) == []
    assert Progress.objects.latest("pk").says == "清河镇旧专班 → 清河镇task_force：机构改革"


def test_a_printed_name_that_nobody_bears_is_a_gap_that_a_unit_fills() -> None:
    made = task()
    named = Duty.objects.create(task=made, printed="规建环办")
    assert queries.gaps(campaign(), DAY)["bears"] == 1
    assert queries.state_of([named]) == "unowned"
    actions.reassign(duty_ids=[named.pk], unit_id=bureau().unit_id, says="职责由该局承担", by=chief(), at=AT)
    assert queries.gaps(campaign(), DAY)["bears"] == 0
    assert Duty.objects.get(pk=named.pk).printed == "规建环办"


def test_people_change_and_the_unit_still_owes() -> None:
    made = task()
    Tenure.objects.filter(post=town()).update(to_on=DAY)
    colleague = Post.objects.create(code="NEW", title="新岗", role="task_force", unit=town().unit)
    assert [one.task for one in queries.owed_by(scope(colleague))] == [made]


@pytest.mark.parametrize(
    ("fault", "given"),
    [("任务", {"title": " "}), ("责任单位", {"unit_ids": []}), ("今天", {"due_on": DAY - timedelta(1)})],
)
def test_a_task_by_hand_says_what_it_lacks(fault: str, given: dict[str, Any]) -> None:
    whole: dict[str, Any] = {"title": "任务", "unit_ids": [town().unit_id], **given}
    with pytest.raises(actions.Incomplete, match=fault):
        actions.add_task(campaign_id=campaign().pk, **whole, by=chief(), at=AT)


def test_units_that_cannot_report_owe_nothing() -> None:
    office.divisions()
    empty = units.add_unit(code=office.TOWN, name="清河镇空单位", kind="other", by=None, at=AT)
    far = Unit.objects.create(code="990103000000", name="邻区单位", kind="other")
    owed = task()
    for unit, said in ((empty, "没有能报告进展的岗位"), (far, "范围内"), (town().unit, "已经是")):
        with pytest.raises(actions.NotFit, match=said):
            actions.owe(task_id=owed.pk, unit_id=unit.pk, by=chief(), at=AT)
    assert {one.pk for one in queries.able(campaign(), DAY)} >= {town().unit_id, chief().unit_id}
    assert not {empty.pk, far.pk} & {one.pk for one in queries.able(campaign(), DAY)}


def test_another_day_needs_a_reason_and_says_how_it_came_about() -> None:
    owed = task()
    with pytest.raises(actions.Incomplete, match="原因"):
        actions.move(task_id=owed.pk, due_on=date(2026, 12, 4), says="", by=chief(), at=AT)
    with pytest.raises(actions.Incomplete, match="本来就是"):
        actions.move(task_id=owed.pk, due_on=date(2026, 11, 28), says="x", by=chief(), at=AT)
    moved = actions.move(task_id=owed.pk, due_on=date(2026, 12, 4), says="大雪封路", by=chief(), at=AT)
    assert moved.due_how == "2026-11-18 由专项办调整，原定 2026-11-28"
    assert Progress.objects.latest("pk").says == "2026-11-28 → 2026-12-04：大雪封路"


def test_a_withdrawn_task_is_owed_no_more_and_keeps_its_trail() -> None:
    owed = task()
    actions.progress(duty_id=duty(owed).pk, says="过半", by=town(), at=AT)
    actions.withdraw(task_id=owed.pk, says="与另一项重复", by=chief(), at=AT)
    assert not queries.owed_by(scope(town())).exists()
    assert not queries.narrowed(scope(chief()), campaign(), Filters(), DAY).exists()
    assert queries.narrowed(scope(chief()), campaign(), Filters(state="withdrawn"), DAY).get() == owed
    with pytest.raises(workflow.NotNow, match="已撤销"):
        done(duty(owed), town())
    assert [one.verb for one in queries.trail(scope(chief()), owed)] == ["withdraw", "progress", "add"]


def test_only_the_office_of_the_campaign_directs_its_tasks() -> None:
    owed = task()
    for by in (town(), bureau(), office.post("campaign_office", office.TOWN)):
        for said in (
            lambda by=by: actions.move(task_id=owed.pk, due_on=date(2026, 12, 4), says="x", by=by, at=AT),
            lambda by=by: actions.withdraw(task_id=owed.pk, says="x", by=by, at=AT),
            lambda by=by: actions.sort(task_id=owed.pk, arm="outreach", by=by, at=AT),
            lambda by=by: actions.owe(task_id=owed.pk, unit_id=bureau().unit_id, by=by, at=AT),
            lambda by=by: actions.add_task(campaign_id=campaign().pk, title="x", unit_ids=[by.unit_id], by=by, at=AT),
        ):
            with pytest.raises(workflow.NotNow):
                said()


# --- what is counted and listed --------------------------------------------------------------------------------------


def test_lateness_counts_worked_days_and_tells_serious_apart() -> None:
    # 2026-11-18 is a Wednesday: from Tuesday the 10th six worked days have begun, from Friday the 13th three.
    early = datetime(2026, 11, 2, 2, tzinfo=AT.tzinfo)
    serious = task("甲", due_on=date(2026, 11, 10), at=early)
    late = task("乙", due_on=date(2026, 11, 13), at=early)
    task("丙", due_on=DAY, at=early)
    done(duty(task("丁", due_on=date(2026, 11, 10), at=early)), town())
    listed = queries.narrowed(scope(chief()), campaign(), Filters(late="overdue"), DAY)
    assert set(listed) == {serious, late}
    assert queries.narrowed(scope(chief()), campaign(), Filters(late="serious"), DAY).get() == serious
    found = queries.overview(scope(chief()), campaign(), DAY, queries.calendar())
    assert (found.total.n, found.total.n_late, found.total.n_serious, found.total.n_done) == (4, 2, 1, 1)
    assert found.total.n_finished_late == 1 and [one.task for one in found.late] == [serious, late]


def test_filters() -> None:
    first, second = Phase.objects.filter(campaign=campaign()).order_by("position")
    one = task("张贴海报开展宣传", town(), bureau(), phase_id=first.pk)
    other = task("约谈整改隐患", town(OTHER), phase_id=second.pk, text="逐家约谈")
    actions.accept(duty_id=done(duty(other, town(OTHER)), town(OTHER)).pk, by=chief(), at=AT)
    wanted = {
        Filters(): [one, other], Filters(text="约谈"): [other], Filters(phase=first.pk): [one],
        Filters(arm="outreach"): [one], Filters(arm="regulation"): [other], Filters(unit=bureau().unit_id): [one],
        Filters(state="open"): [one], Filters(state="accepted"): [other], Filters(state="done"): [],
        Filters(state="open", unit=town(OTHER).unit_id): [], Filters(sort="-due"): [one, other],
    }  # fmt: skip
    for filters, tasks in wanted.items():
        assert list(queries.listed(scope(chief()), campaign(), filters, DAY)) == tasks, filters
    assert queries.counts(scope(town()), campaign(), DAY)["mine"] == 1


def test_the_state_of_a_task_is_that_of_whoever_is_furthest_behind() -> None:
    owed = task("共同任务", town(), bureau())

    def state() -> str:
        return queries.state_of(Duty.objects.filter(task=owed))

    assert state() == "open"
    done(duty(owed), town())
    assert state() == "open"
    done(duty(owed, bureau()), bureau())
    assert state() == "done"
    for by in (town(), bureau()):
        actions.accept(duty_id=duty(owed, by).pk, by=chief(), at=AT)
    assert state() == "accepted"


def test_what_units_beside_one_owe_is_theirs() -> None:
    owed = task("各镇街排查", town(), town(OTHER), bureau())
    for by in (town(), town(OTHER), bureau()):
        actions.progress(duty_id=duty(owed, by).pk, says=f"进展：{by.unit.name}", by=by, at=AT)

    def seen(by: Post) -> tuple[set[str], set[str]]:
        shown = queries.duties(scope(by)).filter(task=owed)
        return {one.unit.code for one in shown if one.unit}, {one.says for one in queries.trail(scope(by), owed)}

    codes, told = seen(town())
    assert codes == {office.TOWN, office.COUNTY} and told == {"", f"进展：{town().unit.name}"}
    codes, told = seen(chief())
    assert len(codes) == 3 and len(told) == 4
    assert queries.duty(scope(town()), duty(owed, town(OTHER)).pk) is None
    elsewhere = Campaign.objects.create(title="邻区", code="990103000000", starts_on=DAY, ends_on=DAY)
    assert queries.campaign(scope(town()), elsewhere.pk) is None
    assert queries.campaign(scope(town()), campaign().pk) == campaign()


# --- arms and reminders ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "text", "arm"),
    [
        ("张贴宣传海报", "", "outreach"), ("依法打击养老诈骗犯罪", "", "crackdown"), ("摸底排查", "", "regulation"),
        ("加强组织领导", "", ""), ("第三步", "深入社区宣传，发放告知书，并约谈一家机构", "outreach"),
        ("线索核查", "公安机关立案侦办", "regulation"),
    ],
)  # fmt: skip
def test_an_arm_is_proposed_from_the_title_else_from_the_text(title: str, text: str, arm: str) -> None:
    assert arms.proposed(title, text) == arm


def test_a_proposed_arm_can_be_changed() -> None:
    owed = task("摸底排查")
    assert owed.arm == "regulation"
    assert actions.sort(task_id=owed.pk, arm="crackdown", by=chief(), at=AT).arm == "crackdown"
    with pytest.raises(actions.Incomplete):
        actions.sort(task_id=owed.pk, arm="", by=chief(), at=AT)
    assert set(ARMS) == {"outreach", "crackdown", "regulation"}


@given(due_on=st.dates(date(2025, 1, 10), date(2026, 12, 31)), n=st.integers(1, 8))
def test_reminders_lie_so_many_worked_days_before(due_on: date, n: int) -> None:
    calendar = Calendar.shipped()
    reminded = reminded_on(due_on, n, calendar)
    assert calendar.is_worked(reminded) and reminded < due_on
    assert overdue(reminded, due_on - timedelta(1), calendar) == n - 1


def test_tasks_number_on() -> None:
    assert [task(title).position for title in "甲乙丙"] == [1, 2, 3]
    assert Task.objects.count() == 3
