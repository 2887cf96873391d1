"""Review: the queue, a sheet beside what is recorded, its photos, the decision."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shouhu.engines.rules.facts import declared
from shouhu.ledgers.disposals.actions import settle_survey
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.surveys import actions, queries
from shouhu.ledgers.surveys.models import Photo, Sheet
from shouhu.ledgers.units.scope import same_person
from shouhu.ledgers.vault.actions import content_of
from shouhu.web import words
from shouhu.web.access import DeskRequest, page
from shouhu.web.paging import page_of
from shouhu.web.templatetags.desk import masked

ROWS = 20
SHOWN = 3
"""Remarks in the queue; the sheet's own page tells all."""


@page("survey.review")
@require_GET
def review(request: DeskRequest) -> HttpResponse:
    """This function will list the sheets that wait for review, the oldest first."""
    rows = queries.to_review(request.scope)
    shown = page_of(request, rows, ROWS)
    waiting: Any = shown.object_list
    for sheet in waiting:
        told = queries.warnings(request.scope, sheet)
        sheet.told, sheet.n_more = told[:SHOWN], max(0, len(told) - SHOWN)
        sheet.n_changes = sum(change.is_new for change in queries.diff(sheet))
    context = {
        "title": _("待审排查表"), "page": shown, "counter": _("份"), "empty_title": _("没有待审的排查表"),
        "empty_text": _("各镇街、村居提交后会列在这里，先提交的排在前面。"),
    }  # fmt: skip
    return render(request, "survey/review.html", context)


@page("survey.view")
@require_GET
def sheet(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will show a sheet beside what is recorded, names masked."""
    return _shown(request, _sheet(request, pk), unmasked=False)


@page("institution.unmask")
@require_POST
def unmask(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will show a sheet once with names in full, and journal who read which."""
    found = _sheet(request, pk)
    personal = {change.name: (None, None) for change in queries.diff(found) if change.personal}
    journal.record(verb="sheet.unmasked", subject=found, by=request.post.code, at=request.at, code=found.assignment.code,
                   changes=personal, outcome="read")  # fmt: skip
    return _shown(request, found, unmasked=True)


def _shown(request: DeskRequest, found: Sheet, *, unmasked: bool) -> HttpResponse:
    changes = [_told(change, unmasked) for change in queries.diff(found)]
    pending = not (found.accepted_at or found.returned_at or found.superseded_at)
    own = same_person(found.submitted_by, request.post, localdate(request.at))
    context = {
        "title": found.assignment.institution.name, "sheet": found, "pending": pending, "own": own,
        "may_review": pending and not own and request.scope.may("survey.review"),
        "changed": [one for one in changes if one["is_new"]], "same": [one for one in changes if not one["is_new"]],
        "crossed": [one for one in changes if one["is_crossed"]], "warnings": queries.warnings(request.scope, found) if pending else [],
        "outcome": queries.outcome(found, localdate(request.at)) if pending else None,
        "photos": found.photos.select_related("file").order_by("pk"), "events": _events(found),
        "unmasked": unmasked, "may_unmask": not unmasked and request.scope.may("institution.unmask"),
        "any_personal": any(one["personal"] for one in changes),
    }  # fmt: skip
    return render(request, "survey/sheet.html", context)


@page("survey.review")
@require_POST
def accept(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will accept a sheet: it is frozen, rated, and measures are opened."""
    _sheet(request, pk)
    seen = request.POST.get("seen", "")
    if not seen.isdecimal():
        raise Http404
    settle_survey(sheet_id=pk, by=request.post, at=request.at, seen=int(seen))
    messages.success(request, _("已审核通过，答案已固定，名单已重新评定"))
    return redirect("survey-review")


@page("survey.review")
@require_POST
def give_back(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will return a sheet with a reason."""
    _sheet(request, pk)
    actions.return_sheet(sheet_id=pk, reason=request.POST.get("reason", ""), by=request.post, at=request.at)
    messages.success(request, _("已退回，填报人会看到原因"))
    return redirect("survey-review")


@page("survey.view")
@require_GET
def photo(request: DeskRequest, token: str) -> HttpResponse:
    """This function will give a photo of a sheet in the post's division."""
    found = (
        Photo.objects.filter(file__token=token, sheet__in=queries.sheets(request.scope)).select_related("file").first()
    )
    if found is None:
        raise Http404
    return HttpResponse(content_of(found.file), content_type=found.file.media_type)


def _sheet(request: DeskRequest, pk: int) -> Sheet:
    found = queries.sheets(request.scope).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _told(change: queries.Change, unmasked: bool) -> dict[str, Any]:
    fact = declared()[change.name]

    def text(value: Any) -> str | None:
        if value is None:
            return None
        told = words.value(fact, value)
        return told if unmasked or not change.personal else masked(told)

    return {
        "label": change.title, "old": text(change.old), "new": text(change.new), "seen": text(change.seen),
        "is_new": change.is_new, "is_crossed": change.is_crossed, "personal": change.personal,
    }  # fmt: skip


def _events(found: Sheet) -> list[dict[str, Any]]:
    """What happened to a sheet, the latest first."""
    steps = [
        (found.accepted_at, found.accepted_by, _("审核通过"), ""),
        (found.returned_at, found.returned_by, _("退回"), found.return_reason),
        (found.superseded_at, found.submitted_by, _("填报人提交了更新的一份"), ""),
        (found.submitted_at, found.submitted_by, _("提交"), ""),
    ]
    return [{"at": at, "who": by.title if by else "", "what": what, "note": note} for at, by, what, note in steps if at]
