"""One institution: its facts with where and when they were learnt, its colour, and what happened to it."""

from __future__ import annotations

import re
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shouhu.engines.rules.facts import declared
from shouhu.ledgers.institutions import divisions, queries
from shouhu.ledgers.institutions.models import ROLES, SOURCES, Institution
from shouhu.ledgers.institutions.queries import Event, Known
from shouhu.ledgers.institutions.values import masked, shown
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.ratings import queries as ratings
from shouhu.ledgers.units import queries as units
from shouhu.web import words
from shouhu.web.access import DeskRequest, page
from shouhu.web.charts import Point, area_map
from shouhu.web.templatetags.desk import ago
from shouhu.web.views.institution.lists import areas
from shouhu.web.views.institution.sections import sections
from shouhu.web.views.institution.topics import TOPICS

_OWN_REFERENCE = re.compile(r"[a-z]+/[\d#]+")


@require_GET
@page("institution.view")
def one(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will show an institution; the address of one that was merged leads to the one that was kept."""
    institution = queries.seen(request.scope).filter(pk=pk).first()
    if institution is None:
        kept = queries.successor(request.scope, pk)
        if kept is None:
            raise Http404
        return redirect("institution-page", kept.pk)
    return _render(request, institution, unmasked=False)


@require_POST
@page("institution.unmask")
def unmask(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will show an institution once with its personal data, and journal who read which."""
    institution = found(request, pk)
    version = queries.version(institution, institution.n)
    journal.record(
        verb="institution.unmasked", subject=institution, by=request.post.code, at=request.at, code=institution.code,
        changes=dict.fromkeys(version.personal, (None, None)), outcome="read",
    )  # fmt: skip
    return _render(request, institution, unmasked=True)


def found(request: DeskRequest, pk: int) -> Institution:
    """
    This function will give an institution in the scope of a request.

    :raises Http404: it is not there, or not theirs.
    """
    institution = queries.seen(request.scope).select_related("batch").filter(pk=pk).first()
    if institution is None:
        raise Http404
    return institution


def _render(request: DeskRequest, institution: Institution, *, unmasked: bool) -> HttpResponse:
    today = localdate(request.at)
    version = queries.version(institution, institution.n)
    known = {one.fact.name: one for one in queries.known(version)}
    open_ = [one for one in known.values() if one.value is None]
    may_edit = request.scope.may("institution.edit")
    edit = reverse("institution-edit", args=[institution.pk]) if may_edit else ""
    standing = ratings.standing_of(institution)
    unit = units.unit_for(institution.code, "task_force", today)
    town, village = divisions.names_of([institution.code])[institution.code]
    context: dict[str, Any] = {
        "title": institution.name, "institution": institution, "standing": standing,
        "colour": standing.colour if standing else "",
        "head": [
            {"label": _("编号"), "value": institution.number},
            {"label": _("属地"), "value": f"{town} {village}".strip()},
            {"label": _("责任单位"), "value": unit.name if unit else _("未指定")},
            {"label": _("来源"), "value": SOURCES[institution.source]},
            {"label": _("下一步"), "value": _next(institution, bool(standing), len(open_))},
        ],
        "primary": _primary(edit, len(open_)),
        "topics": [
            {"title": title, "url": f"{edit}#{anchor}" if edit else "",
             "facts": [_told(known[name], unmasked, request) for name in names]}
            for title, anchor, names in TOPICS
        ],
        "events": [*_moves(institution, request), *queries.events(institution)],
        "unmasked": unmasked, "may_edit": may_edit, "may_merge": request.scope.may("institution.import"),
        "may_unmask": request.scope.may("institution.unmask") and bool(version.personal) and not unmasked,
        "sections": sections(request.scope, institution), "hands": _hands(institution, unmasked),
        "outlets": queries.outlets(institution), "shared": list(queries.shared_hands(request.scope, institution)[:20]),
        "same": list(queries.likely_same(request.scope, institution)[:10]), "today": today,
        "chart": _map(request, institution, standing.colour if standing else "unknown"),
    }  # fmt: skip
    context["events"].sort(key=lambda event: event.at, reverse=True)
    return render(request, "institution/page.html", context)


def _next(institution: Institution, is_rated: bool, n_open: int) -> str:
    if institution.ceased_on:
        return _("已停办，核对预付费清退")
    if n_open:
        return _("补齐 %d 项未知内容") % n_open
    return _("按期复查") if is_rated else _("等待评定")


def _primary(edit: str, n_open: int) -> dict[str, Any] | None:
    if not edit:
        return None
    return {"url": edit, "label": _("补齐未知内容") if n_open else _("修改内容")}


def _told(one: Known, unmasked: bool, request: DeskRequest) -> dict[str, Any]:
    """A fact as ``parts/fact.html`` takes it."""
    if one.value is None:
        text = None
    elif one.fact.personal:
        text = str(one.value) if unmasked else masked(one.fact, one.value)
    else:
        text = words.value(one.fact, one.value)
    # References of the desk's own (batch/3#27) mean nothing to a reader.
    source = " ".join(filter(None, (one.cause, "" if _OWN_REFERENCE.fullmatch(one.reference) else one.reference)))
    return {"label": one.fact.title, "value": text, "source": source,
            "ago": ago(one.on, localdate(request.at)) if one.on else ""}  # fmt: skip


def _moves(institution: Institution, request: DeskRequest) -> list[Event]:
    if not request.scope.may("rating.view"):
        return []
    return [
        Event(move.moved_at, _("等级定为 %s") % words.colour(move.colour),
              f"{move.moved_by.unit.name} {move.moved_by.title}", move.reason)
        for move in ratings.history(institution)
    ]  # fmt: skip


def _hands(institution: Institution, unmasked: bool) -> list[dict[str, Any]]:
    fact = declared()["investor"]
    return [
        {"role": ROLES[one.role], "name": one.name if unmasked else shown(fact, one.name), "from_on": one.from_on,
         "to_on": one.to_on}
        for one in queries.hands(institution)
    ]  # fmt: skip


def _map(request: DeskRequest, institution: Institution, colour: str) -> Any:
    if institution.latitude is None or institution.longitude is None:
        return None
    here = [Point(institution.name, institution.longitude, institution.latitude, colour)]
    return area_map(_("位置"), areas(request), here, of=_("镇街"))
