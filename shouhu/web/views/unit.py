"""The administrative tree with its offices and gaps; one office."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from shouhu.ledgers.disposals.actions import settle_division
from shouhu.ledgers.disposals.queries import hanging
from shouhu.ledgers.units import actions, queries
from shouhu.ledgers.units.codes import is_code, level_of
from shouhu.ledgers.units.models import Division, Unit
from shouhu.web.access import DeskRequest, page
from shouhu.web.paging import page_of
from shouhu.web.views.unit_acts import asked, done
from shouhu.web.views.unit_forms import DayForm, DivisionForm, GridForm, UnitForm

LEVELS = {
    "nation": _("全国"), "province": _("省级"), "city": _("市级"), "county": _("区县"), "township": _("镇街"),
    "neighbourhood": _("村居"),
}  # fmt: skip
GAPS = {
    "no_unit": _("还没有建立工作专班"), "no_post": _("单位已建，没有确定联络员岗位"), "vacant": _("联络员岗位空缺，没有人任职"),
}  # fmt: skip


@page("unit.view")
@require_GET
def listed(request: DeskRequest) -> HttpResponse:
    """This function will show a division: its own offices, and what the divisions directly below have inside."""
    scope, today = request.scope, localdate(request.at)
    code = request.GET.get("code") or (scope.post.grid.code[:12] if scope.post.grid else scope.post.unit.code)
    if not is_code(code) or not scope.covers(code):
        raise Http404
    here = queries.division(scope, code, today)
    rows = queries.staffing(scope, code, today)
    offices = list(queries.units(scope).filter(code=code))
    n_gaps = len(queries.missing_liaisons(scope, today))
    return render(request, "unit/list.html", {
        "title": here.name if here else _("单位与岗位"), "code": code, "level": LEVELS[level_of(code)],
        "path": queries.above(scope, code, today)[:-1], "division": here,
        "offices": [_office(one, request) for one in offices], "grids": queries.grids(scope).filter(code__startswith=code),
        "page": Paginator(rows, 100).get_page(request.GET.get("page")), "n_gaps": n_gaps,
        "below": LEVELS[level_of(rows[0].division.code)] if rows else "",
        "towns_url": f"{reverse('unit-import')}?kind=divisions" if scope.may("unit.import") else "",
        "may_edit": scope.may("unit.edit"), "may_import": scope.may("unit.import"), "may_open": scope.may("campaign.open"),
        "export_url": reverse("unit-posts-export"),
    })  # fmt: skip


def _office(unit: Unit, request: DeskRequest) -> dict[str, Any]:
    today = localdate(request.at)
    posts = list(unit.posts.filter(queries.open_on(today)).order_by("code"))
    held = queries.tenures_of(posts, today)
    liaison = next((held[post.pk].person.name for post in posts if post.is_liaison and post.pk in held), None)
    return {"unit": unit, "n_posts": len(posts), "n_held": len(held), "liaison": liaison}


@page("unit.view")
@require_GET
def gaps(request: DeskRequest) -> HttpResponse:
    """This function will list the townships without a 联络员."""
    found = [
        {"code": gap.code, "name": gap.name, "why": GAPS[gap.why]}
        for gap in queries.missing_liaisons(request.scope, localdate(request.at))
    ]
    return render(request, "unit/gaps.html", {
        "title": _("缺联络员的镇街"), "page": page_of(request, found, 100), "counter": _("个镇街"),
        "empty_title": _("镇街联络员已配齐"), "empty_text": _("每个镇街的工作专班都有一名在任的联络员。"),
        "lead": _("各镇街成立工作专班，并明确一名联络员（001 三(二)）。"),
    })  # fmt: skip


@page("unit.edit")
@require_http_methods(["GET", "POST"])
def add(request: DeskRequest) -> HttpResponse:
    """This function will set up an office on a division."""
    code = request.GET.get("code", "")
    division = _division(request, code)
    form = UnitForm(request.POST or None)
    made = done(request, form, actions.add_unit, code=code)
    if made:
        messages.success(request, gettext("已建立%(name)s，接着为它设岗") % {"name": made.name})
        return redirect("unit-page", pk=made.pk)
    return asked(request, form, title=gettext("在%(name)s建立单位") % {"name": division.name}, cancel_url=_at(code))


@page("unit.edit")
@require_http_methods(["GET", "POST"])
def add_grid(request: DeskRequest) -> HttpResponse:
    """This function will set up a grid."""
    form = GridForm(request.POST or None, initial={"code": request.GET.get("code", "")})
    made = done(request, form, actions.add_grid)
    if made:
        messages.success(request, gettext("已建立网格%(name)s") % {"name": made.name})
        return redirect(_at(made.code[:12]))
    return asked(request, form, title=_("建立网格"), cancel_url=reverse("unit-list"))


@page("unit.edit")
@require_http_methods(["GET", "POST"])
def change_division(request: DeskRequest, code: str) -> HttpResponse:
    """This function will rename, move or merge a division from a day on; what was counted before stays where it was."""
    division = _division(request, code)
    initial = {"name": division.name, "new_code": code, "on": localdate(request.at)}
    form = DivisionForm(request.POST or None, initial=initial)
    moved = done(request, form, settle_division, code=code)
    if moved is not None:
        messages.success(request, gettext("已办理区划变更，%(n)d 家机构随之变更") % {"n": len(moved)})
        return redirect(_at(form.cleaned_data["new_code"]))
    follows = hanging(request.scope, code)
    return asked(request, form, "unit/division.html", title=gettext("%(name)s：更名、变更代码或撤并") % {"name": division.name},
                 follows=follows, submit_label=_("确认变更"), cancel_url=_at(code))  # fmt: skip


@page("unit.view")
@require_GET
def shown(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will show an office with its posts and who holds them."""
    unit = get_object_or_404(queries.units(request.scope), pk=pk)
    today = localdate(request.at)
    posts = list(queries.posts(request.scope).filter(unit=unit))
    held = queries.tenures_of(posts, today)
    named = queries.names([unit.code])
    rows: list[dict[str, Any]] = [
        {"post": post, "tenure": held.get(post.pk), "is_open": post.closed_on is None or post.closed_on > today}
        for post in posts
    ]
    n_vacant = sum(1 for row in rows if row["is_open"] and row["tenure"] is None)
    has_liaison = any(row["post"].is_liaison and row["tenure"] for row in rows)
    return render(request, "unit/page.html", {
        "title": unit.name, "unit": unit, "rows": rows, "place": named.get(unit.code, unit.code), "has_liaison": has_liaison,
        "vacant": ngettext("%(n)d 个岗位空缺", "%(n)d 个岗位空缺", n_vacant) % {"n": n_vacant} if n_vacant else "",
        "may_edit": request.scope.may("unit.edit") and unit.closed_on is None,
    })  # fmt: skip


@page("unit.edit")
@require_http_methods(["GET", "POST"])
def edit(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will change name, kind and telephone of an office."""
    unit = get_object_or_404(queries.units(request.scope), pk=pk)
    form = UnitForm(request.POST or None, initial={"name": unit.name, "kind": unit.kind, "phone": unit.phone})
    if done(request, form, actions.edit_unit, unit_id=pk):
        messages.success(request, gettext("已保存"))
        return redirect("unit-page", pk=pk)
    return asked(
        request, form, title=gettext("修改%(name)s") % {"name": unit.name}, cancel_url=reverse("unit-page", args=[pk])
    )


@page("unit.edit")
@require_http_methods(["GET", "POST"])
def close(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will close an office from a day on."""
    unit = get_object_or_404(queries.units(request.scope), pk=pk)
    form = DayForm(request.POST or None, initial={"on": localdate(request.at)})
    if done(request, form, actions.close_unit, unit_id=pk):
        messages.success(request, gettext("已撤销%(name)s") % {"name": unit.name})
        return redirect("unit-page", pk=pk)
    return asked(request, form, "unit/confirm.html", title=_("撤销单位"), question=gettext("撤销%(name)s？") % {"name": unit.name},
                 follows=_("撤销后不能再设岗；经办过的事项保留。"), confirm_label=_("撤销"), danger=True,
                 cancel_url=reverse("unit-page", args=[pk]))  # fmt: skip


def _division(request: DeskRequest, code: str) -> Division:
    found = queries.division(request.scope, code, localdate(request.at)) if is_code(code) else None
    if found is None:
        raise Http404
    return found


def _at(code: str) -> str:
    return f"{reverse('unit-list')}?code={code}"
