"""Which rules lead: who would move under others, before they are adopted."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from shouhu.engines.documents.annexes import wording
from shouhu.engines.rules.rulesets import READINGS, SHIPPED, load
from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.campaigns.models import Campaign
from shouhu.ledgers.disposals.actions import settle_adoption
from shouhu.ledgers.ratings import queries
from shouhu.ledgers.ratings.queries import Preview
from shouhu.ledgers.ratings.transitions import WORST_FIRST
from shouhu.ledgers.units import queries as units
from shouhu.ledgers.units.codes import span
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.units.scope import Scope
from shouhu.web.access import DeskRequest, page
from shouhu.web.views import rating_words as told

ROWS = 100


class NoCampaign(Refused):
    """There is no campaign, and so no rule set that leads."""


class RulesForm(forms.Form):
    """Which rule set to try."""

    ruleset = forms.ChoiceField(label=_("试用规则"))

    def __init__(self, data: Any, leading: str) -> None:
        super().__init__(data)
        sets = [load(ruleset_id) for ruleset_id in SHIPPED]
        self.fields["ruleset"].choices = [  # type: ignore[attr-defined]
            (one.id, f"{one.id}　{one.title}") for one in sets if one.scale == "colours" and one.id != leading
        ]


@require_GET
@page("rating.rate")
def preview(request: DeskRequest) -> HttpResponse:
    """This function will show who would move under another rule set; nothing is changed by looking."""
    campaign = _campaign(request)
    form = RulesForm(request.GET if "ruleset" in request.GET else None, campaign.ruleset_id)
    leading = load(campaign.ruleset_id)
    context: dict[str, Any] = {
        "title": _("试用规则"), "form": form, "leading": leading, "leading_reading": READINGS[leading.complaint],
        "is_ours": request.scope.covers(campaign.code),
    }  # fmt: skip
    if form.is_valid():
        scope = Scope(request.post, *span(campaign.code)) if context["is_ours"] else request.scope
        found = queries.preview(scope, form.cleaned_data["ruleset"], localdate(request.at))
        towns = units.names(found.by_town)
        movers: tuple[Any, ...] = found.movers
        shown = Paginator(movers, ROWS).get_page(request.GET.get("page"))
        shown.object_list = [{"one": one, "because": told.unnumbered(one.by)} for one in shown.object_list]
        context |= {
            "preview": found, "matrix": _matrix(found), "colours": WORST_FIRST,
            "page": shown, "counter": _("家"),
            "towns": [{"name": towns.get(code, code), "up": n["up"], "down": n["down"]} for code, n in found.by_town.items()],
            "basis": wording.basis(found.ruleset, localdate(request.at)),
        }  # fmt: skip
    return render(request, "rating/preview.html", context)


def _matrix(found: Preview) -> list[dict[str, Any]]:
    """Rows: what counts now; cells: how many would be listed as each colour, and whether that is a move."""
    return [
        {"colour": stands, "total": sum(found.table[stands, rated] for rated in WORST_FIRST),
         "cells": [{"n": found.table[stands, rated], "colour": rated, "moves": stands != rated} for rated in WORST_FIRST]}
        for stands in WORST_FIRST
    ]  # fmt: skip


@require_POST
@page("rating.rate")
def adopt(request: DeskRequest) -> HttpResponse:
    """This function will make a rule set lead, once its number was typed in to confirm."""
    campaign = _campaign(request)
    ruleset_id = request.POST.get("ruleset", "")
    if request.POST.get("typed", "").strip() != ruleset_id:
        messages.error(request, _("没有更换：输入的编号与要采用的规则不一致"))
        return redirect(f"{reverse('rating-preview')}?{urlencode({'ruleset': ruleset_id})}")
    changed = settle_adoption(ruleset_id=ruleset_id, campaign_id=campaign.pk, by=request.post, at=request.at)
    messages.success(request, _("已采用规则%(id)s并重新评级，%(n)s 家等级立即变动；降级的在“研判与复核”中等待确认") % {
        "id": ruleset_id, "n": len(changed)})  # fmt: skip
    return redirect("rating-queue")


def _campaign(request: DeskRequest) -> Campaign:
    found = campaigns.current(request.scope)
    if found is None:
        raise NoCampaign(_("还没有专项行动，请先由专项办在“单位与岗位”里建立专项行动，选定规则"))
    return found
