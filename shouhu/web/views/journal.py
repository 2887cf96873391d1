"""留痕 for auditors: the list, all about one subject, the check of the chain, the export."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import get_current_timezone, localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouhu.ledgers.journal import actions, queries
from shouhu.ledgers.journal.chain import noted_head
from shouhu.ledgers.journal.models import Entry
from shouhu.ledgers.units import queries as units
from shouhu.ledgers.units.codes import span
from shouhu.ledgers.units.refusals import Refused
from shouhu.web.access import DeskRequest, page
from shouhu.web.paging import page_of

OUTCOMES = {"done": _("已办"), "refused": _("被拒绝"), "read": _("查看")}
SHOWN = 500
"""Faults that a page shows."""


class NotTopmost(Refused):
    """The chain belongs to the whole installation; only its topmost auditor takes it out or checks it."""


class Filters(forms.Form):
    """What an auditor looks for."""

    subject = forms.CharField(
        label=_("事项"), required=False, max_length=60, widget=forms.TextInput({"placeholder": "institution/12"})
    )
    by = forms.CharField(label=_("岗位或账号"), required=False, max_length=60)
    code = forms.CharField(label=_("区划代码"), required=False, max_length=15)
    verb = forms.ChoiceField(label=_("办理"), required=False)
    outcome = forms.ChoiceField(label=_("结果"), required=False, choices=[("", _("全部")), *OUTCOMES.items()])
    first = forms.DateField(label=_("自"), required=False, widget=forms.DateInput({"type": "date"}))
    last = forms.DateField(label=_("至"), required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["verb"].choices = [("", _("全部")), *queries.verbs().items()]  # type: ignore[attr-defined]

    def applied(self, rows: QuerySet[Entry]) -> QuerySet[Entry]:
        """This function will keep the entries that are looked for; a filter that cannot be read keeps none."""
        if not self.is_valid():
            return rows.none()
        wanted, zone = self.cleaned_data, get_current_timezone()
        for name in ("subject", "by", "outcome"):
            if wanted[name]:
                rows = rows.filter(**{name: wanted[name].strip()})
        if wanted["verb"]:
            rows = (
                rows.filter(verb__startswith="refused.")
                if wanted["verb"] == "refused"
                else rows.filter(verb=wanted["verb"])
            )
        if wanted["code"].strip().isdigit() and len(wanted["code"].strip()) >= 12:
            low, high = span(wanted["code"].strip())
            rows = rows.filter(code__gte=low, code__lt=high)
        elif wanted["code"].strip():
            rows = rows.filter(code__startswith=wanted["code"].strip())
        if wanted["first"]:
            rows = rows.filter(at__gte=datetime.combine(wanted["first"], time(), zone))
        if wanted["last"]:
            rows = rows.filter(at__lt=datetime.combine(wanted["last"] + timedelta(days=1), time(), zone))
        return rows


@page("journal.view")
@require_GET
def listed(request: DeskRequest) -> HttpResponse:
    """This function will list the entries of the auditor's range, the latest first."""
    filters = Filters(request.GET or None) if request.GET else Filters({})
    rows = filters.applied(queries.seen(request.scope.low, request.scope.high))
    return render(request, "journal/list.html", {
        **_shown(request, rows), "title": _("留痕"), "filters": filters, "counter": _("条"), "head": queries.head(),
        "may_export": request.scope.may("journal.export"), "export_url": reverse("journal-list-export"),
        "empty_title": _("还没有留痕"), "empty_text": _("每一次办理、被拒绝的办理和对密封内容的查看都记在这里。"),
    })  # fmt: skip


@page("journal.view")
@require_GET
def subject(request: DeskRequest, kind: str, key: str) -> HttpResponse:
    """This function will list everything that happened to one subject."""
    name = f"{kind}/{key}"
    rows = queries.seen(request.scope.low, request.scope.high).filter(subject=name)
    if not rows.exists():
        raise Http404
    return render(request, "journal/subject.html", {**_shown(request, rows), "title": name, "counter": _("条")})


def _shown(request: DeskRequest, rows: QuerySet[Entry]) -> dict[str, Any]:
    found = page_of(request, rows)
    entries = list(found.object_list)
    posts = units.signers(one.by for one in entries)
    people = units.people_named(one.by for one in entries)
    places = units.names({one.code for one in entries})
    rows_shown: list[Any] = [
        {
            "entry": one, "told": queries.told(one.verb), "outcome": OUTCOMES[one.outcome], "place": places.get(one.code, ""),
            "post": posts.get(one.by), "person": people.get(one.by), "names": "、".join(one.fields), "kind": one.subject.partition("/")[0],
            "key": one.subject.partition("/")[2],
        }
        for one in entries
    ]  # fmt: skip
    found.object_list = rows_shown
    return {"page": found}


@page("journal.view")
@require_http_methods(["GET", "POST"])
def verify(request: DeskRequest) -> HttpResponse:
    """This function will check the chain, against a head noted elsewhere if one is given, and tell every fault."""
    _must_be_topmost(request)
    context: dict[str, Any] = {
        "title": _("核对留痕链条"),
        "head": queries.head(),
        "typed": request.POST.get("head", ""),
    }
    if request.method == "POST":
        try:
            noted = dict(noted_head(context["typed"])) if context["typed"].strip() else None
        except ValueError:
            context["error"] = gettext("链尾应为“条数 摘要”，例如“1024 5f3a…”（摘要64位），请照打印件填写")
            return render(request, "journal/verify.html", context, status=400)
        found = queries.faults_here()
        if noted:
            found += queries.faults_here(noted)
        faults = list(dict.fromkeys(found))
        actions.record(verb="journal.verified", subject="journal/all", by=request.post.code, at=request.at,
                       code=request.post.unit.code, outcome="read", changes={"n_faults": (None, len(faults))})  # fmt: skip
        context |= {"checked": True, "faults": faults[:SHOWN], "n_faults": len(faults), "noted": noted}
    return render(request, "journal/verify.html", context)


@page("journal.export")
@require_POST
def export(request: DeskRequest) -> StreamingHttpResponse:
    """This function will stream the whole chain as a file; taking it is itself an entry, and the last one in it."""
    _must_be_topmost(request)
    actions.record(verb="journal.exported", subject="journal/all", by=request.post.code, at=request.at,
                   code=request.post.unit.code, outcome="read")  # fmt: skip
    answer = StreamingHttpResponse(queries.exported(), content_type="application/x-ndjson")
    answer["Content-Disposition"] = f'attachment; filename="journal-{localtime(request.at):%Y%m%d-%H%M}.jsonl"'
    return answer


def _must_be_topmost(request: DeskRequest) -> None:
    """The chain cannot be cut by place, so it is for auditors above whom there is no other."""
    if units.has_auditor_above(request.post):
        raise NotTopmost(gettext("整条链属于全系统，请由上级审计员导出和核对；本辖区的留痕可在列表中查看"))
