"""The form of every act on a tip: shows it, takes the act, and tells a refusal above what was typed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shouhu.ledgers.tips import actions, queries, workflow
from shouhu.ledgers.tips.models import Bar, Report, Tip, Transfer
from shouhu.ledgers.units.refusals import Refused
from shouhu.web import bulk
from shouhu.web.access import DeskRequest, note_refusal, page
from shouhu.web.views.tip import files, told
from shouhu.web.views.tip.asking import ActForm
from shouhu.web.views.tip.concluding import conclude
from shouhu.web.views.tip.drafting import draft
from shouhu.web.views.tip.forms import FORMS, NoForm, WhyForm
from shouhu.web.views.tip.lists import receivers
from shouhu.web.views.tip.surveying import survey
from shouhu.web.work import forget_tips

ROUTES = {
    "tip.triage": "tip-sort", "tip.assign": "tip-hand", "tip.verify": "tip-verify", "tip.reply": "tip-answer",
    "tip.approve": "tip-approve",
}  # fmt: skip
"""Right to the route of the acts that need it."""
OWN = {"conclude": conclude, "survey": survey}
"""Acts whose pages are more than a form."""
AS_HELPER = {"accept": "help", "give_back": "leave"}
"""What an act is called where the unit only helps."""
WITH_WORDS = ("triage", "retriage", "recopy")
"""Acts that decide what units get to read: done with the words as told and what was added beside the form."""
GET_POST = ["GET", "POST"]


@page("tip.triage")
@require_http_methods(GET_POST)
def sort(request: DeskRequest, pk: int, verb: str) -> HttpResponse:
    """This function will show and take an act of sorting: 甄别, 关联机构, 合并, 回避."""
    return _act(request, pk, verb, "tip.triage")


@page("tip.assign")
@require_http_methods(GET_POST)
def hand(request: DeskRequest, pk: int, verb: str) -> HttpResponse:
    """This function will show and take an act of handing out: 分办, 联合办理, 转出, 挂起, 重启, 转为排查."""
    return _act(request, pk, verb, "tip.assign")


@page("tip.verify")
@require_http_methods(GET_POST)
def verify(request: DeskRequest, pk: int, verb: str) -> HttpResponse:
    """This function will show and take an act of the unit that verifies: 接收, 退回, 核查结论."""
    return _act(request, pk, verb, "tip.verify")


@page("tip.reply")
@require_http_methods(GET_POST)
def answer(request: DeskRequest, pk: int, verb: str) -> HttpResponse:
    """This function will show and take an act towards the informant, and the report that follows."""
    return _act(request, pk, verb, "tip.reply")


@page("tip.approve")
@require_http_methods(GET_POST)
def approve(request: DeskRequest, pk: int, verb: str) -> HttpResponse:
    """This function will show and take an act of approval: 审批, 退回修改, 归档, 督办."""
    return _act(request, pk, verb, "tip.approve")


@page("tip.assign")
@require_http_methods(GET_POST)
def receive(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will record that somebody outside the house confirmed a tip that was passed on."""
    transfer = queries.transfers(request.scope).filter(pk=pk).first()
    if transfer is None:
        raise Http404
    facts: list[dict[str, Any]] = [{"label": _("转给"), "value": transfer.to_name or str(transfer.to_unit and transfer.to_unit.name)},
                                   {"label": _("送出时间"), "value": transfer.sent_at}]  # fmt: skip
    form = NoForm(
        transfer.tip, request.scope, localdate(request.at), request.POST if request.method == "POST" else None
    )
    return _take(request, transfer.tip, "receive", form, actions.receive_receipt, {"transfer_id": pk}, facts)


@page("tip.unbar")
@require_http_methods(GET_POST)
def unbar(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will lift a bar: the text mentions the unit or person, and is not about them."""
    rows = queries.about(request.scope, Bar.objects.select_related("tip", "unit", "post__unit"))
    bar = rows.filter(pk=pk).first()
    if bar is None:
        raise Http404
    facts = [{"label": _("谁要回避"), "value": bar.unit.name if bar.unit else told.post(bar.post)}]
    form = WhyForm(bar.tip, request.scope, localdate(request.at), request.POST if request.method == "POST" else None)
    return _take(request, bar.tip, "unbar", form, actions.unbar, {"bar_id": pk}, facts)


@page("tip.assign")
@require_POST
def assign_many(request: DeskRequest) -> HttpResponse:
    """This function will hand the ticked tips to a unit, each by itself, after showing what that would change; a refused one says why."""
    picked = [int(one) for one in request.POST.getlist("pick") if one.isascii() and one.isdigit() and len(one) < 19]
    found = list(queries.seen(request.scope).filter(pk__in=picked).order_by("pk"))
    wanted = request.POST.get("unit", "")
    unit = next(((pk, name) for pk, name in receivers(request) if str(pk) == wanted), None)
    if unit is None or not found:
        messages.error(request, _("请先勾选线索，再选择承办单位"))
        return redirect("tip-list")
    if bulk.wants_preview(request):
        return bulk.preview(
            request, title=_("分办"), to=[(_("承办单位"), unit[1])], names=[tip.number for tip in found],
            before=[tip.unit.name for tip in found], counter=_("条"), cancel_url=reverse("tip-list"),
        )  # fmt: skip
    n_done = 0
    for tip in found:
        try:
            actions.assign(tip_id=tip.pk, unit_id=unit[0], handler_id=None, says="", by=request.post, at=request.at)
            n_done += 1
        except Refused as refusal:
            note_refusal(request)
            messages.error(request, f"{tip.number}：{refusal}")
    forget_tips(request)
    if n_done:
        messages.success(request, _("已把 %(n)d 条线索分办给%(unit)s") % {"n": n_done, "unit": unit[1]})
    return redirect("tip-list")


def found(request: DeskRequest, pk: int) -> Tip:
    """
    This function will give a tip that the scope may see.

    :raises Http404: it is not there, or not theirs.
    """
    tip = queries.one(request.scope, pk)
    if tip is None:
        raise Http404
    return tip


def hindrance(request: DeskRequest, tip: Tip, verb: str) -> str:
    """This function will say why a post cannot take an act now, before anything is typed; empty if nothing is known against it."""
    verb = AS_HELPER[verb] if verb in AS_HELPER and helps(request, tip) else verb
    step = workflow.transitions()[verb]
    try:
        workflow.in_state(tip, verb)
    except Refused as refusal:
        return str(refusal)
    if step.holder and tip.unit_id != request.post.unit_id:
        return _("线索现在由%(unit)s办理，这一步由该单位办理") % {"unit": tip.unit.name}
    return ""


def helps(request: DeskRequest, tip: Tip) -> Transfer | None:
    """This function will give the transfer by which the unit of a post helps with a tip, if it does."""
    if tip.unit_id == request.post.unit_id:
        return None
    rows = Transfer.objects.filter(tip=tip, is_joint=True, to_unit=request.post.unit_id, ended_at=None)
    return rows.first()


def _act(request: DeskRequest, pk: int, verb: str, right: str) -> HttpResponse:
    tip = found(request, pk)
    step = workflow.transitions().get(verb)
    if step is None or step.right != right or not (verb in FORMS or verb in OWN):
        raise Http404
    why_not = hindrance(request, tip, verb) if request.method == "GET" else ""
    if verb in OWN:
        return OWN[verb](request, tip, why_not)
    form = _form(request, tip, verb)
    facts = _facts(tip, verb)
    if verb in WITH_WORDS:
        actions.note_reading(tip_id=tip.pk, by=request.post, at=request.at)
    return _take(request, tip, verb, form, getattr(actions, verb), {"tip_id": pk}, facts, why_not)


def _form(request: DeskRequest, tip: Tip, verb: str) -> ActForm:
    today = localdate(request.at)
    if request.method == "POST":
        return FORMS[verb](tip, request.scope, today, request.POST)
    initial: dict[str, Any] = {}
    if verb == "merge" and request.GET.get("into", "").isdecimal():
        initial["into"] = f"X{int(request.GET['into'][:15]):06d}"
    if verb == "link" and request.GET.get("to", "").isdecimal():
        initial["institution_id"] = int(request.GET["to"][:15])
    if verb == "report":
        before = Report.objects.filter(tip=tip, returned_at__isnull=False).order_by("-pk").first()
        initial["text"] = before.text if before else draft(request.scope, tip)
    return FORMS[verb](tip, request.scope, today, **initial)


def _take(
    request: DeskRequest, tip: Tip, verb: str, form: ActForm, act: Any, key: dict[str, int], facts: list[dict[str, Any]],
    why_not: str = "",
) -> HttpResponse:  # fmt: skip
    """Take the act; a refusal is journalled by itself and told above the form, which keeps what was typed."""
    step, back, status = workflow.transitions()[verb], reverse("tip-page", args=[tip.pk]), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                act(**key, **form.given(), by=request.post, at=request.at)
            except Refused as refusal:
                note_refusal(request)
                form.add_error(None, str(refusal))
                status = 409
            else:
                forget_tips(request)
                messages.success(request, _("已办理：%(step)s") % {"step": step.says})
                return redirect("tip-list" if queries.one(request.scope, tip.pk) is None else back)
    return render(request, "tip/act.html", {
        "title": step.says, "tip": tip, "verb": verb, "form": form, "lead": form.lead, "facts": facts, "guard": step.guard,
        "hindrance": why_not, "hindered": getattr(form, "hindered", []), "submit_label": step.says, "cancel_url": back,
        **(_beside(request, tip, form) if verb in WITH_WORDS else {}),
        "warnings": queries.warnings(request.scope, tip) if verb in ("assign", "join") else [],
    }, status=status)  # fmt: skip


def _beside(request: DeskRequest, tip: Tip, form: ActForm) -> dict[str, Any]:
    """The words as told and what was added since, beside the form; and the files, each with its tick where units may have it."""
    words = queries.words(request.scope, tip)
    since, added = queries.added(request.scope, tip)
    ticks = {int(one.data["value"]): one.tag() for one in form["released"]}
    handed_in = files.handed_in(tip, list(queries.attachments(request.scope, tip)), may_original=words.is_original)
    return {"words": words, "pieces": told.pieces(words.text, tip.reading), "besides": told.besides(tip, words.told),
            "reading": told.reading_of(tip), "since": since, "added": added,
            "files": [{**one, "tick": ticks.get(one["pk"], "")} for one in handed_in if not one["is_erased"]]}  # fmt: skip


def _facts(tip: Tip, verb: str) -> list[dict[str, Any]]:
    """What a person has to have before their eyes beside the form."""
    facts: list[dict[str, Any]] = [
        {"label": _("名目和手法"), "value": " ".join(filter(None, (told.guise(tip.guise), told.scheme(tip.scheme))))},
        {"label": _("地点"), "value": told.places([tip.code])[tip.code]},
        {"label": _("承办单位"), "value": tip.unit.name},
    ]
    if verb in ("assign", "join"):
        facts.append({"label": _("给承办单位的脱敏文本"), "value": tip.copy})
    finding = queries.findings(tip).filter(replaced_at=None).first()
    if finding and verb in ("reply", "report", "approve", "send_back"):
        facts += [{"label": _("核查结论"), "value": finding.get_outcome_display()},
                  {"label": _("查明的事实"), "value": finding.facts}]  # fmt: skip
    report = Report.objects.filter(tip=tip, returned_at=None, approved_at=None).select_related("made_by__unit").first()
    if report and verb in ("approve", "send_back"):
        facts += [{"label": _("提交人"), "value": told.post(report.made_by)},
                  {"label": _("办结报告"), "value": report.text}]  # fmt: skip
    return facts
