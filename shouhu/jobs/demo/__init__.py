"""The invented district put into an empty database, by the same acts that people do: offices, three months of work, today."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from shouhu.demo.dice import Dice
from shouhu.demo.district import district
from shouhu.demo.history import CAMPAIGN_DAYS, tracks
from shouhu.jobs.demo import offices, rounds, work
from shouhu.jobs.demo.offices import Offices
from shouhu.ledgers.campaigns import actions as campaigns

ZONE = ZoneInfo("Asia/Shanghai")


def load(*, seed: int = 1, as_of: date, tell: Callable[[str], None] = lambda _: None) -> Offices:
    """
    This function will fill an empty database with the invented district as it stands on the morning of a day.

    The same seed and day give the same records; only the password differs from one installation to another.
    """
    invented = district(seed, as_of=as_of)
    dice = Dice(seed + 1)
    with transaction.atomic():
        start = as_of - timedelta(days=CAMPAIGN_DAYS)
        tell("演示：单位、岗位和人员 …")
        staffed = offices.fill(invented, seed, password=make_password(password()), at=moment(start, 9))
        campaigns.open_campaign(
            title=f"{invented.name}打击整治养老服务诈骗专项行动", ruleset_id="001", starts_on=start,
            ends_on=as_of + timedelta(days=90), is_demo=True, by=staffed["office"], at=moment(start, 9),
        )  # fmt: skip
        tell("演示：机构台账 …")
        told = list(tracks(invented, seed))
        known = rounds.register(told, staffed, dice, seed, start)
        rounds.survey(told, known, staffed, dice, as_of, tell)
        tell("演示：处置、清零、研判和异议 …")
        work.carry_on(staffed, dice, as_of)
    return staffed


def password() -> str:
    """This function will give the password of all demo accounts of this installation."""
    return f"demo-{settings.KEYS.derived('demo password').hex()[:10]}"


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    """This function will give an instant of the office's day, in China."""
    return datetime.combine(day, time(hour, minute), ZONE)
