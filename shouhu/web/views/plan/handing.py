"""Handing a plan in, or writing one from a template; what becomes of it until it is read; its file."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouhu.jobs import plans
from shouhu.ledgers.campaigns import actions, queries
from shouhu.ledgers.campaigns.models import PlanPaper
from shouhu.ledgers.campaigns.templates import templates
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.units import queries as units
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.vault.actions import content_of
from shouhu.web.access import DeskRequest, note_refusal, page
from shouhu.web.language import official
from shouhu.web.views.plan import letters
from shouhu.web.views.plan.forms import TemplateForm, UploadForm

STEPS = ("upload", "review", "bind", "look", "adopt")
SUB_STEPS = ("upload", "review", "match", "adopt")


def steps(paper: PlanPaper | None, here: str) -> list[dict[str, Any]]:
    """This function will give where one is on the way from the file to the campaign, or to the adopted sub-plan."""
    labels = {
        "upload": _("上传"), "review": _("核对"), "bind": _("对应"), "look": _("预览"), "match": _("对照任务"), "adopt": _("采用"),
    }  # fmt: skip
    names = SUB_STEPS if paper and paper.campaign_id and not paper.is_leading else STEPS
    labels["adopt"] = labels["adopt"] if names is SUB_STEPS else _("建立")
    at = names.index(here)
    is_over = at == len(names) - 1
    urls = {"review": "plan-page", "bind": "plan-bind", "match": "plan-match"}
    return [
        {
            "label": labels[name], "state": "done" if n < at or is_over else "now" if n == at else "todo",
            "url": reverse(urls[name], args=[paper.pk]) if paper and n < at and name in urls and not is_over else "",
        }
        for n, name in enumerate(names)
    ]  # fmt: skip


@page("campaign.plan")
@require_http_methods(["GET", "POST"])
def upload(request: DeskRequest) -> HttpResponse:
    """This function will take the file of a plan in."""
    named = request.GET.get("campaign")
    form = UploadForm(request, initial={"campaign": named} if named else {})
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            paper = actions.hand_in(content=file.read(), name=file.name, token=secrets.token_hex(16),
                                    campaign_id=form.cleaned_data["campaign"] or None, by=request.post, at=request.at)  # fmt: skip
        except Refused as refusal:
            form.add_error("file", str(refusal))
            note_refusal(request)
        else:
            plans.read.enqueue(paper.pk)
            return redirect("plan-page", paper.pk)
    context = {
        "title": _("上传方案"), "form": form, "steps": steps(None, "upload"), "cancel_url": reverse("plan-list"), "submit_label": _("上传并读取"),
        "lead": _("读出阶段、任务、责任单位、时限、报送和机构，供您逐项核对；核对完才建立。"),
    }  # fmt: skip
    return render(request, "plan/upload.html", context, status=422 if form.errors else 200)


@page("campaign.plan")
@require_http_methods(["GET", "POST"])
def from_template(request: DeskRequest) -> HttpResponse:
    """This function will write a plan from a template."""
    code = request.post.unit.code
    initial = {
        "place": units.names([code]).get(code, ""),
        "starts_on": localdate(request.at),
        "template": next(iter(templates())),
    }
    form = TemplateForm(request, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            paper = actions.write_paper(
                template_id=given["template"], place=given["place"], starts_on=given["starts_on"], campaign_id=given["campaign"] or None,
                by=request.post, at=request.at,
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, str(refusal))
            note_refusal(request)
        else:
            messages.success(request, _("已按样本起草，请核对；也可以下载 Word 文件修改后再上传"))
            return redirect("plan-page", paper.pk)
    context = {
        "title": _("从样本起草方案"), "form": form, "cancel_url": reverse("plan-list"), "submit_label": _("起草"),
        "lead": _("样本由本软件编写，不是上级文件；起草后逐项核对，按本地实际修改。"),
    }  # fmt: skip
    return render(request, "plan/template.html", context, status=422 if form.errors else 200)


def unread(request: DeskRequest, paper: PlanPaper) -> HttpResponse:
    """This function will show a plan that is being read, could not be, is one of several, or is none."""
    if request.headers.get("HX-Request"):
        if paper.state != "reading":
            return HttpResponse(headers={"HX-Refresh": "true"})
        return render(request, "plan/reading.html", {"paper": paper})
    context = {
        "title": _("方案：%s") % paper.name, "paper": paper, "steps": steps(paper, "upload"),
        "is_own": paper.unit_id == request.post.unit_id and request.scope.may("campaign.plan"),
        "kind": (paper.proposal or {}).get("kind"),
    }  # fmt: skip
    return render(request, "plan/unread.html", context)


@page("campaign.plan")
@require_POST
def choose(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will take which plan of a file is meant, and have it read."""
    paper = found(request, pk)
    part = request.POST.get("part", "")
    actions.choose_part(
        paper_id=paper.pk, part=int(part) if part.isdecimal() and len(part) < 5 else -1, by=request.post, at=request.at
    )
    plans.read.enqueue(paper.pk)
    return redirect("plan-page", pk)


@page("campaign.plan")
@require_POST
def drop(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will give a plan up."""
    actions.drop_paper(paper_id=found(request, pk).pk, by=request.post, at=request.at)
    messages.success(request, _("已放弃这份方案，可以在本页恢复"))
    return redirect("plan-page", pk)


@page("campaign.plan")
@require_POST
def resume(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will take a plan up again that was given up."""
    actions.take_back_drop(paper_id=found(request, pk).pk, by=request.post, at=request.at)
    return redirect("plan-page", pk)


@page("campaign.view")
@require_GET
def file(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will give the file that was handed in, journalled."""
    paper = found(request, pk)
    if paper.file is None or paper.file.erased_at:
        raise Http404
    journal.record(
        verb="plan.file_read",
        subject=paper,
        by=request.post.code,
        at=request.at,
        code=request.post.unit.code,
        outcome="read",
    )
    disposition = content_disposition_header(True, paper.file.name) or "attachment"
    return HttpResponse(
        content_of(paper.file), content_type="application/octet-stream", headers={"Content-Disposition": disposition}
    )


@page("campaign.view")
@require_GET
@official
def word(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will give the words of a plan as a Word file."""
    paper = found(request, pk)
    if not paper.text:
        raise Http404
    disposition = content_disposition_header(True, f"{paper.name}.docx") or "attachment"
    return HttpResponse(
        letters.word(paper.text), content_type=letters.DOCX, headers={"Content-Disposition": disposition}
    )


def found(request: DeskRequest, pk: int) -> PlanPaper:
    """This function will find a plan in sight."""
    paper = queries.papers(request.scope).filter(pk=pk).select_related("file").first()
    if paper is None:
        raise Http404
    return paper
