"""Divisions, offices, posts and people of the invented district."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import orjson
from django.utils.timezone import localdate

from shouhu.demo import names
from shouhu.demo.district import District
from shouhu.demo.shapes import Shapes, shapes
from shouhu.demo.staff import staff
from shouhu.engines.documents.grids.grid import Sheet
from shouhu.ledgers.units import actions as units
from shouhu.ledgers.units.models import Division, Post, Unit


@dataclass
class Offices:
    """The posts by log-in name, and the shapes that points are put into."""

    county: str
    shapes: Shapes
    posts: dict[str, Post] = field(default_factory=dict)

    def __getitem__(self, login: str) -> Post:
        return self.posts[login]

    def at(self, code: str, role: str) -> list[Post]:
        """This function will give the posts of a role on a division's own offices."""
        return [post for post in self.posts.values() if post.unit.code == code and post.role == role]


def fill(district: District, seed: int, *, password: str, at: datetime) -> Offices:
    """
    This function will set up all offices.

    :param password: the hash of the password that all accounts share.
    """
    county = district.code + "000000"
    Division.objects.bulk_create([
        Division(code="990000000000", name="演示省"),
        Division(code="990100000000", name=names.CITY),
        Division(code=county, name=district.name),
    ])  # fmt: skip
    offices = Offices(county, shapes(district.townships, county, seed))
    made: dict[tuple[str, str], Unit] = {}
    numbers: dict[str, int] = {}
    first = True
    for seat in sorted(staff(district, seed), key=lambda seat: seat.login != "admin"):
        key = (seat.code, seat.unit)
        if key not in made:
            made[key] = units.add_unit(code=seat.code, name=seat.unit, kind=seat.unit_kind, by=None, at=at)
        grid_id = None
        if seat.grid:
            numbers[seat.code] = numbers.get(seat.code, 0) + 1
            code = f"{seat.code}{numbers[seat.code]:03d}"
            grid_id = units.add_grid(code=code, name=seat.grid, by=None, at=at).pk
        post = units.add_post(unit_id=made[key].pk, title=seat.title, role=seat.role, grid_id=grid_id,
                              is_liaison=seat.is_liaison, by=None, at=at)  # fmt: skip
        person = units.add_person(username=seat.login, name=seat.person, encoded=password, is_demo=True, by=None, at=at)
        units.appoint(post_id=post.pk, person_id=person.pk, on=localdate(at), by=None, at=at)
        offices.posts[seat.login] = Post.objects.select_related("unit", "grid").get(pk=post.pk)
        if first:
            first = False
            _divide(district, offices, post, at)
    return offices


def _divide(district: District, offices: Offices, admin: Post, at: datetime) -> None:
    """Towns, villages and their boundaries, brought by the administrator as in a real district."""
    rows = [
        row
        for town in district.townships
        for row in ((town.code, town.name), *((village.code, village.name) for village in town.villages))
    ]
    cells = [("区划代码", "名称"), *rows]
    units.import_divisions(sheets=[Sheet("区划", list(range(1, len(cells) + 1)), list(cells))], on=localdate(at),
                           by=admin, at=at)  # fmt: skip
    features = [
        {"type": "Feature", "properties": {"code": code}, "geometry": geometry}
        for code, geometry in offices.shapes.geometries.items()
    ]
    content = orjson.dumps({"type": "FeatureCollection", "features": features})
    units.import_boundaries(content=content, system="WGS84", field="code", by=admin, at=at)
