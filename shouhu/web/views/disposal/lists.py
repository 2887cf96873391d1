"""The list of disposals with its filters, the bulk hand-out, the export of what is shown, and the approvals that wait."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from shouhu.engines.rules import words
from shouhu.ledgers.disposals import queries
from shouhu.ledgers.disposals.queries import STATES, Filters
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.ratings.transitions import WORST_FIRST
from shouhu.ledgers.units import queries as units
from shouhu.web.access import DeskRequest, page
from shouhu.web.language import official
from shouhu.web.listing import asked, taken
from shouhu.web.paging import page_of, paged
from shouhu.web.views.disposal.export import workbook_of
from shouhu.web.views.disposal.forms import AssignForm

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class FilterForm(forms.Form):
    """The line of filters above the list."""

    text = forms.CharField(
        label=_("名称、编号、拼音首字母"), max_length=60, required=False, widget=forms.TextInput({"type": "search"})
    )
    colour = forms.ChoiceField(
        label=_("等级"), required=False,
        choices=[("", _("全部")), *((one, words.colour(one)) for one in WORST_FIRST)],
    )  # fmt: skip
    town = forms.ChoiceField(label=_("辖区"), required=False)
    state = forms.ChoiceField(label=_("状态"), required=False, choices=list(STATES.items()))
    late = forms.ChoiceField(
        label=_("时限"), required=False, choices=[("", _("全部")), ("overdue", _("逾期")), ("serious", _("严重逾期"))]
    )
    handler = forms.TypedChoiceField(label=_("经办岗位"), required=False, coerce=int, empty_value=None)

    def __init__(self, request: DeskRequest) -> None:
        super().__init__(request.GET)
        places = units.narrowings(request.scope, request.GET.get("town", ""), localdate(request.at))
        handlers = [(one.pk, f"{one.unit.name} {one.title}") for one in queries.handlers(request.scope)]
        self.fields["town"].choices = [("", _("全部")), *places]  # type: ignore[attr-defined]
        self.fields["handler"].choices = [("", _("全部")), *handlers]  # type: ignore[attr-defined]

    def filters(self) -> Filters:
        """This function will give what was asked for; what is not understood narrows nothing and is said beside the field."""
        self.is_valid()
        return Filters(**{name: value for name, value in self.cleaned_data.items() if value})


@page("disposal.view")
@require_GET
def listing(request: DeskRequest) -> HttpResponse:
    """This function will show the disposals of the scope, the worst first."""
    today = localdate(request.at)
    form = FilterForm(request)
    filters = form.filters()
    shown: Any = paged(request, queries.listed(request.scope, filters, today))
    rows = list(shown.object_list)
    left = queries.lateness(rows, today)
    names = units.names({row.institution.code[:9].ljust(12, "0") for row in rows})
    for row in rows:
        row.outstanding = row.owed_fen - row.paid_fen
        row.left, row.town = left[row.pk], names.get(row.institution.code[:9].ljust(12, "0"), "")
    shown.object_list = rows
    may_hand_out = request.scope.may("disposal.review")
    return render(request, "disposal/list.html", {
        "title": _("分类处置"), "page": shown, "counter": _("件"), "filters": form, "chips": _chips(request, filters),
        "export_url": reverse("disposal-export") if request.scope.may("institution.export") else "", "wide_paper": True,
        "bulk_url": reverse("disposal-take") if may_hand_out else "",
        "assign": AssignForm(None, request.scope, today) if may_hand_out else None,
        "may_close": request.scope.may("disposal.close") and filters.state == "fallen",
        "may_approve": request.scope.may("disposal.approve"),
        "n_pending": queries.pending(request.scope).count() if request.scope.may("disposal.approve") else 0,
        "empty_title": _("还没有处置"), "empty_text": _("机构评为红、橙、黄、待查或待研判后，会自动立项并列在这里。"),
        "empty_url": reverse("rating-list") if request.scope.may("rating.view") else "", "empty_action": _("看四色名单"),
    })  # fmt: skip


@page("institution.export")
@require_GET
@official
def export(request: DeskRequest) -> HttpResponse:
    """This function will give the listed disposals as the official progress table (附件4), every measure a line."""
    today = localdate(request.at)
    form = FilterForm(request)
    rows = list(queries.listed(request.scope, form.filters(), today))
    journal.record(verb="disposal.exported", subject="disposal/list", by=request.post.code, at=request.at,
                   code=request.post.unit.code)  # fmt: skip
    content = workbook_of(rows, today=today, unit=request.post.unit.name, notes=taken(request, asked(form)))
    disposition = content_disposition_header(True, f"分类处置进度{today:%Y%m%d}.xlsx") or "attachment"
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": disposition})


@page("disposal.approve")
@require_GET
def approvals(request: DeskRequest) -> HttpResponse:
    """This function will show the applications that wait for approval."""
    shown = page_of(request, queries.pending(request.scope))
    return render(request, "disposal/approvals.html", {
        "title": _("待审批的申请"), "page": shown, "counter": _("项"), "empty_title": _("没有待审批的申请"),
        "empty_text": _("中止计时、延长时限、不采取措施的申请会列在这里，由申请人以外的人审批。"),
    })  # fmt: skip


def _chips(request: DeskRequest, filters: Filters) -> list[dict[str, Any]]:
    """Saved filters with their counts."""
    today = localdate(request.at)
    saved: tuple[tuple[Any, dict[str, Any]], ...] = (
        (_("处置中"), {}), (_("逾期"), {"late": "overdue"}), (_("严重逾期"), {"late": "serious"}),
        (STATES["unassigned"], {"state": "unassigned"}), (STATES["fallen"], {"state": "fallen"}),
    )  # fmt: skip
    return [
        {
            "label": label,
            "url": f"?{'&'.join(f'{name}={value}' for name, value in given.items())}",
            "count": queries.narrowed(request.scope, Filters(**given), today).count(),
            "active": filters == Filters(**given),
        }
        for label, given in saved
    ]
