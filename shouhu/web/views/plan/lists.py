"""The list of plans, and that of which units' plans are missing or leave tasks out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import F, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from shouhu.ledgers.campaigns import queries
from shouhu.ledgers.campaigns.models import PAPER_STATES, Campaign, PlanPaper
from shouhu.web.access import DeskRequest, page
from shouhu.web.language import official
from shouhu.web.listing import asked, column
from shouhu.web.listing import export as taken_out
from shouhu.web.paging import page_of

STATES = {
    "review": gettext_lazy("待核对"), "reading": gettext_lazy("读取中、待选"), "adopted": gettext_lazy("已采用"),
    "other": gettext_lazy("不是方案或读不了"), "dropped": gettext_lazy("已放弃"),
}  # fmt: skip
SORTS = {"name": "name", "unit": "unit__name", "at": "handed_in_at"}


class FilterForm(forms.Form):
    """What the list of plans is narrowed to."""

    text = forms.CharField(
        label=gettext_lazy("名称、单位"), required=False, max_length=60, widget=forms.TextInput({"type": "search"})
    )
    state = forms.ChoiceField(
        label=gettext_lazy("进展"), required=False, choices=[("", gettext_lazy("全部")), *STATES.items()]
    )
    campaign = forms.ChoiceField(label=gettext_lazy("专项行动"), required=False)

    def __init__(self, request: DeskRequest) -> None:
        super().__init__(request.GET)
        named = queries.papers(request.scope).exclude(campaign=None).order_by("campaign")
        choices = dict(named.values_list("campaign", "campaign__title"))
        self.fields["campaign"].choices = [("", _("全部")), *((str(pk), title) for pk, title in choices.items())]  # type: ignore[attr-defined]

    def narrow(self, rows: QuerySet[PlanPaper]) -> QuerySet[PlanPaper]:
        """This function will keep the plans that were asked for; what is not understood narrows nothing."""
        self.is_valid()
        if text := self.cleaned_data.get("text"):
            rows = rows.filter(name__icontains=text) | rows.filter(unit__name__icontains=text)
        if state := self.cleaned_data.get("state"):
            rows = rows.filter(queries.PLAN_STATES[state])
        if campaign := self.cleaned_data.get("campaign"):
            rows = rows.filter(campaign=campaign)
        return rows


def _listed(request: DeskRequest, form: FilterForm) -> QuerySet[PlanPaper]:
    rows = form.narrow(queries.papers(request.scope)).defer("text")
    sort = request.GET.get("sort", "")
    if by := SORTS.get(sort.removeprefix("-")):
        rows = rows.order_by(F(by).desc() if sort.startswith("-") else F(by), "pk")
    return rows


@page("campaign.view")
@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """This function will list the plans in sight."""
    form = FilterForm(request)
    may = request.scope.may("campaign.plan")
    every = queries.papers(request.scope)
    here = reverse("plan-list")
    context = {
        "title": _("方案"), "page": page_of(request, _listed(request, form)), "counter": _("份"), "filters": form, "may": may,
        "chips": [
            {"label": label, "url": f"{here}?{urlencode({'state': state})}", "active": request.GET.get("state") == state,
             "count": every.filter(queries.PLAN_STATES[state]).count()}
            for state, label in STATES.items()
        ],
        "export_url": reverse("plan-export") if request.scope.may("institution.export") else "",
        "campaigns": _led(request),
        "empty_title": _("还没有方案"),
        "empty_text": _("上传专项行动方案的 Word 文件，读出阶段、任务、责任单位和时限，核对后建立专项行动；还没有方案的，可以从样本起草。")
        if may else _("单位上传的方案列在这里。"),
        "empty_url": reverse("plan-upload") if may else "", "empty_action": _("上传方案"),
    }  # fmt: skip
    return render(request, "plan/list.html", context)


@page("institution.export")
@require_GET
@official
def export(request: DeskRequest) -> HttpResponse:
    """This function will give the listed plans as a workbook."""
    form = FilterForm(request)
    rows = _listed(request, form)
    columns = [
        column(_("方案"), 44), column(_("单位"), 26), column(_("专项行动"), 36), column(_("进展"), 14), column(_("上传"), 18),
        column(_("采用"), 18),
    ]  # fmt: skip
    cells = (
        (
            one.name, one.unit.name, one.campaign.title if one.campaign else "", PAPER_STATES[one.state],
            f"{localtime(one.handed_in_at):%Y-%m-%d %H:%M}", f"{localtime(one.adopted_at):%Y-%m-%d %H:%M}" if one.adopted_at else "",
        )
        for one in rows
    )  # fmt: skip
    return taken_out(request, title=_("方案"), columns=columns, rows=cells, n_rows=rows.count(), narrowed=asked(form))


@page("campaign.view")
@require_GET
def coverage(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will show which units have no plan under a campaign yet, and which tasks no unit's plan covers."""
    campaign = queries.campaign(request.scope, pk)
    if campaign is None:
        raise Http404
    found = queries.coverage(request.scope, campaign)
    context = {
        "title": _("子方案"), "campaign": campaign, "rows": found, "may": request.scope.may("campaign.plan"),
        "n_without": sum(not one.papers for one in found), "n_gaps": sum(len(one.uncovered) for one in found if one.papers),
        "own": request.post.unit_id, "left_out": _left_out(found),
    }  # fmt: skip
    return render(request, "plan/coverage.html", context)


def _left_out(found: list[queries.UnitCover]) -> list[dict[str, Any]]:
    """Tasks that units with a plan leave out, with those units; the task that most leave out first."""
    by_task: dict[int, dict[str, Any]] = {}
    for one in found:
        for task in one.uncovered if one.papers else ():
            by_task.setdefault(task.pk, {"task": task, "units": []})["units"].append(one.unit.name)
    return sorted(by_task.values(), key=lambda row: (-len(row["units"]), row["task"].position))


def _led(request: DeskRequest) -> list[Campaign]:
    """Campaigns under which plans of other units hang or are awaited."""
    return list(queries.campaigns_led(request.scope))
