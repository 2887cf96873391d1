"""The draft of the closing report with its numbers linked, the same as Word; and the step into standing work."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from shouhu.engines.documents import letters
from shouhu.figures.summary import Figure, Piece, Section, Words, summary
from shouhu.ledgers.campaigns import actions, workflow
from shouhu.ledgers.journal import actions as journal
from shouhu.web.access import DeskRequest, page
from shouhu.web.language import official
from shouhu.web.papers import word
from shouhu.web.views.campaign.forms import Stand, answered, campaign_of


@page("campaign.view")
@require_GET
def show(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will show the draft of the closing report."""
    campaign, today = campaign_of(request, pk), localdate(request.at)
    return render(request, "campaign/summary.html", {
        "title": _("总结"), "campaign": campaign, "sections": [_shown(one) for one in summary(request.scope, campaign, request.at)],
        "is_over": today > campaign.ends_on,
        "may_stand": today > campaign.ends_on and campaign.standing_at is None and workflow.runs(campaign, request.post),
    })  # fmt: skip


@page("campaign.view")
@require_GET
@official
def export_word(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will give the draft as a Word file."""
    campaign, today = campaign_of(request, pk), localdate(request.at)
    journal.record(verb="summary.exported", subject=campaign, by=request.post.code, at=request.at, code=request.post.unit.code,
                   outcome="read")  # fmt: skip
    body: list[letters.Part] = []
    for one in summary(request.scope, campaign, request.at):
        body += [letters.Heading(one.title), *map(_plain, one.paragraphs)]
        if one.rows:
            body.append(letters.Table(one.head, tuple(tuple(_said(cell) for cell in row) for row in one.rows)))
    body.append(
        f"（数字由系统按台账统计，截至{today.year}年{today.month}月{today.day}日，统计范围：{request.post.unit.name}辖区。）"
    )
    made = letters.letter("summary", {"heading": f"{campaign.title}总结（初稿）", "body": body})
    return word(made, f"{campaign.title}总结{today:%Y%m%d}")


@page(workflow.ACCEPT)
@require_http_methods(["GET", "POST"])
def stand(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will let a campaign go on as standing work, the owners of its six mechanisms chosen on one page."""
    campaign, today = campaign_of(request, pk), localdate(request.at)
    form = Stand(campaign, today, request.POST if request.method == "POST" else None)
    hindrance = (
        ""
        if today > campaign.ends_on
        else _("专项行动到 %(day)s 结束，结束以后再转入长效机制") % {"day": campaign.ends_on}
    )
    if campaign.standing_at:
        hindrance = _("已经转入长效机制")
    return answered(
        request, form, partial(actions.stand, campaign_id=pk), given=lambda: {"owners": form.owners()},
        back=lambda _made: reverse("campaign-page", args=[pk]), done=_("已转入长效机制，六项任务已下达"), title=_("转入长效机制"),
        template="campaign/standing.html", campaign=campaign, submit_label=_("转入长效机制"),
        hindrance="" if request.method == "POST" else hindrance, cancel_url=reverse("campaign-page", args=[pk]),
    )  # fmt: skip


def _shown(section: Section) -> dict[str, Any]:
    return {
        "title": section.title, "paragraphs": [_linked(one) for one in section.paragraphs], "head": section.head,
        "rows": [
            [{**cell, "label": label} for label, cell in zip(section.head, _linked(one), strict=True)] for one in section.rows
        ],
    }  # fmt: skip


def _linked(pieces: Words) -> list[dict[str, str]]:
    return [{"text": _said(one), "url": _url(one)} for one in pieces]


def _url(piece: Piece) -> str:
    if not isinstance(piece, Figure) or not piece.route:
        return ""
    url = reverse(piece.route, args=[piece.pk] if piece.pk else [])
    return f"{url}?{piece.query}" if piece.query else url


def _plain(pieces: Words) -> str:
    return "".join(map(_said, pieces))


def _said(piece: Piece) -> str:
    return piece.said if isinstance(piece, Figure) else piece
