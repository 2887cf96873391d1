"""Campaigns side by side, and one at a glance: phases, how far arms and units have come, what is late, what is open, the timeline."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shouhu.ledgers.campaigns import queries, workflow
from shouhu.ledgers.campaigns.models import DOMAINS, Campaign, Task
from shouhu.ledgers.campaigns.queries import Filters, Overview, Stage
from shouhu.web.access import DeskRequest, page
from shouhu.web.charts import Chart, Series, Span, stacked, timeline
from shouhu.web.views.campaign.forms import campaign_of
from shouhu.web.words import said

MOST_LATE = 10
"""Late duties that the overview names; the list has all."""


@page("campaign.view")
@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """This function will show the campaigns that run, and those that are over, each with where it stands."""
    today = localdate(request.at)
    cards = [_card(request, one, today) for one in queries.seen(request.scope)]
    return render(request, "campaign/list.html", {
        "title": _("专项行动"), "running": [one for one in cards if one["is_running"]],
        "over": [one for one in cards if not one["is_running"]], "may_open": request.scope.may("campaign.open"),
    })  # fmt: skip


@page("campaign.view")
@require_GET
def show(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will show a campaign at one glance."""
    campaign, today, calendar = campaign_of(request, pk), localdate(request.at), queries.calendar()
    found, stages = queries.overview(request.scope, campaign, today, calendar), queries.stages(campaign, today)
    directs = workflow.runs(campaign, request.post)
    branches = queries.tree(request.scope, campaign, today)
    return render(request, "campaign/page.html", {
        "title": campaign.title, "campaign": campaign, "domain": DOMAINS[campaign.domain], "total": found.total,
        "now": [one for one in stages if one.state == "now"], "following": next((one for one in stages if one.state == "next"), None),
        "n_days": (campaign.ends_on - today).days, "arms": found.arms, "units": found.units,
        "late": [{"duty": one, "left": queries.left(one.task.due_on, today, calendar)} for one in found.late[:MOST_LATE] if one.task.due_on],
        "n_late": len(found.late), "by_unit": _by_unit(campaign, found), "tasks_url": reverse("campaign-tasks", args=[pk]),
        "chart": _timeline(campaign, stages, [], today), "reports": queries.reports(campaign, request.at, calendar),
        "gaps": queries.gaps(campaign, today), "directs": directs,
        "n_bodies": len(branches), "n_empty": sum(len(one.missing) for one in branches),
        "may_stand": directs and campaign.standing_at is None and today > campaign.ends_on,
    })  # fmt: skip


@page("campaign.view")
@require_GET
def timeline_page(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will draw the phases and tasks of a campaign on one scale, with the same as a table."""
    campaign, today = campaign_of(request, pk), localdate(request.at)
    tasks = list(queries.listed(request.scope, campaign, Filters(), today))
    dated = [one for one in tasks if one.due_on]
    return render(request, "campaign/timeline.html", {
        "title": _("时间表"), "campaign": campaign, "wide_paper": True, "n_undated": len(tasks) - len(dated),
        "chart": _timeline(campaign, queries.stages(campaign, today), dated, today),
    })  # fmt: skip


def _card(request: DeskRequest, campaign: Campaign, today: date) -> dict[str, Any]:
    found = queries.overview(request.scope, campaign, today, queries.calendar())
    stages = queries.stages(campaign, today)
    return {
        "campaign": campaign, "domain": DOMAINS[campaign.domain], "total": found.total, "n_days": (campaign.ends_on - today).days,
        "now": [one for one in stages if one.state == "now"], "following": next((one for one in stages if one.state == "next"), None),
        "is_running": campaign.ends_on >= today or campaign.standing_at is not None,
    }  # fmt: skip


def _by_unit(campaign: Campaign, found: Overview) -> Chart:
    """How far each unit has come: accepted, waiting for a look, to be done, late."""
    url = reverse("campaign-tasks", args=[campaign.pk])

    def series(label: str, values: list[int], colour: str, query: str) -> Series:
        return Series(label, values, colour, [f"{url}?unit={one.key}&{query}" for one in found.units])

    units = found.units
    return stacked(
        _("各单位进展"), [one.label for one in units],
        [
            series(_("已办结"), [one.n_accepted for one in units], "second", "state=accepted"),
            series(_("待审核"), [one.n_done for one in units], "third", "state=done"),
            series(_("办理中"), [one.n_open - one.n_late for one in units], "brand", "state=open"),
            series(_("逾期"), [one.n_late for one in units], "fourth", "late=overdue"),
        ],
        of=_("责任单位"), unit=_("项"), width=720,
    )  # fmt: skip


def _timeline(campaign: Campaign, stages: list[Stage], tasks: list[Task], today: date) -> Chart | None:
    told = {"past": _("已结束"), "now": _("进行中"), "next": _("未开始")}
    spans: list[Span] = []
    late = queries.late_before(today, queries.calendar())
    shown = {one.pk for one in tasks}
    for stage in stages:
        phase = stage.phase
        spans.append(Span(phase.name, phase.starts_on, phase.ends_on, "brand", told[stage.state],
                          f"{reverse('campaign-tasks', args=[campaign.pk])}?phase={phase.pk}"))  # fmt: skip
        spans += [_span(one, late) for one in tasks if one.phase_id == phase.pk]
        shown -= {one.pk for one in tasks if one.phase_id == phase.pk}
    spans += [_span(one, late) for one in tasks if one.pk in shown]
    return (
        timeline(
            _("时间表"), spans, today=today, of=_("阶段和任务") if tasks else _("阶段"), width=940 if tasks else 680
        )
        if spans
        else None
    )


def _span(task: Task, late: date) -> Span:
    """A task from the first day of its phase, or the day it was added, to the day it is due."""
    assert task.due_on
    state = queries.state_of(task.known)  # type: ignore[attr-defined]
    is_late = state in ("open", "unowned") and task.due_on < late
    begins = task.phase.starts_on if task.phase and task.meeting_id is None else localdate(task.added_at)
    colour = "fourth" if is_late else {"accepted": "second", "done": "third"}.get(state, "brand")
    says = _("逾期") if is_late else str(said(queries.STATES[state]))
    return Span(
        task.title, min(begins, task.due_on), task.due_on, colour, says, reverse("campaign-task", args=[task.pk]), 1
    )
