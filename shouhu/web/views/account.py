"""Logging in and out, and one's own account: password, second factor, the post one sits at."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import quote, urlencode

import segno
from django import forms
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouhu.ledgers.units import actions, queries
from shouhu.ledgers.units.actions.accounts import Throttled, second_step_of
from shouhu.ledgers.units.models import Person
from shouhu.ledgers.units.refusals import Refused
from shouhu.web.access import to_login, unfinished

LONGEST_PASSWORD = 128
WEAK = {
    "password_too_short": _("新密码至少12位"), "password_too_common": _("新密码太常见，容易被人猜到"),
    "password_too_similar": _("新密码与登录名或姓名太相近"),
}  # fmt: skip
"""Said in our words: Django's own are not all translated."""


class LoginForm(forms.Form):
    """Name and password."""

    username = forms.CharField(label=_("登录名"), max_length=40, widget=forms.TextInput({"autocomplete": "username"}))
    password = forms.CharField(
        label=_("密码"), max_length=LONGEST_PASSWORD, strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )  # fmt: skip


class CodeForm(forms.Form):
    """A code of the second factor."""

    code = forms.CharField(
        label=_("六位验证码"), max_length=7, help_text=_("打开手机上的验证器，填写现在显示的六位数字"),
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )  # fmt: skip

    def clean_code(self) -> str:
        """This function will drop the blank that authenticators show between the digits."""
        return str(self.cleaned_data["code"]).replace(" ", "")


class PasswordForm(forms.Form):
    """The present password, and a new one twice."""

    old = forms.CharField(
        label=_("现在的密码"), max_length=LONGEST_PASSWORD, strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )  # fmt: skip
    new = forms.CharField(
        label=_("新密码"), max_length=LONGEST_PASSWORD, strip=False,
        help_text=_("至少12位，可用一句只有自己知道的话；不能是常见密码，也不能与登录名、姓名相近"),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )  # fmt: skip
    again = forms.CharField(
        label=_("再填一次新密码"), max_length=LONGEST_PASSWORD, strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )  # fmt: skip

    def __init__(self, person: Person, *args: Any, **kwargs: Any) -> None:
        self.person = person
        super().__init__(*args, **kwargs)

    def clean_new(self) -> str:
        """This function will hold the new password against the rules for passwords."""
        new = str(self.cleaned_data["new"])
        try:
            validate_password(new, self.person)
        except ValidationError as weak:
            raise ValidationError([WEAK.get(one.code or "", str(one.message)) for one in weak.error_list]) from weak
        if new == self.data.get("old"):
            raise ValidationError(_("新密码不能与现在的密码相同"))
        return new

    def clean(self) -> dict[str, Any]:
        """This function will make sure that the new password was typed twice alike."""
        filled = super().clean() or {}
        if "new" in filled and "again" in filled and filled["new"] != filled["again"]:
            self.add_error("again", _("两次填写的新密码不一样"))
        return filled


class RemoveForm(CodeForm):
    """Password and code, for switching the second factor off."""

    password = forms.CharField(
        label=_("现在的密码"), max_length=LONGEST_PASSWORD, strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )  # fmt: skip
    field_order = ("password", "code")


def own(*, finished: bool = True) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """This function will guard a page of one's own account: a log-in, and (if ``finished``) no step left to do."""

    def guard(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return to_login(request)
            step = unfinished(request)
            if step and (finished or step == "account-code") and step != request.resolver_match.url_name:  # type: ignore[union-attr]
                return redirect(step)
            return view(request, *args, **kwargs)

        return guarded

    return guard


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def log_in(request: Any) -> HttpResponse:
    """This function will log a person in, or say the same thing whatever was wrong."""
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    if not url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        wanted = "/"
    if request.user.is_authenticated:
        return redirect(unfinished(request) or wanted)
    form = LoginForm(request.POST or None)
    invented = queries.demo_people(localdate(request.at))
    context = {"title": gettext("登录"), "form": form, "next": wanted, "demo_people": invented, "demo": bool(invented)}
    if request.method == "GET" or not form.is_valid():
        return render(request, "account/login.html", context)
    username, word = form.cleaned_data["username"], form.cleaned_data["password"]
    try:
        person = _proven(request, username, word)
    except Throttled as refusal:
        form.add_error(None, str(refusal))
        answer = render(request, "account/login.html", context, status=429)
        answer["Retry-After"] = str(refusal.seconds)
        return answer
    if person is None:
        form.add_error(None, gettext("登录名或密码不对，或账号已停用"))
        return render(request, "account/login.html", context, status=401)
    login(request, actions.log_in(person_id=person.pk, at=request.at))
    request.session["began"] = request.session["seen"] = request.at.timestamp()
    request.session["salt"] = person.session_salt
    return redirect(unfinished(request) or wanted)


def _proven(request: Any, username: str, word: str) -> Person | None:
    """The person with this name and password, if there is one: one hash is computed whatever the name."""
    attempt = actions.begin_attempt(username=username, address=request.META["REMOTE_ADDR"], at=request.at)
    found = authenticate(request, username=username.strip().lower(), password=word)
    if not isinstance(found, Person):
        actions.fail_attempt(username=username, at=request.at)
        return None
    actions.pass_attempt(attempt_id=attempt.pk)
    return found


@own(finished=False)
@require_http_methods(["GET", "POST"])
def code(request: Any) -> HttpResponse:
    """This function will ask for a code of the second factor."""
    if unfinished(request) != "account-code":
        return redirect(unfinished(request) or "/")
    form = CodeForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            if _coded(request, form.cleaned_data["code"]):
                request.session.cycle_key()
                request.session["second_factor"] = True
                return redirect(unfinished(request) or "/")
            form.add_error("code", gettext("验证码不对或已用过，请等下一个验证码再填"))
            status = 401
        except Throttled as refusal:
            form.add_error(None, str(refusal))
            status = 429
    return render(request, "account/code.html", {"title": gettext("两步验证"), "form": form}, status=status)


def _coded(request: Any, typed: str) -> bool:
    """Whether the code is right; wrong ones cost time as wrong passwords do."""
    person: Person = request.person
    attempt = actions.begin_attempt(username=second_step_of(person), address=request.META["REMOTE_ADDR"], at=request.at)
    if not actions.use_code(person_id=person.pk, code=typed, at=request.at):
        return False
    actions.pass_attempt(attempt_id=attempt.pk)
    return True


@require_POST
def log_out(request: Any) -> HttpResponse:
    """This function will end the session and have the browser forget what it kept, the phone's drafts too."""
    if request.user.is_authenticated:
        actions.log_out(person_id=request.user.pk, at=request.at)
    logout(request)
    answer = redirect("account-login")
    answer["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@own()
@require_GET
def home(request: Any) -> HttpResponse:
    """This function will show one's own account: posts, password, second factor."""
    person: Person = request.person
    return render(request, "account/home.html", {"title": gettext("我的账号"), "person": person, "mine": request.posts})


@own()
@require_POST
def switch(request: Any) -> HttpResponse:
    """This function will sit the person at another of their posts."""
    wanted = request.POST.get("post", "")
    if any(str(post.pk) == wanted for post in request.posts):
        request.session["post"] = int(wanted)
    return redirect("/")


@sensitive_post_parameters("old", "new", "again")
@own(finished=False)
@require_http_methods(["GET", "POST"])
def password(request: Any) -> HttpResponse:
    """This function will set a password of one's own choice and end all other sessions."""
    person: Person = request.person
    form = PasswordForm(person, request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            if _proven(request, person.username, form.cleaned_data["old"]):
                changed = actions.change_password(person_id=person.pk, encoded=make_password(form.cleaned_data["new"]),
                                                  salt=secrets.token_hex(16), at=request.at)  # fmt: skip
                _go_on(request, changed)
                messages.success(request, _("密码已更改，您在其他设备上的登录已退出"))
                return redirect("/")
            form.add_error("old", gettext("现在的密码不对"))
            status = 401
        except Throttled as refusal:
            form.add_error(None, str(refusal))
            status = 429
    context = {"title": gettext("更改密码"), "form": form, "forced": person.must_change_password,
               "rules": password_validators_help_texts()}  # fmt: skip
    return render(request, "account/password.html", context, status=status)


def _go_on(request: Any, changed: Person) -> None:
    """Keep this session, under a new key and the new salt."""
    update_session_auth_hash(request, changed)
    request.session["salt"] = changed.session_salt


@sensitive_post_parameters()
@own()
@require_http_methods(["GET", "POST"])
def second_factor(request: Any) -> HttpResponse:
    """This function will set the second factor up (secret, then a code that proves it arrived) or switch it off."""
    person: Person = request.person
    doing = request.POST.get("do", "")
    kind = RemoveForm if person.totp_confirmed_at else CodeForm
    form = kind(request.POST if doing in ("confirm", "remove") else None)
    status = 200
    try:
        if doing == "offer":
            actions.offer_second_factor(person_id=person.pk, secret=secrets.token_bytes(20), at=request.at)
            return redirect("account-second-factor")
        if doing == "confirm" and form.is_valid():
            if actions.confirm_second_factor(person_id=person.pk, code=form.cleaned_data["code"], at=request.at):
                request.session["second_factor"] = True
                messages.success(request, _("两步验证已启用，下次登录要填验证码"))
                return redirect("account-home")
            form.add_error("code", gettext("验证码不对，请核对手机时间后填写最新的验证码"))
        if doing == "remove" and form.is_valid():
            if _proven(request, person.username, form.cleaned_data["password"]) and _coded(
                request, form.cleaned_data["code"]
            ):
                changed = actions.remove_second_factor(person_id=person.pk, salt=secrets.token_hex(16), at=request.at)
                _go_on(request, changed)
                messages.success(request, _("两步验证已停用"))
                return redirect("account-home")
            form.add_error(None, gettext("密码或验证码不对"))
        status = 400 if form.errors else 200
    except Refused as refusal:
        form.add_error(None, str(refusal)) if form.is_bound else messages.error(request, str(refusal))
        status = 429 if isinstance(refusal, Throttled) else 409
    context = {"title": gettext("两步验证"), "form": form, "person": person}
    if person.totp_secret and not person.totp_confirmed_at:
        context |= {"qr": _qr(person), "secret": " ".join(_fours(person.totp_secret))}
    return render(request, "account/second_factor.html", context, status=status)


def _qr(person: Person) -> str:
    """The address that authenticators read, drawn as an image that needs no second request."""
    issuer = gettext("守护")
    address = f"otpauth://totp/{quote(issuer)}:{quote(person.username)}?" + urlencode(
        {"secret": person.totp_secret, "issuer": issuer}
    )
    drawing = segno.make(address, error="m", micro=False).svg_inline(scale=5, border=2, omitsize=True)
    return (
        "data:image/svg+xml;base64,"
        + base64.b64encode(drawing.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1).encode()).decode()
    )


def _fours(text: str) -> list[str]:
    return [text[at : at + 4] for at in range(0, len(text), 4)]
