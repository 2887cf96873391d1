"""Who surveys whom, and how far a round has come."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shouhu.engines import law
from shouhu.ledgers.institutions.actions import revise
from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.surveys import actions, queries
from shouhu.ledgers.surveys.duties import duties
from shouhu.ledgers.surveys.models import Assignment
from tests import office
from tests.ledgers.surveys import field

pytestmark = pytest.mark.django_db

DUTIES = """
    registered | filed  | surveyed by | rule
    已登记     | 已备案 | county      | S-filed
    已登记     | 未备案 | town        | S-unfiled
    已登记     | -      | town        | S-unclear
    未登记     | 未备案 | town        | S-unregistered
    未登记     | 已备案 | town        | S-unregistered
    未登记     | -      | town        | S-unregistered
    -          | 已备案 | county      | S-filed
    -          | 未备案 | town        | S-unfiled
    -          | -      | town        | S-unclear
"""


def rows() -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in DUTIES.strip().splitlines()[1:]]


@pytest.mark.parametrize(("registered", "filed", "level", "rule"), rows())
def test_filed_goes_to_the_county_everything_else_to_the_town(
    registered: str, filed: str, level: str, rule: str
) -> None:
    facts: dict[str, Any] = {
        "registered": None if registered == "-" else registered,
        "filed": None if filed == "-" else filed,
    }
    made = field.assigned(office.institution(**facts))
    assert (made.unit.code, made.why) == ({"county": office.COUNTY, "town": office.TOWN}[level], rule)


def test_every_duty_cites_a_clause() -> None:
    assert all(law.cite(duty.clause) and len(duty.says) <= 30 for duty in duties())


def test_assignment_follows_a_new_status_but_leaves_what_a_person_gave_out() -> None:
    moving, fixed = office.institution("甲"), office.institution("乙")
    round_ = field.opened()
    first = actions.assign(round_id=round_.pk, by=office.post(), at=office.AT)
    assert (first.n_new, first.n_moved) == (2, 0)
    other = office.post("task_force", office.OTHER_TOWN)
    actions.reassign(assignment_ids=[Assignment.objects.get(institution=fixed).pk], unit_id=other.unit.pk,
                     by=office.post(), at=office.AT)  # fmt: skip
    for one in (moving, fixed):
        revise(institution_id=one.pk, base=1, changes={"filed": "未备案"}, cause="edit", by=office.post(), at=office.AT)
    again = actions.assign(round_id=round_.pk, by=office.post(), at=office.AT)
    assert (again.n_new, again.n_moved, again.n_kept) == (0, 1, 1)
    assert Assignment.objects.get(institution=moving).unit.code == office.TOWN
    assert Assignment.objects.get(institution=fixed).unit == other.unit


def test_what_is_gone_is_withdrawn_and_comes_back() -> None:
    one = office.institution()
    made = field.assigned(one)
    Institution.objects.filter(pk=one.pk).update(ceased_on=date(2026, 11, 17))
    assert actions.assign(round_id=made.round_id, by=office.post(), at=office.AT).n_withdrawn == 1
    Institution.objects.filter(pk=one.pk).update(ceased_on=None)
    assert actions.assign(round_id=made.round_id, by=office.post(), at=office.AT).n_moved == 1
    assert Assignment.objects.get(pk=made.pk).withdrawn_at is None


def test_only_the_own_work_is_seen() -> None:
    round_ = field.opened()
    near = office.institution("近", office.VILLAGE, filed="未备案")
    next_door = office.institution("邻", office.OTHER_VILLAGE, filed="未备案")
    far = office.institution("远", office.FAR_VILLAGE, filed="未备案")
    filed = office.institution("备案", office.VILLAGE)
    actions.assign(round_id=round_.pk, by=office.post(), at=office.AT)

    def seen(role: str, code: str) -> set[Institution]:
        return {row.institution for row in queries.mine(office.scope(role, code))}

    assert seen("neighbourhood", office.VILLAGE) == {near}
    assert seen("task_force", office.TOWN) == {near, next_door}
    assert seen("task_force", office.OTHER_TOWN) == {far}
    assert seen("campaign_office", office.COUNTY) == {filed}
    named = office.post("grid_worker", office.VILLAGE)
    actions.reassign(assignment_ids=Assignment.objects.filter(institution=near).values_list("pk", flat=True),
                     post_id=named.pk, by=office.post("task_force", office.TOWN), at=office.AT)  # fmt: skip
    assert seen("neighbourhood", office.VILLAGE) == set()
    assert seen("grid_worker", office.VILLAGE) == {near}


def test_a_town_cannot_give_out_the_work_of_another() -> None:
    far = field.assigned(office.institution("远", office.FAR_VILLAGE, filed="未备案"))
    with pytest.raises(actions.assignments.AssignmentRefused, match="请先勾选"):
        actions.reassign(assignment_ids=[far.pk], due_on=date(2026, 12, 1), by=office.post("task_force", office.TOWN),
                         at=office.AT)  # fmt: skip


def test_coverage_is_a_recount_in_one_query() -> None:
    round_ = field.opened()
    places = (office.VILLAGE, office.OTHER_VILLAGE, office.FAR_VILLAGE)
    for k in range(12):
        office.institution(f"第{k}家", places[k % 3], filed="未备案")
    actions.assign(round_id=round_.pk, by=office.post(), at=office.AT)
    rows = list(Assignment.objects.order_by("pk"))
    for k, row in enumerate(rows):
        if k % 4 == 3:
            continue
        sheet = field.submit(row, {"stable": True}, by=office.post("task_force", row.unit.code), key=k + 1)
        if k % 4 == 0:
            actions.accept(sheet_id=sheet.pk, by=office.post(), at=office.AT)
        elif k % 4 == 1:
            actions.return_sheet(sheet_id=sheet.pk, reason="照片看不清", by=office.post(), at=office.AT)
    after = round_.due_on + timedelta(days=1)
    scope = office.scope()
    with CaptureQueriesContext(connection) as captured:
        found = queries.coverage(scope, round_, after)
    assert len(captured) == 1
    state = {k: ("done", "returned", "waiting", "open")[k % 4] for k in range(12)}
    for one in found:
        inside = Counter(state[k] for k, row in enumerate(rows) if row.code[:9] == one.code[:9])
        assert (one.n_done, one.n_returned, one.n_waiting, one.n_open) == tuple(
            inside[name] for name in ("done", "returned", "waiting", "open")
        )
        assert one.n_late == inside["open"] + inside["returned"]
    assert [one.name for one in found] == ["清河镇", "南渡镇"]
    whole = queries.total(found, office.COUNTY, "望澜区")
    assert (whole.n_due, whole.n_done, whole.percent) == (12, 3, 25)
    town = queries.coverage(office.scope("task_force", office.TOWN), round_, after)
    assert [(one.name, one.n_due) for one in town] == [("柳湾村", 4), ("石桥村", 4)]


def test_what_is_found_enters_the_frame_and_goes_to_the_town() -> None:
    round_ = field.opened()
    by = office.post("grid_worker", office.VILLAGE)
    given: dict[str, Any] = {
        "round_id": round_.pk,
        "name": "河东路老年公寓",
        "code": office.VILLAGE,
        "by": by,
        "at": office.AT,
    }
    made = actions.found(address="河东路12号", **given)
    assert (made.institution.source, made.institution.is_registered, made.why) == ("grid", False, "S-unregistered")
    assert made in queries.mine(office.scope("grid_worker", office.VILLAGE))
    with pytest.raises(actions.assignments.AssignmentRefused, match="同一处已有"):
        actions.found(address="河东路12号", **given)
    with pytest.raises(actions.assignments.AssignmentRefused, match="本辖区"):
        actions.found(address="河东路12号", **{**given, "code": office.FAR_VILLAGE})
    looks = queries.four_looks(office.scope(), round_, field.TODAY)
    assert [line.institution for line in looks.new.lines] == [made.institution]


def test_four_looks_list_the_differences() -> None:
    round_ = field.opened()
    done = office.institution("已查", filed="未备案", address="学府路1号", assets=None, takes_prepayment=None)
    office.institution("未查", filed="未备案", address="学府路 1号")
    actions.assign(round_id=round_.pk, by=office.post(), at=office.AT)
    pushed = office.institution("公安发现")
    Institution.objects.filter(pk=pushed.pk).update(source="police")
    sheet = field.submit(Assignment.objects.get(institution=done), {"stable": True})
    actions.accept(sheet_id=sheet.pk, by=office.post(), at=office.AT)
    looks = queries.four_looks(office.scope(), round_, field.TODAY)
    assert [(look.n_seen, look.n_good) for look in looks.four] == [(1, 0), (2, 1), (1, 0), (1, 0)]
    assert "是否收取预付费" in looks.complete.lines[0].says
    assert [line.says for line in looks.shared.lines] == ["公安共享，本轮没有分派"]
    assert [[one.name for one in group] for group in looks.twins] == [["已查", "未查"]]
