"""The form of each step of an unregistered site; what cannot be done yet says why before anything is typed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shouhu.ledgers.clearances import actions, queries, transitions
from shouhu.ledgers.clearances.models import Clearance
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.units.refusals import Refused
from shouhu.web.access import DeskRequest, page
from shouhu.web.views.clearance_forms import FORMS, StepForm
from shouhu.web.views.clearance_page import proof

ACTS = {verb: getattr(actions, "propose_outcome" if verb == "propose" else verb) for verb in FORMS}


@page(transitions.HANDLE)
@require_http_methods(["GET", "POST"])
def handle(request: DeskRequest, pk: int, verb: str) -> HttpResponse:
    """This function will show and take a step of handling."""
    return _step(request, pk, verb, transitions.HANDLE)


@page(transitions.REVIEW)
@require_http_methods(["GET", "POST"])
def check(request: DeskRequest, pk: int, verb: str) -> HttpResponse:
    """This function will show and take a step of review."""
    return _step(request, pk, verb, transitions.REVIEW)


@page(transitions.HANDLE)
@require_POST
def enlist(request: DeskRequest) -> HttpResponse:
    """This function will put every site on the ledger that is known to be unregistered and was never there."""
    missing = queries.unlisted(request.scope).values_list("pk", flat=True)
    found = actions.find_all(institution_ids=missing, by=request.post, at=request.at)
    messages.success(request, _("已列入 %(n)d 处，请逐处指定包干人") % {"n": len(found)})
    return redirect("clearance-list")


def _step(request: DeskRequest, pk: int, verb: str, right: str) -> HttpResponse:
    clearance = queries.seen(request.scope).filter(pk=pk).prefetch_related("steps").first()
    if clearance is None or verb not in {one.verb for one in transitions.TRANSITIONS if one.right == right}:
        raise Http404
    today = localdate(request.at)
    hindrance = transitions.hindrance(clearance, verb, request.post, today)
    if request.method == "POST":
        form = FORMS[verb](clearance, request.scope, today, request.POST, request.FILES)
        is_whole = form.is_valid()
        if is_whole and _taken(request, clearance, verb, form):
            messages.success(request, _("已办理：%(step)s") % {"step": transitions.TITLES[verb]})
            return redirect("clearance-page", clearance.pk)
        status = 409 if is_whole else 422
    else:
        form, status = FORMS[verb](clearance, request.scope, today), 200
    return render(request, "clearance/step.html", _context(clearance, verb, form, hindrance), status=status)


def _taken(request: DeskRequest, clearance: Clearance, verb: str, form: StepForm) -> bool:
    """Take the step; a refusal is journalled by itself and told above the form, which keeps what was typed."""
    try:
        ACTS[verb](clearance_id=clearance.pk, **form.cleaned_data, by=request.post, at=request.at)
    except Refused as refusal:
        journal.record(verb=f"refused.clearance.{verb}", subject=clearance, by=request.post.code, at=request.at,
                       code=clearance.institution.code, outcome="refused")  # fmt: skip
        form.add_error(None, str(refusal))
        return False
    return True


def _context(clearance: Clearance, verb: str, form: StepForm, hindrance: str) -> dict[str, Any]:
    step = transitions.transition(verb, clearance.state)
    lacking = transitions.why_not_finished(clearance) if verb == "propose" else ""
    return {
        "title": step.title if step else transitions.TITLES[verb],
        "clearance": clearance,
        "form": form,
        "lead": form.lead,
        "hindrance": hindrance,
        "lacking": lacking,
        "proof": proof(clearance) if verb in ("review", "close", "send_back") else [],
        "submit_label": _("复核通过") if verb == "review" else step.title if step else "",
        "back_url": reverse("clearance-check", args=[clearance.pk, "send_back"]) if verb in ("review", "close") else "",
    }
