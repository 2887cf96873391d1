"""倒查: what is on record before the event and nothing after it; absence said as absence; nobody sees more of tips than before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shouhu.engines.law import cite
from shouhu.ledgers.disposals import actions as disposals
from shouhu.ledgers.institutions import actions as institutions
from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.supervision.actions.orders import About
from shouhu.ledgers.supervision.queries import backtrace as queries
from shouhu.ledgers.supervision.queries.backtrace import Backtrace
from shouhu.ledgers.units.scope import Scope
from tests import office
from tests.ledgers.disposals import work
from tests.ledgers.disposals.work import AT
from tests.ledgers.supervision.scene import chief, order, town
from tests.ledgers.tips import way

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=60)


def falls(institution: Institution) -> None:
    """This function will let an institution go red sixty days later."""
    institution.refresh_from_db()
    institutions.revise(institution_id=institution.pk, base=institution.n, changes={"suspected_crime": True}, cause="edit",
                             by=chief(), at=LATER)  # fmt: skip
    disposals.rate_and_open(institution_ids=[institution.pk], by=chief(), at=LATER)


def traced(institution: Institution, scope: Scope | None = None) -> Backtrace:
    scope = scope or Scope.of(chief())
    event = queries.of_institution(scope, institution.pk)
    assert event and event.at == LATER
    return queries.backtrace(scope, event)


def test_what_was_never_done_is_said_to_be_absent() -> None:
    institution = office.institution("安康养老院", **work.FACTS["green"])
    falls(institution)
    found = traced(institution)
    assert [one.id for one in found.absences] == ["unsurveyed", "unrated"]
    assert found.acts == ()


def test_measures_that_were_late_are_named_with_the_unit_and_the_missing_order() -> None:
    disposal = work.opened("yellow")
    disposals.take(disposal_ids=[disposal.pk], post=work.town(), by=chief(), at=AT)
    first, *others = disposal.tasks.order_by("pk")
    work.finish(first)
    falls(disposal.institution)
    found = traced(disposal.institution)
    absent = {one.id: one for one in found.absences}
    assert set(absent) == {"unsurveyed", "measures_late", "unsupervised"}
    assert (absent["measures_late"].n, absent["measures_late"].whose) == (len(others), work.town().unit.name)
    measures = found.section("measure")
    assert sum(one.what.endswith("：已办结") and not one.was_late for one in measures) == 1
    assert [one.what for one in found.section("rating")] == ["评为黄▲"]


def test_an_order_before_it_counts_and_one_after_it_does_not() -> None:
    disposal = work.opened("yellow")
    order(about=About("disposal", disposal.pk))
    falls(disposal.institution)
    order(about=About("disposal", disposal.pk), at=LATER + timedelta(days=1))
    found = traced(disposal.institution)
    assert [one.what for one in found.section("supervision")] == ["发督办单 督办〔2026〕1号：排查进度滞后"]
    assert "unsupervised" not in {one.id for one in found.absences}


def test_a_tip_that_the_reader_may_not_see_is_neither_told_nor_counted() -> None:
    institution = office.institution("安康养老院", **work.FACTS["green"])
    tip = way.fresh()
    way.step(tip, "triage")
    way.step(tip, "link", institution_id=institution.pk)
    way.step(tip, "assign")
    falls(institution)
    office_view, town_view = traced(institution), traced(institution, Scope.of(town()))
    assert len(office_view.section("tip")) == 1 and "tip_late" in {one.id for one in office_view.absences}
    assert town_view.section("tip") == [] and "tip_late" not in {one.id for one in town_view.absences}


def test_from_a_tip_that_proved_true_one_looks_back_to_the_day_it_came() -> None:
    institution = office.institution("安康养老院", at=AT - timedelta(days=3), **work.FACTS["yellow"])
    disposals.rate_and_open(institution_ids=[institution.pk], by=chief(), at=AT - timedelta(days=2))
    tip = way.fresh()
    scope = Scope.of(chief())
    for verb, more in (("triage", {}), ("link", {"institution_id": institution.pk}), ("assign", {}), ("accept", {})):
        way.step(tip, verb, **more)
        assert queries.of_tip(scope, tip.pk) is None
    way.step(tip, "conclude")
    event = queries.of_tip(scope, tip.pk)
    assert event and (event.institution, event.at) == (institution, tip.received_at)
    assert queries.backtrace(scope, event).section("rating")
    assert queries.of_tip(office.scope("task_force", office.OTHER_TOWN), tip.pk) is None


def test_what_did_not_go_red_is_not_traced_and_every_duty_can_be_cited() -> None:
    institution = work.opened("yellow").institution
    assert queries.of_institution(Scope.of(chief()), institution.pk) is None
    for one in queries._duties().values():
        assert bool(one.clause) != (one.mark == "P")
        if one.clause:
            assert cite(one.clause).about
