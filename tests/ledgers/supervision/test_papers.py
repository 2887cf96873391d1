"""通报 and 约谈: drafted from figures that a recount gives, numbered when issued, signed for; undertakings become orders."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from shouhu.ledgers.journal.models import Entry
from shouhu.ledgers.supervision.actions import circulars, orders, talks
from shouhu.ledgers.supervision.actions.talks import Undertaking
from shouhu.ledgers.supervision.actions.writing import Incomplete
from shouhu.ledgers.supervision.models import SupervisionOrder
from shouhu.ledgers.supervision.queries import circulars as queries
from shouhu.ledgers.supervision.queries import talks as talk_queries
from shouhu.ledgers.supervision.workflow import NotNow
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.units.scope import Scope
from tests import office
from tests.ledgers.clearances.walk import found, step, until
from tests.ledgers.supervision.scene import AT, DAY, LATE, answered, chief, circular, order, talk, town

pytestmark = pytest.mark.django_db


def test_a_circular_is_seen_by_its_units_once_it_is_issued_and_each_signs_once() -> None:
    row, here, other = circular(), Scope.of(town()), office.scope("task_force", office.OTHER_TOWN)
    assert not queries.seen(here).exists() and queries.seen(Scope.of(chief())).get() == row
    with pytest.raises(Refused, match="还没有印发"):
        circulars.receive(circular_id=row.pk, by=town(), at=AT)
    circulars.amend(circular_id=row.pk, title="通报", text="改过的正文", by=chief(), at=AT)
    sent = circulars.send(circular_id=row.pk, by=chief(), at=AT)
    assert (sent.number, sent.text) == ("通报〔2026〕1号", "改过的正文")
    assert queries.seen(here).exists() and queries.seen(other).exists()
    assert [one.circular for one in queries.to_receive(here)] == [row]
    circulars.receive(circular_id=row.pk, by=town(), at=AT)
    assert not queries.to_receive(here).exists()
    assert [(one.unit, bool(one.received_at), one.is_named) for one in queries.deliveries(row)] == [
        (town().unit, True, True), (other.post.unit, False, False),
    ]  # fmt: skip
    told = queries.seen(Scope.of(chief())).get()
    assert (told.n_units, told.n_received) == (2, 1)  # type: ignore[attr-defined]
    with pytest.raises(Incomplete, match="已经签收"):
        circulars.receive(circular_id=row.pk, by=town(), at=AT)
    with pytest.raises(NotNow, match="收件单位"):
        circulars.receive(circular_id=row.pk, by=chief(), at=AT)
    with pytest.raises(NotNow, match="已印发"):
        circulars.amend(circular_id=row.pk, title="通报", text="又改", by=chief(), at=AT)


def test_a_dropped_draft_is_never_issued() -> None:
    row = circulars.drop(circular_id=circular().pk, by=chief(), at=AT)
    with pytest.raises(NotNow, match="已作废"):
        circulars.send(circular_id=row.pk, by=chief(), at=AT)


@pytest.mark.parametrize(("given", "sentence"), [
    ({"title": ""}, "标题"), ({"text": " "}, "正文"), ({"named_ids": []}, "被通报的单位"), ({"manner": "?"}, "通报表扬或通报批评"),
    ({"by": None}, "专项办"),
])  # fmt: skip
def test_a_circular_that_lacks_something_says_what(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        circular(**({"by": town()} if "by" in given else given))


def test_the_draft_tells_the_figures_of_the_ledgers() -> None:
    step(found("甲托老点"), "appoint")
    closed = until("closed", found("乙托老点"))
    assert closed.owner and closed.owner.unit_id == town().unit_id
    orders.accept(order_id=answered().pk, by=chief(), at=AT)
    order(n_days=1)
    (record,) = queries.records(Scope.of(chief()), [town().unit], LATE.date())
    assert (record.sites_closed, record.sites_late, record.orders_done, record.orders_late) == (1, 1, 1, 1)
    assert queries.drafted("praise", [record], LATE.date()).splitlines()[1] == (
        "1.清河镇task_force：销号未登记场所1处，办结督办单1件。"
    )
    assert "未登记场所逾期1处，督办单逾期1件" in queries.drafted("criticism", [record], LATE.date())
    (none,) = queries.records(Scope.of(chief()), [office.post("task_force", office.OTHER_TOWN).unit], LATE.date())
    assert (none.n_done, none.n_late) == (0, 0) and "没有逾期的记录" in queries.drafted(
        "criticism", [none], LATE.date()
    )


# --- 约谈 -----------------------------------------------------------------------------------------------------------


def test_undertakings_of_a_talk_are_orders_to_the_unit() -> None:
    row = talk()
    assert row.number == "约谈〔2026〕1号"
    at = AT + timedelta(days=2)
    with pytest.raises(Incomplete, match="不能晚于今天"):
        talks.record(
            talk_id=row.pk, held_on=DAY + timedelta(9), present="王主任、李镇长", summary="指出问题", by=chief(), at=at
        )
    promised = [Undertaking("一周内补齐排查" * 12, 5), Undertaking("落实专人", 3)]
    done = talks.record(talk_id=row.pk, held_on=at.date(), present="王主任、李镇长", summary="指出问题，提出要求", undertakings=promised,
                        by=chief(), at=at)  # fmt: skip
    assert done.state == "held"
    made = SupervisionOrder.objects.filter(talk=row).order_by("pk")
    assert [(one.unit, len(one.title) <= 80) for one in made] == [(town().unit, True)] * 2
    assert "落实专人" in made[1].issue
    with pytest.raises(NotNow):
        talks.cancel(talk_id=row.pk, why="改期", by=chief(), at=at)


def test_a_talk_whose_undertaking_cannot_be_ordered_is_not_on_record() -> None:
    row = talk()
    with pytest.raises(Incomplete):
        talks.record(
            talk_id=row.pk,
            held_on=DAY,
            present="甲、乙",
            summary="谈话",
            undertakings=[Undertaking("整改", 0)],
            by=chief(),
            at=AT,
        )
    row.refresh_from_db()
    assert row.state == "called" and not Entry.objects.filter(verb="supervision.talk.record").exists()


def test_a_talk_is_seen_by_the_unit_and_the_office_alone() -> None:
    row = talk()
    assert talk_queries.seen(Scope.of(town())).get() == row == talk_queries.seen(Scope.of(chief())).get()
    assert not talk_queries.seen(office.scope("member_unit")).exists()
    assert talks.cancel(talk_id=row.pk, why="合并约谈", by=chief(), at=AT).state == "cancelled"
    with pytest.raises(Incomplete, match="早于今天"):
        talk(meets_on=DAY - timedelta(1))
