"""回头看: a sample drawn, handed to others than who handled it, looked at, and opened again where it does not stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate

from shouhu.ledgers.clearances import actions as clearances
from shouhu.ledgers.clearances.actions import Paper
from shouhu.ledgers.disposals import actions as disposals
from shouhu.ledgers.disposals.models import Task
from shouhu.ledgers.institutions import actions as institutions
from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.ratings import actions as ratings
from shouhu.ledgers.ratings.models import Standing
from shouhu.ledgers.supervision import workflow
from shouhu.ledgers.supervision.actions.writing import (
    Incomplete,
    NotFound,
    addressed,
    counted,
    note,
    past,
    require_other,
    said,
    stored,
)
from shouhu.ledgers.supervision.models import MATTERS, Item, LookBack
from shouhu.ledgers.supervision.queries import looking as queries
from shouhu.ledgers.supervision.queries import matters
from shouhu.ledgers.tips import actions as tips
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.rights import holders
from shouhu.ledgers.units.scope import Scope

COLOUR_DAYS = 90
"""For how long a colour that a look-back brings back is proposed to count: ours, it is looked at again within."""


@transaction.atomic
def draw(
    *, title: str, from_on: date, until_on: date, shares: Mapping[str, str], unit_ids: Iterable[int], n_days: int, seed: str,
    by: Post, at: datetime,
) -> LookBack:  # fmt: skip
    """
    This function will draw a sample of what was closed in a period, and hand each matter to one of the units, in turn, that
    had no hand in it and may see it; where none of them may, the matter waits for a unit to be named.

    :param shares: kind of matter → ``5``, or ``10%`` of what there is.
    :param seed: 64 random hex digits made by the face; kept, so that the draw can be made again.
    :raises NotNow: the post may not. :raises Incomplete: no title, no share, a wrong period, or nothing to draw from.
    """
    if by.role not in holders(workflow.ISSUE):
        raise workflow.NotNow("您的岗位不能组织回头看，请由专项办办理")
    title = said(title, "请填写回头看的名称")
    if not from_on <= until_on <= localdate(at):
        raise Incomplete("起止日期不对：开始不能晚于结束，结束不能晚于今天")
    asked = {kind: share for kind, share in shares.items() if kind in MATTERS and share.strip("0%")}
    if not asked:
        raise Incomplete("请至少填一类的抽查数量或比例")
    units, scope, deadline = addressed(unit_ids, by, at), Scope.of(by), counted(n_days, at)
    pools = {kind: matters.pool(scope, kind, from_on, until_on) for kind in asked}
    if not any(pools.values()):
        raise Incomplete("这段时间没有办结、销号、降级的事项，请把时间放宽再抽")
    look_back = LookBack.objects.create(
        issuer=by.unit, title=title, from_on=from_on, until_on=until_on, shares=asked, pools=pools, seed=seed,
        due_on=deadline.due_on, due_how=list(deadline.explained), drawn_at=at, drawn_by=by,
    )  # fmt: skip
    load = dict.fromkeys((unit.pk for unit in units), 0)
    for kind, ids in pools.items():
        picked = matters.drawn(kind, ids, matters.wanted(asked[kind], len(ids)), seed)
        found = matters.seen(scope, kind).in_bulk(picked)
        for pk in picked:
            fit = matters.lookers(kind, found[pk], units)
            unit = min(fit, key=lambda one: load[one.pk], default=None)
            if unit:
                load[unit.pk] += 1
            Item.objects.create(look_back=look_back, kind=kind, unit=unit, **{kind: found[pk]})
    note(look_back, "look.draw", by.unit.code, by, at, {"pools": (None, pools), "seed": (None, seed)})
    return look_back


@transaction.atomic
def hand(*, item_id: int, unit_id: int, by: Post, at: datetime) -> Item:
    """
    This function will name the unit that looks at a matter.

    :raises NotFound: the unit handled it, or may not see it.
    """
    item = _locked(item_id, "hand", by)
    (unit,) = addressed([unit_id], by, at)
    if not matters.lookers(item.kind, matters.matter_of(item), [unit]):
        raise NotFound("这个单位办理过这件事，或看不到它，请换一个单位复查")
    before, item.unit = item.unit_id, unit
    item.save(update_fields=["unit"])
    note(item, "look.hand", by.unit.code, by, at, {"unit": (before, unit.pk)})
    return item


@transaction.atomic
def look(
    *, item_id: int, is_sound: bool, says: str, looked_on: date, paper: Paper | None = None, by: Post, at: datetime
) -> Item:
    """
    This function will put on record what was found: it stands as it was closed, or it has to be opened again.

    :raises SecondPerson: by somebody who had a hand in closing it. :raises Incomplete: nothing is said.
    """
    item = _locked(item_id, "look", by)
    matter = matters.matter_of(item)
    if not matters.sees(Scope.of(by), item.kind, matter.pk):
        raise NotFound("您的岗位看不到这件事，请由本单位看得到的岗位复查")
    require_other(by, matters.hands(item.kind, matter), at, "您办理过这件事，须由没有办理过的人复查")
    item.says, item.looked_on = said(says, "请写明看了什么、查实了什么"), past(looked_on, at)
    item.is_sound, item.looked_at, item.looked_by = is_sound, at, by
    item.file = stored(paper, by, at)
    item.save(update_fields=["says", "looked_on", "is_sound", "looked_at", "looked_by", "file"])
    note(item, "look.look", by.unit.code, by, at, {"is_sound": (None, is_sound)})
    return item


@transaction.atomic
def reopen(*, item_id: int, why: str, task_ids: Iterable[int] = (), by: Post, at: datetime) -> Item:
    """
    This function will open a matter again by the act of its own ledger: a tip is taken up again, a site is unregistered
    again and back on the ledger, a disposal goes on, the former colour is proposed for a second signature.

    :param task_ids: of a disposal, the measures to be taken again; none: all that were done.
    :raises Refused: that ledger does not allow it; with its reason.
    """
    item = _locked(item_id, "reopen", by)
    why = said(why, "请写明重新打开的原因")
    told = f"回头看“{item.look_back.title}”：{why}"
    match item.kind:
        case "tip":
            assert item.tip
            tips.reopen(tip_id=item.tip.pk, why=told, by=by, at=at)
        case "clearance":
            assert item.clearance
            _found_again(item.clearance.institution_id, told, item, by, at)
        case "disposal":
            assert item.disposal
            chosen = list(task_ids) or list(
                Task.objects.filter(disposal=item.disposal, dropped_at=None).values_list("pk", flat=True)
            )
            disposals.reopen(disposal_id=item.disposal.pk, task_ids=chosen, why=told, by=by, at=at)
        case _:
            assert item.move
            ratings.propose(institution_id=item.move.institution_id, colour=item.move.was, reason=told,
                            expires_on=localdate(at) + timedelta(COLOUR_DAYS), by=by, at=at)  # fmt: skip
    return _settled(item, why, by, at, is_reopened=True)


@transaction.atomic
def settle(*, item_id: int, why: str, by: Post, at: datetime) -> Item:
    """
    This function will let a doubtful matter stand, with the reason.

    :raises SecondPerson: by whoever looked.
    """
    item = _locked(item_id, "settle", by)
    require_other(by, [item.looked_by], at, "复查是您做的，是否维持须由另一人决定")
    return _settled(item, said(why, "请写明维持原结果的理由"), by, at, is_reopened=False)


def _found_again(institution_id: int, told: str, item: Item, by: Post, at: datetime) -> None:
    """A site that was closed and is there all the same: unregistered again, back in business, and on the ledger."""
    institution = Institution.objects.get(pk=institution_id)
    if institution.ceased_on:
        institution = institutions.reopen(institution_id=institution.pk, by=by, at=at)
    assert item.looked_on
    institutions.revise(institution_id=institution.pk, base=institution.n, cause="edit",
                        changes={"registered": "未登记", "surveyed_on": item.looked_on},
                        on=item.looked_on, reason=told, by=by, at=at)  # fmt: skip
    if clearances.find(institution_id=institution.pk, by=by, at=at) is None:
        raise Incomplete("这处场所不能再列入清零台账，请先在机构档案里核对登记状态")
    if Standing.objects.filter(institution=institution).exists():
        disposals.settle(institution_ids=[institution.pk], by=by, at=at)


def _settled(item: Item, why: str, by: Post, at: datetime, *, is_reopened: bool) -> Item:
    item.settled_at, item.settled_by, item.is_reopened, item.why = at, by, is_reopened, why
    item.save(update_fields=["settled_at", "settled_by", "is_reopened", "why"])
    note(
        item,
        "look.reopen" if is_reopened else "look.settle",
        by.unit.code,
        by,
        at,
        {"is_reopened": (None, is_reopened)},
    )
    return item


def _locked(item_id: int, verb: str, by: Post) -> Item:
    """The matter, locked, if the act can be done."""
    if queries.item(Scope.of(by), item_id) is None:
        raise NotFound("没有这项复查，或不归您办理")
    rows = Item.objects.select_for_update(of=("self",)).select_related("look_back", "unit", "looked_by", "tip", "clearance",
                                                                       "disposal", "move__rating__version")  # fmt: skip
    item = rows.get(pk=item_id)
    workflow.check(item, verb, by, item.unit_id)
    return item
