"""Two entries become one: what every room holds about the one goes over to the other, and both trails can be read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from shouhu.ledgers.clearances.models import Clearance
from shouhu.ledgers.disposals import actions, queries
from shouhu.ledgers.disposals.models import Disposal
from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.ratings import actions as ratings
from shouhu.ledgers.ratings import queries as rated
from shouhu.ledgers.ratings.models import Disclosure, Standing
from shouhu.ledgers.surveys import actions as surveys
from shouhu.ledgers.surveys.models import Assignment
from shouhu.ledgers.units.refusals import Refused
from tests import office
from tests.ledgers.disposals.work import AT, FACTS, chief, finish, opened, prove, refund, second, task_of, town
from tests.ledgers.surveys import field

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=3)


def merge(kept: Institution, gone: Institution) -> Standing:
    return actions.settle_merger(kept_id=kept.pk, gone_id=gone.pk, by=chief(), at=LATER, reason="同一家")


def test_the_only_open_disposal_goes_over_with_its_trail() -> None:
    disposal = opened("orange", name="重复院")
    actions.take(disposal_ids=[disposal.pk], post=town(), by=chief(), at=AT)
    gone, kept = disposal.institution, office.institution("本院", **{**FACTS["green"], "prosecuted": None})
    assert merge(kept, gone).colour == "orange"  # what only the other knew counts now
    disposal.refresh_from_db()
    assert disposal.institution == kept and disposal.closed_at is None and disposal.handler == town()
    assert Disposal.objects.count() == 1 == queries.seen(office.scope()).count()
    notes = [step.note for step in queries.steps(disposal)]
    assert any(gone.number in note and kept.number in note for note in notes) and any("立项" in note for note in notes)
    assert {one.institution_id for one in rated.colour_list(office.scope())} == {kept.pk}


def test_of_two_open_disposals_one_goes_on_with_everything_that_the_other_held() -> None:
    staying, going = opened("orange", name="本院"), opened("red", name="重复院")
    for disposal, name in ((staying, "R-talk"), (going, "R-talk"), (going, "R-notify")):
        if (disposal, name) != (staying, "R-talk"):
            finish(task_of(disposal, name))
    prove(task_of(going, "R-rectify"), town())
    asked = actions.ask(task_id=task_of(going, "R-rectify").pk, kind="waiver", reason="x", by=town(), at=AT)
    refund(staying, "owed", 100_00, town())
    refund(going, "owed", 200_00, town())
    going.plan, going.planned_at, going.planned_by = "先安置", AT, town()
    going.save()
    merge(staying.institution, going.institution)

    staying.refresh_from_db()
    going.refresh_from_db()
    assert queries.refunded(staying).owed_fen == 300_00
    assert (staying.plan, staying.worst) == ("先安置", "red")
    assert (
        task_of(staying, "R-talk").done_at and task_of(staying, "R-notify").done_at
    )  # what was done is not owed again
    dropped = [task for task in queries.tasks_of(staying) if task.dropped_at]
    assert {task.measure for task in dropped} >= {"R-talk", "R-rectify"}
    assert any(task.orders.exists() for task in dropped)  # the paper of the one that fell away can still be read
    assert not queries.pending(office.scope())
    with pytest.raises(Refused, match="不再要求"), transaction.atomic():
        actions.approve(application_id=asked.pk, by=second(), at=LATER)
    assert going.closed_at and going.closing_rating and not going.tasks.exists() and not going.steps.exists()
    assert {"opened", "do_task", "issue_order", "merged"} <= set(staying.steps.values_list("verb", flat=True))
    assert queries.seen(office.scope()).get() == staying and queries.one(office.scope(), going.pk) is None
    assert len({task.pk for task in queries.tasks_of(staying) if not task.dropped_at}) == len(
        {task.measure for task in queries.tasks_of(staying) if not task.dropped_at}
    )
    assert {one.disposal_id for one in queries.due_for(office.scope(), AT.date())} <= {staying.pk}


def test_an_unregistered_site_and_the_work_of_the_round_go_over() -> None:
    kept, gone = (
        office.institution("本院", filed="未备案"),
        office.institution("重复院", filed="未备案", registered="未登记"),
    )
    row = field.assigned(gone)
    actions.settle(institution_ids=[gone.pk], by=chief(), at=AT)
    site = Clearance.objects.get()
    merge(kept, gone)
    site.refresh_from_db()
    row.refresh_from_db()
    assert site.institution == kept and site.closed_at is None
    assert gone.number in site.steps.get(verb="merge").says
    assert row.withdrawn_at and Assignment.objects.get(institution=kept, withdrawn_at=None).unit == row.unit


def test_of_two_open_sites_one_goes_on_and_the_count_falls_by_one() -> None:
    kept, gone = (office.institution(name, registered="未登记") for name in ("本处", "重复处"))
    actions.settle(institution_ids=[kept.pk, gone.pk], by=chief(), at=AT)
    merge(kept, gone)
    staying, shell = Clearance.objects.get(institution=kept), Clearance.objects.get(institution=gone)
    assert shell.merged_into == staying and shell.closed_at and staying.closed_at is None
    assert staying.steps.filter(verb="find").count() == 2


def test_whoever_was_given_the_merged_entry_is_told_of_later_corrections() -> None:
    gone, kept = opened("orange", name="重复院").institution, office.institution("本院", **FACTS["orange"])
    ratings.disclose(
        rows=Standing.objects.filter(institution=gone),
        receiver="区委政法委",
        what="名单",
        facts=["name"],
        by=chief(),
        at=AT,
    )
    merge(kept, gone)
    assert Disclosure.objects.get().institution == kept
    contested = ratings.file_objection(
        institution_id=kept.pk, fact="prosecuted", says="没有这回事", by=town(), at=LATER
    )
    actions.settle_objection(objection_id=contested.pk, is_upheld=True, grounds="查实", value=(), by=second(), at=LATER)
    assert [one.disclosure.receiver for one in rated.corrections(office.scope())] == ["区委政法委"]


def test_what_waits_for_a_person_is_answered_first() -> None:
    kept, gone = office.institution("本院"), opened("orange", name="重复院", filed="未备案").institution
    contested = ratings.file_objection(institution_id=gone.pk, fact="prosecuted", says="不对", by=town(), at=AT)
    with pytest.raises(Refused, match="异议没有答复"), transaction.atomic():
        merge(kept, gone)
    actions.settle_objection(objection_id=contested.pk, is_upheld=False, grounds="属实", by=second(), at=AT)
    sheet = field.submit(field.assigned(gone), {"n_beds": 90}, by=town())
    with pytest.raises(Refused, match="排查表待审"), transaction.atomic():
        merge(kept, gone)
    surveys.return_sheet(sheet_id=sheet.pk, reason="重复", by=chief(), at=AT)
    merge(kept, gone)
    assert rated.objections(office.scope()).get().institution == kept
