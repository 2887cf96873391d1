"""The overview: what it says of earlier weeks is what the list of that day says."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shouhu.figures import overview
from shouhu.ledgers.disposals import actions as disposals
from shouhu.ledgers.institutions import actions as institutions
from shouhu.ledgers.ratings import queries as ratings
from tests import office

pytestmark = pytest.mark.django_db
FOUND: tuple[dict[str, Any], ...] = (
    {"collapsed": True},
    {"false_publicity": True},
    {},
    {"suspected_crime": True},
    {"prosecuted": ("主要负责人",)},
)


def test_earlier_weeks_read_as_the_list_read_then() -> None:
    by, start = office.post(), office.AT - timedelta(weeks=5)
    ids = []
    for n, facts in enumerate(FOUND):
        ids.append(office.institution(f"院{n}", at=start, **facts).pk)
        disposals.rate_and_open(institution_ids=ids, by=by, at=start + timedelta(weeks=n, hours=1))
    institutions.revise(institution_id=ids[2], base=1, changes={"collapsed": True}, cause="edit", by=by,
                        at=office.AT - timedelta(days=3))  # fmt: skip
    disposals.rate_and_open(institution_ids=ids, by=by, at=office.AT - timedelta(days=2))
    scope = office.scope()
    with CaptureQueriesContext(connection) as captured:
        evenings = overview.trend(scope, office.AT, overview.by_place(scope, date(2026, 11, 18)), weeks=7)
    assert len(captured) <= 7
    for evening in evenings:
        assert evening.counts == ratings.n_by_colour(scope, ratings.Filters(), evening.at)
    assert sum(evenings[0].counts.values()) == 0 and sum(evenings[-1].counts.values()) == len(FOUND)


def test_places_are_those_right_below_and_add_up() -> None:
    by = office.post()
    ids = [office.institution(f"院{n}", code, **FOUND[n]).pk for n, code in
           enumerate((office.VILLAGE, office.OTHER_VILLAGE, office.FAR_VILLAGE))]  # fmt: skip
    disposals.rate_and_open(institution_ids=ids, by=by, at=office.AT)
    county = overview.by_place(office.scope(), date(2026, 11, 18))
    assert [(place.name, sum(place.counts.values())) for place in county] == [("清河镇", 2), ("南渡镇", 1)]
    town = overview.by_place(office.scope("task_force", office.TOWN), date(2026, 11, 18))
    assert [place.name for place in town] == ["柳湾村", "石桥村"]
