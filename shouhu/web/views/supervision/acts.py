"""One view for the form of every act of supervision: shows it, takes the act, and tells a refusal above what was typed."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shouhu.ledgers.supervision import workflow
from shouhu.ledgers.supervision.actions import circulars, inspecting, looking, orders, talks
from shouhu.ledgers.supervision.queries import circulars as circular_queries
from shouhu.ledgers.supervision.queries import inspecting as inspecting_queries
from shouhu.ledgers.supervision.queries import looking as look_queries
from shouhu.ledgers.supervision.queries import orders as order_queries
from shouhu.ledgers.supervision.queries import talks as talk_queries
from shouhu.ledgers.supervision.workflow import ISSUE, KINDS, LOOK, REPLY, Subject
from shouhu.ledgers.units.refusals import Refused
from shouhu.web.access import DeskRequest, note_refusal, page
from shouhu.web.views.disposal.forms import ActForm
from shouhu.web.views.supervision.forms import FORMS

GET_POST = ["GET", "POST"]
PAGES = {
    "order": "supervision-page",
    "circular": "supervision-circular",
    "talk": "supervision-talk",
    "item": "supervision-item",
    "draw": "supervision-draw",
    "visit": "supervision-visit",
}
ACTIONS: dict[str, ModuleType] = {
    "order": orders,
    "circular": circulars,
    "talk": talks,
    "item": looking,
    "draw": inspecting,
    "visit": inspecting,
}
DOORS = {
    ("order", ISSUE): "supervision-check", ("order", REPLY): "supervision-reply", ("circular", ISSUE): "supervision-circular-act",
    ("circular", REPLY): "supervision-receive", ("talk", ISSUE): "supervision-talk-act", ("item", ISSUE): "supervision-item-act",
    ("item", LOOK): "supervision-item-look", ("draw", ISSUE): "supervision-draw-run", ("visit", LOOK): "supervision-visit-find",
}  # fmt: skip
"""The route of an act by its subject and right."""


@page(REPLY)
@require_http_methods(GET_POST)
def reply(request: DeskRequest, pk: int, verb: str) -> HttpResponse:
    """This function will show and take the reply of the addressed unit."""
    return _act(request, order_queries.one(request.scope, pk), verb, REPLY)


@page(ISSUE)
@require_http_methods(GET_POST)
def check(request: DeskRequest, pk: int, verb: str) -> HttpResponse:
    """This function will show and take what the issuing office does with an order."""
    return _act(request, order_queries.one(request.scope, pk), verb, ISSUE)


@page(ISSUE)
@require_http_methods(GET_POST)
def circular(request: DeskRequest, pk: int, verb: str) -> HttpResponse:
    """This function will show and take what is done with a draft: its words, the issue, the end."""
    return _act(request, circular_queries.seen(request.scope).filter(pk=pk).first(), verb, ISSUE)


@page(REPLY)
@require_POST
def receive(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will sign for a circular in the name of the post's unit."""
    if not circular_queries.seen(request.scope).filter(pk=pk).exists():
        raise Http404
    circulars.receive(circular_id=pk, by=request.post, at=request.at)
    messages.success(request, _("已签收"))
    return redirect("supervision-circular", pk)


@page(ISSUE)
@require_http_methods(GET_POST)
def talk(request: DeskRequest, pk: int, verb: str) -> HttpResponse:
    """This function will show and take the record of a talk, or its cancelling."""
    return _act(request, talk_queries.seen(request.scope).filter(pk=pk).first(), verb, ISSUE)


@page(LOOK)
@require_http_methods(GET_POST)
def look(request: DeskRequest, pk: int, verb: str) -> HttpResponse:
    """This function will show and take what was found at a matter that was looked at again."""
    return _act(request, look_queries.item(request.scope, pk), verb, LOOK)


@page(ISSUE)
@require_http_methods(GET_POST)
def settle(request: DeskRequest, pk: int, verb: str) -> HttpResponse:
    """This function will show and take what the office decides about a matter that was looked at again."""
    return _act(request, look_queries.item(request.scope, pk), verb, ISSUE)


@page(ISSUE)
@require_http_methods(GET_POST)
def run(request: DeskRequest, pk: int, verb: str) -> HttpResponse:
    """This function will show and take the draw of what was sealed."""
    return _act(request, inspecting_queries.seen(request.scope).filter(pk=pk).first(), verb, ISSUE)


@page(LOOK)
@require_http_methods(GET_POST)
def find(request: DeskRequest, pk: int, verb: str) -> HttpResponse:
    """This function will show and take what a team found."""
    return _act(request, inspecting_queries.visit(request.scope, pk), verb, LOOK)


def offers(subject: Subject, request: DeskRequest, holder_id: int | None = None) -> list[dict[str, Any]]:
    """This function will give the acts that a post may do now, each with its address."""
    kind = KINDS[type(subject)]
    return [
        {"verb": step.verb, "label": step.says, "url": reverse(DOORS[kind, step.right], args=[subject.pk, step.verb])}
        for step in workflow.open_to(subject, request.post, holder_id)
        if (kind, step.verb) in FORMS and (kind, step.right) != ("circular", REPLY)
    ]


def _act(request: DeskRequest, subject: Subject | None, verb: str, right: str) -> HttpResponse:
    if subject is None:
        raise Http404
    kind = KINDS[type(subject)]
    step = workflow.transitions(kind).get(verb)
    if step is None or step.right != right:
        raise Http404
    today, back = localdate(request.at), reverse(PAGES[kind], args=[subject.pk])
    holder = getattr(subject, "unit_id", None)
    hindrance, status = "", 200
    if request.method == "POST":
        form = FORMS[kind, verb](subject, request.scope, today, request.POST, request.FILES)
        status = 422
        if form.is_valid():
            if _taken(request, kind, subject, verb, form):
                messages.success(request, _("已办理：%(step)s") % {"step": step.says})
                return redirect(back)
            status = 409
    else:
        form = FORMS[kind, verb](subject, request.scope, today)
        if step not in workflow.open_to(subject, request.post, holder):
            hindrance = _("现在不能办理这一步，请回到上一页看当前状态。")
    return render(request, "supervision/act.html", {
        "title": step.says, "form": form, "lead": form.lead, "guard": step.guard, "hindrance": hindrance, "about": _named(subject),
        "submit_label": step.says, "cancel_url": back,
    }, status=status)  # fmt: skip


def _taken(request: DeskRequest, kind: str, subject: Subject, verb: str, form: ActForm) -> bool:
    """Take the act; a refusal is journalled by itself and told above the form, which keeps what was typed."""
    try:
        getattr(ACTIONS[kind], verb)(**{f"{kind}_id": subject.pk}, **form.given(), by=request.post, at=request.at)
    except Refused as refusal:
        note_refusal(request)
        form.add_error(None, str(refusal))
        return False
    return True


def _named(subject: Subject) -> str:
    match KINDS[type(subject)]:
        case "item":
            return look_queries.name_of(subject)  # type: ignore[arg-type]
        case "draw":
            return str(subject.title)  # type: ignore[union-attr]
        case "visit":
            return str(subject.institution.name)  # type: ignore[union-attr]
        case "talk":
            return f"{subject.number} {subject.unit.name}"  # type: ignore[union-attr]
        case _:
            return f"{subject.number} {subject.title}".strip()  # type: ignore[union-attr]
