"""Journeys across rooms: an accepted sheet, an import, each in one call from facts to dated measures."""

from __future__ import annotations

import secrets
from datetime import timedelta

import pytest

from shouhu.ledgers.clearances import transitions
from shouhu.ledgers.clearances.models import Clearance
from shouhu.ledgers.disposals import actions
from shouhu.ledgers.disposals.models import Disposal
from shouhu.ledgers.institutions import actions as institutions
from shouhu.ledgers.institutions.models import Institution, Version
from shouhu.ledgers.ratings.models import Move, Rating, Standing
from tests import office
from tests.ledgers.clearances.walk import step, until
from tests.ledgers.disposals.work import AT, FACTS, chief, second, task_of
from tests.ledgers.institutions.sheet import register, row
from tests.ledgers.surveys import field

pytestmark = pytest.mark.django_db


def test_an_accepted_sheet_is_rated_and_opens_its_measures() -> None:
    institution = office.institution(filed="未备案", **FACTS["green"])
    sheet = field.submit(field.assigned(institution), {"prosecuted": ["法定代表人"]})
    settled = actions.settle_survey(sheet_id=sheet.pk, by=chief(), at=AT)
    assert (settled.version.n, settled.standing.colour) == (2, "orange")
    assert settled.disposal == Disposal.objects.get() and task_of(settled.disposal, "R-talk")
    assert settled.standing.rating.version == settled.version
    assert not Clearance.objects.exists()


def test_a_sheet_that_finds_nothing_opens_nothing() -> None:
    sheet = field.submit(field.assigned(office.institution(filed="未备案", **FACTS["green"])), {"n_beds": 90})
    assert actions.settle_survey(sheet_id=sheet.pk, by=chief(), at=AT).disposal is None


def test_an_unregistered_site_comes_onto_the_ledger_of_the_clear_out() -> None:
    institution = office.institution("河东路老年公寓", filed="未备案", **FACTS["green"])
    sheet = field.submit(field.assigned(institution), {"registered": "未登记"})
    settled = actions.settle_survey(sheet_id=sheet.pk, by=chief(), at=AT)
    assert settled.disposal and task_of(settled.disposal, "U-owner")
    assert Clearance.objects.get().institution == institution


def test_what_is_written_into_the_register_is_rated_at_once() -> None:
    by = chief()
    one = actions.settle_act(institutions.register, facts={**office.ANSWERED, **FACTS["green"], "name": "新院"}, code=office.VILLAGE, source="known",
                             by=by, at=AT)  # fmt: skip
    standing = Standing.objects.get()
    assert (standing.colour, Disposal.objects.count()) == ("green", 0)
    actions.settle_act(institutions.revise, institution_id=one.pk, base=1, changes={"prosecuted": ("法定代表人",)}, cause="edit",
                       by=by, at=AT)  # fmt: skip
    standing.refresh_from_db()
    assert standing.colour == "orange" == Disposal.objects.get().colour
    row = field.assigned(one)
    place = actions.settle_act(institutions.move, institution_id=one.pk, code=office.FAR_VILLAGE, address="东埠路1号", on=AT.date(),
                               by=by, at=AT)  # fmt: skip
    row.refresh_from_db()
    assert row.code == place.code == Move.objects.latest("pk").code == office.FAR_VILLAGE
    actions.settle_act(
        institutions.revise, institution_id=one.pk, base=3, changes={"registered": "未登记"}, cause="edit", by=by, at=AT
    )
    assert Clearance.objects.get().institution == one


def test_a_site_that_a_surveyor_finds_is_on_the_ledger_and_rated_at_once() -> None:
    round_ = field.opened()
    made = actions.settle_finding(round_id=round_.pk, name="河东路老年公寓", code=office.VILLAGE, address="河东路12号",
                                  by=office.post("neighbourhood", office.VILLAGE), at=AT)  # fmt: skip
    assert Clearance.objects.get().institution == made.institution
    standing = Standing.objects.get()
    assert (standing.rating.colour, standing.colour) == ("unknown", "orange")
    assert Disposal.objects.get().institution == made.institution


def test_a_site_that_registered_in_the_end_has_the_measures_of_its_colour() -> None:
    field.campaign()
    clearance = until("acting")
    actions.rate_and_open(institution_ids=[clearance.institution_id], by=chief(), at=AT)

    def demanded() -> set[str]:
        return set(Disposal.objects.get().tasks.filter(dropped_at=None).values_list("measure", flat=True))

    assert "U-owner" in demanded()
    while transitions.undone(clearance):
        clearance = step(clearance, transitions.next_verb(clearance))
    step(clearance, "propose", outcome="registered", document_number="统登1号", is_filed=True)
    step(clearance, "review")
    closed = actions.settle_clearance(clearance_id=clearance.pk, by=second(), at=AT + timedelta(hours=2))
    version = Version.objects.filter(institution=closed.institution).latest("n")
    assert version.cause == "clearance" and version.origins["registered"][0] == "clearance"
    assert "U-owner" not in demanded()


def test_an_import_is_rated_and_may_be_taken_up_again() -> None:
    made = institutions.open_batch(content=register([row(1), row(2)]), name="台账.csv", token=secrets.token_hex(16), source="import",
                                   code=office.COUNTY, by=chief(), at=AT)  # fmt: skip
    institutions.map_batch(batch_id=made.pk, choices={}, by=chief(), at=AT)
    institutions.stage_batch(batch_id=made.pk, at=AT, pause=lambda: None)
    institutions.confirm_batch(batch_id=made.pk, by=chief(), at=AT)
    for _ in range(2):
        actions.settle_batch(batch_id=made.pk, by=chief(), at=AT, pause=lambda: None)
        assert (
            Institution.objects.count()
            == Standing.objects.count()
            == Disposal.objects.filter(colour="unknown").count()
            == 2
        )
    assert Rating.objects.count() == 4
