"""区划: what is shipped, what is imported, and that a division that moves leaves its past where it was."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from shouhu.engines.documents.grids.grid import Sheet
from shouhu.ledgers.journal import queries as journal
from shouhu.ledgers.units import actions, queries
from shouhu.ledgers.units.actions.boundaries import read_boundaries
from shouhu.ledgers.units.actions.divisions import ChangeRefused, about_shipped
from shouhu.ledgers.units.actions.reach import OutOfReach
from shouhu.ledgers.units.coordinates import to_bd09, to_gcj02, to_wgs84
from shouhu.ledgers.units.models import Division, Unit
from shouhu.ledgers.units.scope import Scope
from shouhu.ledgers.units.sheets import ImportRefused
from tests import office

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 18)
MOVED = "990102009000"


def sheet(*rows: tuple[object, ...], name: str | None = "填写") -> list[Sheet]:
    return [Sheet(name, numbers=list(range(1, len(rows) + 1)), cells=[list(row) for row in rows])]  # type: ignore[arg-type]


def test_the_shipped_divisions_are_put_in_once() -> None:
    assert actions.install_divisions(by=None, at=office.AT) == about_shipped()["n"] == Division.objects.count()
    assert actions.install_divisions(by=None, at=office.AT) == 0
    named = queries.names(["110000000000", "110100000000", "110101000000", "441900000000"])
    assert list(named.values()) == ["北京市", "市辖区", "东城区", "东莞市"]
    assert [entry.verb for entry in journal.of("divisions/2023-06-30")] == ["division.installed"]


def test_towns_and_villages_come_by_table_all_or_nothing() -> None:
    by = office.post("administrator")
    bad = sheet(
        ("区划代码", "名称", "备注"), ("990102003", "新街道", "x"), ("990102003001", "甲社区", None), ("99010200300", "短", None),
        ("990103001", "别处", None), ("990102003", "又来", None), ("990102004001", "无上级", None), (990102003002.0, "", None),
    )  # fmt: skip
    with pytest.raises(ImportRefused) as refused:
        actions.import_divisions(sheets=bad, on=TODAY, by=by, at=office.AT)
    assert [problem.cell for problem in refused.value.problems] == [
        "填写!A4",
        "填写!A5",
        "填写!A6",
        "填写!B8",
        "填写!A7",
    ]
    assert not Division.objects.filter(code__startswith="990102003").exists()

    good = sheet(
        ("代码", "名称", "备注"),
        ("990102003", "新街道", "x"),
        (990102003001, "甲社区", None),
        (office.TOWN, "清江镇", None),
    )
    plan = actions.import_divisions(sheets=good, on=TODAY, by=by, at=office.AT)
    assert (len(plan.new), plan.renamed, plan.unused) == (2, {office.TOWN: ("清河镇", "清江镇")}, ("备注",))
    scope = office.scope("administrator")
    before = queries.division(scope, office.TOWN, TODAY - timedelta(1))
    now = queries.division(scope, office.TOWN, TODAY)
    assert before and now and (before.name, now.name) == ("清河镇", "清江镇")


def test_a_moved_town_keeps_its_past_and_takes_its_offices_along() -> None:
    by = office.post("administrator")
    office.post("task_force", office.TOWN)
    grid = actions.add_grid(code=office.VILLAGE + "001", name="一网格", by=by, at=office.AT)
    mapping = actions.change_division(code=office.TOWN, new_code=MOVED, name="清河街道", on=TODAY, by=by, at=office.AT)
    assert mapping == {
        office.TOWN: MOVED, office.VILLAGE: "990102009001", office.OTHER_VILLAGE: "990102009002",
    }  # fmt: skip
    scope = Scope.of(by)
    yesterday = [row.code for row in queries.tree(scope, TODAY - timedelta(1))]
    assert yesterday == sorted(office.NAMES)
    assert [row.code for row in queries.children(scope, office.COUNTY, TODAY)] == [office.OTHER_TOWN, MOVED]
    old = Division.objects.get(code=office.VILLAGE)
    assert (old.name, old.to_on, old.became) == ("柳湾村", TODAY, "990102009001")
    assert Unit.objects.filter(code=MOVED).exists() and not Unit.objects.filter(code=office.TOWN).exists()
    grid.refresh_from_db()
    assert grid.code == "990102009001001"
    assert queries.names([office.TOWN, MOVED]) == {office.TOWN: "清河镇", MOVED: "清河街道"}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"new_code": office.OTHER_TOWN}, "已被现行区划“南渡镇”使用"),
        ({"new_code": "990102009001"}, "同级"),
        ({"new_code": "990102００9000"}, "同级"),
        ({"on": TODAY + timedelta(1)}, "不能晚于今天"),
        ({"name": "清河镇", "new_code": office.TOWN}, "没有变化"),
        ({"code": "990102008000"}, "没有这个现行区划"),
    ],
)
def test_a_division_is_not_changed_wrongly(change: dict[str, object], why: str) -> None:
    asked = {"code": office.TOWN, "new_code": MOVED, "name": "清河街道", "on": TODAY} | change
    with pytest.raises(ChangeRefused, match=why):
        actions.change_division(**asked, by=office.post("administrator"), at=office.AT)  # type: ignore[arg-type]


def test_nobody_changes_what_lies_outside_of_their_range() -> None:
    by = office.post("administrator", office.TOWN)
    with pytest.raises(OutOfReach):
        actions.change_division(code=office.OTHER_TOWN, new_code=MOVED, name="x", on=TODAY, by=by, at=office.AT)
    with pytest.raises(OutOfReach):
        actions.change_division(code=office.TOWN, new_code="990103001000", name="x", on=TODAY, by=by, at=office.AT)


# --- coordinates and boundaries --------------------------------------------------------------------------------------

BEIJING = (116.404, 39.915)


def near(one: tuple[float, float], other: tuple[float, float], tolerance: float) -> bool:
    return all(abs(a - b) < tolerance for a, b in zip(one, other, strict=True))


def test_the_shifts_agree_with_published_points() -> None:
    assert near(to_gcj02(BEIJING), (116.41024449916938, 39.91640428150164), 1e-12)
    assert near(to_bd09(BEIJING), (116.41036949371029, 39.92133699351021), 1e-12)
    assert near(to_wgs84(BEIJING, "GCJ-02"), (116.39775550083061, 39.91359571849836), 1e-5)
    assert to_gcj02((2.35, 48.85)) == (2.35, 48.85)


@pytest.mark.parametrize("point", [BEIJING, (121.47, 31.23), (87.6, 43.8), (109.5, 18.25), (126.6, 52.3)])
def test_the_ways_back_lead_back(point: tuple[float, float]) -> None:
    assert near(to_wgs84(to_gcj02(point), "GCJ-02"), point, 2e-9)
    assert near(to_wgs84(to_bd09(to_gcj02(point)), "BD-09"), point, 2e-8)


def boundary(code: object, ring: list[list[float]]) -> dict[str, object]:
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": {"adcode": code}, "geometry": geometry}


RING = [[116.4, 39.9], [116.5, 39.9], [116.5, 40.0], [116.4, 39.9]]


def test_boundaries_are_converted_from_the_stated_system() -> None:
    by = office.post("administrator")
    content = json.dumps(
        {"type": "FeatureCollection", "features": [boundary("990102001", RING), boundary(990102, RING)]}
    )
    plan = actions.import_boundaries(content=content.encode(), system="GCJ-02", field="adcode", by=by, at=office.AT)
    assert sorted(plan.boundaries) == [office.COUNTY, office.TOWN]
    stored = Division.objects.get(code=office.TOWN).boundary
    assert stored and near(tuple(stored["coordinates"][0][0]), to_wgs84((116.4, 39.9), "GCJ-02"), 1e-6)


def test_what_is_wrong_with_boundaries_is_told_by_feature() -> None:
    office.divisions()
    features = [
        boundary("999999", RING), boundary(office.TOWN, RING[:3]), boundary(office.OTHER_TOWN, [[39.9, 116.4]] * 4), 7,
    ]  # fmt: skip
    content = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    plan = read_boundaries(content, "WGS84", "adcode", office.scope("administrator"))
    assert [problem.cell for problem in plan.problems] == [f"第 {n} 个要素" for n in (1, 2, 3, 4)]
    assert plan.boundaries == {}
    for broken in (b"", b"[]", b'{"type": "Feature"}', b"[" * 100_000):
        assert read_boundaries(broken, "WGS84", "code", office.scope("administrator")).problems
    assert read_boundaries(content, "guess", "adcode", office.scope("administrator")).problems


def test_a_list_is_narrowed_a_level_at_a_time() -> None:
    county = office.scope()
    names = [name for _code, name in queries.narrowings(county, "", TODAY)]
    assert names == ["清河镇", "南渡镇"]
    names = [name for _code, name in queries.narrowings(county, office.TOWN, TODAY)]
    assert names == ["清河镇", "　柳湾村", "　石桥村", "南渡镇"]
    assert queries.narrowings(county, "110101001000", TODAY) == queries.narrowings(county, "x", TODAY)
    assert [code for code, _name in queries.narrowings(office.scope("task_force", office.TOWN), "", TODAY)] == [
        office.VILLAGE, office.OTHER_VILLAGE
    ]  # fmt: skip
    assert queries.narrowings(office.scope("neighbourhood", office.VILLAGE), "", TODAY) == []
    Division.objects.filter(code__in=(office.TOWN, office.OTHER_TOWN)).update(
        boundary={"type": "Polygon", "coordinates": []}
    )
    drawn = [
        [one.name for one in queries.outlines(county, chosen, TODAY)] for chosen in ("", office.TOWN, "110101001000")
    ]
    assert drawn == [["清河镇", "南渡镇"], ["清河镇"], ["清河镇", "南渡镇"]]
