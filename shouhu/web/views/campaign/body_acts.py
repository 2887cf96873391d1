"""Setting bodies up and ending them; people who come, change and go."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shouhu.ledgers.campaigns import actions, queries, workflow
from shouhu.ledgers.campaigns.models import SEATS, Body
from shouhu.web.access import DeskRequest, page
from shouhu.web.views.campaign.forms import Day, NewBody, NewSeat, Replace, answered, campaign_of, units_of
from shouhu.web.words import said

GET_POST = ["GET", "POST"]


@page("campaign.body")
@require_http_methods(GET_POST)
def set_up(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will set up a body: the campaign office for any unit of the campaign, others for their own."""
    campaign, today, own = campaign_of(request, pk), localdate(request.at), request.post.unit
    units = units_of(campaign, today) if workflow.runs(campaign, request.post) else [(own.pk, own.name)]
    above = [(one.body.pk, "　" * one.depth + one.body.name) for one in queries.tree(request.scope, campaign, today)]
    form = NewBody(above, units, request.POST if request.method == "POST" else None,
                   initial={"unit_id": own.pk, "from_on": today, "kind": "task_force"})  # fmt: skip
    return answered(
        request, form, partial(actions.set_up, campaign_id=pk), back=lambda made: reverse("campaign-body", args=[made.pk]),
        done=_("已建立，请加入成员"), title=_("建立机构"), campaign=campaign, submit_label=_("建立"),
        cancel_url=reverse("campaign-bodies", args=[pk]),
    )  # fmt: skip


@page("campaign.body")
@require_http_methods(GET_POST)
def dissolve(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will end a body."""
    body = _body(request, pk)
    back = reverse("campaign-body", args=[pk])
    return answered(
        request, _sent(Day, request), partial(actions.dissolve, body_id=pk), back=lambda _made: back, done=_("已撤销"), title=_("撤销机构"),
        campaign=body.campaign, lead=_("“%(name)s”撤销后，成员一并卸任；名单和经过都保留。") % {"name": body.name}, submit_label=_("撤销"),
        cancel_url=back,
    )  # fmt: skip


@page("campaign.body")
@require_http_methods(GET_POST)
def seat(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will give somebody a seat in a body."""
    body, back = _body(request, pk), reverse("campaign-body", args=[pk])
    form = _sent(NewSeat, request, {"on": localdate(request.at), "employer": body.unit.name, "role": "member"})

    def act(on: Any, **given: Any) -> Any:
        return actions.seat(body_id=pk, from_on=on, **given)

    return answered(
        request, form, act, back=lambda _made: back, done=_("已加入"), title=_("加入成员"), campaign=body.campaign,
        lead=body.name, submit_label=_("加入"), cancel_url=back,
    )  # fmt: skip


@page("campaign.body")
@require_http_methods(GET_POST)
def change(request: DeskRequest, pk: int, verb: str) -> HttpResponse:
    """This function will put somebody else into a seat, or end it."""
    found = queries.seat(request.scope, pk)
    if found is None or verb not in ("replace", "vacate"):
        raise Http404
    body, back, today = found.body, reverse("campaign-body", args=[found.body_id]), localdate(request.at)
    form = _sent(
        Replace if verb == "replace" else Day,
        request,
        {"on": today, "employer": found.employer, "position": found.position},
    )
    who = {"role": said(SEATS[found.role]), "name": found.name}
    return answered(
        request, form, partial(getattr(actions, verb), seat_id=pk), back=lambda _made: back,
        done=_("已更换") if verb == "replace" else _("已记下"), title=_("更换") if verb == "replace" else _("不再担任"),
        campaign=body.campaign, submit_label=_("更换") if verb == "replace" else _("不再担任"), cancel_url=back,
        lead=_("现在的%(role)s是%(name)s。一步办完：原来的人到这一天为止，接任的人从这一天起；只换电话的，姓名照填。") % who
        if verb == "replace" else _("%(role)s%(name)s到这一天为止，没有人接任。") % who,
    )  # fmt: skip


def _sent(kind: type[forms.Form], request: DeskRequest, initial: dict[str, Any] | None = None) -> forms.Form:
    return kind(request.POST if request.method == "POST" else None, initial=initial or {"on": localdate(request.at)})


def _body(request: DeskRequest, pk: int) -> Body:
    body = queries.body(request.scope, pk)
    if body is None:
        raise Http404
    return body
