"""销号: refused in one sentence while anything is owed, done by somebody else, after a new rating; reopening keeps both trails."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from shouhu.ledgers.disposals import actions, queries
from shouhu.ledgers.disposals.actions.closing import CloseRefused, ReopenRefused
from shouhu.ledgers.disposals.actions.trail import SecondPerson
from shouhu.ledgers.disposals.models import Disposal, Task
from shouhu.ledgers.disposals.workflow import NotNow
from shouhu.ledgers.institutions import actions as institutions
from shouhu.ledgers.ratings.models import Rating, Standing
from shouhu.ledgers.units.refusals import Refused
from tests import office
from tests.ledgers.disposals.work import (
    AT,
    becomes,
    chief,
    finish,
    finish_all,
    opened,
    prove,
    refund,
    second,
    task_of,
    town,
)

pytestmark = pytest.mark.django_db


def close(disposal: Disposal, **given: Any) -> Disposal:
    """This function will try to close as the second person."""
    with transaction.atomic():
        return actions.close(
            **{"disposal_id": disposal.pk, "note": "现场核实，措施到位", "by": second(), "at": AT, **given}
        )


def ready(colour: str = "orange") -> Disposal:
    """This function will give a disposal of which nothing is owed any more."""
    disposal = opened(colour)
    finish_all(disposal)
    mild: dict[str, Any] = {"prosecuted": (), "false_publicity": False, "suspected_crime": False}
    assert becomes(disposal, **mild) == "green"
    return disposal


def test_closed_after_a_new_rating_by_somebody_else() -> None:
    disposal = ready()
    before = Rating.objects.count()
    closed = close(disposal)
    assert Rating.objects.count() == before + 1 and closed.closing_rating == Standing.objects.get().rating
    assert closed.closed_by == second() and queries.steps(closed)[0].note == "重新评级为绿●；现场核实，措施到位"
    with pytest.raises(NotNow, match="已销号"):
        close(disposal)


def test_each_thing_owed_is_named() -> None:
    disposal = opened("red")
    with pytest.raises(
        CloseRefused,
        match=r"^不能销号：尚有10项措施未办结：及时向.*、责令整改、.*；还没有编制一院一策；评级仍为红■，风险没有消除$",
    ):
        close(disposal)
    finish_all(disposal)
    with pytest.raises(CloseRefused, match=r"^不能销号：评级仍为红■，风险没有消除$"):
        close(disposal)
    becomes(disposal, confirmed=False, suspected_crime=False)
    with pytest.raises(CloseRefused, match=r"^不能销号：规则已评为绿●，但降级还没有人确认，现仍为红■$"):
        close(disposal)


def test_a_measure_that_waits_for_review_or_approval_is_owed() -> None:
    disposal = opened("yellow")
    for task in queries.tasks_of(disposal)[2:]:
        finish(task)
    first, other = queries.tasks_of(disposal)[:2]
    prove(first, town())
    actions.do_task(task_id=first.pk, result="已提示", by=town(), at=AT)
    actions.ask(task_id=other.pk, kind="waiver", reason="已停业", by=town(), at=AT)
    with pytest.raises(
        CloseRefused,
        match=r"^不能销号：尚有1项措施未办结：增加抽查.*；尚有1项措施待审核：做好风险提示；尚有1项申请待审批：增加抽查.*$",
    ):
        close(disposal)


def test_money_owed_to_residents_is_owed_whatever_became_of_the_measures() -> None:
    disposal = opened("yellow")
    refund(disposal, "owed", 1_234_500, town())
    refund(disposal, "paid", 1_000_000, town())
    for task in queries.tasks_of(disposal):
        finish(task)
    with pytest.raises(CloseRefused, match=r"^不能销号：尚有 2,345.00 元未清退$"):
        close(disposal)
    refund(disposal, "paid", 234_500, town())
    assert close(disposal).closed_at


def test_who_was_orange_once_needs_a_plan() -> None:
    disposal = opened("orange")
    assert becomes(disposal, prosecuted=()) == "green"
    for task in queries.tasks_of(disposal):
        finish(task)
    with pytest.raises(CloseRefused, match=r"^不能销号：还没有编制一院一策$"):
        close(disposal)


def test_what_is_run_no_more_closes_with_the_colour_it_had() -> None:
    disposal = opened("orange")
    institutions.cease(institution_id=disposal.institution_id, on=AT.date(), by=second(), at=AT)
    with pytest.raises(CloseRefused, match=r"项措施未办结.*还没有编制一院一策$"):
        close(disposal)
    finish_all(disposal)
    closed = close(disposal)
    assert closed.closing_rating and closed.closing_rating.colour == "orange"


def test_an_unknown_colour_is_not_closed() -> None:
    disposal = ready("yellow")
    later = AT + timedelta(days=200)  # the answers have expired by then
    with pytest.raises(
        CloseRefused, match="尚有1项措施未办结：补充排查，答清待核实的问题；评级为待查○，等级还没有确定"
    ):
        close(disposal, at=later)


def test_closing_needs_another_person_and_a_note() -> None:
    disposal = ready("yellow")
    with pytest.raises(Refused, match="请写明销号的依据"):
        close(disposal, note=" ")
    actions.take(disposal_ids=[disposal.pk], post=second(), by=chief(), at=AT)
    with pytest.raises(SecondPerson, match="您是这件处置的经办人"):
        close(disposal)
    with pytest.raises(NotNow, match="您的岗位不能办理“销号”"):
        close(disposal, by=town())
    assert close(disposal, by=chief()).closed_by == chief()


def test_who_did_a_measure_does_not_close() -> None:
    disposal = opened("yellow")
    tasks = queries.tasks_of(disposal)
    prove(tasks[0], second())
    actions.do_task(task_id=tasks[0].pk, result="已提示", by=second(), at=AT)
    actions.review_task(task_id=tasks[0].pk, by=chief(), at=AT)
    for task in tasks[1:]:
        finish(task)
    with pytest.raises(SecondPerson):
        close(disposal)


def test_reopening_makes_a_new_disposal_and_keeps_both_trails() -> None:
    disposal = ready()
    close(disposal)
    trail = list(queries.steps(disposal).values_list("pk", flat=True))
    with pytest.raises(ReopenRefused, match="请勾选原处置中要重新办理的措施"), transaction.atomic():
        actions.reopen(disposal_id=disposal.pk, task_ids=[], why="清退凭证不实", by=second(), at=AT)
    refunds = task_of(disposal, "R-refund")
    again = actions.reopen(disposal_id=disposal.pk, task_ids=[refunds.pk], why="清退凭证不实", by=second(), at=AT)
    assert again.reopens == disposal and list(queries.history(again)) == [disposal]
    assert list(queries.steps(disposal).values_list("pk", flat=True))[1:] == trail
    assert [step.verb for step in queries.steps(again)] == ["reopen"]
    assert task_of(again, "R-refund").is_kept and task_of(again, "R-refund").pk != refunds.pk
    disposal.refresh_from_db()
    assert disposal.closed_at
    assert becomes(again, false_publicity=True) == "yellow"
    assert task_of(again, "R-refund")  # taken up by hand: no colour drops it
    with pytest.raises(ReopenRefused, match="已有一件处置正在办理"), transaction.atomic():
        actions.reopen(disposal_id=disposal.pk, task_ids=[refunds.pk], why="x", by=second(), at=AT)


class NothingOwed(RuleBasedStateMachine):
    """Whatever is done in whatever order, a disposal that is closed owes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.disposal = opened("orange")

    def tasks(self) -> list[Task]:
        """This function will give the measures that count."""
        return [task for task in queries.tasks_of(self.disposal) if not task.dropped_at]

    def attempt(self, act: Any, **given: Any) -> None:
        """This function will do an act, or let it be refused."""
        try:
            with transaction.atomic():
                act(at=AT, **given)
        except Refused as refusal:
            assert re.search("[一-鿿]", str(refusal))

    @property
    def running(self) -> bool:
        """Whether the disposal is open."""
        self.disposal.refresh_from_db()
        return self.disposal.closed_at is None

    @rule(n=st.integers(0, 9), review=st.booleans())
    def work(self, n: int, review: bool) -> None:
        """Prove and do a measure, and perhaps review it."""
        task = self.tasks()[n % len(self.tasks())]
        if self.running and not task.done_at and not task.waived_at:
            prove(task, town())
            self.attempt(actions.do_task, task_id=task.pk, result="已办", by=town())
        if review:
            self.attempt(actions.review_task, task_id=task.pk, by=chief())

    @rule(n=st.integers(0, 9), answer=st.sampled_from(["approve", "refuse", "none"]))
    def waive(self, n: int, answer: str) -> None:
        """Ask not to take a measure, and perhaps answer."""
        self.attempt(actions.ask, task_id=self.tasks()[n % len(self.tasks())].pk, kind="waiver", reason="x", by=town())
        for one in queries.pending(office.scope()):
            if answer == "approve":
                self.attempt(actions.approve, application_id=one.pk, by=second())
            elif answer == "refuse":
                self.attempt(actions.refuse, application_id=one.pk, why="须办", by=second())

    @precondition(lambda self: self.running)
    @rule()
    def everything(self) -> None:
        """Pay back what is owed and finish every measure."""
        if outstanding := queries.refunded(self.disposal).outstanding_fen:
            refund(self.disposal, "paid", outstanding, town())
        for one in queries.pending(office.scope()):
            self.attempt(actions.refuse, application_id=one.pk, why="须办", by=second())
        for task in self.tasks():
            if task.done_at and not task.reviewed_at:
                self.attempt(actions.review_task, task_id=task.pk, by=chief())
        finish_all(self.disposal)

    @precondition(lambda self: self.running)
    @rule(fen=st.integers(1, 500), kind=st.sampled_from(["owed", "paid"]))
    def money(self, fen: int, kind: str) -> None:
        """Enter money owed or paid."""
        try:
            with transaction.atomic():
                refund(self.disposal, kind, fen, town())
        except Refused:
            pass

    @rule(
        facts=st.sampled_from(
            [{"prosecuted": ()}, {"prosecuted": ("投资人",)}, {"suspected_crime": None}, {"suspected_crime": False}]
        )
    )
    def learn(self, facts: dict[str, Any]) -> None:
        """Learn other facts."""
        becomes(self.disposal, **facts)

    @rule(by=st.sampled_from([chief, second, town]))
    def end(self, by: Any) -> None:
        """Try to close."""
        self.attempt(actions.close, disposal_id=self.disposal.pk, note="核实", by=by())

    @invariant()
    def closed_means_nothing_owed(self) -> None:
        """Checked after every step."""
        for closed in Disposal.objects.filter(closed_at__isnull=False):
            counted = Task.objects.filter(disposal=closed, dropped_at=None)
            assert not counted.filter(reviewed_at=None, waived_at=None).exists()
            assert queries.refunded(closed).outstanding_fen == 0
            assert closed.planned_at
            assert closed.closing_rating and closed.closing_rating.listed in ("green", "yellow")
            assert closed.closed_by not in (town(), closed.handler)

    def teardown(self) -> None:
        """Take everything back, so that each run begins with an empty ledger."""
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)


def test_no_disposal_closes_with_something_owed() -> None:
    run_state_machine_as_test(
        NothingOwed,
        settings=settings(
            max_examples=6, stateful_step_count=10, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
