"""The key of the 保密员: what it means is said before it is made; the recovery code is shown once, and typed back in part."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouhu.ledgers.informants import actions, queries
from shouhu.ledgers.informants.actions.keys import SHORTEST
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.vault.keys import CODE_GROUP
from shouhu.ledgers.vault.spelling import understood
from shouhu.web.access import DeskRequest, note_refusal, page
from shouhu.web.views.informant import PassphraseForm

CHECKED = (1, 4)
"""Which groups of the recovery code are typed back, counted from 0."""


class NewPassphrase(forms.Form):
    """A passphrase, typed twice; never shown again, also not after a mistake."""

    new = forms.CharField(
        label=gettext_lazy("新口令"), min_length=SHORTEST, max_length=200, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("至少12个字，用一句自己记得住、别人猜不到的话；不要写在电脑里，不要和登录密码相同"),
    )  # fmt: skip
    again = forms.CharField(
        label=gettext_lazy("再输一遍"), max_length=200, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def clean_again(self) -> str:
        """This function will refuse two that differ."""
        again: str = self.cleaned_data["again"]
        if "new" in self.cleaned_data and again != self.cleaned_data["new"]:
            raise forms.ValidationError(_("两次输入的不一样"))
        return again


class MakeForm(NewPassphrase):
    """The first key."""

    understood = forms.BooleanField(
        label=gettext_lazy("我明白：口令和恢复码都丢了，已密封的举报人身份永远打不开，谁也没有办法")
    )


class ChangeForm(PassphraseForm, NewPassphrase):
    """The present passphrase and a new one."""

    field_order = ("passphrase", "new", "again")


class RecoverForm(NewPassphrase):
    """The printed recovery code, and a new passphrase."""

    code = forms.CharField(
        label=gettext_lazy("恢复码"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("照打印的纸逐组输入，不分大小写"),
    )  # fmt: skip
    field_order = ("code", "new", "again")


class NothingForm(forms.Form):
    """Asks once more, and for nothing else."""


FORMS: dict[str, type[forms.Form]] = {
    "make": MakeForm, "passphrase": ChangeForm, "recover": RecoverForm, "code": PassphraseForm, "rotate": PassphraseForm,
    "move": PassphraseForm, "retire": NothingForm,
}  # fmt: skip
TITLES = {
    "make": gettext_lazy("建立密钥"), "passphrase": gettext_lazy("更改口令"), "recover": gettext_lazy("用恢复码重设口令"),
    "code": gettext_lazy("重印恢复码"), "rotate": gettext_lazy("更换密钥"), "move": gettext_lazy("继续更换密钥"),
    "retire": gettext_lazy("停用密钥"),
}  # fmt: skip
LEADS = {
    "make": gettext_lazy("建立之后，举报人才能留姓名电话。请一个人在场时输入口令。"),
    "passphrase": gettext_lazy("以后启封用新口令；打印的恢复码不变，继续有效。"),
    "recover": gettext_lazy("口令忘了用这里。恢复码照打印的纸输入，重设后恢复码不变。"),
    "code": gettext_lazy("纸丢了、可能被人看到了，用口令换一个新的；旧纸上的从此作废。"),
    "rotate": gettext_lazy("怀疑密钥或口令泄露，或者保密员换人时，换一把新的：已密封的逐件改用新密钥，恢复码也换新的，口令不变。"),
    "move": gettext_lazy("上次更换中断了，还有身份没有改用新密钥。输入口令接着做，不会丢失。"),
    "retire": gettext_lazy("停用后举报只能匿名；已密封的不受影响，仍可用口令启封。恢复使用请“更换密钥”。"),
}  # fmt: skip


@page("informant.keys")
@require_GET
def show(request: DeskRequest) -> HttpResponse:
    """This function will show how the key stands and what can be done about it; where there is none, what it means."""
    keys, moving = queries.all_keys(), queries.is_moving()
    if not keys:
        verbs = ["make"]
    elif moving:
        verbs = ["move", "passphrase", "recover"]
    else:
        verbs = ["passphrase", "recover", "code", "rotate", *(["retire"] if queries.key_in_use() else [])]
    return render(request, "informant/key.html", {
        "title": _("举报人密钥"), "keys": list(reversed(keys)), "in_use": queries.key_in_use(), "n_sealed": queries.n_sealed(),
        "n_to_move": queries.n_to_move(), "verbs": [{"verb": verb, "title": TITLES[verb], "lead": LEADS[verb]} for verb in verbs],
    })  # fmt: skip


@page("informant.keys")
@require_http_methods(["GET", "POST"])
def act(request: DeskRequest, verb: str) -> HttpResponse:
    """This function will make or change the key; a new recovery code is shown in the answer itself, and never again."""
    if verb not in FORMS:
        raise Http404
    if bool(queries.all_keys()) != (verb != "make"):
        return redirect("informant-key")
    form = FORMS[verb](request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            code = _done(verb, form.cleaned_data, request)
        except Refused as refusal:
            note_refusal(request)
            form.add_error(None, str(refusal))
        else:
            if code:
                return _code_page(request, code)
            messages.success(request, _("已办理：%s") % TITLES[verb])
            return redirect("informant-key")
    return render(request, "informant/key_act.html", {
        "title": TITLES[verb], "verb": verb, "lead": LEADS[verb], "form": form, "submit_label": TITLES[verb],
        "cancel_url": reverse("informant-key"), "n_sealed": queries.n_sealed(),
    }, status=422 if form.errors else 200)  # fmt: skip


def _done(verb: str, typed: dict[str, Any], request: DeskRequest) -> str:
    """What was asked for is done; the recovery code where there is a new one."""
    hand: dict[str, Any] = {"by": request.post, "at": request.at}
    match verb:
        case "make":
            return actions.make_key(passphrase=typed["new"], **hand)[1]
        case "passphrase":
            actions.change_passphrase(passphrase=typed["passphrase"], new=typed["new"], **hand)
        case "recover":
            actions.recover(code=typed["code"], new_passphrase=typed["new"], **hand)
        case "code":
            return actions.renew_code(passphrase=typed["passphrase"], **hand)
        case "rotate":
            return actions.rotate(passphrase=typed["passphrase"], **hand)[1]
        case "move":
            actions.move_identities(passphrase=typed["passphrase"], **hand)
        case "retire":
            actions.retire_key(**hand)
    return ""


@page("informant.keys")
@require_POST
def check(request: DeskRequest) -> HttpResponse:
    """This function will compare the part of the recovery code that is typed back from paper; the code itself is kept nowhere."""
    proof = request.POST.get("proof", "")
    if constant_time_compare(_proof(understood(request.POST.get("typed", ""), CODE_GROUP * len(CHECKED))), proof):
        messages.success(request, _("恢复码核对无误。请把纸装进信封封好，锁进保险柜，与口令分开保管"))
        return redirect("informant-key")
    return _asked(request, proof, wrong=True)


def _code_page(request: DeskRequest, code: str) -> HttpResponse:
    groups = code.split()
    return _asked(request, _proof("".join(groups[at] for at in CHECKED)), code=code)


def _asked(request: DeskRequest, proof: str, *, code: str = "", wrong: bool = False) -> HttpResponse:
    first, second = (at + 1 for at in CHECKED)
    return render(request, "informant/code.html", {
        "title": _("恢复码"), "code": code, "proof": proof, "wrong": wrong, "first": first, "second": second,
        "typed": request.POST.get("typed", ""),
    }, status=422 if wrong else 200)  # fmt: skip


def _proof(letters: str) -> str:
    """A keyed hash of a part of the code: it tells whether that part was copied, and nothing of the rest."""
    return str(settings.KEYS.blind(letters, "part of a recovery code"))
