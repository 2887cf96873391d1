"""The home page: the day at one glance, what waits for me, and what is wrong in my jurisdiction; and the search."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shouhu.figures import overview
from shouhu.jobs import schedule
from shouhu.ledgers.disposals import queries as disposals
from shouhu.ledgers.ratings.transitions import WORST_FIRST
from shouhu.ledgers.surveys import queries as surveys
from shouhu.ledgers.units.scope import Scope
from shouhu.web import words
from shouhu.web.access import DeskRequest, page
from shouhu.web.charts import Mark, Series, donut, line, stacked
from shouhu.web.notices import notices, unread
from shouhu.web.views.work import chips
from shouhu.web.work import waiting

FIRST = 8
NEWS = 5
"""Unread notices that are shown right away."""


@require_GET
def root(request: HttpRequest) -> HttpResponse:
    """This function will lead to the home page; an institution's account to what is held about it."""
    scope: Scope | None = getattr(request, "scope", None)
    return redirect("own-home" if scope and scope.may("own.view") else "home")


@require_GET
@page("home.view")
def home(request: DeskRequest) -> HttpResponse:
    """This function will show the first of what waits, and what is late; colours and ``figures`` follow by themselves."""
    today, may = localdate(request.at), request.scope.may
    items = waiting(request.scope, today)
    context: dict[str, Any] = {
        "title": _("我的待办"),
        "items": items[:FIRST],
        "n_items": len(items),
        "chips": [chip for chip in chips(items, today) if chip["count"]],
        "warnings": schedule.warnings() if may("backup.make") else [],
        "news": [one for one in notices(request.scope, request.person, request.at) if one.is_unread][:NEWS]
        if unread(request)
        else [],
    }
    if may("rating.view"):
        context["colours"] = [{"colour": colour, "value": "…", "url": _list_of(colour)} for colour in WORST_FIRST]
    if may("disposal.view"):
        context["tiles"] = _disposals(request.scope, today)
    context["has_figures"] = may("rating.view") or may("survey.view")
    return render(request, "home/home.html", context)


@require_GET
@page("home.view")
def figures(request: DeskRequest) -> HttpResponse:
    """This function will draw the state of the jurisdiction: colours, where they are, how they came about; survey progress."""
    context: dict[str, Any] = {"title": _("辖区情况")}
    if request.scope.may("rating.view"):
        context |= _drawn(request)
    if request.scope.may("survey.view"):
        context["coverage"] = _coverage(request.scope, localdate(request.at))
    return render(request, "home/figures.html", context)


@require_GET
@page("home.view")
def search(request: DeskRequest) -> HttpResponse:
    """This function will look for an institution by name, code or pinyin initials; those who see none look for people."""
    asked = urlencode({"q": request.GET.get("q", "").strip()})
    for right, route in (("institution.view", "institution-list"), ("unit.view", "unit-people")):
        if request.scope.may(right):
            return redirect(f"{reverse(route)}?{asked}")
    return redirect("home")


def _drawn(request: DeskRequest) -> dict[str, Any]:
    scope = request.scope
    places = overview.by_place(scope, localdate(request.at))
    evenings = overview.trend(scope, request.at, places)
    now, last_week = evenings[-1].counts, evenings[-2].counts
    colours = [
        {"colour": colour, "value": n, "unit": _("家"), "url": _list_of(colour), "note": _change(n - last_week[colour])}
        for colour, n in now.items()
    ]
    if not places:
        return {"colours": colours}
    days = [f"{localdate(one.at):%m-%d}" for one in evenings]
    graver = ("red", "orange", "yellow", "unknown")
    return {
        "colours": colours,
        "rings": donut(_("四色名单构成"), [
            Mark(words.word(colour), n, colour, _list_of(colour)) for colour, n in now.items()
        ], unit=_("家"), of=_("等级")),
        "towns": stacked(_("各地四色分布"), [place.name for place in places], [
            Series(words.word(colour), [place.counts[colour] for place in places], colour,
                   [f"{_list_of(colour)}&township={place.code}" for place in places])
            for colour in WORST_FIRST
        ], of=_("辖区"), unit=_("家"), width=720),
        "trend": line(_("近十二周变化"), days, [
            Series(words.word(colour), [one.counts[colour] for one in evenings], colour) for colour in graver
        ], of=_("截至"), unit=_("家")),
    }  # fmt: skip


def _list_of(colour: str) -> str:
    return f"{reverse('rating-list')}?colour={colour}"


def _change(n: int) -> str:
    return _("较上周持平") if n == 0 else _("较上周 %+d") % n


def _disposals(scope: Scope, today: date) -> list[dict[str, Any]]:
    rows = disposals.progress(scope, today)
    late, serious = sum(row.n_overdue for row in rows), sum(row.n_serious for row in rows)
    owed, paid = sum(row.owed_fen for row in rows), sum(row.paid_fen for row in rows)
    url = reverse("disposal-list")
    return [
        {"label": _("逾期措施"), "value": late, "unit": _("项"), "url": f"{url}?late=overdue",
         "note": _("其中严重逾期 %d 项") % serious},
        {"label": _("未清退（万元）"), "value": f"{(owed - paid) / 1_000_000:,.2f}", "url": url,
         "note": _("应清退 %s") % words.yuan(owed)},
    ]  # fmt: skip


def _coverage(scope: Scope, today: date) -> Any:
    round_ = surveys.rounds(scope).first()
    if round_ is None:
        return None
    rows = surveys.coverage(scope, round_, today)
    return {"round": round_, "rows": rows, "total": surveys.total(rows, scope.low, "")}
