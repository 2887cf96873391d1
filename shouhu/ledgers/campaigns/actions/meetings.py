"""Minutes of meetings; what was agreed is added as tasks."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from shouhu.ledgers.campaigns import workflow
from shouhu.ledgers.campaigns.actions.writing import Incomplete
from shouhu.ledgers.campaigns.models import Campaign, Meeting
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.vault.models import StoredFile


@transaction.atomic
def record_meeting(
    *, campaign_id: int, title: str, held_on: date, chair: str, minutes: str, attendees: str = "", file: StoredFile | None = None,
    by: Post, at: datetime,
) -> Meeting:  # fmt: skip
    """
    This function will record a meeting of a campaign with its minutes.

    :raises Incomplete: title, chair or minutes are missing, or it is said to be held after today.
    """
    campaign = Campaign.objects.get(pk=campaign_id)
    workflow.require_runs(campaign, by)
    title, chair, minutes = title.strip(), chair.strip(), minutes.strip()
    if not (0 < len(title) <= 80 and 0 < len(chair) <= 60 and minutes):
        raise Incomplete("请填写会议名称、主持人和纪要")
    if held_on > localdate(at):
        raise Incomplete("会议日期不能晚于今天")
    meeting = Meeting.objects.create(
        campaign=campaign, unit=by.unit, title=title, held_on=held_on, chair=chair, attendees=attendees.strip(),
        minutes=minutes, file=file, recorded_at=at, recorded_by=by,
    )  # fmt: skip
    journal.record(verb="meeting.recorded", subject=meeting, by=by.code, at=at, code=campaign.code,
                   changes={"title": (None, title), "held_on": (None, held_on)})  # fmt: skip
    return meeting
