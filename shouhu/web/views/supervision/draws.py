"""双随机: the list, a pool sealed, the draw, the published file, and what was found at each institution."""

from __future__ import annotations

import secrets
from typing import Any

import orjson
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_http_methods

from shouhu.engines.draws.sealing import SEED_BYTES
from shouhu.ledgers.supervision import workflow
from shouhu.ledgers.supervision.actions import inspecting as actions
from shouhu.ledgers.supervision.models import FOUND, RandomInspection
from shouhu.ledgers.supervision.queries import inspecting as queries
from shouhu.ledgers.units.refusals import Refused
from shouhu.web.access import DeskRequest, note_refusal, page
from shouhu.web.paging import page_of, paged
from shouhu.web.views.supervision.acts import offers
from shouhu.web.views.supervision.forms import CommitForm

STATES = {"": lazy("全部"), "drawn": lazy("待检查"), "found": lazy("已检查"), "short": lazy("检查人员不足")}


@page("supervision.draws")
@require_GET
def listing(request: DeskRequest) -> HttpResponse:
    """This function will show the draws that a scope may see."""
    may_issue = request.scope.may("supervision.issue")
    shown: Any = paged(request, queries.seen(request.scope))
    for row in shown.object_list:
        row.state_words = workflow.label(row)
    return render(request, "supervision/draws.html", {
        "title": _("双随机"), "page": shown, "counter": _("次"), "tab": "draws", "may_issue": may_issue,
        "empty_title": _("还没有双随机抽查"), "empty_text": _("先封存名单、公布封存号，再抽取机构和检查人员；结果文件谁都可以重算核对。"),
        "empty_url": reverse("supervision-draw-new") if may_issue else "", "empty_action": _("封存名单"),
    })  # fmt: skip


@page("supervision.issue")
@require_http_methods(["GET", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """This function will show and take a pool to be sealed."""
    today, status = localdate(request.at), 200
    if request.method == "POST":
        form, status = CommitForm(None, request.scope, today, request.POST), 422
        if form.is_valid():
            try:
                made = actions.commit(
                    **form.given(), seed=secrets.token_hex(SEED_BYTES), by=request.post, at=request.at
                )
                messages.success(request, _("已封存，请先公布封存号，再抽取"))
                return redirect("supervision-draw", made.pk)
            except Refused as refusal:
                note_refusal(request)
                form.add_error(None, str(refusal))
                status = 409
    else:
        form = CommitForm(None, request.scope, today)
    return render(request, "supervision/act.html", {
        "title": _("封存名单"), "form": form, "lead": form.lead, "submit_label": _("封存"), "cancel_url": reverse("supervision-draws"),
    }, status=status)  # fmt: skip


@page("supervision.draws")
@require_GET
def show(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will show a draw: what was sealed, what was drawn, and which institutions have no finding yet."""
    inspection = _found(request, pk)
    state = request.GET.get("state", "")
    state = state if state in STATES else ""
    shown: Any = page_of(request, queries.visits(request.scope, inspection, state))
    for row in shown.object_list:
        row.state_words, row.is_mine = workflow.label(row), request.post in row.team.all() and row.found_at is None
    counts = {one: queries.visits(request.scope, inspection, one).count() for one in STATES}
    pool = inspection.sealed["pool"]
    return render(request, "supervision/draw.html", {
        "title": inspection.title, "inspection": inspection, "page": shown, "counter": _("家"), "wide_paper": True,
        "state": workflow.label(inspection), "primary": next(iter(offers(inspection, request)), None), "pool": _told(pool),
        "commitment": inspection.sealed["commitment"], "n_objects": len(pool["objects"]), "n_inspectors": len(pool["inspectors"]),
        "chips": [{"label": label, "url": f"?state={code}", "count": counts[code], "active": code == state}
                  for code, label in STATES.items() if counts[code]],
        "empty_title": _("还没有抽取"), "empty_text": _("先把封存号公布出去，再请不知道种子的人给出见证词，然后抽取。"),
    })  # fmt: skip


@page("supervision.draws")
@require_GET
def file(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will give the published file of a draw, or of its sealing before."""
    inspection = _found(request, pk)
    name = f"双随机抽取{pk}.json" if inspection.published else f"双随机封存{pk}.json"
    content = orjson.dumps(inspection.published or inspection.sealed, option=orjson.OPT_INDENT_2)
    disposition = content_disposition_header(True, name) or "attachment"
    return HttpResponse(content, content_type="application/json", headers={"Content-Disposition": disposition})


@page("supervision.draws")
@require_GET
def visit(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will show an institution that was drawn, its team, and what was found."""
    one = queries.visit(request.scope, pk)
    if one is None:
        raise Http404
    is_mine = request.post in one.team.all()
    return render(request, "supervision/visit.html", {
        "title": _("抽查：%(name)s") % {"name": one.institution.name}, "visit": one, "state": workflow.label(one), "found": FOUND.get(one.found, ""),
        "primary": next(iter(offers(one, request)), None) if is_mine else None,
    })  # fmt: skip


def _found(request: DeskRequest, pk: int) -> RandomInspection:
    inspection = queries.seen(request.scope).filter(pk=pk).first()
    if inspection is None:
        raise Http404
    return inspection


def _told(pool: dict[str, Any]) -> list[dict[str, Any]]:
    """The groups of a pool with their sizes."""
    sizes = {group["name"]: sum(one["group"] == group["name"] for one in pool["objects"]) for group in pool["groups"]}
    return [{**group, "n": sizes[group["name"]]} for group in pool["groups"]]
