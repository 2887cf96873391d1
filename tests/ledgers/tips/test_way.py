"""The way of a tip: which act when and by whom, second hands, deadlines, and that one unit has it at every instant."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from shouhu.ledgers.disposals import actions as disposals
from shouhu.ledgers.institutions import queries as institutions
from shouhu.ledgers.journal import queries as journal
from shouhu.ledgers.tips import actions, queries, workflow
from shouhu.ledgers.tips.actions import Incomplete, NotNow, NotThere, NotYours
from shouhu.ledgers.tips.actions.closing import kept_years
from shouhu.ledgers.tips.models import OUTCOMES, STATES, Finding, Tip, Transfer
from shouhu.ledgers.units.models import Post, Tenure
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.units.scope import Scope
from tests import office
from tests.ledgers.disposals.work import FUNDS
from tests.ledgers.surveys import field
from tests.ledgers.tips.way import DAY, chief, fresh, second, step, until, worker

pytestmark = pytest.mark.django_db
TABLE = """
    received   | triage merge supervise unsupervise link bar unbar write                                                   | 1
    triaged    | retriage pass_on assign suspend merge supervise unsupervise link bar unbar write survey                   | 2
    assigned   | recopy assign join accept give_back help leave suspend merge supervise unsupervise link bar unbar write survey | 1
    verifying  | recopy assign join give_back help leave conclude suspend merge supervise unsupervise link bar unbar write survey | 15
    concluded  | reply supervise unsupervise bar unbar receive write survey                                                | 5
    replied    | report supervise unsupervise bar unbar receive write                                                      | 5
    reported   | approve send_back supervise unsupervise bar unbar receive write                                           | 3
    resolved   | archive reopen receive write                                                                              |
    archived   | reopen                                                                                                    |
    suspended  | resume supervise unsupervise bar unbar write                                                              |
    merged     | unmerge                                                                                                   |
"""


def test_the_table() -> None:
    rows = [[part.strip() for part in line.split("|")] for line in TABLE.strip().splitlines()]
    assert [state for state, *_ in rows] == list(STATES)
    for state, verbs, n_days in rows:
        open_ = [one.verb for one in workflow.transitions().values() if state in one.states and one.right]
        assert open_ == verbs.split(), state
        assert str(workflow.proposed_days().get(state, "")) == n_days


@pytest.mark.parametrize("state", STATES)
def test_what_does_not_fit_the_state_is_refused_and_changes_nothing(state: str) -> None:
    tip = until(state)
    before = Tip.objects.filter(pk=tip.pk).values().get()
    for one in workflow.transitions().values():
        plain = one.verb not in ("help", "leave", "receive", "unbar", "merge", "unmerge", "survey")
        if one.right and plain and state not in one.states:
            with pytest.raises((NotNow, NotThere)), transaction.atomic():
                step(tip, one.verb)
    assert Tip.objects.filter(pk=tip.pk).values().get() == before


def test_the_usual_way_counts_worked_days_and_journals_every_step() -> None:
    tip = fresh()
    days = {"received": date(2026, 11, 19), "triaged": date(2026, 11, 20), "assigned": date(2026, 11, 19),
            "verifying": date(2026, 12, 9), "concluded": date(2026, 11, 25), "replied": date(2026, 11, 25),
            "reported": date(2026, 11, 23), "resolved": None, "archived": None}  # fmt: skip
    for state, due_on in days.items():
        tip = until(state, tip)
        assert tip.due_on == due_on, state
        counted = queries.deadline(tip)
        assert (counted and counted.due_on) == due_on
    assert [one.verb for one in journal.of(f"tip/{tip.pk}")] == [
        f"tip.{verb}" for verb in tip.steps.order_by("-pk").values_list("verb", flat=True)
    ]
    assert all(one.ended_at for one in Transfer.objects.filter(tip=tip))


def test_an_urgent_tip_is_due_the_same_day_until_it_is_verified() -> None:
    tip = until("triaged", fresh(is_urgent=True))
    assert tip.due_on == date(2026, 11, 20)  # whoever sorted it said that it is not
    step(tip, "retriage", is_urgent=True)
    tip.refresh_from_db()
    assert tip.due_on == DAY
    assert "当日" in str(queries.deadline(tip))
    assert until("verifying", tip).due_on == date(2026, 12, 9)


def test_deadlines_follow_calendar_and_terms() -> None:
    tip = until("triaged")
    disposals.set_day(on=date(2026, 11, 19), is_worked=False, note="本地放假", by=chief(), at=office.AT)
    tip.refresh_from_db()
    assert tip.due_on == date(2026, 11, 23)
    assert "本地放假" in tip.steps.get(verb="recompute").says
    actions.set_term(code=office.COUNTY, state="triaged", n_days=4, by=chief(), at=office.AT)
    tip.refresh_from_db()
    assert tip.due_on == date(2026, 11, 25)
    right: dict[str, Any] = {"code": office.COUNTY, "state": "triaged", "n_days": 3, "by": chief(), "at": office.AT}
    for name, wrong in (("n_days", 0), ("n_days", 91), ("state", "resolved"), ("code", office.TOWN)):
        with pytest.raises(Incomplete):
            actions.set_term(**{**right, name: wrong})
    with pytest.raises(NotYours):
        actions.set_term(code="990103000000", state="triaged", n_days=3, by=chief(), at=office.AT)


def test_what_is_missing_is_asked_for() -> None:
    tip = fresh()
    for lacking in ({"says": " "}, {"copy": ""}, {"guise": "?"}, {"code": "990103001000"}):
        with pytest.raises(Incomplete), transaction.atomic():
            step(tip, "triage", **lacking)
    until("verifying", tip)
    tip.refresh_from_db()
    for name, wrong in (
        ("outcome", "elsewhere"), ("facts", ""), ("evidence", " "), ("basis", []), ("found_on", DAY + timedelta(2)),
        ("changes", {"promises_return": True}), ("changes", {"nonsense": 1}),
    ):  # fmt: skip
        with pytest.raises(Incomplete), transaction.atomic():
            step(tip, "conclude", **{name: wrong})
    for until_on in (DAY, DAY + timedelta(400)):
        with pytest.raises(Incomplete), transaction.atomic():
            step(tip, "suspend", until_on=until_on)
    with pytest.raises(Incomplete):
        step(tip, "give_back", why="")


def test_only_the_unit_that_has_it_verifies() -> None:
    tip = until("assigned")
    other = office.post("member_unit", office.TOWN)
    with pytest.raises(NotThere):
        step(tip, "accept", by=other)
    with pytest.raises(NotYours):
        step(tip, "accept", by=chief())  # sees it, has it no more
    with pytest.raises(NotNow):
        step(tip, "triage", by=worker())
    step(tip, "accept")
    tip.refresh_from_db()
    assert (tip.unit, tip.handler) == (worker().unit, worker())
    transfer = Transfer.objects.get(tip=tip)
    assert (transfer.from_unit, transfer.to_unit, transfer.accepted_by) == (chief().unit, worker().unit, worker())


def test_a_unit_that_helps_sees_it_accepts_and_leaves_and_the_tip_stays() -> None:
    tip = until("verifying")
    helper = office.post("task_force", office.TOWN)
    assert queries.one(Scope.of(helper), tip.pk) is None
    step(tip, "join")
    with pytest.raises(Incomplete):
        step(tip, "join")
    step(tip, "accept", by=helper)
    tip.refresh_from_db()
    assert (tip.state, tip.unit) == ("verifying", worker().unit)
    with pytest.raises(NotYours):
        step(tip, "conclude", by=helper)
    assert queries.one(Scope.of(helper), tip.pk)
    step(tip, "give_back", by=helper, why="走访已完成")
    tip.refresh_from_db()
    assert (tip.state, tip.unit) == ("verifying", worker().unit)
    assert queries.one(Scope.of(helper), tip.pk) is None


def test_given_back_and_handed_to_another() -> None:
    tip = until("verifying")
    step(tip, "give_back", why="与经办人有亲属关系")
    tip.refresh_from_db()
    assert (tip.state, tip.unit, tip.handler) == ("triaged", chief().unit, None)
    assert Transfer.objects.get(tip=tip).why_returned == "与经办人有亲属关系"
    assert queries.one(Scope.of(worker()), tip.pk) is None
    other = office.post("task_force", office.TOWN)
    step(tip, "assign", unit_id=other.unit_id, handler_id=other.pk)
    step(tip, "assign", unit_id=worker().unit_id)  # thought better of
    tip.refresh_from_db()
    assert (tip.state, tip.unit, tip.handler) == ("assigned", worker().unit, None)
    assert queries.one(Scope.of(other), tip.pk) is None
    with pytest.raises(Incomplete):
        step(tip, "assign", unit_id=worker().unit_id, handler_id=other.pk)  # sits elsewhere


def test_what_is_out_of_scope_is_passed_on_and_its_receipt_comes_in() -> None:
    tip = fresh()
    step(tip, "triage", is_in_scope=False, says="食品质量问题")
    with pytest.raises(Incomplete, match="分流转出"):
        step(tip, "assign")
    step(tip, "pass_on")
    tip.refresh_from_db()
    assert (tip.state, Finding.objects.get(tip=tip).outcome) == ("concluded", "elsewhere")
    transfer = queries.transfers(Scope.of(chief())).get()
    actions.receive_receipt(transfer_id=transfer.pk, by=chief(), at=office.AT)
    with pytest.raises(Incomplete):
        actions.receive_receipt(transfer_id=transfer.pk, by=chief(), at=office.AT)
    assert until("resolved", tip).state == "resolved"


def test_a_report_needs_a_second_person() -> None:
    tip = until("reported")
    same = Post.objects.create(code="T-TWIN", title="另一岗位", role="campaign_office", unit=chief().unit)
    Tenure.objects.create(post=same, person=chief().tenures.get().person, from_on=DAY)
    for by in (chief(), same):
        with pytest.raises(NotYours, match="换一位"), transaction.atomic():
            step(tip, "approve", by=by)
        with pytest.raises(NotYours), transaction.atomic():
            step(tip, "send_back", by=by)
    step(tip, "send_back", why="请补充依据")
    tip.refresh_from_db()
    assert tip.state == "replied"
    assert until("resolved", tip).resolved_by == second()


def test_whoever_found_does_not_approve() -> None:
    tip = until("triaged")
    step(tip, "assign", unit_id=second().unit_id, handler_id=second().pk)
    step(tip, "accept", by=second())
    step(tip, "conclude", by=second())
    tip.refresh_from_db()
    until("reported", tip)
    with pytest.raises(NotYours, match="核查人"):
        step(tip, "approve", by=second())


def test_suspended_and_resumed_where_it_was() -> None:
    tip = until("suspended")
    assert (tip.due_on, tip.unit) == (DAY + timedelta(30), worker().unit)
    step(tip, "resume")
    tip.refresh_from_db()
    assert (tip.state, tip.due_on, tip.suspended_state) == ("verifying", date(2026, 12, 9), "")


def test_reopened_keeps_the_finding_until_another_comes() -> None:
    tip = until("archived")
    assert tip.erase_on == DAY.replace(year=DAY.year + kept_years()["true"])
    step(tip, "reopen")
    tip.refresh_from_db()
    assert (tip.state, tip.unit) == ("triaged", chief().unit)
    assert tip.erase_on is None and tip.resolved_at is None
    first = Finding.objects.get(tip=tip, replaced_at=None)
    tip = until("resolved", tip)
    assert Finding.objects.get(tip=tip, replaced_at=None) != first
    assert tip.reports.filter(approved_at__isnull=False).count() == 2


def test_every_outcome_has_its_years() -> None:
    assert set(kept_years()) == {*OUTCOMES, ""}


def test_what_was_found_reaches_the_institution_and_its_colour() -> None:
    tip = until("triaged")
    place = office.institution(**FUNDS)
    disposals.settle(institution_ids=[place.pk], by=chief(), at=office.AT)
    assert place.standing.colour == "green"
    step(tip, "link", institution_id=place.pk)
    until("verifying", tip)
    changes: dict[str, Any] = {"promises_return": True, "takes_prepayment": True}
    given = {"outcome": "true", "facts": "承诺返利", "evidence": "合同", "basis": ["条例第2条"], "found_on": DAY}
    disposals.settle_tip(tip_id=tip.pk, changes=changes, by=worker(), at=office.AT + timedelta(hours=1), **given)
    place.refresh_from_db()
    known = {one.fact.name: one for one in institutions.known(institutions.version(place, place.n))}
    assert (known["promises_return"].value, known["promises_return"].reference) == (True, f"tip/{tip.pk}")
    place.standing.refresh_from_db()
    assert place.standing.colour != "green"


def test_what_a_finding_says_as_it_is_known_is_no_change() -> None:
    tip = until("triaged")
    place = office.institution(related_companies=(), prosecuted=("机构",), n_beds=30, n_residents=None, **FUNDS)
    step(tip, "link", institution_id=place.pk)
    until("verifying", tip)
    told = {"related_companies": False, "prosecuted": ("机构",), "n_beds": 30.0, "n_residents": None}
    given = {"outcome": "true", "facts": "查过", "evidence": "合同", "basis": ["条例第2条"], "found_on": DAY}
    made = disposals.settle_tip(tip_id=tip.pk, changes={**told, "collapsed": True}, by=worker(), at=office.AT, **given)
    assert made.changes == {"collapsed": True}
    place.refresh_from_db()
    assert place.n == 2
    step(tip, "reply")
    again = until("verifying", fresh("还是那一家"))
    Tip.objects.filter(pk=again.pk).update(institution=place)
    disposals.settle_tip(tip_id=again.pk, changes=told, by=worker(), at=office.AT, **given)
    place.refresh_from_db()
    assert place.n == 2


def test_a_tip_becomes_a_survey_task() -> None:
    tip = until("triaged")
    round_ = field.opened()
    with pytest.raises(Refused, match="名称"), transaction.atomic():
        disposals.settle_tip_survey(tip_id=tip.pk, round_id=round_.pk, by=chief(), at=office.AT)
    made = disposals.settle_tip_survey(
        tip_id=tip.pk, round_id=round_.pk, name="河东路托老点", address="河东路12号", by=chief(), at=office.AT
    )
    tip.refresh_from_db()
    assert (tip.institution, made.institution.source) == (made.institution, "tip")
    again = disposals.settle_tip_survey(tip_id=tip.pk, round_id=round_.pk, by=chief(), at=office.AT)
    assert again == made
