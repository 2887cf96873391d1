"""我的待办 in full: everything that waits, by room and by time, and the same as a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from shouhu.web import words
from shouhu.web.access import DeskRequest, page
from shouhu.web.language import official
from shouhu.web.listing import column, export
from shouhu.web.paging import page_of
from shouhu.web.work import Item, waiting

ROOMS = {
    "campaign": gettext_lazy("专项行动"), "plan": gettext_lazy("方案"), "survey": gettext_lazy("摸排"), "rating": gettext_lazy("名单"),
    "disposal": gettext_lazy("处置"), "clearance": gettext_lazy("清零行动"), "objection": gettext_lazy("异议"), "tip": gettext_lazy("线索"),
    "informant": gettext_lazy("举报人身份"), "supervision": gettext_lazy("督导"),
}  # fmt: skip
TIMES = {
    "late": gettext_lazy("已逾期"), "today": gettext_lazy("今天到期"), "week": gettext_lazy("本周到期"),
    "returned": gettext_lazy("退回给我的"),
}  # fmt: skip


@require_GET
@page("home.view")
def work(request: DeskRequest) -> HttpResponse:
    """This function will show everything that waits, by room and by time."""
    today = localdate(request.at)
    items = waiting(request.scope, today)
    when, room = _asked(request)
    shown = [item for item in items if fits(item, when, room, today)]
    return render(request, "home/work.html", {
        "title": _("全部待办"), "counter": _("件"), "page": page_of(request, shown),
        "chips": chips(items, today, when, room), "export_url": reverse("home-work-export"),
        "empty_title": _("没有等您办理的事项"), "empty_text": _("派给您的排查、审核、处置和签字会按时限列在这里。"),
    })  # fmt: skip


@require_GET
@page("home.view")
@official
def take_out(request: DeskRequest) -> HttpResponse:
    """This function will give the work list as narrowed, as a workbook."""
    today = localdate(request.at)
    when, room = _asked(request)
    items = [item for item in waiting(request.scope, today) if fits(item, when, room, today)]
    columns = (
        column(_("序号"), 6, "count"), column(_("事项"), 40), column(_("工作"), 12, "centre"), column(_("等级"), 10, "centre"),
        column(_("要做什么"), 40), column(_("时限"), 13, "date"), column(_("剩余工作日"), 12, "count"),
    )  # fmt: skip
    rows = (
        (n, item.where, str(ROOMS[item.room]), words.colour(item.colour) if item.colour else None, item.what, item.due_on, item.left)
        for n, item in enumerate(items, 1)
    )  # fmt: skip
    narrowed = "；".join(str(one) for one in (TIMES.get(when), ROOMS.get(room)) if one)
    return export(request, title=_("我的待办"), columns=columns, rows=rows, n_rows=len(items), narrowed=narrowed,
                  note=_("说明：剩余工作日为负数的已经逾期。"))  # fmt: skip


def fits(item: Item, when: str, room: str, today: date) -> bool:
    """This function will tell whether something falls into a time of TIMES and a room of ROOMS; empty: any."""
    week = today + timedelta(days=6 - today.weekday())
    match when:
        case "late":
            in_time = item.left is not None and item.left < 0
        case "today":
            in_time = item.due_on == today
        case "week":
            in_time = item.due_on is not None and today <= item.due_on <= week
        case "returned":
            in_time = item.is_returned
        case _:
            in_time = True
    return in_time and room in ("", item.room)


def chips(items: Sequence[Item], today: date, when: str | None = None, room: str | None = None) -> list[dict[str, Any]]:
    """This function will count the work by time and by room; None: on a page that is not the list."""
    url = reverse("home-work")
    made = [
        {"label": label, "url": f"{url}?when={key}" if key else url, "active": (when, room) == (key, ""),
         "count": sum(fits(item, key, "", today) for item in items)}
        for key, label in (("", _("全部")), *TIMES.items())
    ]  # fmt: skip
    made += [
        {"label": label, "url": f"{url}?room={key}", "active": room == key, "count": n}
        for key, label in ROOMS.items()
        if (n := sum(item.room == key for item in items))
    ]
    return made


def _asked(request: DeskRequest) -> tuple[str, str]:
    """Time and room; what is not one of them narrows nothing."""
    when, room = request.GET.get("when", ""), request.GET.get("room", "")
    return when if when in TIMES else "", room if room in ROOMS else ""
