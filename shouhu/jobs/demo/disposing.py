"""Measures of the invented district: some untouched, some under way, some done, a few matters closed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.timezone import localdate

from shouhu.demo.dice import Dice
from shouhu.engines.periods.calendar import Calendar
from shouhu.jobs.demo.offices import Offices
from shouhu.ledgers.disposals import actions as disposals
from shouhu.ledgers.disposals import workflow
from shouhu.ledgers.disposals.models import Disposal, Task
from shouhu.ledgers.disposals.owing import owing
from shouhu.ledgers.ratings.models import Standing
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.vault import actions as vault
from shouhu.ledgers.vault.models import StoredFile

ZONE = ZoneInfo("Asia/Shanghai")
_ARTICLES = {
    "老年人权益保障法 第45条": "civil",
    "防范和处置非法集资条例 第22条": "finance",
    "防范和处置非法集资条例 第18条": "civil",
}
_PLAN = (
    "一、风险：预付资金较大，部分用于设施建设。\n二、措施：约谈负责人，责令整改，按月清退，逐户建账。\n"
    "三、安置：不影响在住老人，指定镇街专人联系家属。\n四、时限：30个工作日内清退完毕，逐周报告。"
)


def carry_on(offices: Offices, dice: Dice, as_of: date) -> None:
    """This function will carry every open disposal as far as its lot says."""
    Work(offices, dice, as_of).run()


class Work:
    """One pass over the open disposals; acts happen after what they answer and before the morning of the day."""

    def __init__(self, offices: Offices, dice: Dice, as_of: date) -> None:
        self.offices, self.dice, self.as_of = offices, dice, as_of
        self.now = datetime.combine(as_of, time(8), ZONE)
        self.calendar = Calendar.shipped()
        self.n_closed = 0

    def run(self) -> None:
        """This function will take the disposals in the order in which they were opened."""
        for disposal in Disposal.objects.filter(closed_at=None).select_related("institution").order_by("pk"):
            falls = Standing.objects.get(institution=disposal.institution_id).falls_to
            if disposal.colour in ("unknown", "decide"):
                self._light(disposal)
            elif falls:
                self._finish(disposal, falls)
            else:
                self._go_on(disposal)

    def _light(self, disposal: Disposal) -> None:
        """待查, 待研判: the town takes it; a part has its answer and waits for review."""
        if not self.dice.chance(0.92):
            return
        handler = self.offices.at(disposal.institution.code[:9] + "000", "task_force")[0]
        disposals.take(disposal_ids=[disposal.pk], post=handler, by=self.offices["office"], at=self._after(disposal, 1))
        if self.dice.chance(0.85 if self._is_old(disposal) else 0.3):
            for task in self._open(disposal):
                at = self._after(disposal, 3)
                if self._do(task, handler, at, "再次上门，机构仍未提供凭证，已函请有关部门协查") and self.dice.chance(
                    0.9
                ):
                    disposals.review_task(task_id=task.pk, by=self.offices["office"], at=self._later(at, 1))

    def _go_on(self, disposal: Disposal) -> None:
        """Graver colours: nobody yet, some measures done, or all of them done and in review."""
        lot = self.dice.between(1, 100) + (35 if self._is_old(disposal) else 0)
        if lot <= 12:
            return
        handler = self._take(disposal)
        tasks = self._open(disposal)
        if lot <= 60:
            tasks = tasks[: self.dice.between(0, len(tasks) - 1)]
        for task in tasks:
            at = self._after(disposal, self.dice.between(1, 9))
            if task.starts_on < localdate(at) < task.due_on and self.dice.chance(0.15):
                self._ask(task, handler, at)
            elif self._do(task, handler, at) and self.dice.chance(0.92):
                disposals.review_task(task_id=task.pk, by=self.offices["office"], at=self._later(at, 1))

    def _finish(self, disposal: Disposal, falls: str) -> None:
        """What was put right: every measure done, the fall confirmed, closed by somebody else; the last few wait for that."""
        handler = self._take(disposal)
        for task in self._open(disposal):
            at = self._after(disposal, self.dice.between(2, 12))
            if task.when and task.proof != "refund":
                self._waive(task, handler, at)
            elif self._do(task, handler, at):
                disposals.review_task(task_id=task.pk, by=self.offices["office"], at=self._later(at, 2))
        self.n_closed += 1
        if self.n_closed % 4 == 0:
            return
        standing = Standing.objects.get(institution=disposal.institution_id)
        at = max(self._later(standing.rating.rated_at, 1), self.now - timedelta(days=6))
        disposals.settle_downgrade(institution_id=disposal.institution_id, colour=falls, by=self.offices["office2"], at=at,
                                   reason="复查现场核实，资金已退清，宣传品已收回，老人和家属当面确认")  # fmt: skip
        if self.n_closed % 4 != 1 and not owing(Disposal.objects.get(pk=disposal.pk)):
            disposals.close(disposal_id=disposal.pk, note="措施全部落实，复查属实，予以销号", by=self.offices["office2"],
                            at=self._later(at, 1))  # fmt: skip

    def _take(self, disposal: Disposal) -> Post:
        handler = self.offices["civil"]
        at = self._after(disposal, 1)
        disposals.take(disposal_ids=[disposal.pk], post=handler, by=self.offices["office"], at=at)
        if disposal.worst in ("red", "orange"):
            disposals.plan(disposal_id=disposal.pk, text=_PLAN, by=handler, at=self._later(at, 1))
        return handler

    def _do(self, task: Task, handler: Post, at: datetime, result: str = "已落实，材料见附件") -> bool:
        """Leave the proof that a measure asks for and report it as done; False where it cannot be proved here."""
        day = localdate(at)
        match task.proof:
            case "evidence":
                disposals.add_evidence(task_id=task.pk, effective_on=day, by=handler, at=at, file=self._paper("现场照片说明", at),
                                       note="现场检查记录，负责人签字")  # fmt: skip
            case "talk":
                disposals.record_talk(task_id=task.pk, held_on=day, place="区民政局三楼会议室", by=handler, at=at,
                                      present="主要负责人、民政局两人、镇街一人", summary="通报问题，提出三项整改要求，负责人表态")  # fmt: skip
            case "order":
                if not self._order(task, handler, at):
                    return False
            case "referral":
                sent = disposals.refer(task_id=task.pk, receiver="望澜区政法委", sent_on=day, by=handler, at=at)
                disposals.receive_receipt(referral_id=sent.pk, receipt_number=f"收〔{day.year}〕{task.pk}号", received_on=day,
                                          by=handler, at=at)  # fmt: skip
            case "refund":
                return self._refund(task, handler, at)
        disposals.do_task(task_id=task.pk, result=result, by=handler, at=at)
        return True

    def _order(self, task: Task, handler: Post, at: datetime) -> bool:
        article = next((one for one in task.powers if one in _ARTICLES), None)
        if article is None:
            return False
        day = localdate(at)
        disposals.issue_order(
            task_id=task.pk, number=f"望责改〔{day.year}〕{task.pk}号", issued_on=day, article=article, by=handler, at=at,
            unit=self.offices[_ARTICLES[article]].unit, demands="停止收取预付费，限期整改并书面报告",
            due_on=day + timedelta(days=15),
        )  # fmt: skip
        return True

    def _refund(self, task: Task, handler: Post, at: datetime) -> bool:
        """Matters that were put right have everything paid back; of the others, a part."""
        n_persons = self.dice.between(3, 40)
        owed = n_persons * self.dice.between(8, 60) * 100_000
        disposals.record_refund(disposal_id=task.disposal_id, kind="owed", on=localdate(at), n_persons=n_persons, sum_fen=owed,
                                by=handler, at=at, note="按合同台账核定")  # fmt: skip
        done = bool(Standing.objects.get(institution=task.disposal.institution_id).falls_to)
        part = 100 if done else self.dice.between(0, 80)
        if part:
            paid_at = self._later(at, 2)
            disposals.record_refund(
                disposal_id=task.disposal_id, kind="paid", on=localdate(paid_at), n_persons=max(1, n_persons * part // 100),
                sum_fen=owed * part // 100, by=handler, at=paid_at, file=self._paper("退款签收单", paid_at), note="老人或家属签收",
            )  # fmt: skip
        if done:
            disposals.do_task(task_id=task.pk, result="已全部清退，逐户签收", by=handler, at=self._later(at, 3))
        return done

    def _ask(self, task: Task, handler: Post, at: datetime) -> None:
        if self.dice.chance(0.5):
            made = disposals.ask(task_id=task.pk, kind="extension", n_days=min(3, task.n_days), by=handler, at=at,
                                 reason="负责人住院，约谈顺延")  # fmt: skip
        else:
            day = localdate(at)
            made = disposals.ask(task_id=task.pk, kind="pause", from_on=day, until_on=day + timedelta(days=10), by=handler,
                                 at=at, reason="等待司法审计结论")  # fmt: skip
        if self.dice.chance(0.6):
            disposals.approve(application_id=made.pk, by=self.offices["office2"], at=self._later(at, 1))

    def _waive(self, task: Task, handler: Post, at: datetime) -> None:
        made = disposals.ask(task_id=task.pk, kind="waiver", by=handler, at=at, reason=f"不属于“{task.when}”，无须采取")
        disposals.approve(application_id=made.pk, by=self.offices["office2"], at=self._later(at, 1))

    def _is_old(self, disposal: Disposal) -> bool:
        return (self.as_of - localdate(disposal.opened_at)).days > 25

    def _open(self, disposal: Disposal) -> list[Task]:
        tasks = Task.objects.select_related("disposal").filter(disposal=disposal, dropped_at=None).order_by("pk")
        return [task for task in tasks if workflow.state_of(task) == "open"]

    def _paper(self, what: str, at: datetime) -> StoredFile:
        token = f"{self.dice.between(0, 2**52):032x}"
        return vault.store(content=f"演示数据：{what}（{token}）".encode(), name=f"{what}.txt", media_type="text/plain",
                           token=token, by=self.offices["civil"].code, at=at)  # fmt: skip

    def _after(self, disposal: Disposal, days: int) -> datetime:
        """Some worked days after a disposal was opened, at ten; never after now."""
        return self._later(disposal.opened_at, days)

    def _later(self, at: datetime, days: int) -> datetime:
        day = localdate(at)
        while days or not self.calendar.is_worked(day):
            day += timedelta(days=1)
            days -= self.calendar.is_worked(day) and days > 0
        return max(at, min(datetime.combine(day, time(10), ZONE), self.now))
