"""陈述申辩: filed by an institution or for it, answered with grounds; and the 更正通知 that follow."""

from __future__ import annotations

import secrets
from fractions import Fraction
from itertools import groupby
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouhu.engines.documents.cells import read_column
from shouhu.engines.periods import deadlines
from shouhu.engines.rules.facts import declared
from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.disposals.actions import settle_objection
from shouhu.ledgers.institutions import queries as institutions
from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.ratings import actions, queries
from shouhu.ledgers.ratings.models import Correction, Objection
from shouhu.ledgers.vault.actions import content_of, store
from shouhu.ledgers.vault.models import StoredFile
from shouhu.web import words
from shouhu.web.access import DeskRequest, page
from shouhu.web.paging import page_of
from shouhu.web.views import rating_words as told
from shouhu.web.views.rating import gravest_first, seen

LARGEST = 10 * 1024 * 1024
KINDS = {"pdf": "application/pdf", "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png"}
"""What may be attached, by the end of its name."""


class PaperForm(forms.Form):
    """A file that bears an objection out."""

    file = forms.FileField(label=_("证明材料"), help_text=_("PDF 或照片（JPG、PNG），10 MB 以内"))

    def clean_file(self) -> UploadedFile[Any] | None:
        """This function will refuse what is too large or of another kind."""
        file: UploadedFile[Any] | None = self.cleaned_data["file"]
        if file and (file.size or 0) > LARGEST:
            raise forms.ValidationError(_("文件超过 10 MB，请压缩后再传"))
        if file and _ending(file) not in KINDS:
            raise forms.ValidationError(_("只收 PDF、JPG、PNG 文件"))
        return file


class FileForm(PaperForm):
    """An objection."""

    says = forms.CharField(
        label=_("哪里不对，实际情况是什么"), max_length=2000, widget=forms.Textarea({"rows": 6}),
        help_text=_("请写明事实和依据；请勿写与本事项无关的个人信息"),
    )  # fmt: skip
    field_order = ("says", "file")

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.fields["file"].required = False


class AnswerForm(forms.Form):
    """The answer; what is asked besides depends on what is contested: the right value, or the right colour."""

    is_upheld = forms.TypedChoiceField(
        label=_("结论"), choices=[("yes", _("成立，予以更正")), ("no", _("不成立，维持原记录"))], widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
    )  # fmt: skip
    grounds = forms.CharField(
        label=_("理由"),
        max_length=2000,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("机构会看到；请写明核查经过和依据"),
    )

    def __init__(self, data: Any, objection: Objection) -> None:
        super().__init__(data)
        self.fact = declared().get(objection.fact)
        if self.fact:
            unit = f"（{self.fact.unit}）" if self.fact.unit else ""
            self.fields["value"] = forms.CharField(
                label=_("更正为") + unit, required=False, max_length=200,
                help_text=_("成立时填写，写法同台账（是/否、数字、约数、人员）；留空表示改为“未知”，需补充排查"),
            )  # fmt: skip
        else:
            self.fields["colour"] = forms.ChoiceField(
                label=_("等级应为"), required=False, choices=[("", "—"), *gravest_first()]
            )
            self.fields["expires_on"] = forms.DateField(
                label=_("截止日期"), required=False, widget=forms.DateInput({"type": "date"}),
                help_text=_("成立时填写；由另一人签字后生效"),
            )  # fmt: skip

    def clean_value(self) -> Any:
        """This function will read the right value as a register would be read."""
        assert self.fact is not None
        values, problems = read_column(self.fact, [self.cleaned_data["value"].strip() or None], Fraction(1), {})
        if problems:
            raise forms.ValidationError(problems[0][1])
        return values[0]


class ListForm(forms.Form):
    """What the list of objections is narrowed to."""

    STATES: ClassVar[dict[str, tuple[Any, dict[str, Any]]]] = {
        "open": (_("办理中"), {"decided_at": None}),
        "upheld": (_("成立，已更正"), {"is_upheld": True}),
        "rejected": (_("不成立"), {"is_upheld": False}),
    }
    q = forms.CharField(
        label=_("名称、编号、拼音首字母"), required=False, max_length=60, widget=forms.TextInput({"type": "search"})
    )
    state = forms.ChoiceField(
        label=_("结论"),
        required=False,
        choices=[("", _("全部")), *((key, label) for key, (label, _rows) in STATES.items())],
    )

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """This function will keep the objections that were asked for; what was filled in wrongly narrows nothing."""
        self.is_valid()
        if text := self.cleaned_data.get("q"):
            rows = rows.filter(institution__in=institutions.search(Institution.objects.all(), text))
        if state := self.cleaned_data.get("state"):
            rows = rows.filter(**self.STATES[state][1])
        return rows


@require_GET
@page("objection.view")
def listing(request: DeskRequest) -> HttpResponse:
    """This function will list the objections, the open ones first by the day they are due."""
    form = ListForm(request.GET)
    shown = page_of(request, form.narrow(queries.objections(request.scope)))
    calendar, today = campaigns.calendar(), localdate(request.at)
    shown.object_list = [
        {"row": one, "about": about(one), "left": days_left(one, today, calendar)} for one in shown.object_list
    ]
    n_owed = queries.corrections(request.scope).filter(sent_at=None).count()
    return render(request, "objection/list.html", {
        "title": _("异议"), "page": shown, "counter": _("件"), "n_owed": n_owed, "filters": form,
        "export_url": reverse("objection-export") if request.scope.may("institution.export") else "",
        "empty_title": _("还没有异议"), "empty_text": _("机构对记录或等级不服，可用机构账号提出，也可由办公室代为登记（在该机构的等级页）。"),
    })  # fmt: skip


def about(objection: Objection) -> str:
    """This function will name what is contested."""
    fact = declared().get(objection.fact)
    return str(words.said(fact.title)) if fact else gettext("风险等级")


def days_left(objection: Objection, today: Any, calendar: Any) -> int | None:
    """This function will give the worked days left for the answer, negative when overdue; None once it is given."""
    if objection.decided_at:
        return None
    return deadlines.overdue(today, objection.due_on, calendar) or -deadlines.overdue(objection.due_on, today, calendar)


@require_http_methods(["GET", "POST"])
@page("objection.file")
def new(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will take an objection to a fact or to the colour, by the institution or for it."""
    institution = seen(request, pk)
    name = request.GET.get("fact", "")
    if name and name not in declared():
        raise Http404
    form = FileForm(request.POST or None, request.FILES or None)
    back = reverse("own-home") if request.post.subject else reverse("rating-page", args=[pk])
    if request.method == "POST" and form.is_valid():
        file = stored(request, form.cleaned_data["file"]) if form.cleaned_data["file"] else None
        made = actions.file_objection(institution_id=pk, fact=name, says=form.cleaned_data["says"], file=file,
                                      by=request.post, at=request.at)  # fmt: skip
        messages.success(request, _("已受理，最迟%(day)s答复") % {"day": made.due_on})
        return redirect(back)
    version = institutions.version(institution, institution.n)
    held = {**version.facts, **(version.personal or {})}
    return render(request, "objection/new.html", {
        "title": _("提出异议"), "institution": institution, "form": form, "submit_label": _("提交异议"), "cancel_url": back,
        "fact": declared().get(name), "value": told.written(name, held.get(name)) if name else "",
        "origin": told.told_origin(version.origins.get(name)), "standing": queries.standing_of(institution),
        "n_days": actions.OBJECTION_DAYS,
    })  # fmt: skip


@require_GET
@page("objection.view")
def one(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will show an objection, what it contests, and the answer or the form for it."""
    return _page(request, _objection(request, pk), None)


@require_POST
@page("objection.decide")
def decide(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will answer an objection; what is upheld is put right at once."""
    objection = _objection(request, pk)
    form = AnswerForm(request.POST, objection)
    if not form.is_valid():
        return _page(request, objection, form)
    settle_objection(objection_id=pk, by=request.post, at=request.at, **form.cleaned_data)
    messages.success(request, _("已答复，机构可以看到"))
    owed = queries.corrections(request.scope).filter(objection=pk).count()
    if owed:
        messages.warning(request, _("有 %(n)s 个接收单位收到过原来的内容，请发出更正通知") % {"n": owed})
        return redirect(f"{reverse('objection-corrections')}?objection={pk}")
    return redirect("objection-page", pk=pk)


def _page(request: DeskRequest, objection: Objection, form: AnswerForm | None) -> HttpResponse:
    held = {**objection.version.facts, **(objection.version.personal or {})}
    calendar, today = campaigns.calendar(), localdate(request.at)
    may_decide = request.scope.may("objection.decide") and objection.decided_at is None
    return render(request, "objection/page.html", {
        "title": gettext("对“%s”的异议") % about(objection), "objection": objection, "institution": objection.institution,
        "value": told.written(objection.fact, held.get(objection.fact)) if objection.fact else "",
        "origin": told.told_origin(objection.version.origins.get(objection.fact)), "standing": queries.standing_of(objection.institution),
        "left": days_left(objection, today, calendar), "may_decide": may_decide,
        "form": form or (AnswerForm(None, objection) if may_decide else None),
        "decision": objection.decision and told.decided(objection.decision),
        "n_corrections": objection.corrections.count(),
        "how": deadlines.due(localdate(objection.filed_at), actions.OBJECTION_DAYS, calendar),
    }, status=400 if form else 200)  # fmt: skip


@require_GET
@page("objection.view")
def file(request: DeskRequest, token: str) -> HttpResponse:
    """This function will give a file of an objection for download."""
    return handed_out(request, token)


def handed_out(request: DeskRequest, token: str) -> HttpResponse:
    """This function will give a file of an objection that the post may see; that it was read is journalled."""
    exhibit = queries.exhibit(request.scope, token)
    if exhibit is None:
        raise Http404
    journal.record(verb="file.read", subject=exhibit.file, by=request.post.code, at=request.at, outcome="read",
                   code=request.post.unit.code)  # fmt: skip
    answer = HttpResponse(content_of(exhibit.file), content_type=exhibit.file.media_type)
    ending = next(end for end, kind in KINDS.items() if kind == exhibit.file.media_type)
    answer["Content-Disposition"] = f'attachment; filename="objection-{exhibit.objection_id}-{exhibit.pk}.{ending}"'
    return answer


@require_GET
@page("objection.view")
def corrections(request: DeskRequest) -> HttpResponse:
    """This function will list the 更正通知 by receiver, ready to print; those of one objection if asked."""
    rows = queries.corrections(request.scope)
    wanted = request.GET.get("objection", "")
    if wanted.isascii() and wanted.isdigit():
        rows = rows.filter(objection=int(wanted))
    groups = [
        {"receiver": receiver, "is_sent": is_sent, "rows": [_correction(row) for row in group]}
        for (is_sent, receiver), group in groupby(
            rows, key=lambda row: (row.sent_at is not None, row.disclosure.receiver)
        )
    ]
    return render(request, "objection/corrections.html", {
        "title": _("更正通知"), "groups": groups, "may_confirm": request.scope.may("objection.decide"),
    })  # fmt: skip


def _correction(row: Correction) -> dict[str, Any]:
    """What was handed out, and what is right now."""
    objection, disclosure = row.objection, row.disclosure
    held = {**objection.version.facts, **(objection.version.personal or {})}
    version = institutions.version(disclosure.institution, disclosure.institution.n)
    now = {**version.facts, **(version.personal or {})}
    name = objection.fact
    standing = disclosure.institution.standing
    return {
        "row": row, "about": about(objection),
        "was": told.written(name, held.get(name)) if name else "", "now": told.written(name, now.get(name)) if name else "",
        "colour_was": words.colour(disclosure.colour), "colour_now": words.colour(standing.colour),
        "waits": words.colour(standing.falls_to) if standing.falls_to else "",
    }  # fmt: skip


@require_POST
@page("objection.decide")
def confirm_sent(request: DeskRequest) -> HttpResponse:
    """This function will note that corrections reached their receiver."""
    picked = [int(pk) for pk in request.POST.getlist("pick") if pk.isascii() and pk.isdigit()]
    seen_here = queries.corrections(request.scope).filter(pk__in=picked).values_list("pk", flat=True)
    n = actions.confirm_sent(correction_ids=list(seen_here), by=request.post, at=request.at)
    messages.success(request, _("已登记 %(n)s 条更正送达") % {"n": n})
    return redirect("objection-corrections")


def _objection(request: DeskRequest, pk: int) -> Objection:
    found = queries.objections(request.scope).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def stored(request: DeskRequest, file: UploadedFile[Any]) -> StoredFile:
    """This function will seal a file that was handed in."""
    return store(content=file.read(), name=file.name or "", media_type=KINDS[_ending(file)], token=secrets.token_hex(16),
                 by=request.post.code, at=request.at)  # fmt: skip


def _ending(file: UploadedFile[Any]) -> str:
    return (file.name or "").lower().rpartition(".")[2]
