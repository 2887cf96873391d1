"""研判: what waits for a person, a colour given by two persons, and the fall of a colour confirmed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouhu.engines import law
from shouhu.engines.rules.rulesets import load
from shouhu.ledgers.disposals.actions import settle_decision, settle_downgrade, settle_withdrawal
from shouhu.ledgers.ratings import actions, queries
from shouhu.ledgers.ratings.actions.decisions import clause_of
from shouhu.ledgers.ratings.models import Decision, Standing
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.units.scope import same_person
from shouhu.web import words
from shouhu.web.access import DeskRequest, page
from shouhu.web.views import rating_words as told
from shouhu.web.views.rating import gravest_first, seen

USUAL_DAYS = 90


class Reason(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("理由"), max_length=2000, widget=forms.Textarea({"rows": 4}))


class ProposeForm(forms.Form):
    """A colour, why, and until when."""

    colour = forms.ChoiceField(label=_("定为"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("理由"), max_length=2000, widget=forms.Textarea({"rows": 6}),
        help_text=_("写明依据哪些事实、为什么定为这个等级；机构可以看到并提出异议"),
    )  # fmt: skip
    expires_on = forms.DateField(label=_("截止日期"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, request: DeskRequest, standing: Standing) -> None:
        super().__init__(request.POST or None)
        ruleset = load(standing.rating.ruleset_id)
        today = localdate(request.at)
        longest = today + timedelta(actions.LONGEST_DAYS)
        self.fields["colour"].choices = [  # type: ignore[attr-defined]
            (colour, f"{told_as}　{law.cite(clause_of(ruleset, colour))}") for colour, told_as in gravest_first()
        ]
        self.fields["expires_on"].initial = today + timedelta(USUAL_DAYS)
        self.fields["expires_on"].help_text = _("含当日，最迟%(day)s；到期后恢复规则评定，降级仍须有人确认") % {
            "day": longest
        }


class SignForm(forms.Form):
    """The second signature, or why not."""

    answer = forms.ChoiceField(
        label=_("您的意见"),
        choices=[("approve", _("同意，签字生效")), ("refuse", _("不同意，退回"))],
        widget=forms.RadioSelect,
    )
    why = forms.CharField(label=_("不同意的理由"), required=False, max_length=300, widget=forms.Textarea({"rows": 3}))


@require_GET
@page("rating.decide")
def queue(request: DeskRequest) -> HttpResponse:
    """This function will show what waits for a person."""
    found = queries.to_decide(request.scope, localdate(request.at))
    undecided, falling = list(found.undecided), list(found.falling)
    return render(request, "rating/queue.html", {
        "title": _("研判与复核"), "undecided": undecided, "falling": falling, "unsigned": [_waiting(request, one) for one in found.unsigned],
        "ending": found.ending, "may_approve": request.scope.may("rating.approve"),
        "n": len(undecided) + len(falling) + found.unsigned.count() + found.ending.count(),
    })  # fmt: skip


def _waiting(request: DeskRequest, one: Decision) -> dict[str, Any]:
    """A proposal, and whether it waits for another person than the one who looks."""
    return {"row": one, "is_mine": same_person(request.post, one.proposed_by, localdate(request.at))}


@require_http_methods(["GET", "POST"])
@page("rating.decide")
def propose(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will take the proposal of a colour; it counts once another person has signed it."""
    institution = seen(request, pk)
    standing = queries.standing_of(institution)
    if standing is None:
        raise Http404
    form = ProposeForm(request, standing)
    if request.method == "POST" and form.is_valid():
        actions.propose(institution_id=pk, by=request.post, at=request.at, **form.cleaned_data)
        messages.success(request, _("已提出，待另一人签字后生效"))
        return redirect("rating-page", pk=pk)
    return render(request, "rating/propose.html", {
        "title": _("研判") if standing.rating.listed == "decide" else _("人工调整等级"), "institution": institution,
        "standing": standing, "form": form, "sentences": told.reasons_of(standing.rating).sentences(),
        "submit_label": _("提出，送第二人签字"), "cancel_url": reverse("rating-page", args=[pk]),
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@page("rating.approve")
def sign(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will take the second signature under a decision, or its refusal."""
    decision = _decision(request, pk)
    form = SignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["answer"] == "approve":
            settle_decision(decision_id=pk, by=request.post, at=request.at)
            messages.success(request, _("已签字，%(name)s自即日起列为%(colour)s") % {
                "name": decision.institution.name, "colour": words.colour(decision.colour)
            })  # fmt: skip
        else:
            actions.refuse(decision_id=pk, why=form.cleaned_data["why"], by=request.post, at=request.at)
            messages.success(request, _("已退回，提出人会看到理由"))
        return redirect("rating-page", pk=decision.institution_id)
    return render(request, "rating/sign.html", {
        "title": _("第二人签字"), "decision": decision, "told": told.decided(decision), "form": form,
        "sentences": told.reasons_of(decision.rating).sentences(), "submit_label": _("提交意见"),
        "cancel_url": reverse("rating-page", args=[decision.institution_id]),
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@page("rating.decide")
def withdraw(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will take a proposal back, or end a decision in force."""
    decision = _decision(request, pk)
    form = Reason(request.POST or None)
    if request.method == "POST" and form.is_valid():
        settle_withdrawal(decision_id=pk, why=form.cleaned_data["reason"][:300], by=request.post, at=request.at)
        messages.success(request, _("已办理"))
        return redirect("rating-page", pk=decision.institution_id)
    is_proposal = decision.state == "proposed"
    return render(request, "rating/confirm.html", {
        "title": _("撤回") if is_proposal else _("终止决定"), "form": form, "danger": True,
        "question": _("撤回这项尚未签字的决定？") if is_proposal else _("终止这项生效中的决定？"),
        "consequence": "" if is_proposal else _("终止后恢复规则评定：更重的等级立即生效，更轻的等级须由另一人确认。"),
        "facts": [{"label": _("机构"), "value": decision.institution.name}, {"label": _("决定"), "value": told.decided(decision)},
                  {"label": _("理由"), "value": decision.reason}],
        "cancel_url": reverse("rating-page", args=[decision.institution_id]),
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@page("rating.approve")
def confirm(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will take a person's word that a colour falls to what the rules now give."""
    institution = seen(request, pk)
    standing = queries.standing_of(institution)
    if standing is None or not standing.falls_to:
        raise Http404
    form = Reason(request.POST or None)
    if request.method == "POST" and form.is_valid():
        colour = request.POST.get("colour", "")
        settle_downgrade(
            institution_id=pk, colour=colour, reason=form.cleaned_data["reason"], by=request.post, at=request.at
        )
        messages.success(
            request, _("已确认，%(name)s降为%(colour)s") % {"name": institution.name, "colour": words.colour(colour)}
        )
        return redirect("rating-page", pk=pk)
    return render(request, "rating/confirm.html", {
        "title": _("降级确认"), "form": form, "colour": standing.falls_to, "sentences": told.reasons_of(standing.rating).sentences(),
        "question": _("确认把%(name)s由%(was)s降为%(now)s？") % {
            "name": institution.name, "was": words.colour(standing.colour), "now": words.colour(standing.falls_to)},
        "consequence": _("降级不会自动发生，只在有人复核事实、写明理由后生效；核定事实或作出评级的人不能自己确认。"),
        "facts": [{"label": _("事实核定"), "value": f"{standing.rating.version.recorded_by.title} {localdate(standing.rating.version.recorded_at)}"}],
        "cancel_url": reverse("rating-page", args=[pk]),
    })  # fmt: skip


@require_POST
@page("rating.approve")
def confirm_many(request: DeskRequest) -> HttpResponse:
    """This function will confirm the falls that were ticked, each for itself, with one reason."""
    done, refused = 0, []
    picked = [one.partition(":") for one in request.POST.getlist("pick")]
    for pk, _colon, colour in picked:
        institution = seen(request, int(pk) if pk.isascii() and pk.isdigit() else 0)
        try:
            settle_downgrade(institution_id=institution.pk, colour=colour, reason=request.POST.get("reason", ""),
                             by=request.post, at=request.at)  # fmt: skip
            done += 1
        except Refused as refusal:
            refused.append(f"{institution.name}：{refusal}")
    if done:
        messages.success(request, ngettext("已确认 %(n)d 家降级", "已确认 %(n)d 家降级", done) % {"n": done})
    for why in refused:
        messages.error(request, why)
    if not picked:
        messages.warning(request, _("没有勾选任何机构"))
    return redirect("rating-queue")


def _decision(request: DeskRequest, pk: int) -> Decision:
    found = queries.decision(request.scope, pk)
    if found is None:
        raise Http404
    return found
