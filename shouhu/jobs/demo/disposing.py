"""Measures of the invented district: most are done in time, some late, a few not at all; what was put right is closed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.utils.timezone import localdate

from shouhu.demo.dice import Dice
from shouhu.jobs.demo import papers
from shouhu.jobs.demo.days import Days, moment
from shouhu.jobs.demo.offices import Offices
from shouhu.jobs.demo.papers import Papers
from shouhu.ledgers.disposals import actions as disposals
from shouhu.ledgers.disposals import workflow
from shouhu.ledgers.disposals.models import Application, Disposal, Task
from shouhu.ledgers.disposals.owing import owing, refunded
from shouhu.ledgers.institutions.queries import facts_of, version
from shouhu.ledgers.ratings.models import Standing
from shouhu.ledgers.units.models import Post

Facts = Mapping[str, Any]
_PAID = (30, 65, 100)
"""Per cent of what is owed, after each instalment."""


def _is_large(facts: Facts) -> bool:
    return bool(facts.get("large_stated") or facts.get("n_large_prepayers"))


_APPLIES: Mapping[str, Callable[[Facts], bool]] = {
    "R-mechanism": lambda facts: bool(facts.get("suspected_crime")),
    "R-crime": lambda facts: bool(facts.get("suspected_crime")),
    "R-stop-raising": lambda facts: bool(facts.get("suspected_crime")),
    "R-stop-business": lambda facts: bool(facts.get("collapsed") or facts.get("complaint_verified")),
    "R-stop-unlicensed": lambda facts: facts.get("registered") == "未登记",
    "R-refund": lambda facts: bool(facts.get("takes_prepayment")),
    "U-register": lambda facts: not _is_large(facts) and facts.get("stable") is not False,
    "U-refund": lambda facts: _is_large(facts),
    "U-joint": lambda facts: _is_large(facts),
    "U-close": lambda facts: _is_large(facts) and facts.get("stable") is False,
    "U-between": lambda facts: not _is_large(facts) and facts.get("stable") is False,
}  # fmt: skip
"""Measures that the plan demands only in some cases: whether this is one."""

_OWN_BUSINESS = {
    "R-mechanism": "finance", "R-stop-raising": "finance", "R-crime": "police", "R-means": "political",
    "R-stop-unlicensed": "market", "U-joint": "market", "U-close": "market",
}  # fmt: skip
"""Measures that a member unit takes, by log-in name."""


class Measures:
    """What happens about every colour that demands measures, put on the days as it comes up."""

    def __init__(self, offices: Offices, dice: Dice, days: Days) -> None:
        self.offices, self.dice, self.days = offices, dice, days
        self.papers = Papers(offices, dice)
        self.begun: set[int] = set()
        self.mended: set[int] = set()
        self.n_mended = self.n_closed = self.n_asked = 0

    def rated(self, institution_ids: list[int], at: datetime) -> None:
        """This function will begin what a rating opened or added, and bring to an end what was put right."""
        tasks = Task.objects.filter(
            disposal__institution__in=institution_ids, disposal__closed_at=None, dropped_at=None
        )
        fresh = [
            one for one in tasks.select_related("disposal__institution").order_by("pk") if one.pk not in self.begun
        ]
        by_disposal: dict[int, list[Task]] = {}
        for task in fresh:
            by_disposal.setdefault(task.disposal_id, []).append(task)
        for group in by_disposal.values():
            self._begin(group[0].disposal, group, at)
        for standing in Standing.objects.filter(institution__in=institution_ids).exclude(falls_to="").order_by("pk"):
            self._mend(standing.institution_id, at)

    # --- under way -----------------------------------------------------------------------------------------------

    def _begin(self, disposal: Disposal, tasks: list[Task], at: datetime) -> None:
        self.begun |= {task.pk for task in tasks}
        handler, took = disposal.handler, at
        if handler is None:
            is_light = disposal.colour in ("unknown", "decide", "yellow")
            town = self.offices.at(disposal.institution.code[:9] + "000", "task_force")[0]
            handler = town if is_light and self.dice.chance(0.85) else self.offices["civil"]
            took = self.days.later(at, 1 if self.dice.chance(0.8) else 3, 9, self.dice.between(0, 59))
            self.days.put(took, lambda when: self._take(disposal.pk, handler, when))
        facts = facts_of(version(disposal.institution, disposal.institution.n))
        for task in tasks:
            self._set_out(task, self._doer(task, handler, took), facts, took)

    def _doer(self, task: Task, handler: Post, took: datetime) -> Post:
        """Some measures are a member unit's own business: it gets them from the campaign office."""
        if task.measure not in _OWN_BUSINESS:
            return handler
        post = self.offices[_OWN_BUSINESS[task.measure]]
        self.days.put(took + timedelta(minutes=20), lambda at: self._assign(task.pk, post, at))
        return post

    def _assign(self, task_id: int, post: Post, at: datetime) -> None:
        task = Task.objects.select_related("disposal").get(pk=task_id)
        if workflow.state_of(task) == "open" and not task.disposal.closed_at:
            disposals.assign(task_id=task_id, post=post, by=self.offices["office"], at=at)

    def _take(self, disposal_id: int, handler: Post, at: datetime) -> None:
        disposal = Disposal.objects.get(pk=disposal_id)
        if disposal.closed_at or disposal.handler_id:
            return
        disposals.take(disposal_ids=[disposal_id], post=handler, by=self.offices["office"], at=at)
        if disposal.worst in ("red", "orange"):
            self.days.put(
                self.days.later(at, 2, 15),
                lambda when: disposals.plan(disposal_id=disposal_id, text=papers.PLAN, by=handler, at=when),
            )

    def _set_out(self, task: Task, handler: Post, facts: Facts, took: datetime) -> None:
        """Draw how a measure goes: not called for, in time, late, or not at all; with a wish for more time here and there."""
        dice, n_days = self.dice, task.n_days
        if task.measure in _APPLIES and not _APPLIES[task.measure](facts):
            asked = self.days.later(took, dice.between(1, 4), 11, dice.between(0, 59))
            why = f"不属于“{task.when}”，无须采取" if task.when else "没有收取预付费，无资金可清退"
            self.days.put(asked, lambda at: self._ask(task.pk, handler, at, kind="waiver", reason=why))
            return
        lot = dice.between(1, 100)
        needed = dice.between(max(1, n_days * 4 // 10), max(1, n_days - 1))
        if lot > 97:
            needed = n_days + dice.between(12, 40)
        elif lot > 90:
            needed = n_days + dice.between(1, 6)
        elif lot > 82 and n_days >= 5:
            needed = n_days + dice.between(1, 3)
            self._want_time(task, handler, n_days)
        done = max(
            self.days.later(took, 1), self.days.later(_noon(task), needed, dice.between(10, 16), dice.between(0, 59))
        )
        if task.proof == "refund":
            self._refund_by(task, handler, took, needed)
        elif task.proof == "referral":
            sent = max(self.days.later(took, 1, 9), done - timedelta(days=2))
            self.days.put(min(sent, done), lambda at: self._refer(task.pk, handler, at))
        self.days.put(done, lambda at: self._do(task.pk, handler, at))

    def _want_time(self, task: Task, handler: Post, n_days: int) -> None:
        """Shortly before it is due, somebody asks for more time, or for the clock to stand still."""
        asked = self.days.later(_noon(task), n_days - self.dice.between(0, 2), 9, self.dice.between(0, 59))
        if self.dice.chance(0.6):
            reason = self.dice.pick(
                ("负责人住院，约谈顺延", "机构正在办理银行流水，需补充时间", "涉及老人家属在外地，逐户联系需要时间")
            )
            self.days.put(
                asked,
                lambda at: self._ask(task.pk, handler, at, kind="extension", n_days=min(5, n_days), reason=reason),
            )
            return
        day = localdate(asked)
        self.days.put(
            asked,
            lambda at: self._ask(task.pk, handler, at, kind="pause", from_on=day, until_on=day + timedelta(days=14),
                                 reason=self.dice.pick(("等待司法审计结论", "等待上级部门对合同性质的答复"))),
        )  # fmt: skip

    def _ask(self, task_id: int, handler: Post, at: datetime, **what: Any) -> None:
        task = Task.objects.select_related("disposal").get(pk=task_id)
        is_asked = task.applications.filter(approved_at=None, refused_at=None).exists()
        if workflow.state_of(task) not in ("open", "returned") or task.disposal.closed_at or is_asked:
            return
        made = disposals.ask(task_id=task_id, by=handler, at=at, **what)
        self.n_asked += 1
        refuses = what["kind"] != "waiver" and self.n_asked % 5 == 4
        answered = self.days.later(at, self.dice.between(1, 2), 15, self.dice.between(0, 59))
        self.days.put(answered, lambda when: self._answer(made, refuses, when))

    def _answer(self, asked: Application, refuses: bool, at: datetime) -> None:
        """The colour may have changed meanwhile, and the measure been dropped: then there is nothing to answer."""
        by = self.offices["office2"]
        if Task.objects.filter(applications=asked, dropped_at__isnull=False).exists():
            return
        if refuses:
            disposals.refuse(application_id=asked.pk, why="理由不充分，可先办理其他能办的部分", by=by, at=at)
        else:
            disposals.approve(application_id=asked.pk, by=by, at=at)

    def _do(self, task_id: int, handler: Post, at: datetime) -> None:
        """Leave the proof and report the measure as done; it is looked through some days later."""
        task = Task.objects.select_related("disposal__institution").get(pk=task_id)
        if workflow.state_of(task) not in ("open", "returned") or task.disposal.closed_at:
            return
        if task.applications.filter(approved_at=None, refused_at=None).exists():
            self.days.put(self.days.later(at, 1, 11), lambda when: self._do(task_id, handler, when))
            return
        if task.proof == "refund" and (not (sums := refunded(task.disposal)).owed_fen or sums.outstanding_fen):
            self.days.put(self.days.later(at, 3, 15), lambda when: self._do(task_id, handler, when))
            return
        was_returned = task.returned_at is not None
        result = self.papers.prove(task, handler, at)
        disposals.do_task(task_id=task_id, result=result, by=handler, at=at)
        returns = not was_returned and self.dice.chance(0.05)
        reviewed = self.days.later(at, self.dice.between(1, 3), 16, self.dice.between(0, 59))
        self.days.put(reviewed, lambda when: self._review(task_id, handler, returns, when))

    def _review(self, task_id: int, handler: Post, returns: bool, at: datetime) -> None:
        task = Task.objects.select_related("disposal__institution").get(pk=task_id)
        if task.reviewed_at or task.dropped_at or task.disposal.closed_at:
            return
        is_towns = handler.role == "task_force"
        town = self.offices.at(task.disposal.institution.code[:9] + "000", "task_force")
        by = town[1] if is_towns else self.offices["office"]
        if not returns:
            disposals.review_task(task_id=task_id, by=by, at=at)
            return
        disposals.return_task(task_id=task_id, why="材料没有负责人签字，请补齐后再报", by=by, at=at)
        again = self.days.later(at, self.dice.between(3, 6), 11)
        self.days.put(again, lambda when: self._do(task_id, handler, when))

    def _refer(self, task_id: int, handler: Post, at: datetime) -> None:
        task = Task.objects.select_related("disposal").get(pk=task_id)
        if workflow.state_of(task) == "open" and not task.disposal.closed_at:
            disposals.refer(task_id=task_id, receiver=papers.receiver(task), sent_on=localdate(at), by=handler, at=at)

    def return_one(self, at: datetime) -> None:
        """This function will send one measure back that waits to be looked through: its handler finds it in the morning."""
        waiting = Task.objects.filter(
            disposal__closed_at=None, dropped_at=None, reviewed_at=None, done_at__isnull=False
        )
        task = waiting.filter(done_by__role="member_unit").order_by("pk").first()
        if task:
            disposals.return_task(
                task_id=task.pk, why="材料没有负责人签字，请补齐后再报", by=self.offices["office"], at=at
            )

    # --- money ----------------------------------------------------------------------------------------------------

    def _refund_by(self, task: Task, handler: Post, took: datetime, needed: int) -> None:
        """What is owed is counted first; then it is paid back in three instalments until the measure can be done."""
        n_persons = self.dice.between(3, 40)
        owed = n_persons * self.dice.between(8, 60) * 100_000
        counted = max(self.days.later(took, 1, 14), self.days.later(_noon(task), 3, 14))
        self.days.put(counted, lambda at: self._owe(task, handler, n_persons, owed, at))
        for percent in _PAID:
            paid = self.days.later(_noon(task), max(4, needed * percent // 100), 9, self.dice.between(0, 30))
            self.days.put(max(paid, counted + timedelta(hours=1)), partial(self._pay, task, handler, percent))

    def _owe(self, task: Task, handler: Post, n_persons: int, owed: int, at: datetime) -> None:
        if not self._is_closed(task):
            disposals.record_refund(disposal_id=task.disposal_id, kind="owed", on=localdate(at), n_persons=n_persons,
                                    sum_fen=owed, by=handler, at=at, note="按合同台账核定")  # fmt: skip

    def _pay(self, task: Task, handler: Post, percent: int, at: datetime) -> None:
        """Pay back up to a part of what is owed."""
        sums = refunded(task.disposal)
        more, persons = sums.owed_fen * percent // 100 - sums.paid_fen, sums.n_owed * percent // 100 - sums.n_paid
        if more > 0 and not self._is_closed(task):
            disposals.record_refund(
                disposal_id=task.disposal_id, kind="paid", on=localdate(at), n_persons=max(1, persons), sum_fen=more,
                by=handler, at=at, file=self.papers.paper("退款签收单", at), note="老人或家属签收",
            )  # fmt: skip

    def _is_closed(self, task: Task) -> bool:
        return Disposal.objects.filter(pk=task.disposal_id, closed_at__isnull=False).exists()

    # --- the end --------------------------------------------------------------------------------------------------

    def _mend(self, institution_id: int, at: datetime) -> None:
        """What was put right: what is left is done within days, the fall confirmed, the matter closed by somebody else."""
        disposal = Disposal.objects.filter(institution=institution_id, closed_at=None).first()
        if disposal is None or disposal.pk in self.mended:
            return
        self.mended.add(disposal.pk)
        self.n_mended += 1
        turn, start = self.n_mended, self.days.later(at, self.dice.between(1, 3), 14)
        self.days.put(start, lambda when: self._wind_up(disposal.pk, when))
        confirmed = self.days.later(start, self.dice.between(3, 4), 10)
        if turn % 6:
            self.days.put(confirmed, lambda when: self._confirm(institution_id, when))
        if turn % 5:
            closed = self.days.later(confirmed, self.dice.between(1, 3), 11)
            self.days.put(closed, lambda when: self._close(disposal.pk, when))

    def _wind_up(self, disposal_id: int, at: datetime) -> None:
        disposal = Disposal.objects.select_related("institution", "handler").get(pk=disposal_id)
        if disposal.closed_at or disposal.handler is None:
            return
        for task in (
            Task.objects.filter(disposal=disposal, dropped_at=None).select_related("disposal", "post").order_by("pk")
        ):
            if workflow.state_of(task) not in ("open", "returned"):
                continue
            if task.proof == "refund":
                if not refunded(disposal).owed_fen:
                    self._ask(task.pk, disposal.handler, at, kind="waiver", reason="经核实没有资金可清退")
                    continue
                self._pay(task, disposal.handler, 100, at)
            self._do(task.pk, task.post or disposal.handler, at)

    def _confirm(self, institution_id: int, at: datetime) -> None:
        standing = Standing.objects.select_related("rating__version").get(institution=institution_id)
        had_a_hand = (standing.rating.rated_by_id, standing.rating.version.recorded_by_id)
        others = [self.offices[name] for name in ("office2", "office") if self.offices[name].pk not in had_a_hand]
        if standing.falls_to and others:
            disposals.settle_downgrade(
                institution_id=institution_id, colour=standing.falls_to, by=others[0], at=at,
                reason="复查现场核实，资金已退清，宣传品已收回，老人和家属当面确认",
            )  # fmt: skip

    def _close(self, disposal_id: int, at: datetime) -> None:
        disposal = Disposal.objects.get(pk=disposal_id)
        if owing(disposal):
            return
        disposals.close(
            disposal_id=disposal_id, note="措施全部落实，复查属实，予以销号", by=self.offices["office2"], at=at
        )
        self.n_closed += 1
        if self.n_closed == 2:
            self.days.put(self.days.later(at, 3, 10), lambda when: self._reopen(disposal_id, when))

    def _reopen(self, disposal_id: int, at: datetime) -> None:
        disposal = Disposal.objects.get(pk=disposal_id)
        again = [
            task.pk
            for task in Task.objects.filter(disposal=disposal, waived_at=None, dropped_at=None).order_by("pk")[:2]
        ]
        if not again or Disposal.objects.filter(institution=disposal.institution_id, closed_at=None).exists():
            return
        disposals.reopen(disposal_id=disposal_id, task_ids=again, by=self.offices["office2"], at=at,
                         why="回头看时老人反映又有人上门推销，须重新办理")  # fmt: skip
        self.rated([disposal.institution_id], at)


def _noon(task: Task) -> datetime:
    return moment(task.starts_on, 12)
