"""Whatever happens in whatever order: the list of any past instant stays what it was, and unknown is never green."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils.timezone import localdate
from hypothesis import given, settings
from hypothesis import strategies as st

from shouhu.ledgers.institutions import actions as institutions
from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.ratings import actions, queries
from shouhu.ledgers.ratings.models import Decision, Move, Standing
from shouhu.ledgers.ratings.transitions import WAITS, is_answered
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.units.scope import Scope
from tests.ledgers.ratings.people import FACTS, NOTHING, sitting
from tests.office import AT, FAR_VILLAGE, VILLAGE, institution

pytestmark = pytest.mark.django_db
COLOURS = st.sampled_from(["red", "orange", "yellow", "green"])
FLAGS = ("collapsed", "false_publicity", "promises_return", "suspected_crime", "large_stated", "related_dealings")
WHICH = st.integers(0, 1)
ANSWERS = st.dictionaries(
    st.sampled_from([*FLAGS, "funds_regular", "funds_for_construction"]), st.sampled_from([True, False, None])
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("learn"), WHICH, st.sampled_from(list(FACTS.values())) | ANSWERS),
        st.tuples(st.just("rename"), WHICH, st.sampled_from(["安康养老院", "福寿之家"])),
        st.tuples(st.just("decide"), WHICH, COLOURS),
        st.tuples(st.just("confirm"), WHICH, st.none()),
        st.tuples(st.just("withdraw"), WHICH, st.none()),
        st.tuples(st.just("wait"), WHICH, st.sampled_from([1, 20, 31, 170])),
    ),
    max_size=9,
)


def take(what: str, site: Institution, more: Any, at: datetime) -> None:
    """This function will take one step, as far as it is allowed."""
    site.refresh_from_db()
    clerk, signer = sitting("analyst", "analyst"), sitting("signer")
    match what:
        case "learn" | "rename":
            changes = {**NOTHING, **dict.fromkeys(FLAGS, False), **more} if what == "learn" else {"name": more}
            institutions.revise(institution_id=site.pk, base=site.n, changes=changes, cause="edit", by=clerk, at=at)
            actions.rate(institution_ids=[site.pk], ruleset_id="001", by=clerk, at=at)
        case "decide":
            made = actions.propose(institution_id=site.pk, colour=more, reason="核查情况", by=clerk, at=at,
                                   expires_on=localdate(at) + timedelta(30))  # fmt: skip
            actions.approve(decision_id=made.pk, by=signer, at=at)
        case "confirm":
            falls_to = Standing.objects.get(institution=site).falls_to
            actions.confirm_downgrade(institution_id=site.pk, colour=falls_to, reason="已复查", by=signer, at=at)
        case "withdraw":
            in_force = Decision.objects.get(institution=site, approved_at__isnull=False, ended_at=None)
            actions.withdraw(decision_id=in_force.pk, why="情况变化", by=signer, at=at)
        case "wait":
            actions.expire(today=localdate(at), by=clerk, at=at)
            actions.rate(
                institution_ids=Institution.objects.values_list("pk", flat=True), ruleset_id="001", by=clerk, at=at
            )


def printed(scope: Scope, at: datetime | None) -> list[tuple[object, ...]]:
    """This function will give the list as it would be printed, every part of it."""
    return [
        (
            one.number,
            one.name,
            one.state.colour,
            one.state.falls_to,
            one.state.since_at,
            one.state.decision_id,
            one.rating,
        )
        for one in queries.listed(queries.colour_list(scope, at=at))
    ]


@settings(max_examples=25, deadline=None)
@given(STEPS)
def test_any_past_list_is_reproduced_and_unknown_is_never_green(steps: list[tuple[str, int, Any]]) -> None:
    with transaction.atomic():
        sites = [institution("甲院", VILLAGE), institution("乙院", FAR_VILLAGE)]
        scope = Scope.of(sitting("signer"))
        at, seen = AT, {}
        for what, which, more in steps:
            at += timedelta(more) if what == "wait" else timedelta(minutes=1)
            try:
                with transaction.atomic():
                    take(what, sites[which], more, at)
            except (Refused, Standing.DoesNotExist, Decision.DoesNotExist):
                pass
            seen[at] = printed(scope, None)
            check()
        assert {at: printed(scope, at) for at in seen} == seen
        transaction.set_rollback(True)


def check() -> None:
    """This function will check what must hold after every step."""
    for one in Standing.objects.select_related("rating", "decision__rating"):
        last = Move.objects.filter(institution=one.institution_id).latest("pk")
        assert all(
            getattr(last, name) == getattr(one, name)
            for name in ("colour", "falls_to", "rating_id", "decision_id", "since_at")
        )
        if one.colour == "green":
            assert one.rating.listed == "green" or (
                one.decision and one.decision.approved_by_id != one.decision.proposed_by_id
            )
            assert is_answered(one.rating if one.decision is None else one.decision.rating)
            assert one.rating.colour != "unknown"
        if one.decision:
            assert one.decision.state == "in_force" and one.colour == one.decision.colour
        else:
            assert (one.falls_to or one.colour) == one.rating.listed
    for move in Move.objects.select_related("decision"):
        if move.colour in WAITS.get(move.was, ()):
            assert move.reason or move.decision, "a colour fell and nobody stands for it"


def test_a_list_takes_the_same_few_queries_however_long_it_is(django_assert_num_queries: Any) -> None:
    scope = Scope.of(sitting("signer"))
    ids = [institution(f"院{n}").pk for n in range(12)]
    actions.rate(institution_ids=ids, ruleset_id="001", by=sitting("signer"), at=AT)
    for at in (None, AT):
        with django_assert_num_queries(1):
            assert len(queries.listed(queries.colour_list(scope, at=at))) == 12
        with django_assert_num_queries(1):
            assert sum(queries.n_by_colour(scope, queries.Filters(colours=("red",)), at).values()) == 12
    assert queries.colour_list(scope, at=AT - timedelta(1)).count() == 0


def test_a_list_is_narrowed_and_each_sees_only_its_own() -> None:
    red, far = institution("红院", VILLAGE, collapsed=True), institution("远院", FAR_VILLAGE, kind="其他场所")
    actions.rate(institution_ids=[far.pk, red.pk], ruleset_id="001", by=sitting("signer"), at=AT)
    county, town = Scope.of(sitting("signer")), Scope.of(sitting("town", "task_force", "990102001000"))

    def names(scope: Scope, **filters: Any) -> list[str]:
        found = {
            tuple(one.name for one in queries.listed(queries.colour_list(scope, queries.Filters(**filters), at)))
            for at in (None, AT)
        }
        assert len(found) == 1
        return list(found.pop())

    assert names(county) == ["红院", "远院"]
    assert names(town) == ["红院"]
    assert (
        names(county, township="990102002000") == names(county, kind="其他场所") == names(county, text="远") == ["远院"]
    )
    assert names(county, colours=("red",)) == ["红院"]
    assert names(county, falling=True) == []


def test_the_queue_holds_each_matter_once() -> None:
    scope, at = Scope.of(sitting("signer")), AT
    undecided, falling, unsigned, ending = (institution(name, **NOTHING) for name in ("研", "降", "签", "期"))
    for site in (undecided, unsigned, ending):
        take("learn", site, FACTS["decide"], at)
    take("learn", falling, FACTS["red"], at)
    take("learn", falling, FACTS["green"], at)
    take("decide", ending, "orange", at)
    actions.propose(institution_id=unsigned.pk, colour="orange", reason="核查情况", by=sitting("analyst"), at=at,
                    expires_on=localdate(at) + timedelta(30))  # fmt: skip
    queue = queries.to_decide(scope, localdate(at) + timedelta(16))
    assert [one.institution.name for one in queue.undecided] == ["研"]
    assert [one.institution.name for one in queue.falling] == ["降"]
    assert [one.institution.name for one in queue.unsigned] == ["签"]
    assert [one.institution.name for one in queue.ending] == ["期"]
    assert not queries.to_decide(scope, localdate(at) + timedelta(15)).ending
    assert [one.colour for one in queries.history(falling)] == ["red", "red"]


def test_a_merged_institution_leaves_the_list_on_the_day_it_was_merged() -> None:
    kept, gone = institution("甲院"), institution("乙院")
    scope, later = Scope.of(sitting("signer")), AT + timedelta(hours=2)
    actions.rate(institution_ids=[kept.pk, gone.pk], ruleset_id="001", by=sitting("signer"), at=AT)
    institutions.merge(kept_id=kept.pk, gone_id=gone.pk, by=sitting("signer"), at=later)
    for at, names in ((AT, ["甲院", "乙院"]), (later, ["甲院"]), (None, ["甲院"])):
        assert [one.name for one in queries.listed(queries.colour_list(scope, at=at))] == names
