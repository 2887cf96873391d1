"""The colour list, its map, and one institution's colour explained."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from shouhu.engines.rules.facts import declared
from shouhu.ledgers.institutions import queries as institutions
from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.ratings import queries
from shouhu.ledgers.ratings.models import COLOURS
from shouhu.ledgers.ratings.queries import Filters
from shouhu.ledgers.ratings.transitions import WORST_FIRST
from shouhu.ledgers.units import queries as units
from shouhu.ledgers.units.codes import stem
from shouhu.web import words
from shouhu.web.access import DeskRequest, page
from shouhu.web.charts import Area, Point, area_map, step
from shouhu.web.paging import paged
from shouhu.web.views import rating_words as told

MOST_DRAWN = 1_000
ON_THE_LIST = ("red", "orange", "yellow")


class ListForm(forms.Form):
    """What a list is narrowed to, and for which day it is shown."""

    q = forms.CharField(
        label=_("名称、编号、拼音首字母"), required=False, max_length=60, widget=forms.TextInput({"type": "search"})
    )
    colour = forms.MultipleChoiceField(label=_("等级"), required=False, widget=forms.MultipleHiddenInput)
    falling = forms.BooleanField(label=_("待确认降级"), required=False, widget=forms.HiddenInput)
    township = forms.ChoiceField(label=_("辖区"), required=False)
    kind = forms.ChoiceField(label=_("机构类型"), required=False)
    on = forms.DateField(label=_("截至"), required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(self, request: DeskRequest) -> None:
        super().__init__(request.GET)
        self.request = request
        places = units.narrowings(request.scope, request.GET.get("township", ""), localdate(request.at))
        kinds = [(kind, kind) for kind in declared()["kind"].choices]
        for name, choices in (("township", places), ("kind", kinds)):
            self.fields[name].choices = [("", _("全部")), *choices]  # type: ignore[attr-defined]
        self.fields["colour"].choices = list(COLOURS.items())  # type: ignore[attr-defined]

    def filters(self) -> Filters:
        """This function will give what was asked for; what was filled in wrongly narrows nothing."""
        given = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        return Filters(
            colours=tuple(given.get("colour") or ()), township=given.get("township", ""), kind=given.get("kind", ""),
            text=given.get("q", ""), falling=bool(given.get("falling")),
        )  # fmt: skip

    def instant(self) -> datetime | None:
        """This function will give the last instant of the day asked for; None for now."""
        self.is_valid()
        on = self.cleaned_data.get("on")
        if on is None or on >= localdate(self.request.at):
            return None
        return make_aware(datetime.combine(on + timedelta(1), time.min)) - timedelta(microseconds=1)


def query(request: DeskRequest, **changes: Any) -> str:
    """This function will give the filters in force as a query, with some changed; None takes one away."""
    given = request.GET.copy()
    given.pop("page", None)
    for name, value in changes.items():
        given.pop(name, None)
        if value is not None:
            given.setlist(name, value if isinstance(value, list) else [str(value)])
    return f"?{given.urlencode()}" if given else "?"


@require_GET
@page("rating.view")
def colour_list(request: DeskRequest) -> HttpResponse:
    """This function will show the four-colour list, of today or as it stood on a day."""
    form = ListForm(request)
    filters, at = form.filters(), form.instant()
    shown: Any = paged(request, queries.colour_list(request.scope, filters, at))
    rows = queries.listed(shown.object_list)
    towns = units.names({one.town for one in rows})
    shown.object_list = [
        {"one": one, "hazards": told.hazards(one), "town": one.fact("township") or towns.get(one.town, "")}
        for one in rows
    ]
    counts = queries.n_by_colour(request.scope, filters, at)
    tiles = [
        {"colour": colour, "value": n, "url": query(request, colour=[colour]), "active": filters.colours == (colour,)}
        for colour, n in counts.items()
    ]
    chips = [
        {"label": _("全部"), "url": query(request, colour=None, falling=None), "count": sum(counts.values()),
         "active": not filters.colours and not filters.falling},
        {"label": _("红橙黄"), "url": query(request, colour=list(ON_THE_LIST), falling=None),
         "count": sum(counts[colour] for colour in ON_THE_LIST), "active": set(filters.colours) == set(ON_THE_LIST)},
        {"label": _("待确认降级"), "url": query(request, colour=None, falling="1"), "count": None, "active": filters.falling},
    ]  # fmt: skip
    may = request.scope.may
    return render(request, "rating/list.html", {
        "title": _("四色名单"), "counter": _("家"), "page": shown, "tiles": tiles, "chips": chips, "filters": form,
        "at": at, "wide_paper": True, "query": query(request),
        "export_url": reverse("rating-export") if may("rating.export") else "",
        "may_decide": may("rating.decide"), "may_rate": may("rating.rate"),
        "empty_title": _("还没有评过级的机构"), "empty_text": _("排查结果审核通过或台账导入后，机构会自动评级并列在这里。"),
        "empty_url": reverse("institution-import") if request.scope.may("institution.import") else "", "empty_action": _("导入台账"),
    })  # fmt: skip


@require_GET
@page("rating.view")
def colour_map(request: DeskRequest) -> HttpResponse:
    """This function will show the list on a map: areas by how many are red, orange or yellow, institutions by colour."""
    form = ListForm(request)
    areas, points = _shapes(request, form)
    chart = area_map(str(_("红橙黄名单")), areas, points, unit=str(_("家")), of=str(_("辖区")))
    rows = queries.colour_list(request.scope, form.filters(), form.instant())
    n_rows, n_placed = rows.count(), rows.filter(institution__latitude__isnull=False).count()
    return render(request, "rating/map.html", {
        "title": _("四色名单地图"), "chart": chart, "filters": form, "source": reverse("rating-points") + query(request),
        "query": query(request), "n_points": len(points), "n_placeless": n_rows - n_placed, "n_left_out": n_placed - len(points),
    })  # fmt: skip


@require_GET
@page("rating.view")
def points(request: DeskRequest) -> HttpResponse:
    """This function will give the map's towns and institutions as GeoJSON."""
    areas, marks = _shapes(request, ListForm(request))
    largest = max((area.value or 0 for area in areas), default=0)
    features = [
        {"type": "Feature", "geometry": area.geometry,
         "properties": {"label": area.label, "url": area.url, "step": step(area.value, largest),
                        "note": str(_("红橙黄 %(n)s 家")) % {"n": area.value}}}
        for area in areas
    ] + [
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [mark.longitude, mark.latitude]},
         "properties": {"label": mark.label, "url": mark.url, "colour": mark.colour, "note": words.word(mark.colour)}}
        for mark in marks
    ]  # fmt: skip
    return JsonResponse({"type": "FeatureCollection", "features": features})


def _shapes(request: DeskRequest, form: ListForm) -> tuple[list[Area], list[Point]]:
    """The divisions below by how many are red, orange or yellow, and the gravest institutions, as many as a map can hold."""
    filters, at = form.filters(), form.instant()
    rows = queries.colour_list(request.scope, filters, at)
    placed = rows.filter(institution__latitude__isnull=False)
    fields = ("institution__name", "institution__longitude", "institution__latitude", "colour", "institution")
    marks = [
        Point(name, longitude, latitude, colour, reverse("rating-page", args=[pk]))
        for name, longitude, latitude, colour, pk in placed.values_list(*fields)[:MOST_DRAWN]
    ]
    areas = units.outlines(request.scope, filters.township, localdate(request.at))
    listed = rows.filter(colour__in=ON_THE_LIST)
    counts = queries.n_listed_below(listed, len(stem(areas[0].code))) if areas else {}
    list_url = reverse("rating-list")
    return [
        Area(one.name, one.boundary or {}, counts.get(one.code, 0), list_url + query(request, township=one.code))
        for one in areas
    ], marks


@require_GET
@page("rating.view")
def one(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will explain an institution's colour: rules, facts and where they came from, history, signatures."""
    institution = seen(request, pk)
    standing = queries.standing_of(institution)
    may = request.scope.may
    context: dict[str, Any] = {
        "title": institution.name, "institution": institution, "standing": standing,
        "may_object": may("objection.file"), "rating_exists": standing is not None,
    }  # fmt: skip
    if standing:
        reasons = told.reasons_of(standing.rating)
        made = queries.decisions(institution)
        proposed = next((decision for decision in made if decision.state == "proposed"), None)
        listed = queries.listed([standing])[0]
        context |= {
            "colour": standing.colour, "at_least": listed.is_bound, "listed": listed, "reasons": reasons,
            "sentences": reasons.sentences(), "held": told.held(standing) if standing.falls_to else [],
            "rules": told.rules_told(reasons, standing.rating.version),
            "is_newer": reasons.ruleset.sha256 != standing.rating.ruleset_hash,
            "is_stale": standing.rating.version.n != institution.n,
            "decisions": [{"row": decision, "told": told.decided(decision), "steps": told.signatures(decision)} for decision in made],
            "proposed": proposed, "events": told.events(queries.history(institution)),
            "disclosures": queries.disclosures(institution),
            "may_decide": may("rating.decide") and not proposed, "may_approve": may("rating.approve"),
            "head": _head(standing),
        }  # fmt: skip
    return render(request, "rating/page.html", context)


def _head(standing: Any) -> Sequence[dict[str, Any]]:
    rating = standing.rating
    rows = [
        {"label": _("编号"), "value": standing.institution.number},
        {"label": _("自"), "value": standing.since_at.date()},
        {"label": _("评定日期"), "value": rating.as_of},
    ]
    if rating.at_most and rating.at_most != rating.listed:
        rows.append({"label": _("查清后最高可能"), "value": words.colour(rating.at_most)})
    return rows


def seen(request: DeskRequest, pk: int) -> Institution:
    """This function will give an institution that the post may see; any other is not there."""
    found = institutions.seen(request.scope).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def gravest_first() -> list[tuple[str, str]]:
    """This function will give the colours that a person may choose, gravest first, as word and shape."""
    return [(colour, words.colour(colour)) for colour in WORST_FIRST if colour not in ("decide", "unknown")]
