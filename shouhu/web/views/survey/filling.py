"""The surveyor's own pages: what is to be surveyed, the answer sheet, a place that nobody knew of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shouhu.engines.periods.deadlines import overdue
from shouhu.engines.rules.facts import declared
from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.disposals.actions import settle_finding
from shouhu.ledgers.institutions import queries as institutions
from shouhu.ledgers.institutions.actions import Conflict
from shouhu.ledgers.institutions.models import CAUSES
from shouhu.ledgers.surveys import actions, queries
from shouhu.ledgers.surveys.actions.assignments import AssignmentRefused
from shouhu.ledgers.surveys.actions.photos import PhotoRefused
from shouhu.ledgers.surveys.duties import reason
from shouhu.ledgers.surveys.models import Assignment, Sheet
from shouhu.ledgers.surveys.queries.sheets import STATES
from shouhu.ledgers.surveys.questionnaires import BadAnswers, questions
from shouhu.ledgers.units.models import Division
from shouhu.web import words
from shouhu.web.access import DeskRequest, page
from shouhu.web.templatetags.desk import ago, masked
from shouhu.web.views.survey.forms import FoundForm, SheetForm, local, shown


@page("survey.fill")
@require_GET
def mine(request: DeskRequest) -> HttpResponse:
    """This function will list what the post is to survey, what is due first on top."""
    rows = sorted(queries.mine(request.scope), key=lambda row: (row.planned_on or row.due_on, row.due_on))
    mark(rows, localdate(request.at))
    context = {
        "title": _("我的排查"), "todo": [row for row in rows if row.state in ("open", "returned")],
        "handed": [row for row in rows if row.state in ("waiting", "done")],
    }  # fmt: skip
    return render(request, "survey/mine.html", context)


@page("survey.fill")
@require_POST
def plan(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will note when the surveyor means to go."""
    if not queries.mine(request.scope).filter(pk=pk).exists():
        raise Http404
    actions.plan_visit(assignment_id=pk, on=day_of(request.POST.get("on")), by=request.post, at=request.at)
    messages.success(request, _("已记下计划，不会告知机构"))
    return redirect("survey-mine")


@page("survey.fill")
def fill(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will show the answer sheet of one institution and take it in."""
    row = queries.mine(request.scope).select_related("round__questionnaire").filter(pk=pk).first()
    if row is None:
        raise Http404
    content = row.round.questionnaire.content
    facts, hints = _recorded(row, request)
    last = row.sheets.filter(returned_at__isnull=False, submitted_by=request.post).order_by("-n").first()
    if request.method != "POST":
        form = SheetForm(content=content, hints=hints, initial=_initial(row, facts, last, request))
        return _sheet_page(request, row, form, last)
    form = SheetForm(request.POST, request.FILES, content=content, hints=hints)
    if not form.is_valid():
        return _sheet_page(request, row, form, last)
    answers = form.answers()
    if form.errors:
        return _sheet_page(request, row, form, last)
    given = form.cleaned_data
    try:
        sheet = actions.submit(
            assignment_id=row.pk, key=given["key"], base=given["base"], answers=answers, method=given["method"],
            visited_at=given["visited_at"], n_asked=given["n_asked"], point=form.point(), note=given["note"],
            by=request.post, at=request.at,
        )  # fmt: skip
    except BadAnswers as refusal:
        form.blame(refusal.faults)
        return _sheet_page(request, row, form, last)
    except Conflict as conflict:
        # What was typed stays; handed in again it is compared with the version that is shown now.
        form.data = request.POST.copy()
        form.data["base"] = str(row.institution.n)
        return _sheet_page(request, row, form, last, crossed(conflict), status=409)
    for caption, file in form.taken().items():
        try:
            actions.attach_photo(sheet_id=sheet.pk, content=file.read(), token=uuid4().hex, caption=caption,
                                 by=request.post, at=request.at)  # fmt: skip
        except PhotoRefused as refusal:
            messages.warning(request, _("排查表已提交，但有照片没有收下：%(why)s") % {"why": refusal})
    messages.success(request, _("“%(name)s”的排查表已提交，等待审核") % {"name": row.institution.name})
    return redirect("survey-mine")


@page("survey.fill")
def found(request: DeskRequest) -> HttpResponse:
    """This function will take in a place that nobody knew of, and go on to its answer sheet."""
    round_ = queries.rounds(request.scope).filter(closed_at=None).first()
    if round_ is None:
        raise AssignmentRefused(
            _("现在没有正在进行的排查轮次，不能登记新发现的场所；请专项办先建立轮次，或在“机构”里登记")
        )
    inside = request.scope.limit(Division.objects.filter(to_on=None)).order_by("code")
    names = dict(inside.values_list("code", "name"))
    places = [(code, name) for code, name in names.items() if not code.endswith("000000")]
    form = FoundForm(request.POST or None, places=places)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = settle_finding(
            round_id=round_.pk, name=given["name"], code=given["code"], address=given["address"], point=form.point(),
            by=request.post, at=request.at,
        )  # fmt: skip
        messages.success(request, _("已登记为新发现场所 %(number)s") % {"number": made.institution.number})
        may_fill = queries.mine(request.scope).filter(pk=made.pk).exists()
        return redirect("survey-fill", made.pk) if may_fill else redirect("survey-mine")
    context = {
        "title": _("登记新发现的场所"), "form": form, "submit_label": _("登记场所"), "cancel_url": reverse("survey-mine"),
        "lead": _("没有登记、名单上也没有的养老服务场所，先在这里登记，再填排查表。"),
    }  # fmt: skip
    return render(request, "parts/form_page.html", context)


def day_of(text: str | None) -> date | None:
    """This function will read a day from a browser's date input; nothing, or nothing that is a day, is None."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def mark(rows: Iterable[Any], today: date) -> None:
    """This function will put words to assignments: state, reason, worked days left (None: nothing runs any more)."""
    calendar = campaigns.calendar()
    for row in rows:
        row.state_label, row.why_label, row.left = STATES[row.state], reason(row.why), None
        if row.state in ("open", "returned"):
            late = -overdue(row.due_on, today, calendar) or None
            row.left = overdue(today, row.due_on, calendar) if row.due_on >= today else late


def crossed(conflict: Conflict) -> list[dict[str, str]]:
    """This function will put both texts of a conflict side by side."""
    told = []
    for name, value in conflict.mine.items():
        fact = declared()[name]
        old, new = (words.value(fact, one) for one in (conflict.theirs.get(name), value))
        if fact.personal:
            old, new = masked(old), masked(new)
        told.append({"name": name, "label": fact.title, "old": old, "new": new})
    return told


def hint(fact_name: str, value: Any, origin: list[str], request: DeskRequest) -> str:
    """This function will say what is recorded, where it comes from and how old it is; personal data masked."""
    fact = declared()[fact_name]
    text = words.value(fact, value)
    old = ago(date.fromisoformat(origin[2]), localdate(request.at))
    return _("登记：%(value)s（%(source)s，%(old)s）") % {
        "value": masked(text) if fact.personal else text, "source": words.said(CAUSES.get(origin[0], origin[0])), "old": old,
    }  # fmt: skip


def _recorded(row: Assignment, request: DeskRequest) -> tuple[dict[str, Any], dict[str, str]]:
    version = institutions.version(row.institution, row.institution.n)
    facts = institutions.facts_of(version)
    hints = {name: hint(name, value, version.origins[name], request) for name, value in facts.items()}
    return facts, hints


def _initial(row: Assignment, facts: dict[str, Any], last: Sheet | None, request: DeskRequest) -> dict[str, Any]:
    """What a fresh form shows: facts that do not age, or one's own answers that came back; risks are asked anew."""
    answers = queries.answers_of(last) if last else {}
    initial = {"key": uuid4(), "base": row.institution.n, "visited_at": local(localtime(request.at))}
    for question in questions(row.round.questionnaire.content):
        name = question["name"]
        lasting = not question["expires"] and not question["personal"]
        initial[f"a_{name}"] = shown(question, answers.get(name, facts.get(name) if lasting else None))
    if last:
        initial |= {"method": last.method, "n_asked": last.n_asked, "note": last.note}
    return initial


def _sheet_page(
    request: DeskRequest,
    row: Assignment,
    form: SheetForm,
    last: Sheet | None,
    conflicts: list[dict[str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"title": row.institution.name, "row": row, "form": form, "last": last, "conflicts": conflicts}
    return render(request, "survey/fill.html", context, status=status)
