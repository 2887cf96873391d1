"""What an institution sees with its own account: what is held about it, why, and how to contest it."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from shouhu.engines import law
from shouhu.engines.rules.measures import measures_for
from shouhu.ledgers.institutions import queries as institutions
from shouhu.ledgers.ratings import queries
from shouhu.web.access import DeskRequest, page
from shouhu.web.views import rating_words as told
from shouhu.web.views.objection import about


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
