"""Charts as SVG, drawn on the server: they need no script, print as they look, and carry their figures as a table."""

from shouhu.web.charts.bars import bars, stacked
from shouhu.web.charts.drawing import Cell, Chart, Mark, Series
from shouhu.web.charts.lines import line
from shouhu.web.charts.maps import Area, Point, area_map, step
from shouhu.web.charts.rings import donut
from shouhu.web.charts.timeline import Span, timeline

__all__ = [
    "Area",
    "Cell",
    "Chart",
    "Mark",
    "Point",
    "Series",
    "Span",
    "area_map",
    "bars",
    "donut",
    "line",
    "stacked",
    "step",
    "timeline",
]
