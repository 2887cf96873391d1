"""Bodies of a campaign: the tree with its gaps, one with who sits in it and who sat, the list as 附件1 in Word and as a workbook."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shouhu.engines.documents import letters
from shouhu.engines.rules.facts import declared
from shouhu.ledgers.campaigns import actions, queries, workflow
from shouhu.ledgers.campaigns.models import BODY_KINDS, SEATS, Body, Seat
from shouhu.ledgers.campaigns.queries import Branch
from shouhu.ledgers.institutions.values import masked
from shouhu.ledgers.journal import actions as journal
from shouhu.web.access import DeskRequest, page
from shouhu.web.language import official
from shouhu.web.listing import column, export
from shouhu.web.papers import word
from shouhu.web.views.campaign.forms import campaign_of

ANNEX = "附件1"
"""As 001 and 002-10 number the list of the 工作组."""


@page("campaign.view")
@require_GET
def tree(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will show the bodies of a campaign, those below right after those above, and which seats are empty."""
    campaign, today = campaign_of(request, pk), localdate(request.at)
    branches = queries.tree(request.scope, campaign, today)
    return render(request, "campaign/bodies.html", {
        "title": _("组织机构"), "campaign": campaign, "branches": [_line(one) for one in branches],
        "n_empty": sum(len(one.missing) for one in branches), "without": queries.towns_without(request.scope, campaign, today),
        "may_add": request.scope.may("campaign.body"), "export_url": reverse("campaign-bodies-export", args=[pk]),
    })  # fmt: skip


@page("campaign.view")
@require_GET
@official
def export_list(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will give everybody who sits in a body of a campaign as a workbook, telephones masked."""
    campaign, today = campaign_of(request, pk), localdate(request.at)
    columns = [
        column("序号", 6, "count"), column("机构", 30), column("姓名", 10, "centre"), column("单位", 26), column("职务", 20),
        column("组内职务", 10, "centre"), column("联系电话", 16, "centre"), column("自", 12, "date"),
    ]  # fmt: skip
    seats = [(branch.body, seat) for branch in queries.tree(request.scope, campaign, today) for seat in branch.seats]
    lines = [
        (n, body.name, one.name, one.employer or None, one.position or None, SEATS[one.role], _masked(one.phone) or None, one.from_on)
        for n, (body, one) in enumerate(seats, 1)
    ]  # fmt: skip
    return export(request, title="工作组名单", columns=columns, rows=lines, n_rows=len(lines), narrowed=campaign.title,
                  note="说明：联系电话隐去中间几位；需要完整名单的，到各机构的页面导出 Word。")  # fmt: skip


@page("campaign.view")
@require_GET
def show(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will show a body."""
    return _shown(request, _found(request, pk), unmasked=False)


@page("campaign.body")
@require_POST
def unmask(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will show a body once with its telephones in full, and journal it; to whoever keeps the list."""
    body = _kept(request, pk)
    journal.record(
        verb="body.unmasked", subject=body, by=request.post.code, at=request.at, code=body.unit.code, outcome="read"
    )
    return _shown(request, body, unmasked=True)


@page("campaign.body")
@require_POST
@official
def export_word(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will give the list of a body as 附件1 in Word, with telephones, to whoever keeps the list; journalled."""
    body, today = _kept(request, pk), localdate(request.at)
    journal.record(
        verb="body.exported", subject=body, by=request.post.code, at=request.at, code=body.unit.code, outcome="read"
    )
    branch = queries.branch(body, today)
    columns = ("序号", "姓名", "单位", "职务", "组内职务", "联系电话")
    table = letters.Table(columns, tuple(
        (n, one.name, one.employer, one.position, SEATS[one.role], one.phone) for n, one in enumerate(branch.seats, 1)
    ))  # fmt: skip
    missing = "、".join(SEATS[role] for role in branch.missing)
    notes = [f"截至{today.year}年{today.month}月{today.day}日。", f"尚缺：{missing}。" if missing else ""]
    made = letters.letter("members", {
        "annex": ANNEX, "heading": f"{body.name}名单", "table": table, "notes": [one for one in notes if one],
    })  # fmt: skip
    return word(made, f"{body.name}名单{today:%Y%m%d}")


def _shown(request: DeskRequest, body: Body, *, unmasked: bool) -> HttpResponse:
    today = localdate(request.at)
    branch, is_kept = (
        queries.branch(body, today),
        actions.may_keep(body.unit, body.campaign, request.post) and not body.to_on,
    )
    return render(request, "campaign/body.html", {
        "title": body.name, "body": body, "campaign": body.campaign, "kind": BODY_KINDS[body.kind], "unmasked": unmasked,
        "is_kept": is_kept, "missing": [SEATS[role] for role in branch.missing],
        "seats": [_seat(one, is_kept, unmasked) for one in branch.seats],
        "former": [_seat(one, False, unmasked) for one in queries.history(body, today)],
        "directs": workflow.runs(body.campaign, request.post),
    })  # fmt: skip


def _seat(seat: Seat, is_kept: bool, unmasked: bool) -> dict[str, Any]:
    return {
        "row": seat,
        "role": SEATS[seat.role],
        "phone": seat.phone if unmasked else _masked(seat.phone),
        "may_change": is_kept,
    }


def _masked(phone: str) -> str:
    return masked(declared()["phone"], phone) if phone else ""


def _line(branch: Branch) -> dict[str, Any]:
    return {
        "body": branch.body, "indent": "　" * branch.depth, "kind": BODY_KINDS[branch.body.kind], "head": branch.head,
        "liaison": branch.liaison, "n": len(branch.seats), "missing": [SEATS[role] for role in branch.missing],
        "needs_liaison": "liaison" in branch.missing, "needs_head": "head" in branch.missing,
    }  # fmt: skip


def _found(request: DeskRequest, pk: int) -> Body:
    body = queries.body(request.scope, pk)
    if body is None:
        raise Http404
    return body


def _kept(request: DeskRequest, pk: int) -> Body:
    """A body whose list the post keeps: nobody else reads its telephones."""
    body = _found(request, pk)
    if not actions.may_keep(body.unit, body.campaign, request.post):
        raise workflow.NotNow(_("联系电话由本单位或专项办查看"))
    return body
