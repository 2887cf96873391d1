"""One task: the plan's words, who owes it and how far each has come, until when, and the way it went; a task by hand."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from shouhu.engines.periods.deadlines import SERIOUSLY_OVERDUE
from shouhu.ledgers.campaigns import actions, queries, workflow
from shouhu.ledgers.campaigns.models import Duty, Progress, Task
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.vault.actions import content_of
from shouhu.web.access import DeskRequest, page
from shouhu.web.views.campaign.forms import NewTask, answered, campaign_of
from shouhu.web.words import said

AROUND = 120
"""Characters of the plan shown before and after the words of a task."""
MORE_VERBS = {"add": "增加任务"}
"""Steps of a trail that stand in no table: how a task began."""


@page("campaign.view")
@require_GET
def show(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will show a task."""
    task = queries.task(request.scope, pk)
    if task is None:
        raise Http404
    today, known = localdate(request.at), task.known  # type: ignore[attr-defined]
    left = queries.left(task.due_on, today, queries.calendar()) if task.due_on else None
    state = "withdrawn" if task.withdrawn_at else queries.state_of(known)
    duties = [_duty(request, one, today) for one in known]
    return render(request, "campaign/task.html", {
        "title": task.title, "task": task, "state": queries.STATES[state], "duties": duties,
        "left": left if state in ("open", "unowned") else None,
        "is_serious": left is not None and left < -SERIOUSLY_OVERDUE and state in ("open", "unowned"),
        "lead": next((one for one in known if one.is_lead), None),
        "next": next((act for one in duties for act in one["acts"]), None),
        "others": _of_task(request, task), "quote": _quote(task), "events": [_event(task, one) for one in queries.trail(request.scope, task)],
    })  # fmt: skip


@page("campaign.view")
@require_GET
def file(request: DeskRequest, pk: int, token: str) -> HttpResponse:
    """This function will hand out a paper of a task's trail; that it was read is journalled."""
    task = queries.task(request.scope, pk)
    paper = queries.paper(request.scope, task, token) if task else None
    if task is None or paper is None:
        raise Http404
    journal.record(verb="duty.paper_read", subject=f"campaign_task/{task.pk}", by=request.post.code, at=request.at,
                   code=task.campaign.code, outcome="read")  # fmt: skip
    disposition = content_disposition_header(True, paper.name) or "attachment"
    return HttpResponse(content_of(paper), content_type=paper.media_type, headers={"Content-Disposition": disposition})


@page(workflow.ACCEPT)
@require_http_methods(["GET", "POST"])
def add(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will add a task by hand, or one that a meeting agreed on (?meeting=)."""
    campaign, today = campaign_of(request, pk), localdate(request.at)
    wanted = request.GET.get("meeting", "")
    meeting = queries.meeting(request.scope, int(wanted)) if wanted.isdecimal() and len(wanted) < 19 else None
    form = NewTask(campaign, today, request.POST if request.method == "POST" else None)
    back = reverse("campaign-meeting", args=[meeting.pk]) if meeting else reverse("campaign-tasks", args=[pk])
    return answered(
        request, form, partial(actions.add_task, campaign_id=pk, meeting_id=meeting.pk if meeting else None), given=form.given,
        back=lambda made: back if meeting else reverse("campaign-task", args=[made.pk]), done=_("任务已下达，责任单位会收到通知"),
        title=_("增加任务"), lead=_("“%(title)s”议定的任务") % {"title": meeting.title} if meeting else _("方案以外临时增加的任务。"),
        campaign=campaign, submit_label=_("下达任务"), cancel_url=back,
    )  # fmt: skip


def _duty(request: DeskRequest, duty: Duty, today: date) -> dict[str, Any]:
    acts = [
        {"label": step.says, "url": reverse("campaign-work" if step.right == workflow.WORK else "campaign-check", args=[duty.pk, verb])}
        for verb, step in sorted(workflow.transitions().items(), key=lambda pair: pair[0] != "done")
        if step.of == "duty" and request.scope.may(step.right) and not workflow.hindrance(duty, verb, request.post, today)
    ]  # fmt: skip
    gone = duty.unit is not None and duty.unit.closed_on is not None and duty.unit.closed_on <= today
    return {"row": duty, "state": workflow.states()[duty.state], "acts": acts, "is_gone": gone}


def _of_task(request: DeskRequest, task: Task) -> list[dict[str, Any]]:
    return [
        {"label": step.says, "url": reverse("campaign-change", args=[task.pk, verb])}
        for verb, step in workflow.transitions().items()
        if step.of == "task" and not workflow.hindrance_of_task(task, verb, request.post)
    ]


def _quote(task: Task) -> dict[str, str] | None:
    """The words of the plan that the task was read from, with a little of what stands around them."""
    item = task.item
    if item is None or item.start is None or item.stop is None:
        return None
    text = item.paper.text
    return {
        "before": text[max(item.start - AROUND, 0) : item.start], "words": text[item.start : item.stop],
        "after": text[item.stop : item.stop + AROUND], "name": item.paper.name,
    }  # fmt: skip


def _event(task: Task, one: Progress) -> dict[str, Any]:
    steps = workflow.transitions()
    what = said(steps[one.verb].says if one.verb in steps else MORE_VERBS[one.verb])
    if one.duty and one.duty.unit:
        what = f"{one.duty.unit.name}{_('：')}{what}"
    return {
        "at": one.said_at, "what": what, "note": one.says, "who": f"{one.said_by.unit.name} {said(one.said_by.title)}",
        "document": one.file.name if one.file else "",
        "url": reverse("campaign-file", args=[task.pk, one.file.token]) if one.file else "",
    }  # fmt: skip
