"""The import of a register: upload, columns, preview, progress, result with undo. The page of a batch shows its state."""

from __future__ import annotations

import secrets
from typing import Any

import xlsxwriter
from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouhu.engines.rules.facts import declared
from shouhu.jobs import imports
from shouhu.ledgers.disposals.actions import hide_batch
from shouhu.ledgers.institutions import actions, divisions, queries
from shouhu.ledgers.institutions.models import SOURCES, Batch
from shouhu.ledgers.units import queries as units
from shouhu.ledgers.units.codes import level_of
from shouhu.ledgers.units.refusals import Refused
from shouhu.web.access import DeskRequest, page
from shouhu.web.language import official
from shouhu.web.paging import page_of
from shouhu.web.views.institution.lists import XLSX
from shouhu.web.words import said

LARGEST = 40 * 1024 * 1024
STEPS = (
    (gettext_lazy("上传"), ("",)),
    (gettext_lazy("核对列"), ("columns",)),
    (gettext_lazy("读入"), ("staging",)),
    (gettext_lazy("预览"), ("preview",)),
    (gettext_lazy("导入"), ("taking",)),
    (gettext_lazy("完成"), ("shown", "dropped")),
)
TEMPLATES = {
    "columns": "columns", "staging": "working", "preview": "preview", "taking": "working", "shown": "done",
    "dropped": "done",
}  # fmt: skip
KINDS = {
    "doubt": gettext_lazy("需要决定"), "new": gettext_lazy("新增"), "update": gettext_lazy("更新"),
    "skip": gettext_lazy("不导入"), "problems": gettext_lazy("有问题的行"),
}  # fmt: skip


class UploadForm(forms.Form):
    """A file with a register."""

    file = forms.FileField(
        label=gettext_lazy("台账文件"),
        help_text=gettext_lazy("xlsx、xls、ods 或 csv，不超过 40 MB；列名不必与系统一致，下一步可以核对"),
        widget=forms.ClearableFileInput({"accept": ".xlsx,.xls,.ods,.csv"}),
    )
    source = forms.ChoiceField(label=gettext_lazy("来源"), choices=list(SOURCES.items()), initial="import")
    code = forms.ChoiceField(label=gettext_lazy("台账的范围"), help_text=gettext_lazy("只认这个范围内的镇街和村居"))

    def __init__(self, request: DeskRequest) -> None:
        super().__init__(request.POST or None, request.FILES or None)
        levels = ("county", "township")
        rows = [one for one in units.tree(request.scope, localdate(request.at)) if level_of(one.code) in levels]
        own = [(request.post.unit.code, request.post.unit.name)] if not rows else []
        self.fields["code"].choices = [(one.code, one.name) for one in rows] or own  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        """This function will refuse a file that is too large to be a register."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("文件超过 40 MB，请按镇街拆开后分别导入"))
        return file


@require_http_methods(["GET", "POST"])
@page("institution.import")
def index(request: DeskRequest) -> HttpResponse:
    """This function will take a file, and list the imports so far."""
    form = UploadForm(request)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = actions.open_batch(
                content=file.read(), name=file.name, token=secrets.token_hex(16), source=form.cleaned_data["source"],
                code=form.cleaned_data["code"], by=request.post, at=request.at,
            )  # fmt: skip
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("institution-import-page", batch.pk)
    context = {
        "title": _("导入台账"), "form": form, "steps": _steps(""), "cancel_url": reverse("institution-list"),
        "submit_label": _("上传并识别列"), "batches": list(queries.batches(request.scope)[:20]),
        "lead": _("先预览，确认后才写入；写入后还可以整批撤销。"),
    }  # fmt: skip
    return render(request, "institution/imports.html", context, status=422 if form.errors else 200)


@require_GET
@page("institution.import")
def one(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will show an import where it stands; while it works, the page refreshes itself."""
    batch = _found(request, pk)
    state = batch.state
    context: dict[str, Any] = {
        "title": _("导入：%s") % batch.file.name, "batch": batch, "state": state, "steps": _steps(state),
        "missing": [said(declared()[name].title) for name in batch.report.get("missing", ())],
    }  # fmt: skip
    if state == "columns":
        context["tables"] = _tables(batch)
    elif state == "preview":
        context |= _preview(request, batch)
    elif state == "shown":
        context["n_new"], context["n_updated"] = queries.imported(batch)
    elif state == "dropped":
        context["undoing"] = queries.undoing(batch)
    working = state in ("staging", "taking") or bool(context.get("undoing"))
    context |= {"working": working and not batch.failure, "stopped": working and bool(batch.failure)}
    if request.headers.get("HX-Request"):
        if not context["working"]:
            return HttpResponse(headers={"HX-Refresh": "true"})
        return render(request, "institution/import_progress.html", context)
    return render(request, f"institution/import_{TEMPLATES[state]}.html", context)


@require_POST
@page("institution.import")
def columns(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will keep how the columns are to be read, and start reading."""
    batch = _found(request, pk)
    choices = {
        (number, column["letters"]): request.POST[name] or None
        for number, table in enumerate(batch.mapping)
        for column in table["columns"]
        if (name := f"c-{number}-{column['letters']}") in request.POST
    }
    actions.map_batch(batch_id=pk, choices=choices, by=request.post, at=request.at)
    imports.stage.enqueue(pk)
    return redirect("institution-import-page", pk)


@require_POST
@page("institution.import")
def decide(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will keep what a person decided about the doubtful rows that were ticked."""
    _found(request, pk)
    rows = [int(row) for row in request.POST.getlist("pick") if row.isdecimal() and len(row) < 19]
    n_rows = actions.decide_rows(
        batch_id=pk, row_ids=rows, decision=request.POST.get("decision", ""), by=request.post, at=request.at
    )
    if n_rows < len(rows):
        messages.warning(request, _("%d 行没有可更新的机构或没有归属，未改") % (len(rows) - n_rows))
    return redirect(f"{reverse('institution-import-page', args=[pk])}?kind=doubt")


@require_POST
@page("institution.import")
def confirm(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will take the clerk's yes, and start taking over."""
    _found(request, pk)
    actions.confirm_batch(batch_id=pk, by=request.post, at=request.at)
    imports.show.enqueue(pk, request.post.pk)
    return redirect("institution-import-page", pk)


@require_POST
@page("institution.import")
def drop(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will give a batch up, or undo it."""
    _found(request, pk)
    hide_batch(batch_id=pk, by=request.post, at=request.at)
    imports.drop.enqueue(pk, request.post.pk)
    return redirect("institution-import-page", pk)


@require_POST
@page("institution.import")
def resume(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will go on with a batch whose work stopped."""
    batch = _found(request, pk)
    actions.fail_batch(batch_id=pk, why="")
    if batch.state == "staging":
        imports.stage.enqueue(pk)
    elif batch.state in ("taking", "shown"):
        imports.show.enqueue(pk, request.post.pk)
    elif batch.state == "dropped":
        imports.drop.enqueue(pk, request.post.pk)
    return redirect("institution-import-page", pk)


@require_GET
@page("institution.import")
@official
def problems(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will give what was not understood, cell by cell, as a workbook."""
    batch = _found(request, pk)
    answer = HttpResponse(content_type=XLSX, headers={"Content-Disposition": 'attachment; filename="problems.xlsx"'})
    safe = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(answer, safe) as book:
        sheet = book.add_worksheet(_("问题清单"))
        lines = [[_("位置"), _("单元格"), _("列"), _("问题")]]
        lines += [[sheet_name, "", column, why] for sheet_name, column, why in batch.report.get("remarks", ())]
        lines += [[row.place, *problem] for row in queries.staged(batch, "problems") for problem in row.problems]
        lines += [[row.place, "", "", row.doubt] for row in queries.staged(batch, "doubt")]
        for at, line in enumerate(lines):
            for column, text in enumerate(line):
                sheet.write_string(at, column, str(text))
        sheet.set_column(0, 2, 18)
        sheet.set_column(3, 3, 70)
    return answer


def _found(request: DeskRequest, pk: int) -> Batch:
    batch = queries.batches(request.scope).filter(pk=pk).first()
    if batch is None:
        raise Http404
    return batch


def _steps(state: str) -> list[dict[str, Any]]:
    here = next(at for at, (_label, states) in enumerate(STEPS) if state in states)
    last = len(STEPS) - 1
    return [
        {"label": label, "state": "done" if at < here or at == here == last else "now" if at == here else "todo"}
        for at, (label, _states) in enumerate(STEPS)
    ]


def _tables(batch: Batch) -> list[dict[str, Any]]:
    """The tables as understood, each column with the facts to choose from."""
    facts = [(name, fact.title) for name, fact in declared().items()]
    return [
        {
            "place": table["place"], "head": "-".join(map(str, dict.fromkeys(table["head"]))), "facts": facts,
            "columns": [{**column, "field": f"c-{number}-{column['letters']}"} for column in table["columns"]],
        }
        for number, table in enumerate(batch.mapping)
    ]  # fmt: skip


def _preview(request: DeskRequest, batch: Batch) -> dict[str, Any]:
    counts = queries.decided(batch)
    doubtful = queries.staged(batch, "doubt").count()
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else "doubt" if doubtful else "new"
    shown = page_of(request, queries.staged(batch, kind))
    rows: list[Any] = list(shown.object_list)
    differences = queries.differences(rows)
    places = divisions.names_of({row.code for row in rows if row.code})
    for row in rows:
        row.differences = differences.get(row.pk, [])
        row.where = " ".join(places[row.code]).strip() if row.code else ""
    shown.object_list = rows
    here = reverse("institution-import-page", args=[batch.pk])
    number = {**counts, "doubt": doubtful}
    return {
        "bulk_url": reverse("institution-import-decide", args=[batch.pk]) if kind == "doubt" else "",
        "counts": counts, "kind": kind, "page": shown, "counter": _("行"),
        "chips": [
            {"label": label, "url": f"{here}?kind={name}", "count": number[name], "active": name == kind}
            for name, label in KINDS.items()
        ],
        "remarks": batch.report.get("remarks", ())[:30], "n_remarks": batch.report.get("n_remarks", 0),
    }  # fmt: skip
