"""Boundaries of divisions, from GeoJSON in a stated coordinate system. None are shipped."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.units.codes import LENGTH
from shouhu.ledgers.units.coordinates import SYSTEMS, to_wgs84
from shouhu.ledgers.units.models import Division, Post
from shouhu.ledgers.units.scope import Scope
from shouhu.ledgers.units.sheets import ImportRefused, Problem

MOST_POINTS = 500_000
_TIANDITU = "156"
"""天地图 puts the country's number before six digits."""


@dataclass(frozen=True)
class BoundaryPlan:
    """Boundaries by division code, in WGS 84, and what is wrong with the file."""

    boundaries: Mapping[str, Mapping[str, Any]]
    names: Mapping[str, str]
    problems: tuple[Problem, ...]


def read_boundaries(content: bytes, system: str, field: str, scope: Scope) -> BoundaryPlan:
    """
    This function will read a FeatureCollection of areas and convert it into WGS 84.

    :param system: the coordinate system that the person states, one of ``coordinates.SYSTEMS``.
    :param field: the property of a feature that holds its division code (6, 9 or 12 digits; 156 before six is dropped).
    """
    try:
        collection = json.loads(content)
        features = collection["features"] if collection["type"] == "FeatureCollection" else None
    except (ValueError, KeyError, TypeError, RecursionError):
        features = None
    if system not in SYSTEMS or not isinstance(features, list):
        return _only(Problem("文件", "内容", "不是 GeoJSON 的 FeatureCollection，请从制图软件重新导出"))
    known = dict(scope.limit(Division.objects.filter(to_on=None)).values_list("code", "name"))
    found: dict[str, Mapping[str, Any]] = {}
    problems, n_points = [], 0
    for number, feature in enumerate(features, 1):
        place = f"第 {number} 个要素"
        properties = feature.get("properties") if isinstance(feature, dict) else None
        code = _code(properties.get(field)) if isinstance(properties, dict) else ""
        if code not in known:
            problems.append(Problem(place, field, "属性中没有辖区内现行区划的代码，请核对属性名和代码"))
        elif code in found:
            problems.append(Problem(place, field, f"代码 {code} 在文件中重复"))
        else:
            geometry, n, why = _converted(feature.get("geometry"), system)
            n_points += n
            if why:
                problems.append(Problem(place, "geometry", why))
            else:
                found[code] = geometry
        if n_points > MOST_POINTS:
            return _only(Problem(place, "geometry", f"全部边界超过 {MOST_POINTS:,} 个点，请先简化后再导入"))
    if not features:
        problems.append(Problem("文件", "内容", "没有要素"))
    return BoundaryPlan(found, {code: known[code] for code in found}, tuple(problems))


@transaction.atomic
def import_boundaries(*, content: bytes, system: str, field: str, by: Post, at: datetime) -> BoundaryPlan:
    """
    This function will put boundaries to the present divisions, all or nothing.

    :raises ImportRefused: something in the file is wrong.
    """
    plan = read_boundaries(content, system, field, Scope.of(by))
    if plan.problems:
        raise ImportRefused(plan.problems)
    rows = list(Division.objects.select_for_update().filter(code__in=plan.boundaries, to_on=None))
    for row in rows:
        row.boundary = dict(plan.boundaries[row.code])
    Division.objects.bulk_update(rows, ["boundary"], batch_size=50)
    journal.record(verb="division.bounded", subject=f"divisions/{len(rows)}", by=by.code, at=at, code=by.unit.code,
                   changes={"codes": (None, sorted(plan.boundaries)), "system": (None, system)})  # fmt: skip
    return plan


def _only(problem: Problem) -> BoundaryPlan:
    return BoundaryPlan({}, {}, (problem,))


def _code(value: Any) -> str:
    text = str(value).strip() if isinstance(value, str | int) else ""
    if len(text) == 9 and text.startswith(_TIANDITU):
        text = text[3:]
    return text.ljust(LENGTH, "0") if len(text) in (6, 9, 12) and text.isascii() and text.isdigit() else ""


def _converted(geometry: Any, system: str) -> tuple[dict[str, Any], int, str]:
    """The geometry in WGS 84 to the nearest ten centimetres, how many points it has, and why it is refused."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        return {}, 0, "应为面（Polygon 或 MultiPolygon）"
    n_points = 0
    shapes = []
    try:
        for polygon in [geometry["coordinates"]] if kind == "Polygon" else geometry["coordinates"]:
            rings = []
            for ring in polygon:
                if len(ring) < 4 or ring[0] != ring[-1]:
                    return {}, n_points, "有一圈边界没有闭合或不足四个点"
                n_points += len(ring)
                rings.append([_point(point, system) for point in ring])
            shapes.append(rings)
    except (TypeError, ValueError, KeyError, IndexError):
        return {}, n_points, "坐标应为[经度, 纬度]的数字，且经度在前"
    if not shapes or not all(shapes):
        return {}, n_points, "边界是空的"
    return {"type": kind, "coordinates": shapes[0] if kind == "Polygon" else shapes}, n_points, ""


def _point(point: Any, system: str) -> list[float]:
    longitude, latitude = float(point[0]), float(point[1])
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise ValueError
    return [round(part, 6) for part in to_wgs84((longitude, latitude), system)]
