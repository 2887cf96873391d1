"""Meetings of a campaign: the list, one with its minutes and the tasks that came of it, recording one."""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from shouhu.ledgers.campaigns import actions, queries, workflow
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.vault.actions import content_of
from shouhu.web.access import DeskRequest, page
from shouhu.web.paging import page_of
from shouhu.web.views.campaign.board import rows_of
from shouhu.web.views.campaign.forms import NewMeeting, answered, campaign_of


@page("campaign.view")
@require_GET
def listing(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will show the meetings of a campaign."""
    campaign = campaign_of(request, pk)
    directs = workflow.runs(campaign, request.post)
    return render(request, "campaign/meetings.html", {
        "title": _("会议"), "campaign": campaign, "page": page_of(request, queries.meetings(campaign)), "counter": _("次"), "may_add": directs,
        "empty_title": _("还没有会议记录"), "empty_text": _("调度会、联席会的纪要记在这里，议定的事项直接变成任务。"),
        "empty_url": reverse("campaign-meeting-new", args=[pk]) if directs else "", "empty_action": _("记录会议"),
    })  # fmt: skip


@page(workflow.ACCEPT)
@require_http_methods(["GET", "POST"])
def record(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will record a meeting."""
    campaign = campaign_of(request, pk)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = NewMeeting(data, files, initial={"held_on": localdate(request.at)})
    return answered(
        request, form, partial(actions.record_meeting, campaign_id=pk), back=lambda made: reverse("campaign-meeting", args=[made.pk]),
        done=_("已记录，请把议定的事项逐条加为任务"), title=_("记录会议"), campaign=campaign, submit_label=_("保存纪要"),
        cancel_url=reverse("campaign-meetings", args=[pk]),
    )  # fmt: skip


@page("campaign.view")
@require_GET
def show(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will show a meeting."""
    meeting = queries.meeting(request.scope, pk)
    if meeting is None:
        raise Http404
    tasks = queries.of_meeting(request.scope, meeting)
    return render(request, "campaign/meeting.html", {
        "title": meeting.title, "meeting": meeting, "campaign": meeting.campaign,
        "rows": rows_of(tasks, localdate(request.at), queries.calendar()), "directs": workflow.runs(meeting.campaign, request.post),
    })  # fmt: skip


@page("campaign.view")
@require_GET
def file(request: DeskRequest, pk: int) -> HttpResponse:
    """This function will hand out the scan of a meeting's minutes; that it was read is journalled."""
    meeting = queries.meeting(request.scope, pk)
    if meeting is None or meeting.file is None:
        raise Http404
    journal.record(verb="meeting.paper_read", subject=meeting, by=request.post.code, at=request.at, code=meeting.campaign.code,
                   outcome="read")  # fmt: skip
    disposition = content_disposition_header(True, meeting.file.name) or "attachment"
    return HttpResponse(
        content_of(meeting.file), content_type=meeting.file.media_type, headers={"Content-Disposition": disposition}
    )
