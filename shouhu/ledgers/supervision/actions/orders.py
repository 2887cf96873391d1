"""督办单: issued, replied to, accepted or sent back, given another day, reported upward, withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.clearances.actions import Paper
from shouhu.ledgers.disposals.counting import left
from shouhu.ledgers.supervision import workflow
from shouhu.ledgers.supervision.actions.writing import (
    Incomplete,
    NotFound,
    addressed,
    counted,
    leave,
    numbered,
    require_other,
    said,
    stored,
)
from shouhu.ledgers.supervision.models import RegulatoryTalk, SupervisionOrder
from shouhu.ledgers.supervision.queries import orders as queries
from shouhu.ledgers.supervision.queries.subjects import holding, subject_of
from shouhu.ledgers.tips import actions as tips
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.rights import holders
from shouhu.ledgers.units.scope import Scope


@dataclass(frozen=True)
class About:
    """What an order is about: a name of SUBJECTS and the id."""

    kind: str
    pk: int


@transaction.atomic
def issue(
    *, unit_id: int, title: str, issue: str, n_days: int, about: About | None = None, talk: RegulatoryTalk | None = None,
    by: Post, at: datetime,
) -> SupervisionOrder:  # fmt: skip
    """
    This function will issue an order to a unit; a tip that it is about is put under supervision, too.

    :raises NotNow: the post may issue none, or the tip is resolved.
    :raises NotFound: unit or matter lie outside the jurisdiction, or the unit does not have the tip.
    :raises Incomplete: title, issue or days are missing.
    """
    if by.role not in holders(workflow.ISSUE):
        raise workflow.NotNow("您的岗位不能发督办单，请由专项办办理")
    (unit,) = addressed([unit_id], by, at)
    title, issue = said(title, "请写明督办事项"), said(issue, "请写明督办要求：存在什么问题、要求做到什么")
    deadline = counted(n_days, at)
    subject = subject_of(Scope.of(by), about.kind, about.pk) if about else None
    if about and subject is None:
        raise NotFound("督办的事项不存在，或不在您的辖区内")
    order = SupervisionOrder(
        number=numbered(SupervisionOrder.objects.all(), "督办", by, at), issuer=by.unit, unit=unit, title=title, issue=issue,
        talk=talk, issued_at=at, issued_by=by, due_on=deadline.due_on, due_how=list(deadline.explained),
        **{about.kind: subject} if about else {},
    )  # fmt: skip
    if order.tip and unit.pk not in holding(order.tip):
        raise NotFound("线索只能督办正在承办或协办的单位，请重新选择收件单位")
    if order.tip and order.tip.supervised_at is None:
        tips.supervise(tip_id=order.tip.pk, says=f"发督办单{order.number}", by=by, at=at)
    order.save()
    leave(order, "issue", by, at, changes={"unit": (None, unit.pk), "due_on": (None, order.due_on)})
    return order


@transaction.atomic
def reply(*, order_id: int, says: str, paper: Paper | None = None, by: Post, at: datetime) -> SupervisionOrder:
    """
    This function will hand in what the addressed unit did, with its evidence.

    :raises NotNow: by another unit, or nothing is owed now. :raises Incomplete: nothing is said.
    """
    order = _locked(order_id, "reply", by)
    says = said(says, "请写明办理情况：做了什么、结果怎样")
    order.replied_at, order.replied_by = at, by
    order.returned_at = order.returned_by = None
    order.save(update_fields=["replied_at", "replied_by", "returned_at", "returned_by"])
    leave(order, "reply", by, at, says=says, file=stored(paper, by, at), changes={"replied_at": (None, at)})
    return order


@transaction.atomic
def accept(*, order_id: int, says: str = "", by: Post, at: datetime) -> SupervisionOrder:
    """
    This function will accept a reply: the order is done.

    :raises SecondPerson: by whoever replied.
    """
    order = _locked(order_id, "accept", by)
    require_other(by, [order.replied_by], at, "这份回复是您提交的，须由另一人审核")
    order.accepted_at, order.accepted_by = at, by
    order.save(update_fields=["accepted_at", "accepted_by"])
    leave(order, "accept", by, at, says=says.strip(), changes={"accepted_at": (None, at)})
    return order


@transaction.atomic
def send_back(*, order_id: int, says: str, n_days: int, by: Post, at: datetime) -> SupervisionOrder:
    """
    This function will send a reply back, with the reason and another day; what was reported upward counts anew.

    :raises SecondPerson: by whoever replied. :raises Incomplete: no reason, or no days.
    """
    order = _locked(order_id, "send_back", by)
    require_other(by, [order.replied_by], at, "这份回复是您提交的，须由另一人审核")
    says = said(says, "请写明退回的原因，让收件单位知道要补什么")
    order.replied_at = order.replied_by = None
    order.returned_at, order.returned_by, order.n_levels = at, by, 0
    before = _put_off(order, n_days, at)
    order.save(
        update_fields=["replied_at", "replied_by", "returned_at", "returned_by", "n_levels", "due_on", "due_how"]
    )
    leave(order, "send_back", by, at, says=f"{says}（期限{order.due_on}）", changes={"due_on": before})
    return order


@transaction.atomic
def extend(*, order_id: int, says: str, n_days: int, by: Post, at: datetime) -> SupervisionOrder:
    """
    This function will give an order another day, counted from today; it may be an earlier one.

    :raises Incomplete: no reason, or no days.
    """
    order = _locked(order_id, "extend", by)
    says = said(says, "请写明调整期限的原因")
    before = _put_off(order, n_days, at)
    order.save(update_fields=["due_on", "due_how"])
    leave(order, "extend", by, at, says=f"{says}（期限由{before[0]}调整为{order.due_on}）", changes={"due_on": before})
    return order


@transaction.atomic
def escalate(*, order_id: int, told_id: int, says: str = "", by: Post, at: datetime) -> SupervisionOrder:
    """
    This function will put on record that a leader was told of an order that is late (逐级报告).

    :raises Incomplete: it is not late enough for the next level, or there is none above.
    :raises NotFound: that post is no leader who may be told.
    """
    order = _locked(order_id, "escalate", by)
    level = queries.next_level(order)
    if level is None:
        raise Incomplete("已经报到最高一级，请约谈或通报")
    late = -(left(order.due_on, localdate(at), campaigns.calendar()) or 0)
    if late <= level.late:
        raise Incomplete(f"逾期超过{level.late}个工作日才能{level.says}，现在逾期{max(late, 0)}个工作日")
    told = queries.leaders(order, level, localdate(at)).filter(pk=told_id).first()
    if told is None:
        raise NotFound("请从名单里选一个现在有人的领导岗位；没有的，请管理员先设岗任命")
    order.n_levels += 1
    order.save(update_fields=["n_levels"])
    says = f"{level.says}：{told.unit.name} {told.title}" + (f"；{says.strip()}" if says.strip() else "")
    leave(order, "escalate", by, at, says=says, told=told, changes={"n_levels": (order.n_levels - 1, order.n_levels)})
    return order


@transaction.atomic
def withdraw(*, order_id: int, says: str, by: Post, at: datetime) -> SupervisionOrder:
    """
    This function will take an order back, with the reason.

    :raises Incomplete: no reason is given.
    """
    order = _locked(order_id, "withdraw", by)
    says = said(says, "请写明撤销的原因")
    order.withdrawn_at, order.withdrawn_by = at, by
    order.save(update_fields=["withdrawn_at", "withdrawn_by"])
    leave(order, "withdraw", by, at, says=says, changes={"withdrawn_at": (None, at)})
    return order


def _put_off(order: SupervisionOrder, n_days: int, at: datetime) -> tuple[object, object]:
    deadline, before = counted(n_days, at), order.due_on
    order.due_on, order.due_how = deadline.due_on, list(deadline.explained)
    return before, order.due_on


def _locked(order_id: int, verb: str, by: Post) -> SupervisionOrder:
    """The order, locked, if the act can be done."""
    rows = SupervisionOrder.objects.select_for_update(of=("self",)).select_related("unit", "issuer", "replied_by")
    order = rows.filter(queries.in_sight(Scope.of(by)), pk=order_id).first()
    if order is None:
        raise NotFound("没有这张督办单，或不在您的辖区内")
    workflow.check(order, verb, by, order.unit_id)
    return order
