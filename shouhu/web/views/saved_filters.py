"""Saving and forgetting one's own filters of a list."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import NoReverseMatch, resolve, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shouhu.ledgers.units import actions
from shouhu.web.access import DeskRequest, page
from shouhu.web.templatetags.keeping import narrowed


@require_POST
@page("home.view")
def save(request: DeskRequest) -> HttpResponse:
    """This function will keep what a list is narrowed to under a name, and show the list so narrowed."""
    route = request.POST.get("route", "")
    address = _address(request, route)
    query = narrowed(QueryDict(request.POST.get("query", "")))
    kept = actions.save_filter(
        person_id=request.person.pk, route=route, name=request.POST.get("name", ""), query=query, by=request.post,
        at=request.at,
    )  # fmt: skip
    messages.success(request, _("已保存筛选“%s”") % kept.name)
    return redirect(f"{address}?{query}")


@require_POST
@page("home.view")
def drop(request: DeskRequest) -> HttpResponse:
    """This function will forget a filter."""
    pk = request.POST.get("pick", "")
    gone = actions.drop_filter(
        filter_id=int(pk) if pk.isdecimal() and len(pk) < 19 else 0, person_id=request.person.pk, by=request.post,
        at=request.at,
    )  # fmt: skip
    messages.success(request, _("已删去筛选“%s”") % gone.name)
    return redirect(_address(request, gone.route))


def _address(request: DeskRequest, route: str) -> str:
    """The address of a list that the post may open."""
    try:
        address = reverse(route)
    except NoReverseMatch:
        raise Http404 from None
    right = getattr(resolve(address).func, "right", "")
    if not right or not request.scope.may(right):
        raise Http404
    return address
