"""Charts: what is drawn is what the table says, and nothing in a drawing runs or breaks."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree as Tree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouhu.web.charts import Area, Cell, Chart, Mark, Point, Series, area_map, bars, donut, line, stacked, step
from shouhu.web.charts.drawing import FILL, ticks

SVG = "{http://www.w3.org/2000/svg}"
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[118.0, 31.0], [118.1, 31.0], [118.1, 31.1], [118.0, 31.1], [118.0, 31.0]]],
}
EAST = {"type": "MultiPolygon", "coordinates": [[[[118.1, 31.0], [118.2, 31.0], [118.2, 31.1], [118.1, 31.1]]]]}

numbers = st.one_of(st.none(), st.integers(0, 10**9), st.floats(0, 1e9, allow_nan=False))
names = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), max_size=12)
colours = st.sampled_from(list(FILL))
marks = st.lists(st.builds(Mark, names, numbers, colours, st.sampled_from(["", "/a/?b=1&c=\"'<"])), max_size=8)


def drawn(chart: Chart) -> Tree.Element:
    """This function will parse a drawing, and refuse one with scripts, styles or numbers that are none."""
    root = Tree.fromstring(chart.svg)
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in {"svg", "title", "g", "a", "path", "rect", "circle", "text"}
        assert not any(name == "style" or name.startswith("on") for name in element.attrib)
        for name, value in element.attrib.items():
            assert not re.search(r"\b(?:nan|inf)\b", value)
            assert name not in ("width", "height", "r") or float(value) >= 0
    return root


def texts(root: Tree.Element) -> list[str]:
    return [element.text or "" for element in root.iter(f"{SVG}text")]


def attributes(root: Tree.Element, tag: str, name: str) -> list[float]:
    return [float(element.attrib[name]) for element in root.iter(SVG + tag)]


def plain(chart: Chart) -> list[list[str]]:
    return [[cell.text for cell in row] for row in chart.rows]


def test_bars_are_as_long_as_their_values() -> None:
    chart = bars(
        "逾期处置", [Mark("岚浦镇", 4, url="/a/"), Mark("霁川镇", 2), Mark("苔岭乡", None)], unit="件", of="镇街"
    )
    root = drawn(chart)
    long, half, none = attributes(root, "rect", "width")
    assert half == pytest.approx(long / 2, abs=0.1) and none == 0
    assert texts(root) == ["岚浦镇", "4件", "霁川镇", "2件", "苔岭乡", "未知"]
    assert [link.attrib["href"] for link in root.iter(f"{SVG}a")] == ["/a/"]
    assert chart.head == ("镇街", "逾期处置")
    assert chart.rows[0] == (Cell("岚浦镇"), Cell("4件", "/a/")) and plain(chart)[2] == ["苔岭乡", "未知"]


def test_pieces_add_up() -> None:
    red, green = Series("红", [1, 0], "red", ["/r/1/", "/r/2/"]), Series("绿", [3, None], "green")
    chart = stacked("分布", ["岚浦镇", "霁川镇"], [red, green], unit="家", of="镇街")
    # What is 0 or not known has no piece.
    one, three = attributes(drawn(chart), "rect", "width")
    assert three + 1.5 == pytest.approx(3 * (one + 1.5), abs=0.5)  # parted by gaps
    assert chart.head == ("镇街", "红", "绿", "合计")
    assert plain(chart) == [["岚浦镇", "1家", "3家", "4家"], ["霁川镇", "0家", "未知", "0家"]]


def test_a_line_breaks_where_nothing_is_known() -> None:
    chart = line("线索", ["05-01", "05-02", "05-03"], [Series("来访", [3, None, 5])], of="日期")
    root = drawn(chart)
    (path,) = [p.attrib["d"] for p in root.iter(f"{SVG}path") if "stroke-dasharray" in p.attrib]
    assert path.count("M") == 2
    assert len(attributes(root, "circle", "cx")) == 2
    assert plain(chart)[1] == ["05-02", "未知"]


def test_values_behind_lines_do_not_cover_each_other() -> None:
    root = drawn(
        line(
            "线索",
            ["05-01", "05-02"],
            [Series("来访", [3, 100], "brand"), Series("网络", [2, 101], "second")],
            of="日期",
        )
    )
    ends = [float(t.attrib["y"]) for t in root.iter(f"{SVG}text") if t.attrib.get("font-weight") == "600"]
    assert abs(ends[0] - ends[1]) >= 13


def test_a_ring_shows_shares_of_what_is_known() -> None:
    chart = donut(
        "构成", [Mark("红", 1, "red"), Mark("绿", 3, "green"), Mark("待查", None, "unknown")], of="颜色", unit="家"
    )
    root = drawn(chart)
    assert "4" in texts(root)
    assert plain(chart) == [["红", "1家", "25.0%"], ["绿", "3家", "75.0%"], ["待查", "未知", "0.0%"]]
    assert len(list(root.iter(f"{SVG}path"))) == 2


def test_a_map_is_drawn_true_to_shape_with_names_values_and_points() -> None:
    areas = [Area("岚浦镇", SQUARE, 10, "/a/"), Area("霁川镇", EAST, None)]
    chart = area_map("红橙机构", areas, [Point("福松颐养中心", 118.05, 31.05, "orange", "/p/")], unit="家", of="镇街")
    root = drawn(chart)
    assert texts(root)[:2] == ["岚浦镇", "10家"] and "未知" in texts(root) and "◆" in texts(root)
    shape = next(root.iter(f"{SVG}path")).attrib
    assert shape["fill"] == "#6ba0c5"
    places = [tuple(map(float, pair.split())) for pair in re.findall(r"[\d.]+ [\d.]+", shape["d"])]
    wide = max(x for x, _ in places) - min(x for x, _ in places)
    high = max(y for _, y in places) - min(y for _, y in places)
    assert wide / high == pytest.approx(0.857, abs=0.005)  # cos 31.05°
    assert plain(chart) == [["岚浦镇", "10家"], ["霁川镇", "未知"]]


@pytest.mark.parametrize(("value", "expected"), [(None, 0), (0, 0), (1, 1), (20, 1), (21, 2), (100, 5)])
def test_shades_go_by_fifths(value: int | None, expected: int) -> None:
    assert step(value, 100) == expected


@given(st.floats(0.001, 1e12), st.integers(2, 8))
def test_ticks_are_round_rise_and_cover(top: float, about: int) -> None:
    found = ticks(top, about)
    assert found[0] == 0 and found[-1] >= top * (1 - 1e-9)
    assert sorted(found) == found and 2 <= len(found) <= about + 2


@given(names, marks, st.integers(200, 900))
def test_anything_can_be_drawn(title: str, given_marks: list[Mark], width: int) -> None:
    labels = [mark.label for mark in given_marks]
    series = [Series(title, [mark.value for mark in given_marks], "second", [mark.url for mark in given_marks])]
    charts: list[Any] = [
        bars(title, given_marks, of="项目", width=width),
        donut(title, given_marks, of="项目", width=width),
    ]
    charts += [
        stacked(title, labels, series, of="项目", width=width),
        line(title, labels, series, of="项目", width=width),
    ]
    charts.append(
        area_map(
            title, [Area(mark.label, SQUARE, mark.value, mark.url) for mark in given_marks], of="项目", width=width
        )
    )
    for chart in charts:
        drawn(chart)
        assert len(chart.rows) == len(given_marks)


def test_nothing_to_draw_is_drawn() -> None:
    charts = [bars("空", [], of="项目"), donut("空", [], of="项目"), area_map("空", [], of="项目")]
    charts += [stacked("空", [], [], of="项目"), line("空", [], [], of="项目")]
    for chart in charts:
        drawn(chart)
        assert chart.rows == ()
