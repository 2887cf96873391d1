"""A round in the test office, with work assigned, and answers to hand in."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from shouhu.ledgers.campaigns.models import Campaign
from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.surveys import actions
from shouhu.ledgers.surveys.models import Assignment, Round, Sheet
from shouhu.ledgers.units.models import Post
from tests import office

TODAY = office.AT.date()


def campaign(code: str = office.COUNTY) -> Campaign:
    """This function will give a campaign under the default rule set."""
    made, _ = Campaign.objects.get_or_create(
        title="专项行动", code=code, ruleset_id="001", starts_on=date(2026, 11, 1), ends_on=date(2026, 12, 31)
    )
    return made


def opened(at: datetime = office.AT) -> Round:
    """This function will open a round of the county, with a post in each town and village."""
    for role, code in (
        ("task_force", office.TOWN),
        ("task_force", office.OTHER_TOWN),
        ("neighbourhood", office.VILLAGE),
    ):
        office.post(role, code)
    return actions.open_round(
        title="第一轮", campaign_id=campaign().pk, code=office.COUNTY, opens_on=date(2026, 11, 16),
        due_on=date(2026, 11, 27), by=office.post(), at=at,
    )  # fmt: skip


def assigned(institution: Institution, round_: Round | None = None) -> Assignment:
    """This function will assign an institution by rule, in a round (a new one if not given)."""
    round_ = round_ or opened()
    actions.assign(round_id=round_.pk, by=office.post(), at=office.AT, institution_ids=[institution.pk])
    return Assignment.objects.get(round=round_, institution=institution)


def submit(row: Assignment, answers: dict[str, Any], *, by: Post | None = None, key: int = 1, **more: Any) -> Sheet:
    """This function will hand in a sheet for an assignment of the town."""
    given = {
        "method": "visit", "visited_at": office.AT - timedelta(hours=1), "n_asked": 3, "at": office.AT,
        "base": Institution.objects.get(pk=row.institution_id).n,
    }  # fmt: skip
    return actions.submit(
        assignment_id=row.pk, key=UUID(int=key), answers=answers, by=by or office.post("task_force", office.TOWN),
        **{**given, **more},
    )  # fmt: skip
