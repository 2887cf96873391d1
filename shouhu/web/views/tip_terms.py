"""How many worked days a county gives to each step: proposed ones beside its own; what a change moves is shown before it is made."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shouhu.ledgers.tips import actions
from shouhu.ledgers.tips.actions.terms import LONGEST
from shouhu.ledgers.tips.queries import terms as queries
from shouhu.ledgers.tips.workflow import county_of
from shouhu.ledgers.units import queries as units
from shouhu.ledgers.units.codes import level_of
from shouhu.web.access import DeskRequest, page
from shouhu.web.words import said


class TermsForm(forms.Form):
    """Days for every step."""

    def __init__(self, rows: list[queries.Given], data: Any = None) -> None:
        super().__init__(data, initial={one.state: one.days for one in rows})
        for one in rows:
            self.fields[one.state] = forms.IntegerField(
                label=said(one.step), min_value=1, max_value=LONGEST,
                widget=forms.NumberInput(attrs={"data-unit": _("工作日")}),
            )  # fmt: skip


@page("tip.terms")
@require_http_methods(["GET", "POST"])
def terms(request: DeskRequest) -> HttpResponse:
    """This function will show the days, then what other days would move, and set them once that was seen."""
    counties = _counties(request)
    county = request.GET.get("county") or next(iter(counties))
    if county not in counties:
        raise Http404
    rows = queries.given(county)
    data = {one.state: one.proposed for one in rows} if "reset" in request.POST else request.POST or None
    form = TermsForm(rows, data)
    effects: list[queries.Effect] | None = None
    if request.method == "POST" and form.is_valid():
        effects = queries.effects(request.scope, county, form.cleaned_data, localdate(request.at))
        if "confirm" in request.POST:
            for one in effects:
                actions.set_term(code=county, state=one.given.state, n_days=one.n_days, by=request.post, at=request.at)
            messages.success(request, _("已改 %(n)d 项，在办线索的期限已重新计算") % {"n": len(effects)})
            return redirect(f"{reverse('tip-terms')}?county={county}")
    return render(request, "tip/terms.html", {
        "title": _("办理期限"), "form": form, "effects": effects, "county": counties[county],
        "may_set": request.scope.covers(county),
        "lines": [{"given": one, "field": form[one.state]} for one in rows],
        "counties": [{"label": name, "url": f"?county={code}", "active": code == county} for code, name in counties.items()]
        if len(counties) > 1 else [],
    }, status=422 if form.errors else 200)  # fmt: skip


def _counties(request: DeskRequest) -> dict[str, str]:
    """Code and name of the counties whose days the post may set; below a county the one whose days hold there."""
    rows = units.tree(request.scope, localdate(request.at)).filter(code__endswith="000000")
    county = county_of(request.scope.low)
    below = {county: units.names([county]).get(county, county)}
    return {one.code: one.name for one in rows if level_of(one.code) == "county"} or below
