"""Journeys across rooms: an accepted sheet, an import, each in one call from facts to dated measures."""

from __future__ import annotations

import secrets

import pytest

from shouhu.ledgers.clearances.models import Clearance
from shouhu.ledgers.disposals import actions
from shouhu.ledgers.disposals.models import Disposal
from shouhu.ledgers.institutions import actions as institutions
from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.ratings.models import Rating, Standing
from tests import office
from tests.ledgers.disposals.work import AT, FACTS, chief, task_of
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
