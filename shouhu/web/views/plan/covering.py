"""Matching a sub-plan: which of its items carries out which task that its unit owes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shouhu.ledgers.campaigns import actions, queries
from shouhu.ledgers.campaigns.models import PlanItem, Task
from shouhu.ledgers.units.refusals import Refused
from shouhu.web.access import DeskRequest, note_refusal, page
from shouhu.web.views.plan.handing import found, steps


class MatchForm(forms.Form):
    """For each task that the unit owes, the item of its plan that carries it out."""

    def __init__(self, data: Any, tasks: list[Task], own: list[PlanItem], matched: dict[int, int]) -> None:
        super().__init__(data)
        choices = [
            ("", _("没有落实，列为缺口")),
            *((str(one.pk), f"{one.said['no']} {one.said['heading']}".strip()) for one in own),
        ]
        for task in tasks:
            self.fields[f"t{task.pk}"] = forms.ChoiceField(
                label=f"{task.number} {task.title}".strip(),
                choices=choices,
                required=False,
                initial=str(matched.get(task.pk, "")),
            )

    def pairs(self) -> dict[int, int]:
        """This function will give task and item of every pair."""
        return {int(name[1:]): int(value) for name, value in self.cleaned_data.items() if value}


@page("campaign.plan")
@require_http_methods(["GET", "POST"])
def match(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will propose which item carries out which task, and take what a person says."""
    paper = found(request, pk)
    if (
        paper.campaign is None
        or paper.is_leading
        or paper.state not in ("review", "adopted")
        or paper.unit_id != request.post.unit_id
    ):
        return redirect("plan-page", pk)
    tasks = queries.owed(paper.unit, paper.campaign)
    own = [one for one in queries.items_of(paper) if one.kind == "task" and one.is_kept]
    matched = queries.covers(paper) if paper.adopted_at else queries.likely_covers(tasks, own)
    form = MatchForm(request.POST or None, tasks, own, matched)
    if request.method == "POST" and form.is_valid():
        try:
            actions.cover(paper_id=pk, pairs=form.pairs(), by=request.post, at=request.at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            note_refusal(request)
        else:
            n = len(tasks) - len(form.pairs())
            says = (
                _("已采用子方案；还有 %(n)d 项任务没有落实") % {"n": n} if n else _("已采用子方案，承担的任务全部落实")
            )
            messages.success(request, says)
            return redirect("plan-page", pk)
    context = {
        "title": _("对照任务：%s") % paper.name, "paper": paper, "form": form, "steps": steps(paper, "match"), "n_tasks": len(tasks),
        "n_matched": len(matched), "is_proposed": paper.adopted_at is None, "cancel_url": reverse("plan-page", args=[pk]),
        "submit_label": _("采用子方案") if paper.adopted_at is None else _("保存"),
    }  # fmt: skip
    return render(request, "plan/match.html", context, status=422 if form.errors else 200)
