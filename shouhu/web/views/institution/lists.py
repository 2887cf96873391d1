"""The list of institutions, its export, and its map."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from tempfile import TemporaryFile
from typing import Any

import xlsxwriter
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from shouhu.engines.documents.canonical import written
from shouhu.engines.rules.facts import Fact, declared
from shouhu.ledgers.institutions import divisions, queries
from shouhu.ledgers.institutions.models import SOURCES, Institution
from shouhu.ledgers.institutions.values import masked
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.units import queries as units
from shouhu.web import words
from shouhu.web.access import DeskRequest, page
from shouhu.web.charts import Area, Point, area_map
from shouhu.web.language import official
from shouhu.web.listing import asked, taken
from shouhu.web.paging import paged
from shouhu.web.views.institution.filters import Filters, chips, listed

MOST_DRAWN = 500
"""Points that a map holds: more are neither read by anybody nor drawn by an old phone."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@page("institution.view")
def index(request: DeskRequest) -> HttpResponse:
    """This function will show the list of institutions."""
    filters = Filters(request)
    shown = paged(request, listed(request, filters))
    rows: list[Any] = list(shown.object_list)
    places = divisions.names_of(row.code for row in rows)
    for row in rows:
        row.town, row.village = places[row.code]
    shown.object_list = rows
    may_export = request.scope.may("institution.export")
    context = {
        "title": _("机构"), "page": shown, "counter": _("家"), "filters": filters, "wide_paper": True,
        "chips": chips(request, reverse("institution-list")),
        "export_url": reverse("institution-export") if may_export else "",
        "bulk_url": reverse("institution-export") if may_export else "",
        "may_edit": request.scope.may("institution.edit"), "may_import": request.scope.may("institution.import"),
        "empty_title": _("还没有机构"),
        "empty_text": _("把各单位掌握的机构和场所导入或逐家登记，之后都在这里管理。")
        if request.scope.may("institution.import") else _("专项办或镇街专班导入台账之后，辖区内的机构列在这里。"),
        "empty_url": reverse("institution-import") if request.scope.may("institution.import") else "",
        "empty_action": _("导入台账"),
    }  # fmt: skip
    return render(request, "institution/list.html", context)


@require_http_methods(["GET", "POST"])
@page("institution.export")
@official
def export(request: DeskRequest) -> HttpResponseBase:
    """This function will give the list as filtered, or the rows that were ticked, as a workbook; personal data masked."""
    filters = Filters(request)
    rows, narrowed = listed(request, filters), asked(filters)
    if request.method == "POST":
        narrowed = _("勾选的机构")
        rows = rows.filter(pk__in=[int(pk) for pk in request.POST.getlist("pick") if pk.isdecimal() and len(pk) < 19])
    file = TemporaryFile()  # noqa: SIM115 - FileResponse closes it
    n_rows = _write(file, rows, taken(request, narrowed))
    journal.record(verb="institution.exported", subject="route/institution-export", by=request.post.code, at=request.at,
                   code=request.post.unit.code, changes={"rows": (None, n_rows)}, outcome="read")  # fmt: skip
    file.seek(0)
    name = f"{_('机构台账')}_{localdate(request.at):%Y%m%d}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


@require_GET
@page("institution.view")
def points(request: DeskRequest) -> HttpResponse:
    """This function will give the institutions of the list that have a point, as GeoJSON."""
    features = [
        {"type": "Feature", "geometry": area.geometry, "properties": {"label": area.label, "url": area.url}}
        for area in areas(request)
    ] + [
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
         "properties": {"label": name, "note": number, "url": reverse("institution-page", args=[pk]),
                        "colour": colour or "unknown"}}
        for pk, number, name, latitude, longitude, colour in _points(request)[:MOST_DRAWN]
    ]  # fmt: skip
    return JsonResponse({"type": "FeatureCollection", "features": features})


@require_GET
@page("institution.view")
def map_page(request: DeskRequest) -> HttpResponse:
    """This function will show the institutions of the list on a map."""
    rows = list(_points(request)[:MOST_DRAWN])
    drawn = [
        Point(name, longitude, latitude, colour or "unknown", reverse("institution-page", args=[pk]))
        for pk, _number, name, latitude, longitude, colour in rows
    ]
    query = request.GET.urlencode()
    context = {
        "title": _("机构分布"), "rows": rows, "n_rows": len(rows), "n_left_out": _points(request).count() - len(rows),
        "n_without": listed(request, Filters(request)).filter(latitude=None).count(),
        "chart": area_map(_("机构分布"), areas(request), drawn, of=_("辖区")) if drawn else None,
        "source": f"{reverse('institution-points')}?{query}", "query": query,
    }  # fmt: skip
    return render(request, "institution/map.html", context)


def areas(request: DeskRequest) -> list[Area]:
    """This function will give the divisions right below what is shown whose bounds are known, to draw points upon."""
    shown = reverse("institution-map")
    below = units.outlines(request.scope, request.GET.get("township", ""), localdate(request.at))
    return [Area(one.name, one.boundary or {}, url=f"{shown}?township={one.code}") for one in below]


def _points(request: DeskRequest) -> QuerySet[Institution, tuple[Any, ...]]:
    rows = listed(request, Filters(request)).filter(latitude__isnull=False)
    return rows.values_list("pk", "number", "name", "latitude", "longitude", "standing__colour")


# --- the workbook


def _write(file: Any, rows: QuerySet[Institution], notes: Sequence[str]) -> int:
    """Write the rows, and the notes on a sheet of their own; text never becomes a formula, a link or a number."""
    safe = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    n_rows = 0
    with xlsxwriter.Workbook(file, safe) as book:
        sheet = book.add_worksheet(_("机构台账"))
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        facts = list(declared().values())
        heads = [_("编号"), _("等级"), _("来源"), _("停办日期"), *(fact.heading for fact in facts)]
        sheet.freeze_panes(1, 5)
        sheet.set_column(0, len(heads) - 1, 14)
        for at, head in enumerate(heads):
            sheet.write_string(0, at, head, bold)
        for row, values in enumerate(_rows(rows, facts), 1):
            n_rows = row
            for at, value in enumerate(values):
                if isinstance(value, str):
                    sheet.write_string(row, at, value)
                elif isinstance(value, int | float):
                    sheet.write_number(row, at, value)
                elif value is not None:
                    sheet.write_datetime(row, at, value, day)
        told = book.add_worksheet(_("说明"))
        told.set_column(0, 0, 80)
        for at, note in enumerate(notes):
            told.write_string(at, 0, note)
    return n_rows


def _rows(rows: QuerySet[Institution], facts: Sequence[Fact]) -> Iterator[list[Any]]:
    found = rows.iterator(chunk_size=500)
    while chunk := list(islice(found, 500)):
        versions = queries.current(chunk)
        for row in chunk:
            known = queries.facts_of(versions[row.pk])
            standing = getattr(row, "standing", None)
            colour = words.word(standing.colour) if standing else _("未评")
            yield [row.number, colour, SOURCES[row.source], row.ceased_on, *(_cell(fact, known) for fact in facts)]


def _cell(fact: Fact, known: dict[str, Any]) -> Any:
    value = known.get(fact.name)
    if value is None:
        return None
    return masked(fact, value) if fact.personal else written(fact, value)
