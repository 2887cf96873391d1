"""通知: what happened for a post, in words and with the page to go to; and the number that the bell on every page shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shouhu.figures.news import DAYS_AFTER, News, n_news, news
from shouhu.ledgers.units import queries as units
from shouhu.ledgers.units.models import Person, Post
from shouhu.ledgers.units.scope import Scope

KEPT = timedelta(days=30)
"""How far back notices are told."""
FRESH = timedelta(seconds=60)
"""How long the number of the bell holds: to count takes a tenth of a second, and it stands on every page."""


@dataclass(frozen=True)
class Kind:
    """How one kind of news is told: of one thing, of several (``%d``); its page, and the list where several are found."""

    one: Any
    many: Any
    page: str
    several: str
    query: str = ""
    """What that list is narrowed to."""


_WORK = "home-work"
KINDS = {
    "survey.given": Kind(lazy("派给您一家排查"), lazy("派给您 %d 家排查"), "survey-fill", "survey-mine"),
    "survey.returned": Kind(lazy("您填的排查表被退回"), lazy("您填的 %d 份排查表被退回"), "survey-fill", "survey-mine"),
    "survey.overdue": Kind(lazy("排查已逾期"), lazy("%d 家排查已逾期"), "survey-fill", "survey-mine"),
    "decision.unsigned": Kind(lazy("研判意见等您签字"), lazy("%d 条研判意见等您签字"), "rating-page", "rating-queue"),
    "decision.approved": Kind(lazy("您的研判意见已获签字通过"), lazy("您的 %d 条研判意见已获签字通过"), "rating-page", "rating-list"),
    "decision.refused": Kind(lazy("您的研判意见未获通过"), lazy("您的 %d 条研判意见未获通过"), "rating-page", "rating-list"),
    "decision.ended": Kind(lazy("您签过的人工定级已终止"), lazy("您签过的 %d 项人工定级已终止"), "rating-page", "rating-list"),
    "decision.ending": Kind(lazy("您签过的人工定级即将到期"), lazy("您签过的 %d 项人工定级即将到期"), "rating-page", "rating-list"),
    "objection.filed": Kind(lazy("收到异议，等您答复"), lazy("收到 %d 件异议，等您答复"), "objection-page", "objection-list"),
    "objection.decided": Kind(lazy("您登记的异议已答复"), lazy("您登记的 %d 件异议已答复"), "objection-page", "objection-list"),
    "import.shown": Kind(lazy("您导入的台账已生效"), lazy("您导入的 %d 份台账已生效"), "institution-import-page", "institution-import"),
    "disposal.given": Kind(lazy("指定您经办处置"), lazy("指定您经办 %d 件处置"), "disposal-page", _WORK, "?room=disposal"),
    "disposal.closed": Kind(lazy("您经办的处置已销号"), lazy("您经办的 %d 件处置已销号"), "disposal-page", "disposal-list"),
    "measure.given": Kind(lazy("指定您承办措施"), lazy("指定您承办 %d 项措施"), "disposal-task", _WORK, "?room=disposal"),
    "measure.moved": Kind(lazy("处置时限变动"), lazy("%d 项处置时限变动"), "disposal-task", _WORK, "?room=disposal"),
    "measure.returned": Kind(lazy("措施被退回补办"), lazy("%d 项措施被退回补办"), "disposal-task", _WORK, "?when=returned"),
    "measure.overdue": Kind(lazy("措施已逾期"), lazy("%d 项措施已逾期"), "disposal-task", _WORK, "?when=late"),
    "application.filed": Kind(lazy("有申请等您审批"), lazy("%d 项申请等您审批"), "disposal-task", "disposal-approvals"),
    "application.approved": Kind(lazy("您的申请已同意"), lazy("您的 %d 项申请已同意"), "disposal-task", "disposal-list"),
    "application.refused": Kind(lazy("您的申请未同意"), lazy("您的 %d 项申请未同意"), "disposal-task", "disposal-list"),
    "clearance.given": Kind(lazy("指定您为包干人"), lazy("指定您为 %d 处的包干人"), "clearance-page", _WORK, "?room=clearance"),
    "clearance.moved": Kind(lazy("清零时限变动"), lazy("%d 处清零时限变动"), "clearance-page", _WORK, "?room=clearance"),
    "clearance.returned": Kind(lazy("您提出的办结被退回"), lazy("您提出的 %d 处办结被退回"), "clearance-page", _WORK, "?when=returned"),
    "clearance.closed": Kind(lazy("您包干的场所已销号"), lazy("您包干的 %d 处场所已销号"), "clearance-page", "clearance-list"),
    "clearance.proposed": Kind(lazy("提出办结，等您复核"), lazy("%d 处提出办结，等您复核"), "clearance-page", _WORK, "?room=clearance"),
    "clearance.overdue": Kind(lazy("清零步骤已逾期"), lazy("%d 处清零步骤已逾期"), "clearance-page", _WORK, "?when=late"),
    "tip.received": Kind(lazy("新线索待甄别"), lazy("%d 条新线索待甄别"), "tip-page", "tip-list", "?state=received"),
    "tip.given": Kind(lazy("交给您单位一条线索，待接收"), lazy("交给您单位 %d 条线索，待接收"), "tip-page", "tip-list", "?state=assigned"),
    "tip.joined": Kind(lazy("请您单位联合办理线索"), lazy("请您单位联合办理 %d 条线索"), "tip-page", "tip-list"),
    "tip.supervised": Kind(lazy("线索列入督办"), lazy("%d 条线索列入督办"), "tip-page", "tip-list", "?show=supervised"),
    "tip.amended": Kind(lazy("线索的文本有补充"), lazy("%d 条线索的文本有补充"), "tip-page", "tip-list"),
    "tip.returned": Kind(lazy("线索被退回，待重新分办"), lazy("%d 条线索待重新分办"), "tip-page", "tip-list", "?state=triaged"),
    "tip.concluded": Kind(lazy("线索有核查结论，待反馈"), lazy("%d 条线索待反馈"), "tip-page", "tip-list", "?state=concluded"),
    "tip.sent_back": Kind(lazy("您提交的办结报告被退回"), lazy("您提交的 %d 份办结报告被退回"), "tip-page", "tip-list", "?state=replied"),
    "tip.contested": Kind(lazy("举报人不认可答复"), lazy("%d 名举报人不认可答复"), "tip-page", "tip-list", "?show=contested"),
    "tip.reported": Kind(lazy("办结报告等您审批"), lazy("%d 份办结报告等您审批"), "tip-page", "tip-list", "?state=reported"),
    "tip.added": Kind(lazy("举报人有补充"), lazy("举报人有 %d 条补充"), "tip-page", "tip-list"),
    "duty.given": Kind(lazy("给您单位一项任务"), lazy("给您单位 %d 项任务"), "campaign-task", _WORK, "?room=campaign"),
    "duty.handed": Kind(lazy("任务改由您单位承担"), lazy("%d 项任务改由您单位承担"), "campaign-task", _WORK, "?room=campaign"),
    "duty.returned": Kind(lazy("任务被退回"), lazy("%d 项任务被退回"), "campaign-task", _WORK, "?when=returned"),
    "duty.accepted": Kind(lazy("您单位的任务已审核通过"), lazy("您单位的 %d 项任务已审核通过"), "campaign-task", "campaign-list"),
    "duty.moved": Kind(lazy("任务期限调整"), lazy("%d 项任务期限调整"), "campaign-task", _WORK, "?room=campaign"),
    "duty.done": Kind(lazy("报告完成，等您审核"), lazy("%d 项报告完成，等您审核"), "campaign-task", _WORK, "?room=campaign"),
    "duty.ending": Kind(lazy("任务即将到期"), lazy("%d 项任务即将到期"), "campaign-task", _WORK, "?room=campaign"),
    "duty.due": Kind(lazy("任务今天到期"), lazy("%d 项任务今天到期"), "campaign-task", _WORK, "?when=today"),
    "duty.overdue": Kind(lazy("任务已逾期"), lazy("%d 项任务已逾期"), "campaign-task", _WORK, "?when=late"),
    "phase.ending": Kind(lazy("阶段即将结束"), lazy("%d 个阶段即将结束"), "campaign-page", "campaign-list"),
    "phase.begun": Kind(lazy("新阶段今天开始"), lazy("%d 个阶段今天开始"), "campaign-page", "campaign-list"),
    "order.given": Kind(lazy("收到督办单"), lazy("收到 %d 张督办单"), "supervision-page", "supervision-list"),
    "order.returned": Kind(lazy("督办回复被退回重办"), lazy("%d 份督办回复被退回重办"), "supervision-page", _WORK, "?when=returned"),
    "order.accepted": Kind(lazy("督办回复审核通过"), lazy("%d 份督办回复审核通过"), "supervision-page", "supervision-list", "?state=accepted"),
    "order.moved": Kind(lazy("督办期限调整"), lazy("%d 张督办单期限调整"), "supervision-page", "supervision-list"),
    "order.replied": Kind(lazy("收到督办回复，等审核"), lazy("收到 %d 份督办回复，等审核"), "supervision-page", "supervision-list", "?state=replied"),
    "order.told": Kind(lazy("督办逾期，报告给您"), lazy("%d 件督办逾期，报告给您"), "supervision-page", "supervision-list", "?late=told"),
    "order.ending": Kind(lazy("督办单还有3个工作日到期"), lazy("%d 张督办单还有3个工作日到期"), "supervision-page", "supervision-list"),
    "order.overdue": Kind(lazy("督办单已逾期"), lazy("%d 张督办单已逾期"), "supervision-page", _WORK, "?when=late"),
    "circular.given": Kind(lazy("收到通报，待签收"), lazy("收到 %d 份通报，待签收"), "supervision-circular", "supervision-circulars"),
    "talk.called": Kind(lazy("收到约谈通知"), lazy("收到 %d 份约谈通知"), "supervision-talk", "supervision-talks"),
    "item.given": Kind(lazy("回头看：请复查"), lazy("回头看：请复查 %d 件"), "supervision-item", _WORK, "?room=supervision"),
    "item.doubtful": Kind(lazy("回头看：应重新打开，等您决定"), lazy("回头看：%d 件等您决定"), "supervision-item", _WORK, "?room=supervision"),
    "tip.ending": Kind(lazy("线索明天到期"), lazy("%d 条线索明天到期"), "tip-page", "tip-list", "?show=soon"),
    "tip.overdue": Kind(lazy("线索已逾期"), lazy("%d 条线索已逾期"), "tip-page", "tip-list", "?show=overdue"),
}  # fmt: skip


@dataclass(frozen=True)
class Notice:
    """A line of the page of notices."""

    at: datetime
    what: str
    where: str
    says: str
    url: str
    is_unread: bool


def notices(scope: Scope, person: Person, at: datetime) -> list[Notice]:
    """This function will tell what happened for a post of late, the latest first."""
    until = _until(person, scope.post, at)
    return [_notice(one, until) for one in news(scope, at - KEPT, at)]


def unread(request: Any) -> int:
    """
    This function will give how many notices the person has not read, as counted at most a minute ago.

    The number is kept in the session, with the post that it is of.
    """
    kept = request.session.get("bell")
    if kept and kept[0] == request.post.pk and kept[2] > request.at.timestamp():
        return int(kept[1])
    n = counted(request)
    request.session["bell"] = [request.post.pk, n, (request.at + FRESH).timestamp()]
    return n


def counted(request: Any) -> int:
    """This function will count now how many notices the person has not read."""
    return n_news(request.scope, _until(request.person, request.post, request.at), request.at)


def forget(request: Any) -> None:
    """This function will have the bell counted anew on the next page."""
    request.session.pop("bell", None)


def _until(person: Person, post: Post, at: datetime) -> datetime:
    return max(units.read_until(person, post) or at - KEPT, at - KEPT)


def _notice(one: News, until: datetime) -> Notice:
    kind = KINDS[one.kind]
    if one.n > 1:
        where = _("%s 等") % one.where if one.where else ""
        return Notice(one.at, kind.many % one.n, where, "", reverse(kind.several) + kind.query, one.at > until)
    says = one.says
    if one.kind == "decision.ending":
        says = _("%s 到期") % (localdate(one.at) - timedelta(DAYS_AFTER[one.kind]))
    return Notice(one.at, str(kind.one), one.where, says, reverse(kind.page, args=[one.pk]), one.at > until)
