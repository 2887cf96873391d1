"""People with accounts: the list, one person, new ones."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from shouhu.ledgers.units import actions, queries
from shouhu.ledgers.units.models import Person
from shouhu.web.access import DeskRequest, page
from shouhu.web.paging import page_of
from shouhu.web.views.passwords import first_password
from shouhu.web.views.unit_acts import asked, done
from shouhu.web.views.unit_forms import PersonEditForm, PersonForm

STATES = {"suspended": _("已停用"), "new": _("未登录过"), "unseated": _("没有岗位"), "one_step": _("未启用两步验证")}


@page("unit.view")
@require_GET
def listed(request: DeskRequest) -> HttpResponse:
    """This function will list people with their posts, and let them be found by name, log-in name or state."""
    today, text, state = localdate(request.at), request.GET.get("q", "").strip(), request.GET.get("state", "")
    found = page_of(request, narrowed(request))
    held = queries.held_by(found.object_list, today)
    for person in found.object_list:
        here = [one for one in held.get(person.pk, []) if request.scope.covers(one.post.unit.code)]
        person.here = here  # type: ignore[attr-defined]
    chips = [{"label": _("全部"), "url": request.path, "active": not state, "count": None}] + [
        {"label": label, "url": f"?state={code}", "active": state == code, "count": None}
        for code, label in STATES.items()
    ]
    return render(request, "unit/people.html", {
        "title": _("人员"), "page": found, "counter": _("人"), "chips": chips, "q": text, "shows_accounts": shows_accounts(request),
        "export_url": reverse("unit-people-export"),
        "may_add": request.scope.may("account.manage"), "empty_title": _("还没有人员"),
    })  # fmt: skip


@page("unit.view")
@require_GET
def shown(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will show a person: posts now and before, and the state of the account to those who manage it."""
    person = get_object_or_404(queries.people(request.scope), pk=pk)
    tenures = person.tenures.select_related("post__unit").order_by("-from_on", "-pk")
    return render(request, "unit/person.html", {
        "title": person.name, "person": person, "shows_accounts": shows_accounts(request),
        "tenures": [one for one in tenures if request.scope.covers(one.post.unit.code)],
        "may_edit": request.scope.may("account.manage"), "may_secure": request.scope.may("account.secure"),
    })  # fmt: skip


@page("account.manage")
@require_http_methods(["GET", "POST"])
def add(request: DeskRequest) -> HttpResponse:
    """This function will give a person an account and show the first password once."""
    form = PersonForm(request.POST or None)
    drawn = first_password()
    made = done(request, form, actions.add_person, encoded=make_password(drawn)) if request.method == "POST" else None
    if made:
        slips = [{"name": made.name, "username": made.username, "password": drawn}]
        return render(request, "account/slips.html", {"title": gettext("初始密码"), "slips": slips})
    return asked(request, form, title=_("新建账号"), submit_label=_("新建"), cancel_url=reverse("unit-people"))


@page("account.manage")
@require_http_methods(["GET", "POST"])
def edit(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will change a person's name and telephone."""
    person = get_object_or_404(queries.people(request.scope), pk=pk)
    form = PersonEditForm(request.POST or None, initial={"name": person.name, "phone": person.phone})
    if done(request, form, actions.edit_person, person_id=pk):
        messages.success(request, gettext("已保存"))
        return redirect("unit-person", pk=pk)
    return asked(
        request,
        form,
        title=gettext("修改%(name)s") % {"name": person.name},
        cancel_url=reverse("unit-person", args=[pk]),
    )


def narrowed(request: DeskRequest) -> QuerySet[Person]:
    """This function will give the people of the list as the address narrows it, in its order."""
    text, state = request.GET.get("q", "").strip(), request.GET.get("state", "")
    rows = queries.people(request.scope)
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(username__icontains=text.lower()))
    if state == "suspended":
        rows = rows.exclude(suspended_at=None)
    elif state == "new":
        rows = rows.filter(last_login=None)
    elif state == "one_step":
        rows = rows.filter(totp_confirmed_at=None)
    elif state == "unseated":
        rows = queries.unseated(rows, localdate(request.at))
    return rows


def shows_accounts(request: DeskRequest) -> bool:
    """This function will tell whether log-in names and the state of accounts are shown: to those who manage or secure them."""
    return request.scope.may("account.manage") or request.scope.may("account.secure")
