"""One unregistered site: how far it has come, what is known, what was done with which papers, and what can be done next."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shouhu.engines import law
from shouhu.engines.rules.measures import Measure
from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.clearances import queries, transitions
from shouhu.ledgers.clearances.models import TRACKS, Clearance, Proposal, Step
from shouhu.ledgers.institutions import queries as institutions
from shouhu.ledgers.institutions.models import SOURCES
from shouhu.ledgers.institutions.values import shown
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.vault.actions import content_of
from shouhu.web.access import DeskRequest, page

TOLD = (
    "address", "n_residents", "n_beds", "principal", "legal_representative", "takes_prepayment", "prepaid_total",
    "n_prepayers", "max_prepayment", "monthly_fee", "stable", "surveyed_on",
)  # fmt: skip
"""The facts that matter for clearing a site."""


@page("clearance.view")
@require_GET
def show(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will show one site of the ledger."""
    clearance = _found(request, pk)
    institution, today = clearance.institution, localdate(request.at)
    owner = queries.holders_of([clearance.owner_id], today).get(clearance.owner_id or 0, "")
    campaign = campaigns.current(request.scope)
    calendar = campaigns.calendar()
    deadline = None
    if clearance.due_from_on:
        deadline = transitions.deadline(clearance.state, clearance.due_from_on, calendar)
    context = {
        "title": institution.name,
        "clearance": clearance,
        "colour": queries.colour_of(institution),
        "state": transitions.STATES[clearance.state],
        "steps": _bar(clearance),
        "owner": owner,
        "days": (localdate(clearance.closed_at or request.at) - localdate(clearance.found_at)).days,
        "left": queries.left(clearance.due_on, today, calendar) if clearance.due_on else None,
        "deadline": deadline,
        "next": _next(request, clearance, owner, today),
        "others": _others(request, clearance, owner, today),
        "topics": _topics(clearance),
        "proof": proof(clearance),
        "measures": [_measure(one) for one in queries.demanded(campaign.ruleset_id if campaign else "001")],
        "events": _events(clearance),
        "earlier": [
            {"row": one, "state": transitions.STATES[one.state].title} for one in queries.others(clearance)
        ],
    }  # fmt: skip
    return render(request, "clearance/page.html", context)


@page("clearance.view")
@require_GET
def file(request: DeskRequest, pk: int, token: str) -> HttpResponse:
    """This function will hand out a paper of a site; that it was read is journalled."""
    clearance = _found(request, pk)
    step = Step.objects.filter(clearance=clearance, file__token=token).select_related("file").first()
    if step is None or step.file is None:
        raise Http404
    journal.record(verb="clearance.paper_read", subject=clearance, by=request.post.code, at=request.at,
                   code=clearance.institution.code, outcome="read")  # fmt: skip
    disposition = content_disposition_header(True, step.file.name) or "attachment"
    return HttpResponse(
        content_of(step.file), content_type=step.file.media_type, headers={"Content-Disposition": disposition}
    )


def proof(clearance: Clearance) -> list[dict[str, Any]]:
    """This function will tell the end that is proposed now, and what proves it, as facts."""
    one = clearance.proposal
    if one is None:
        return []
    facts: list[dict[str, Any]] = [
        {"label": _("结果"), "value": one.get_outcome_display()},
        {"label": _("证照或文书编号"), "value": one.document_number},
        {"label": _("照片或扫描件"), "value": one.file.name, "url": _file_url(clearance, one.file.token)},
        {"label": _("办结日期"), "value": one.done_on},
    ]  # fmt: skip
    if one.outcome == "registered":
        facts.append({"label": _("养老机构备案"), "value": _("已办妥") if one.is_filed else _("未办妥")})
    if one.outcome == "shut":
        facts.append(
            {
                "label": _("老人安置"),
                "value": _("原住 %(n)d 位，已安置 %(m)d 位") % {"n": one.n_residents, "m": one.n_placed},
            }
        )
    if one.grounds:
        facts.append({"label": _("说明"), "value": one.grounds})
    return facts + _hands(one)


def _hands(one: Proposal) -> list[dict[str, Any]]:
    facts: list[dict[str, Any]] = [{"label": _("提出"), "value": one.proposed_at, "note": _post(one.proposed_by)}]
    if one.reviewed_at:
        facts.append({"label": _("复核"), "value": one.reviewed_at, "note": _post(one.reviewed_by)})
    return facts


def _found(request: DeskRequest, pk: int) -> Clearance:
    rows = queries.seen(request.scope).select_related(
        "proposal__file", "proposal__reviewed_by__unit", "proposal__proposed_by__unit", "reopens"
    )
    clearance = rows.filter(pk=pk).prefetch_related("steps__file", "steps__recorded_by__unit").first()
    if clearance is None:
        raise Http404
    return clearance


def _bar(clearance: Clearance) -> list[dict[str, str]]:
    """The states as a bar; a state that was skipped on the way is done as well."""
    states = list(transitions.STATES)
    here = states.index(clearance.state)
    # A state is entered when the step of its name is done: what is under way is the one after.
    reached = len(states) if clearance.closed_at else here + 1
    return [
        {
            "label": transitions.STATES[state].behind,
            "state": "done" if at < reached else "now" if at == reached else "todo",
        }
        for at, state in enumerate(states)
    ]


def _next(request: DeskRequest, clearance: Clearance, owner: str, today: date) -> dict[str, Any] | None:
    """The one next step: its address, or why this post cannot take it."""
    if clearance.closed_at:
        return None
    verb = transitions.next_verb(clearance) if owner or clearance.proposal else "appoint"
    return _offer(request, clearance, verb, today)


def _others(request: DeskRequest, clearance: Clearance, owner: str, today: date) -> list[dict[str, Any]]:
    """What else can be done now, with the reasons where it cannot."""
    first = _next(request, clearance, owner, today)
    steps = [one for one in transitions.available(clearance.state) if request.scope.may(one.right)]
    return [_offer(request, clearance, one.verb, today) for one in steps if first and one.verb != first["verb"]]


def _offer(request: DeskRequest, clearance: Clearance, verb: str, today: date) -> dict[str, Any]:
    step = transitions.transition(verb, clearance.state)
    assert step
    route = "clearance-handle" if step.right == transitions.HANDLE else "clearance-check"
    return {
        "verb": verb,
        "label": _("更换包干人") if verb == "appoint" and clearance.owner_id else step.title,
        "url": reverse(route, args=[clearance.pk, verb]),
        "why": transitions.hindrance(clearance, verb, request.post, today),
    }


def _topics(clearance: Clearance) -> list[dict[str, Any]]:
    institution = clearance.institution
    known = {one.fact.name: one for one in institutions.known(institutions.version(institution, institution.n))}
    names = queries.names([institution.code, queries.town_of(institution.code)])
    place = " ".join(
        dict.fromkeys(names.get(code, code) for code in (queries.town_of(institution.code), institution.code))
    )
    site: list[dict[str, Any]] = [
        {"label": _("镇街、村居"), "value": place},
        *(
            {"label": one.fact.title, "value": shown(one.fact, one.value) if one.value is not None else None,
             "source": one.cause, "ago": str(one.on or "")}
            for one in (known[name] for name in TOLD)
        ),
        {"label": _("发现来源"), "value": SOURCES.get(institution.source, institution.source)},
        {"label": _("开办时间"), "value": clearance.opened_when},
    ]  # fmt: skip
    topics = [{"title": _("场所"), "facts": site}]
    if clearance.classified_at:
        undone = transitions.undone(clearance)
        topics.append({"title": _("分类与措施"), "facts": [
            {"label": _("名义"), "value": clearance.get_nature_display()},
            {"label": _("运营是否平稳"), "value": clearance.is_stable},
            {"label": _("是否收取大额预付费"), "value": clearance.is_large},
            *({"label": TRACKS[track], "value": _("未办") if track in undone else _("已办")} for track in clearance.tracks),
        ]})  # fmt: skip
    return topics


def _measure(one: Measure) -> dict[str, Any]:
    return {
        "says": one.says,
        "when": one.when,
        "body": one.body,
        "power": "；".join(str(law.cite(clause)) for clause in one.power),
        "clause": str(law.cite(one.clause)),
        "is_ours": one.mark == "P",
    }


def _events(clearance: Clearance) -> list[dict[str, Any]]:
    events = []
    for step in sorted(clearance.steps.all(), key=lambda one: (one.recorded_at, one.pk), reverse=True):
        what = transitions.TITLES[step.verb] + (f"：{TRACKS[step.track]}" if step.verb == "act" else "")
        told = [step.body, step.document_number, step.says]
        if step.done_on != localdate(step.recorded_at):
            told.insert(0, str(step.done_on))
        events.append({
            "at": step.recorded_at, "what": what, "note": "　".join(filter(None, told)), "who": _post(step.recorded_by),
            "document": step.file.name if step.file else "", "url": _file_url(clearance, step.file.token) if step.file else "",
        })  # fmt: skip
    return events


def _file_url(clearance: Clearance, token: str) -> str:
    return reverse("clearance-file", args=[clearance.pk, token])


def _post(post: Any) -> str:
    return f"{post.unit.name} {post.title}"
