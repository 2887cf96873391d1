"""What an institution sees with its own account: what is held about it, why, and how to contest it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from shouhu.engines import law
from shouhu.engines.rules.measures import measures_for
from shouhu.ledgers.institutions import queries as institutions
from shouhu.ledgers.ratings import actions, queries
from shouhu.ledgers.units.refusals import Refused
from shouhu.web.access import DeskRequest, note_refusal, page
from shouhu.web.views import rating_words as told
from shouhu.web.views.objection import PaperForm, about, handed_out, stored


@require_GET
@page("own.view")
def home(request: DeskRequest) -> HttpResponse:
    """This function will show an institution everything that is held about it."""
    institution = institutions.seen(request.scope).first()
    if institution is None:
        raise Http404
    today = localdate(request.at)
    standing = queries.standing_of(institution)
    version = institutions.version(institution, institution.n)
    context = {
        "title": institution.name, "institution": institution, "standing": standing, "topics": told.topics(version, today),
        "objections": [{"row": one, "about": about(one)} for one in queries.objections(request.scope)],
        "disclosures": queries.disclosures(institution),
        "head": [{"label": _("编号"), "value": institution.number}, {"label": _("统一社会信用代码"), "value": institution.uscc}],
    }  # fmt: skip
    if standing:
        rating = standing.rating
        demanded = measures_for(rating.ruleset_id, standing.colour, unregistered=institution.is_registered is False)
        context |= {
            "colour": standing.colour, "at_least": queries.listed([standing])[0].is_bound,
            "held": told.held(standing) if standing.falls_to else [],
            "sentences": told.reasons_of(rating).sentences(), "decision": standing.decision and told.decided(standing.decision),
            "measures": [{"says": one.says, "body": one.body, "clause": law.cite(one.clause), "when": one.when} for one in demanded],
            "events": told.events(queries.history(institution)),
        }  # fmt: skip
    return render(request, "own/home.html", context)


@require_http_methods(["GET", "POST"])
@page("own.view")
def objection(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will show an institution an objection of its own with the answer, to keep or print, and take more papers."""
    row = queries.objections(request.scope).filter(pk=pk).first()
    if row is None:
        raise Http404
    form = PaperForm(request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                file = stored(request, form.cleaned_data["file"])
                actions.add_exhibit(objection_id=pk, file=file, by=request.post, at=request.at)
            except Refused as refusal:
                note_refusal(request)
                form.add_error(None, str(refusal))
                status = 409
            else:
                messages.success(request, _("已收到补充材料"))
                return redirect("own-objection", pk=pk)
    version = row.version
    held = {**version.facts, **(version.personal or {})}
    return render(request, "own/objection.html", {
        "title": _("异议：%s") % about(row), "objection": row, "institution": row.institution, "form": form,
        "value": told.written(row.fact, held.get(row.fact)) if row.fact else "",
        "decision": row.decision and told.decided(row.decision),
    }, status=status)  # fmt: skip


@require_GET
@page("own.view")
def file(request: DeskRequest, token: str) -> HttpResponse:
    """This function will give an institution a file that it handed in with an objection."""
    return handed_out(request, token)
