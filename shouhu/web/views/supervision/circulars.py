"""通报: the list with receipts, a new one in two steps, and one of them with who has not signed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from shouhu.ledgers.supervision import workflow
from shouhu.ledgers.supervision.actions import circulars as actions
from shouhu.ledgers.supervision.models import MANNERS
from shouhu.ledgers.supervision.queries import circulars as queries
from shouhu.ledgers.supervision.queries.subjects import receivers
from shouhu.ledgers.units.refusals import Refused
from shouhu.web.access import DeskRequest, note_refusal, page
from shouhu.web.paging import paged
from shouhu.web.views.supervision.acts import offers
from shouhu.web.views.supervision.forms import ChoiceForm, CircularForm


@page("supervision.view")
@require_GET
def listing(request: DeskRequest) -> HttpResponse:
    """This function will show the circulars that a scope may see, with how many units have signed."""
    rows = queries.seen(request.scope)
    manner = request.GET.get("manner", "")
    if manner in MANNERS:
        rows = rows.filter(manner=manner)
    may_issue = request.scope.may("supervision.issue")
    chips = [{"label": label, "url": f"?manner={code}" if code else "?", "active": manner == code, "count": None}
             for code, label in (("", _("全部")), *MANNERS.items())]  # fmt: skip
    shown: Any = paged(request, rows)
    waiting = set(queries.to_receive(request.scope).values_list("circular", flat=True))
    for row in shown.object_list:
        row.state_words, row.waits_for_us = workflow.label(row), row.pk in waiting
    return render(request, "supervision/circulars.html", {
        "title": _("通报"), "page": shown, "counter": _("份"), "chips": chips, "tab": "circulars", "may_issue": may_issue,
        "empty_title": _("还没有通报"), "empty_text": _("办得好的表扬，拖着不办的批评：选单位，按台账数字拟稿，印发后各单位签收。"),
        "empty_url": reverse("supervision-circular-new") if may_issue else "", "empty_action": _("拟通报"),
    })  # fmt: skip


@page("supervision.issue")
@require_http_methods(["GET", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """This function will first ask whom a circular is about, then show the drafted words for change; the second step keeps it."""
    today = localdate(request.at)
    units = [unit for unit in receivers(request.scope, today) if unit.kind != "neighbourhood"]  # through their towns
    told = queries.records(request.scope, units, today)
    choices = [(one.unit.pk, _("%(name)s（逾期 %(late)d，办结 %(done)d）") % {"name": one.unit.name, "late": one.n_late, "done": one.n_done})
               for one in told]  # fmt: skip
    if request.method == "GET":
        return _asked(request, ChoiceForm(choices, request.scope, today), 200)
    chosen = ChoiceForm(choices, request.scope, today, request.POST)
    if not chosen.is_valid():
        return _asked(request, chosen, 422)
    manner, named = chosen.cleaned_data["manner"], set(chosen.cleaned_data["named_ids"])
    others = [unit.pk for unit in units] if chosen.cleaned_data["everyone"] else []
    status = 200
    if "text" in request.POST:
        form, status = CircularForm(None, request.scope, today, request.POST), 422
        if form.is_valid():
            try:
                made = actions.draft(
                    manner=manner, named_ids=named, unit_ids=others, **form.given(), by=request.post, at=request.at
                )
                messages.success(request, _("已存为草稿，核对后印发"))
                return redirect("supervision-circular", made.pk)
            except Refused as refusal:
                note_refusal(request)
                form.add_error(None, str(refusal))
                status = 409
    else:
        form = CircularForm(None, request.scope, today)
        form.initial = {
            "title": f"关于专项行动工作情况的{MANNERS[manner]}",  # of a letter: Chinese for whoever asks
            "text": queries.drafted(manner, [one for one in told if one.unit.pk in named], today),
        }  # fmt: skip
    kept = [("manner", manner), *(("named_ids", pk) for pk in sorted(named)), *([("everyone", "on")] if others else [])]
    facts = [{"label": _("类型"), "value": MANNERS[manner]},
             {"label": _("通报"), "value": "、".join(unit.name for unit in units if unit.pk in named)},
             {"label": _("发至"), "value": _("%(n)d 个单位") % {"n": len(named | set(others))}}]  # fmt: skip
    return render(request, "supervision/circular_new.html", {
        "title": _("拟通报"), "form": form, "kept": kept, "facts": facts, "submit_label": _("存为草稿"),
        "cancel_url": reverse("supervision-circular-new"), "steps": _steps(2),
    }, status=status)  # fmt: skip


@page("supervision.view")
@require_GET
def show(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will show a circular, to whom it goes, and who has not signed."""
    row = queries.seen(request.scope).filter(pk=pk).first()
    if row is None:
        raise Http404
    acts = offers(row, request)
    delivered = list(queries.deliveries(row))
    own = next((one for one in delivered if one.unit_id == request.post.unit_id), None)
    main = next((one for one in acts if one["verb"] == "send"), None)
    return render(request, "supervision/circular.html", {
        "title": row.title, "circular": row, "state": workflow.label(row), "deliveries": delivered, "primary": main,
        "others": [one for one in acts if one is not main],
        "missing": [one.unit.name for one in delivered if one.received_at is None] if row.issued_at else [],
        "may_receive": bool(row.issued_at and own and own.received_at is None and request.scope.may("supervision.reply")),
    })  # fmt: skip


def _asked(request: DeskRequest, form: ChoiceForm, status: int) -> HttpResponse:
    return render(request, "supervision/act.html", {
        "title": _("拟通报"), "form": form, "lead": form.lead, "submit_label": _("下一步：拟稿"), "steps": _steps(1),
        "cancel_url": reverse("supervision-circulars"),
    }, status=status)  # fmt: skip


def _steps(now: int) -> list[dict[str, Any]]:
    labels = (_("选单位"), _("改正文"), _("印发"))
    return [
        {"label": label, "state": "done" if n < now else "now" if n == now else "todo"}
        for n, label in enumerate(labels, 1)
    ]
