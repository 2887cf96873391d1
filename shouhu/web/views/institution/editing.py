"""Registering an institution and correcting what is known about it, also by several people at a time."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shouhu.engines.rules.facts import declared
from shouhu.ledgers.disposals.actions import settle_act
from shouhu.ledgers.institutions import actions, divisions, queries
from shouhu.ledgers.institutions.actions import Conflict
from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.institutions.values import shown
from shouhu.ledgers.journal import actions as journal
from shouhu.web.access import DeskRequest, page
from shouhu.web.views.institution.forms import FactsForm, PlaceForm
from shouhu.web.views.institution.pages import found

MINE = "mine"


@require_http_methods(["GET", "POST"])
@page("institution.edit")
def new(request: DeskRequest) -> HttpResponse:
    """This function will register an institution or site from a form."""
    sent = request.POST if request.method == "POST" else None
    form = FactsForm(sent, known={}, is_new=True)
    place = PlaceForm(sent, scope=request.scope, on=localdate(request.at))
    if sent is not None and form.is_valid() & place.is_valid():
        code = place.cleaned_data["code"]
        made = settle_act(
            actions.register, facts={**form.facts(), **divisions.facts_of(code)}, code=code, source=place.cleaned_data["source"],
            point=place.point(), reference=form.cleaned_data["reason"][:60], by=request.post, at=request.at,
        )  # fmt: skip
        messages.success(request, _("已登记“%(name)s”，编号 %(number)s") % {"name": made.name, "number": made.number})
        return redirect("institution-page", made.pk)
    context = {"title": _("登记机构或场所"), "form": form, "place": place, "cancel_url": reverse("institution-list")}
    return render(request, "institution/edit.html", context, status=200 if sent is None else 422)


@require_http_methods(["GET", "POST"])
@page("institution.edit")
def edit(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will record corrected facts; where somebody else changed the same, both texts are shown to choose from."""
    institution = found(request, pk)
    if request.method != "POST":
        known = queries.facts_of(queries.version(institution, institution.n))
        return _form(request, institution, FactsForm(known=known, initial={"base": institution.n}))
    base = _number(request.POST.get("base"), institution.n)
    known = queries.facts_of(queries.version(institution, base))
    form = FactsForm(request.POST, known=known)
    if not form.is_valid():
        return _form(request, institution, form)
    changes = form.changes()
    seen = base
    if "settled" in request.POST:
        # The person saw both texts: what was chosen is compared with the version that was shown to them.
        seen = max(base, _number(request.POST["settled"], institution.n))
        changes = {name: value for name, value in changes.items() if request.POST.get(f"keep-{name}", MINE) == MINE}
    if not changes:
        messages.info(request, _("没有改动，未作记录"))
        return redirect("institution-page", pk)
    try:
        settle_act(
            actions.revise, institution_id=pk, base=seen, changes=changes, cause="edit", by=request.post, at=request.at,
            reason=form.cleaned_data["reason"],
        )  # fmt: skip
    except Conflict as conflict:
        return _conflict(request, institution, conflict, base)
    messages.success(request, _("已保存 %d 项改动") % len(changes))
    return redirect("institution-page", pk)


def _number(text: Any, newest: int) -> int:
    """A version's number as sent by a form; anything else stands for the first version, against which all is compared."""
    number = int(text) if str(text).isdecimal() and len(str(text)) < 9 else 1
    return min(max(number, 1), newest)


def _form(request: DeskRequest, institution: Institution, form: FactsForm) -> HttpResponse:
    context = {
        "title": _("修改：%s") % institution.name, "form": form, "institution": institution,
        "cancel_url": reverse("institution-page", args=[institution.pk]),
    }  # fmt: skip
    return render(request, "institution/edit.html", context, status=422 if form.is_bound else 200)


def _conflict(request: DeskRequest, institution: Institution, conflict: Conflict, base: int) -> HttpResponse:
    """Both texts side by side, with a choice for each fact; everything else that was filled in is kept."""
    institution.refresh_from_db()
    latest = queries.version(institution, institution.n)
    journal.record(verb="refused.institution-edit", subject=institution, by=request.post.code, at=request.at,
                   code=institution.code, outcome="refused")  # fmt: skip
    ignored = {"csrfmiddlewaretoken", "settled", "base", *(f"keep-{name}" for name in conflict.mine)}
    context = {
        "title": _("有人改过同样的内容"), "institution": institution, "latest": latest, "base": base,
        "settled": institution.n,
        "clashes": [
            {"name": name, "label": declared()[name].title, "theirs": shown(declared()[name], conflict.theirs.get(name)),
             "mine": shown(declared()[name], conflict.mine[name])}
            for name in declared() if name in conflict.mine
        ],
        "kept": [(name, value) for name, values in request.POST.lists() if name not in ignored for value in values],
    }  # fmt: skip
    return render(request, "institution/conflict.html", context, status=409)
