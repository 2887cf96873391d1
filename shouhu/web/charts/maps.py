"""Areas shaded by a number and points in the colours of the list, from GeoJSON, without tiles."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from shouhu.engines.rules import words
from shouhu.web.charts.drawing import (
    BRAND,
    MUTED,
    PAPER,
    STEPS,
    TEXT,
    Cell,
    Chart,
    Number,
    figure,
    legend,
    sheet,
    tag,
    text,
    told,
)


@dataclass(frozen=True)
class Area:
    """An area with its GeoJSON geometry (Polygon or MultiPolygon, WGS 84); value None: not known."""

    label: str
    geometry: Mapping[str, Any]
    value: Number | None = None
    url: str = ""


@dataclass(frozen=True)
class Point:
    """A point of one of the list's colours."""

    label: str
    longitude: float
    latitude: float
    colour: str
    url: str = ""


def step(value: Number | None, largest: Number) -> int:
    """This function will give the step of shading (0 none … 5 many) of a value, in fifths of the largest."""
    return min(5, math.ceil(5 * value / largest)) if value and largest else 0


def area_map(
    title: str,
    areas: Sequence[Area],
    points: Sequence[Point] = (),
    *,
    unit: str = "",
    of: str = "辖区",
    width: int = 720,
) -> Chart:
    """This function will draw areas, the darker the larger their value, their names and values, and points upon them."""
    ring_sets = [list(_rings(area.geometry)) for area in areas]
    flat = [place for rings in ring_sets for ring in rings for place in ring] + [
        (p.longitude, p.latitude) for p in points
    ]
    project, height = _projection(flat, width)
    largest = max((area.value or 0 for area in areas), default=0)
    drawn, names = [], []
    for area, rings in zip(areas, ring_sets, strict=True):
        d = "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in map(project, ring)) + "Z" for ring in rings)
        shape = tag(
            "path", d=d, fill=STEPS[step(area.value, largest)], stroke=BRAND, stroke_width=0.8, fill_rule="evenodd"
        )
        drawn.append(told(shape, f"{area.label} {figure(area.value, unit)}", area.url))
        x, y = project(_middle(max(rings, key=len)))
        names.append(_name(area.label, x, y - 2) + _name(figure(area.value, unit), x, y + 13))
    for point in points:
        x, y = project((point.longitude, point.latitude))
        mark = text(words.SHAPE[point.colour], x, y + 5, anchor="middle", fill=TEXT[point.colour], font_size=14,
                    stroke=PAPER, stroke_width=2, paint_order="stroke")  # fmt: skip
        names.append(told(mark, f"{point.label} {gettext(words.COLOUR[point.colour])}", point.url))
    key, tall = _key(points, largest if areas else 0, unit, width, height)
    rows = tuple((Cell(area.label), Cell(figure(area.value, unit), area.url)) for area in areas)
    svg = sheet(title, "".join(drawn + names) + key, width=width, height=height + tall)
    return Chart(title, svg, (of, title), rows)


def _name(said: str, x: float, y: float) -> str:
    """A text that stands out from any shade."""
    return text(said, x, y, anchor="middle", stroke=PAPER, stroke_width=3, paint_order="stroke")


def _key(points: Sequence[Point], largest: Number, unit: str, width: int, top: float) -> tuple[str, float]:
    """What shapes and shades mean, below the map."""
    used = [colour for colour in words.COLOUR if any(point.colour == colour for point in points)]
    drawn, tall = (
        legend([(gettext(words.COLOUR[colour]), colour) for colour in used], right=width, top=top + 8)
        if used
        else ("", 0)
    )
    if not largest:
        return drawn, tall + 8
    y = top + tall + (0 if used else 8)
    for number, fill in enumerate(STEPS[1:]):
        drawn += tag("rect", x=number * 32, y=float(y), width=32, height=12, fill=fill, stroke=BRAND, stroke_width=0.5)
    drawn += text(gettext("少 → 多（最多 %(most)s）") % {"most": figure(largest, unit)}, 172, y + 10, fill=MUTED)
    return drawn, tall + 24


def _rings(geometry: Mapping[str, Any]) -> Iterator[list[tuple[float, float]]]:
    """The rings of a polygon or of several."""
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    for polygon in polygons:
        yield from ([(float(place[0]), float(place[1])) for place in ring] for ring in polygon)


def _projection(places: Sequence[tuple[float, float]], width: int) -> tuple[Any, float]:
    """From degrees to the drawing, true to shape at the middle of the district; and how high the drawing is."""
    if not places:
        return (lambda place: place), 0.0
    west, east = min(x for x, _ in places), max(x for x, _ in places)
    south, north = min(y for _, y in places), max(y for _, y in places)
    narrow = math.cos(math.radians((south + north) / 2))
    scale = (width - 8) / max((east - west) * narrow, (north - south) * 1.2, 1e-9)  # never much higher than wide
    left = (width - (east - west) * narrow * scale) / 2

    def project(place: tuple[float, float]) -> tuple[float, float]:
        return left + (place[0] - west) * narrow * scale, 4 + (north - place[1]) * scale

    return project, (north - south) * scale + 8


def _middle(ring: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The centre of gravity of a ring; of a ring without area, the mean of its corners."""
    area = x = y = 0.0
    for (x0, y0), (x1, y1) in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = x0 * y1 - x1 * y0
        area, x, y = area + cross, x + (x0 + x1) * cross, y + (y0 + y1) * cross
    if abs(area) < 1e-12:
        return sum(p[0] for p in ring) / len(ring), sum(p[1] for p in ring) / len(ring)
    return x / (3 * area), y / (3 * area)
