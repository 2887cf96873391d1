"""One disposal and one of its measures, with everything known about them and the one next step; their files."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from shouhu.engines.law import cite
from shouhu.engines.periods.calendar import Calendar
from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.disposals import queries
from shouhu.ledgers.disposals.models import Disposal, Step, Task
from shouhu.ledgers.disposals.owing import SEVERE
from shouhu.ledgers.disposals.terms import PROOFS
from shouhu.ledgers.disposals.workflow import label, open_to, state_of, transitions
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.ratings.models import COLOURS
from shouhu.ledgers.units import queries as units
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.vault.actions import content_of
from shouhu.web.access import DeskRequest, page
from shouhu.web.views.disposal.forms import AssignForm

BY_THE_DESK = {
    "opened": _("立项"), "amended": _("措施调整"), "recomputed": _("时限重新计算"), "reopened": _("由新的处置接续"),
    "merged": _("机构合并"),
}  # fmt: skip
WANTED = {"talk": "record_talk", "order": "issue_order", "referral": "refer", "evidence": "add_evidence"}
"""Proof → the act that puts it on file."""


@page("disposal.view")
@require_GET
def show(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will show a disposal: measures as a checklist, what is owed, refunds, plan and trail."""
    disposal = queries.one(request.scope, pk)
    if disposal is None:
        raise Http404
    today = localdate(request.at)
    tasks = queries.tasks_of(disposal)
    owed = [] if disposal.closed_at else queries.owing(disposal)
    calendar = campaigns.calendar()
    lines = [_line(task, today, request.post, calendar) for task in tasks if not task.dropped_at]
    verbs = {step.verb for step in open_to(disposal, request.post)}
    totals = queries.refunded(disposal)
    return render(request, "disposal/page.html", {
        "title": disposal.institution.name, "disposal": disposal, "colour": disposal.colour, "owed": owed,
        "lines": lines, "dropped": [task for task in tasks if task.dropped_at], "verbs": verbs,
        "n_finished": sum(line["is_finished"] for line in lines), "totals": totals,
        "refunds": queries.refunds(disposal), "history": queries.history(disposal), "was": COLOURS[disposal.worst],
        "events": [_event(step) for step in queries.steps(disposal)], "needs_plan": disposal.worst in SEVERE,
        "next": _next(disposal, lines, owed, verbs, request.post),
        "assign": AssignForm(None, request.scope, today) if "take" in verbs else None,
        "town": units.names([code := disposal.institution.code[:9].ljust(12, "0")]).get(code, ""),
    })  # fmt: skip


@page("disposal.view")
@require_GET
def measure(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will show a measure: who may do it by what power, how its due day was counted, and what proves it."""
    task = queries.task(request.scope, pk)
    if task is None:
        raise Http404
    lacking = queries.unproved(task) if state_of(task) in ("open", "returned") else ""
    line = _line(task, localdate(request.at), request.post, campaigns.calendar(), lacking)
    return render(request, "disposal/task.html", {
        "title": task.says, "task": task, "line": line, "disposal": task.disposal, "colour": task.disposal.colour,
        "evidence": task.evidence.select_related("file", "added_by__unit").order_by("n", "-revision"),
        "talks": task.talks.select_related("file").order_by("held_on"), "proof": PROOFS[task.proof],
        "orders": [(one, cite(one.article)) for one in task.orders.select_related("unit", "file").order_by("issued_on")],
        "referrals": task.referrals.select_related("file", "receipt").order_by("sent_on"),
        "applications": task.applications.select_related("asked_by__unit", "approved_by__unit", "refused_by__unit"),
        "events": [_event(step) for step in queries.steps(task.disposal).filter(task=task)],
        "lacking": lacking,
        "clauses": [str(cite(one)) for one in task.powers], "clause": str(cite(task.clause)),
        "may_handle": request.scope.may("disposal.handle"),
    })  # fmt: skip


@page("disposal.handle")
@require_GET
def talk(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will open the sealed record of a talk; that it was read is journalled."""
    found = queries.talk(request.scope, pk)
    if found is None:
        raise Http404
    journal.record(verb="talk.read", subject=found, by=request.post.code, at=request.at, outcome="read",
                   code=found.task.disposal.institution.code)  # fmt: skip
    return render(request, "disposal/talk.html", {"title": _("约谈记录"), "talk": found, "task": found.task})


@page("disposal.view")
@require_GET
def file(request: DeskRequest, token: str) -> HttpResponse:
    """This function will hand out a file that hangs on a disposal; that it was read is journalled."""
    stored = queries.file(request.scope, token)
    if stored is None:
        raise Http404
    journal.record(verb="file.read", subject=stored, by=request.post.code, at=request.at, outcome="read",
                   code=request.post.unit.code)  # fmt: skip
    disposition = content_disposition_header(True, stored.name or "file") or "attachment"
    return HttpResponse(
        content_of(stored), content_type=stored.media_type, headers={"Content-Disposition": disposition}
    )


def _line(task: Task, today: date, post: Post, calendar: Calendar, lacking: str = "") -> dict[str, Any]:
    """A measure as the checklist shows it; while it lacks its proof, the main act is to put that on file. Nobody reviews what
    they did.
    """
    state = state_of(task)
    running = state in ("open", "returned")
    wanted = WANTED.get(task.proof, "")
    main = wanted if running and lacking else "do_task" if running else "review_task"
    shown = {"add_evidence", "do_task", "review_task", "return_task", "ask", "assign", wanted}
    buttons = [
        {"url": _url(task, step.verb, step.right), "label": step.says, "is_main": step.verb == main}
        for step in open_to(task, post)
        if step.verb in shown
        and not (lacking and step.verb == "do_task")
        and not (step.right == "disposal.review" and step.verb != "assign" and task.done_by_id == post.pk)
    ]
    return {
        "task": task, "state": label(task), "code": state, "is_finished": state in ("reviewed", "waived"), "buttons": buttons,
        "left": queries.left(task.due_on, today, calendar) if running else None,
        "proof": PROOFS[task.proof], "url": reverse("disposal-task", args=[task.pk]),
        "pending": next((one for one in task.applications.all() if not one.approved_at and not one.refused_at), None),
    }  # fmt: skip


def _url(task: Task, verb: str, right: str) -> str:
    return reverse("disposal-check" if right == "disposal.review" else "disposal-work", args=[task.pk, verb])


def _next(
    disposal: Disposal, lines: list[dict[str, Any]], owed: list[str], verbs: set[str], post: Post
) -> dict[str, Any] | None:
    """The one next step: for whoever sits there if it is theirs (url), else only its name."""
    if disposal.closed_at:
        return None
    if disposal.handler is None and "take" in verbs:
        return {"label": _("指定经办岗位"), "url": "#assign"}
    waiting = [line for line in lines if line["code"] == "done"]
    others = [line for line in waiting if line["task"].done_by_id != post.pk]
    if others and any(button["is_main"] for button in others[0]["buttons"]):
        return {"label": _("审核：%s") % others[0]["task"].says, "url": others[0]["url"]}
    if disposal.worst in SEVERE and not disposal.planned_at and "plan" in verbs:
        return {"label": _("编制一院一策"), "url": reverse("disposal-handle", args=[disposal.pk, "plan"])}
    running = [line for line in lines if line["code"] in ("open", "returned") and not line["pending"]]
    if running:
        first = min(running, key=lambda one: one["task"].due_on)
        is_mine = (first["task"].post or disposal.handler) in (None, post)
        return {"label": first["task"].says, "url": first["url"] if first["buttons"] and is_mine else ""}
    if waiting:
        return {"label": _("等待审核"), "url": ""}
    close = reverse("disposal-end", args=[disposal.pk, "close"]) if "close" in verbs else ""
    return {"label": owed[0], "url": ""} if owed else {"label": transitions()["close"].says, "url": close}


def _event(step: Step) -> dict[str, Any]:
    says = BY_THE_DESK.get(step.verb) or transitions()[step.verb].says
    what = f"{says}：{step.task.says}" if step.task else says
    return {
        "at": step.taken_at,
        "who": f"{step.taken_by.unit.name} {step.taken_by.title}",
        "what": what,
        "note": step.note,
    }
