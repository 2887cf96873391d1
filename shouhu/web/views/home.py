"""我的待办: what waits for me, and what is wrong in my jurisdiction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from shouhu.engines.rules import words
from shouhu.figures import overview
from shouhu.ledgers.disposals import queries as disposals
from shouhu.ledgers.disposals.owing import yuan
from shouhu.ledgers.ratings.transitions import WORST_FIRST
from shouhu.ledgers.surveys import queries as surveys
from shouhu.ledgers.units.scope import Scope
from shouhu.web.access import DeskRequest, page
from shouhu.web.charts import Mark, Series, donut, line, stacked
from shouhu.web.work import Item, waiting

FIRST = 8
ROWS = 50
ROOMS = {
    "survey": gettext_lazy("摸排"), "rating": gettext_lazy("名单"), "disposal": gettext_lazy("处置"),
    "clearance": gettext_lazy("清零行动"), "objection": gettext_lazy("异议"),
}  # fmt: skip


@require_GET
def root(request: HttpRequest) -> HttpResponse:
    """This function will lead to the home page; an institution's account to what is held about it."""
    scope: Scope | None = getattr(request, "scope", None)
    return redirect("own-home" if scope and scope.may("own.view") else "home")


@require_GET
@page("home.view")
def home(request: DeskRequest) -> HttpResponse:
    """This function will show the first of what waits, and the figures of the jurisdiction."""
    today = localdate(request.at)
    items = waiting(request.scope, today)
    context: dict[str, Any] = {
        "title": _("我的待办"),
        "items": items[:FIRST],
        "n_items": len(items),
        "chips": _chips(items, today),
    }
    if request.scope.may("rating.view"):
        context |= _colours(request)
    if request.scope.may("disposal.view"):
        context["tiles"] = [*context.get("tiles", []), *_disposals(request.scope, today)]
    if request.scope.may("survey.view"):
        context["coverage"] = _coverage(request.scope, today)
    return render(request, "home/home.html", context)


@require_GET
@page("home.view")
def work(request: DeskRequest) -> HttpResponse:
    """This function will show everything that waits, by room and by time."""
    today = localdate(request.at)
    items = waiting(request.scope, today)
    shown = [item for item in items if _fits(item, request.GET.get("when", ""), request.GET.get("room", ""), today)]
    return render(request, "home/work.html", {
        "title": _("全部待办"), "counter": _("件"), "page": Paginator(shown, ROWS).get_page(request.GET.get("page")),
        "chips": _chips(items, today, request.GET.get("when", ""), request.GET.get("room", "")), "rooms": ROOMS,
        "empty_title": _("没有等您办理的事项"), "empty_text": _("派给您的排查、审核、处置和签字会按时限列在这里。"),
    })  # fmt: skip


@require_GET
@page("home.view")
def search(request: DeskRequest) -> HttpResponse:
    """This function will look for an institution by name, code, number or pinyin initials."""
    if not request.scope.may("institution.view"):
        return redirect("home")
    return redirect(f"{reverse('institution-list')}?{urlencode({'q': request.GET.get('q', '')})}")


def _fits(item: Item, when: str, room: str, today: date) -> bool:
    week = today + timedelta(days=6 - today.weekday())
    match when:
        case "late":
            in_time = item.left is not None and item.left < 0
        case "today":
            in_time = item.due_on == today
        case "week":
            in_time = item.due_on is not None and today <= item.due_on <= week
        case _:
            in_time = True
    return in_time and room in ("", item.room)


def _chips(items: Sequence[Item], today: date, when: str = "", room: str = "") -> list[dict[str, Any]]:
    url = reverse("home-work")
    chips = [
        {"label": label, "url": f"{url}?when={key}" if key else url, "active": (when, room) == (key, ""),
         "count": sum(_fits(item, key, "", today) for item in items)}
        for key, label in (("", _("全部")), ("late", _("已逾期")), ("today", _("今天到期")), ("week", _("本周到期")))
    ]  # fmt: skip
    chips += [
        {"label": label, "url": f"{url}?room={key}", "active": room == key, "count": n}
        for key, label in ROOMS.items()
        if (n := sum(item.room == key for item in items))
    ]
    return chips


def _colours(request: DeskRequest) -> dict[str, Any]:
    scope, url = request.scope, reverse("rating-list")
    places = overview.by_place(scope)
    total = {colour: sum(place.counts[colour] for place in places) for colour in WORST_FIRST}
    evenings = overview.trend(scope, request.at)
    before = evenings[-2].counts
    days = [f"{localdate(one.at):%m-%d}" for one in evenings]
    graver = ("red", "orange", "yellow", "unknown")
    return {
        "tiles": [
            {"colour": colour, "value": n, "unit": _("家"), "url": f"{url}?colour={colour}", "note": _change(n - before[colour])}
            for colour, n in total.items()
        ],
        "rings": donut(_("四色名单构成"), [
            Mark(words.COLOUR[colour], n, colour, f"{url}?colour={colour}") for colour, n in total.items()
        ], unit=_("家"), of=_("等级")),
        "towns": stacked(_("各地四色分布"), [place.name for place in places], [
            Series(words.COLOUR[colour], [place.counts[colour] for place in places], colour,
                   [f"{url}?colour={colour}&township={place.code}" for place in places])
            for colour in WORST_FIRST
        ], of=_("辖区"), unit=_("家"), width=720) if places else None,
        "trend": line(_("近十二周变化"), days, [
            Series(words.COLOUR[colour], [one.counts[colour] for one in evenings], colour) for colour in graver
        ], of=_("截至"), unit=_("家")),
    }  # fmt: skip


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
         "note": _("应清退 %s") % yuan(owed)},
    ]  # fmt: skip


def _coverage(scope: Scope, today: date) -> Any:
    round_ = surveys.rounds(scope).first()
    if round_ is None:
        return None
    rows = surveys.coverage(scope, round_, today)
    return {"round": round_, "rows": rows, "total": surveys.total(rows, scope.low, "")}
