"""One tip: its words or the redacted copy, what the machine makes of it, the institution, findings, messages, and the way it went."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shouhu.engines.rules.facts import declared
from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.clearances.queries import colour_of
from shouhu.ledgers.institutions import queries as institutions
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.tips import actions, queries, workflow
from shouhu.ledgers.tips.channels import channels, sources
from shouhu.ledgers.tips.models import STATES, Attachment, Report, Tip, Transfer
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.scope import same_person
from shouhu.ledgers.vault.actions import content_of
from shouhu.web import words
from shouhu.web.access import DeskRequest, page
from shouhu.web.views.tip import files, told
from shouhu.web.views.tip.acts import ROUTES, found, helps
from shouhu.web.views.tip.drafting import basis
from shouhu.web.views.tip.lists import manner, receiver
from shouhu.web.words import said

PATH = ("received", "triaged", "assigned", "verifying", "concluded", "replied", "reported", "resolved", "archived")
"""The states that a tip passes, in their order."""
BEHIND = ("登记", "甄别", "分办", "接收", "核查", "反馈", "报告", "办结", "归档")
ASIDE = {"help", "leave", "receive", "unbar"}
"""Acts that are offered beside what they are done to, not among the others."""
ALIKE = 0.2
"""Tips less alike are not shown, unless they name the same."""


@page("tip.view")
@require_GET
def show(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will show a tip; whoever reads the words as told is journalled."""
    tip = found(request, pk)
    scope, today = request.scope, localdate(request.at)
    warnings = queries.warnings(scope, tip)  # before the reading is noted: what is new is told once
    spoken = queries.words(scope, tip)
    if spoken.is_original:
        actions.note_reading(tip_id=tip.pk, by=request.post, at=request.at)
    helping = helps(request, tip)
    verbs = _open_to(request, tip, helping)
    rows = Report.objects.filter(tip=tip).select_related("made_by__unit", "approved_by__unit", "returned_by__unit")
    reports = list(rows.order_by("-pk"))
    first, waits = _next(tip, verbs, reports, request.post, request)
    calendar = campaigns.calendar()
    attachments = list(queries.attachments(scope, tip))
    linked = tip.institution
    return render(request, "tip/page.html", {
        "title": tip.number, "tip": tip, "state": STATES[tip.state], "warnings": warnings if scope.may("tip.unbar") else [], "steps": _bar(tip),
        "left": queries.left(tip.due_on, today, calendar) if tip.due_on else None, "deadline": queries.deadline(tip),
        "next": first, "waits": waits, "others": [one for one in verbs if one is not first],
        "place": told.places([tip.code])[tip.code], "handler": str(said(tip.handler.title)) if tip.handler else "", "helping": helping,
        "source": f"{said(sources()[channels()[tip.channel].source])}（{said(channels()[tip.channel].title)}）",
        "kind": " ".join(filter(None, (told.guise(tip.guise), told.scheme(tip.scheme)))),
        "words": spoken, "pieces": told.pieces(spoken.text, tip.reading if spoken.is_original else None),
        "besides": told.besides(tip, spoken.told), "reading": told.reading_of(tip) if spoken.is_original else None,
        "files": files.handed_in(tip, attachments, may_original=spoken.is_original),
        "linked": _linked(request, tip), "colour_of_linked": colour_of(linked) if linked else "",
        "suggested": [] if linked or not _has(verbs, "link") else queries.linkable(scope, tip),
        "similar": _similar(request, tip),
        "may_link": _has(verbs, "link"), "may_merge": _has(verbs, "merge"), "merged": list(queries.merged(scope, tip)),
        "findings": [_finding(tip, one, attachments) for one in queries.findings(tip)],
        "messages_": _messages(request, tip), "may_write": _has(verbs, "write"), "reports": reports,
        "transfers": [_transfer(request, one) for one in queries.transfers(scope).filter(tip=tip)],
        "may_ask": tip.identity_id is not None and scope.may("informant.ask"),
        "bars": list(queries.bars(tip)) if scope.may("tip.unbar") else [], "may_bar": _has(verbs, "bar"),
        "events": [_event(one) for one in queries.trail(scope, tip)],
    })  # fmt: skip


@page("tip.view")
@require_GET
def file(request: DeskRequest, pk: int, token: str) -> HttpResponse:
    """This function will hand out a file of a tip: the original to those who sort, else the copy; that it was read is journalled."""
    tip = found(request, pk)
    may = request.scope.may("tip.original")
    for n, one in enumerate(queries.attachments(request.scope, tip), 1):
        open_to = [one.copy, *([one.file] if may or one.finding_id else [])]
        stored = next((each for each in open_to if each and each.token == token and not each.erased_at), None)
        if stored is None:
            continue
        if stored == one.file and not one.finding_id:
            actions.note_reading(tip_id=tip.pk, by=request.post, at=request.at)
        else:
            journal.record(verb="tip.file_read", subject=tip, by=request.post.code, at=request.at, code=tip.code, outcome="read")  # fmt: skip
        ending = stored.name.rpartition(".")[2] if "." in stored.name else "bin"
        disposition = content_disposition_header(True, f"{tip.number}-{n}.{ending[:5]}") or "attachment"
        return HttpResponse(
            content_of(stored), content_type=stored.media_type, headers={"Content-Disposition": disposition}
        )
    raise Http404


# --- what can be done


def _open_to(request: DeskRequest, tip: Tip, helping: Transfer | None) -> list[dict[str, Any]]:
    """The acts that the post may do now, each with its address."""
    offers = []
    for step in workflow.open_to(tip, request.post):
        if step.verb in ASIDE or (step.holder and tip.unit_id != request.post.unit_id):
            continue
        if step.verb in ("supervise", "unsupervise") and (step.verb == "supervise") == bool(tip.supervised_at):
            continue
        if (step.verb == "assign" and not tip.is_in_scope) or (step.verb == "pass_on" and tip.state != "triaged"):
            continue
        offers.append(_offer(tip, step.verb, step.says, step.right))
    if helping:
        verify = "tip.verify"
        leave = workflow.transitions()["leave"]
        if tip.state in leave.states:
            offers += (
                [] if helping.accepted_at else [_offer(tip, "accept", workflow.transitions()["help"].says, verify)]
            )
            offers.append(_offer(tip, "give_back", leave.says, verify))
    return offers


def _offer(tip: Tip, verb: str, says: str, right: str) -> dict[str, Any]:
    label = _("改派") if verb == "assign" and tip.state in ("assigned", "verifying") else says
    return {"verb": verb, "label": label, "url": reverse(ROUTES[right], args=[tip.pk, verb])}


def _has(verbs: list[dict[str, Any]], verb: str) -> str:
    """The address of an act, if it can be done."""
    return next((one["url"] for one in verbs if one["verb"] == verb), "")


def _next(
    tip: Tip, verbs: list[dict[str, Any]], reports: list[Report], post: Post, request: DeskRequest
) -> tuple[dict[str, Any] | None, str]:
    """The one next step, if it is this post's; and what is waited for, in words."""
    verb = {"resolved": "archive", "suspended": "resume"}.get(tip.state) or workflow.next_verb(tip.state)
    if tip.state == "triaged" and tip.is_in_scope is False:
        verb = "pass_on"
    if not verb:
        return None, ""
    says = str(said(workflow.transitions()[verb].says))
    if verb == "approve" and reports and same_person(reports[0].made_by, post, localdate(request.at)):
        return None, _("审批办结（须由提交人和核查人以外的人办理）")
    return next((one for one in verbs if one["verb"] == verb), None), says


def _bar(tip: Tip) -> list[dict[str, str]]:
    """The states as a bar."""
    if tip.state == "merged":
        return []
    state = tip.suspended_state if tip.state == "suspended" else tip.state
    here = PATH.index(state)
    return [
        {"label": label, "state": "done" if at <= here else "now" if at == here + 1 else "todo"}
        for at, label in enumerate(BEHIND)
    ]


# --- what is known


def _similar(request: DeskRequest, tip: Tip) -> list[dict[str, Any]]:
    """Those that tell the same script, or name the same account, phone or place."""
    found = queries.similar_to(request.scope, tip)
    return [
        {"tip": one, "score": round(score * 100), "shared": shared}
        for one, score, shared in found
        if shared or score >= ALIKE
    ]


def _messages(request: DeskRequest, tip: Tip) -> list[dict[str, Any]]:
    """What was said over the receipt; units read the answer alone, as questions may tell who is asked."""
    may = request.scope.may("tip.original")
    return [
        {
            "row": one.message,
            "of": one.of,
            "is_in": one.is_from_informant,
            "text": one.text if may or one.message.is_answer else "",
        }
        for one in queries.messages(request.scope, tip)
    ]


def _linked(request: DeskRequest, tip: Tip) -> str:
    """The address of the linked institution, for those who may see it."""
    if tip.institution is None or not request.scope.may("institution.view"):
        return ""
    seen = institutions.seen(request.scope).filter(pk=tip.institution.pk).exists()
    return reverse("institution-page", args=[tip.institution.pk]) if seen else ""


def _finding(tip: Tip, one: Any, attachments: list[Attachment]) -> dict[str, Any]:
    changed = actions.changes_of(one)
    return {
        "row": one, "outcome": one.get_outcome_display(), "basis": basis(one), "who": told.post(one.recorded_by),
        "files": files.evidence(tip, attachments, one),
        "changes": [{"label": declared()[name].title, "value": words.value(declared()[name], value) if value is not None else None}
                    for name, value in changed.items()],
    }  # fmt: skip


def _transfer(request: DeskRequest, one: Transfer) -> dict[str, Any]:
    waits = one.to_unit_id is None and one.accepted_at is None and request.scope.may("tip.assign")
    return {"row": one, "to": receiver(one), "manner": manner(one),
            "url": reverse("tip-receive", args=[one.pk]) if waits else ""}  # fmt: skip


def _event(one: queries.Trace) -> dict[str, Any]:
    what = f"{said(one.what)}{_('：')}{one.unit}" if one.unit else one.what
    return {"at": one.at, "what": what, "note": one.says, "who": one.who}
