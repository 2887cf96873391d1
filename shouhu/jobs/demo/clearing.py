"""The 清零行动 of the invented district: sites in every state, a few without a named person, a few closed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.timezone import localdate

from shouhu.demo.dice import Dice
from shouhu.jobs.demo.offices import Offices
from shouhu.ledgers.clearances import actions as clearances
from shouhu.ledgers.clearances.actions import Paper
from shouhu.ledgers.clearances.models import Clearance
from shouhu.ledgers.institutions.queries import facts_of, version
from shouhu.ledgers.units.models import Post

ZONE = ZoneInfo("Asia/Shanghai")
_STAGES = ("closed", "found", "verified", "acting", "owned", "closed", "proposed", "classified", "reviewed", "acting")
_ORDER = ("found", "owned", "verified", "classified", "acting", "proposed", "reviewed", "closed")


def carry_on(offices: Offices, dice: Dice, as_of: date) -> None:
    """This function will carry every open site as far as its turn says."""
    for place, clearance in enumerate(Clearance.objects.filter(closed_at=None).order_by("pk")):
        _carry(clearance, _ORDER.index(_STAGES[place % len(_STAGES)]), offices, dice, as_of)


def _carry(clearance: Clearance, stage: int, offices: Offices, dice: Dice, as_of: date) -> None:
    now = datetime.combine(as_of, time(8), ZONE)
    town = offices.at(clearance.institution.code[:9] + "000", "task_force")
    at = clearance.found_at

    def next_at() -> datetime:
        nonlocal at
        at = min(at + timedelta(days=dice.between(1, 3)), now)
        return at

    owner = offices.at(clearance.institution.code, "neighbourhood")[0]
    if stage >= 1:
        clearances.appoint(clearance_id=clearance.pk, owner_id=owner.pk, by=town[0], at=next_at())
    if stage >= 2:
        clearances.verify(clearance_id=clearance.pk, done_on=localdate(next_at()), opened_when="去年底", by=owner, at=at,
                          says="现场有老人入住，无证照")  # fmt: skip
    if stage >= 3:
        clearances.classify(clearance_id=clearance.pk, nature=dice.pick(("enterprise", "social", "other")), is_stable=True,
                            is_large=False, tracks=["urge"], by=town[0], at=next_at())  # fmt: skip
    if stage >= 4:
        clearances.act(clearance_id=clearance.pk, track="urge", done_on=localdate(next_at()), by=owner, at=at,
                       says="上门送达办理指南，一次告知登记和备案材料")  # fmt: skip
    if stage >= 5:
        _propose(clearance, owner, offices, dice, next_at())
    if stage >= 6:
        clearances.review(clearance_id=clearance.pk, by=offices["office"], at=next_at(), says="材料与现场相符")
    if stage >= 7:
        clearances.close(clearance_id=clearance.pk, by=offices["office2"], at=next_at())


def _propose(clearance: Clearance, owner: Post, offices: Offices, dice: Dice, at: datetime) -> None:
    institution = clearance.institution
    token = f"{dice.between(0, 2**52):032x}"
    paper = Paper(f"演示数据：证明（{token}）".encode(), "证明.txt", "text/plain", token)
    if dice.chance(0.5):
        clearances.propose_outcome(clearance_id=clearance.pk, outcome="registered", document_number=f"望民登字{clearance.pk:04d}号",
                                   paper=paper, done_on=localdate(at), is_filed=True, by=owner, at=at)  # fmt: skip
        return
    residents = facts_of(version(institution, institution.n)).get("n_residents") or 0
    n = int(getattr(residents, "high", residents))
    clearances.propose_outcome(clearance_id=clearance.pk, outcome="shut", document_number=f"望取字{clearance.pk:04d}号",
                               paper=paper, done_on=localdate(at), n_residents=n, n_placed=n, by=owner, at=at)  # fmt: skip
