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
from shouhu.ledgers.disposals.actions import settle_clearance
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.units.refusals import Refused
from shouhu.web import bulk
from shouhu.web.access import DeskRequest, page
from shouhu.web.views.clearance_forms import FORMS, StepForm
from shouhu.web.views.clearance_page import proof

ACTS = {verb: getattr(actions, "propose_outcome" if verb == "propose" else verb) for verb in FORMS} | {
    "close": settle_clearance
}


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


@page(transitions.HANDLE)
@require_POST
def appoint_many(request: DeskRequest) -> HttpResponse:
    """This function will name one post for the ticked sites, after showing what that would change."""
    today = localdate(request.at)
    picked = [int(pk) for pk in request.POST.getlist("pick") if pk.isdecimal() and len(pk) < 19]
    found = list(queries.seen(request.scope).filter(pk__in=picked).order_by("pk"))
    wanted = request.POST.get("owner", "")
    owner = next((one for one in queries.hands(request.scope, today) if str(one.pk) == wanted), None)
    if owner is None or not found:
        messages.error(request, _("请先勾选场所，再选择包干人"))
        return redirect("clearance-list")
    held = queries.holders_of([owner.pk, *(one.owner_id for one in found)], today)
    who = f"{held[owner.pk]}（{owner.unit.name} {owner.title}）"
    if bulk.wants_preview(request):
        return bulk.preview(
            request, title=_("指定包干人"), to=[(_("包干人"), who)], names=[one.institution.name for one in found],
            before=[held.get(one.owner_id or 0, _("没有包干人")) for one in found], counter=_("处"), cancel_url=reverse("clearance-list"),
        )  # fmt: skip
    ids = [one.pk for one in found]
    done = actions.appoint_many(clearance_ids=ids, owner_id=owner.pk, by=request.post, at=request.at)
    messages.success(request, _("已指定%(who)s为 %(n)d 处的包干人") % {"who": who, "n": len(done)})
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
