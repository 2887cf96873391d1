"""清零行动: how many are left, the curve to zero, the map that empties, and the ledger itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from django import forms
from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.clearances import queries, transitions
from shouhu.ledgers.clearances.models import Clearance, Step
from shouhu.ledgers.clearances.queries import Countdown, Filters, Place
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.units import queries as units
from shouhu.web.access import DeskRequest, page
from shouhu.web.charts import Area, Chart, Point, Series, area_map, line, stacked, step
from shouhu.web.language import official
from shouhu.web.listing import asked, taken
from shouhu.web.paging import paged
from shouhu.web.views.clearance_export import workbook_of

LABELS = {
    "open": gettext_lazy("未销号"), "unowned": gettext_lazy("没有包干人"), "overdue": gettext_lazy("已逾期"),
    "closed": gettext_lazy("已销号"), "all": gettext_lazy("全部"),
}  # fmt: skip
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class FilterForm(forms.Form):
    """The line of filters above the table."""

    show = forms.ChoiceField(
        label=gettext_lazy("范围"), choices=list(LABELS.items()), required=False, widget=forms.HiddenInput
    )
    town = forms.ChoiceField(label=gettext_lazy("辖区"), required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("进展"),
        required=False,
        choices=[("", gettext_lazy("全部")), *((code, one.title) for code, one in transitions.STATES.items())],
    )
    text = forms.CharField(label=gettext_lazy("名称、编号、拼音首字母"), max_length=60, required=False)

    def __init__(self, request: DeskRequest) -> None:
        super().__init__(request.GET)
        places = units.narrowings(request.scope, request.GET.get("town", ""), localdate(request.at))
        self.fields["town"].choices = [("", gettext_lazy("全部")), *places]  # type: ignore[attr-defined]

    def filters(self) -> Filters:
        """This function will give what was asked for; what is not understood is left out, and said beside the field."""
        self.is_valid()
        given = {name: value for name, value in self.cleaned_data.items() if value}
        # To ask for a state is to ask for it whether open or closed.
        given.setdefault("show", "all" if "state" in given else "open")
        return Filters(**given)


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    pk: int
    name: str
    place: str
    colour: str
    owner: str
    unit: str
    state: str
    days: int
    next: str
    outcome: str
    due_on: date | None
    left: int | None
    closed_on: date | None


@page("clearance.view")
@require_GET
def board(request: DeskRequest) -> HttpResponse:
    """This function will show how far it is to zero, and the table of sites."""
    today = localdate(request.at)
    counted = queries.countdown(request.scope, today)
    form = FilterForm(request)
    filters = form.filters()
    shown: Any = paged(request, queries.listed(request.scope, filters, today))
    context = {
        "title": _("清零行动"),
        "counted": counted,
        "chips": _chips(counted, filters),
        "filters": form,
        "page": shown,
        "counter": _("处"),
        "wide_paper": True,
        "may_enlist": counted.n_unlisted and request.scope.may(transitions.HANDLE),
        "export_url": reverse("clearance-export") if request.scope.may("institution.export") else "",
        "bulk_url": reverse("clearance-appoint-many") if request.scope.may(transitions.HANDLE) else "",
        "hands": _hands(request, today) if request.scope.may(transitions.HANDLE) else [],
        "empty_title": _("没有未销号的场所"),
        "empty_text": _("排查、线索、导入中发现的未登记场所会列在这里，一处一名包干人，清到零为止。"),
        **(_pictures(request, counted) if not request.GET else {}),
    }
    shown.object_list = rows_of(shown.object_list, today)
    return render(request, "clearance/list.html", context)


@page("clearance.view")
@require_GET
def shapes(request: DeskRequest) -> JsonResponse:
    """This function will give the map as GeoJSON: divisions by what is left, and the open sites."""
    counted = queries.countdown(request.scope, localdate(request.at))
    open_in = {one.code: one.n_open for one in counted.areas}
    most = max(open_in.values(), default=0)
    towns = [
        _feature(dict(one.boundary or {}), label=one.name, url=_town_url(one.code), step=step(open_in.get(one.code, 0), most),
                 note=_("未销号 %d 处") % open_in.get(one.code, 0))
        for one in units.outlines(request.scope, "", localdate(request.at))
    ]  # fmt: skip
    sites = [
        _feature({"type": "Point", "coordinates": [one.longitude, one.latitude]}, label=one.name, colour=one.colour,
                 url=reverse("clearance-page", args=[one.clearance_id]), note=transitions.STATES[one.state].title)
        for one in queries.points(request.scope)
    ]  # fmt: skip
    return JsonResponse({"type": "FeatureCollection", "features": towns + sites})


@page("institution.export")
@require_GET
@official
def export(request: DeskRequest) -> HttpResponse:
    """This function will give the listed sites as the official table; who may see names in full gets them, journalled."""
    today = localdate(request.at)
    form = FilterForm(request)
    filters = form.filters()
    named = request.scope.may("institution.unmask")
    rows = list(queries.listed(request.scope, filters, today).prefetch_related("steps"))
    journal.record(verb="clearance.exported", subject="clearance/list", by=request.post.code, at=request.at,
                   code=request.post.unit.code, outcome="read" if named else "done")  # fmt: skip
    content = workbook_of(rows, today=today, unit=request.post.unit.name, named=named,
                          notes=taken(request, asked(form) or str(LABELS[filters.show])))  # fmt: skip
    disposition = content_disposition_header(True, f"清零行动台账{today:%Y%m%d}.xlsx") or "attachment"
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": disposition})


def _hands(request: DeskRequest, today: date) -> list[tuple[int, str]]:
    """Posts that may answer for sites, with who holds them."""
    posts = list(queries.hands(request.scope, today))
    held = queries.holders_of((post.pk for post in posts), today)
    return [(post.pk, f"{post.unit.name} {post.title} {held[post.pk]}") for post in posts]


def rows_of(rows: Sequence[Clearance], today: date) -> list[Row]:
    """This function will give the lines of a page of the table, in a number of queries that does not grow with it."""
    prefetch_related_objects(rows, Prefetch("steps", Step.objects.only("clearance", "verb", "track", "answers")))
    calendar = campaigns.calendar()
    held = queries.holders_of((row.owner_id for row in rows), today)
    codes = [row.institution.code for row in rows]
    names = queries.names([*codes, *map(queries.town_of, codes)])
    return [_row(row, today, held, names, calendar) for row in rows]


def _row(row: Clearance, today: date, held: dict[int, str], names: dict[str, str], calendar: Any) -> Row:
    code = row.institution.code
    owner = held.get(row.owner_id or 0, "")
    verb = "" if row.closed_at else transitions.next_verb(row) if owner or row.proposal else "appoint"
    return Row(
        pk=row.pk,
        name=row.institution.name,
        place=" ".join(dict.fromkeys(names.get(one, one) for one in (queries.town_of(code), code))),
        colour=queries.colour_of(row.institution),
        owner=owner,
        unit=row.owner.unit.name if row.owner else "",
        state=transitions.STATES[row.state].title,
        days=((localdate(row.closed_at) if row.closed_at else today) - localdate(row.found_at)).days,
        next=transitions.TITLES[verb] if verb else "",
        outcome=row.proposal.get_outcome_display() if row.proposal else "",
        due_on=row.due_on,
        left=queries.left(row.due_on, today, calendar) if row.due_on else None,
        closed_on=localdate(row.closed_at) if row.closed_at else None,
    )


def _chips(counted: Countdown, filters: Filters) -> list[dict[str, Any]]:
    counts = {
        "open": counted.n_open, "unowned": counted.n_unowned, "overdue": counted.n_overdue, "closed": counted.n_closed,
        "all": counted.n_open + counted.n_closed,
    }  # fmt: skip
    kept = {name: value for name, value in asdict(filters).items() if value and name in ("town", "text")}
    return [
        {"label": label, "url": f"?{urlencode({**kept, 'show': show})}", "active": filters == replace(filters, show=show, state=""),
         "count": None if kept else counts[show]}
        for show, label in LABELS.items()
    ]  # fmt: skip


def _pictures(request: DeskRequest, counted: Countdown) -> dict[str, Any]:
    areas = sorted(counted.areas, key=lambda one: -one.n_open)
    urls = [_town_url(one.code) for one in areas]
    by_town = stacked(
        _("各辖区清零进度"),
        [one.name for one in areas],
        [
            Series(_("未销号"), [one.n_open for one in areas], "brand", urls),
            Series(_("已销号"), [one.n_closed for one in areas], "second", [f"{url}&show=closed" for url in urls]),
        ],
        unit=_("处"), of=_("辖区"),
    )  # fmt: skip
    places = queries.points(request.scope)
    return {
        "curve": _curve(counted),
        "map": _map(request, counted, places),
        "n_unplaced": counted.n_open - len(places),
        "by_town": by_town,
        "source": reverse("clearance-map"),
    }


def _curve(counted: Countdown) -> Chart:
    days = counted.curve
    series = [
        Series(_("未销号"), [n_open for _day, n_open, _closed in days]),
        Series(_("累计销号"), [n_closed for _day, _open, n_closed in days], "second"),
    ]
    return line(_("清零曲线"), [f"{day:%m-%d}" for day, _open, _closed in days], series, of=_("日期"), unit=_("处"))


def _map(request: DeskRequest, counted: Countdown, places: list[Place]) -> Chart | None:
    """The map as drawn by the server; none where no outline and no place is known."""
    open_in = {one.code: one.n_open for one in counted.areas}
    areas = [
        Area(one.name, one.boundary or {}, open_in.get(one.code, 0), _town_url(one.code))
        for one in units.outlines(request.scope, "", localdate(request.at))
    ]
    marks = [
        Point(one.name, one.longitude, one.latitude, one.colour, reverse("clearance-page", args=[one.clearance_id]))
        for one in places
    ]
    return area_map(_("未销号场所"), areas, marks, unit=_("处"), of=_("辖区")) if areas or marks else None


def _town_url(code: str) -> str:
    return f"{reverse('clearance-list')}?town={code}"


def _feature(geometry: dict[str, Any], **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}
