"""Bodies and who sits in them: changes of people in one step, history, gaps, sealed telephones, who keeps which list."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection

from shouhu.ledgers.campaigns import actions, queries, workflow
from shouhu.ledgers.campaigns.models import Seat
from shouhu.ledgers.journal.models import Entry
from shouhu.ledgers.units.models import Post
from tests import office
from tests.ledgers.campaigns.board import AT, DAY, OPENS, body, bureau, campaign, chief, scope, town

pytestmark = pytest.mark.django_db
PHONE = "13900001111"


def sits(of: int, role: str = "head", name: str = "陈组长", by: Post | None = None, on: date = OPENS) -> Seat:
    return actions.seat(body_id=of, role=role, name=name, phone=PHONE, from_on=on, by=by or chief(), at=AT)


def test_a_change_of_people_is_one_step_and_what_was_stays() -> None:
    group = body()
    first = sits(group.pk)
    second = actions.replace(seat_id=first.pk, name="林组长", on=DAY, position="局长", by=chief(), at=AT)
    first.refresh_from_db()
    assert (first.to_on, second.from_on, second.role) == (DAY, DAY, "head")
    assert [one.name for one in queries.branch(group, DAY).seats] == ["林组长"]
    assert [one.name for one in queries.branch(group, DAY - timedelta(1)).seats] == ["陈组长"]
    assert [one.name for one in queries.history(group, DAY)] == ["陈组长"]
    assert Entry.objects.latest("seq").verb == "seat.replaced"
    with pytest.raises(actions.NotFit, match="不再担任"):
        actions.replace(seat_id=first.pk, name="又一人", on=DAY, by=chief(), at=AT)


def test_one_head_and_one_liaison_at_a_time_and_as_many_members_as_there_are() -> None:
    group = body()
    sits(group.pk), sits(group.pk, "liaison", "周联络")
    for role in ("head", "liaison"):
        with pytest.raises(actions.NotFit, match="换人请用“更换”"):
            sits(group.pk, role, "第二人")
    for n in range(3):
        sits(group.pk, "member", f"成员{n}")
    assert [one.role for one in queries.branch(group, DAY).seats] == ["head", "member", "member", "member", "liaison"]


def test_an_empty_seat_that_must_be_filled_is_a_gap() -> None:
    group, force = body(), body("清河镇工作专班", "task_force", by=town())
    assert queries.branch(group, DAY).missing == ("head", "liaison")
    head = sits(group.pk)
    sits(group.pk, "liaison", "周联络")
    assert queries.branch(group, DAY).missing == ()
    actions.vacate(seat_id=head.pk, on=DAY, by=chief(), at=AT)
    assert queries.branch(group, DAY).missing == ("head",)
    assert queries.towns_without(scope(chief()), campaign(), DAY) == ["南渡镇"]
    actions.dissolve(body_id=force.pk, on=DAY, by=town(), at=AT)
    assert queries.towns_without(scope(chief()), campaign(), DAY) == ["清河镇", "南渡镇"]


def test_bodies_hang_below_each_other_and_go_from_below() -> None:
    top = body("领导小组", "leading_group")
    below = body("办公室", "campaign_office", parent_id=top.pk)
    force = body("清河镇专班", "task_force", by=town(), parent_id=below.pk)
    assert [(one.body.name, one.depth) for one in queries.tree(scope(chief()), campaign(), DAY)] == [
        ("领导小组", 0), ("办公室", 1), ("清河镇专班", 2)
    ]  # fmt: skip
    with pytest.raises(actions.NotFit, match="下面还有"):
        actions.dissolve(body_id=top.pk, on=DAY, by=chief(), at=AT)
    seat = sits(force.pk, by=town())
    actions.dissolve(body_id=force.pk, on=DAY, by=town(), at=AT)
    seat.refresh_from_db()
    assert seat.to_on == DAY
    with pytest.raises(actions.NotFit, match="已于"):
        sits(force.pk, by=town())


def test_a_unit_keeps_its_own_lists_and_the_office_all() -> None:
    force = body("清河镇专班", "task_force", by=town())
    sits(force.pk, by=town()), sits(force.pk, "liaison", "周联络", by=chief())
    for by in (bureau(), town(office.OTHER_TOWN), office.post("leader", office.COUNTY)):
        with pytest.raises(workflow.NotNow, match="由本单位或专项办维护"):
            sits(force.pk, "member", "外人", by=by)
    assert not queries.bodies(scope(town(office.OTHER_TOWN))).filter(pk=force.pk).exists()
    assert queries.body(scope(town(office.VILLAGE)), force.pk) == force


def test_days_lie_between_the_first_day_and_today() -> None:
    group = body()
    for on, said in ((OPENS - timedelta(1), "不能早于"), (DAY + timedelta(1), "不能晚于今天")):
        with pytest.raises(actions.NotFit, match=said):
            sits(group.pk, on=on)


def test_telephones_lie_sealed() -> None:
    seat = sits(body().pk)
    assert Seat.objects.get(pk=seat.pk).phone == PHONE
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM campaigns_seat")
        assert PHONE.encode() not in bytes(cursor.fetchone()[0])
