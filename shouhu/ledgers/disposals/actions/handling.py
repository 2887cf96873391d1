"""Who handles a disposal or a measure, and the plan of an institution (一院一策)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.timezone import localdate

from shouhu.ledgers.disposals.actions.trail import leave, locked_disposal, locked_task, said
from shouhu.ledgers.disposals.models import Disposal, Step, Task
from shouhu.ledgers.disposals.workflow import check
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.units.rights import holders
from shouhu.ledgers.units.scope import Scope


class Unfit(Refused):
    """The post that was named cannot handle it."""


@transaction.atomic
def take(*, disposal_ids: Iterable[int], post: Post, by: Post, at: datetime) -> list[Disposal]:
    """
    This function will make a post the handler of disposals (经办岗位).

    :raises Unfit: the post holds no right to handle, is closed, or an institution lies outside its jurisdiction.
    :raises NotNow: one of them is closed.
    """
    ids = sorted(set(disposal_ids))
    if not ids:
        raise Unfit("请先勾选要指定经办岗位的处置")
    rows = [locked_disposal(pk, by) for pk in ids]
    for disposal in rows:
        check(disposal, "take", by)
        _require_fit(post, disposal, localdate(at))
        before = disposal.handler_id
        disposal.handler, disposal.assigned_at, disposal.assigned_by = post, at, by
        disposal.save(update_fields=["handler", "assigned_at", "assigned_by"])
        leave(disposal, disposal=disposal, verb="take", by=by, at=at, note=_name(post),
              changes={"handler": (before, post.pk)})  # fmt: skip
    return rows


@transaction.atomic
def put_back(*, former: Mapping[int, int | None], taken_at: datetime, by: Post, at: datetime) -> list[Disposal]:
    """
    This function will undo ``take``: disposals that nobody has touched since go back to the handler they had, or to none.

    :param former: id of the disposal → id of the post that handled it.
    :param taken_at: when the same post handed them out.
    :raises Unfit: others have gone on with all of them.
    """
    since = Step.objects.filter(disposal=OuterRef("pk"), taken_at__gte=taken_at).exclude(verb="take", taken_at=taken_at)
    rows = Disposal.objects.filter(~Exists(since), pk__in=former, assigned_by=by, assigned_at=taken_at, closed_at=None)
    ids = sorted(rows.values_list("pk", flat=True))
    if not ids:
        raise Unfit("已有人接着办理，不能撤销，请另行指定经办岗位")
    posts = Post.objects.select_related("unit").in_bulk([pk for pk in former.values() if pk])
    undone = [locked_disposal(pk, by) for pk in ids]
    for disposal in undone:
        check(disposal, "take", by)
        before, handler = disposal.handler_id, posts.get(former[disposal.pk] or 0)
        disposal.handler = handler
        disposal.assigned_at, disposal.assigned_by = (at, by) if handler else (None, None)
        disposal.save(update_fields=["handler", "assigned_at", "assigned_by"])
        leave(disposal, disposal=disposal, verb="take", by=by, at=at, note=f"撤销，恢复为{_name(handler) if handler else '未指定'}",
              changes={"handler": (before, handler and handler.pk)})  # fmt: skip
    return undone


@transaction.atomic
def assign(*, task_id: int, post: Post, by: Post, at: datetime) -> Task:
    """
    This function will hand one measure to a post of its own (成员单位, 镇街).

    :raises Unfit: as for ``take``.
    """
    task = locked_task(task_id, by)
    check(task, "assign", by)
    _require_fit(post, task.disposal, localdate(at))
    before = task.post_id
    task.post = post
    task.save(update_fields=["post"])
    leave(task, disposal=task.disposal, task=task, verb="assign", by=by, at=at, note=_name(post),
          changes={"post": (before, post.pk)})  # fmt: skip
    return task


@transaction.atomic
def plan(*, disposal_id: int, text: str, by: Post, at: datetime) -> Disposal:
    """This function will write the plan of an institution (一院一策)."""
    disposal = locked_disposal(disposal_id, by)
    check(disposal, "plan", by)
    before, text = disposal.plan, said(text, "请写明方案：风险点、措施、责任人、资金来源、老年人安置")
    disposal.plan, disposal.planned_at, disposal.planned_by = text, at, by
    disposal.save(update_fields=["plan", "planned_at", "planned_by"])
    leave(disposal, disposal=disposal, verb="plan", by=by, at=at,
          note="修订" if before else "", changes={"plan": (before or None, text)})  # fmt: skip
    return disposal


def _require_fit(post: Post, disposal: Disposal, today: date) -> None:
    if post.role not in holders("disposal.handle"):
        raise Unfit(f"{_name(post)}没有办理处置的权限，请另选岗位")
    if post.closed_on and post.closed_on <= today:
        raise Unfit(f"{_name(post)}已撤销，请另选岗位")
    if not Scope.of(post).covers(disposal.institution.code):
        raise Unfit(f"“{disposal.institution.name}”不在{_name(post)}的辖区内，请另选岗位")


def _name(post: Post) -> str:
    return f"{post.unit.name}{post.title}"
