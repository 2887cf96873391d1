"""陈述申辩: an institution contests what is held about it; who was given the wrong value is told the right one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from shouhu.engines.periods import deadlines
from shouhu.engines.rules.facts import declared
from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.institutions import actions as institutions
from shouhu.ledgers.institutions import queries
from shouhu.ledgers.institutions.models import Institution, Version
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.ratings.actions.corrections import owe_fact
from shouhu.ledgers.ratings.actions.decisions import propose
from shouhu.ledgers.ratings.actions.rating import rate
from shouhu.ledgers.ratings.models import Objection, Standing
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.units.scope import same_person
from shouhu.ledgers.vault.models import StoredFile

OBJECTION_DAYS = 15
"""Worked days for the answer: our proposal, the documents name none."""


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
        says=says.strip(), file=file, filed_at=at, filed_by=by, due_on=deadline.due_on,
    )  # fmt: skip
    journal.record(verb="objection.filed", subject=objection, by=by.code, at=at, code=institution.code,
                   changes={"says": (None, objection.says)})  # fmt: skip
    return objection


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
