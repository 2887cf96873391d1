"""The invented offices and boundaries: complete, deterministic, each point inside its village."""

from __future__ import annotations

from datetime import date

from shouhu.demo.dice import Dice
from shouhu.demo.district import district
from shouhu.demo.shapes import shapes
from shouhu.demo.staff import staff

DISTRICT = district(1, as_of=date(2026, 11, 22))
COUNTY = "990102000000"


def test_every_division_has_a_boundary_and_points_fall_inside_it() -> None:
    drawn = shapes(DISTRICT.townships, COUNTY)
    codes = {COUNTY, *(t.code for t in DISTRICT.townships), *(v.code for t in DISTRICT.townships for v in t.villages)}
    assert set(drawn.geometries) == codes
    dice = Dice(2)
    for code, cells in drawn.cells.items():
        latitude, longitude = drawn.point(code, dice)
        assert any(inside(longitude, latitude, cell) for cell in cells), code
    assert shapes(DISTRICT.townships, COUNTY) == drawn


def inside(x: float, y: float, ring: list[tuple[float, float]]) -> bool:
    crossings = 0
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            crossings += 1
    return crossings % 2 == 1


def test_every_town_and_village_is_staffed_and_one_town_lacks_its_liaison() -> None:
    seats = list(staff(DISTRICT))
    assert len({seat.login for seat in seats}) == len(seats)
    assert {seat.code for seat in seats} >= {v.code for t in DISTRICT.townships for v in t.villages}
    towns = {seat.code: False for seat in seats if seat.role == "task_force"}
    for seat in seats:
        if seat.role == "task_force":
            towns[seat.code] |= seat.is_liaison
    assert sorted(towns.values()) == [False] + [True] * 11
    assert list(staff(DISTRICT)) == seats
