"""Dated events of one institution, each by its own small form: moves, people, outlets, point, end, duplicates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from shouhu.ledgers.disposals.actions import settle_act, settle_merger
from shouhu.ledgers.institutions import actions, queries
from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.units.refusals import Refused
from shouhu.web.access import DeskRequest, page
from shouhu.web.views.institution.forms import DayForm, HandForm, MergeForm, MoveForm, OutletForm, PointForm
from shouhu.web.views.institution.pages import found


@require_http_methods(["GET", "POST"])
@page("institution.edit")
def move(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will record a move, or that the division got another code."""
    institution = found(request, pk)
    form = MoveForm(request.POST or None, scope=request.scope, today=localdate(request.at),
                    initial={"code": institution.code})  # fmt: skip

    def act(given: dict[str, Any]) -> None:
        settle_act(actions.move, institution_id=pk, **given, by=request.post, at=request.at)

    return _event(request, institution, form, _("变更地址"), act,
                  _("旧地址保留在经过里；近三年注册地变更次数随之核对。"))  # fmt: skip


@require_http_methods(["GET", "POST"])
@page("institution.edit")
def change_hand(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will record a change of 法定代表人, 主要负责人, 投资人 or 运营主体."""

    def act(given: dict[str, Any]) -> None:
        settle_act(actions.change_hand, institution_id=pk, **given, by=request.post, at=request.at)

    return _event(request, found(request, pk), HandForm(request.POST or None), _("变更人员"), act,
                  _("姓名填错要更正的，请用“修改内容”；这里记的是某一天起换了人。"))  # fmt: skip


@require_http_methods(["GET", "POST"])
@page("institution.edit")
def add_outlet(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will record a new outlet."""

    def act(given: dict[str, Any]) -> None:
        opened_on = given.pop("on")
        settle_act(actions.add_outlet, institution_id=pk, opened_on=opened_on, **given, by=request.post, at=request.at)

    form = OutletForm(request.POST or None)
    form.fields["on"].label = _("开办日期")
    return _event(request, found(request, pk), form, _("登记网点"), act)


@require_http_methods(["GET", "POST"])
@page("institution.edit")
def close_outlet(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will record that an outlet was closed."""
    outlet = queries.outlet(request.scope, pk)
    if outlet is None:
        raise Http404

    def act(given: dict[str, Any]) -> None:
        actions.close_outlet(outlet_id=pk, on=given["on"], by=request.post, at=request.at)

    title = _("网点“%s”关闭") % outlet.name
    return _event(request, outlet.institution, DayForm(request.POST or None), title, act)


@require_http_methods(["GET", "POST"])
@page("institution.edit")
def set_point(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will set where an institution stands on the map."""
    institution = found(request, pk)
    form = PointForm(request.POST or None,
                     initial={"latitude": institution.latitude, "longitude": institution.longitude})  # fmt: skip

    def act(given: dict[str, Any]) -> None:
        actions.set_point(institution_id=pk, **given, by=request.post, at=request.at)

    return _event(request, institution, form, _("地图位置"), act)


@require_http_methods(["GET", "POST"])
@page("institution.edit")
def cease(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will record that an institution ended its service."""

    def act(given: dict[str, Any]) -> None:
        actions.cease(institution_id=pk, on=given["on"], by=request.post, at=request.at)

    return _event(request, found(request, pk), DayForm(request.POST or None), _("登记停办"), act,
                  _("停办不等于销号：预付费没有清退的，处置继续。"))  # fmt: skip


@require_POST
@page("institution.edit")
def reopen(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will take back that an institution ended."""
    institution = found(request, pk)
    actions.reopen(institution_id=institution.pk, by=request.post, at=request.at)
    messages.success(request, _("已恢复为在办"))
    return redirect("institution-page", pk)


@require_http_methods(["GET", "POST"])
@page("institution.import")
def merge(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will merge a duplicate entry into an institution."""
    institution = found(request, pk)
    form = MergeForm(request.POST or None, initial={"number": request.GET.get("number", "")})

    def act(given: dict[str, Any]) -> None:
        gone = queries.seen(request.scope).filter(number=given["number"].strip()).first()
        if gone is None:
            raise _NoSuchNumber
        settle_merger(kept_id=pk, gone_id=gone.pk, reason=given["reason"], by=request.post, at=request.at)

    return _event(request, institution, form, _("合并重复"), act,
                  _("另一家并入本机构：两个编号都通向这里；本机构未知的内容从那一家补上，等级重新评定；那一家未办结的处置、"
                    "清零、排查、异议和机构账号都转到这里，两边的经过都保留。合并后不能拆开。"))  # fmt: skip


class _NoSuchNumber(Refused):
    """No institution in scope bears the number."""

    def __str__(self) -> str:
        return str(gettext_lazy("没有这个编号的机构，请核对"))


def _event(
    request: DeskRequest, institution: Institution, form: forms.Form, title: str,
    act: Callable[[dict[str, Any]], None], lead: str = "",
) -> HttpResponse:  # fmt: skip
    """One form, one act; a refusal stands above the form, with everything that was filled in."""
    back = reverse("institution-page", args=[institution.pk])
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已记录：%s") % title)
            return redirect(back)
    context = {"title": f"{institution.name}：{title}", "form": form, "cancel_url": back, "lead": lead}
    return render(request, "parts/form_page.html", context, status=409 if form.is_bound else 200)
