"""The running campaigns of the invented district: tasks in every state, two of them late, bodies whose people changed, two meetings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.utils.timezone import localdate

from shouhu.demo import names
from shouhu.demo.dice import Dice
from shouhu.jobs.demo.days import Days, moment
from shouhu.jobs.demo.offices import Offices
from shouhu.ledgers.campaigns import actions as campaigns
from shouhu.ledgers.campaigns.models import Body, Campaign, Duty, Meeting, Seat, Task
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.rights import holders
from shouhu.ledgers.vault import actions as vault
from shouhu.ledgers.vault.models import StoredFile


@dataclass(frozen=True)
class Wanted:
    """A task beside the plan: when it was added and is due, in days before today (below 0: still to come), who owes it, what became of it."""

    title: str
    added: int
    due: int
    owners: tuple[str, ...]
    fate: str


FIRST, SECOND = 70, 20
"""Days before today on which the two meetings were held."""
BY_MEETING = {
    FIRST: (
        Wanted("建立部门联席会商制度，明确联络员", FIRST, 50, ("office",), "accepted"),
        Wanted("核对殡葬、养老、医保数据，补齐未登记场所线索", FIRST, 45, ("civil", "market"), "accepted"),
        Wanted("对银行网点老年客户大额转账劝阻情况开展检查", FIRST, 16, ("finance",), "late"),
    ),
    SECOND: (
        Wanted("集中约谈存在大额预付费的机构负责人", SECOND, 5, ("civil",), "late"),
        Wanted("曝光一批典型案例，开展以案释法宣传", SECOND, -12, ("police", "political"), "done"),
        Wanted("逐村开展防诈宣传进家庭", SECOND, -25, ("town01a", "town02a", "town03a", "town06a"), "progress"),
    ),
}  # fmt: skip
BY_HAND = (
    Wanted("设置举报电话公示牌", 80, 60, ("town04a", "town05a", "town12a"), "accepted"),
    Wanted("清理街面涉老虚假广告", 60, -6, ("market",), "returned"),
    Wanted("侦办利用养老名义集资的线索", 40, -20, ("police",), "progress"),
    Wanted("开展重阳节集中宣传活动", 38, 30, ("office", "civil"), "withdrawn"),
    Wanted("汇总各部门预付费资金存管情况", 30, -3, ("finance", "civil"), "moved"),
)
SAID = {
    "progress": ("已部署到人，完成过半", "正在逐家核对，还差两家", "已开展一轮，正在补充材料"),
    "done": ("已全部完成，材料附后", "按要求完成，照片和签到表附后", "已完成并自查，情况属实"),
    "send_back": ("照片看不清时间地点，请补充", "缺少签到表，请补齐后再报"),
}
MINUTES = {
    FIRST: (
        "第一次联席会议",
        "会议听取了动员部署情况。\n一、建立联席会商制度，各单位明确一名联络员。\n二、比对数据，补齐未登记场所线索。\n"
        "三、检查银行网点劝阻情况。",
    ),
    SECOND: (
        "月调度会",
        "会议通报了摸排和处置进展。\n一、集中约谈存在大额预付费的机构。\n二、曝光典型案例。\n三、宣传进家庭，逐村推进。",
    ),
}
WITHOUT_BODY = "苔岭乡"
"""A township that has set up no 专班 yet: a gap that the desk must show; another has one without 联络员."""
WITHOUT_LIAISON = "栗坪乡"


class Campaigns:
    """Everything that happens to the campaigns that run after they were opened."""

    def __init__(self, offices: Offices, dice: Dice, days: Days) -> None:
        self.offices, self.dice, self.days = offices, dice, days
        self.office, self.second = offices["office"], offices["office2"]

    def put(self) -> None:
        """This function will put on the days what is done about every campaign of the district."""
        for campaign in Campaign.objects.filter(code=self.offices.county).order_by("pk"):
            self._carry_plan(campaign)
            if campaign.domain == "elder_care":
                self._set_up(campaign)
                for wanted in BY_HAND:
                    self._put(wanted, partial(self._add, campaign, wanted, None))
                for back in BY_MEETING:
                    self.days.put(self._at(back, 15), partial(self._meet, campaign, back))

    # --- tasks of the plan -------------------------------------------------------------------------------------------

    def _carry_plan(self, campaign: Campaign) -> None:
        """What is due was done in time; of what is still to come some is under way, some reported, some accepted."""
        duties = Duty.objects.filter(task__campaign=campaign, unit__isnull=False).select_related("task", "unit")
        for turn, duty in enumerate(duties.order_by("task__position", "pk")):
            due_on, owner = duty.task.due_on or campaign.ends_on, self._owner(duty)
            if owner is None:
                continue
            if due_on < self.days.as_of:
                at = max(self.days.later(moment(due_on, 10), -self.dice.between(1, 4), 10), self._begun(campaign))
                self.days.put(at, partial(self._finish, duty.pk, owner, is_accepted=True))
            elif turn % 5 in (1, 2):
                at = self.days.later(self.days.now, -self.dice.between(2, 25), 11)
                self.days.put(max(at, self._begun(campaign)), partial(self._progress, duty.pk, owner))
            elif turn % 5 == 3:
                at = self.days.later(self.days.now, -self.dice.between(1, 12), 16)
                self.days.put(
                    max(at, self._begun(campaign)), partial(self._finish, duty.pk, owner, is_accepted=turn % 2 == 0)
                )

    def _begun(self, campaign: Campaign) -> datetime:
        return self.days.later(moment(campaign.starts_on, 10), 2, 14)

    # --- tasks beside the plan ---------------------------------------------------------------------------------------

    def _put(self, wanted: Wanted, act: Any) -> None:
        self.days.put(self._at(wanted.added, 15), act)

    def _meet(self, campaign: Campaign, back: int, at: datetime) -> None:
        title, minutes = MINUTES[back]
        meeting = campaigns.record_meeting(
            campaign_id=campaign.pk, title=title, held_on=localdate(at), chair="区政府分管负责同志", minutes=minutes,
            attendees="专项办、民政局、公安分局、市场监督管理局、处非牵头部门、各镇街", file=self._file(at, "会议纪要.pdf", self.office),
            by=self.office, at=at,
        )  # fmt: skip
        for wanted in BY_MEETING[back]:
            self._add(campaign, wanted, meeting, at)

    def _add(self, campaign: Campaign, wanted: Wanted, meeting: Meeting | None, at: datetime) -> None:
        due_on = self.days.as_of - timedelta(days=wanted.due)
        task = campaigns.add_task(
            campaign_id=campaign.pk, title=wanted.title, unit_ids=[self.offices[login].unit_id for login in wanted.owners],
            due_on=due_on, meeting_id=meeting.pk if meeting else None, by=self.office, at=at,
        )  # fmt: skip
        for duty in task.duties.select_related("unit").order_by("pk"):
            owner = self._owner(duty)
            assert owner
            self._become(wanted, duty, owner, at)
        if wanted.fate == "withdrawn":
            self.days.put(self.days.later(at, 3, 17), partial(self._withdraw, task))
        if wanted.fate == "moved":
            self.days.put(self.days.later(at, 12, 9), partial(self._move, task))

    def _become(self, wanted: Wanted, duty: Duty, owner: Post, at: datetime) -> None:
        half = self.days.later(at, max(2, (wanted.added - max(wanted.due, 0)) // 4), 11)
        match wanted.fate:
            case "accepted":
                self.days.put(half, partial(self._finish, duty.pk, owner, is_accepted=True))
            case "done":
                self.days.put(half, partial(self._progress, duty.pk, owner))
                self.days.put(
                    self.days.later(self.days.now, -2, 16), partial(self._finish, duty.pk, owner, is_accepted=False)
                )
            case "returned":
                self.days.put(
                    self.days.later(self.days.now, -4, 15), partial(self._finish, duty.pk, owner, is_accepted=False)
                )
                self.days.put(self.days.later(self.days.now, -3, 10), partial(self._send_back, duty.pk))
            case "progress" | "late" | "moved":
                self.days.put(half, partial(self._progress, duty.pk, owner))

    def _withdraw(self, task: Task, at: datetime) -> None:
        campaigns.withdraw(task_id=task.pk, says="并入全年宣传月活动，不再单列", by=self.office, at=at)

    def _move(self, task: Task, at: datetime) -> None:
        assert task.due_on
        due_on = task.due_on + timedelta(days=10)
        campaigns.move(task_id=task.pk, due_on=due_on, says="数据量大，两家银行系统升级", by=self.office, at=at)

    # --- what is said about a duty -----------------------------------------------------------------------------------

    def _progress(self, pk: int, owner: Post, at: datetime) -> None:
        if Duty.objects.filter(pk=pk, done_at=None, task__withdrawn_at=None).exists():
            campaigns.progress(duty_id=pk, says=self.dice.pick(SAID["progress"]), by=owner, at=at)

    def _finish(self, pk: int, owner: Post, at: datetime, *, is_accepted: bool) -> None:
        file = self._file(at, "佐证材料.pdf", owner)
        campaigns.done(duty_id=pk, says=self.dice.pick(SAID["done"]), file=file, by=owner, at=at)
        if is_accepted:
            by = self.second if owner == self.office else self.office
            self.days.put(
                self.days.later(at, 1, 16), lambda when: campaigns.accept(duty_id=pk, says="属实", by=by, at=when)
            )

    def _send_back(self, pk: int, at: datetime) -> None:
        campaigns.send_back(duty_id=pk, says=self.dice.pick(SAID["send_back"]), by=self.office, at=at)

    def _owner(self, duty: Duty) -> Post | None:
        """The post of a unit that reports; of the campaign office's two, the one that does not sign."""
        able = [
            one
            for one in self.offices.posts.values()
            if one.unit_id == duty.unit_id and one.role in holders("campaign.work")
        ]
        return next(iter(able), None)

    def _file(self, at: datetime, name: str, by: Post) -> StoredFile:
        content = f"%PDF-1.4\n% 演示数据 {name} {at:%Y-%m-%d}\n".encode()
        token = f"{self.dice.between(0, 2**52):032x}"
        return vault.store(content=content, name=name, media_type="application/pdf", token=token, by=by.code, at=at)

    # --- bodies ------------------------------------------------------------------------------------------------------

    def _set_up(self, campaign: Campaign) -> None:
        self.days.put(self._at(88, 9), partial(self._bodies, campaign))

    def _bodies(self, campaign: Campaign, at: datetime) -> None:
        """The leading group, its office, the working group of the bureau, a 专班 of each town but one; then people change."""
        group = self._body(campaign, self.office, "领导小组", "leading_group", None, at)
        self._fill(group, (("head", "人民政府", "分管负责同志"), ("deputy", "政法委", "副书记"), ("member", "民政局", "局长"),
                           ("member", "公安分局", "副局长"), ("member", "市场监督管理局", "副局长")), self.office, at)  # fmt: skip
        office = self._body(campaign, self.office, "专项办", "campaign_office", group, at)
        self._fill(office, (("head", "专项办", "主任"), ("liaison", "专项办", "综合科科长")), self.office, at)
        civil = self.offices["civil"]
        bureau = self._body(campaign, civil, "民政局工作组", "working_group", office, at)
        self._fill(bureau, (("head", "民政局", "局长"), ("deputy", "民政局", "副局长"), ("member", "养老服务科", "科长"),
                            ("liaison", "养老服务科", "科员")), civil, at)  # fmt: skip
        for town, post in self._towns():
            if town == WITHOUT_BODY:
                continue
            force = self._body(campaign, post, f"{town}工作专班", "task_force", office, at)
            seats = (
                ("head", f"{town}人民政府", "分管负责同志"),
                ("member", "平安办", "主任"),
                ("liaison", "社会事务办", "干事"),
            )
            self._fill(force, seats[: 2 if town == WITHOUT_LIAISON else 3], post, at)
        head = Seat.objects.get(body=bureau, role="head")
        self.days.put(self._at(35, 9), partial(self._replace, head, civil, "局长"))

    def _body(self, campaign: Campaign, by: Post, name: str, kind: str, parent: Body | None, at: datetime) -> Body:
        """The body of the plan that is of this kind, where it named one; else one that is set up now."""
        of_plan = Body.objects.filter(campaign=campaign, unit=by.unit_id, kind=kind, to_on=None).first()
        if of_plan:
            return of_plan
        return campaigns.set_up(
            campaign_id=campaign.pk, unit_id=by.unit_id, name=name, kind=kind, parent_id=parent.pk if parent else None,
            document=f"望专〔{at.year}〕1号", from_on=localdate(at), by=by, at=at,
        )  # fmt: skip

    def _fill(self, body: Body, seats: tuple[tuple[str, str, str], ...], by: Post, at: datetime) -> None:
        for role, employer, position in seats:
            campaigns.seat(
                body_id=body.pk, role=role, name=names.person(self.dice), employer=employer, position=position,
                phone=names.phone(self.dice), from_on=max(localdate(at), body.from_on), by=by, at=at,
            )  # fmt: skip

    def _replace(self, seat: Seat, by: Post, position: str, at: datetime) -> None:
        campaigns.replace(seat_id=seat.pk, name=names.person(self.dice), employer=seat.employer, position=position,
                          phone=names.phone(self.dice), on=localdate(at), by=by, at=at)  # fmt: skip

    def _towns(self) -> Iterator[tuple[str, Post]]:
        for login, post in sorted(self.offices.posts.items()):
            if login.startswith("town") and login.endswith("a"):
                yield post.unit.name.removesuffix("工作专班"), post

    def _at(self, back: int, hour: int) -> datetime:
        """The worked day so many days ago, or the next one."""
        day: date = self.days.as_of - timedelta(days=back)
        return self.days.later(moment(day, hour), 0, hour)
