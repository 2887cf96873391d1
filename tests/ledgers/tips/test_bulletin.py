"""线索通报: every table sums to the tips that were received; small numbers are not told to those who may not open them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shouhu.ledgers.tips import queries
from shouhu.ledgers.tips.channels import channels, sources
from shouhu.ledgers.tips.queries.bulletin import HIDDEN, SMALL
from shouhu.ledgers.units.scope import Scope
from tests import office
from tests.ledgers.tips.way import DAY, chief, fresh, step, until

pytestmark = pytest.mark.django_db
SUMS = ("area", "source", "channel", "guise", "scheme", "age", "state")


def numbers(made: queries.Bulletin, name: str) -> dict[str, int | str]:
    """This function will give the lines of a table that are not 0."""
    (table,) = (one for one in made.tables if one.name == name)
    return {line.code: line.n for line in table.lines if line.n}


def test_every_channel_folds_to_one_of_the_five_sources() -> None:
    assert len(sources()) == 5
    assert {one.source for one in channels().values()} == set(sources())


def test_every_table_sums_to_the_tips_received() -> None:
    for channel, code, age in (
        ("public", office.VILLAGE, "70s"), ("platform_12337", office.TOWN, ""), ("grid", office.OTHER_TOWN, "80up"),
        ("hotline_12345", office.COUNTY, "70s"),
    ):  # fmt: skip
        fresh(channel=channel, code=code, age_band=age)
    until("resolved", fresh(channel="national"))
    step(fresh(), "merge", into_id=fresh().pk, why="同一件事")  # counted once
    fresh(at=office.AT - timedelta(40))
    made = queries.bulletin(Scope.of(chief()), DAY - timedelta(7), DAY)
    assert (made.n, made.is_rounded) == (6, False)
    for name in SUMS:
        assert sum(int(n) for n in numbers(made, name).values()) == 6, name
    assert numbers(made, "source") == {"national": 1, "platform": 1, "own": 1, "public": 3}
    assert numbers(made, "area") == {office.TOWN: 4, office.OTHER_TOWN: 1, office.COUNTY: 1}
    assert numbers(made, "outcome") == {"true": 1}


def test_those_who_may_not_open_them_get_no_small_numbers() -> None:
    for _ in range(4):
        fresh(code=office.VILLAGE, channel="public")
    fresh(code=office.OTHER_VILLAGE, channel="letter")
    town = Scope.of(office.post("task_force", office.TOWN))
    made = queries.bulletin(town, DAY, DAY)
    assert made.is_rounded
    assert made.n == HIDDEN  # or the sum would tell the one
    assert numbers(made, "area") == {office.VILLAGE: HIDDEN, office.OTHER_VILLAGE: SMALL}
    assert numbers(made, "source") == {"public": 5}
    assert queries.bulletin(Scope.of(office.post("member_unit")), DAY, DAY).n == 0
    assert queries.bulletin(Scope.of(chief()), DAY, DAY).n == 5


def test_whom_a_tip_names_does_not_find_it_in_the_figures() -> None:
    fresh()
    fresh(f"{chief().unit.name}不作为")
    assert queries.bulletin(Scope.of(chief()), DAY, DAY).n == 1
    assert queries.bulletin(Scope.of(office.post("leader")), DAY, DAY).n == 2
