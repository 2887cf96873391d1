"""督导 of the invented district: orders in every state, one reported upward twice, circulars, talks, and a 回头看 that opens a site again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import partial

from django.utils.timezone import localdate

from shouhu.demo.dice import Dice
from shouhu.jobs.demo.days import Days
from shouhu.jobs.demo.offices import Offices
from shouhu.ledgers.clearances.actions import Paper
from shouhu.ledgers.clearances.models import Clearance
from shouhu.ledgers.disposals.models import Disposal
from shouhu.ledgers.supervision.actions import circulars, inspecting, looking, orders, talks
from shouhu.ledgers.supervision.actions.orders import About
from shouhu.ledgers.supervision.actions.talks import Undertaking
from shouhu.ledgers.supervision.models import Circular, Item, LookBack, RandomInspection, Visit
from shouhu.ledgers.supervision.queries import circulars as circular_queries
from shouhu.ledgers.supervision.queries import matters
from shouhu.ledgers.supervision.queries.subjects import receivers
from shouhu.ledgers.tips.models import Tip
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.rights import holders
from shouhu.ledgers.units.scope import Scope, same_person

_FOUND = ("现场情况与办结时一致，未见反弹", "材料齐全，走访老人情况属实", "仍有老人入住，证照未挂出，应重新办理")

_VISITED = (
    ("none", "收费公示、合同、资金台账均已查看，未见异常"), ("mended", "收费公示未更新，已当场更换"), ("none", "抽查合同十份，与台账一致"),
    ("ordered", "预付费超过约定月数，责令限期清退"),
)  # fmt: skip


class Supervision:
    """Five weeks of supervision, put on the days."""

    def __init__(self, offices: Offices, dice: Dice, days: Days) -> None:
        self.offices, self.dice, self.days = offices, dice, days
        self.office, self.deputy = offices["office"], offices["office2"]

    def put(self) -> None:
        """This function will put everything on the days, counted back in worked days."""
        self._on(-24, 9, self._done_in_time)
        self._on(-20, 10, self._never_answered)
        self._on(-15, 9, self._withdrawn)
        self._on(-11, 10, self._sent_back)
        self._on(-5, 10, partial(self._about, "disposal"))
        self._on(-4, 10, partial(self._about, "clearance"))
        self._on(-3, 10, partial(self._about, "tip"))
        self._on(-14, 15, partial(self._circular, "praise", 3))
        self._on(-6, 15, partial(self._circular, "criticism", 5))
        self._on(-1, 17, lambda at: self._drafted("criticism", at))
        self._on(-9, 10, self._talk)
        self._on(-7, 10, self._cancelled)
        self._on(-1, 16, self._called)
        self._on(-8, 14, self._look_back)
        self._on(-10, 9, self._inspection)
        self._on(-1, 11, self._sealed)

    def _on(self, n_worked: int, hour: int, act: Callable[[datetime], object]) -> None:
        self.days.put(self.days.later(self.days.now, n_worked, hour), act)

    def _after(self, at: datetime, n_worked: int, hour: int, act: Callable[[datetime], object]) -> None:
        self.days.put(self.days.later(at, n_worked, hour), act)

    def _town(self, number: int) -> Post:
        return self.offices[f"town{number:02d}a"]

    def _issue(self, to: Post, title: str, issue: str, n_days: int, at: datetime, about: About | None = None) -> int:
        order = orders.issue(
            unit_id=to.unit_id, title=title, issue=issue, n_days=n_days, about=about, by=self.office, at=at
        )
        return order.pk

    def _answer(self, pk: int, by: Post, says: str, at: datetime) -> None:
        token = f"{self.dice.between(0, 2**52):032x}"
        paper = Paper(f"演示数据：佐证材料（{token}）".encode(), "佐证材料.txt", "text/plain", token)
        orders.reply(order_id=pk, says=says, paper=paper, by=by, at=at)

    # --- 督办单

    def _done_in_time(self, at: datetime) -> None:
        pk = self._issue(self._town(2), "第一轮排查扫尾", "第一轮排查还有机构未上门，请逐家补齐，并说明原因。", 10, at)
        self._after(at, 6, 16, lambda when: self._answer(pk, self._town(2), "已全部上门，补充排查表已提交审核。", when))
        self._after(at, 7, 10, lambda when: orders.accept(order_id=pk, says="与台账相符", by=self.deputy, at=when))

    def _never_answered(self, at: datetime) -> None:
        """Reported to the leader of the place, then to the district's."""
        told, issue = self.offices["leader"], "两处未登记场所超过一个月没有进展，请明确路径和时限。"
        pk = self._issue(self._town(5), "未登记场所督促登记进度滞后", issue, 5, at)
        self._after(
            at,
            7,
            9,
            lambda when: orders.escalate(order_id=pk, told_id=told.pk, says="已电话报告", by=self.office, at=when),
        )
        self._after(
            at,
            13,
            9,
            lambda when: orders.escalate(order_id=pk, told_id=told.pk, says="建议约谈", by=self.office, at=when),
        )

    def _withdrawn(self, at: datetime) -> None:
        pk = self._issue(self._town(6), "补报联络员", "请确定并上报联络员。", 3, at)
        self._after(
            at, 1, 11, lambda when: orders.withdraw(order_id=pk, says="已另行上报，与本单重复", by=self.office, at=when)
        )

    def _sent_back(self, at: datetime) -> None:
        pk = self._issue(self._town(3), "清退台账不完整", "两家机构的清退没有凭证，请补齐凭证或说明情况。", 5, at)
        self._after(at, 3, 16, lambda when: self._answer(pk, self._town(3), "已联系机构补充。", when))
        self._after(
            at,
            5,
            10,
            lambda when: orders.send_back(
                order_id=pk, says="没有附凭证，请逐笔附收据或回单", n_days=7, by=self.deputy, at=when
            ),
        )

    def _about(self, kind: str, at: datetime) -> None:
        """An order about something that is under way, if there is something of the kind that day."""
        match kind:
            case "disposal":
                rows = Disposal.objects.filter(closed_at=None, handler__isnull=False, worst__in=("red", "orange"))
                found = rows.select_related("institution", "handler__unit").order_by("pk").first()
                if found and found.handler:
                    name, handler = found.institution.name, found.handler
                    pk = self._issue(
                        handler,
                        f"推进“{name}”处置",
                        "资金清退进度慢，请列出剩余清退名单和时间表。",
                        10,
                        at,
                        About(kind, found.pk),
                    )
                    self._after(
                        at,
                        3,
                        16,
                        lambda when: self._answer(pk, handler, "清退时间表已与机构确认，月底前清退完毕。", when),
                    )
            case "clearance":
                sites = Clearance.objects.filter(closed_at=None, owner__isnull=False).select_related(
                    "institution", "owner__unit"
                )
                site = sites.order_by("due_on", "pk").first()
                if site and site.owner:
                    self._issue(
                        site.owner,
                        f"推进“{site.institution.name}”清零",
                        "请按步骤办理，逾期的说明原因。",
                        5,
                        at,
                        About(kind, site.pk),
                    )
            case _:
                tips = Tip.objects.filter(state="verifying", supervised_at=None, handler__isnull=False)
                tip = tips.select_related("handler__unit").order_by("due_on", "pk").first()
                if tip and tip.handler:
                    self._issue(
                        tip.handler,
                        f"办理线索 {tip.number}",
                        f"线索 {tip.number} 请抓紧核查，按期报结论。",
                        8,
                        at,
                        About(kind, tip.pk),
                    )

    # --- 通报

    def _drafted(self, manner: str, at: datetime) -> Circular:
        scope, today = Scope.of(self.office), localdate(at)
        units = [unit for unit in receivers(scope, today) if unit.kind == "task_force"]
        told = circular_queries.records(scope, units, today)
        order = (
            (lambda one: (-one.n_done, one.unit.pk)) if manner == "praise" else (lambda one: (-one.n_late, one.unit.pk))
        )
        named = sorted(told, key=order)[:3]
        title = "关于专项行动推进情况的通报" if manner == "criticism" else "关于表扬专项行动先进单位的通报"
        return circulars.draft(manner=manner, title=title, text=circular_queries.drafted(manner, named, today),
                               named_ids=[one.unit.pk for one in named], unit_ids=[unit.pk for unit in units], by=self.office, at=at)  # fmt: skip

    def _circular(self, manner: str, n_missing: int, at: datetime) -> None:
        """Issued the next morning, and signed for by all but a few."""
        pk = self._drafted(manner, at).pk
        self._after(at, 1, 9, lambda when: circulars.send(circular_id=pk, by=self.deputy, at=when))
        for number in range(1, 13 - n_missing):
            self._after(at, 1 + number % 2, 10 + number % 6, partial(self._receive, pk, self._town(number)))

    def _receive(self, pk: int, by: Post, at: datetime) -> None:
        circulars.receive(circular_id=pk, by=by, at=at)

    # --- 约谈

    def _talk(self, at: datetime) -> None:
        talk = talks.call(unit_id=self._town(5).unit_id, meets_on=localdate(self.days.later(at, 2)), meets_when=time(15),
                          place="区专项办三楼会议室", invited="镇分管负责同志、专班负责人", why="督办单逾期未回复，未登记场所清零连续两周没有进展。",
                          by=self.office, at=at)  # fmt: skip
        promised = [Undertaking("一周内完成两处场所分类并明确处置路径", 5), Undertaking("每周五报送进展", 15)]
        self._after(at, 2, 17, lambda when: talks.record(
            talk_id=talk.pk, held_on=localdate(when), present="专项办负责同志、镇分管负责同志、专班负责人", undertakings=promised, by=self.office,
            summary="通报督办逾期情况，指出责任不清、措施不实的问题；镇里表态立即整改。", at=when,
        ))  # fmt: skip

    def _cancelled(self, at: datetime) -> None:
        talk = talks.call(unit_id=self._town(9).unit_id, meets_on=localdate(self.days.later(at, 3)), meets_when=time(9, 30), place="区专项办",
                          invited="专班负责人", why="排查表退回率偏高。", by=self.office, at=at)  # fmt: skip
        self._after(
            at,
            1,
            9,
            lambda when: talks.cancel(talk_id=talk.pk, why="已补正退回的排查表，改为电话提醒", by=self.office, at=when),
        )

    def _called(self, at: datetime) -> None:
        talks.call(unit_id=self._town(3).unit_id, meets_on=localdate(self.days.later(at, 3)), meets_when=time(15), place="区专项办三楼会议室",
                   invited="镇主要负责同志", why="清退凭证两次没有补齐，整改承诺没有落实。", by=self.office, at=at)  # fmt: skip

    # --- 回头看

    def _look_back(self, at: datetime) -> None:
        """Most are looked at in time; a site that does not stand is opened again, another waits for the office."""
        seed = "".join(f"{self.dice.between(0, 15):x}" for _ in range(64))
        units = [self.offices[login].unit_id for login in ("office", "civil", "market", "town01a", "town02a")]
        today = localdate(at)
        drawn = looking.draw(title="第一次回头看", from_on=today - timedelta(45), until_on=today - timedelta(1), unit_ids=units, n_days=10, seed=seed,
                             shares={"tip": "4", "clearance": "3", "disposal": "10%", "move": "3"}, by=self.office, at=at)  # fmt: skip
        ids = list(drawn.items.exclude(unit=None).order_by("kind", "pk").values_list("pk", flat=True))
        doubtful = self._doubtful(drawn)
        for number, pk in enumerate(ids[: -(-len(ids) * 3 // 4)]):
            is_sound = pk not in doubtful
            self._after(at, 1 + number % 4, 9 + number % 7, partial(self._look, pk, number, is_sound))
        for pk in doubtful[:1]:
            self._after(at, 6, 10, partial(self._reopen, pk))

    def _doubtful(self, drawn: LookBack) -> list[int]:
        """A site and a tip among those that are looked at."""
        rows = drawn.items.exclude(unit=None)
        first = (
            rows.filter(kind=kind).order_by("pk").values_list("pk", flat=True).first() for kind in ("clearance", "tip")
        )
        return [pk for pk in first if pk]

    def _look(self, pk: int, number: int, is_sound: bool, at: datetime) -> None:
        item = Item.objects.select_related("unit", "tip", "clearance", "disposal", "move__rating__version").get(pk=pk)
        matter = matters.matter_of(item)
        hands, today = matters.hands(item.kind, matter), localdate(at)
        posts = [
            post
            for post in self.offices.posts.values()
            if post.unit_id == item.unit_id and post.role in holders("supervision.look")
        ]
        fit = (
            post for post in posts
            if matters.sees(Scope.of(post), item.kind, matter.pk) and not any(same_person(post, hand, today) for hand in hands)
        )  # fmt: skip
        if by := next(fit, None):
            says = _FOUND[number % 2] if is_sound else _FOUND[2]
            looking.look(item_id=pk, is_sound=is_sound, says=says, looked_on=today, by=by, at=at)

    def _reopen(self, pk: int, at: datetime) -> None:
        if Item.objects.get(pk=pk).state == "doubtful":
            looking.reopen(item_id=pk, why="回头看发现仍在收住老人", by=self.office, at=at)

    # --- 双随机

    def _sealed(self, at: datetime) -> RandomInspection:
        """Institutions by their colours; the departments inspect."""
        today, seed = localdate(at), "".join(f"{self.dice.between(0, 15):x}" for _ in range(64))
        posts = [self.offices[login].pk for login in ("civil", "police", "market", "finance", "political")]
        rates = {"red": "100%", "orange": "30%", "yellow": "8%", "green": "2%"}
        return inspecting.commit(title=f"{today.year}年{today.month}月养老服务机构双随机抽查", town="", rates=rates, post_ids=posts, team_size=2,
                                 declared=[], seed=seed, by=self.office, at=at)  # fmt: skip

    def _inspection(self, at: datetime) -> None:
        """Sealed, drawn the next day with two witnesses, and inspected but for a few."""
        sealed = self._sealed(at)
        self._after(at, 1, 10, partial(self._draw, sealed.pk))

    def _draw(self, pk: int, at: datetime) -> None:
        drawn = inspecting.draw(draw_id=pk, words=["今天是个晴天", "望澜江水位平稳"], by=self.office, at=at)
        for number, visit in enumerate(drawn.visits.order_by("pk")[:9]):
            self._after(at, 1 + number % 6, 9 + number % 7, partial(self._find, visit.pk, number))

    def _find(self, pk: int, number: int, at: datetime) -> None:
        by = Visit.objects.get(pk=pk).team.order_by("pk").first()
        found, says = _VISITED[number % len(_VISITED)]
        if by:
            inspecting.find(visit_id=pk, found=found, found_on=localdate(at), says=says, by=by, at=at)
