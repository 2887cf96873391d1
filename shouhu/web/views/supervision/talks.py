"""约谈: the list, a new notice, and one talk with its record and what was undertaken."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.supervision import workflow
from shouhu.ledgers.supervision.actions import talks as actions
from shouhu.ledgers.supervision.queries import orders as order_queries
from shouhu.ledgers.supervision.queries import talks as queries
from shouhu.ledgers.units.refusals import Refused
from shouhu.web.access import DeskRequest, note_refusal, page
from shouhu.web.paging import paged
from shouhu.web.views.supervision.acts import offers
from shouhu.web.views.supervision.forms import TalkForm


@page("supervision.view")
@require_GET
def listing(request: DeskRequest) -> HttpResponse:
    """This function will show the talks that a scope may see, the next one on top."""
    may_issue = request.scope.may("supervision.issue")
    shown: Any = paged(request, queries.seen(request.scope))
    for row in shown.object_list:
        row.state_words = workflow.label(row)
    return render(request, "supervision/talks.html", {
        "title": _("约谈"), "page": shown, "counter": _("次"), "tab": "talks", "may_issue": may_issue,
        "empty_title": _("还没有约谈"), "empty_text": _("督办、通报后仍不落实的，约谈单位负责同志；承诺的事项立成督办单，一件件盯到底。"),
        "empty_url": reverse("supervision-talk-new") if may_issue else "", "empty_action": _("发约谈通知"),
    })  # fmt: skip


@page("supervision.issue")
@require_http_methods(["GET", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """This function will show and take a notice that calls a unit to a talk."""
    today, status = localdate(request.at), 200
    if request.method == "POST":
        form, status = TalkForm(None, request.scope, today, request.POST), 422
        if form.is_valid():
            try:
                talk = actions.call(**form.given(), by=request.post, at=request.at)
                messages.success(request, _("已发出%(number)s") % {"number": talk.number})
                return redirect("supervision-talk", talk.pk)
            except Refused as refusal:
                note_refusal(request)
                form.add_error(None, str(refusal))
                status = 409
    else:
        form = TalkForm(None, request.scope, today)
    return render(request, "supervision/act.html", {
        "title": _("发约谈通知"), "form": form, "lead": form.lead, "submit_label": _("发出"), "cancel_url": reverse("supervision-talks"),
    }, status=status)  # fmt: skip


@page("supervision.view")
@require_GET
def show(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will show a talk; its record is read by the office that called it and leaders, and the reading is journalled."""
    talk = queries.seen(request.scope).filter(pk=pk).first()
    if talk is None:
        raise Http404
    today, calendar, acts = localdate(request.at), campaigns.calendar(), offers(talk, request)
    promised = list(order_queries.seen(request.scope).filter(talk=talk).order_by("pk"))
    for row in promised:
        row.left, row.state_words = order_queries.days_left(row, today, calendar), workflow.label(row)  # type: ignore[attr-defined]
    reads = talk.recorded_at is not None and (request.post.unit_id == talk.issuer_id or request.post.role == "leader")
    if reads:
        journal.record(verb="supervision.talk.read", subject=talk, by=request.post.code, at=request.at, outcome="read",
                       code=talk.unit.code)  # fmt: skip
    main = next((one for one in acts if one["verb"] == "record"), None)
    return render(request, "supervision/talk.html", {
        "title": f"{talk.number} {talk.unit.name}", "talk": talk, "state": workflow.label(talk), "primary": main, "reads": reads,
        "others": [one for one in acts if one is not main], "promised": promised,
        "may_record": reads and request.scope.may("supervision.issue"),
    })  # fmt: skip
