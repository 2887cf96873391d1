"""
总结: the draft of a campaign's closing report from what the ledgers hold; a person reads, completes and signs it.

Every number names the list that it was counted from, narrowed alike, so that a page can link it. What the ledgers do not hold is
said to be absent. The text is Chinese, as it leaves the office.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Min
from django.utils.timezone import get_current_timezone, localdate

from shouhu.engines.rules import words
from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.campaigns.mechanisms import mechanisms
from shouhu.ledgers.campaigns.models import Campaign
from shouhu.ledgers.clearances import queries as clearances
from shouhu.ledgers.disposals import queries as disposals
from shouhu.ledgers.institutions import queries as institutions
from shouhu.ledgers.ratings import queries as ratings
from shouhu.ledgers.ratings.models import Move
from shouhu.ledgers.ratings.transitions import WORST_FIRST
from shouhu.ledgers.surveys import queries as surveys
from shouhu.ledgers.surveys.models import Round
from shouhu.ledgers.tips import queries as tips
from shouhu.ledgers.tips.models import OUTCOMES, Finding
from shouhu.ledgers.units.scope import Scope

ELDER_CARE = "elder_care"


@dataclass(frozen=True)
class Figure:
    """A number as it is written, and the list that it was counted from: a route, the campaign's id where it takes one, a query."""

    said: str
    route: str = ""
    pk: int | None = None
    query: str = ""


Piece = str | Figure
Words = tuple[Piece, ...]


@dataclass(frozen=True)
class Section:
    """A heading, its paragraphs, and a table where there is one."""

    title: str
    paragraphs: tuple[Words, ...]
    head: tuple[str, ...] = ()
    rows: tuple[tuple[Piece, ...], ...] = ()


def summary(scope: Scope, campaign: Campaign, at: datetime) -> list[Section]:
    """This function will draft the closing report of a campaign as far as a scope sees its figures."""
    today = localdate(at)
    sections = [_organised(scope, campaign, today), _done(scope, campaign, today)]
    if campaign.domain == ELDER_CARE:
        if scope.may("survey.view") and scope.may("rating.view"):
            sections.append(_found(scope, campaign, today))
        if scope.may("disposal.view"):
            sections.append(_handled(scope, today))
    else:
        sections.append(Section("发案和损失", (
            ("本系统没有电信网络诈骗发案、破案和损失的台账，这些数字没有生成，请由公安机关提供后补入。",),
        )))  # fmt: skip
    if scope.may("tip.view"):
        sections.append(_told(scope, campaign, today))
    return [*sections, _left(scope, campaign, today), _ahead(campaign)]


def _organised(scope: Scope, campaign: Campaign, today: date) -> Section:
    stages, bodies = campaigns.stages(campaign, today), campaigns.tree(scope, campaign, today)
    meetings = campaigns.meetings(campaign)
    began = f"{_day(campaign.starts_on)}至{_day(campaign.ends_on)}，开展{campaign.title}"
    phases = "、".join(one.phase.name for one in stages)
    return Section("组织部署", (
        (began, f"，分{phases}{len(stages)}个阶段推进。" if len(stages) > 1 else "。"),
        ("建立领导小组、专项办、工作组、专班等 ", Figure(str(len(bodies)), "campaign-bodies", campaign.pk), " 个，召开会议 ",
         Figure(str(len(meetings)), "campaign-meetings", campaign.pk), " 次。"),
    ))  # fmt: skip


def _done(scope: Scope, campaign: Campaign, today: date) -> Section:
    found = campaigns.overview(scope, campaign, today, campaigns.calendar())
    if not found.total.n:
        return Section("任务完成", (("系统中没有任务，没有可统计的数字。",),))

    def linked(n: int, query: str) -> Figure:
        return Figure(str(n), "campaign-tasks", campaign.pk, query)

    def row(one: campaigns.Count, key: str) -> tuple[Piece, ...]:
        by = f"{key}={one.key}"
        return (one.label, Figure(str(one.n), "campaign-tasks", campaign.pk, by), linked(one.n_accepted, f"{by}&state=accepted"),
                f"{one.percent}%", linked(one.n_late, f"{by}&late=overdue"), str(one.n_finished_late))  # fmt: skip

    total = found.total
    return Section(
        "任务完成",
        (
            ("应完成任务 ", linked(total.n, ""), " 项，已办结 ", linked(total.n_accepted, "state=accepted"),
             f" 项，办结率 {total.percent}%；逾期未完成 ", linked(total.n_late, "late=overdue"),
             f" 项，逾期后完成 {total.n_finished_late} 项。",),
        ),
        ("类别和单位", "应完成", "已办结", "办结率", "逾期未完成", "逾期后完成"),
        (*(row(one, "arm") for one in found.arms), *(row(one, "unit") for one in found.units)),
    )  # fmt: skip


def _found(scope: Scope, campaign: Campaign, today: date) -> Section:
    rounds = list(surveys.rounds(scope).filter(campaign=campaign).order_by("opens_on", "pk"))
    paragraphs: list[Words] = [_covered(scope, one, today) for one in rounds]
    if not rounds:
        paragraphs.append(("系统中没有摸排轮次，没有可统计的摸排数字。",))
    before = _first_day(scope, campaign, rounds, today)
    now = ratings.n_by_colour(scope, ratings.Filters())
    if not sum(now.values()):
        return Section("摸排和评级", (*paragraphs, ("系统中没有评级，没有可统计的四色数字。",)))
    if before is None:
        return Section("摸排和评级", (*paragraphs, ("目前", *_colours(now, ""), "。没有更早的评级可以比较。")))
    then = ratings.n_by_colour(scope, ratings.Filters(), _evening(before))
    return Section("摸排和评级", (
        *paragraphs,
        (f"{_day(before)}", *_colours(then, f"on={before}&"), "；目前", *_colours(now, ""), "。"),
    ))  # fmt: skip


def _covered(scope: Scope, round_: Round, today: date) -> Words:
    total = surveys.total(surveys.coverage(scope, round_, today), scope.low, "")
    return (f"{round_.title}应排查 ", Figure(str(total.n_due), "survey-home", None, f"round={round_.pk}"),
            " 家（处），已排查 ", Figure(str(total.n_done), "survey-assignments", None, f"round={round_.pk}&state=done"),
            f" 家（处），完成率 {total.percent}%。")  # fmt: skip


def _colours(counts: dict[str, int], query: str) -> Iterator[Piece]:
    for n, colour in enumerate(WORST_FIRST):
        yield f"{'，' if n else ''}{words.COLOUR[colour]} "
        yield Figure(str(counts[colour]), "rating-list", None, f"{query}colour={colour}")
        yield " 家"


def _first_day(scope: Scope, campaign: Campaign, rounds: Sequence[Round], today: date) -> date | None:
    """The day to compare with: when the first round was closed, else the first on which anything was rated; None if not past."""
    closed = next((localdate(one.closed_at) for one in rounds if one.closed_at), None)
    if closed is None:
        moves = Move.objects.filter(institutions.in_sight(scope), moved_at__gte=_morning(campaign.starts_on))
        first = moves.aggregate(first=Min("moved_at"))["first"]
        closed = localdate(first) if first else today
    return closed if closed < today else None


def _handled(scope: Scope, today: date) -> Section:
    def n(state: str) -> Figure:
        counted = disposals.narrowed(scope, disposals.Filters(state=state), today).count()
        return Figure(f"{counted:,}", "disposal-list", None, f"state={state}")

    rows = disposals.progress(scope, today)
    owed, paid = sum(one.owed_fen for one in rows), sum(one.paid_fen for one in rows)
    refunds: Words = (
        ("应清退预付费 ", Figure(_yuan(owed), "disposal-list"), "，已清退 ", Figure(_yuan(paid), "disposal-list"),
         f"，清退率 {100 * paid // owed}%。") if owed else ("没有登记需要清退的预付费。",)
    )  # fmt: skip
    paragraphs: list[Words] = [("分类处置销号 ", n("closed"), " 件，处置中 ", n("open"), " 件。"), refunds]
    if scope.may("clearance.view"):
        sites = clearances.countdown(scope, today)
        paragraphs.append(("清零行动销号未登记场所 ", Figure(f"{sites.n_closed:,}", "clearance-list", None, "show=closed"),
                           " 处，还剩 ", Figure(f"{sites.n_open:,}", "clearance-list", None, "show=open"), " 处。"))  # fmt: skip
    return Section("处置和清零", tuple(paragraphs))


def _told(scope: Scope, campaign: Campaign, today: date) -> Section:
    until = min(campaign.ends_on, today)
    span = f"since={campaign.starts_on}&until={until}"
    wanted = tips.Filters(today, scope.post, show="all", since=campaign.starts_on, until=until)
    rows = tips.narrowed(tips.seen(scope), wanted).order_by()
    found = Finding.objects.filter(tip__in=rows.values("pk"), replaced_at=None).order_by()
    by_outcome = dict(found.values_list("outcome").annotate(n=Count("tip", distinct=True)))
    received = rows.count()
    if not received:
        return Section("线索核查", ((f"{_day(campaign.starts_on)}以来没有收到线索。",),))
    pieces: list[Piece] = [
        "收到线索 ",
        Figure(f"{received:,}", "tip-list", None, f"show=all&{span}"),
        " 条，核查结论：",
    ]
    for at, (outcome, title) in enumerate(OUTCOMES.items()):
        pieces += [f"{'，' if at else ''}{title} ", Figure(f"{by_outcome.get(outcome, 0):,}", "tip-list", None,
                                                           f"show=all&outcome={outcome}&{span}"), " 条"]  # fmt: skip
    return Section("线索核查", ((*pieces, "。"),))


def _left(scope: Scope, campaign: Campaign, today: date) -> Section:
    gaps = campaigns.gaps(campaign, today)
    found = campaigns.overview(scope, campaign, today, campaigns.calendar())
    late = sorted((one for one in found.units if one.n_late), key=lambda one: -one.n_late)[:3]
    paragraphs: list[Words] = []
    if late:
        paragraphs.append(("逾期任务较多的单位：", *_listed(late, campaign), "。"))
    if gaps["bears"] + gaps["nobody"]:
        paragraphs.append(("没有单位承担的任务 ", Figure(str(gaps["bears"] + gaps["nobody"]), "campaign-tasks", campaign.pk, "state=unowned"),
                           " 项。"))  # fmt: skip
    paragraphs.append(("（其他问题和经验做法请人工补充，系统不代写。）",))
    return Section("存在的问题", tuple(paragraphs))


def _listed(late: Sequence[campaigns.Count], campaign: Campaign) -> Iterator[Piece]:
    for n, one in enumerate(late):
        yield f"{'、' if n else ''}{one.label} "
        yield Figure(str(one.n_late), "campaign-tasks", campaign.pk, f"unit={one.key}&late=overdue")
        yield " 项"


def _ahead(campaign: Campaign) -> Section:
    titles = "、".join(one.title.removesuffix("机制") for one in mechanisms().values())
    if campaign.standing_at:
        return Section("下一步", ((f"{_day(localdate(campaign.standing_at))}已转入长效机制：{titles}。",),))
    return Section("下一步", ((f"专项行动结束后转入{titles}六大长效机制，逐项明确责任单位和回顾周期。",),))


def _day(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"


def _yuan(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02d} 元"


def _morning(on: date) -> datetime:
    return datetime.combine(on, time.min, get_current_timezone())


def _evening(on: date) -> datetime:
    return _morning(on + timedelta(1)) - timedelta(microseconds=1)
