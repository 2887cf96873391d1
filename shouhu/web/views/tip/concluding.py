"""核查结论: facts, evidence and basis, and what they change in what is known of the institution, with the colour that would follow."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouhu.engines import law
from shouhu.engines.rules.facts import declared
from shouhu.engines.rules.ratings import Rating, rate_one
from shouhu.engines.rules.rulesets import load
from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.disposals.actions import settle_tip
from shouhu.ledgers.institutions import queries as institutions
from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.ratings import queries as ratings
from shouhu.ledgers.ratings.transitions import WORST_FIRST
from shouhu.ledgers.tips.models import OUTCOMES, Tip
from shouhu.ledgers.units.refusals import Refused
from shouhu.web import words
from shouhu.web.access import DeskRequest, note_refusal
from shouhu.web.fields import DayField, PapersField
from shouhu.web.views.institution.forms import FactsForm
from shouhu.web.views.institution.topics import TOPICS
from shouhu.web.views.tip.asking import ActForm, long

IDENTITY = ("name", "uscc", "address", "surveyed_on", "survey_method", "surveyor")
"""Facts that a verification does not change: who the institution is, and when it was surveyed."""
NOT_ABOUT = ("社会救助暂行办法", "民法典")
"""Sources that other rooms rely on."""
MOST_YUAN = Decimal("9999999999.99")


class ConcludeForm(ActForm):
    """核查结论."""

    outcome = forms.ChoiceField(
        label=_("结论"), widget=forms.RadioSelect, choices=[one for one in OUTCOMES.items() if one[0] != "elsewhere"]
    )
    found_on = DayField(label=_("核查日期"))
    facts = long(_("查明的事实"), 6, help_text=_("反映的每一件事是否属实；不要写是谁反映的"))
    evidence = long(_("证据"), 4, help_text=_("看了什么材料、问了哪些人、现场情况；被问的人写“某入住老人”"))
    papers = PapersField(
        label=_("证据文件"), required=False, help_text=_("照片、录音、扫描件或文档，每个 20 MB 以内，可以选几个")
    )
    clauses = forms.MultipleChoiceField(label=_("依据的条款"), required=False, widget=forms.CheckboxSelectMultiple)
    more = long(
        _("其他依据"), 2, required=False, max_length=1000, help_text=_("一行一条：法律、法规、规章的名称和条款")
    )
    recovered = forms.DecimalField(
        label=_("已追回"), required=False, min_value=Decimal(0), max_value=MOST_YUAN, decimal_places=2, max_digits=12,
        widget=forms.NumberInput(attrs={"data-unit": _("元"), "step": "0.01"}),
    )  # fmt: skip
    n_persons = forms.IntegerField(
        label=_("涉及老人"), required=False, min_value=0, max_value=1_000_000,
        widget=forms.NumberInput(attrs={"data-unit": _("人")}),
    )  # fmt: skip

    def prepare(self) -> None:
        """This function will offer the clauses of laws and regulations that the desk knows."""
        found = [one for one in law.sources().values() if one.kind != "plan" and one.id not in NOT_ABOUT]
        self.choices("clauses", [
            (clause := f"{one.id} {path}", f"{law.cite(clause)}（{about}）") for one in found for path, about in one.clauses.items()
        ])  # fmt: skip
        self.initial["found_on"] = self.today

    def given(self) -> dict[str, Any]:
        """This function will give the arguments of the action but for the changes."""
        kept = {
            name: self.cleaned_data[name]
            for name in ("outcome", "found_on", "facts", "evidence", "papers", "n_persons")
        }
        more = [line.strip() for line in self.cleaned_data["more"].splitlines() if line.strip()]
        recovered = self.cleaned_data["recovered"]
        return {**kept, "basis": [*self.cleaned_data["clauses"], *more],
                "recovered_fen": None if recovered is None else int(recovered * 100)}  # fmt: skip


class ChangesForm(FactsForm):
    """The facts of the linked institution that a verification may show to be otherwise."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix="now", **kwargs)
        for name, fact in declared().items():
            if name in self.fields and (fact.personal or name in IDENTITY):
                del self.fields[name]
        del self.fields["reason"]

    def topics(self) -> Iterator[tuple[Any, str, list[forms.BoundField]]]:
        """This function will give the fields by topic: title, anchor, fields."""
        for title, anchor, names in TOPICS:
            if kept := [self[name] for name in names if name in self.fields]:
                yield title, anchor, kept


def conclude(request: DeskRequest, tip: Tip, hindrance: str) -> HttpResponse:
    """This function will show the form of the conclusion, try what its changes would do to the colour, and record it."""
    today, linked = localdate(request.at), tip.institution
    sent = request.POST if request.method == "POST" else None
    base = _base(request, linked)
    known = institutions.facts_of(institutions.version(linked, base)) if linked else {}
    form = ConcludeForm(tip, request.scope, today, sent, request.FILES if sent is not None else None)
    changes = ChangesForm(sent, known=known, initial={"base": base}) if linked else None
    status, tried = 200, None
    if sent is not None and "try" in sent:
        status = 200 if changes is None or changes.is_valid() else 422
        form = ConcludeForm(tip, request.scope, today, **{name: sent.get(name) for name in ("outcome", "facts", "evidence", "more",
                            "recovered", "n_persons", "found_on")}, clauses=sent.getlist("clauses"))  # fmt: skip
        tried = _tried(request, linked, changes.changes()) if linked and changes and changes.is_valid() else None
    elif sent is not None:
        status = 422
        if form.is_valid() & (changes is None or changes.is_valid()):
            status = 409
            if _taken(request, tip, form, changes, base):
                messages.success(request, gettext("已记录核查结论"))
                return redirect("tip-page", tip.pk)
    context = {
        "title": gettext("核查结论"), "tip": tip, "form": form, "changes": changes, "tried": tried, "hindrance": hindrance,
        "now": ratings.standing_of(linked) if linked else None, "submit_label": gettext("提交结论"),
        "cancel_url": reverse("tip-page", args=[tip.pk]),
    }  # fmt: skip
    return render(request, "tip/conclude.html", context, status=status)


def _base(request: DeskRequest, linked: Institution | None) -> int:
    """The version of the facts that the form was opened with."""
    if linked is None:
        return 0
    sent = request.POST.get("now-base", "")
    number = int(sent) if sent.isdecimal() and len(sent) < 9 else linked.n
    return min(max(number, 1), linked.n)


def _taken(request: DeskRequest, tip: Tip, form: ConcludeForm, changes: ChangesForm | None, base: int) -> bool:
    """Record it; a refusal is journalled by itself and told above the form, which keeps what was typed."""
    wanted = changes.changes() if changes else {}
    linked = tip.institution
    if linked and changes and base < linked.n:
        now = institutions.facts_of(institutions.version(linked, linked.n))
        if moved := [name for name in wanted if now.get(name) != changes.known.get(name)]:
            note_refusal(request)
            form.add_error(
                None,
                gettext("您打开表单之后有人改过：%(what)s。请核对机构档案后再提交") % {"what": words.titles(moved)},
            )
            changes.data = {**changes.data, "now-base": str(linked.n)}
            return False
    try:
        settle_tip(tip_id=tip.pk, **form.given(), changes=wanted, by=request.post, at=request.at)
    except Refused as refusal:
        note_refusal(request)
        form.add_error(None, str(refusal))
        return False
    return True


def _tried(request: DeskRequest, linked: Institution, changes: dict[str, Any]) -> dict[str, Any]:
    """What the leading rules would say of the institution, were the changes recorded."""
    facts = institutions.facts_of(institutions.version(linked, linked.n))
    ruleset = _ruleset(request)
    then: Rating = rate_one({**facts, **changes}, load(ruleset), as_of=localdate(request.at))
    now = ratings.standing_of(linked)
    was = now.colour if now else "unknown"
    return {
        "was": was, "then": then, "is_bound": then.listed != then.colour,
        "falls": WORST_FIRST.index(then.listed) > WORST_FIRST.index(was),
        "fired": [{"says": one.says, "clause": str(law.cite(one.clause))} for one in then.fired],
        "changes": [
            {"label": declared()[name].title, "old": words.value(declared()[name], facts.get(name)) if facts.get(name) is not None else None,
             "new": words.value(declared()[name], value) if value is not None else None}
            for name, value in changes.items()
        ],
    }  # fmt: skip


def _ruleset(request: DeskRequest) -> str:
    campaign = campaigns.current(request.scope)
    return campaign.ruleset_id if campaign else "001"
