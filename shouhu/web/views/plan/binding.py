"""What a plan leaves open: year, term, rule set, units; the campaign that comes of it, looked at and then made."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shouhu.engines.rules import rulesets
from shouhu.ledgers.campaigns import actions, drafting, queries
from shouhu.ledgers.campaigns.drafting import Draft, Terms
from shouhu.ledgers.campaigns.models import PlanItem, PlanPaper
from shouhu.ledgers.units.refusals import Refused
from shouhu.web import words as desk
from shouhu.web.access import DeskRequest, note_refusal, page
from shouhu.web.views.plan import words
from shouhu.web.views.plan.forms import BindForm, rateable
from shouhu.web.views.plan.handing import found, steps


@page("campaign.open")
@require_http_methods(["GET", "POST"])
def bind(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will ask what a plan leaves open, show what would be made, and make it."""
    paper = found(request, pk)
    if paper.state != "review" or paper.campaign_id or paper.unit_id != request.post.unit_id:
        return redirect("plan-page", pk)
    kept = [one for one in queries.items_of(paper) if one.is_kept]
    form = _form(request, paper, kept)
    status = 200
    if request.method == "POST" and "back" not in request.POST:
        if form.is_valid():
            try:
                return _went_on(request, paper, kept, form)
            except Refused as refusal:
                form.add_error(None, str(refusal))
                note_refusal(request)
        status = 422
    context = {
        "title": _("对应年度、单位和规则"), "paper": paper, "form": form, "steps": steps(paper, "bind"), "submit_label": _("预览"),
        "cancel_url": reverse("plan-page", args=[pk]), "rules": _differences(kept),
        "lead": _("下面已按方案和本级单位填好，请核对；对不上的责任单位列为缺口，以后可以补。"),
    }  # fmt: skip
    return render(request, "plan/bind.html", context, status=status)


def _form(request: DeskRequest, paper: PlanPaper, kept: list[PlanItem]) -> BindForm:
    assert paper.proposal
    today, calendar = localdate(request.at), queries.calendar()
    year = drafting.usual_year(paper.proposal, today)
    starts_on, ends_on = drafting.usual_term(kept, paper.proposal["period"], year, today, calendar)
    rules = rateable()
    named = {
        name: sum(name == one.split(":")[0] for rule in _rules(kept) for one in rule.said["matches"]) for name in rules
    }
    domain = "telecom_fraud" if paper.proposal["domain"] == "telecom_fraud" else "elder_care"
    likely = max(named, key=lambda name: named[name]) if any(named.values()) else rulesets.DEFAULT
    initial = {
        "title": _campaign_title(paper.name), "domain": domain, "ruleset_id": "" if domain == "telecom_fraud" else likely, "year": year,
        "starts_on": starts_on, "ends_on": ends_on,
    }  # fmt: skip
    units = queries.candidates(request.post.unit.code)
    return BindForm(request.POST or None, drafting.printed_owners(kept), units, rules, initial=initial)


def _went_on(request: DeskRequest, paper: PlanPaper, kept: list[PlanItem], form: BindForm) -> HttpResponse:
    given = form.cleaned_data
    terms = Terms(
        title=given["title"], domain=given["domain"], ruleset_id=given["ruleset_id"], year=given["year"], starts_on=given["starts_on"],
        ends_on=given["ends_on"], owners=form.owners(),
    )  # fmt: skip
    if "adopt" in request.POST:
        campaign = actions.adopt(paper_id=paper.pk, terms=terms, by=request.post, at=request.at)
        messages.success(request, _("已建立%(title)s，任务已派到责任单位") % {"title": campaign.title})
        return redirect("campaign-page", campaign.pk)
    draft = drafting.drafted(kept, terms, queries.calendar())
    context = {
        "title": _("预览专项行动"), "paper": paper, "terms": terms, "draft": draft, "steps": steps(paper, "look"),
        "tasks": _tasks(draft, form), "reports": [{"item": one, "when": words.rule(one.said["rule"])} for one in draft.reports],
        "chosen": _differences(kept).get(terms.ruleset_id), "ruleset": rateable().get(terms.ruleset_id, ""),
        "kept": [(name, value) for name, values in request.POST.lists() for value in values if name not in ("csrfmiddlewaretoken",)],
        "domain": dict(form.fields["domain"].choices)[terms.domain],  # type: ignore[attr-defined]
    }  # fmt: skip
    return render(request, "plan/preview.html", context)


def _tasks(draft: Draft, form: BindForm) -> list[dict[str, Any]]:
    names = {one.pk: one.name for one in form.units}
    return [
        {
            "task": one,
            "owners": [
                {"printed": printed, "names": [names[pk] for pk in units][:3], "n": len(units)}
                for printed, units in one.owners
            ],
        }
        for one in draft.tasks
    ]


def _campaign_title(name: str) -> str:
    """What a campaign is called by the title of its plan: without 工作方案 at its end."""
    return re.sub(r"(?:工作|实施|活动)?(?:方案|计划|意见)(?:[（(].*)?$", "", name)[:80] or name[:80]


def _rules(kept: list[PlanItem]) -> list[PlanItem]:
    return [one for one in kept if one.kind == "colour_rule" and one.said["colour"] != "green"]


def _differences(kept: list[PlanItem]) -> dict[str, dict[str, Any]]:
    """For each rule set that rates: what the plan's colour rules have of it, what they say otherwise, and what it does not know."""
    found = {}
    for name, title in rateable().items() if _rules(kept) else ():
        ruleset = rulesets.load(name)
        rules = {f"{name}:{rule.id}": rule for rule in ruleset.rules}
        known: dict[str, Any] = {**rules, **{f"{name}:{one.name}": one for one in ruleset.thresholds}}
        same, other, new, met = [], [], [], set()
        for one in _rules(kept):
            says = {"colour": one.said["colour"], "condition": one.said["condition"]}
            matches = [rule for rule in one.said["matches"] if rule.startswith(f"{name}:")]
            differs = [rule for rule in one.said["differs"] if rule.startswith(f"{name}:")]
            met |= {*matches, *differs}
            if matches:
                same.append(says)
            elif differs:
                other.append({**says, "rules": [known[rule] for rule in differs if rule in known]})
            else:
                new.append(says)
        found[name] = {
            "title": title, "same": same, "other": other, "new": new,
            "beyond": [{"colour": rule.colour, "condition": desk.said(rule.says)} for key, rule in rules.items() if key not in met],
        }  # fmt: skip
    return found
