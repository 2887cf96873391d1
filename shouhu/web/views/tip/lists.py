"""The list of tips with its filters, taken out as it is shown; the ledger of transfers (中转台账); who is barred from what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django import forms
from django.db.models import Case, Prefetch, QuerySet, When
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from shouhu.engines.periods.deadlines import SERIOUSLY_OVERDUE
from shouhu.engines.text import masking
from shouhu.engines.text.taxonomy import guises, schemes
from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.clearances.queries import colour_of
from shouhu.ledgers.tips import queries, workflow
from shouhu.ledgers.tips.channels import channels, sources
from shouhu.ledgers.tips.models import OUTCOMES, STATES, Bar, Finding, Tip, Transfer
from shouhu.ledgers.tips.queries import SHOWS, Filters
from shouhu.ledgers.units import queries as units
from shouhu.ledgers.units.rights import holders
from shouhu.web.access import DeskRequest, page
from shouhu.web.fields import DayField
from shouhu.web.language import official
from shouhu.web.listing import asked, column, export
from shouhu.web.paging import page_of, paged
from shouhu.web.views.tip import told
from shouhu.web.words import said

ALL = ("", gettext_lazy("全部"))
ALWAYS = ("open", "mine", "overdue", "urgent", "supervised")
"""Chips that are shown whatever their number."""
LAST = ("suspended", "contested", "done")
"""Chips after those of the states, where there are any."""
WAYS_ON = (
    (gettext_lazy("登记线索"), "tip-take", "tip.take"), (gettext_lazy("外部来件"), "tip-arrivals", "tip.import"),
    (gettext_lazy("通报"), "tip-bulletin", "tip.figures"), (gettext_lazy("中转台账"), "tip-transfers", "tip.view"),
    (gettext_lazy("回避"), "tip-bars", "tip.unbar"), (gettext_lazy("办理期限"), "tip-terms", "tip.terms"),
)  # fmt: skip
"""Where the list leads to: label, route, right."""
WAYS = {"": gettext_lazy("全部"), "waiting": gettext_lazy("待接收"), "returned": gettext_lazy("已退回"),
        "outside": gettext_lazy("转出系统外")}  # fmt: skip


class FilterForm(forms.Form):
    """The line of filters above the list."""

    text = forms.CharField(
        label=gettext_lazy("编号或机构名称"), max_length=60, required=False, widget=forms.TextInput({"type": "search"})
    )
    show = forms.ChoiceField(label=gettext_lazy("范围"), required=False, choices=[ALL, *SHOWS.items()])
    state = forms.ChoiceField(label=gettext_lazy("状态"), required=False, choices=[ALL, *STATES.items()])
    source = forms.ChoiceField(label=gettext_lazy("来源"), required=False)
    channel = forms.ChoiceField(label=gettext_lazy("渠道"), required=False)
    town = forms.ChoiceField(label=gettext_lazy("辖区"), required=False)
    guise = forms.ChoiceField(label=gettext_lazy("名目"), required=False)
    scheme = forms.ChoiceField(label=gettext_lazy("手法"), required=False)
    outcome = forms.ChoiceField(label=gettext_lazy("核查结论"), required=False, choices=[ALL, *OUTCOMES.items()])
    since = DayField(label=gettext_lazy("收到日期自"), required=False)
    until = DayField(label=gettext_lazy("至"), required=False)

    def __init__(self, request: DeskRequest) -> None:
        super().__init__(request.GET)
        self.request = request
        offered = {
            "source": sources().items(),
            "channel": [(code, one.title) for code, one in channels().items()],
            "town": units.narrowings(request.scope, request.GET.get("town", ""), localdate(request.at)),
            "guise": [(code, one.says) for code, one in guises().items()],
            "scheme": [(code, one.says) for code, one in schemes().items()],
        }
        for name, choices in offered.items():
            self.fields[name].choices = [ALL, *choices]  # type: ignore[attr-defined]

    def filters(self) -> Filters:
        """This function will give what was asked for; what is not understood narrows nothing and is said beside the field."""
        self.is_valid()
        given = {name: value for name, value in self.cleaned_data.items() if value}
        # To ask for a state, or by name, is to ask for it whether open or done.
        given.setdefault("show", "all" if {"state", "text", "outcome"} & set(given) else "open")
        return Filters(localdate(self.request.at), self.request.post, **given)


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    tip: Tip
    pk: int
    town: str
    kind: str
    source: str
    channel: str
    unit: str
    handler: str
    next: str
    left: int | None
    is_serious: bool
    colour: str


@page("tip.view")
@require_GET
def listing(request: DeskRequest) -> HttpResponse:
    """This function will show the tips of a scope: open ones first, the urgent before all, then by the day they are due."""
    today = localdate(request.at)
    form = FilterForm(request)
    filters = form.filters()
    shown: Any = paged(request, _sorted(request, filters))
    shown.object_list = rows_of(shown.object_list, today)
    may = request.scope.may
    return render(request, "tip/list.html", {
        "title": _("线索"), "page": shown, "counter": _("条"), "filters": form, "wide_paper": True,
        "chips": _chips(request, filters, today),
        "export_url": reverse("tip-export") if may("tip.export") else "",
        "bulk_url": reverse("tip-assign-many") if may("tip.assign") else "",
        "receivers": receivers(request) if may("tip.assign") else [],
        "ways": [(label, route) for label, route, right in WAYS_ON if may(right)],
        "empty_title": _("没有在办的线索"),
        "empty_text": _("网上举报、电话、来访、网格员和上级转来的线索，机器读过后会列在这里，先甄别，再分办。"),
    })  # fmt: skip


@page("tip.export")
@require_GET
@official
def export_list(request: DeskRequest) -> HttpResponse:
    """This function will give the listed tips as a workbook that identifies nobody: no words, no names, places no nearer than towns."""
    form = FilterForm(request)
    tips = _sorted(request, form.filters())
    columns = [
        column("编号", 11, "centre"), column("收到日期", 12, "date"), column("来源", 16, "centre"), column("渠道", 16, "centre"),
        column("所在镇街", 14, "centre"), column("名目", 14, "centre"), column("手法", 18, "centre"), column("紧急", 6, "centre"),
        column("督办", 6, "centre"), column("状态", 10, "centre"), column("承办单位", 22), column("关联机构", 28),
        column("期限", 12, "date"), column("逾期工作日", 8, "count"), column("核查结论", 14, "centre"), column("办结日期", 12, "date"),
    ]  # fmt: skip
    return export(request, title="线索台账", columns=columns, rows=_exported(tips, localdate(request.at)), n_rows=tips.count(),
                  narrowed=asked(form), note="说明：本表不含举报内容和举报人信息，地点只到镇街；名目、手法未经甄别的为机器建议。")  # fmt: skip


@page("tip.view")
@require_GET
def transfers(request: DeskRequest) -> HttpResponse:
    """This function will show the ledger of transfers: from whom to whom, when sent, received or sent back, and why."""
    way = _way(request)
    shown: Any = page_of(request, _moved(request, way))
    shown.object_list = list(shown.object_list)
    return render(request, "tip/transfers.html", {
        "title": _("中转台账"), "page": shown, "counter": _("次"), "wide_paper": True,
        "chips": [{"label": label, "url": f"?way={code}" if code else "?", "active": code == way, "count": None}
                  for code, label in WAYS.items()],
        "export_url": reverse("tip-transfers-export") if request.scope.may("tip.export") else "",
        "may_receive": request.scope.may("tip.assign"), "receivable": workflow.transitions()["receive"].states,
        "empty_title": _("还没有中转"), "empty_text": _("线索分办、联合办理、退回和转出系统外的，一次一行记在这里。"),
    })  # fmt: skip


@page("tip.export")
@require_GET
@official
def export_transfers(request: DeskRequest) -> HttpResponse:
    """This function will give the ledger of transfers as a workbook; reasons are masked like the copies that units get."""
    way = _way(request)
    rows = _moved(request, way)
    columns = [
        column("序号", 6, "count"), column("线索编号", 11, "centre"), column("自", 24), column("至", 28), column("方式", 12, "centre"),
        column("送出日期", 12, "date"), column("接收日期", 12, "date"), column("退回日期", 12, "date"), column("退回原因", 36),
    ]  # fmt: skip
    lines = (
        (n, row.tip.number, row.from_unit.name, receiver(row), str(manner(row)), localdate(row.sent_at), _day(row.accepted_at),
         _day(row.returned_at), masking.mask(row.why_returned))
        for n, row in enumerate(rows, 1)
    )  # fmt: skip
    return export(
        request, title="线索中转台账", columns=columns, rows=lines, n_rows=rows.count(), narrowed=str(WAYS[way])
    )


@page("tip.unbar")
@require_GET
def bars(request: DeskRequest) -> HttpResponse:
    """This function will show which units and posts may not see which tips, found by the machine or set by hand."""
    related = ("tip", "unit", "post__unit", "set_by__unit", "lifted_by__unit")
    rows = queries.about(request.scope, Bar.objects.select_related(*related)).order_by("-set_at", "-pk")
    rows = rows.defer(*(f"tip__{name}" for name in ("text", "told", "reading", "copy")))
    lifted = request.GET.get("show") == "lifted"
    shown: Any = page_of(request, rows.filter(lifted_at__isnull=not lifted))
    return render(request, "tip/bars.html", {
        "title": _("回避"), "page": shown, "counter": _("条"),
        "chips": [{"label": _("生效"), "url": "?", "active": not lifted, "count": None},
                  {"label": _("已解除"), "url": "?show=lifted", "active": lifted, "count": None}],
        "empty_title": _("没有需要回避的单位或人员"),
        "empty_text": _("线索点名的单位和人员由机器找出并自动回避：他们在名单、统计、搜索和通知里都看不到这条线索。"),
    })  # fmt: skip


def receivers(request: DeskRequest) -> list[tuple[int, str]]:
    """This function will give the units in reach that can verify tips."""
    able = units.posts(request.scope).filter(role__in=holders("tip.verify"), closed_on=None, unit__closed_on=None)
    return list(able.order_by("unit__code", "unit").values_list("unit", "unit__name").distinct())


def manner(row: Transfer) -> Any:
    """This function will say in what manner a tip was sent on."""
    return (
        gettext_lazy("转出系统外")
        if row.to_unit is None
        else gettext_lazy("联合办理")
        if row.is_joint
        else gettext_lazy("分办")
    )


def receiver(row: Transfer) -> str:
    """This function will name to whom a tip was sent."""
    return row.to_unit.name if row.to_unit else row.to_name


def rows_of(tips: Sequence[Tip], today: date) -> list[Row]:
    """This function will give the lines of a page of the table, in a number of queries that does not grow with it."""
    calendar, names = campaigns.calendar(), units.names(told.town(tip.code) for tip in tips)
    steps = workflow.transitions()
    rows = []
    for tip in tips:
        left = queries.left(tip.due_on, today, calendar) if tip.due_on else None
        verb = workflow.next_verb(tip.state)
        rows.append(Row(
            tip=tip, pk=tip.pk, town=names.get(told.town(tip.code), ""),
            kind=" ".join(filter(None, (told.guise(tip.guise), told.scheme(tip.scheme)))),
            source=str(said(sources()[channels()[tip.channel].source])), channel=str(said(channels()[tip.channel].title)),
            unit=tip.unit.name, handler=str(said(tip.handler.title)) if tip.handler else "",
            next=str(said(steps[verb].says)) if verb else "", left=left, is_serious=left is not None and left < -SERIOUSLY_OVERDUE,
            colour=colour_of(tip.institution) if tip.institution else "",
        ))  # fmt: skip
    return rows


def _sorted(request: DeskRequest, filters: Filters) -> QuerySet[Tip]:
    """What is still to be done before what is done; the urgent first, then by the day it is due."""
    rows = queries.narrowed(queries.seen(request.scope), filters).select_related(
        "unit", "handler__unit", "institution__standing"
    )
    return rows.order_by(Case(When(due_on=None, then=1), default=0), "-is_urgent", "due_on", "-pk")


def _chips(request: DeskRequest, filters: Filters, today: date) -> list[dict[str, Any]]:
    counts = queries.counts(request.scope, today)
    plain = Filters(today, request.post)

    def chip(label: str, n: int, **wanted: str) -> dict[str, Any]:
        asked_for = replace(plain, show=wanted.get("show", "all"), state=wanted.get("state", ""))
        return {"label": label, "url": f"?{urlencode(wanted)}", "count": n, "active": filters == asked_for}

    states = [state for state in STATES if counts.get(state) and state not in ("suspended", "resolved", "merged")]
    return [
        *(chip(SHOWS[show], counts[show], show=show) for show in ALWAYS),
        *(chip(STATES[state], counts[state], state=state) for state in states),
        *(chip(SHOWS[show], counts[show], show=show) for show in LAST if counts[show]),
        chip(SHOWS["all"], counts["all"], show="all"),
    ]


def _exported(tips: QuerySet[Tip], today: date) -> Iterator[tuple[Any, ...]]:
    found = tips.prefetch_related(Prefetch("findings", Finding.objects.filter(replaced_at=None).only("tip", "outcome")))
    for row in rows_of(list(found), today):
        tip = row.tip
        yield (
            tip.number, localdate(tip.received_at), row.source, row.channel, row.town, told.guise(tip.guise), told.scheme(tip.scheme),
            _tick(tip.is_urgent), _tick(tip.supervised_at), STATES[tip.state], row.unit, tip.institution.name if tip.institution else None,
            tip.due_on, -row.left if row.left is not None and row.left < 0 else None,
            next((one.get_outcome_display() for one in tip.findings.all()), None), _day(tip.resolved_at),
        )  # fmt: skip


def _tick(flag: Any) -> str | None:
    return "是" if flag else None


def _day(at: datetime | None) -> date | None:
    return localdate(at) if at else None


def _way(request: DeskRequest) -> str:
    way = request.GET.get("way", "")
    return way if way in WAYS else ""


def _moved(request: DeskRequest, way: str) -> QuerySet[Transfer]:
    rows = queries.transfers(request.scope)
    match way:
        case "waiting":
            return rows.filter(accepted_at=None, ended_at=None)
        case "returned":
            return rows.filter(returned_at__isnull=False)
        case "outside":
            return rows.filter(to_unit=None)
    return rows
