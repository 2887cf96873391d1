"""研判 and 人工调整 of the invented district: signed, waiting for the second signature, refused, taken back, expired."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from django.utils.timezone import localdate

from shouhu.demo.dice import Dice
from shouhu.jobs.demo.days import Days, moment
from shouhu.jobs.demo.offices import Offices
from shouhu.ledgers.disposals import actions as disposals
from shouhu.ledgers.ratings import actions as ratings
from shouhu.ledgers.ratings.models import Decision, Standing

_REASON = "资金用途有合同和流水印证，暂未见违规，但金额较大、回款周期长，按“等”字情形列入并跟踪"
_GRAVER = "接到多名老人反映，负责人近期回避核查，先按更高等级管控，待核实后调整"


class Decisions:
    """What people decide where the rules are silent, or against them."""

    def __init__(self, offices: Offices, dice: Dice, days: Days) -> None:
        self.offices, self.dice, self.days = offices, dice, days
        self.n_seen = 0

    def rated(self, institution_ids: list[int], at: datetime) -> None:
        """This function will put the 研判 of what a day's rating left to people on the days."""
        waiting = Standing.objects.filter(institution__in=institution_ids, colour="decide", decision=None)
        for standing in waiting.order_by("institution_id"):
            self.n_seen += 1
            turn, proposed = self.n_seen, self.days.later(at, self.dice.between(1, 4), 10, self.dice.between(0, 59))
            if turn % 5:
                self.days.put(proposed, partial(self._propose, standing.institution_id, turn))

    def carry_on(self) -> None:
        """This function will put the last two weeks' doings on the days, so that there is something of every kind today."""
        day = self.days.as_of
        self.days.put(self.days.later(moment(day - timedelta(days=16), 9), 0, 9), self._raise)
        for back in range(14, -1, -1):
            self.days.put(moment(day - timedelta(days=back), 6), self._expire)

    def _propose(self, institution_id: int, turn: int, at: datetime) -> None:
        standing = Standing.objects.get(institution=institution_id)
        if standing.colour != "decide" or standing.decision_id or self._is_open(institution_id):
            return
        decision = self._proposed(institution_id, self.dice.pick(("yellow", "yellow", "orange")), _REASON, 60, at)
        if turn % 5 == 2:
            self.days.put(self.days.later(at, 1, 15), lambda when: self._refuse(decision, turn, when))
        elif turn % 5 != 4:
            self.days.put(self.days.later(at, self.dice.between(1, 2), 15), lambda when: self._sign(decision, when))

    def _refuse(self, decision: Decision, turn: int, at: datetime) -> None:
        ratings.refuse(decision_id=decision.pk, why="请补充资金流水和合同样本后再提", by=self.offices["office2"], at=at)
        again = self.days.later(at, 2, 10)
        self.days.put(again, lambda when: self._propose(decision.institution_id, turn + 1, when))

    def _raise(self, at: datetime) -> None:
        """Three yellow ones are held graver for a while: one over soon, one over already, one taken back; then two unsigned."""
        rows = Standing.objects.filter(colour="yellow", decision=None, falls_to="", institution__is_registered=True)
        for place, standing in enumerate(rows.order_by("institution_id")[2:7]):
            pk, n_days = standing.institution_id, (20, 8, 40, 45, 60)[place]
            at_ = at + timedelta(minutes=10 * place) if place < 3 else self.days.later(self.days.now, place - 5, 11)
            self.days.put(at_, partial(self._override, pk, n_days, place))

    def _override(self, institution_id: int, n_days: int, place: int, at: datetime) -> None:
        standing = Standing.objects.get(institution=institution_id)
        if standing.colour != "yellow" or standing.decision_id or self._is_open(institution_id):
            return
        decision = self._proposed(institution_id, "orange", _GRAVER, n_days, at)
        if place < 2:
            self.days.put(self.days.later(at, 1, 15), lambda when: self._sign(decision, when))
        elif place == 2:
            self.days.put(
                self.days.later(at, 2, 9),
                lambda when: ratings.withdraw(
                    decision_id=decision.pk, why="核实后不属实，撤回", by=self.offices["analyst"], at=when
                ),
            )

    def _sign(self, decision: Decision, at: datetime) -> None:
        standing = Standing.objects.get(institution=decision.institution_id)
        if standing.rating_id == decision.rating_id:
            disposals.settle_decision(decision_id=decision.pk, by=self.offices["office2"], at=at)

    def _expire(self, at: datetime) -> None:
        disposals.settle_expiry(today=localdate(at), by=self.offices["office"], at=at)

    def _proposed(self, institution_id: int, colour: str, reason: str, n_days: int, at: datetime) -> Decision:
        return ratings.propose(institution_id=institution_id, colour=colour, reason=reason, by=self.offices["analyst"], at=at,
                               expires_on=localdate(at) + timedelta(days=n_days))  # fmt: skip

    def _is_open(self, institution_id: int) -> bool:
        return Decision.objects.filter(
            institution=institution_id, approved_at=None, refused_at=None, ended_at=None
        ).exists()
