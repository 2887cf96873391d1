"""The table of transitions holds: every act in every state, by every role, is allowed or refused as it says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from shouhu.ledgers.disposals import actions, queries
from shouhu.ledgers.disposals.actions.records import NoPower, RecordRefused
from shouhu.ledgers.disposals.actions.tasks import Unproved
from shouhu.ledgers.disposals.actions.trail import NotFound, SecondPerson
from shouhu.ledgers.disposals.models import Disposal, Evidence, Task
from shouhu.ledgers.disposals.workflow import NotNow, label, open_to, state_of, transitions
from shouhu.ledgers.journal import queries as journal
from shouhu.ledgers.units.models import Unit
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.units.rights import rights, roles
from tests import office
from tests.ledgers.disposals.work import AT, DAY, chief, finish, opened, paper, prove, refund, second, task_of, town

pytestmark = pytest.mark.django_db

STATES = """
    state    | acts on a measure
    open     | assign add_evidence record_talk issue_order refer receive_receipt receive_result do_task ask
    returned | assign add_evidence record_talk issue_order refer receive_receipt receive_result do_task ask
    done     | add_evidence receive_receipt receive_result review_task return_task
    reviewed | receive_result
    waived   |
    dropped  |
"""


def put(task: Task, state: str) -> Task:
    """This function will bring a measure into a state."""
    if state == "waived":
        asked = actions.ask(task_id=task.pk, kind="waiver", reason="情形不存在", by=town(), at=AT)
        actions.approve(application_id=asked.pk, by=second(), at=AT)
    elif state == "dropped":
        Task.objects.filter(pk=task.pk).update(dropped_at=AT, dropped_by=chief(), dropped_why="等级变化")
    elif state != "open":
        prove(task, town())
        actions.do_task(task_id=task.pk, result="已约谈", by=town(), at=AT)
        if state == "returned":
            actions.return_task(task_id=task.pk, why="缺签字", by=chief(), at=AT)
        if state == "reviewed":
            actions.review_task(task_id=task.pk, by=chief(), at=AT)
    task.refresh_from_db()
    return task


def test_the_table_of_acts_by_state() -> None:
    for line in STATES.strip().splitlines()[1:]:
        state, acts = (part.strip() for part in line.split("|"))
        assert [
            one.verb for one in transitions().values() if one.subject == "task" and state in one.states
        ] == acts.split()


def test_every_right_of_the_table_is_declared_and_every_verb_is_an_action() -> None:
    assert {one.right for one in transitions().values()} <= {*rights(), ""}
    assert set(transitions()) <= set(actions.__all__)


@pytest.mark.parametrize("state", ["open", "returned", "done", "reviewed", "waived", "dropped"])
def test_every_other_act_is_refused(state: str) -> None:
    task = put(task_of(opened("orange"), "R-talk"), state)
    assert state_of(task) == state
    allowed = {one.verb for one in open_to(task, chief())}
    calls: dict[str, Callable[[], Any]] = {
        "add_evidence": lambda: actions.add_evidence(task_id=task.pk, effective_on=DAY, note="x", by=chief(), at=AT),
        "do_task": lambda: actions.do_task(task_id=task.pk, result="x", by=chief(), at=AT),
        "review_task": lambda: actions.review_task(task_id=task.pk, by=chief(), at=AT),
        "return_task": lambda: actions.return_task(task_id=task.pk, why="x", by=chief(), at=AT),
        "refer": lambda: actions.refer(task_id=task.pk, receiver="x", sent_on=DAY, by=chief(), at=AT),
        "ask": lambda: actions.ask(task_id=task.pk, kind="waiver", reason="x", by=chief(), at=AT),
        "assign": lambda: actions.assign(task_id=task.pk, post=town(), by=chief(), at=AT),
    }
    for verb, call in calls.items():
        if verb not in allowed:
            with pytest.raises(NotNow, match=f"现在的状态是“{label(task)}”"), transaction.atomic():
                call()


@pytest.mark.parametrize("role", [role for role in roles() if role != "institution"])
def test_only_posts_with_the_right_may_act(role: str) -> None:
    task = task_of(opened("orange"), "R-talk")
    post = office.post(role)
    may = {one.verb for one in open_to(task, post)}
    if "add_evidence" not in may:
        with pytest.raises(NotNow, match="您的岗位不能办理"):
            actions.add_evidence(task_id=task.pk, effective_on=DAY, note="x", by=post, at=AT)
    assert bool(may) == (role in ("campaign_office", "task_force", "member_unit"))


def test_another_town_finds_nothing() -> None:
    task = task_of(opened("orange"), "R-talk")
    stranger = office.post("task_force", office.OTHER_TOWN)
    with pytest.raises(NotFound):
        actions.do_task(task_id=task.pk, result="x", by=stranger, at=AT)
    assert queries.task(office.scope("task_force", office.OTHER_TOWN), task.pk) is None
    assert queries.task(office.scope("task_force", office.TOWN), task.pk) == task


@pytest.mark.parametrize(("measure", "lacking"), [
    ("R-talk", "请先登记约谈记录"), ("R-notify", "请先登记通报移送"), ("R-rectify", "请先登记责令文书"),
    ("R-refund", "请先登记应清退金额"), ("R-means", "请先补充佐证材料"),
])  # fmt: skip
def test_nothing_is_done_without_its_proof(measure: str, lacking: str) -> None:
    task = task_of(opened("red"), measure)
    with pytest.raises(Unproved, match=lacking):
        actions.do_task(task_id=task.pk, result="已办", by=town(), at=AT)
    finish(task)
    task.refresh_from_db()
    assert state_of(task) == "reviewed"


def test_a_referral_counts_with_its_receipt_and_its_result_may_come_later() -> None:
    task = task_of(opened("red"), "R-crime")
    sent = actions.refer(task_id=task.pk, receiver="望澜区公安分局", sent_on=DAY, by=town(), at=AT)
    with pytest.raises(Unproved, match="还没有回执"):
        actions.do_task(task_id=task.pk, result="已移送", by=town(), at=AT)
    with pytest.raises(RecordRefused, match="早于发出日期"):
        actions.receive_receipt(
            referral_id=sent.pk, receipt_number="公收1号", received_on=DAY - timedelta(1), by=town(), at=AT
        )
    actions.receive_receipt(referral_id=sent.pk, receipt_number="公收1号", received_on=DAY, by=town(), at=AT)
    actions.do_task(task_id=task.pk, result="已移送", by=town(), at=AT)
    actions.review_task(task_id=task.pk, by=chief(), at=AT)
    actions.receive_result(referral_id=sent.pk, result="已立案", result_on=DAY, by=town(), at=AT)
    assert "反馈：已立案" in queries.steps(task.disposal)[0].note


def test_a_town_orders_nothing_and_a_bureau_only_by_its_article() -> None:
    disposal = opened("red")
    stop, rectify, talk = (task_of(disposal, one) for one in ("R-stop-business", "R-rectify", "R-talk"))
    market = Unit.objects.create(code=office.COUNTY, name="望澜区市场监管局", kind="market_regulation")
    civil = Unit.objects.create(code=office.COUNTY, name="望澜区民政局", kind="civil_affairs")
    village = Unit.objects.create(code=office.TOWN, name="清河镇社事办", kind="civil_affairs")
    elder = "老年人权益保障法 第45条"

    def order(task: Task, unit: Unit, article: str) -> Any:
        with transaction.atomic():
            return actions.issue_order(task_id=task.pk, number=f"〔2026〕{unit.pk}号", issued_on=DAY, unit=unit, article=article,
                                       demands="停业整顿", due_on=DAY, by=town(), at=AT)  # fmt: skip

    with pytest.raises(
        NoPower,
        match=r"清河镇社事办是镇街、村居一级，无权作出.*应由县级以上民政部门依《中华人民共和国老年人权益保障法》第45条作出",
    ):
        order(stop, village, elder)
    with pytest.raises(NoPower, match="望澜区市场监管局（市场监管）无权"):
        order(stop, market, elder)
    with pytest.raises(NoPower, match="不是“停止经营活动：责令停业整顿”的法律依据"):
        order(stop, civil, "防范和处置非法集资条例 第18条")
    with pytest.raises(NoPower, match="不是责令措施"):
        order(talk, civil, elder)
    made = order(stop, civil, elder)
    assert made.unit == civil
    with pytest.raises(RecordRefused, match="已登记过"):
        order(rectify, civil, elder)


def test_evidence_keeps_every_revision_with_its_own_day() -> None:
    task = task_of(opened("yellow"), "Y-warn")
    first = actions.add_evidence(task_id=task.pk, effective_on=DAY - timedelta(9), file=paper(), by=town(), at=AT)
    actions.add_evidence(task_id=task.pk, effective_on=DAY, note="送达回证", by=town(), at=AT)
    actions.add_evidence(task_id=task.pk, effective_on=DAY, note="补签", revises=first.n, by=town(), at=AT)
    assert list(Evidence.objects.order_by("pk").values_list("n", "revision")) == [(1, 1), (2, 1), (1, 2)]
    with pytest.raises(RecordRefused, match="不能晚于今天"):
        actions.add_evidence(task_id=task.pk, effective_on=DAY + timedelta(1), note="x", by=town(), at=AT)


def test_two_persons() -> None:
    disposal = opened("yellow")
    task = task_of(disposal, "Y-warn")
    prove(task, chief())
    actions.do_task(task_id=task.pk, result="已提示", by=chief(), at=AT)
    for act, words in ((actions.review_task, {}), (actions.return_task, {"why": "x"})):
        with pytest.raises(SecondPerson, match="须由其他人"):
            act(task_id=task.pk, by=chief(), at=AT, **words)
    actions.review_task(task_id=task.pk, by=second(), at=AT)
    other = task_of(disposal, "Y-remind")
    asked = actions.ask(task_id=other.pk, kind="waiver", reason="已停业", by=chief(), at=AT)
    with pytest.raises(SecondPerson, match="您提出的"):
        actions.approve(application_id=asked.pk, by=chief(), at=AT)
    actions.take(disposal_ids=[disposal.pk], post=second(), by=chief(), at=AT)
    with pytest.raises(SecondPerson, match="您是经办人"):
        actions.approve(application_id=asked.pk, by=second(), at=AT)


def test_a_disposal_is_handed_only_to_posts_that_can_handle_it() -> None:
    disposal = opened("yellow")
    for post, why in (
        (office.post("leader"), "没有办理处置的权限"),
        (office.post("task_force", office.OTHER_TOWN), "不在.*的辖区内"),
    ):
        with pytest.raises(Refused, match=why), transaction.atomic():
            actions.take(disposal_ids=[disposal.pk], post=post, by=chief(), at=AT)
    actions.take(disposal_ids=[disposal.pk], post=town(), by=chief(), at=AT)
    assert Disposal.objects.get().handler == town()
    assert queries.listed(office.scope(), queries.Filters(state="unassigned"), DAY).count() == 0


def test_the_refund_ledger_never_shows_more_paid_than_owed_and_corrections_keep_the_mistake() -> None:
    disposal = opened("orange")
    with pytest.raises(Refused, match="将超过应清退"), transaction.atomic():
        refund(disposal, "paid", 100, town())
    refund(disposal, "owed", 1_000_000, town())
    with pytest.raises(Refused, match="须附凭证"), transaction.atomic():
        actions.record_refund(disposal_id=disposal.pk, kind="paid", on=DAY, n_persons=1, sum_fen=5, by=town(), at=AT)
    refund(disposal, "paid", 600_000, town())
    paid = queries.refunds(disposal)[1]
    actions.correct_refund(refund_id=paid.pk, n_persons=1, sum_fen=60_000, why="多打一个零", by=town(), at=AT)
    totals = queries.refunded(disposal)
    assert (totals.owed_fen, totals.paid_fen, totals.outstanding_fen, totals.n_paid) == (1_000_000, 60_000, 940_000, 1)
    with pytest.raises(Refused, match="将超过应清退"), transaction.atomic():
        actions.correct_refund(
            refund_id=queries.refunds(disposal)[0].pk, n_persons=1, sum_fen=100, why="x", by=town(), at=AT
        )
    assert [(one.sum_fen, bool(one.corrects)) for one in queries.refunds(disposal)] == [
        (1_000_000, False), (600_000, False), (-540_000, True)
    ]  # fmt: skip


def test_every_act_leaves_a_step_and_a_journal_entry_without_its_words() -> None:
    disposal = opened("orange")
    task = task_of(disposal, "R-talk")
    prove(task, town())
    actions.do_task(task_id=task.pk, result="负责人承诺限期整改", by=town(), at=AT)
    assert [one.verb for one in queries.steps(disposal)] == ["do_task", "record_talk", "opened"]
    entry = journal.of(f"task/{task.pk}").first()
    assert entry is not None and entry.verb == "disposal.do_task" and "承诺" not in str(entry.fields)
    assert journal.faults_here() == []
