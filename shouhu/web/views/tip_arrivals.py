"""Lists that other platforms send: brought, looked through, taken in as a whole; and the file of results that goes back to them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from typing import Any

import xlsxwriter
from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouhu.ledgers.tips import sheets
from shouhu.ledgers.tips.actions import arriving
from shouhu.ledgers.tips.channels import channels
from shouhu.ledgers.tips.models import Arrival, Tip
from shouhu.ledgers.tips.queries import arrivals as queries
from shouhu.ledgers.units.refusals import Refused
from shouhu.web.access import DeskRequest, note_refusal, page
from shouhu.web.fields import DayField
from shouhu.web.language import official
from shouhu.web.listing import XLSX, asked, column
from shouhu.web.listing import export as exported
from shouhu.web.paging import page_of

LARGEST = 20 * 1024 * 1024
MEDIA = "application/octet-stream"
SHOWN = 100
"""Rows and remarks of a preview that are shown."""
CHUNK = 500
STEPS = (gettext_lazy("上传"), gettext_lazy("核对列和内容"), gettext_lazy("导入"))
TEMPLATE = ("outer_number", "received_at", "code", "place", "named", "heading", "text", "happened", "sum", "n_victims", "urgent",
            "name", "phone", "address")  # fmt: skip
EXAMPLE = (
    "ZJ20260001", "2026-11-02", "清河镇柳湾村", "柳湾村文化礼堂", "某某养老公司", "交会员费后退不了", "老人交了会员费，说好随时可退，现在不退。",
    "2026年9月", "5.8万", "12", "否", "王某某", "13900000000", "",
)  # fmt: skip
NOTES = (
    "一行是一件线索。编号和反映内容必须填写，其余有就填。",
    "编号：对方平台的编号。同一渠道同一编号只收一次，重复导入不会多出来。",
    "属地：写镇街、村居的名称或代码；看不出的先记在本办。",
    "涉及金额：数字或“5.8万”；看不出的原样附在正文后面。",
    "举报人姓名、电话、住址：导入时立即密封，以后页面上看不到，由保密员启封；名单文件导入后即从系统删除。",
    "举报人的姓名电话不要写在反映内容里。",
    "对方名单不必改成本模板：列名不同的，上传后可以逐列指定。",
)


def ways() -> list[tuple[str, str]]:
    """This function will give the ways by which lists come, to choose from."""
    return [(code, channels()[code].title) for code in queries.CHANNELS]


class UploadForm(forms.Form):
    """A list, and where it comes from."""

    channel = forms.ChoiceField(label=gettext_lazy("名单从哪里来"))
    file = forms.FileField(
        label=gettext_lazy("名单文件"), widget=forms.ClearableFileInput({"accept": ".xlsx,.xls,.ods,.csv"}),
        help_text=gettext_lazy("xlsx、xls、ods 或 csv，不超过 20 MB；列名不必与模板一致，下一步可以核对"),
    )  # fmt: skip

    def __init__(self, request: DeskRequest) -> None:
        super().__init__(request.POST or None, request.FILES or None)
        self.fields["channel"].choices = ways()  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        """This function will refuse a file that is too large to be a list of tips."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("文件超过 20 MB，请分成几个文件导入"))
        return file


@page("tip.import")
@require_http_methods(["GET", "POST"])
def index(request: DeskRequest) -> HttpResponse:
    """This function will take a file with a list, and show the lists so far."""
    form = UploadForm(request)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            made = arriving.open_arrival(
                content=file.read(), name=file.name, media_type=MEDIA, token=secrets.token_hex(16),
                channel=form.cleaned_data["channel"], by=request.post, at=request.at,
            )  # fmt: skip
        except Refused as refusal:
            note_refusal(request)
            form.add_error("file", str(refusal))
        else:
            return redirect("tip-arrival", made.pk)
    context = {
        "title": _("导入线索名单"), "form": form, "steps": _steps(0), "cancel_url": reverse("tip-list"),
        "submit_label": _("上传并识别列"), "arrivals": list(queries.arrivals(request.scope)[:20]),
        "lead": _("先预览，确认后才收进来；一份名单要么全部收下，要么一件也不收。"),
    }  # fmt: skip
    return render(request, "tip/arrivals.html", context, status=422 if form.errors else 200)


@page("tip.import")
@require_GET
def one(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will show what a list would add and what is wrong in which cell; once taken in, what it added."""
    return _shown(request, _found(request, pk))


@page("tip.import")
@require_POST
def columns(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will keep how the columns are to be read."""
    arrival = _found(request, pk)
    choices = {
        (number, one["letters"]): request.POST[name]
        for number, table in enumerate(arrival.mapping)
        for one in table["columns"]
        if (name := f"c-{number}-{one['letters']}") in request.POST
    }
    try:
        arriving.map_arrival(arrival_id=pk, choices=choices, by=request.post, at=request.at)
    except sheets.Unimportable as refusal:
        note_refusal(request)
        return _shown(request, arrival, str(refusal), status=409)
    return redirect("tip-arrival", pk)


@page("tip.import")
@require_POST
def take(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will take a list in, as a whole or not at all."""
    _found(request, pk)
    taken = arriving.take_arrival(arrival_id=pk, seed=secrets.token_hex(16), by=request.post, at=request.at)
    messages.success(request, _("已收下 %(n)d 件线索，约一分钟后出现在线索列表") % {"n": len(taken)})
    return redirect("tip-arrival", pk)


@page("tip.import")
@require_POST
def drop(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will give a list up that was not taken in."""
    _found(request, pk)
    arriving.drop_arrival(arrival_id=pk, by=request.post, at=request.at)
    messages.success(request, _("已放弃，文件已从系统删除"))
    return redirect("tip-arrivals")


@page("tip.import")
@require_GET
@official
def template(request: DeskRequest) -> HttpResponse:
    """This function will give a workbook to fill in."""
    content = BytesIO()
    safe = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(content, safe) as book:
        text = book.add_format({"num_format": "@"})
        head = book.add_format({"bold": True, "bg_color": "#E7F0F7", "border": 1})
        sheet, notes, example = (book.add_worksheet(name) for name in ("填写", "说明", sheets.EXAMPLE))
        for target in (sheet, example):
            target.set_column(0, len(TEMPLATE) - 1, 18, text)
            target.freeze_panes(1, 0)
            target.write_row(0, 0, [sheets.fields()[name].title for name in TEMPLATE], head)
        example.write_row(1, 0, EXAMPLE, text)
        notes.set_column(0, 0, 90)
        notes.write_column(0, 0, NOTES)
    answer = HttpResponse(content.getvalue(), content_type=XLSX)
    answer["Content-Disposition"] = 'attachment; filename="tips.xlsx"'
    return answer


def _found(request: DeskRequest, pk: int) -> Arrival:
    arrival = queries.arrivals(request.scope).filter(pk=pk).first()
    if arrival is None:
        raise Http404
    return arrival


def _shown(request: DeskRequest, arrival: Arrival, fault: str = "", status: int = 200) -> HttpResponse:
    waiting = arrival.taken_at is None and arrival.file.erased_at is None
    context: dict[str, Any] = {
        "title": _("核对线索名单"), "arrival": arrival, "waiting": waiting, "fault": fault,
        "steps": _steps(1 if waiting else 3), "tables": _tables(arrival) if waiting else [],
        "unused": [one["title"] for table in arrival.mapping for one in table["columns"] if not one["field"]],
    }  # fmt: skip
    if waiting and not fault and not (fault := sheets.lacking(arrival.mapping)):
        plan = queries.plan(request.scope, arrival, request.at)
        context |= {
            "plan": plan, "rows": plan.new[:SHOWN], "problems": plan.problems[:SHOWN], "remarks": plan.remarks[:SHOWN],
            "tiles": [
                {"label": _("将收下"), "value": 0 if plan.problems else len(plan.new), "unit": _("件")},
                {"label": _("以前收过"), "value": len(plan.known), "unit": _("件"), "note": _("编号相同，不再收")},
                {"label": _("留了身份"), "value": plan.n_named, "unit": _("件"), "note": _("导入时密封")},
                {"label": _("有问题"), "value": len(plan.problems), "unit": _("处")},
            ],
        }  # fmt: skip
    return render(request, "tip/arrival.html", context | {"fault": fault}, status=status)


def _steps(here: int) -> list[dict[str, Any]]:
    return [
        {"label": label, "state": "done" if at < here else "now" if at == here else "todo"}
        for at, label in enumerate(STEPS)
    ]


def _tables(arrival: Arrival) -> list[dict[str, Any]]:
    """The tables of a list, each column with what it can hold."""
    fields = list(sheets.fields().values())
    return [
        {"number": table["sheet"] + 1, "head": table["head"], "fields": fields,
         "columns": [{**column, "input": f"c-{number}-{column['letters']}"} for column in table["columns"]]}
        for number, table in enumerate(arrival.mapping)
    ]  # fmt: skip


# --- what goes back


class ResultForm(forms.Form):
    """For which platform, and which days."""

    channel = forms.ChoiceField(label=gettext_lazy("渠道"), required=False)
    since = DayField(label=gettext_lazy("收到日期自"), required=False)
    until = DayField(label=gettext_lazy("至"), required=False)

    def __init__(self, request: DeskRequest) -> None:
        today = localdate(request.at)
        first = {"channel": queries.CHANNELS[0], "since": today.replace(month=1, day=1), "until": today}
        super().__init__({**first, **{name: value for name, value in request.GET.items() if value}})
        self.fields["channel"].choices = ways()  # type: ignore[attr-defined]
        self.started = first

    def rows(self, request: DeskRequest) -> QuerySet[Tip]:
        """This function will give the tips that are asked for; what is not understood is as it was at first."""
        self.is_valid()
        asked_for: dict[str, Any] = {name: self.cleaned_data.get(name) or value for name, value in self.started.items()}
        return queries.back(request.scope, **asked_for)


@page("tip.export")
@require_GET
def results(request: DeskRequest) -> HttpResponse:
    """This function will show what a platform will be told about the tips that it sent."""
    form = ResultForm(request)
    shown: Any = page_of(request, form.rows(request))
    shown.object_list = list(queries.results(request.scope, list(shown.object_list)))
    return render(request, "tip/results.html", {
        "title": _("办理结果回传"), "page": shown, "counter": _("件"), "filters": form, "wide_paper": True,
        "export_url": reverse("tip-results-export"),
        "lead": _("按对方的编号列出办到哪一步、结论和给举报人的答复，导出后交回原平台。表里没有举报内容，也没有举报人信息。"),
        "empty_title": _("这段时间没有这个渠道转来的线索"), "empty_text": _("换一个渠道或日期再看。"),
    })  # fmt: skip


@page("tip.export")
@require_GET
@official
def export_results(request: DeskRequest) -> HttpResponse:
    """This function will give the results as a workbook."""
    form = ResultForm(request)
    tips = form.rows(request)
    columns = (
        column("编号", 24), column("收到日期", 12, "date"), column("办理状态", 10, "centre"), column("核查结论", 16, "centre"),
        column("答复内容", 60), column("分办日期", 12, "date"), column("结论日期", 12, "date"), column("答复日期", 12, "date"),
        column("办结日期", 12, "date"),
    )  # fmt: skip

    def lines() -> Iterator[tuple[Any, ...]]:
        found = tips.iterator(chunk_size=CHUNK)
        while chunk := list(islice(found, CHUNK)):
            for row in queries.results(request.scope, chunk):
                yield (row.outer_number, row.received_on, row.state, row.outcome or None, row.answer or None, row.handed_on,
                       row.concluded_on, row.answered_on, row.resolved_on)  # fmt: skip

    return exported(
        request, title="线索办理结果", columns=columns, rows=lines(), n_rows=tips.count(), narrowed=asked(form)
    )
