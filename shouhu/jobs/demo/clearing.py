"""The 清零行动 of the invented district: sites in every state, one without a named person, most on their way in time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.utils.timezone import localdate

from shouhu.demo.dice import Dice
from shouhu.demo.history import Track
from shouhu.jobs.demo.days import Days, moment
from shouhu.jobs.demo.offices import Offices
from shouhu.ledgers.clearances import actions as clearances
from shouhu.ledgers.clearances.actions import Paper
from shouhu.ledgers.clearances.models import Clearance
from shouhu.ledgers.disposals import actions as disposals
from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.institutions.queries import facts_of, version
from shouhu.ledgers.units.models import Post

_STEPS = ("appoint", "verify", "classify", "act", "propose", "review", "close")
_NEWEST_FIRST = (0, 1, 2, 3, 4, 5, 4, 6, 7, 4, 7, 7, 4, 7, 8, 7, 7, 4, 7, 7, 7)
"""How many steps have been taken at a site, counted from the one found last; 8: sent back after it was proposed."""
_OUTCOMES = ("registered", "shut", "registered", "not_care")
_WORKED_DAYS = (3, 3, 3, 5, 25, 5, 3, 0, 25)
"""How long the next step may wait after so many steps."""


class Sites:
    """Every unregistered site carried as far as its turn says."""

    def __init__(self, told: Sequence[Track], offices: Offices, dice: Dice, days: Days) -> None:
        self.offices, self.dice, self.days = offices, dice, days
        self.n_ended = 0
        places = [n for n, track in enumerate(told) if track.institution.facts["registered"] == "未登记"]
        newest_first = sorted(places, key=lambda n: (-(told[n].found_on or date.min).toordinal(), n))
        self.turns = {n: turn for turn, n in enumerate(newest_first)}

    def found(self, n: int, institution: Institution) -> None:
        """This function will put the steps of a site that was just found on the days."""
        clearance = Clearance.objects.get(institution=institution)
        n_steps = _NEWEST_FIRST[self.turns[n] % len(_NEWEST_FIRST)]
        self._carry(clearance, 5 if n_steps == 8 else n_steps, n_steps == 8, is_late=self.turns[n] in (4, 9))

    def _carry(self, clearance: Clearance, n_steps: int, is_returned: bool, *, is_late: bool) -> None:
        """The last step lies so far back that the next one is in time, unless the site is one of the few late ones."""
        if not n_steps:
            return
        code = clearance.institution.code
        town, owner = self.offices.at(code[:9] + "000", "task_force")[0], self.offices.at(code, "neighbourhood")[0]
        ago = _WORKED_DAYS[n_steps]
        back = ago + self.dice.between(7, 9) if is_late else self.dice.between(1, max(1, ago * 6 // 10))
        if n_steps == len(_STEPS):
            back = self.dice.between(1, 25)
        first = localdate(clearance.found_at)
        last = max(localdate(self.days.later(self.days.now, -back)), first)
        for number, step in enumerate(_STEPS[:n_steps], 1):
            on = first + (last - first) * number // n_steps
            at = moment(on, 11, 30) + number * timedelta(minutes=45)
            self.days.put(at, partial(self._step, clearance.pk, step, town, owner))
        if is_returned:
            self.days.put(
                self.days.later(moment(last, 12), 1, 15),
                lambda when: clearances.send_back(clearance_id=clearance.pk, by=self.offices["office"], at=when,
                                                  says="证照复印件不清晰，请补正后再报"),
            )  # fmt: skip

    def _step(self, pk: int, step: str, town: Post, owner: Post, at: datetime) -> None:
        clearance = Clearance.objects.select_related("institution").get(pk=pk)
        facts = facts_of(version(clearance.institution, clearance.institution.n))
        match step:
            case "appoint":
                clearances.appoint(clearance_id=pk, owner_id=owner.pk, by=town, at=at)
            case "verify":
                opened = self.dice.pick(("去年底", "前年春天", "三年前", "今年三月"))
                clearances.verify(clearance_id=pk, done_on=localdate(at), opened_when=opened, by=owner, at=at,
                                  says="现场有老人入住，无证照")  # fmt: skip
            case "classify":
                self._classify(pk, facts, town, at)
            case "act":
                self._act(clearance, owner, at)
            case "propose":
                self._propose(pk, facts, owner, at)
            case "review":
                clearances.review(clearance_id=pk, by=self.offices["office"], at=at, says="材料与现场相符")
            case "close":
                disposals.settle_clearance(clearance_id=pk, by=self.offices["office2"], at=at)

    def _classify(self, pk: int, facts: Mapping[str, Any], town: Post, at: datetime) -> None:
        is_large = bool(facts.get("large_stated") or facts.get("n_large_prepayers"))
        nature = self.dice.pick(("enterprise", "social", "other"))
        tracks = ["refund", "joint"] if is_large else ["urge", "transfer"] if nature == "enterprise" else ["urge"]
        clearances.classify(clearance_id=pk, nature=nature, is_stable=facts.get("stable") is not False, is_large=is_large,
                            tracks=tracks, by=town, at=at)  # fmt: skip

    def _act(self, clearance: Clearance, owner: Post, at: datetime) -> None:
        """What was chosen is recorded; a transfer has its receipt the same day."""
        day, year = localdate(at), at.year
        for track in clearance.tracks:
            if track == "urge":
                clearances.act(clearance_id=clearance.pk, track=track, done_on=day, by=owner, at=at,
                               says="上门送达办理指南，一次告知登记和备案材料")  # fmt: skip
            elif track == "transfer":
                clearances.transfer(clearance_id=clearance.pk, receiver="望澜区市场监督管理局", done_on=day, by=owner, at=at,
                                    document_number=f"望移〔{year}〕{clearance.pk}号")  # fmt: skip
                sent = clearance.steps.filter(verb="transfer").latest("pk")
                clearances.receive(clearance_id=clearance.pk, transfer_id=sent.pk, done_on=day, by=owner, at=at,
                                   document_number=f"望市监收〔{year}〕{clearance.pk}号")  # fmt: skip
            else:
                body = "望澜区民政局" if track == "refund" else "望澜区市场监督管理局"
                clearances.act(clearance_id=clearance.pk, track=track, done_on=day, body=body, by=owner, at=at,
                               document_number=f"望责〔{year}〕{clearance.pk}号", says="文书已送达经营者")  # fmt: skip

    def _propose(self, pk: int, facts: Mapping[str, Any], owner: Post, at: datetime) -> None:
        outcome = _OUTCOMES[self.n_ended % len(_OUTCOMES)]
        self.n_ended += 1
        token, day = f"{self.dice.between(0, 2**52):032x}", localdate(at)
        paper = Paper(f"演示数据：证明（{token}）".encode(), "证明.txt", "text/plain", token)
        if outcome == "shut":
            residents = facts.get("n_residents") or 0
            n = int(getattr(residents, "high", residents))
            clearances.propose_outcome(clearance_id=pk, outcome=outcome, document_number=f"望取字〔{at.year}〕{pk}号", paper=paper,
                                       done_on=day, n_residents=n, n_placed=n, by=owner, at=at)  # fmt: skip
        elif outcome == "registered":
            clearances.propose_outcome(clearance_id=pk, outcome=outcome, document_number=f"望民登字{pk:04d}号", paper=paper,
                                       done_on=day, is_filed=True, by=owner, at=at)  # fmt: skip
        else:
            clearances.propose_outcome(clearance_id=pk, outcome=outcome, document_number=f"望核〔{at.year}〕{pk}号", paper=paper,
                                       done_on=day, grounds="经核实为家庭自住，不对外收住老人", by=owner, at=at)  # fmt: skip
