"""What 安全管理员 does to accounts, each behind a page that asks once more."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from shouhu.ledgers.units import actions, queries
from shouhu.ledgers.units.models import Person
from shouhu.web.access import DeskRequest, page
from shouhu.web.views.passwords import first_password


@dataclass(frozen=True)
class Verb:
    """What a page asks, what follows, and what the button says."""

    title: str | Promise
    follows: str | Promise
    is_danger: bool = False


VERBS = {
    "suspend": Verb(_("停用账号"), _("此人在下一次点击时退出，不能再登录；岗位和经办记录保留。"), True),
    "resume": Verb(_("启用账号"), _("此人可以用原来的密码登录。")),
    "unlock": Verb(_("解除登录等待"), _("清除此人登录失败的次数，可立即再试。请先核实是本人。")),
    "password": Verb(_("重置密码"), _("原密码作废，此人全部登录退出；新的初始密码只显示一次，首次登录须更改。请先核实是本人。"), True),
    "second-factor": Verb(_("重置两步验证"), _("原手机的验证码作废，此人全部登录退出，登录后可重新设置。请先核实是本人。"), True),
}  # fmt: skip


@page("account.secure")
@require_http_methods(["GET", "POST"])
def secure(request: DeskRequest, pk: int, verb: str) -> HttpResponse:
    """This function will ask, and then suspend, resume, unlock or reset an account."""
    if verb not in VERBS:
        raise Http404
    person = get_object_or_404(queries.people(request.scope), pk=pk)
    words = VERBS[verb]
    if request.method == "GET":
        return render(request, "account/secure.html", {
            "title": words.title, "question": f"{words.title}：{person.name}（{person.username}）", "follows": words.follows,
            "danger": words.is_danger, "confirm_label": words.title, "cancel_url": f"/unit/people/{person.pk}/",
        })  # fmt: skip
    return _done(request, person, verb)


def _done(request: DeskRequest, person: Person, verb: str) -> HttpResponse:
    salt, by, at = secrets.token_hex(16), request.post, request.at
    if verb == "suspend":
        actions.suspend(person_id=person.pk, salt=salt, by=by, at=at)
    elif verb == "resume":
        actions.resume(person_id=person.pk, by=by, at=at)
    elif verb == "unlock":
        actions.unlock(person_id=person.pk, by=by, at=at)
    elif verb == "second-factor":
        actions.reset_second_factor(person_id=person.pk, salt=salt, by=by, at=at)
    else:
        drawn = first_password()
        actions.reset_password(person_id=person.pk, encoded=make_password(drawn), salt=salt, by=by, at=at)
        slips = [{"name": person.name, "username": person.username, "password": drawn}]
        return render(request, "account/slips.html", {"title": gettext("初始密码"), "slips": slips})
    messages.success(request, f"{VERBS[verb].title}：{person.name}")
    return redirect("unit-person", pk=person.pk)
