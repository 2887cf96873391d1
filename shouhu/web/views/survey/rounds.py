"""Rounds: coverage, a new one, the end of one, who surveys what, the four looks."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import xlsxwriter
from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.surveys import actions, queries
from shouhu.ledgers.surveys.actions.rounds import RoundRefused
from shouhu.ledgers.surveys.duties import units
from shouhu.ledgers.surveys.models import Assignment, Round
from shouhu.ledgers.surveys.queries.sheets import STATES
from shouhu.ledgers.units.codes import is_code, level_of, parent_of, within
from shouhu.ledgers.units.models import Division, Post
from shouhu.ledgers.units.rights import holders
from shouhu.web import bulk
from shouhu.web.access import DeskRequest, page
from shouhu.web.language import official
from shouhu.web.paging import page_of
from shouhu.web.views.survey.filling import day_of, mark
from shouhu.web.views.survey.forms import RoundForm


@page("survey.view")
@require_GET
def home(request: DeskRequest) -> HttpResponse:
    """This function will show how far a round has come, by town and by village."""
    every = list(queries.rounds(request.scope))
    round_ = _chosen(request, every)
    may = {right: request.scope.may(f"survey.{right}") for right in ("plan", "assign", "fill", "review")}
    if round_ is None:
        return render(request, "survey/home.html", {"title": _("摸排"), "rounds": every, "may": may})
    area = request.GET.get("within", "")
    if area and not (is_code(area) and request.scope.covers(area) and within(area, round_.code)):
        raise Http404
    rows = queries.coverage(request.scope, round_, localdate(request.at), area)
    here = area or max(request.scope.low, round_.code)
    whole = queries.total(rows, here, _place(here))
    up = parent_of(here) if area and here != max(request.scope.low, round_.code) else ""
    waiting = queries.to_review(request.scope).filter(assignment__round=round_).count()
    context = {
        "title": _("摸排"), "rounds": every, "round": round_, "rows": rows, "whole": whole, "area": area, "up": up,
        "deepest": level_of(here) in ("township", "neighbourhood"), "n_review": waiting,
        "n_mine": queries.mine(request.scope).exclude(state__in=("done", "waiting")).count(),
        "may": may, "is_own": request.scope.covers(round_.code),
    }  # fmt: skip
    return render(request, "survey/home.html", context)


@page("survey.plan")
def new(request: DeskRequest) -> HttpResponse:
    """This function will open a round for the post's division and give the work out."""
    form = RoundForm(request.POST or None, initial={"opens_on": localdate(request.at)})
    if request.method == "POST" and form.is_valid():
        campaign = campaigns.current(request.scope)
        if campaign is None:
            raise RoundRefused(_("还没有专项行动，请先建立专项行动"))
        code = request.post.unit.code
        made = actions.open_round(
            **form.cleaned_data, campaign_id=campaign.pk, code=code, by=request.post, at=request.at
        )
        done = actions.assign(round_id=made.pk, by=request.post, at=request.at)
        messages.success(request, _("已建立轮次，分派 %(n)d 家") % {"n": done.n_new})
        return redirect(f"{reverse('survey-home')}?round={made.pk}")
    context = {
        "title": _("新建排查轮次"), "form": form, "submit_label": _("建立并分派"), "cancel_url": reverse("survey-home"),
        "lead": _("建立后按登记、备案情况自动分派：已备案的归民政部门，未备案、未登记的归所在镇街。之后可以人工改派。"),
    }  # fmt: skip
    return render(request, "parts/form_page.html", context)


@page("survey.plan")
def close(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will end a round after asking once more."""
    round_ = _round(request, pk)
    if request.method == "POST":
        actions.close_round(round_id=pk, by=request.post, at=request.at)
        messages.success(request, _("本轮排查已结束"))
        return redirect(f"{reverse('survey-home')}?round={pk}")
    rows = queries.coverage(request.scope, round_, localdate(request.at))
    whole = queries.total(rows, round_.code, "")
    facts = [
        {"label": _("轮次"), "value": round_.title}, {"label": _("应查"), "value": whole.n_due},
        {"label": _("已查"), "value": whole.n_done}, {"label": _("未查"), "value": whole.n_due - whole.n_done},
    ]  # fmt: skip
    context = {
        "title": _("结束本轮排查"), "question": _("结束后不能再分派、填报，确定吗？"), "facts": facts, "danger": True,
        "confirm_label": _("结束本轮"), "cancel_url": f"{reverse('survey-home')}?round={pk}",
    }  # fmt: skip
    return render(request, "parts/confirm_page.html", context)


@page("survey.assign")
@require_POST
def assign(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will give the work of a round out anew by rule."""
    _round(request, pk)
    done = actions.assign(round_id=pk, by=request.post, at=request.at)
    messages.success(
        request,
        _("重新分派：新增 %(new)d 家，改派 %(moved)d 家，撤回 %(gone)d 家，不变 %(kept)d 家")
        % {"new": done.n_new, "moved": done.n_moved, "gone": done.n_withdrawn, "kept": done.n_kept},
    )
    return redirect(f"{reverse('survey-assignments')}?round={pk}")


class AssignmentFilter(forms.Form):
    """What the list of assignments is narrowed to."""

    q = forms.CharField(label=gettext_lazy("名称"), required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("进度"), required=False,
        choices=[("", gettext_lazy("全部")), *STATES.items(), ("late", gettext_lazy("逾期未查"))],
    )  # fmt: skip
    round = forms.IntegerField(label="", required=False, widget=forms.HiddenInput)
    code = forms.CharField(label=gettext_lazy("区划代码"), required=False, widget=forms.HiddenInput)


@page("survey.view")
@require_GET
def assignments(request: DeskRequest) -> HttpResponse:
    """This function will list who surveys what in a round."""
    round_, filters, rows = listed(request)
    may_assign = request.scope.may("survey.assign") and not round_.closed_at
    shown = page_of(request, rows)
    mark(shown.object_list, localdate(request.at))
    context = {
        "title": _("排查分派"), "page": shown, "counter": _("家"), "filters": filters, "round": round_,
        "export_url": reverse("survey-assignments-export") if request.scope.may("institution.export") else "",
        "bulk_url": reverse("survey-reassign") if may_assign else "", "targets": _targets(request) if may_assign else (),
        "lead": round_.title, "may_assign": may_assign and request.scope.covers(round_.code),
        "empty_title": _("本轮还没有分派"), "empty_text": _("建立轮次时会按规则自动分派。"),
    }  # fmt: skip
    return render(request, "survey/assignments.html", context)


def listed(request: DeskRequest) -> tuple[Round, AssignmentFilter, Any]:
    """This function will give the round that the address names, what its list is narrowed to, and the rows in their order."""
    round_ = _chosen(request, list(queries.rounds(request.scope)))
    if round_ is None:
        raise RoundRefused(_("还没有排查轮次，请专项办先建立轮次"))
    filters = AssignmentFilter(request.GET)
    rows = queries.assignments(request.scope, round_)
    if filters.is_valid():
        rows = _filtered(rows, filters.cleaned_data, localdate(request.at))
    return round_, filters, rows.select_related("institution", "unit", "post").order_by("due_on", "code", "pk")


@page("survey.assign")
@require_POST
def reassign(request: DeskRequest) -> HttpResponse:
    """This function will give the ticked work to another unit or post, or move its day."""
    picked = [int(pk) for pk in request.POST.getlist("pick") if pk.isdigit()]
    wanted = request.POST.get("target", "")
    kind, _sep, target = wanted.partition(":")
    due_on = day_of(request.POST.get("due_on"))
    back = f"{reverse('survey-assignments')}?{urlencode({'round': request.POST.get('round', '')})}"
    known = {value for _unit, choices in _targets(request) for value, _label in choices}
    if wanted not in {"", *known} or not (target or due_on):
        messages.error(request, _("请选择改派给谁，或填写新的期限"))
        return redirect(back)
    found = Assignment.objects.filter(request.scope.range(), pk__in=picked, withdrawn_at=None).order_by("pk")
    before = list(found.select_related("institution", "unit", "post"))
    if bulk.wants_preview(request) and before:
        to = next(
            (f"{unit} {label}" for unit, choices in _targets(request) for value, label in choices if value == wanted),
            "",
        )
        hands = [f"{one.unit.name} {one.post.title}" if one.post else one.unit.name for one in before]
        return bulk.preview(
            request, title=_("改派"), to=[(_("改派给"), to), (_("期限改为"), due_on)], names=[one.institution.name for one in before],
            before=hands, counter=_("家"), cancel_url=back,
        )  # fmt: skip
    done = actions.reassign(
        assignment_ids=picked, unit_id=int(target) if kind == "unit" else None,
        post_id=int(target) if kind == "post" else None, due_on=due_on, by=request.post, at=request.at,
    )  # fmt: skip
    rows = {one.pk: [one.unit_id, one.post_id, one.due_on.isoformat(), one.why] for one in before}
    bulk.offer_undo(request, listed="survey-assignments", route="survey-reassign-undo", rows=rows,
                    says=_("已改派 %(n)d 家") % {"n": len(done)})  # fmt: skip
    return redirect(back)


@page("survey.assign")
@require_POST
def undo_reassign(request: DeskRequest) -> HttpResponse:
    """This function will take back the last change of hands."""
    former = bulk.former(request, "survey-assignments")
    if former is None:
        messages.error(request, _("没有可以撤销的，请另行改派"))
    else:
        was = {
            pk: actions.Former(unit, post, date.fromisoformat(due_on), why)
            for pk, (unit, post, due_on, why) in former.rows.items()
        }
        rows = actions.put_back(former=was, moved_at=former.at, by=request.post, at=request.at)
        messages.success(request, _("已撤销，%(n)d 家恢复原来的分派") % {"n": len(rows)})
    return redirect("survey-assignments")


@page("survey.view")
@require_GET
def looks(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will show the four looks at a round."""
    round_ = _round(request, pk)
    found = queries.four_looks(request.scope, round_, localdate(request.at))
    return render(request, "survey/looks.html", {"title": _("四看复查"), "round": round_, "looks": found})


@page("institution.export")
@require_GET
@official
def looks_export(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will give the four looks as a workbook, a sheet each."""
    round_ = _round(request, pk)
    found = queries.four_looks(request.scope, round_, localdate(request.at))
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        for look in found.four:
            sheet = book.add_worksheet(look.title[:2])
            sheet.write_row(0, 0, [look.title, "应有", look.n_seen, "相符", look.n_good])
            sheet.write_row(1, 0, ["编号", "名称", "地址", "情况"])
            for n, line in enumerate(look.lines, 2):
                one = line.institution
                sheet.write_row(n, 0, [one.number, one.name, one.address, line.says])
        sheet = book.add_worksheet("疑似重复")
        sheet.write_row(0, 0, ["组", "编号", "名称", "地址"])
        twins = [(group, one) for group, rows in enumerate(found.twins, 1) for one in rows]
        for n, (group, one) in enumerate(twins, 1):
            sheet.write_row(n, 0, [group, one.number, one.name, one.address])
    journal.record(verb="looks.exported", subject=round_, by=request.post.code, at=request.at, code=round_.code,
                   outcome="read")  # fmt: skip
    response = HttpResponse(
        file.getvalue(), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    response["Content-Disposition"] = f'attachment; filename="four-looks-{pk}.xlsx"'
    return response


def _round(request: DeskRequest, pk: int) -> Round:
    found = queries.rounds(request.scope).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _chosen(request: DeskRequest, every: list[Round]) -> Round | None:
    """The round that the address names, else the newest."""
    wanted = request.GET.get("round", "")
    if wanted:
        found = next((one for one in every if str(one.pk) == wanted), None)
        if found is None:
            raise Http404
        return found
    return next(iter(every), None)


def _filtered(rows: Any, wanted: dict[str, Any], today: Any) -> Any:
    if wanted["q"]:
        text = wanted["q"].strip()
        rows = rows.filter(Q(institution__name__icontains=text) | Q(institution__initials__startswith=text.lower()))
    if wanted["state"] == "late":
        rows = rows.filter(due_on__lt=today).exclude(state__in=("done", "waiting"))
    elif wanted["state"]:
        rows = rows.filter(state=wanted["state"])
    if is_code(wanted["code"]):
        low = wanted["code"]
        digits = {"county": 6, "township": 9, "neighbourhood": 12}.get(level_of(low), 12)
        rows = rows.filter(code__startswith=low[:digits])
    return rows


def _targets(request: DeskRequest) -> list[tuple[str, list[tuple[str, str]]]]:
    """Units, each with its posts, that may survey in the caller's division."""
    inside = [unit for code, there in sorted(units().items()) if request.scope.covers(code) for unit in there]
    posts: dict[int, list[Post]] = {}
    for post in Post.objects.filter(unit__in=inside, role__in=holders("survey.fill"), closed_on=None).order_by("code"):
        posts.setdefault(post.unit_id, []).append(post)
    return [
        (
            unit.name,
            [(f"unit:{unit.pk}", unit.name), *((f"post:{one.pk}", one.title) for one in posts.get(unit.pk, ()))],
        )
        for unit in inside
    ]


def _place(code: str) -> str:
    return Division.objects.filter(code=code, to_on=None).values_list("name", flat=True).first() or ""
