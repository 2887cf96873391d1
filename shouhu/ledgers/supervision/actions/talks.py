"""约谈: called by a notice, then put on record; every undertaking becomes an order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.utils.timezone import localdate

from shouhu.ledgers.clearances.actions import Paper
from shouhu.ledgers.supervision import workflow
from shouhu.ledgers.supervision.actions.orders import issue
from shouhu.ledgers.supervision.actions.writing import (
    Incomplete,
    NotFound,
    addressed,
    note,
    numbered,
    past,
    said,
    stored,
)
from shouhu.ledgers.supervision.models import RegulatoryTalk
from shouhu.ledgers.supervision.queries import talks as queries
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.rights import holders
from shouhu.ledgers.units.scope import Scope


@dataclass(frozen=True)
class Undertaking:
    """What a unit undertakes at a talk, and within how many worked days."""

    says: str
    n_days: int


@transaction.atomic
def call(
    *, unit_id: int, meets_on: date, meets_when: time, place: str, invited: str, why: str, by: Post, at: datetime
) -> RegulatoryTalk:
    """
    This function will call a unit to a talk.

    :raises NotNow: the post may not. :raises NotFound: the unit lies outside the jurisdiction.
    :raises Incomplete: where, who or why are missing, or the day is past.
    """
    if by.role not in holders(workflow.ISSUE):
        raise workflow.NotNow("您的岗位不能发约谈通知，请由专项办办理")
    (unit,) = addressed([unit_id], by, at)
    if meets_on < localdate(at):
        raise Incomplete("约谈日期不能早于今天")
    talk = RegulatoryTalk.objects.create(
        number=numbered(RegulatoryTalk.objects.all(), "约谈", by, at), issuer=by.unit, unit=unit, meets_on=meets_on,
        meets_when=meets_when, place=said(place, "请填写约谈地点"), invited=said(invited, "请写明请谁参加"),
        why=said(why, "请写明约谈事由"), called_at=at, called_by=by,
    )  # fmt: skip
    note(talk, "talk.call", unit.code, by, at, {"unit": (None, unit.pk)})
    return talk


@transaction.atomic
def record(
    *, talk_id: int, held_on: date, present: str, summary: str, undertakings: Iterable[Undertaking] = (),
    paper: Paper | None = None, by: Post, at: datetime,
) -> RegulatoryTalk:  # fmt: skip
    """
    This function will put a talk on record, and issue an order for every undertaking.

    :raises Incomplete: who was there or what was said is missing, or the day is still to come.
    """
    talk = _locked(talk_id, "record", by)
    talk.held_on = past(held_on, at)
    talk.present, talk.summary = said(present, "请写明参加人员"), said(summary, "请写明约谈内容")
    talk.file, talk.recorded_at, talk.recorded_by = stored(paper, by, at), at, by
    talk.save(update_fields=["held_on", "present", "summary", "file", "recorded_at", "recorded_by"])
    note(talk, "talk.record", talk.unit.code, by, at, {"held_on": (None, held_on)})
    for one in undertakings:
        title = f"落实约谈承诺：{said(one.says, '请写明承诺事项')}"
        issue(unit_id=talk.unit_id, title=title if len(title) <= 80 else f"{title[:79]}…", n_days=one.n_days, talk=talk, by=by, at=at,
              issue=f"{held_on}约谈时承诺：{one.says.strip()}。请按期落实并回复，附佐证材料。")  # fmt: skip
    return talk


@transaction.atomic
def cancel(*, talk_id: int, why: str, by: Post, at: datetime) -> RegulatoryTalk:
    """
    This function will cancel a talk that was called.

    :raises Incomplete: no reason is given.
    """
    talk = _locked(talk_id, "cancel", by)
    talk.why_cancelled = said(why, "请写明取消的原因")
    talk.cancelled_at, talk.cancelled_by = at, by
    talk.save(update_fields=["why_cancelled", "cancelled_at", "cancelled_by"])
    note(talk, "talk.cancel", talk.unit.code, by, at)
    return talk


def _locked(talk_id: int, verb: str, by: Post) -> RegulatoryTalk:
    rows = RegulatoryTalk.objects.select_for_update(of=("self",)).select_related("unit", "issuer")
    talk = rows.filter(queries.in_sight(Scope.of(by)), pk=talk_id).first()
    if talk is None:
        raise NotFound("没有这次约谈，或不在您的辖区内")
    workflow.check(talk, verb, by)
    return talk
