"""One view for the form of every act on a duty and on a task: shows it, takes the act, tells a refusal above what was typed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shouhu.ledgers.campaigns import actions, queries, workflow
from shouhu.ledgers.campaigns.models import Duty, Task
from shouhu.web.access import DeskRequest, page
from shouhu.web.views.campaign import forms as asked
from shouhu.web.views.campaign.forms import answered, units_of
from shouhu.web.words import said

FORMS: dict[str, type[forms.Form]] = {
    "progress": asked.Progress, "done": asked.Done, "accept": asked.Accept, "send_back": asked.Reason,
    "reassign": asked.Reassign, "owe": asked.Owe, "move": asked.Move, "sort": asked.Sort, "withdraw": asked.Reason,
}  # fmt: skip
GET_POST = ["GET", "POST"]


@page(workflow.WORK)
@require_http_methods(GET_POST)
def work(request: DeskRequest, pk: int, verb: str) -> HttpResponse:
    """This function will show and take an act of the unit that owes a duty."""
    return _on_duty(request, pk, verb, workflow.WORK)


@page(workflow.ACCEPT)
@require_http_methods(GET_POST)
def check(request: DeskRequest, pk: int, verb: str) -> HttpResponse:
    """This function will show and take an act of the campaign office on a duty."""
    return _on_duty(request, pk, verb, workflow.ACCEPT)


@page(workflow.ACCEPT)
@require_http_methods(GET_POST)
def change(request: DeskRequest, pk: int, verb: str) -> HttpResponse:
    """This function will show and take an act of the campaign office on a whole task."""
    task = queries.task(request.scope, pk)
    if task is None or _step(verb, workflow.ACCEPT, "task") is None:
        raise Http404
    hindrance = workflow.hindrance_of_task(task, verb, request.post)
    return _answered(request, verb, task, partial(getattr(actions, verb), task_id=pk), hindrance)


def _on_duty(request: DeskRequest, pk: int, verb: str, right: str) -> HttpResponse:
    duty = queries.duty(request.scope, pk)
    if duty is None or _step(verb, right, "duty") is None:
        raise Http404
    hindrance = workflow.hindrance(duty, verb, request.post, localdate(request.at))
    act: Callable[..., Any] = (
        partial(actions.reassign, duty_ids=[pk]) if verb == "reassign" else partial(getattr(actions, verb), duty_id=pk)
    )
    return _answered(request, verb, duty.task, act, hindrance, duty)


def _answered(
    request: DeskRequest, verb: str, task: Task, act: Callable[..., Any], hindrance: str, duty: Duty | None = None
) -> HttpResponse:
    step, back = workflow.transitions()[verb], reverse("campaign-task", args=[task.pk])
    facts: list[dict[str, Any]] = [{"label": _("任务"), "value": task.title}]
    if duty:
        facts.append({"label": _("责任单位"), "value": duty.unit.name if duty.unit else duty.printed})
    facts.append({"label": _("完成期限"), "value": task.due_on or _("未定")})
    if step.guard:
        facts.append({"label": _("要求"), "value": step.guard})
    return answered(
        request, _form(request, verb, task), act, back=lambda _made: back,
        done=_("已办理：%(step)s") % {"step": said(step.says)}, title=step.says,
        task=task, hindrance="" if request.method == "POST" else hindrance, facts=facts, submit_label=step.says, cancel_url=back,
    )  # fmt: skip


def _form(request: DeskRequest, verb: str, task: Task) -> forms.Form:
    kind = FORMS[verb]
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    if issubclass(kind, asked.UnitForm):
        return kind(units_of(task.campaign, localdate(request.at)), data)
    return kind(data, files, initial={"arm": task.arm, "due_on": task.due_on})


def _step(verb: str, right: str, of: str) -> workflow.Transition | None:
    step = workflow.transitions().get(verb)
    return step if step and step.right == right and step.of == of else None
