"""The calendar of worked days: a month at a glance, and what a change of a day would move before it is made."""

from __future__ import annotations

from calendar import Calendar as Weeks
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.campaigns.actions import require_calendar
from shouhu.ledgers.disposals import actions, queries
from shouhu.ledgers.units.refusals import Refused
from shouhu.web.access import DeskRequest, note_refusal, page

FIRST, LAST = 2004, 2099
SHOWN = 50
"""Moved measures that are listed one by one."""


class MonthForm(forms.Form):
    """Which month is shown."""

    month = forms.RegexField(r"^20\d\d-(0[1-9]|1[0-2])$", required=False)


class DayForm(forms.Form):
    """Why a day is set apart."""

    note = forms.CharField(
        label=_("依据"),
        max_length=60,
        help_text=_("哪份通知，或为什么，例如“国务院办公厅关于2027年部分节假日安排的通知”"),
    )


@page("disposal.view")
@require_GET
def month(request: DeskRequest) -> HttpResponse:
    """This function will show which days of a month are worked, and which the office set apart."""
    today = localdate(request.at)
    form = MonthForm(request.GET)
    asked = form.cleaned_data["month"] if form.is_valid() else ""
    first = date.fromisoformat(f"{asked}-01") if asked else today.replace(day=1)
    calendar = campaigns.calendar()
    days = [day for week in Weeks().monthdatescalendar(first.year, first.month) for day in week]
    apart = queries.days_apart(days[0], days[-1])
    cells: list[dict[str, Any]] = [
        {"day": day, "inside": day.month == first.month, "worked": calendar.is_worked(day), "name": calendar.name(day),
         "apart": apart.get(day), "today": day == today}
        for day in days
    ]  # fmt: skip
    return render(request, "disposal/calendar.html", {
        "title": _("%(year)d年%(month)02d月工作日历") % {"year": first.year, "month": first.month},
        "weeks": [cells[n : n + 7] for n in range(0, len(cells), 7)],
        "n_worked": sum(cell["worked"] and cell["inside"] for cell in cells), "known": calendar.covers(first),
        "before": f"{first - timedelta(1):%Y-%m}", "after": f"{first + timedelta(31):%Y-%m}", "year": first.year,
        "apart": [one for day, one in sorted(apart.items()) if day.month == first.month],
        "may_edit": request.scope.may("calendar.edit") and not campaigns.has_office_above(request.post),
    })  # fmt: skip


@page("calendar.edit")
@require_http_methods(["GET", "POST"])
def change(request: DeskRequest, on: str) -> HttpResponse:
    """This function will show which open deadlines a change of a day would move, and make the change."""
    try:
        day = date.fromisoformat(on)
    except ValueError:
        raise Http404 from None
    if not FIRST <= day.year <= LAST:
        raise Http404
    require_calendar(request.post)
    calendar = campaigns.calendar()
    is_worked = not calendar.is_worked(day)
    apart = queries.days_apart(day, day).get(day)
    back = f"{reverse('disposal-calendar')}?month={day:%Y-%m}"
    form = DayForm(request.POST or None) if apart is None else None
    status = 200
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            if form is None:
                moved = actions.clear_day(on=day, by=request.post, at=request.at)
            else:
                moved = actions.set_day(
                    on=day, is_worked=is_worked, note=form.cleaned_data["note"], by=request.post, at=request.at
                )
        except Refused as refusal:
            note_refusal(request)
            messages.error(request, str(refusal))
            return redirect(back)
        told = _("已调整 %(day)s，%(n)d 项期限改变，每项里都写明了由哪天变为哪天、为什么") % {
            "day": day,
            "n": len(moved),
        }
        messages.success(request, told)
        return redirect(back)
    if request.method == "POST":
        status = 422
    moving = queries.preview(day, is_worked=is_worked)
    question = _("把 %(day)s 改为%(what)s？") % {"day": day, "what": _("上班") if is_worked else _("放假")}
    return render(request, "disposal/day.html", {
        "title": _("调整工作日"), "question": question, "form": form, "moving": moving[:SHOWN], "n_moving": len(moving),
        "cancel_url": back, "apart": apart, "confirm_label": _("确认调整") if apart is None else _("恢复为国家安排"),
    }, status=status)  # fmt: skip
