"""After the campaign: it goes on as standing work, six mechanisms each with its owners and a day for the next look (PHA-2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from shouhu.ledgers.campaigns import workflow
from shouhu.ledgers.campaigns.actions.duties import look_told
from shouhu.ledgers.campaigns.actions.writing import Incomplete, fitting, note
from shouhu.ledgers.campaigns.mechanisms import mechanisms
from shouhu.ledgers.campaigns.models import Campaign, Duty, Task
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.units.models import Post


@transaction.atomic
def stand(*, campaign_id: int, owners: Mapping[str, Sequence[int]], by: Post, at: datetime) -> Campaign:
    """
    This function will let a campaign that is over go on as standing work: one task for each of the six mechanisms.

    :param owners: the units of each mechanism by its name, the lead unit first.
    :raises NotNow: it is not over, goes on already, or the post does not direct it.
    :raises Incomplete: a mechanism has no owner.
    """
    campaign = Campaign.objects.select_for_update().get(pk=campaign_id)
    workflow.require_runs(campaign, by)
    today = localdate(at)
    if campaign.standing_at:
        raise workflow.NotNow("已经转入长效机制")
    if today <= campaign.ends_on:
        raise workflow.NotNow(f"专项行动到 {campaign.ends_on} 结束，结束以后再转入长效机制")
    if missing := [one.title for one in mechanisms().values() if not owners.get(one.name)]:
        raise Incomplete(f"请为每项机制选定责任单位，还缺：{'、'.join(missing)}")
    last = Task.objects.filter(campaign=campaign).count()
    for n, mechanism in enumerate(mechanisms().values(), 1):
        due_on = mechanism.next_look(today)
        task = Task.objects.create(
            campaign=campaign, title=mechanism.title, text=mechanism.says, arm=mechanism.arm, position=last + n, due_on=due_on,
            due_how=look_told(mechanism.months, due_on), mechanism=mechanism.name, added_at=at, added_by=by,
        )  # fmt: skip
        for k, unit_id in enumerate(dict.fromkeys(owners[mechanism.name])):
            Duty.objects.create(task=task, unit=fitting(task, unit_id, today), is_lead=k == 0)
        note(task, "add", "转入长效机制", by, at, changes={"due_on": (None, due_on)})
    campaign.standing_at, campaign.standing_by = at, by
    campaign.save(update_fields=["standing_at", "standing_by"])
    journal.record(verb="campaign.standing", subject=campaign, by=by.code, at=at, code=campaign.code,
                   changes={"standing": (False, True)})  # fmt: skip
    return campaign
