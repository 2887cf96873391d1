"""Making a campaign of a plan: phases, tasks with those who owe them, report rules, bodies, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from shouhu.ledgers.campaigns import arms, drafting, queries
from shouhu.ledgers.campaigns.actions.opening import open_campaign
from shouhu.ledgers.campaigns.actions.reading import PlanRefused, require_own
from shouhu.ledgers.campaigns.drafting import Draft, Terms
from shouhu.ledgers.campaigns.kinds import kind_of
from shouhu.ledgers.campaigns.models import Body, Campaign, Duty, Phase, PlanItem, PlanPaper, ReportRule, Task
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.units.models import Post


@transaction.atomic
def adopt(*, paper_id: int, terms: Terms, by: Post, at: datetime, is_demo: bool = False) -> Campaign:
    """
    This function will make the campaign that a plan describes under the terms that a person set.

    :raises PlanRefused: the plan is not open, is a sub-plan, or holds days that cannot be computed.
    :raises CampaignRefused: as ``open_campaign``.
    """
    paper = PlanPaper.objects.select_for_update().get(pk=paper_id)
    require_own(paper, by)
    if paper.state != "review" or paper.campaign_id:
        raise PlanRefused("这份方案不能用来建立专项行动：已经采用、放弃，或是某个专项行动的子方案")
    draft = drafting.drafted(queries.items_of(paper), terms, queries.calendar())
    if draft.faults:
        item, why = draft.faults[0]
        raise PlanRefused(f"“{queries.title_of(item)}”的日期算不出来：{why}")
    campaign = open_campaign(
        title=terms.title, domain=terms.domain, ruleset_id=terms.ruleset_id, starts_on=terms.starts_on, ends_on=terms.ends_on,
        by=by, at=at, is_demo=is_demo,
    )  # fmt: skip
    _write(campaign, draft, by, at)
    paper.campaign, paper.is_leading = campaign, True
    paper.adopted_at, paper.adopted_by = at, by
    paper.save(update_fields=["campaign", "is_leading", "adopted_at", "adopted_by"])
    journal.record(verb="plan.adopted", subject=paper, by=by.code, at=at, code=by.unit.code,
                   changes={"campaign": (None, campaign.pk), "owners": (None, _told(terms.owners))})  # fmt: skip
    return campaign


def _write(campaign: Campaign, draft: Draft, by: Post, at: datetime) -> None:
    phases: dict[str, Phase] = {}
    for position, one in enumerate(draft.phases):
        made = Phase.objects.create(
            campaign=campaign, name=one.name[:80], starts_on=one.starts_on, ends_on=one.ends_on, how=one.how[:300],
            part_of=phases.get(one.part_of), position=position, item=one.item,
        )  # fmt: skip
        phases.setdefault(one.name, made)
    tasks = Task.objects.bulk_create(
        [
            Task(campaign=campaign, phase=phases.get(one.phase), number=one.item.said["no"][:40], title=one.title,
                 text=one.item.said["text"], arm=arms.proposed(one.title, one.item.said["text"]), position=position,
                 due_on=one.due_on, due_how=one.due_how, item=one.item, added_at=at, added_by=by)
            for position, one in enumerate(draft.tasks)
        ]
    )  # fmt: skip
    Duty.objects.bulk_create(
        duty for task, one in zip(tasks, draft.tasks, strict=True) for duty in _duties(task, one.owners)
    )
    for item in draft.reports:
        says = item.said
        ReportRule.objects.create(
            campaign=campaign, what=says["what"][:120], rule=says["rule"][:40], limit=(says["limit"] or "")[:20],
            to=(says["to"] or "")[:80], item=item,
        )  # fmt: skip
    for item in draft.bodies:
        _body(campaign, item, by)


def _duties(task: Task, owners: tuple[tuple[str, tuple[int, ...]], ...]) -> list[Duty]:
    """Whoever is named first leads, if that is one unit; a unit that several names mean owes the task once."""
    made: dict[int, Duty] = {}
    gaps: list[Duty] = []
    for position, (printed, units) in enumerate(owners):
        is_lead = position == 0 and len(units) <= 1
        for unit_id in units:
            made.setdefault(unit_id, Duty(task=task, unit_id=unit_id, printed=printed[:80], is_lead=is_lead))
        if not units:
            gaps.append(Duty(task=task, printed=printed[:80], is_lead=is_lead))
    return [*made.values(), *gaps]


def _body(campaign: Campaign, item: PlanItem, by: Post) -> None:
    says = item.said
    Body.objects.create(
        campaign=campaign, unit=by.unit, name=says["name"][:80], kind=kind_of(says["name"]), host=(says["host"] or "")[:80],
        from_on=campaign.starts_on, item=item,
    )  # fmt: skip


def _told(owners: Mapping[str, tuple[int, ...]]) -> dict[str, list[int]]:
    return {name: list(units) for name, units in owners.items()}
