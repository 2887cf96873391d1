"""倒查: which institutions went red, and of one of them what is on record before, by which unit, and what is absent."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shouhu.engines.law import cite
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.supervision.queries import backtrace as queries
from shouhu.ledgers.supervision.queries.backtrace import SECTIONS, Act, Event
from shouhu.web.access import DeskRequest, page
from shouhu.web.paging import paged

ROUTES = {
    "task": ("disposal-task", "disposal.view"), "clearance": ("clearance-page", "clearance.view"), "tip": ("tip-page", "tip.view"),
    "order": ("supervision-page", "supervision.view"),
}  # fmt: skip


@page("supervision.trace")
@require_GET
def listing(request: DeskRequest) -> HttpResponse:
    """This function will show the institutions that went red, the latest first."""
    shown: Any = paged(request, queries.fallen(request.scope))
    return render(request, "supervision/backtraces.html", {
        "title": _("倒查"), "page": shown, "counter": _("家"), "tab": "backtraces",
        "empty_title": _("没有列为红色的机构"), "empty_text": _("机构列为红色后可以从这里倒查：此前谁做过什么、哪些没有做。"),
    })  # fmt: skip


@page("supervision.trace")
@require_GET
def show(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will show what is on record about an institution before it went red."""
    return _shown(request, queries.of_institution(request.scope, pk))


@page("supervision.trace")
@require_GET
def of_tip(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will show what is on record about an institution before a tip came that proved true."""
    return _shown(request, queries.of_tip(request.scope, pk))


def _shown(request: DeskRequest, event: Event | None) -> HttpResponse:
    if event is None:
        raise Http404
    found = queries.backtrace(request.scope, event)
    journal.record(verb="supervision.backtraced", subject=event.institution, by=request.post.code, at=request.at,
                   code=event.institution.code, outcome="read")  # fmt: skip
    return render(request, "supervision/backtrace.html", {
        "title": event.institution.name, "event": event, "wide_paper": True,
        "absences": [{"row": one, "clause": str(cite(one.clause)) if one.clause else ""} for one in found.absences],
        "sections": [{"title": title, "acts": [_act(request, one) for one in found.section(name)]} for name, title in SECTIONS.items()],
    })  # fmt: skip


def _act(request: DeskRequest, one: Act) -> dict[str, Any]:
    url = ""
    if one.ref:
        route, right = ROUTES[one.ref[0]]
        url = reverse(route, args=[one.ref[1]]) if request.scope.may(right) else ""
    return {"row": one, "url": url}
