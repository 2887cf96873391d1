"""Invented boundaries and points: a crooked lattice in the open sea, a cell or two for each village."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from shouhu.demo.dice import Dice
from shouhu.demo.district import Township

_WEST, _SOUTH = 125.0, 28.0
"""Degrees, WGS 84: far from any land."""
_STEP = 0.02
_BLOCKS_A_ROW = 4
_COLUMNS, _ROWS = 4, 5
"""Cells of a town's block; no town has more villages than that."""

Point = tuple[float, float]
Geometry = dict[str, Any]


@dataclass(frozen=True)
class Shapes:
    """GeoJSON geometries by division code, and the cells of each village to put points in."""

    geometries: dict[str, Geometry]
    cells: dict[str, list[list[Point]]]

    def point(self, code: str, dice: Dice) -> Point:
        """This function will give latitude and longitude of a place well inside a village."""
        west_south, east_south, east_north, west_north = dice.pick(self.cells[code])
        right, up = 0.2 + 0.6 * dice.between(0, 1000) / 1000, 0.2 + 0.6 * dice.between(0, 1000) / 1000
        low = _between(west_south, east_south, right)
        longitude, latitude = _between(low, _between(west_north, east_north, right), up)
        return round(latitude, 6), round(longitude, 6)


def shapes(townships: Sequence[Township], county: str, seed: int = 1) -> Shapes:
    """This function will draw a county with its towns and villages."""
    dice = Dice(seed)
    rows = -(-len(townships) // _BLOCKS_A_ROW) * _ROWS
    columns = _BLOCKS_A_ROW * _COLUMNS
    corners = {
        (x, y): (round(_WEST + (x + _shift(dice)) * _STEP, 6), round(_SOUTH + (y + _shift(dice)) * _STEP, 6))
        for y in range(rows + 1)
        for x in range(columns + 1)
    }
    geometries: dict[str, Geometry] = {}
    cells: dict[str, list[list[Point]]] = {}
    for number, township in enumerate(townships):
        left, bottom = number % _BLOCKS_A_ROW * _COLUMNS, number // _BLOCKS_A_ROW * _ROWS
        path = iter(list(_snake(left, bottom)))
        spare = _COLUMNS * _ROWS - len(township.villages)
        for place, village in enumerate(township.villages):
            own = [next(path) for _ in range(2 if place < spare else 1)]
            cells[village.code] = [_ring(corners, x, y, 1, 1) for x, y in own]
            geometries[village.code] = _polygons(cells[village.code])
        geometries[township.code] = _polygons([_ring(corners, left, bottom, _COLUMNS, _ROWS)])
    geometries[county] = _polygons([_ring(corners, 0, 0, columns, rows)])
    return Shapes(geometries, cells)


def _shift(dice: Dice) -> float:
    return dice.between(-30, 30) / 100


def _snake(left: int, bottom: int) -> Iterator[tuple[int, int]]:
    """The cells of a block so that each touches the next."""
    for row in range(_ROWS):
        line = range(_COLUMNS) if row % 2 == 0 else range(_COLUMNS - 1, -1, -1)
        yield from ((left + column, bottom + row) for column in line)


def _ring(corners: dict[tuple[int, int], Point], x: int, y: int, width: int, height: int) -> list[Point]:
    """The corners around a rectangle of cells; of a single cell just its four."""
    around = [(x + step, y) for step in range(width)]
    around += [(x + width, y + step) for step in range(height)]
    around += [(x + width - step, y + height) for step in range(width)]
    around += [(x, y + height - step) for step in range(height)]
    return [corners[corner] for corner in around]


def _polygons(rings: list[list[Point]]) -> Geometry:
    return {"type": "MultiPolygon", "coordinates": [[[list(point) for point in (*ring, ring[0])]] for ring in rings]}


def _between(one: Point, other: Point, share: float) -> Point:
    return one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share
