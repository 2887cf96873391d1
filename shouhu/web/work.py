"""What waits for a post, from every room: the work list of the home page and the numbers beside the rooms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _

from shouhu.engines.periods.calendar import Calendar
from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.clearances import queries as clearances
from shouhu.ledgers.disposals import queries as disposals
from shouhu.ledgers.disposals.counting import left
from shouhu.ledgers.informants.queries import state_of
from shouhu.ledgers.ratings import queries as ratings
from shouhu.ledgers.supervision.queries import circulars, inspecting, looking, orders
from shouhu.ledgers.surveys import queries as surveys
from shouhu.ledgers.tips import queries as tips
from shouhu.ledgers.tips import workflow
from shouhu.ledgers.tips.models import Report, Tip, Transfer
from shouhu.ledgers.units.rights import holders
from shouhu.ledgers.units.scope import Scope, same_person
from shouhu.web.words import said

LONG = 2000
"""No post reads a longer list; what is beyond is found in the rooms."""
FRESH = timedelta(seconds=60)
"""How long the number beside a room holds: it stands on every page."""


@dataclass(frozen=True)
class Item:
    """Something to be done: what, about whom, on which page, until when (``left`` worked days, negative when overdue)."""

    room: str
    what: str
    where: str
    route: str
    pk: int
    colour: str = ""
    due_on: date | None = None
    left: int | None = None
    is_returned: bool = False
    """Whether it was done and came back."""

    @property
    def url(self) -> str:
        """Where to go."""
        return reverse(self.route, args=[self.pk])


def waiting(scope: Scope, today: date) -> list[Item]:
    """This function will give everything that waits for the post of a scope, the most urgent first."""
    calendar = campaigns.calendar()
    rooms = (_campaigns, _surveys, _ratings, _objections, _tips, _openings)
    items = [item for room in rooms for item in room(scope, today, calendar)]
    items += [
        *_plans(scope),
        *_disposals(scope, today),
        *_clearances(scope, today),
        *_supervision(scope, today, calendar),
    ]
    return sorted(items, key=lambda item: (item.due_on is None, item.due_on or today))[:LONG]


def _campaigns(scope: Scope, today: date, calendar: Calendar) -> Iterator[Item]:
    if scope.may("campaign.work"):
        for owed in campaigns.owed_by(scope)[:LONG]:
            task, is_returned = owed.task, owed.was == "send_back"  # type: ignore[attr-defined]
            days = left(task.due_on, today, calendar) if task.due_on else None
            what = _("补办退回的任务") if is_returned else _("办理任务并报告")
            yield Item("campaign", what, task.title, "campaign-task", task.pk, "", task.due_on, days, is_returned)
    for owed in campaigns.to_accept(scope)[:LONG]:
        if owed.done_by and not same_person(owed.done_by, scope.post, today):
            where = f"{owed.unit.name if owed.unit else owed.printed}{_('：')}{owed.task.title}"
            yield Item("campaign", _("审核完成情况"), where, "campaign-task", owed.task_id)


def _supervision(scope: Scope, today: date, calendar: Calendar) -> Iterator[Item]:
    if not scope.may("supervision.view"):
        return
    for due in orders.due_for(scope, today)[:LONG]:
        what = _("督办单：%s") % said(due.what)
        where = due.title if due.verb == "reply" else f"{due.unit}{_('：')}{due.title}"
        yield Item(
            "supervision", what, where, "supervision-page", due.order_id, "", due.due_on, due.left, due.is_returned
        )
    if scope.may("supervision.reply"):
        for sent in circulars.to_receive(scope)[:LONG]:
            yield Item("supervision", _("签收通报"), sent.circular.title, "supervision-circular", sent.circular_id)
    for one in looking.to_look(scope)[:LONG]:
        days = left(one.look_back.due_on, today, calendar)
        yield Item(
            "supervision",
            _("回头看：复查"),
            looking.name_of(one),
            "supervision-item",
            one.pk,
            "",
            one.look_back.due_on,
            days,
        )
    for drawn in inspecting.to_visit(scope)[:LONG]:
        yield Item("supervision", _("双随机：登记检查结果"), drawn.institution.name, "supervision-visit", drawn.pk)
    for one in looking.to_settle(scope)[:LONG]:
        what = _("回头看：重新打开或维持") if one.looked_at else _("回头看：指定复查单位")
        yield Item("supervision", what, looking.name_of(one), "supervision-item", one.pk)


def _plans(scope: Scope) -> Iterator[Item]:
    if scope.may("campaign.plan"):
        for paper in campaigns.waiting_papers(scope)[:LONG]:
            yield Item("plan", _("核对方案"), paper.name, "plan-page", paper.pk)


def _disposals(scope: Scope, today: date) -> Iterator[Item]:
    if not scope.may("disposal.view"):
        return
    for due in disposals.due_for(scope, today):
        page = ("disposal-task", due.task_id) if due.task_id else ("disposal-page", due.disposal_id)
        yield Item("disposal", due.what, due.where, *page, due.colour, due.due_on, due.left, due.is_returned)


def _clearances(scope: Scope, today: date) -> Iterator[Item]:
    if not scope.may("clearance.view"):
        return
    for due in clearances.due_for(scope, today):
        about = ("clearance", _("清零行动：%s") % due.title, due.name, "clearance-page", due.clearance_id)
        yield Item(*about, "", due.due_on, due.left, due.is_returned)


def _surveys(scope: Scope, today: date, calendar: Calendar) -> Iterator[Item]:
    if scope.may("survey.fill"):
        for row in surveys.mine(scope).filter(state__in=("open", "returned"))[:LONG]:
            is_returned = row.state == "returned"
            what = _("退回重填排查表") if is_returned else _("上门排查")
            days = left(row.due_on, today, calendar)
            yield Item("survey", what, row.institution.name, "survey-fill", row.pk, "", row.due_on, days, is_returned)
    if scope.may("survey.review"):
        for sheet in surveys.to_review(scope)[:LONG]:
            if not same_person(sheet.submitted_by, scope.post, today):
                name = sheet.assignment.institution.name
                yield Item("survey", _("审核排查表"), name, "survey-sheet", sheet.pk)


def _ratings(scope: Scope, today: date, calendar: Calendar) -> Iterator[Item]:
    if not (scope.may("rating.decide") or scope.may("rating.approve")):
        return
    queue = ratings.to_decide(scope, today)
    waiting: list[tuple[str, QuerySet[Any]]] = []
    if scope.may("rating.decide"):
        waiting = [(_("研判定级"), queue.undecided)]
    if scope.may("rating.approve"):
        waiting += [(_("确认降级"), queue.falling), (_("第二人签字"), queue.unsigned.exclude(proposed_by=scope.post))]
    for what, rows in waiting:
        # Names alone: the reasons beside them are long, and no part of this list.
        for pk, name, colour in rows.values_list("institution", "institution__name", "colour")[:LONG]:
            yield Item("rating", what, name, "rating-page", pk, colour)


def _objections(scope: Scope, today: date, calendar: Calendar) -> Iterator[Item]:
    if scope.may("objection.decide"):
        for one in ratings.objections(scope).filter(decided_at=None).exclude(filed_by=scope.post):
            about = ("objection", _("答复异议"), one.institution.name, "objection-page", one.pk)
            yield Item(*about, "", one.due_on, left(one.due_on, today, calendar))


def _tips(scope: Scope, today: date, calendar: Calendar) -> Iterator[Item]:
    for tip in tips_waiting(scope)[:LONG]:
        verb = workflow.next_verb(tip.state)
        # A unit that helps has nothing to do but to say that it does.
        if tip.unit_id != scope.post.unit_id and not scope.may("tip.triage"):
            verb = "help"
        what = _("线索：%s") % workflow.transitions()[verb].says
        days = left(tip.due_on, today, calendar) if tip.due_on else None
        yield Item("tip", what, tip.number, "tip-page", tip.pk, "", tip.due_on, days)


def _openings(scope: Scope, today: date, calendar: Calendar) -> Iterator[Item]:
    what = {
        "asked": _("审批：查看举报人身份"), "granted": _("启封举报人身份"), "released": _("查看举报人身份，只此一次"),
    }  # fmt: skip
    if scope.may("informant.view"):
        at = datetime.combine(today, time.min, get_current_timezone())
        for one in tips.waiting(scope, at)[:LONG]:
            yield Item(
                "informant", what[state_of(one, at)], _("查看申请 %s") % f"Q{one.pk:05d}", "informant-page", one.pk
            )


def tips_waiting(scope: Scope) -> QuerySet[Tip]:
    """
    This function will give the tips whose next step is the post's, the earliest deadline first: what its office has to sort or
    hand out, what its unit has to accept or verify, what it handed out and has to answer, report or approve.
    """
    post = scope.post
    if not scope.may("tip.view"):
        return tips.seen(scope).none()
    joint = Transfer.objects.filter(
        tip=OuterRef("pk"), to_unit=post.unit_id, is_joint=True, accepted_at=None, ended_at=None
    )
    mine = (
        Q(Exists(joint), state__in=workflow.transitions()["help"].states) if scope.may("tip.verify") else Q(pk__in=())
    )
    handed = Transfer.objects.filter(tip=OuterRef("pk"), from_unit__code=post.unit.code, is_joint=False)
    for state in workflow.OPEN:
        verb = workflow.next_verb(state)
        if not verb or post.role not in holders(workflow.transitions()[verb].right):
            continue
        if workflow.transitions()[verb].holder:
            mine |= Q(Q(handler=None) | Q(handler=post), state=state, unit=post.unit_id)
        elif verb in ("triage", "assign"):
            mine |= Q(state=state, unit__code=post.unit.code)
        else:
            mine |= Q(Exists(handed), state=state)
    own = Report.objects.filter(tip=OuterRef("pk"), made_by=post, approved_at=None, returned_at=None)
    return tips.seen(scope).filter(mine).exclude(Q(Exists(own), state="reported"))


def n_tips(request: Any) -> int:
    """This function will give how many tips wait for the post, as counted at most a minute ago; kept in the session."""
    kept = request.session.get("tips")
    if kept and kept[0] == request.post.pk and kept[2] > request.at.timestamp():
        return int(kept[1])
    n = tips_waiting(request.scope).order_by().count()
    request.session["tips"] = [request.post.pk, n, (request.at + FRESH).timestamp()]
    return n


def forget_tips(request: Any) -> None:
    """This function will have the tips that wait counted anew on the next page."""
    request.session.pop("tips", None)
