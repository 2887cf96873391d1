"""陈述申辩: an institution contests what is held about it; who was given the wrong value is told the right one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localdate

from shouhu.engines.periods import deadlines
from shouhu.engines.periods.calendar import Calendar
from shouhu.engines.rules.facts import declared
from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.institutions import actions as institutions
from shouhu.ledgers.institutions import queries
from shouhu.ledgers.institutions.models import Institution, Version
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.ratings.actions.corrections import owe_fact
from shouhu.ledgers.ratings.actions.decisions import propose
from shouhu.ledgers.ratings.actions.rating import rate
from shouhu.ledgers.ratings.computing import CHUNK
from shouhu.ledgers.ratings.models import Exhibit, Objection, Standing
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.units.scope import same_person
from shouhu.ledgers.vault.models import StoredFile

OBJECTION_DAYS = 15
"""Worked days for the answer: our proposal, the documents name none."""
MOST_EXHIBITS = 10


class NotFiled(Refused):
    """The objection may not be filed so."""


class NotAnswered(Refused):
    """The objection may not be decided so."""


@transaction.atomic
def file_objection(
    *, institution_id: int, fact: str, says: str, by: Post, at: datetime, file: StoredFile | None = None
) -> Objection:
    """
    This function will take an objection to a fact, or (``fact`` empty) to the colour; the answer is due in 15 worked days.

    :raises NotFiled: no such fact, nothing said, nothing rated to object to, or one about the same is still open.
    """
    institution = Institution.objects.select_for_update().get(pk=institution_id)
    if by.subject not in (None, institution_id):
        raise NotFiled("只能就本机构提出异议")
    if fact and fact not in declared():
        raise NotFiled("没有这一项记录")
    if not says.strip():
        raise NotFiled("请写明哪里不对、实际情况是什么")
    if not fact and not Standing.objects.filter(institution=institution).exists():
        raise NotFiled("这家机构还没有评级，没有可以提出异议的等级")
    if Objection.objects.filter(institution=institution, fact=fact, decided_at=None).exists():
        raise NotFiled("这一项已有异议正在办理，请等待答复")
    deadline = deadlines.due(localdate(at), OBJECTION_DAYS, campaigns.calendar())
    objection = Objection.objects.create(
        institution=institution, version=Version.objects.get(institution=institution, n=institution.n), fact=fact,
        says=says.strip(), filed_at=at, filed_by=by, due_on=deadline.due_on,
    )  # fmt: skip
    if file:
        Exhibit.objects.create(objection=objection, file=file, added_at=at, added_by=by)
    journal.record(verb="objection.filed", subject=objection, by=by.code, at=at, code=institution.code,
                   changes={"says": (None, objection.says)})  # fmt: skip
    return objection


@transaction.atomic
def add_exhibit(*, objection_id: int, file: StoredFile, by: Post, at: datetime) -> Exhibit:
    """
    This function will add a file to an objection that waits for its answer.

    :raises NotFiled: it is answered, is another institution's, or has files enough.
    """
    objection = Objection.objects.select_for_update(of=("self",)).select_related("institution").get(pk=objection_id)
    if by.subject not in (None, objection.institution_id):
        raise NotFiled("只能给本机构的异议补充材料")
    if objection.decided_at:
        raise NotFiled("这项异议已经答复，不能再补充材料；仍有异议的，请另行提出")
    if objection.exhibits.count() >= MOST_EXHIBITS:
        raise NotFiled(f"一项异议最多 {MOST_EXHIBITS} 份材料，请合并后再传")
    exhibit = Exhibit.objects.create(objection=objection, file=file, added_at=at, added_by=by)
    journal.record(verb="objection.supplemented", subject=objection, by=by.code, at=at, code=objection.institution.code,
                   changes={"file": (None, file.content_hash)})  # fmt: skip
    return exhibit


@dataclass(frozen=True)
class Recounted:
    """An objection whose answer is due on another day now."""

    objection: Objection
    before: date


@transaction.atomic
def recount_objections(*, why: str, by: Post, at: datetime) -> list[Recounted]:
    """This function will count anew when open objections are due, after the calendar changed, and say on each why it moved."""
    rows = Objection.objects.select_for_update(of=("self",)).select_related("institution")
    moved = moved_objections(campaigns.calendar(), rows)
    for one in moved:
        line = f"{why}，答复期限由 {one.before} 变为 {one.objection.due_on}"
        one.objection.due_moved = "\n".join(filter(None, (one.objection.due_moved, line)))
    Objection.objects.bulk_update([one.objection for one in moved], ["due_on", "due_moved"], batch_size=CHUNK)
    journal.record_many(by=by.code, at=at, acts=[
        journal.Act("objection.recounted", journal.named(one.objection), one.objection.institution.code,
                    {"due_on": (one.before, one.objection.due_on)})
        for one in moved
    ])  # fmt: skip
    return moved


def moved_objections(calendar: Calendar, rows: QuerySet[Objection]) -> list[Recounted]:
    """This function will count open objections by a calendar; each that moves holds its new day, and nothing is stored."""
    moved = []
    for one in rows.filter(decided_at=None).select_related("institution").order_by("due_on", "pk"):
        before, one.due_on = one.due_on, deadlines.due(localdate(one.filed_at), OBJECTION_DAYS, calendar).due_on
        if one.due_on != before:
            moved.append(Recounted(one, before))
    return moved


@transaction.atomic
def decide_objection(
    *,
    objection_id: int,
    is_upheld: bool,
    grounds: str,
    by: Post,
    at: datetime,
    value: Any = None,
    colour: str = "",
    expires_on: date | None = None,
) -> Objection:
    """
    This function will answer an objection with grounds. What is upheld is put right at once:

    a fact gets its right value, the institution is rated anew (a milder colour waits for another person), and a 更正通知
    is owed to whoever received the old value; for the colour itself a decision is proposed that needs a second signature.

    :param value: the right value of the contested fact; None: it is not known.
    :param colour: for an upheld objection to the colour, what it should be, until ``expires_on``.
    :raises NotAnswered: answered already, no grounds, by the one who filed it, or the value is what it was.
    """
    found = Objection.objects.get(pk=objection_id)
    institution = Institution.objects.select_for_update().get(pk=found.institution_id)
    objection = Objection.objects.select_for_update().get(pk=objection_id)
    if objection.decided_at:
        raise NotAnswered("这项异议已经答复")
    if not grounds.strip():
        raise NotAnswered("请写明答复的理由")
    if same_person(by, objection.filed_by, localdate(at)):
        raise NotAnswered("异议由您代为提出，须由另一人答复")
    objection.decided_at, objection.decided_by = at, by
    objection.is_upheld, objection.grounds = is_upheld, grounds.strip()
    objection.save(update_fields=["decided_at", "decided_by", "is_upheld", "grounds"])
    if is_upheld and objection.fact:
        _put_right(objection, institution, value, by, at)
    elif is_upheld:
        _propose(objection, colour, expires_on, by, at)
    journal.record(verb="objection.decided", subject=objection, by=by.code, at=at, code=institution.code,
                   changes={"is_upheld": (None, is_upheld), "grounds": (None, objection.grounds)})  # fmt: skip
    return objection


def _put_right(objection: Objection, institution: Institution, value: Any, by: Post, at: datetime) -> None:
    now = queries.facts_of(queries.version(institution, institution.n))
    if now.get(objection.fact) == value:
        raise NotAnswered("更正后的内容与现有记录相同；记录无误的，请选“不成立”")
    institutions.revise(
        institution_id=institution.pk, base=institution.n, changes={objection.fact: value}, cause="objection",
        reference=f"objection/{objection.pk}", reason=objection.grounds[:300], by=by, at=at,
    )  # fmt: skip
    standing = Standing.objects.filter(institution=institution).select_related("rating").first()
    if standing:
        rate(institution_ids=[institution.pk], ruleset_id=standing.rating.ruleset_id, by=by, at=at)
    owe_fact(objection)


def _propose(objection: Objection, colour: str, expires_on: date | None, by: Post, at: datetime) -> None:
    if expires_on is None:
        raise NotAnswered("请填写调整后等级的截止日期")
    objection.decision = propose(institution_id=objection.institution_id, colour=colour, reason=objection.grounds,
                                 expires_on=expires_on, by=by, at=at)  # fmt: skip
    objection.save(update_fields=["decision"])
