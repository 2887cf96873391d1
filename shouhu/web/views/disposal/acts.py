"""One view for the form of every act: shows it, takes the act, and tells a refusal above what was typed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shouhu.ledgers.clearances.actions import Paper
from shouhu.ledgers.disposals import actions, queries
from shouhu.ledgers.disposals.models import Disposal, Task
from shouhu.ledgers.disposals.workflow import open_to, transitions
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.vault import actions as vault
from shouhu.web import bulk
from shouhu.web.access import DeskRequest, note_refusal, page
from shouhu.web.views.disposal.forms import FORMS, ActForm, AssignForm
from shouhu.web.words import yuan

HANDLE, REVIEW, CLOSE, APPROVE = "disposal.handle", "disposal.review", "disposal.close", "disposal.approve"
GET_POST = ["GET", "POST"]


@page(HANDLE)
@require_http_methods(GET_POST)
def work(request: DeskRequest, pk: int, verb: str) -> HttpResponse:
    """This function will show and take an act of handling on a measure."""
    return _on_task(request, pk, verb, HANDLE)


@page(REVIEW)
@require_http_methods(GET_POST)
def check(request: DeskRequest, pk: int, verb: str) -> HttpResponse:
    """This function will show and take an act of review on a measure."""
    return _on_task(request, pk, verb, REVIEW)


@page(HANDLE)
@require_http_methods(GET_POST)
def handle(request: DeskRequest, pk: int, verb: str) -> HttpResponse:
    """This function will show and take an act of handling on a disposal: the plan, the refund ledger."""
    return _on_disposal(request, pk, verb, HANDLE)


@page(CLOSE)
@require_http_methods(GET_POST)
def end(request: DeskRequest, pk: int, verb: str) -> HttpResponse:
    """This function will show and take 销号, with what is still owed before anything is typed, and 恢复处置."""
    return _on_disposal(request, pk, verb, CLOSE)


@page(HANDLE)
@require_http_methods(GET_POST)
def correct(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will show and take the correction of an entry of a refund ledger."""
    entry = queries.refund(request.scope, pk)
    if entry is None:
        raise Http404
    back = reverse("disposal-page", args=[entry.disposal_id])
    facts = [
        {
            "label": entry.get_kind_display(),
            "value": _("%(sum)s，%(n)s 人") % {"sum": yuan(entry.sum_fen), "n": entry.n_persons},
        }
    ]
    return _act(request, "correct_refund", entry, {"refund_id": pk}, back, facts=facts)


@page(HANDLE)
@require_http_methods(GET_POST)
def referral(request: DeskRequest, pk: int, verb: str) -> HttpResponse:
    """This function will show and take the receipt or the result of a referral."""
    found = queries.referral(request.scope, pk)
    if found is None or verb not in ("receive_receipt", "receive_result"):
        raise Http404
    back = reverse("disposal-task", args=[found.task_id])
    facts: list[dict[str, Any]] = [
        {"label": _("接收单位"), "value": found.receiver},
        {"label": _("发出日期"), "value": found.sent_on},
    ]
    return _act(request, verb, found, {"referral_id": pk}, back, facts=facts)


@page(APPROVE)
@require_http_methods(GET_POST)
def answer(request: DeskRequest, pk: int, verb: str) -> HttpResponse:
    """This function will show and take the answer to an application."""
    found = queries.application(request.scope, pk)
    if found is None or verb not in ("approve", "refuse"):
        raise Http404
    terms = {
        "pause": f"{found.from_on} {_('至')} {found.until_on}",
        "extension": _("%(n)s 个工作日") % {"n": found.n_days},
    }.get(found.kind, "")
    facts: list[dict[str, Any]] = [
        {"label": _("机构"), "value": found.task.disposal.institution.name},
        {"label": _("措施"), "value": found.task.says},
        {"label": _("申请"), "value": f"{found.get_kind_display()} {terms}"},
        {"label": _("原因"), "value": found.reason},
        {"label": _("申请人"), "value": f"{found.asked_by.unit.name} {found.asked_by.title}"},
        {"label": _("现在的时限"), "value": found.task.due_on},
    ]
    return _act(request, verb, found, {"application_id": pk}, reverse("disposal-approvals"), facts=facts)


@page(REVIEW)
@require_POST
def take(request: DeskRequest) -> HttpResponse:
    """This function will make a post the handler of the ticked disposals."""
    form = AssignForm(None, request.scope, localdate(request.at), request.POST)
    if not form.is_valid():
        messages.error(request, _("请选择经办岗位"))
        return redirect("disposal-list")
    post = form.cleaned_data["post"]
    told = f"{post.unit.name} {post.title}"
    found = queries.seen(request.scope).filter(pk__in=_picked(request)).select_related("institution", "handler__unit")
    before = {one.pk: one for one in found.order_by("pk")}
    if bulk.wants_preview(request) and before:
        return bulk.preview(
            request, title=_("指定经办岗位"), to=[(_("经办岗位"), told)], names=[one.institution.name for one in before.values()],
            before=[f"{one.handler.unit.name} {one.handler.title}" if one.handler else _("未指定") for one in before.values()],
            counter=_("件"), cancel_url=reverse("disposal-list"),
        )  # fmt: skip
    rows = actions.take(disposal_ids=_picked(request), post=post, by=request.post, at=request.at)
    if len(rows) == 1:
        messages.success(request, _("已指定经办岗位：%(n)d 件") % {"n": 1})
        return redirect("disposal-page", rows[0].pk)
    bulk.offer_undo(request, listed="disposal-list", route="disposal-take-undo", rows={pk: one.handler_id for pk, one in before.items()},
                    says=_("已把 %(n)d 件处置交给%(who)s") % {"n": len(rows), "who": told})  # fmt: skip
    return redirect("disposal-list")


@page(REVIEW)
@require_POST
def untake(request: DeskRequest) -> HttpResponse:
    """This function will take back the last hand-out of many disposals."""
    former = bulk.former(request, "disposal-list")
    if former is None:
        messages.error(request, _("没有可以撤销的，请另行指定经办岗位"))
    else:
        rows = actions.put_back(former=former.rows, taken_at=former.at, by=request.post, at=request.at)
        messages.success(request, _("已撤销，%(n)d 件恢复原来的经办岗位") % {"n": len(rows)})
    return redirect("disposal-list")


@page(CLOSE)
@require_POST
def close_many(request: DeskRequest) -> HttpResponse:
    """This function will close the ticked disposals, each by itself; what may not be closed stays open and says why."""
    picked, n_closed = _picked(request), 0
    names = {
        one.pk: one.institution.name
        for one in queries.seen(request.scope).filter(pk__in=picked).select_related("institution")
    }
    for pk in picked:
        try:
            actions.close(disposal_id=pk, note=request.POST.get("note", ""), by=request.post, at=request.at)
            n_closed += 1
        except Refused as refusal:
            note_refusal(request)
            messages.error(request, f"{names.get(pk, '')}：{refusal}")
    if n_closed:
        messages.success(request, _("已销号：%(n)d 件") % {"n": n_closed})
    return redirect("disposal-list")


def _picked(request: DeskRequest) -> list[int]:
    """The ticked rows of a list."""
    return [int(one) for one in request.POST.getlist("pick") if one.isascii() and one.isdigit() and len(one) < 19]


def _on_task(request: DeskRequest, pk: int, verb: str, right: str) -> HttpResponse:
    task = queries.task(request.scope, pk)
    if task is None or not _belongs(verb, "task", right) or verb.startswith("receive_"):
        raise Http404
    facts: list[dict[str, Any]] = [
        {"label": _("机构"), "value": task.disposal.institution.name},
        {"label": _("措施"), "value": task.says},
        {"label": _("责任主体"), "value": task.body},
        {"label": _("时限"), "value": task.due_on},
    ]
    if verb in ("review_task", "return_task"):
        facts.append({"label": _("办理结果"), "value": task.result})
    hindrance = queries.unproved(task) if verb == "do_task" else ""
    return _act(
        request, verb, task, {"task_id": pk}, reverse("disposal-task", args=[pk]), facts=facts, hindrance=hindrance
    )


def _on_disposal(request: DeskRequest, pk: int, verb: str, right: str) -> HttpResponse:
    disposal = queries.one(request.scope, pk)
    if disposal is None or not _belongs(verb, "disposal", right) or verb == "correct_refund":
        raise Http404
    facts = [{"label": _("机构"), "value": disposal.institution.name}]
    owed = queries.owing(disposal) if verb == "close" else []
    return _act(
        request, verb, disposal, {"disposal_id": pk}, reverse("disposal-page", args=[pk]), facts=facts, owed=owed
    )


def _belongs(verb: str, subject: str, right: str) -> bool:
    step = transitions().get(verb)
    return step is not None and verb in FORMS and (step.subject, step.right) == (subject, right)


def _act(
    request: DeskRequest, verb: str, subject: Any, key: dict[str, int], back: str, *, facts: list[dict[str, Any]],
    owed: list[str] | None = None, hindrance: str = "",
) -> HttpResponse:  # fmt: skip
    step = transitions()[verb]
    today = localdate(request.at)
    status = 200
    if request.method == "POST":
        form = FORMS[verb](subject, request.scope, today, request.POST, request.FILES)
        status = 422
        if form.is_valid():
            if _taken(request, verb, form, key):
                messages.success(request, _("已办理：%(step)s") % {"step": step.says})
                return redirect(back)
            status = 409
    else:
        form = FORMS[verb](subject, request.scope, today)
    is_open = not isinstance(subject, Disposal | Task) or verb in {one.verb for one in open_to(subject, request.post)}
    if request.method == "GET" and not is_open:
        hindrance = _("现在不能办理这一步，请回到上一页看当前状态。")
    return render(request, "disposal/act.html", {
        "title": step.says, "form": form, "lead": form.lead, "facts": facts, "owed": owed or [], "hindrance": hindrance,
        "guard": step.guard, "submit_label": step.says, "cancel_url": back,
    }, status=status)  # fmt: skip


def _taken(request: DeskRequest, verb: str, form: ActForm, key: dict[str, int]) -> bool:
    """Take the act with its file in one transaction; a refusal is journalled by itself and told above the form."""
    given = form.given()
    try:
        with transaction.atomic():
            if isinstance(paper := given.get("file"), Paper):
                given["file"] = vault.store(content=paper.content, name=paper.name, media_type=paper.media_type,
                                            token=paper.token, by=request.post.code, at=request.at)  # fmt: skip
            getattr(actions, verb)(**key, **given, by=request.post, at=request.at)
    except Refused as refusal:
        note_refusal(request)
        form.add_error(None, str(refusal))
        return False
    return True
