"""回头看: the list with its numbers, a new draw, one look-back down to its matters, and one matter."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_http_methods

from shouhu.engines.rules import words
from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.disposals.counting import left
from shouhu.ledgers.supervision import workflow
from shouhu.ledgers.supervision.actions import looking as actions
from shouhu.ledgers.supervision.models import MATTERS, Item, LookBack
from shouhu.ledgers.supervision.queries import looking as queries
from shouhu.ledgers.supervision.queries import matters
from shouhu.ledgers.tips.models import OUTCOMES, Finding
from shouhu.ledgers.units.refusals import Refused
from shouhu.web.access import DeskRequest, note_refusal, page
from shouhu.web.language import official
from shouhu.web.listing import column
from shouhu.web.listing import export as exported
from shouhu.web.paging import page_of, paged
from shouhu.web.views.supervision.acts import offers
from shouhu.web.views.supervision.forms import DrawForm

STATES = {"": lazy("全部"), "waiting": lazy("待复查"), "unhanded": lazy("没有指定单位"), "doubtful": lazy("待重新打开"), "kept": lazy("保持"),
          "reopened": lazy("已重新打开")}  # fmt: skip
ROUTES = {"tip": "tip-page", "clearance": "clearance-page", "disposal": "disposal-page", "move": "rating-page"}


@page("supervision.view")
@require_GET
def listing(request: DeskRequest) -> HttpResponse:
    """This function will show the look-backs that a scope may see, with how far each has come."""
    may_issue = request.scope.may("supervision.issue")
    shown: Any = paged(request, queries.seen(request.scope))
    for row in shown.object_list:
        row.n_looked = row.n_items - row.n_waiting
    return render(request, "supervision/looks.html", {
        "title": _("回头看"), "page": shown, "counter": _("次"), "tab": "looks", "may_issue": may_issue,
        "empty_title": _("还没有回头看"), "empty_text": _("从办结的线索、销号的场所和处置、降级的机构里随机抽，换一个单位去看，站不住的重新打开。"),
        "empty_url": reverse("supervision-look-new") if may_issue else "", "empty_action": _("组织回头看"),
    })  # fmt: skip


@page("supervision.issue")
@require_http_methods(["GET", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """This function will show and take a new draw."""
    today, status = localdate(request.at), 200
    if request.method == "POST":
        form, status = DrawForm(None, request.scope, today, request.POST), 422
        if form.is_valid():
            try:
                made = actions.draw(**form.given(), seed=secrets.token_hex(32), by=request.post, at=request.at)
                messages.success(request, _("已抽取 %(n)d 件") % {"n": made.items.count()})
                return redirect("supervision-look", made.pk)
            except Refused as refusal:
                note_refusal(request)
                form.add_error(None, str(refusal))
                status = 409
    else:
        form = DrawForm(None, request.scope, today)
    return render(request, "supervision/act.html", {
        "title": _("组织回头看"), "form": form, "lead": form.lead, "submit_label": _("抽取"), "cancel_url": reverse("supervision-looks"),
    }, status=status)  # fmt: skip


@page("supervision.view")
@require_GET
def show(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will show a look-back: its numbers, each of which opens its matters."""
    look_back = _found(request, pk)
    state, kind = request.GET.get("state", ""), request.GET.get("kind", "")
    state, kind = state if state in STATES else "", kind if kind in MATTERS else ""
    rows = queries.items(request.scope, look_back, state, kind)
    shown: Any = page_of(request, rows)
    today = localdate(request.at)
    shown.object_list = [_row(request, one) for one in shown.object_list]
    counts = {one: queries.items(request.scope, look_back, one, kind).count() for one in STATES}
    whole = request.post.role in queries.WIDE and request.scope.covers(look_back.issuer.code)
    return render(request, "supervision/look.html", {
        "title": look_back.title, "look_back": look_back, "page": shown, "counter": _("件"), "wide_paper": True,
        "tallies": queries.tallies(look_back) if whole else [], "export_url": _export_url(request, look_back),
        "left": left(look_back.due_on, today, campaigns.calendar()),
        "chips": [{"label": label, "url": f"?state={code}" + (f"&kind={kind}" if kind else ""), "count": counts[code], "active": code == state}
                  for code, label in STATES.items() if counts[code] or not code],
        "empty_title": _("没有抽到"), "empty_text": _("这次没有抽到归本单位复查的事项。"),
    })  # fmt: skip


@page("institution.export")
@require_GET
@official
def export(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will give the matters of a look-back as they are shown, as a workbook."""
    look_back = _found(request, pk)
    state, kind = request.GET.get("state", ""), request.GET.get("kind", "")
    state, kind = state if state in STATES else "", kind if kind in MATTERS else ""
    rows = list(queries.items(request.scope, look_back, state, kind))
    columns = [column("类别", 12, "centre"), column("事项", 30), column("复查单位", 22), column("复查日期", 13, "date"), column("结果", 14, "centre"),
               column("重新打开日期", 13, "date")]  # fmt: skip
    lines = (
        (MATTERS[one.kind], queries.name_of(one), one.unit.name if one.unit else "未指定", one.looked_on, workflow.label(one),
         localdate(one.settled_at) if one.settled_at and one.is_reopened else None)
        for one in rows
    )  # fmt: skip
    narrowed = "；".join(str(one) for one in (STATES[state] if state else "", MATTERS.get(kind, "")) if one)
    return exported(
        request,
        title=f"回头看清单（{look_back.title}）",
        columns=columns,
        rows=lines,
        n_rows=len(rows),
        narrowed=narrowed,
    )


@page("supervision.view")
@require_GET
def item(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will show one matter: how it was closed, what was found, and the one next step."""
    one = queries.item(request.scope, pk)
    if one is None:
        raise Http404
    acts = offers(one, request, one.unit_id)
    main = next((act for act in acts if act["verb"] in ("look", "reopen")), None)
    if main is None and one.unit is None:
        main = next((act for act in acts if act["verb"] == "hand"), None)
    row = _row(request, one)
    return render(request, "supervision/item.html", {
        "title": row["name"], "item": one, "row": row, "state": workflow.label(one), "primary": main,
        "others": [act for act in acts if act is not main], "closed": _closed(one, row["sees"]),
        "left": left(one.look_back.due_on, localdate(request.at), campaigns.calendar()) if one.looked_at is None else None,
    })  # fmt: skip


def _found(request: DeskRequest, pk: int) -> LookBack:
    look_back = queries.seen(request.scope).filter(pk=pk).first()
    if look_back is None:
        raise Http404
    return look_back


def _export_url(request: DeskRequest, look_back: LookBack) -> str:
    return reverse("supervision-look-export", args=[look_back.pk]) if request.scope.may("institution.export") else ""


def _row(request: DeskRequest, one: Item) -> dict[str, Any]:
    matter = matters.matter_of(one)
    sees = matters.sees(request.scope, one.kind, matter.pk)
    pk = matter.institution_id if one.kind == "move" else matter.pk
    return {
        "pk": one.pk, "item": one, "kind": MATTERS[one.kind], "name": queries.name_of(one), "state": workflow.label(one), "sees": sees,
        "url": reverse(ROUTES[one.kind], args=[pk]) if sees else "",
    }  # fmt: skip


def _closed(one: Item, sees: bool) -> list[dict[str, Any]]:
    """How a matter was closed, in facts; of a tip only the outcome, and only for who sees it."""
    matter = matters.matter_of(one)
    match one.kind:
        case "tip":
            finding = Finding.objects.filter(tip=matter, replaced_at=None).first()
            return [
                {"label": _("办结日期"), "value": matter.resolved_at},
                {"label": _("核查结论"), "value": OUTCOMES[finding.outcome] if finding and sees else None},
            ]
        case "clearance":
            proposal = matter.proposal
            return [
                {"label": _("销号日期"), "value": matter.closed_at},
                {"label": _("结果"), "value": proposal.get_outcome_display() if proposal else None},
                {"label": _("凭据"), "value": proposal.document_number if proposal else None},
            ]
        case "disposal":
            return [
                {"label": _("销号日期"), "value": matter.closed_at}, {"label": _("曾列最高"), "value": words.colour(matter.worst)},
                {"label": _("销号依据"), "value": matter.close_note},
            ]  # fmt: skip
        case _:
            return [
                {"label": _("降级日期"), "value": matter.moved_at},
                {
                    "label": _("等级"),
                    "value": _("由%(was)s降为%(now)s")
                    % {"was": words.colour(matter.was), "now": words.colour(matter.colour)},
                },
                {"label": _("降级理由"), "value": matter.reason},
            ]
