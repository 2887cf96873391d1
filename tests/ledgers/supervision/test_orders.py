"""督办单: every act by the right hand in the right state, days that can be followed, and a ladder upward."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from shouhu.ledgers.journal.models import Entry
from shouhu.ledgers.supervision import workflow
from shouhu.ledgers.supervision.actions import orders
from shouhu.ledgers.supervision.actions.orders import About
from shouhu.ledgers.supervision.actions.writing import Incomplete, NotFound, SecondPerson
from shouhu.ledgers.supervision.models import SupervisionOrder
from shouhu.ledgers.supervision.queries import orders as queries
from shouhu.ledgers.supervision.queries import subjects
from shouhu.ledgers.supervision.queries.orders import Filters
from shouhu.ledgers.supervision.workflow import NotNow
from shouhu.ledgers.units.models import Unit
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.units.scope import Scope
from tests import office
from tests.ledgers.clearances.walk import found
from tests.ledgers.supervision.scene import AT, DAY, LATE, answered, chief, leader, order, second, town
from tests.ledgers.tips import way

pytestmark = pytest.mark.django_db


def act(verb: str, row: SupervisionOrder, **more: Any) -> SupervisionOrder:
    given: dict[str, dict[str, Any]] = {
        "reply": {"says": "已办", "by": town()}, "accept": {"by": chief()}, "send_back": {"says": "缺照片", "n_days": 5, "by": chief()},
        "extend": {"says": "遇汛情", "n_days": 20, "by": chief()}, "withdraw": {"says": "重复发文", "by": chief()},
        "escalate": {"told_id": leader().pk, "by": chief(), "at": LATE},
    }  # fmt: skip
    done: SupervisionOrder = getattr(orders, verb)(order_id=row.pk, **{"at": AT, **given[verb], **more})
    return done


def in_state(state: str) -> SupervisionOrder:
    match state:
        case "open":
            return order()
        case "replied":
            return answered()
        case "returned":
            return act("send_back", answered())
        case "accepted":
            return act("accept", answered())
        case _:
            return act("withdraw", order())


@pytest.mark.parametrize("state", workflow.states("order"))
@pytest.mark.parametrize("verb", workflow.transitions("order"))
def test_each_act_goes_where_the_table_says_and_nowhere_else(state: str, verb: str) -> None:
    row, step = in_state(state), workflow.transitions("order")[verb]
    assert row.state == state
    if state not in step.states:
        with pytest.raises(NotNow, match=step.says):
            act(verb, row)
        return
    assert act(verb, row).state == (step.to or state)
    assert SupervisionOrder.objects.get(pk=row.pk).state == (step.to or state)
    assert Entry.objects.filter(verb=f"supervision.order.{verb}", subject=f"supervisionorder/{row.pk}").exists()


def test_the_day_is_counted_in_worked_days_and_says_how() -> None:
    row = order(n_days=3)
    assert (row.number, row.due_on) == ("督办〔2026〕1号", date(2026, 11, 23))
    assert row.due_how[0] == "自2026-11-18(周三)次日起算3个工作日"
    assert order().number == "督办〔2026〕2号"
    with pytest.raises(Incomplete, match="1至180"):
        order(n_days=0)


def test_only_the_addressed_unit_replies_and_only_the_issuer_decides() -> None:
    row = order()
    with pytest.raises(NotNow, match="收件单位"):
        act("reply", row, by=chief())
    above = office.post("campaign_office", "990100000000", holder="市专项办")
    with pytest.raises(NotNow, match="发出的单位"):
        act("withdraw", row, by=above)
    elsewhere = office.post("task_force", office.OTHER_TOWN)
    with pytest.raises(NotFound):
        act("reply", row, by=elsewhere)
    with pytest.raises(NotNow, match="不能发督办单"):
        order(by=town())


def test_whoever_replied_does_not_accept() -> None:
    row = order(unit_id=chief().unit_id)
    orders.reply(order_id=row.pk, says="已办", by=second(), at=AT)
    with pytest.raises(SecondPerson, match="另一人"):
        act("accept", row, by=second())
    assert act("accept", row, by=chief()).state == "accepted"


def test_what_is_late_is_reported_level_by_level_to_leaders_in_place() -> None:
    row = order(n_days=1)
    local, above = leader(office.TOWN), leader()
    assert not queries.may_escalate(row, row.due_on)
    with pytest.raises(Incomplete, match="逾期超过0个工作日"):
        act("escalate", row, at=AT)
    with pytest.raises(NotFound, match="领导岗位"):
        act("escalate", row, told_id=town().pk)
    first = act("escalate", row, told_id=local.pk, at=AT + timedelta(days=3), says="请督促")
    assert first.n_levels == 1 and queries.steps(row)[0].told == local
    with pytest.raises(Incomplete, match="超过5个工作日"):
        act("escalate", row, told_id=above.pk, at=AT + timedelta(days=3))
    with pytest.raises(NotFound):
        act("escalate", row, told_id=local.pk)  # the next level is the issuer's own leader
    assert act("escalate", row, told_id=above.pk).n_levels == 2
    with pytest.raises(Incomplete, match="最高一级"):
        act("escalate", row)


def test_sent_back_it_has_a_new_day_and_a_ladder_of_its_own() -> None:
    row = act("escalate", order(n_days=1))
    orders.reply(order_id=row.pk, says="已办", by=town(), at=LATE)
    again = act("send_back", row, at=LATE)
    assert (again.n_levels, again.state) == (0, "returned") and again.due_on > LATE.date()
    assert "期限2027-01-04" in queries.steps(row)[0].says


@pytest.mark.parametrize(("given", "sentence"), [
    ({"title": " "}, "督办事项"), ({"issue": ""}, "督办要求"), ({"unit_id": 987654}, "不在您的辖区内"),
])  # fmt: skip
def test_what_is_missing_is_said(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        order(**given)


def test_a_closed_unit_gets_no_order() -> None:
    unit = Unit.objects.create(code=office.TOWN, name="撤销了的办公室", kind="other", closed_on=DAY)
    with pytest.raises(NotFound, match="已撤销"):
        order(unit_id=unit.pk)


# --- what it is about -----------------------------------------------------------------------------------------------


def test_an_order_about_a_site_is_linked_only_for_those_who_may_see_the_site() -> None:
    site = found()
    row = order(unit_id=office.post("task_force", office.OTHER_TOWN).unit_id, about=About("clearance", site.pk))
    assert subjects.of(Scope.of(chief()), row) == ("clearance", site)
    assert subjects.of(office.scope("task_force", office.OTHER_TOWN), row) is None
    opening = subjects.opening(Scope.of(chief()), "clearance", site)
    assert "河东路12号托老点" in opening.title and opening.unit_id is None
    with pytest.raises(NotFound, match="督办的事项不存在"):
        order(about=About("clearance", 987654))


def test_a_tip_is_told_of_to_the_units_that_have_it_and_to_no_other() -> None:
    tip = way.fresh()
    way.step(tip, "triage")
    way.step(tip, "assign")
    tip.refresh_from_db()
    about = About("tip", tip.pk)
    with pytest.raises(NotFound, match="正在承办或协办"):
        order(about=about)
    row = order(unit_id=way.worker().unit_id, about=about)
    tip.refresh_from_db()
    assert row.tip == tip and tip.supervised_at == AT
    opening = subjects.opening(Scope.of(chief()), "tip", tip)
    assert opening.unit_id == way.worker().unit_id
    assert "会员" not in opening.title + opening.issue


# --- lists ----------------------------------------------------------------------------------------------------------


def test_lists_hold_what_the_states_say() -> None:
    rows = {state: in_state(state) for state in workflow.states("order")}
    scope = Scope.of(chief())
    for state, row in rows.items():
        assert list(queries.listed(scope, Filters(state=state), DAY)) == [row]
    assert set(queries.listed(scope, Filters(), DAY)) == {rows["open"], rows["replied"], rows["returned"]}
    late = LATE.date()
    assert set(queries.listed(scope, Filters(late="overdue"), late)) == {rows["open"], rows["returned"]}
    assert list(queries.listed(scope, Filters(text="督办〔2026〕4号"), late)) == []  # accepted ones are not running
    assert [one.verb for one in queries.due_for(Scope.of(town()), DAY)] == ["reply", "reply"]
    assert {one.verb for one in queries.due_for(scope, late)} == {"accept", "escalate"}


def test_others_see_only_what_goes_to_their_unit() -> None:
    row = order()
    for role, code, sees in (("task_force", office.TOWN, True), ("member_unit", office.COUNTY, False), ("leader", office.COUNTY, True),
                             ("neighbourhood", office.VILLAGE, False), ("task_force", office.OTHER_TOWN, False)):  # fmt: skip
        assert (queries.one(office.scope(role, code), row.pk) is not None) == sees, (role, code)
