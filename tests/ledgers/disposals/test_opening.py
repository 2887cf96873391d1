"""From colour to measures: what opens, what is added, what falls away, in as many queries for many as for one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from shouhu.engines.rules.measures import measures_for
from shouhu.engines.rules.rulesets import SHIPPED
from shouhu.ledgers.campaigns.models import Campaign
from shouhu.ledgers.disposals import actions, queries
from shouhu.ledgers.disposals.models import Disposal, Step, Task
from shouhu.ledgers.disposals.terms import powers, terms
from shouhu.ledgers.journal.models import Entry
from shouhu.ledgers.ratings import actions as ratings
from shouhu.ledgers.ratings.models import Standing
from shouhu.ledgers.units.models import KINDS
from tests import office
from tests.ledgers.disposals.work import AT, DAY, FACTS, becomes, chief, finish, finish_all, opened, second, task_of

pytestmark = pytest.mark.django_db
COLOURS = ("red", "orange", "yellow", "unknown", "decide")


@pytest.mark.parametrize("ruleset_id", ["001", "002-10"])
@pytest.mark.parametrize("colour", COLOURS)
def test_every_measure_of_every_colour_opens(ruleset_id: str, colour: str) -> None:
    disposal = opened(colour, ruleset_id=ruleset_id)
    wanted = measures_for(ruleset_id, colour, unregistered=False)
    assert [
        (task.measure, task.says, task.body, tuple(task.powers), task.clause) for task in queries.tasks_of(disposal)
    ] == [(one.id, one.says, one.body, one.power, one.clause) for one in wanted]
    assert wanted and disposal.colour == disposal.worst == colour
    for task in queries.tasks_of(disposal):
        assert task.starts_on == DAY and task.n_days == terms()[task.measure].n_days
        assert (
            task.due_how[0] == f"自2026-11-18(周三)次日起算{task.n_days}个工作日"
            and str(task.due_on) in task.due_how[-1]
        )


@pytest.mark.parametrize("ruleset_id", ["001", "002-10"])
def test_an_unregistered_site_gets_the_measures_of_the_clear_out_too(ruleset_id: str) -> None:
    disposal = opened("orange", ruleset_id=ruleset_id, registered="未登记")
    wanted = measures_for(ruleset_id, "orange", unregistered=True)
    assert [task.measure for task in queries.tasks_of(disposal)] == [one.id for one in wanted]
    assert any(one.id.startswith("U-") for one in wanted)


def test_green_opens_nothing() -> None:
    made = office.institution(**FACTS["green"])
    assert actions.rate_and_open(institution_ids=[made.pk], by=chief(), at=AT) == []
    assert Standing.objects.get().colour == "green" and not Disposal.objects.exists()


def test_every_measure_has_a_term_and_every_order_somebody_with_the_power() -> None:
    colours = (*COLOURS, "苗头性问题", "明显问题但不构成犯罪", "涉及其他部门", "涉嫌犯罪")
    every = {one for rules in SHIPPED for colour in colours for one in measures_for(rules, colour, unregistered=True)}
    assert {one.id for one in every} == set(terms())
    for one in every:
        if terms()[one.id].proof == "order":
            assert set(one.power) & set(powers()), one
    assert {kind for power in powers().values() for kind in power.kinds} <= set(KINDS)
    assert all(term.mark == "P" for term in terms().values())


def test_the_same_colour_leaves_the_disposal_alone() -> None:
    disposal = opened("orange")
    steps = Step.objects.count()
    assert actions.rate_and_open(institution_ids=[disposal.institution_id], by=chief(), at=AT) == []
    assert Step.objects.count() == steps


def test_a_worse_colour_adds_and_drops_and_says_so() -> None:
    disposal = opened("unknown")
    assert becomes(disposal, suspected_crime=False, false_publicity=True) == "yellow"
    assert becomes(disposal, suspected_crime=True) == "red"
    assert (disposal.colour, disposal.worst) == ("red", "red")
    gone = {task.measure: task.dropped_why for task in Task.objects.exclude(dropped_at=None)}
    assert gone["T-survey"] == "等级变化：现为黄▲" and gone["Y-warn"] == "等级变化：现为红■"
    present = [task.measure for task in queries.tasks_of(disposal) if not task.dropped_at]
    assert present == [one.id for one in measures_for("001", "red", unregistered=False)]
    assert [step.verb for step in queries.steps(disposal)] == ["amended", "amended", "opened"]
    assert Disposal.objects.count() == 1 and "等级由黄▲变为红■" in queries.steps(disposal)[0].note


def test_what_was_done_stays_and_comes_back_only_once() -> None:
    disposal = opened("orange")
    finish(task_of(disposal, "R-talk"))
    assert becomes(disposal, prosecuted=(), false_publicity=True) == "yellow"
    assert task_of(disposal, "R-talk").reviewed_at and not task_of(disposal, "Y-warn").done_at
    assert becomes(disposal, prosecuted=("投资人",)) == "orange"
    assert Task.objects.filter(disposal=disposal, measure="R-talk").count() == 1
    assert Task.objects.filter(disposal=disposal, measure="R-rectify").count() == 2


def test_green_keeps_what_is_owed_and_flags_the_disposal() -> None:
    disposal = opened("yellow")
    assert becomes(disposal, false_publicity=False) == "green"
    assert disposal.colour == "green" and disposal.worst == "yellow" and disposal.closed_at is None
    assert not Task.objects.exclude(dropped_at=None).exists()
    assert queries.steps(disposal)[0].note.endswith("等级已降，请核实后销号")
    assert queries.listed(office.scope(), queries.Filters(state="fallen"), DAY).get() == disposal


def test_a_milder_colour_that_nobody_confirmed_changes_no_measure() -> None:
    disposal = opened("red")
    assert becomes(disposal, confirmed=False, suspected_crime=False) == "red"
    assert not Task.objects.exclude(dropped_at=None).exists() and disposal.colour == "red"


def test_a_closed_one_that_offends_again_names_its_history() -> None:
    disposal = opened("orange")
    assert becomes(disposal, prosecuted=()) == "green"
    finish_all(disposal)
    actions.close(disposal_id=disposal.pk, note="核实无误", by=second(), at=AT)
    assert becomes(disposal, AT + timedelta(days=30), prosecuted=("法定代表人",)) == "orange"
    again = Disposal.objects.get(closed_at=None)
    assert again.reopens == disposal and list(queries.history(again)) == [disposal]


def test_one_open_disposal_an_institution_is_a_rule_of_the_database() -> None:
    disposal = opened("red")
    with pytest.raises(IntegrityError), transaction.atomic():
        Disposal.objects.create(institution=disposal.institution, rating=disposal.rating, colour="red", worst="red",
                                opened_at=AT, opened_by=chief())  # fmt: skip


def test_many_take_no_more_queries_than_few() -> None:
    def count(n: int, start: int) -> int:
        made = [office.institution(f"第{start + k}养老院", **FACTS["red"]).pk for k in range(n)]
        chief()
        with CaptureQueriesContext(connection) as seen:
            assert len(actions.rate_and_open(institution_ids=made, by=chief(), at=AT)) == n
        return sum(
            not query["sql"].startswith("INSERT") for query in seen.captured_queries
        )  # those go in batches of values

    assert count(2, 0) == count(20, 100)
    assert Entry.objects.filter(verb="disposal.opened").count() == 22


def test_decisions_adoptions_and_expiries_bring_the_measures_in_line() -> None:
    campaign = Campaign.objects.create(
        title="专项行动", code=office.COUNTY, ruleset_id="001", starts_on=DAY, ends_on=DAY
    )
    disposal = opened("decide")
    proposal: dict[str, Any] = {"colour": "orange", "reason": "承诺回报且收款多", "expires_on": DAY + timedelta(30)}
    made = ratings.propose(institution_id=disposal.institution_id, by=chief(), at=AT, **proposal)
    actions.settle_decision(decision_id=made.pk, by=second(), at=AT)
    assert {task.measure for task in queries.tasks_of(disposal) if not task.dropped_at} == {
        one.id for one in measures_for("001", "orange", unregistered=False)
    }
    actions.settle_adoption(ruleset_id="002-10", campaign_id=campaign.pk, by=chief(), at=AT)
    actions.settle_withdrawal(decision_id=made.pk, why="情况有变", by=second(), at=AT)
    assert Standing.objects.get().falls_to == "decide"  # graver than the rules: a person must confirm the fall
    actions.settle_downgrade(institution_id=disposal.institution_id, colour="decide", reason="核实", by=second(), at=AT)
    assert task_of(disposal, "T-decide").ruleset_id == "002-10"
    assert actions.settle_expiry(today=DAY + timedelta(90), by=chief(), at=AT) == []
