"""What all acts share: the refusals, numbers, locked rows, and how a step is written down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils.timezone import localdate

from shouhu.engines.periods.deadlines import Deadline, due
from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.clearances.actions import Paper
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.supervision.models import Step, SupervisionOrder
from shouhu.ledgers.units.models import Post, Unit
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.units.scope import Scope, same_person
from shouhu.ledgers.vault import actions as vault
from shouhu.ledgers.vault.models import StoredFile

MOST_DAYS = 180


class NotFound(Refused):
    """No such paper, unit or matter, or not in the jurisdiction of the post."""


class Incomplete(Refused):
    """Something that the act needs is missing."""


class SecondPerson(Refused):
    """The act needs another person than the one who acted before."""


def said(text: str, sentence: str) -> str:
    """
    This function will give a text without blanks around it.

    :raises Incomplete: there is nothing in it; with the sentence.
    """
    if not text.strip():
        raise Incomplete(sentence)
    return text.strip()


def counted(n_days: int, at: datetime) -> Deadline:
    """
    This function will count worked days from the day of an act.

    :raises Incomplete: no such number of days.
    """
    if not 1 <= n_days <= MOST_DAYS:
        raise Incomplete(f"期限须在1至{MOST_DAYS}个工作日之间")
    return due(localdate(at), n_days, campaigns.calendar())


def addressed(unit_ids: Iterable[int], by: Post, at: datetime) -> list[Unit]:
    """
    This function will give the units that something is addressed to, in the order of their codes.

    :raises NotFound: one of them is closed, or lies outside the jurisdiction. :raises Incomplete: there is none.
    """
    ids = set(unit_ids)
    if not ids:
        raise Incomplete("请选择收件单位")
    units = list(Scope.of(by).limit(Unit.objects.filter(pk__in=ids)).order_by("code", "pk"))
    if len(units) != len(ids):
        raise NotFound("收件单位不在您的辖区内，请重新选择")
    today = localdate(at)
    if closed := [unit.name for unit in units if unit.closed_on and unit.closed_on <= today]:
        raise NotFound(f"{'、'.join(closed)}已撤销，请改选接续的单位")
    return units


def numbered(rows: models.QuerySet[Any], word: str, by: Post, at: datetime) -> str:
    """
    This function will give the next number of an office's papers of a kind, e.g. 督办〔2026〕3号.

    The office is locked first, so that no two papers bear the same number; papers are never deleted.
    """
    Unit.objects.select_for_update().get(pk=by.unit_id)
    stem = f"{word}〔{localdate(at).year}〕"
    return f"{stem}{rows.filter(issuer=by.unit_id, number__startswith=stem).count() + 1}号"


def require_other(by: Post, others: Iterable[Post | None], at: datetime, sentence: str) -> None:
    """
    This function will make sure that an act is not in the hand that acted before.

    :raises SecondPerson: with the sentence.
    """
    if any(same_person(by, other, localdate(at)) for other in others if other):
        raise SecondPerson(sentence)


def stored(paper: Paper | None, by: Post, at: datetime) -> StoredFile | None:
    """This function will seal a paper that was handed in, if one was."""
    if paper is None:
        return None
    return vault.store(
        content=paper.content, name=paper.name, media_type=paper.media_type, token=paper.token, by=by.code, at=at
    )


def past(on: date, at: datetime) -> date:
    """
    This function will give a day on which something happened.

    :raises Incomplete: it is still to come.
    """
    if on > localdate(at):
        raise Incomplete("日期不能晚于今天")
    return on


def leave(
    order: SupervisionOrder, verb: str, by: Post, at: datetime, *, says: str = "", file: StoredFile | None = None,
    told: Post | None = None, changes: Mapping[str, tuple[Any, Any]] | None = None,
) -> None:  # fmt: skip
    """This function will note a step on the trail of an order and in the journal."""
    Step.objects.create(order=order, verb=verb, says=says, file=file, told=told, recorded_at=at, recorded_by=by)
    note(order, f"order.{verb}", order.unit.code, by, at, changes)


def note(
    row: models.Model, verb: str, code: str, by: Post, at: datetime,
    changes: Mapping[str, tuple[Any, Any]] | None = None,
) -> None:  # fmt: skip
    """This function will enter an act into the journal."""
    journal.record(verb=f"supervision.{verb}", subject=row, by=by.code, at=at, code=code, changes=changes)
