"""What the board counts is what a recount from the rows gives, whatever happened in whatever order."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate
from hypothesis import given
from hypothesis import strategies as st

from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.clearances import actions, queries, transitions
from shouhu.ledgers.clearances.models import Clearance
from shouhu.ledgers.clearances.queries import Filters
from shouhu.ledgers.institutions import actions as institutions
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.scope import Scope
from tests import office
from tests.ledgers.clearances.walk import DAY, chief, found, site, step, town, until

SPANS = st.lists(st.tuples(st.integers(0, 60_000), st.one_of(st.none(), st.integers(0, 60_000))), max_size=30)


@given(SPANS)
def test_the_curve_equals_a_recount_on_every_day(spans: list[tuple[int, int | None]]) -> None:
    rows: list[tuple[datetime, datetime | None]] = [
        (office.AT + timedelta(minutes=start), None if lasts is None else office.AT + timedelta(minutes=start + lasts))
        for start, lasts in spans
    ]
    days = [DAY + timedelta(n) for n in range(-1, 90)]
    drawn = queries.curve([start for start, _ in rows], [end for _, end in rows if end], days)
    for day, n_open, n_closed in drawn:
        alive = [(start, end) for start, end in rows if localdate(start) <= day]
        assert n_closed == sum(end is not None and localdate(end) <= day for _, end in alive)
        assert n_open == len(alive) - n_closed
    if all(end for _, end in rows):
        assert drawn[-1][1] == 0


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
def test_counts_equal_a_recount_after_any_sequence_of_steps(seed: int) -> None:
    lot = random.Random(seed)
    codes = (office.VILLAGE, office.OTHER_VILLAGE, office.FAR_VILLAGE)
    sites = [site(f"托老点{n}", lot.choice(codes)) for n in range(5)]
    for n in range(60):
        at = office.AT + timedelta(hours=7 * n)
        one = lot.choice(sites)
        last = Clearance.objects.filter(institution=one).order_by("-pk").first()
        if last is None or last.closed_at:
            if last:
                institutions.revise(
                    institution_id=one.pk,
                    base=one.n,
                    changes={"charging": f"按月{n}"},
                    cause="survey",
                    by=town(),
                    at=at,
                )
                one.refresh_from_db()
            actions.find(institution_id=one.pk, by=town(), at=at)
        else:
            verb = transitions.next_verb(last) if lot.random() < 0.9 else "send_back"
            if transitions.transition(verb, last.state):
                step(last, verb, at=at, **({"owner_id": chief_of(one.code).pk} if verb == "appoint" else {}))
        if n % 12 == 11:
            compare(at)


def chief_of(code: str) -> Post:
    """This function will give the task force of the town of a village."""
    return office.post("task_force", queries.town_of(code), holder="李包干")


def compare(at: datetime) -> None:
    """This function will count every figure of the board again, row by row."""
    today = localdate(at)
    rows = list(Clearance.objects.select_related("institution", "proposal"))
    for where, role in ((office.COUNTY, "campaign_office"), (office.TOWN, "task_force")):
        scope = office.scope(role, where)
        mine = [row for row in rows if scope.covers(row.institution.code)]
        counted = queries.countdown(scope, today)
        still = [row for row in mine if row.closed_at is None]
        assert (counted.n_open, counted.n_closed) == (len(still), len(mine) - len(still))
        assert counted.n_unowned == sum(row.owner is None for row in still) == queries.unowned(scope, today).count()
        calendar = campaigns.calendar()
        late = {row.pk for row in still if row.due_on and (queries.left(row.due_on, today, calendar) or 0) < 0}
        assert {row.pk for row in queries.listed(scope, Filters("overdue"), today)} == late
        assert counted.n_overdue == len(late)
        assert sum(one.n_open for one in counted.areas) == counted.n_open
        assert sum(one.n_closed for one in counted.areas) == counted.n_closed
        if mine:
            assert counted.curve[-1] == (today, counted.n_open, counted.n_closed)
            assert counted.curve[0][1:] == (0, 0)
        for state in transitions.STATES:
            shown = set(queries.listed(scope, Filters("all", state=state), today))
            assert shown == {row for row in mine if row.state == state}


# --- what waits for whom ---------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_each_step_waits_for_the_one_who_can_take_it() -> None:
    own, offices = Scope.of(town()), office.scope()
    clearance = found()
    waits = [(one.verb, one.due_on, one.left) for one in queries.due_for(own, DAY)]
    assert waits == [("appoint", clearance.due_on, 3)]
    clearance = step(clearance, "appoint")
    assert [one.verb for one in queries.due_for(own, DAY)] == ["verify"]
    assert queries.due_for(offices, DAY) == []
    clearance = until("proposed", clearance)
    assert queries.due_for(own, DAY) == []
    (waiting,) = queries.due_for(offices, DAY + timedelta(14))
    assert (waiting.verb, waiting.title, waiting.left) == ("review", "复核", -5)
    until("closed", clearance)
    assert queries.due_for(offices, DAY) == []


@pytest.mark.django_db
def test_the_map_empties_as_sites_are_closed() -> None:
    one = found()
    institutions.set_point(institution_id=one.institution_id, latitude=29.1, longitude=106.2, by=town(), at=office.AT)
    assert [(place.name, place.colour, place.state) for place in queries.points(office.scope())] == [
        ("河东路12号托老点", "unknown", "found")
    ]
    until("closed", one)
    assert queries.points(office.scope()) == []


@pytest.mark.django_db
def test_sites_that_were_never_listed_are_a_gap_until_all_are() -> None:
    missing = [site("甲托老点"), site("乙托老点", office.FAR_VILLAGE)]
    office.institution("安康养老院")
    assert set(queries.unlisted(office.scope())) == set(missing)
    assert [one.name for one in queries.unlisted(office.scope("task_force", office.TOWN))] == ["甲托老点"]
    made = actions.find_all(institution_ids=[one.pk for one in missing], by=chief(), at=office.AT)
    assert {one.institution for one in made} == set(missing)
    assert not queries.unlisted(office.scope()).exists()


@pytest.mark.django_db
def test_counting_takes_as_many_queries_for_many_sites_as_for_few() -> None:
    def spent() -> list[int]:
        taken = []
        for act in (
            lambda: queries.countdown(office.scope(), DAY),
            lambda: queries.due_for(office.scope("task_force", office.TOWN), DAY),
            lambda: queries.points(office.scope()),
        ):
            act()
            with CaptureQueriesContext(connection) as captured:
                act()
            taken.append(len(captured))
        return taken

    until("acting")
    few = spent()
    for n in range(2):
        until("acting", found(f"托老点{n}"))
    assert spent() == few
