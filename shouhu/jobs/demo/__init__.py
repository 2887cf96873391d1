"""The invented district put into an empty database, by the same acts that people do: offices, three months of work, today."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from shouhu.demo.dice import Dice
from shouhu.demo.district import district
from shouhu.demo.history import CAMPAIGN_DAYS, tracks
from shouhu.jobs.demo import objecting, offices, planning, surveying
from shouhu.jobs.demo.campaigning import Campaigns
from shouhu.jobs.demo.clearing import Sites
from shouhu.jobs.demo.days import Days, moment
from shouhu.jobs.demo.deciding import Decisions
from shouhu.jobs.demo.disposing import Measures
from shouhu.jobs.demo.importing import Imports
from shouhu.jobs.demo.informing import Informants
from shouhu.jobs.demo.offices import Offices
from shouhu.jobs.demo.rounds import Rounds, register
from shouhu.jobs.demo.supervising import Supervision
from shouhu.jobs.demo.tipping import Tips


def load(*, seed: int = 1, as_of: date, tell: Callable[[str], None] = lambda _: None) -> Offices:
    """
    This function will fill an empty database with the invented district as it stands on the morning of a day.

    The same seed and day give the same records; only the password differs from one installation to another.
    """
    invented, dice, days = district(seed, as_of=as_of), Dice(seed + 1), Days(as_of)
    start = as_of - timedelta(days=CAMPAIGN_DAYS)
    with transaction.atomic():
        tell("演示：单位、岗位和人员 …")
        staffed = offices.fill(invented, seed, password=make_password(password()), at=moment(start, 9))
        planning.begin(invented.name, staffed, start, as_of + timedelta(days=90))
        tell("演示：机构台账 …")
        told = list(tracks(invented, seed))
        known = register(told, staffed, dice, moment(start, 10))
        measures, decisions = Measures(staffed, dice, days), Decisions(staffed, dice, days)
        sites = Sites(told, staffed, dice, days)

        def rated(institution_ids: list[int], at: datetime) -> None:
            measures.rated(institution_ids, at)
            decisions.rated(institution_ids, at)

        for n, institution in known.items():
            if institution.is_registered is False:
                sites.found(n, institution)
        Rounds(told, known, staffed, dice, days, rated, sites.found).put()
        decisions.carry_on()
        Imports(staffed, dice, days).put()
        objecting.carry_on(staffed, days)
        surveying.carry_on(staffed, dice, days)
        told_of = Tips(told, known, staffed, Dice(seed + 2), days, rated)
        Informants(told_of, password()).put()
        told_of.put()
        Supervision(staffed, Dice(seed + 6), days).put()
        planning.carry_on(staffed, Dice(seed + 5), days)
        Campaigns(staffed, Dice(seed + 4), days).put()
        for back, what in ((86, "第一轮全面摸排"), (30, "第二轮复查"), (12, "最近两周的处置、研判和异议")):
            days.put(moment(as_of - timedelta(days=back), 8), partial(_say, tell, f"演示：{what} …"))
        days.put(days.later(days.now, -1, 17), measures.return_one)
        days.run()
    return staffed


def _say(tell: Callable[[str], None], what: str, _: datetime) -> None:
    tell(what)


def password() -> str:
    """This function will give the password of all demo accounts of this installation."""
    return f"demo-{settings.KEYS.derived('demo password').hex()[:10]}"
