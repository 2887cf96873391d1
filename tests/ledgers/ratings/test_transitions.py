"""Colours rise at once and fall by hand; a decision takes the steps of its table and no others."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from shouhu.ledgers.institutions import actions as institutions
from shouhu.ledgers.ratings import actions
from shouhu.ledgers.ratings.models import Decision, Standing
from shouhu.ledgers.ratings.transitions import DECISION, STATES, counts, step
from shouhu.ledgers.units.refusals import Refused
from tests.ledgers.ratings.people import TODAY, decided, learn, sitting
from tests.office import AT, institution

pytestmark = pytest.mark.django_db
COLOURS = ("red", "orange", "yellow", "decide", "unknown", "green")

# Rows: what counts now (- for nothing yet); columns: what the rules list. ↓ keeps the colour and waits for a person.
SPEC = """
    now     | red | orange | yellow | decide | unknown | green
    -       | red | orange | yellow | decide | unknown | green
    red     | red | ↓      | ↓      | ↓      | ↓       | ↓
    orange  | red | orange | ↓      | ↓      | ↓       | ↓
    yellow  | red | orange | yellow | ↓      | ↓       | ↓
    decide  | red | orange | yellow | decide | unknown | green
    unknown | red | orange | yellow | decide | unknown | green
    green   | red | orange | yellow | decide | unknown | green
"""


def test_colours_rise_at_once_and_fall_by_hand() -> None:
    head, *lines = [[cell.strip() for cell in line.split("|")] for line in SPEC.strip().splitlines()]
    for now, *cells in lines:
        stands = "" if now == "-" else now
        for rated, cell in zip(head[1:], cells, strict=True):
            assert counts(stands, rated, "") == ((stands, rated) if cell == "↓" else (cell, "")), (now, rated)


def test_what_two_persons_signed_counts_at_once_in_either_direction() -> None:
    assert {counts(now, rated, "yellow") for now in COLOURS for rated in COLOURS} == {("yellow", "")}


def in_state(state: str) -> Decision:
    """This function will make a decision that is in a state."""
    site = institution()
    learn(site, "decide")
    found = actions.propose(institution_id=site.pk, colour="orange", reason="现场核查情况", by=sitting("analyst", "analyst"),
                            expires_on=TODAY + timedelta(30), at=AT)  # fmt: skip
    match state:
        case "in_force":
            actions.approve(decision_id=found.pk, by=sitting("signer"), at=AT)
        case "refused":
            actions.refuse(decision_id=found.pk, why="依据不足", by=sitting("signer"), at=AT)
        case "withdrawn":
            actions.withdraw(decision_id=found.pk, why="另有材料", by=sitting("analyst"), at=AT)
        case "ended":
            actions.approve(decision_id=found.pk, by=sitting("signer"), at=AT)
            actions.withdraw(decision_id=found.pk, why="情况变化", by=sitting("signer"), at=AT)
    return Decision.objects.get(pk=found.pk)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("verb", ["approve", "refuse", "withdraw"])
def test_a_decision_takes_the_steps_of_the_table_and_no_others(state: str, verb: str) -> None:
    one = in_state(state)
    assert one.state == state
    wanted = step(verb, state)
    by = sitting("analyst") if wanted and wanted.who == "proposer" else sitting("signer")
    why = {} if verb == "approve" else {"why": "理由"}
    act = getattr(actions, verb)
    if wanted is None:
        with pytest.raises(Refused):
            act(decision_id=one.pk, by=by, at=AT, **why)
        assert Decision.objects.get(pk=one.pk).state == state
    else:
        assert act(decision_id=one.pk, by=by, at=AT, **why).state == wanted.after


def test_every_state_of_the_table_has_a_name_and_is_reached() -> None:
    assert {one.after for one in DECISION} == set(STATES)


def test_the_second_signature_is_another_persons() -> None:
    site = institution()
    learn(site, "decide")
    both = sitting("both")
    one = actions.propose(institution_id=site.pk, colour="green", reason="已核", expires_on=TODAY, by=both, at=AT)
    for verb, more in (("approve", {}), ("refuse", {"why": "不妥"})):
        with pytest.raises(Refused, match="提出人不能自己签第二个字"):
            getattr(actions, verb)(decision_id=one.pk, by=both, at=AT, **more)
    # One person at two posts is still one person.
    other = sitting("other")
    other.tenures.update(person=both.tenures.get().person)
    with pytest.raises(Refused, match="提出人不能自己签第二个字"):
        actions.approve(decision_id=one.pk, by=other, at=AT)
    with pytest.raises(Refused, match="您的岗位不能办理"):
        actions.approve(decision_id=one.pk, by=sitting("reader", "leader"), at=AT)
    assert Standing.objects.get().colour == "decide"


@pytest.mark.parametrize(("day", "in_force"), [(29, True), (30, True), (31, False)])
def test_a_decision_counts_through_its_last_day(day: int, in_force: bool) -> None:
    site = institution()
    learn(site, "decide")
    one = decided(site, "orange", days=30)
    ended = actions.expire(today=TODAY + timedelta(day), by=sitting("clock"), at=AT + timedelta(day))
    assert [found.pk for found in ended] == ([] if in_force else [one.pk])
    standing = Standing.objects.get()
    # The rules speak again, but what they say is milder: the colour stays until somebody confirms.
    held = ("orange", one.pk, "") if in_force else ("orange", None, "decide")
    assert (standing.colour, standing.decision_id, standing.falls_to) == held


def test_a_proposal_that_nobody_signed_lapses() -> None:
    site = institution()
    learn(site, "decide")
    one = actions.propose(institution_id=site.pk, colour="red", reason="已核", expires_on=TODAY, by=sitting("analyst", "analyst"), at=AT)  # fmt: skip
    with pytest.raises(Refused, match="决定到期"):
        actions.approve(decision_id=one.pk, by=sitting("signer"), at=AT + timedelta(1))
    assert actions.expire(today=TODAY + timedelta(1), by=sitting("clock"), at=AT)[0].state == "withdrawn"
    assert Standing.objects.get().colour == "decide"


def test_a_decision_gives_way_to_what_it_was_not_taken_about() -> None:
    for colour, kept in (("decide", True), ("green", True), ("unknown", False), ("yellow", False), ("red", False)):
        site = institution(colour)
        learn(site, "decide")
        decided(site, "orange")
        standing = learn(site, colour, minutes=1)
        assert (standing.decision_id is not None) is kept, colour
        assert standing.colour == ("red" if colour == "red" else "orange")
        assert standing.falls_to == ("" if kept or colour == "red" else colour)


def test_a_new_rule_of_the_same_colour_ends_an_override() -> None:
    site = institution()
    learn(site, "red")
    decided(site, "yellow")
    assert learn(site, "red", minutes=1).colour == "yellow"
    site.refresh_from_db()
    by = sitting("analyst")
    institutions.revise(
        institution_id=site.pk, base=site.n, changes={"suspected_crime": True}, cause="edit", by=by, at=AT
    )
    actions.rate(institution_ids=[site.pk], ruleset_id="001", by=by, at=AT)
    assert Standing.objects.get().colour == "red"
    assert Decision.objects.get().ended_why == "出现作出决定时没有的情形"


def test_a_fall_is_confirmed_by_somebody_else_with_a_reason() -> None:
    site = institution()
    recorder = sitting("recorder")
    learn(site, "red", by=recorder)
    standing = learn(site, "green", minutes=1, by=recorder)
    assert (standing.colour, standing.falls_to, standing.since_at) == ("red", "green", AT)
    confirm: dict[str, Any] = {
        "institution_id": site.pk,
        "colour": "green",
        "reason": "已复查",
        "by": sitting("signer"),
        "at": AT + timedelta(hours=1),
    }
    for wrong, why in (
        ({"by": recorder}, "须由另一人确认"),
        ({"colour": "yellow"}, "已有变化"),
        ({"reason": " "}, "写明理由"),
    ):
        with pytest.raises(Refused, match=why):
            actions.confirm_downgrade(**{**confirm, **wrong})
    done = actions.confirm_downgrade(**confirm)
    assert (done.colour, done.falls_to, done.since_at) == ("green", "", AT + timedelta(hours=1))
    assert site.moves.latest("pk").reason == "已复查"


@pytest.mark.parametrize(
    ("rated", "wish", "why"),
    [
        ("unknown", {"colour": "green"}, "未查清"),
        ("decide", {"colour": "unknown"}, "选一个等级"),
        ("decide", {"reason": "  "}, "写明理由"),
        ("decide", {"expires_on": TODAY + timedelta(181)}, "最长180天"),
        ("decide", {"expires_on": TODAY - timedelta(1)}, "最长180天"),
        ("orange", {"colour": "orange"}, "无需另作决定"),
    ],
)
def test_what_may_not_be_proposed(rated: str, wish: dict[str, Any], why: str) -> None:
    site = institution()
    learn(site, rated)
    plain: dict[str, Any] = {"colour": "orange", "reason": "现场核查", "expires_on": TODAY + timedelta(180)}
    with pytest.raises(Refused, match=why):
        actions.propose(institution_id=site.pk, by=sitting("analyst", "analyst"), at=AT, **{**plain, **wish})


def test_a_proposal_needs_a_rating_of_the_present_facts_and_no_other_proposal() -> None:
    site = institution()
    plain: dict[str, Any] = {
        "institution_id": site.pk,
        "colour": "red",
        "reason": "现场核查",
        "expires_on": TODAY,
        "by": sitting("analyst", "analyst"),
        "at": AT,
    }
    with pytest.raises(Refused, match="还没有评级"):
        actions.propose(**plain)
    learn(site, "decide")
    one = actions.propose(**plain)
    assert (one.kind, one.clause) == ("decide", "001 二(二)二是")
    with pytest.raises(Refused, match="已有一项待签字"):
        actions.propose(**plain)
