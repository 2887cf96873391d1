"""Posts: who holds them and held them, appointing, vacating, closing, 联络员."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouhu.ledgers.institutions import queries as institutions
from shouhu.ledgers.units import actions, queries
from shouhu.ledgers.units.codes import within
from shouhu.ledgers.units.models import Post, Unit
from shouhu.web.access import DeskRequest, page
from shouhu.web.views.unit_acts import asked, done
from shouhu.web.views.unit_forms import AppointForm, DayForm, PostForm


@page("unit.edit")
@require_http_methods(["GET", "POST"])
def add(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will set up a post at an office."""
    unit = get_object_or_404(queries.units(request.scope), pk=pk)
    grids = [
        (grid.pk, f"{grid.name} {grid.code}")
        for grid in queries.grids(request.scope)
        if within(grid.code[:12], unit.code)
    ]
    form = PostForm(grids, request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        wanted = typed.pop("institution")
        found = institutions.seen(request.scope).filter(number=wanted).first() if wanted else None
        grid = typed.pop("grid")
        if wanted and found is None:
            form.add_error("institution", gettext("本辖区没有这个编号的机构，请核对"))
        else:
            made = done(request, form, actions.add_post, unit_id=pk, grid_id=int(grid) if grid else None,
                        subject=found.pk if found else None)  # fmt: skip
            if made:
                messages.success(request, gettext("已设%(title)s，接着任命人员") % {"title": made.title})
                return redirect("unit-appoint", pk=made.pk)
    return asked(request, form, title=gettext("在%(name)s设岗") % {"name": unit.name}, cancel_url=_office(unit))


@page("unit.view")
@require_GET
def shown(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will show a post and everybody who has held it."""
    post = get_object_or_404(queries.posts(request.scope), pk=pk)
    today = localdate(request.at)
    return render(request, "unit/post.html", {
        "title": post.title, "the_post": post, "present": queries.tenures_of([post], today).get(post.pk),
        "tenures": post.tenures.select_related("person").order_by("-from_on", "-pk"),
        "is_open": post.closed_on is None, "may_edit": request.scope.may("unit.edit"),
        "may_appoint": request.scope.may("account.manage"),
    })  # fmt: skip


@page("account.manage")
@require_http_methods(["GET", "POST"])
def appoint(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will let a person hold a post from a day on."""
    post = get_object_or_404(queries.posts(request.scope), pk=pk)
    form = AppointForm(
        request.POST or None, initial={"on": localdate(request.at), "username": request.GET.get("username", "")}
    )
    if request.method == "POST" and form.is_valid():
        person = (
            queries.people(request.scope).filter(username=form.cleaned_data.pop("username").strip().lower()).first()
        )
        if person is None:
            form.add_error("username", gettext("没有这个登录名，请核对，或先在“人员”里新建账号"))
        elif done(request, form, actions.appoint, post_id=pk, person_id=person.pk):
            messages.success(request, gettext("%(name)s已任%(title)s") % {"name": person.name, "title": post.title})
            return redirect("unit-post", pk=pk)
    present = queries.tenures_of([post], localdate(request.at)).get(pk)
    lead = gettext("现任%(name)s将同时离任。") % {"name": present.person.name} if present else ""
    return asked(
        request, form, title=gettext("任命：%(title)s") % {"title": post.title}, lead=lead, cancel_url=_page(post)
    )


@page("account.manage")
@require_http_methods(["GET", "POST"])
def vacate(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will let the holder of a post leave it."""
    post = get_object_or_404(queries.posts(request.scope), pk=pk)
    form = DayForm(request.POST or None, initial={"on": localdate(request.at)})
    if done(request, form, actions.end_tenure, post_id=pk):
        messages.success(request, gettext("已离任，岗位空缺"))
        return redirect("unit-post", pk=pk)
    return asked(request, form, "unit/confirm.html", title=_("免去任职"), danger=True, confirm_label=_("免去"),
                 question=gettext("免去%(title)s的现任人员？") % {"title": post.title}, cancel_url=_page(post),
                 follows=_("此人不能再以该岗位办理；经办过的事项保留。未办完的事项请换人后继续。"))  # fmt: skip


@page("unit.edit")
@require_http_methods(["GET", "POST"])
def close(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will close a post from a day on."""
    post = get_object_or_404(queries.posts(request.scope), pk=pk)
    form = DayForm(request.POST or None, initial={"on": localdate(request.at)})
    if done(request, form, actions.close_post, post_id=pk):
        messages.success(request, gettext("已撤销岗位"))
        return redirect("unit-post", pk=pk)
    return asked(request, form, "unit/confirm.html", title=_("撤销岗位"), danger=True, confirm_label=_("撤销"),
                 question=gettext("撤销%(title)s？") % {"title": post.title}, cancel_url=_page(post),
                 follows=_("现任人员同时离任；经办过的事项保留。"))  # fmt: skip


@page("unit.edit")
@require_POST
def liaison(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will make a post the 联络员 of its office, or no longer so."""
    get_object_or_404(queries.posts(request.scope), pk=pk)
    actions.set_liaison(post_id=pk, is_liaison=request.POST.get("is_liaison") == "1", by=request.post, at=request.at)
    messages.success(request, gettext("已保存"))
    return redirect("unit-post", pk=pk)


def _office(unit: Unit) -> str:
    return reverse("unit-page", args=[unit.pk])


def _page(post: Post) -> str:
    return reverse("unit-post", args=[post.pk])
