"""The form for the phone: a page that works without a network, the work it takes along, and what it sends back."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import orjson
from django.contrib.staticfiles import finders
from django.http import Http404, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware, localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shouhu.engines.rules.rulesets import load
from shouhu.ledgers.institutions import queries as institutions
from shouhu.ledgers.institutions.actions import Conflict
from shouhu.ledgers.surveys import actions, queries
from shouhu.ledgers.surveys.device import facts_on, program_of
from shouhu.ledgers.surveys.models import CAPTIONS, METHODS, Assignment, Sheet
from shouhu.ledgers.surveys.questionnaires import BadAnswers
from shouhu.ledgers.units.refusals import Refused
from shouhu.web import words
from shouhu.web.access import DeskRequest, page, told
from shouhu.web.views.survey.filling import crossed, hint
from shouhu.web.views.survey.phone_words import said

STYLES = ("vendor/bootstrap/css/bootstrap.min.css", "desk/tokens.css", "desk/base.css", "desk/frame.css", "desk/page.css",
          "desk/parts.css", "desk/form.css", "survey/survey.css", "survey/phone.css")  # fmt: skip
ENTRY = "survey/phone.js"
MODULES = ("survey/answers.js", "survey/filling.js", "survey/rules.js", "survey/store.js", "survey/sync.js")
ICON = "desk/shield.svg"
LONGEST_BODY = 256 * 1024


@page("survey.fill")
@require_GET
def shell(request: DeskRequest) -> HttpResponse:
    """This function will give the page of the form: words and frames only, nothing of anybody's work."""
    choices = {kind: {code: words.said(label) for code, label in labels.items()}
               for kind, labels in (("methods", METHODS), ("captions", CAPTIONS))}  # fmt: skip
    context = {"styles": STYLES, "entry": ENTRY, "icon": ICON, "words": said(), "choices": choices}
    return render(request, "survey/phone.html", context)


@page("survey.fill")
@require_GET
def worker(request: DeskRequest) -> HttpResponse:
    """This function will give the service worker, which keeps the page and its files on the device."""
    # Modules import one another by their plain names; the names under which pages link files carry a hash.
    files = [reverse("survey-phone"), reverse("survey-phone-manifest"),
             *map(static, (*STYLES, ENTRY, ICON)), *(_plain(name) for name in MODULES)]  # fmt: skip
    context = {"files": orjson.dumps(files).decode(), "version": _version(), "shell": reverse("survey-phone")}
    return render(request, "survey/worker.js", context, content_type="text/javascript")


@page("survey.fill")
@require_GET
def manifest(request: DeskRequest) -> HttpResponse:
    """This function will give what a phone needs to install the page on its home screen."""
    home = reverse("survey-phone")
    content = {
        "name": _("守护 排查"), "short_name": _("排查"), "lang": "zh-CN", "id": home, "start_url": home, "scope": home,
        "display": "standalone", "background_color": "#f5f7f9", "theme_color": "#17507a",
        "icons": [{"src": static(ICON), "type": "image/svg+xml", "sizes": "any", "purpose": "any"}],
    }  # fmt: skip
    return JsonResponse(content, content_type="application/manifest+json")


@page("survey.fill")
@require_GET
def work(request: DeskRequest) -> HttpResponse:
    """This function will give the work of a post to take along, and what is needed to send it back."""
    rows = list(queries.mine(request.scope).select_related("round__campaign", "round__questionnaire"))
    versions = institutions.current(row.institution for row in rows)
    returned = _returned(request, rows)
    return JsonResponse({
        # Another hand on the same device finds nothing of the one before.
        "owner": hashlib.sha256(f"{request.person.pk}/{request.post.pk}".encode()).hexdigest()[:16],
        "token": get_token(request),
        "questionnaires": {row.round.questionnaire.number: _worded(row.round.questionnaire.content) for row in rows},
        "programs": {one: _program(one) for one in {row.round.campaign.ruleset_id for row in rows}},
        "tasks": [_task(request, row, versions[row.institution_id], returned.get(row.pk)) for row in rows],
    })  # fmt: skip


@page("survey.fill")
@require_POST
def send(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will take in a sheet from a phone; the same key again gives the same answer."""
    row = Assignment.objects.filter(pk=pk).select_related("institution").first()
    if row is None or not (request.scope.covers(row.code) or row.sheets.filter(submitted_by=request.post).exists()):
        raise Http404
    try:
        given = _given(request)
        sheet = actions.submit(assignment_id=pk, by=request.post, at=request.at, **given)
    except Conflict as conflict:
        told(request, conflict)
        row.institution.refresh_from_db()
        body = {"message": str(conflict), "conflicts": crossed(conflict), "base": row.institution.n}
        return JsonResponse(body, status=409)
    except BadAnswers as refusal:
        return JsonResponse({"message": str(refusal), "faults": refusal.faults}, status=422)
    except Refused as refusal:
        told(request, refusal)
        return JsonResponse({"message": str(refusal)}, status=422)
    except (LookupError, TypeError, ValueError):
        return JsonResponse({"message": _("手机发来的内容不完整，请重新打开表单")}, status=422)
    return JsonResponse({"sheet": sheet.pk})


@page("survey.fill")
@require_POST
def photo(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will take in one photo of a sheet from a phone."""
    sheet = Sheet.objects.filter(pk=pk, submitted_by=request.post).first()
    file = request.FILES.get("photo")
    if sheet is None or file is None:
        raise Http404
    try:
        added = actions.attach_photo(sheet_id=pk, content=file.read(), token=uuid4().hex,
                                     caption=request.POST.get("caption", ""), by=request.post, at=request.at)  # fmt: skip
    except Refused as refusal:
        told(request, refusal)
        return JsonResponse({"message": str(refusal)}, status=422)
    return JsonResponse({"photo": added.pk})


def _given(request: DeskRequest) -> dict[str, Any]:
    """What a phone sent, as ``submit`` takes it."""
    if len(request.body) > LONGEST_BODY:
        raise ValueError("body")
    sent = orjson.loads(request.body)
    visited_at = parse_datetime(sent["visited_at"])
    if visited_at is None or not is_aware(visited_at) or not isinstance(sent["answers"], dict):
        raise ValueError("visited_at")
    point = sent.get("point")
    return {
        "key": UUID(sent["key"]), "base": int(sent["base"]), "answers": sent["answers"], "method": str(sent["method"]),
        "visited_at": min(visited_at, request.at), "n_asked": max(0, min(10_000, int(sent["n_asked"]))),
        "note": str(sent.get("note", "")), "point": (float(point[0]), float(point[1])) if point else None,
    }  # fmt: skip


def _worded(content: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A questionnaire in the words of the reader; answers stay what they are, ``labels`` is how they read."""
    return [
        {**topic, "title": words.said(topic["title"]), "questions": [
            {**one, **{key: words.said(one[key]) for key in ("title", "ask", "unit")},
             "labels": {choice: words.said(choice) for choice in one["choices"] or ()}}
            for one in topic["questions"]
        ]}
        for topic in content
    ]  # fmt: skip


def _program(ruleset_id: str) -> dict[str, Any]:
    """The rules as a phone reckons with them, the colours in the words of the reader."""
    program = program_of(load(ruleset_id))
    return {**program, "words": {name: [words.said(word), shape] for name, (word, shape) in program["words"].items()}}


def _task(request: DeskRequest, row: Assignment, version: Any, last: Sheet | None) -> dict[str, Any]:
    institution = row.institution
    facts = institutions.facts_of(version)
    ruleset_id = row.round.campaign.ruleset_id
    return {
        "id": row.pk, "number": institution.number, "name": institution.name, "address": institution.address,
        "latitude": institution.latitude, "longitude": institution.longitude, "due_on": row.due_on.isoformat(),
        "round": row.round.title, "questionnaire": row.round.questionnaire.number, "ruleset": ruleset_id,
        "state": row.state, "base": institution.n,  # type: ignore[attr-defined]
        "facts": facts_on(version, localdate(request.at), load(ruleset_id)),
        "hints": {name: hint(name, value, version.origins[name], request) for name, value in facts.items()},
        "returned": {"reason": last.return_reason, "answers": last.answers} if last else None,
    }  # fmt: skip


def _returned(request: DeskRequest, rows: list[Any]) -> dict[int, Sheet]:
    """By assignment, one's own latest sheet that came back."""
    back = [row.pk for row in rows if row.state == "returned"]
    sheets = Sheet.objects.filter(assignment__in=back, returned_at__isnull=False, submitted_by=request.post)
    return {sheet.assignment_id: sheet for sheet in sheets.order_by("n")}


@cache
def _version() -> str:
    """Changes with the content of any file that the device keeps."""
    digest = hashlib.sha256()
    for name in (*STYLES, ENTRY, *MODULES, ICON):
        found = finders.find(name)
        digest.update(Path(str(found)).read_bytes())
    return digest.hexdigest()[:16]


def _plain(name: str) -> str:
    return f"{static('survey/').rstrip('/')}/{name.removeprefix('survey/')}"
