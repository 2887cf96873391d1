"""督办单: the list (拉单列表), a new one, one of them with its trail, and the files of the room."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_http_methods

from shouhu.engines.periods.calendar import Calendar
from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.supervision import workflow
from shouhu.ledgers.supervision.actions import orders as actions
from shouhu.ledgers.supervision.models import SUBJECTS, Step, SupervisionOrder
from shouhu.ledgers.supervision.queries import orders as queries
from shouhu.ledgers.supervision.queries import subjects
from shouhu.ledgers.supervision.queries.files import file as found_file
from shouhu.ledgers.supervision.queries.orders import STATES, Filters
from shouhu.ledgers.units import queries as units
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.vault.actions import content_of
from shouhu.web.access import DeskRequest, note_refusal, page
from shouhu.web.language import official
from shouhu.web.listing import asked, column
from shouhu.web.listing import export as exported
from shouhu.web.paging import paged
from shouhu.web.views.supervision.acts import offers
from shouhu.web.views.supervision.forms import OrderForm

LATE = {"": lazy("全部"), "overdue": lazy("逾期"), "serious": lazy("严重逾期"), "told": lazy("已逐级报告")}
ABOUT = {
    "duty": lazy("专项行动任务"),
    "tip": lazy("线索"),
    "disposal": lazy("处置"),
    "clearance": lazy("清零场所"),
    "institution": lazy("机构"),
}
ROUTES = {"duty": "campaign-task", "tip": "tip-page", "disposal": "disposal-page", "clearance": "clearance-page",
          "institution": "institution-page"}  # fmt: skip
"""The page of what an order is about."""


class FilterForm(forms.Form):
    """The line of filters above the list."""

    text = forms.CharField(
        label=lazy("编号、事项、单位"), max_length=60, required=False, widget=forms.TextInput({"type": "search"})
    )
    unit = forms.TypedChoiceField(label=lazy("收件单位"), required=False, coerce=int, empty_value=None)
    town = forms.ChoiceField(label=lazy("辖区"), required=False)
    state = forms.ChoiceField(
        label=lazy("状态"), required=False, choices=[(code or "all", label) for code, label in STATES.items()]
    )
    late = forms.ChoiceField(label=lazy("时限"), required=False, choices=list(LATE.items()))

    def __init__(self, request: DeskRequest) -> None:
        super().__init__({"state": "running", **request.GET.dict()})
        self.sort = request.GET.get("sort", "")
        places = units.narrowings(request.scope, request.GET.get("town", ""), localdate(request.at))
        receivers = [(one.pk, one.name) for one in queries.addressees(request.scope)]
        self.fields["town"].choices = [("", lazy("全部")), *places]  # type: ignore[attr-defined]
        self.fields["unit"].choices = [("", lazy("全部")), *receivers]  # type: ignore[attr-defined]

    def filters(self) -> Filters:
        """This function will give what was asked for; what is not understood narrows nothing and is said beside the field."""
        self.is_valid()
        told = {name: value for name, value in self.cleaned_data.items() if value}
        if told.get("state") == "all":
            told["state"] = ""
        return Filters(**told, sort=self.sort)


@page("supervision.view")
@require_GET
def listing(request: DeskRequest) -> HttpResponse:
    """This function will show the orders that a scope may see, what is owed first."""
    today, form = localdate(request.at), FilterForm(request)
    filters = form.filters()
    shown: Any = paged(request, queries.listed(request.scope, filters, today))
    shown.object_list = rows = list(shown.object_list)
    calendar = campaigns.calendar()
    for row in rows:
        row.left, row.state_words = queries.days_left(row, today, calendar), workflow.label(row)
    may_issue = request.scope.may("supervision.issue")
    return render(request, "supervision/list.html", {
        "title": _("督办单"), "page": shown, "counter": _("件"), "filters": form, "wide_paper": True, "tab": "orders",
        "chips": _chips(request, filters), "may_issue": may_issue,
        "export_url": reverse("supervision-export") if request.scope.may("institution.export") else "",
        "empty_title": _("还没有督办单"), "empty_text": _("进度滞后、逾期、整改不到位的，发督办单到单位，限期回复。"),
        "empty_url": reverse("supervision-new") if may_issue else "", "empty_action": _("发督办单"),
    })  # fmt: skip


@page("institution.export")
@require_GET
@official
def export(request: DeskRequest) -> HttpResponse:
    """This function will give the listed orders as a workbook (拉单列表, 000-14 三(四))."""
    today, form = localdate(request.at), FilterForm(request)
    rows, calendar = queries.listed(request.scope, form.filters(), today), campaigns.calendar()
    columns = [
        column("编号", 18), column("督办事项", 34), column("收件单位", 22), column("发出单位", 22), column("发出日期", 13, "date"),
        column("期限", 13, "date"), column("状态", 12, "centre"), column("逾期(工作日)", 12, "count"), column("逐级报告", 20),
        column("回复日期", 13, "date"), column("办结日期", 13, "date"),
    ]  # fmt: skip
    return exported(request, title="督办拉单列表", columns=columns, rows=(_line(row, today, calendar) for row in rows), n_rows=rows.count(),
                    narrowed=asked(form), note="说明：期限和逾期按工作日计算，天数为本软件建议。")  # fmt: skip


@page("supervision.issue")
@require_http_methods(["GET", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """This function will show and take a new order; ``?tip=7`` says what it is about."""
    today, about = localdate(request.at), _about(request)
    subject = subjects.subject_of(request.scope, about.kind, about.pk) if about else None
    if about and subject is None:
        raise Http404
    opening = subjects.opening(request.scope, about.kind, subject) if about else None
    status = 200
    if request.method == "POST":
        form = OrderForm(opening, request.scope, today, request.POST)
        status = 422
        if form.is_valid():
            try:
                order = actions.issue(**form.given(), about=about, by=request.post, at=request.at)
                messages.success(request, _("已发出%(number)s") % {"number": order.number})
                return redirect("supervision-page", order.pk)
            except Refused as refusal:
                note_refusal(request)
                form.add_error(None, str(refusal))
                status = 409
    else:
        form = OrderForm(opening, request.scope, today)
    return render(request, "supervision/act.html", {
        "title": _("发督办单"), "form": form, "lead": form.lead, "submit_label": _("发出"), "cancel_url": reverse("supervision-list"),
        "about": f"{ABOUT[about.kind]}：{_named(about.kind, subject)}" if about else "",
    }, status=status)  # fmt: skip


@page("supervision.view")
@require_GET
def show(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will show an order: what is asked, what was replied, who was told, and the one next step."""
    order = queries.one(request.scope, pk)
    if order is None:
        raise Http404
    today = localdate(request.at)
    acts = offers(order, request, order.unit_id)
    if not queries.may_escalate(order, today):
        acts = [one for one in acts if one["verb"] != "escalate"]
    wanted = {"reply": ("open", "returned"), "accept": ("replied",), "escalate": ("open", "returned")}
    main = next(
        (one for verb, states in wanted.items() for one in acts if one["verb"] == verb and order.state in states), None
    )
    about, level = subjects.of(request.scope, order), queries.next_level(order)
    left = queries.days_left(order, today, campaigns.calendar())
    steps = list(queries.steps(order))
    return render(request, "supervision/page.html", {
        "title": order.title, "order": order, "state": workflow.label(order), "left": left, "primary": main,
        "others": [one for one in acts if one is not main], "events": [_event(one) for one in steps],
        "replies": [one for one in steps if one.verb == "reply"], "told": [one for one in steps if one.verb == "escalate"],
        "about": _linked(request, *about) if about else None, "level": level if order.state in ("open", "returned") else None,
        "returned": next((one for one in steps if one.verb == "send_back"), None) if order.state == "returned" else None,
    })  # fmt: skip


@page("supervision.view")
@require_GET
def file(request: DeskRequest, token: str) -> HttpResponse:
    """This function will hand out a file that hangs on a paper of the room; that it was read is journalled."""
    stored = found_file(request.scope, token)
    if stored is None:
        raise Http404
    journal.record(verb="supervision.file_read", subject=stored, by=request.post.code, at=request.at, outcome="read",
                   code=request.post.unit.code)  # fmt: skip
    disposition = content_disposition_header(True, stored.name or "file") or "attachment"
    return HttpResponse(
        content_of(stored), content_type=stored.media_type, headers={"Content-Disposition": disposition}
    )


def _chips(request: DeskRequest, filters: Filters) -> list[dict[str, Any]]:
    today = localdate(request.at)
    saved: tuple[tuple[Any, dict[str, Any]], ...] = (
        (_("未办结"), {}), (_("逾期"), {"late": "overdue"}), (_("严重逾期"), {"late": "serious"}), (_("待审核"), {"state": "replied"}),
        (_("已逐级报告"), {"late": "told"}), (_("已办结"), {"state": "accepted"}),
    )  # fmt: skip
    return [
        {
            "label": label, "url": f"?{'&'.join(f'{name}={value}' for name, value in given.items())}",
            "count": queries.listed(request.scope, Filters(**given), today).count(), "active": filters == Filters(**given),
        }
        for label, given in saved
    ]  # fmt: skip


def _line(row: SupervisionOrder, today: date, calendar: Calendar) -> tuple[Any, ...]:
    days = queries.days_left(row, today, calendar)
    levels = workflow.levels()
    return (
        row.number, row.title, row.unit.name, row.issuer.name, localdate(row.issued_at), row.due_on, workflow.label(row),
        -days if days and days < 0 else None, levels[row.n_levels - 1].says if row.n_levels else None,
        localdate(row.replied_at) if row.replied_at else None, localdate(row.accepted_at) if row.accepted_at else None,
    )  # fmt: skip


def _about(request: DeskRequest) -> actions.About | None:
    """What the new order is about, as the address says."""
    for kind in SUBJECTS:
        pk = request.GET.get(kind, "")
        if pk:
            if not (pk.isascii() and pk.isdecimal() and len(pk) < 19):
                raise Http404
            return actions.About(kind, int(pk))
    return None


def _named(kind: str, subject: Any) -> str:
    match kind:
        case "tip":
            return str(subject.number)
        case "duty":
            return str(subject.task.title)
        case "institution":
            return str(subject.name)
        case _:
            return str(subject.institution.name)


def _linked(request: DeskRequest, kind: str, subject: Any) -> dict[str, Any]:
    pk = subject.task_id if kind == "duty" else subject.pk
    return {"label": ABOUT[kind], "name": _named(kind, subject), "url": reverse(ROUTES[kind], args=[pk])}


def _event(step: Step) -> dict[str, Any]:
    says = _("发出") if step.verb == "issue" else workflow.transitions("order")[step.verb].says
    return {
        "at": step.recorded_at, "who": f"{step.recorded_by.unit.name} {step.recorded_by.title}", "what": says, "note": step.says,
        "document": step.file.name if step.file else "",
        "url": reverse("supervision-file", args=[step.file.token]) if step.file else "",
    }  # fmt: skip
