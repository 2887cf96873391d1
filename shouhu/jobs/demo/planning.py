"""Plans of the invented district: two that campaigns came of, two of towns under one of them, one that waits for a look."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial

from django.utils.timezone import localdate

from shouhu.demo.dice import Dice
from shouhu.jobs.demo.days import Days, moment
from shouhu.jobs.demo.offices import Offices
from shouhu.ledgers.campaigns import actions as campaigns
from shouhu.ledgers.campaigns import drafting, queries
from shouhu.ledgers.campaigns.drafting import Terms
from shouhu.ledgers.campaigns.models import Campaign, PlanPaper
from shouhu.ledgers.campaigns.owning import meant, proposed
from shouhu.ledgers.campaigns.templates import templates
from shouhu.ledgers.units.models import Post

TOWNS = ("town01a", "town02a")
"""Whose plans are in, the second leaving a task out; the other towns' are missing. Both gaps the desk must show."""
PLANNED, HANDED_IN = 80, 2
"""Days before today on which the towns' plans were adopted, and on which a department handed in the one that waits."""
TELECOM_AFTER = 14
"""Days from the first campaign to the second."""


def begin(name: str, offices: Offices, start: date, ends_on: date) -> None:
    """This function will open the two campaigns of a district, each from a plan."""
    telecom_on = start + timedelta(TELECOM_AFTER)
    telecom_ends = telecom_on + timedelta(templates()["telecom_households"].n_days)
    for template, title, domain, ruleset, first, last in (
        ("district_colours", f"{name}打击整治养老服务诈骗专项行动", "elder_care", "001", start, ends_on),
        ("telecom_households", f"{name}防范打击电信网络诈骗专项行动", "telecom_fraud", "", telecom_on, telecom_ends),
    ):
        by, at = offices["office"], moment(start, 9)
        paper = campaigns.write_paper(template_id=template, place=name, starts_on=first, campaign_id=None, by=by, at=at)
        kept, units = queries.items_of(paper), queries.candidates(offices.county)
        owners = {printed: meant(proposed(printed, units), units) for printed in drafting.printed_owners(kept)}
        terms = Terms(title, domain, ruleset, first.year, first, last, owners)
        campaigns.adopt(paper_id=paper.pk, terms=terms, by=by, at=at, is_demo=True)


def carry_on(offices: Offices, dice: Dice, days: Days) -> None:
    """This function will put the plans of towns and of a department on the days."""
    campaign = Campaign.objects.get(code=offices.county, domain="elder_care")
    for number, town in enumerate(TOWNS):
        at = days.later(moment(days.as_of - timedelta(PLANNED), 9), number, 10, 15)
        days.put(at, partial(_town, campaign, offices[town], number))
    days.put(
        days.later(moment(days.as_of - timedelta(HANDED_IN), 9), 0, 16, 5),
        partial(_department, campaign, offices["market"], dice),
    )


def _town(campaign: Campaign, by: Post, n_left_out: int, at: datetime) -> None:
    place = by.unit.name.removesuffix("工作专班")
    paper = campaigns.write_paper(
        template_id="town_elder", place=place, starts_on=localdate(at), campaign_id=campaign.pk, by=by, at=at
    )
    tasks = [one for one in queries.items_of(paper) if one.kind == "task"]
    pairs = queries.likely_covers(queries.owed(by.unit, campaign), tasks)
    pairs = dict(list(pairs.items())[n_left_out:])
    campaigns.cover(paper_id=paper.pk, pairs=pairs, by=by, at=at + timedelta(minutes=20))


def _department(campaign: Campaign, by: Post, dice: Dice, at: datetime) -> PlanPaper:
    """Handed in as a file, and not looked through yet."""
    title, text = templates()["department"].written(place="", issuer=by.unit.name, starts_on=localdate(at))
    paper = campaigns.hand_in(
        content=text.encode(), name=f"{title}.txt", token=f"{dice.between(0, 2**52):032x}", campaign_id=campaign.pk, by=by, at=at,
    )  # fmt: skip
    return campaigns.read_paper(paper_id=paper.pk, at=at + timedelta(minutes=1))
