"""A running campaign with units that owe tasks: for the tests of the ledger and of its pages."""

from __future__ import annotations

from datetime import date, datetime
from itertools import count
from typing import Any

from shouhu.ledgers.campaigns import actions
from shouhu.ledgers.campaigns.models import Body, Campaign, Duty, Phase, Task
from shouhu.ledgers.units.models import Person, Post, Tenure
from shouhu.ledgers.units.scope import Scope
from shouhu.ledgers.vault import actions as vault
from shouhu.ledgers.vault.models import StoredFile
from tests import office

AT, DAY = office.AT, office.AT.date()
OPENS, ENDS = date(2026, 10, 1), date(2027, 1, 29)
TOKENS = count(1 << 44)


def chief() -> Post:
    """This function will give the campaign office's post."""
    return office.post("campaign_office", office.COUNTY)


def deputy() -> Post:
    """This function will give the other post of the campaign office, in another hand."""
    made, is_new = Post.objects.get_or_create(
        code="CO-2", defaults={"title": "审批岗", "role": "campaign_office", "unit": chief().unit}
    )
    if is_new:
        person = Person.objects.create(username="deputy", name="赵审批", must_change_password=False)
        Tenure.objects.create(post=made, person=person, from_on=date(2026, 1, 1))
    return made


def town(code: str = office.TOWN) -> Post:
    """This function will give the post of a town's task force."""
    return office.post("task_force", code)


def bureau() -> Post:
    """This function will give the post of a bureau of the county."""
    return office.post("member_unit", office.COUNTY)


def scope(of: Post) -> Scope:
    """This function will give what a post may see."""
    return Scope.of(of)


def campaign(title: str = "打击整治养老服务诈骗专项行动", **more: Any) -> Campaign:
    """This function will open a campaign of the county, once, with two phases."""
    found = Campaign.objects.filter(title=title).first()
    if found:
        return found
    office.divisions()
    given = {"ruleset_id": "001", "starts_on": OPENS, "ends_on": ENDS, **more}
    made = actions.open_campaign(title=title, by=chief(), at=AT, **given)
    Phase.objects.create(campaign=made, name="宣传发动", starts_on=OPENS, ends_on=date(2026, 10, 31), position=1)
    Phase.objects.create(campaign=made, name="打击整治", starts_on=date(2026, 11, 1), ends_on=ENDS, position=2)
    return made


def task(title: str = "开展摸底排查", *owners: Post, **more: Any) -> Task:
    """This function will add a task that units owe, the town if none is given; due in ten days."""
    given = {"due_on": date(2026, 11, 28), "at": AT, **more}
    units = [one.unit_id for one in owners or (town(),)]
    return actions.add_task(campaign_id=campaign().pk, title=title, unit_ids=units, by=chief(), **given)


def duty(of: Task, owner: Post | None = None) -> Duty:
    """This function will give what a unit owes of a task."""
    return Duty.objects.get(task=of, unit=(owner or town()).unit_id)


def paper(by: Post | None = None, name: str = "签到表.pdf") -> StoredFile:
    """This function will seal a small file."""
    return vault.store(content=b"%PDF-1.4 " + name.encode(), name=name, media_type="application/pdf",
                       token=f"{next(TOKENS):032x}", by=(by or town()).code, at=AT)  # fmt: skip


def done(of: Duty, by: Post, at: datetime = AT) -> Duty:
    """This function will report a duty as done."""
    return actions.done(duty_id=of.pk, says="已全部排查", file=paper(by), by=by, at=at)


def body(name: str = "专项行动工作组", kind: str = "working_group", by: Post | None = None, **more: Any) -> Body:
    """This function will set up a body of a post's unit."""
    hand = by or chief()
    given = {"unit_id": hand.unit_id, "from_on": OPENS, **more}
    return actions.set_up(campaign_id=campaign().pk, name=name, kind=kind, by=hand, at=AT, **given)
