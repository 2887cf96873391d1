"""The page of notices, the number for the bell, and 全部已读."""

from __future__ import annotations

from datetime import datetime

from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shouhu.ledgers.units import actions
from shouhu.web import notices
from shouhu.web.access import DeskRequest, page

ROWS = 50


@require_GET
@page("home.view")
def listed(request: DeskRequest) -> HttpResponse:
    """This function will show what happened for the post of late, by day, what is unread marked as such."""
    told = notices.notices(request.scope, request.person, request.at)
    return render(request, "home/notices.html", {
        "title": _("通知"), "page": Paginator(told, ROWS).get_page(request.GET.get("page")), "days": notices.KEPT.days,
        "n_unread": sum(one.is_unread for one in told), "until": request.at.isoformat(),
    })  # fmt: skip


@require_GET
@page("home.view")
def bell(request: DeskRequest) -> JsonResponse:
    """This function will count the unread notices, for pages that stay open."""
    return JsonResponse({"n": notices.counted(request)})


@require_POST
@page("home.view")
def read(request: DeskRequest) -> HttpResponse:
    """This function will take as read what the page showed; what came after it stays unread."""
    until = _instant(request.POST.get("until", "")) or request.at
    actions.read_notices(person_id=request.person.pk, until=until, by=request.post, at=request.at)
    notices.forget(request)
    return redirect("home-notices")


def _instant(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found and is_aware(found) else None
