"""Who told: requests to open the identity of an informant, the decision, the release by the 保密员, and the one reading."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouhu.ledgers.informants import actions
from shouhu.ledgers.informants import queries as informants
from shouhu.ledgers.informants.actions.opening import Incomplete
from shouhu.ledgers.informants.models import Opening
from shouhu.ledgers.informants.queries import STATES
from shouhu.ledgers.tips import queries as tips
from shouhu.ledgers.tips.models import Tip
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.refusals import Refused
from shouhu.web.access import DeskRequest, note_refusal, page
from shouhu.web.paging import page_of
from shouhu.web.words import said

LABELS = {
    "name": gettext_lazy("姓名"), "phone": gettext_lazy("电话"), "address": gettext_lazy("住址"),
    "contact": gettext_lazy("怎样联系方便"), "id_number": gettext_lazy("证件号码"),
}  # fmt: skip
"""What informants say about themselves."""
SHOWS = {"waiting": gettext_lazy("等我办的"), "": gettext_lazy("全部")}


class AskForm(forms.Form):
    """Why somebody must know who told, and who it is that must."""

    reason = forms.CharField(
        label=gettext_lazy("为什么必须知道举报人是谁"), max_length=1000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("写明不看有什么办法、为什么不行：先试过凭回执留言，请他补充了吗？审批人和保密员会看到这段话"),
    )  # fmt: skip
    viewer_id = forms.TypedChoiceField(
        label=gettext_lazy("由谁查看"),
        coerce=int,
        help_text=gettext_lazy("只有这一个人能看，只能看一次；审批的人不能是他"),
    )

    def __init__(self, viewers: Any, data: Any = None) -> None:
        super().__init__(data)
        choices = [(one.pk, named(one)) for one in viewers]
        self.fields["viewer_id"].choices = [("", _("请选择")), *choices]  # type: ignore[attr-defined]


class DecideForm(forms.Form):
    """Yes, or no and why."""

    granted = forms.TypedChoiceField(
        label=gettext_lazy("是否同意"), widget=forms.RadioSelect, coerce=lambda said: said == "yes", empty_value=None,
        choices=[("yes", gettext_lazy("同意")), ("no", gettext_lazy("不同意"))],
    )  # fmt: skip
    why = forms.CharField(
        label=gettext_lazy("不同意的理由"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("申请人会看到"),
    )  # fmt: skip


class PassphraseForm(forms.Form):
    """The passphrase of the 保密员; it is never shown again, also not after a mistake."""

    passphrase = forms.CharField(
        label=gettext_lazy("密钥口令"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )


@page("informant.view")
@require_GET
def listing(request: DeskRequest) -> HttpResponse:
    """This function will show the requests that a post may know of, those that wait for it first."""
    n_waiting = tips.waiting(request.scope, request.at).count()
    show = request.GET.get("show", "waiting" if n_waiting else "")
    show = show if show in SHOWS else ""
    rows = tips.waiting(request.scope, request.at) if show else tips.openings(request.scope)
    shown: Any = page_of(request, rows)
    shown.object_list = [_row(request, one) for one in shown.object_list]
    return render(request, "informant/list.html", {
        "title": _("举报人身份"), "page": shown, "counter": _("份"), "may_keys": request.scope.may("informant.keys"),
        "has_key": informants.key_in_use() is not None, "n_sealed": informants.n_sealed() if request.scope.may("informant.keys") else None,
        "chips": [{"label": label, "url": f"?show={code}", "active": code == show, "count": n_waiting if code else None}
                  for code, label in SHOWS.items()],
        "empty_title": _("没有查看申请"),
        "empty_text": _("举报人留下的身份一律密封。确需知道是谁时，由专项办在线索页上申请，另一人批准，保密员启封，指定的人看一次。"),
    })  # fmt: skip


@page("informant.ask")
@require_http_methods(["GET", "POST"])
def ask(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will take a request to open the identity that lies with a tip."""
    tip = tips.one(request.scope, pk)
    if tip is None or tip.identity_id is None:
        raise Http404
    form = AskForm(tips.viewers(request.scope, tip), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.ask(identity_id=tip.identity_id, by=request.post, at=request.at, **form.cleaned_data)
        except Refused as refusal:
            note_refusal(request)
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已提交，等待另一人审批"))
            return redirect("informant-page", made.pk)
    return render(request, "informant/ask.html", {
        "title": _("申请查看举报人身份"), "tip": tip, "form": form, "submit_label": _("提交申请"),
        "cancel_url": reverse("tip-page", args=[pk]), "has_earlier": tips.openings_of(request.scope, tip).exists(),
    }, status=422 if form.errors else 200)  # fmt: skip


@page("informant.view")
@require_GET
def show(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will show a request, how far it has come, and what the post can do about it."""
    return _shown(request, _found(request, pk))


@page("informant.grant")
@require_POST
def decide(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will grant or refuse a request."""
    opening = _found(request, pk)
    form = DecideForm(request.POST)
    if not form.is_valid():
        return _shown(request, opening, decide=form, status=422)
    if form.cleaned_data["granted"]:
        actions.grant(opening_id=pk, by=request.post, at=request.at)
        messages.success(request, _("已同意，等待保密员启封"))
    else:
        try:
            actions.refuse(opening_id=pk, why=form.cleaned_data["why"], by=request.post, at=request.at)
        except Incomplete as refusal:
            form.add_error("why", str(refusal))
            return _shown(request, opening, decide=form, status=422)
        messages.success(request, _("已不同意，申请人会看到理由"))
    return redirect("informant-page", pk)


@page("informant.release")
@require_POST
def release(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will open an identity by the passphrase, for the named viewer alone; nobody sees it on the way."""
    opening = _found(request, pk)
    form = PassphraseForm(request.POST)
    if form.is_valid():
        try:
            actions.release(opening_id=pk, passphrase=form.cleaned_data["passphrase"], by=request.post, at=request.at)
        except actions.WrongPassphrase as refusal:
            note_refusal(request)
            form.add_error("passphrase", str(refusal))
        else:
            messages.success(request, _("已启封，指定的查看人24小时内可以看一次"))
            return redirect("informant-page", pk)
    return _shown(request, opening, release=form, status=422)


@page("informant.view")
@require_POST
def read(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will show an identity to its viewer, once: it is wiped as it is shown, and cannot be printed."""
    opening = _found(request, pk)
    content = actions.read(opening_id=pk, by=request.post, at=request.at)
    facts = [{"label": LABELS.get(name, name), "value": value} for name, value in content.items() if value]
    return render(request, "informant/identity.html", {
        "title": _("举报人身份"), "opening": opening, "facts": facts, "tip": tips.tip_of(request.scope, opening),
    })  # fmt: skip


def _found(request: DeskRequest, pk: int) -> Opening:
    opening = tips.openings(request.scope).filter(pk=pk).first()
    if opening is None:
        raise Http404
    return opening


def _shown(request: DeskRequest, opening: Opening, status: int = 200, **forms_: forms.Form) -> HttpResponse:
    state = informants.state_of(opening, request.at)
    verb = {"asked": "grant", "granted": "release", "released": "read"}.get(state, "")
    hindrance = informants.hindrance(opening, verb, request.post, request.at) if verb else ""
    return render(request, "informant/page.html", {
        "title": _("查看申请 %s") % number(opening), "opening": opening, "state": STATES[state], "tip": _tip(request, opening),
        "verb": "" if hindrance else verb, "hindrance": hindrance, "events": _events(opening),
        "decide": forms_.get("decide") or DecideForm(), "release": forms_.get("release") or PassphraseForm(),
        "head": [
            {"label": _("状态"), "value": said(STATES[state])}, {"label": _("查看人"), "value": named(opening.viewer)},
            {"label": _("申请人"), "value": named(opening.asked_by)},
        ],
    }, status=status)  # fmt: skip


def _row(request: DeskRequest, opening: Opening) -> dict[str, Any]:
    tip = _tip(request, opening)
    return {
        "pk": opening.pk, "number": number(opening), "tip": tip, "asked_at": opening.asked_at, "asked_by": named(opening.asked_by),
        "viewer": named(opening.viewer), "state": STATES[informants.state_of(opening, request.at)],
    }  # fmt: skip


def _tip(request: DeskRequest, opening: Opening) -> Tip | None:
    """The tip behind a request, for those who see it: the 保密员 does not."""
    return tips.tip_of(request.scope, opening) if request.scope.may("tip.view") else None


def _events(opening: Opening) -> list[dict[str, Any]]:
    """What happened to a request, the latest first."""
    told: list[tuple[datetime, Post | None, str, str]] = [(opening.asked_at, opening.asked_by, _("申请查看"), "")]
    if opening.decided_at:
        told.append(
            (opening.decided_at, opening.decided_by, _("同意") if opening.is_granted else _("不同意"), opening.refusal)
        )
    if opening.released_at:
        told.append((opening.released_at, opening.released_by, _("启封"), ""))
    if opening.read_at:
        told.append((opening.read_at, opening.viewer, _("查看，内容已清除"), ""))
    return [
        {"at": at, "who": named(who) if who else "", "what": what, "note": note}
        for at, who, what, note in reversed(told)
    ]


def number(opening: Opening) -> str:
    """This function will give the number that the desk uses for a request."""
    return f"Q{opening.pk:05d}"


def named(post: Post) -> str:
    """This function will name a post with its office."""
    return f"{post.unit.name} {said(post.title)}"
