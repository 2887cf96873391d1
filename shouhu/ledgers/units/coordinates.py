"""
Coordinates of Chinese maps into WGS 84. GCJ-02 is what maps printed in China use (高德, 腾讯, 天地图 does not); BD-09 is 百度.

GCJ-02 shifts WGS 84 by a published polynomial with sines, scaled by the Krasovsky ellipsoid; nothing is shifted outside of
China. BD-09 shifts GCJ-02 once more, in polar form about (0.0065, 0.006). The ways back are found by stepping until a
step is under a tenth of a millimetre. The system of a file is stated by the person who brings it and never guessed:
a wrong guess is off by 300 to 700 metres and still looks plausible.
"""

from __future__ import annotations

from collections.abc import Callable
from math import atan2, cos, hypot, pi, sin, sqrt

Point = tuple[float, float]
"""Longitude and latitude in degrees, in this order, as in GeoJSON."""

SYSTEMS = {"WGS84": "WGS 84（GPS、天地图、CGCS2000）", "GCJ-02": "GCJ-02（高德、腾讯）", "BD-09": "BD-09（百度）"}
"""Systems that a person may state. CGCS2000 agrees with WGS 84 to within centimetres."""
_SEMI_MAJOR, _ECCENTRICITY_SQUARED = 6378245.0, 0.00669342162296594323
_CLOSE = 1e-9
_BAIDU = pi * 3000 / 180


def to_wgs84(point: Point, system: str) -> Point:
    """
    This function will convert a point of a stated system into WGS 84.

    :raises KeyError: the system is none of ``SYSTEMS``.
    """
    return {"WGS84": _same, "GCJ-02": _from_gcj02, "BD-09": _from_bd09}[system](point)


def to_gcj02(point: Point) -> Point:
    """This function will shift a WGS 84 point as GCJ-02 does; outside of China it stays where it is."""
    longitude, latitude = point
    if not (72.004 <= longitude <= 137.8347 and 0.8293 <= latitude <= 55.8271):
        return point
    east, north = _shift(longitude - 105.0, latitude - 35.0)
    radians = latitude / 180.0 * pi
    flattened = 1 - _ECCENTRICITY_SQUARED * sin(radians) ** 2
    meridian = _SEMI_MAJOR * (1 - _ECCENTRICITY_SQUARED) / (flattened * sqrt(flattened)) * pi
    parallel = _SEMI_MAJOR / sqrt(flattened) * cos(radians) * pi
    return longitude + east * 180.0 / parallel, latitude + north * 180.0 / meridian


def to_bd09(point: Point) -> Point:
    """This function will shift a GCJ-02 point as BD-09 does."""
    x, y = point
    radius = hypot(x, y) + 0.00002 * sin(y * _BAIDU)
    angle = atan2(y, x) + 0.000003 * cos(x * _BAIDU)
    return radius * cos(angle) + 0.0065, radius * sin(angle) + 0.006


def _shift(x: float, y: float) -> Point:
    ripple = (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + ripple
    east += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    east += (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + ripple
    north += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    north += (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    return east, north


def _same(point: Point) -> Point:
    return point


def _from_gcj02(point: Point) -> Point:
    return _back(point, to_gcj02)


def _from_bd09(point: Point) -> Point:
    return _from_gcj02(_back(point, to_bd09))


def _back(shifted: Point, shift: Callable[[Point], Point]) -> Point:
    """The point that ``shift`` takes to ``shifted``: the shift changes slowly, so a few steps are enough."""
    x, y = shifted
    for _ in range(20):
        at_x, at_y = shift((x, y))
        step_x, step_y = shifted[0] - at_x, shifted[1] - at_y
        x, y = x + step_x, y + step_y
        if abs(step_x) < _CLOSE and abs(step_y) < _CLOSE:
            break
    return x, y
