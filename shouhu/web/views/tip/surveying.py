"""转为排查任务: what a tip is about goes into a round of the survey; what nobody knew is registered first."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouhu.ledgers.disposals.actions import settle_tip_survey
from shouhu.ledgers.surveys import queries as surveys
from shouhu.ledgers.tips import queries
from shouhu.ledgers.tips.models import Tip
from shouhu.ledgers.units import queries as units
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.units.rights import holders
from shouhu.web.access import DeskRequest, note_refusal
from shouhu.web.views.institution.forms import places
from shouhu.web.views.tip.asking import CHOOSE, ActForm


class SurveyForm(ActForm):
    """转为排查任务."""

    lead = _("派一次上门排查，把线索说的机构看清楚。排查人员看不到线索，只看到这家机构在排查名单里。")
    round_id = forms.TypedChoiceField(label=_("列入哪一轮排查"), coerce=int)
    unit_id = forms.TypedChoiceField(
        label=_("由谁排查"), coerce=int, empty_value=None, required=False, help_text=_("不选的，按这一轮的分工")
    )
    name = forms.CharField(
        label=_("机构或场所名称"), max_length=120, help_text=_("没有招牌的，写“地址＋用途”；不要写线索里的原话")
    )
    address = forms.CharField(label=_("地址"), max_length=200)
    code = forms.ChoiceField(label=_("所在村居"))

    def prepare(self) -> None:
        """This function will offer the rounds that are open; of what is registered no name is asked."""
        rounds = [one for one in surveys.rounds(self.scope) if one.closed_at is None]
        self.choices(
            "round_id",
            [(one.pk, f"{one.title} · {one.due_on}") for one in rounds] or [("", _("没有进行中的排查轮次"))],
        )
        barred = {one.unit_id for one in queries.bars(self.tip)}
        able = units.posts(self.scope).filter(role__in=holders("survey.fill"), closed_on=None, unit__closed_on=None)
        rows = able.exclude(unit__in=[pk for pk in barred if pk]).order_by("unit__code", "unit")
        self.choices("unit_id", [("", _("按这一轮的分工")), *rows.values_list("unit", "unit__name").distinct()])
        if self.tip.institution_id:
            for name in ("name", "address", "code"):
                del self.fields[name]
            return
        self.choices("code", [CHOOSE, *places(self.scope, self.today)])
        self.initial["code"] = self.tip.code


def survey(request: DeskRequest, tip: Tip, hindrance: str) -> HttpResponse:
    """This function will show the form and make the task."""
    form = SurveyForm(tip, request.scope, localdate(request.at), request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                made: Any = settle_tip_survey(tip_id=tip.pk, **form.given(), by=request.post, at=request.at)
            except Refused as refusal:
                note_refusal(request)
                form.add_error(None, str(refusal))
                status = 409
            else:
                messages.success(request, gettext("已列入排查，由%(unit)s办理，%(due)s 前完成") % {
                    "unit": made.unit.name, "due": made.due_on})  # fmt: skip
                return redirect("tip-page", tip.pk)
    linked = [{"label": gettext("关联机构"), "value": tip.institution.name}] if tip.institution else []
    return render(request, "tip/act.html", {
        "title": gettext("转为排查任务"), "tip": tip, "verb": "survey", "form": form, "lead": form.lead, "facts": linked,
        "hindrance": hindrance, "submit_label": gettext("列入排查"), "cancel_url": reverse("tip-page", args=[tip.pk]),
    }, status=status)  # fmt: skip
