"""清零: which step can be taken when and by whom, and what has to be proved before a site comes off the ledger."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from shouhu.ledgers.campaigns.models import CalendarDay
from shouhu.ledgers.clearances import actions, queries, transitions
from shouhu.ledgers.clearances.actions import Incomplete, NotFit, NotNow, Unproved
from shouhu.ledgers.clearances.models import TRACKS, Clearance
from shouhu.ledgers.institutions import actions as institutions
from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.journal import queries as journal
from shouhu.ledgers.units.models import Tenure
from tests import office
from tests.ledgers.clearances.walk import DAY, chief, colleague, found, site, step, town, until

pytestmark = pytest.mark.django_db
TABLE = """
    state      | steps that can be taken                     | days
    found      | appoint verify                              | 3
    verified   | appoint classify propose                    | 3
    classified | appoint classify act transfer propose       | 5
    acting     | appoint classify act transfer receive propose | 30
    proposed   | appoint review send_back                    | 5
    reviewed   | appoint send_back close                     | 3
    closed     |                                             | 0
"""


def test_the_table_of_steps() -> None:
    for line in TABLE.strip().splitlines()[1:]:
        state, verbs, n_days = (part.strip() for part in line.split("|"))
        assert [one.verb for one in transitions.available(state)] == verbs.split(), state
        assert transitions.STATES[state].n_days == int(n_days)
    assert [line.split("|")[0].strip() for line in TABLE.strip().splitlines()[1:]] == list(transitions.STATES)


@pytest.mark.parametrize("state", transitions.STATES)
def test_every_other_step_is_refused_with_a_way_out_and_changes_nothing(state: str) -> None:
    clearance = until(state)
    assert clearance.state == state
    assert queries.seen(office.scope()).filter(queries.in_state(state)).get() == clearance
    for verb in {one.verb for one in transitions.TRANSITIONS} - {one.verb for one in transitions.available(state)}:
        with pytest.raises(NotNow, match="请"), transaction.atomic():
            step(clearance, verb, **({"transfer_id": 0} if verb == "receive" else {}))
    assert Clearance.objects.get().state == state


def test_the_usual_way_sets_a_deadline_in_worked_days_for_each_state() -> None:
    clearance = found()
    assert (clearance.due_from_on, clearance.due_on) == (DAY, date(2026, 11, 23))  # over a weekend
    for state, due_on in {
        "classified": date(2026, 11, 25),
        "acting": date(2026, 12, 30),
        "proposed": date(2026, 11, 25),
    }.items():
        clearance = until(state, clearance)
        assert clearance.due_on == due_on, state
    clearance = until("closed", clearance)
    assert (clearance.due_from_on, clearance.due_on) == (None, None)
    verbs = [entry.verb for entry in journal.of(f"clearance/{clearance.pk}")]
    assert verbs == [f"clearance.{one.verb}" for one in clearance.steps.order_by("-pk")]


def test_deadlines_move_with_the_calendar() -> None:
    clearance = found()
    CalendarDay.objects.create(
        on=date(2026, 11, 19), is_worked=False, note="本地放假", set_at=office.AT, set_by=chief()
    )
    (moved,) = actions.recount(why="2026-11-19 改为放假", by=chief(), at=office.AT)
    assert str(moved.before) in clearance.steps.get(verb="recount").says
    assert actions.recount(why="再算", by=chief(), at=office.AT) == []
    clearance.refresh_from_db()
    assert clearance.due_on == date(2026, 11, 24)


# --- one named person ------------------------------------------------------------------------------------------------


def test_nothing_goes_on_without_a_named_person() -> None:
    clearance = found()
    with pytest.raises(NotNow, match="包干人"):
        step(clearance, "verify")
    assert step(step(clearance, "appoint"), "verify").state == "verified"


@pytest.mark.parametrize(
    ("role", "code"), [("task_force", office.OTHER_TOWN), ("leader", office.TOWN), ("grid_worker", office.VILLAGE)]
)
def test_the_named_person_is_of_the_place_and_may_handle_sites(role: str, code: str) -> None:
    clearance = found()
    post = office.post(role, code)
    assert post not in queries.candidates(clearance, DAY)
    with pytest.raises(NotFit):
        step(clearance, "appoint", owner_id=post.pk)


def test_a_post_that_nobody_holds_answers_for_nothing() -> None:
    clearance = until("verified")
    assert not queries.unowned(office.scope(), DAY).exists()
    Tenure.objects.filter(post=town()).update(to_on=DAY)
    assert queries.unowned(office.scope(), DAY).get() == clearance
    assert town() not in queries.candidates(clearance, DAY)
    with pytest.raises(NotFit, match="没有人"):
        step(clearance, "appoint", by=chief())


# --- measures --------------------------------------------------------------------------------------------------------


def test_an_order_names_the_body_that_has_the_power() -> None:
    clearance = until("classified")
    with pytest.raises(Incomplete, match="依法实施的单位"):
        step(clearance, "act", body="")
    with pytest.raises(Incomplete, match="分类时所选"):
        step(clearance, "act", track="refund")
    with pytest.raises(IntegrityError), transaction.atomic():
        clearance.steps.create(verb="act", track="joint", done_on=DAY, recorded_at=office.AT, recorded_by=town())


def test_nothing_is_recorded_for_a_day_to_come() -> None:
    with pytest.raises(Incomplete, match="晚于今天"):
        step(until("classified"), "act", done_on=DAY + timedelta(1))


def test_a_transfer_counts_once_its_receipt_is_in() -> None:
    clearance = step(step(until("classified"), "act"), "transfer")
    assert transitions.next_verb(clearance) == "receive"
    with pytest.raises(Unproved, match="移交（含回执）"):
        step(clearance, "propose")
    with pytest.raises(Incomplete, match="早于移交"):
        step(clearance, "receive", done_on=DAY - timedelta(1))
    step(clearance, "receive")
    with pytest.raises(NotNow, match="没有等待回执"):
        step(clearance, "receive")
    assert step(clearance, "propose").state == "proposed"


@pytest.mark.parametrize(
    ("nature", "stable", "large", "tracks"),
    [
        ("other", True, False, ["urge"]),
        ("enterprise", True, False, ["urge"]),
        ("other", False, True, ["refund", "joint"]),
        ("enterprise", False, True, ["refund", "joint", "transfer"]),
        ("social", True, True, ["urge", "transfer"]),
        ("other", False, False, ["urge"]),
        ("other", None, None, ["urge"]),
    ],
)
def test_what_is_proposed_follows_the_plan(
    nature: str, stable: bool | None, large: bool | None, tracks: list[str]
) -> None:
    assert queries.advised(nature, stable, large) == tracks
    assert set(tracks) <= set(TRACKS)


def test_whether_prepayments_are_large_is_reckoned_from_the_facts() -> None:
    assert queries.is_large({"takes_prepayment": False}, "001", DAY) is False
    assert (
        queries.is_large({"takes_prepayment": True, "max_prepayment": 30000, "monthly_fee": 3000}, "001", DAY) is True
    )
    assert queries.is_large({}, "001", DAY) is None


# --- proof -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("proof", "why"),
    [
        ({"document_number": ""}, "编号"),
        ({"n_residents": None}, "多少位"),
        ({"n_placed": 11}, "还有1位老人没有安置"),
        ({"n_placed": 13}, "核对"),
        ({"n_residents": 3, "n_placed": 3}, "台账记有12位"),
        ({"outcome": "registered"}, "备案"),
    ],
)
def test_the_proof_has_to_be_whole(proof: dict[str, Any], why: str) -> None:
    clearance = until("acting")
    with pytest.raises(Unproved, match=why):
        step(clearance, "propose", **proof)


def test_the_database_keeps_the_proof_whole() -> None:
    proposal = until("proposed").proposal
    assert proposal
    for field, value in {
        "n_placed": 11,
        "document_number": "",
        "outcome": "registered",
        "reviewed_at": office.AT,
    }.items():
        with pytest.raises(IntegrityError), transaction.atomic():
            type(proposal).objects.filter(pk=proposal.pk).update(**{field: value})
    with pytest.raises(IntegrityError), transaction.atomic():
        Clearance.objects.update(proposal=None, closed_at=office.AT, closed_by=chief(), due_on=None, due_from_on=None)


def test_what_proves_to_be_no_elder_care_needs_no_measures() -> None:
    clearance = until("verified")
    with pytest.raises(Unproved, match="还没有分类"):
        step(clearance, "propose")
    clearance = until("closed", step(clearance, "propose", outcome="not_care", grounds="经营棋牌室，没有老人入住"))
    assert clearance.institution.ceased_on is None
    assert Institution.objects.get().ceased_on == DAY


@pytest.mark.parametrize("verb", ["review", "close"])
def test_nobody_reviews_or_closes_what_they_proposed_or_answer_for(verb: str) -> None:
    clearance = until("acting")
    clearance = step(clearance, "propose", by=chief())
    other = colleague("另一人")
    if verb == "close":
        clearance = step(clearance, "review", by=other)
    with pytest.raises(NotNow, match="您提出的"):
        step(clearance, verb)
    step(clearance, "appoint", owner_id=other.pk)
    with pytest.raises(NotNow, match="包干人"):
        step(clearance, verb, by=other)
    third = colleague("第三人")
    assert transitions.hindrance(Clearance.objects.get(), verb, third, DAY) == ""


def test_handlers_do_not_review() -> None:
    with pytest.raises(NotNow, match="岗位"):
        step(until("proposed"), "review", by=town())


def test_sent_back_it_goes_on_where_it_was_and_the_proposal_stays_on_the_trail() -> None:
    clearance = until("reviewed")
    with pytest.raises(Incomplete, match="原因"):
        step(clearance, "send_back", says="")
    clearance = step(clearance, "send_back")
    assert (clearance.state, clearance.proposals.count()) == ("acting", 1)
    clearance = until("closed", clearance)
    assert clearance.proposals.count() == 2
    assert [one.says for one in clearance.steps.filter(verb="send_back")] == ["照片看不清"]


# --- what follows ----------------------------------------------------------------------------------------------------


def test_registered_at_last_the_facts_say_so() -> None:
    clearance = step(
        until("acting"), "propose", outcome="registered", is_filed=True, document_number="91310115MA1K35LX8M"
    )
    until("closed", clearance)
    institution = Institution.objects.get()
    assert (institution.is_registered, institution.is_filed, institution.ceased_on) == (True, True, None)
    assert institution.versions.get(n=institution.n).reference == f"clearance/{clearance.pk}"
    assert actions.find(institution_id=institution.pk, by=town(), at=office.AT) is None


def test_shut_it_is_no_longer_watched_and_comes_back_when_seen_again_with_both_trails() -> None:
    first = until("closed")
    institution = first.institution
    assert Institution.objects.get().ceased_on == DAY
    later = office.AT + timedelta(days=3)
    assert actions.find(institution_id=institution.pk, by=town(), at=later) is None
    institutions.revise(
        institution_id=institution.pk, base=1, changes={"n_residents": 5}, cause="survey", by=town(), at=later
    )
    again = actions.find(institution_id=institution.pk, by=town(), at=later)
    assert again and again.reopens == first and again.state == "found"
    assert Institution.objects.get().ceased_on is None
    assert actions.find(institution_id=institution.pk, by=town(), at=later) == again
    assert list(queries.others(again)) == [first]
    assert first.steps.count() == 10 and again.steps.get().says == "销号后再次发现，重新列入"


def test_only_what_is_known_to_be_unregistered_is_listed_and_only_once() -> None:
    for registered in ("已登记", None):
        other = site(f"登记{registered}", registered=registered)
        assert actions.find(institution_id=other.pk, by=town(), at=office.AT) is None
    clearance = found()
    with pytest.raises(IntegrityError), transaction.atomic():
        Clearance.objects.create(institution=clearance.institution, found_at=office.AT, found_by=town(),
                                 due_from_on=DAY, due_on=DAY)  # fmt: skip
