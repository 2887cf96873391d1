"""Handing in answer sheets, returning them with a reason, accepting them for good."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate

from shouhu.ledgers.institutions.actions import Conflict, revise
from shouhu.ledgers.institutions.models import Institution, Version
from shouhu.ledgers.institutions.values import Facts, stored
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.surveys.models import METHODS, Assignment, Sheet
from shouhu.ledgers.surveys.queries.sheets import answers_of, mine, taken
from shouhu.ledgers.surveys.questionnaires import read
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.units.scope import Scope, same_person


class SheetRefused(Refused):
    """A sheet may not be handed in like this."""


class ReviewRefused(Refused):
    """A sheet may not be accepted or returned like this."""


@transaction.atomic
def submit(
    *,
    assignment_id: int,
    key: object,
    base: int,
    answers: Mapping[str, Any],
    method: str,
    visited_at: datetime,
    by: Post,
    at: datetime,
    n_asked: int = 0,
    point: tuple[float, float] | None = None,
    note: str = "",
) -> Sheet:
    """
    This function will take in an answer sheet; the same key again gives the sheet that is there.

    :param key: a UUID (or its text) that the device made for this sheet.
    :param base: number of the version of facts that the surveyor had before them.
    :param answers: as ``questionnaires.read`` takes them.
    :param point: latitude and longitude, WGS 84.
    :raises SheetRefused: not (any more) this post's work, or day or method do not fit.
    :raises BadAnswers: a value does not fit its question.
    :raises Conflict: another sheet was accepted since ``base`` that says something else.
    """
    # The lock on the assignment comes first: a sheet sent twice at the same moment waits here and finds itself.
    row = (
        Assignment.objects.select_for_update(of=("self",)).select_related("round__questionnaire", "institution")
        .get(pk=assignment_id)
    )  # fmt: skip
    known = Sheet.objects.filter(key=str(key)).first()
    if known:
        if (known.assignment_id, known.submitted_by_id) != (row.pk, by.pk):
            raise SheetRefused("这份排查表的编号已被使用，请重新打开表单再提交")
        return known
    _may_submit(row, by, at, method, visited_at, base)
    facts = read(row.round.questionnaire.content, answers)
    _compare(row.institution, base, facts)
    plain, personal = _stored(facts)
    last = row.sheets.aggregate(last=Max("n"))["last"] or 0
    row.sheets.filter(submitted_by=by, accepted_at=None, returned_at=None, superseded_at=None).update(superseded_at=at)
    latitude, longitude = point or (None, None)
    sheet = Sheet.objects.create(
        assignment=row, n=last + 1, key=str(key), base=base, answers=plain, personal=personal, method=method,
        visited_at=visited_at, n_asked=n_asked, latitude=latitude, longitude=longitude, note=note.strip()[:1000],
        submitted_at=at, submitted_by=by,
    )  # fmt: skip
    journal.record(verb="sheet.submitted", subject=sheet, by=by.code, at=at, code=row.code,
                   changes={name: (None, value) for name, value in facts.items()})  # fmt: skip
    return sheet


@transaction.atomic
def return_sheet(*, sheet_id: int, reason: str, by: Post, at: datetime) -> Sheet:
    """
    This function will send a sheet back to whoever filled it in.

    :raises ReviewRefused: no reason, decided already, own sheet, or not of the post's division.
    """
    sheet = _reviewed(sheet_id, by, at)
    if not reason.strip():
        raise ReviewRefused("请写明退回的原因，填报人要照着补正")
    sheet.returned_at, sheet.returned_by, sheet.return_reason = at, by, reason.strip()[:300]
    sheet.save(update_fields=["returned_at", "returned_by", "return_reason"])
    journal.record(verb="sheet.returned", subject=sheet, by=by.code, at=at, code=sheet.assignment.code,
                   changes={"return_reason": (None, sheet.return_reason)})  # fmt: skip
    return sheet


@transaction.atomic
def accept(*, sheet_id: int, by: Post, at: datetime, seen: int | None = None) -> Version:
    """
    This function will accept a sheet for good and make it a version of the institution's facts.

    What expires, was not asked and was learnt too long before the visit becomes unknown: a new day of survey must not
    make it look fresh.

    :param seen: number of the version that the reviewer compared the sheet with; if not given, that of the surveyor.
    :raises ReviewRefused: decided already, filled in by the same person, or not of the post's division.
    :raises Conflict: a fact of the sheet was changed since that version to something else.
    """
    sheet = _reviewed(sheet_id, by, at)
    row = sheet.assignment
    if seen is not None and not 1 <= seen <= row.institution.n:
        raise ReviewRefused("页面已过时，请重新打开这份排查表再审核")
    day = localdate(sheet.visited_at)
    changes = taken(sheet)
    version = revise(
        institution_id=row.institution_id, base=seen or sheet.base, changes=changes, cause="survey",
        reference=f"sheet/{sheet.pk}", by=by, at=at, on=day,
    )  # fmt: skip
    sheet.accepted_at, sheet.accepted_by, sheet.version = at, by, version
    sheet.save(update_fields=["accepted_at", "accepted_by", "version"])
    journal.record(verb="sheet.accepted", subject=sheet, by=by.code, at=at, code=row.code)
    return version


def _may_submit(row: Assignment, by: Post, at: datetime, method: str, visited_at: datetime, base: int) -> None:
    if row.round.closed_at:
        raise SheetRefused("本轮排查已结束，不能再提交")
    if not mine(Scope.of(by)).filter(pk=row.pk).exists():
        raise SheetRefused("这一家不在您的排查任务里，可能已改派；填写的内容没有提交")
    if method not in METHODS:
        raise SheetRefused(f"请选择排查方式：{'、'.join(METHODS.values())}")
    if visited_at > at:
        raise SheetRefused("排查时间不能晚于现在")
    if not 1 <= base <= row.institution.n:
        raise SheetRefused("表单已过时，请重新打开后再填")


def _compare(institution: Institution, base: int, facts: Facts) -> None:
    """Refuse answers that contradict a sheet accepted after the version that the surveyor saw."""
    newer = (
        Sheet.objects.filter(assignment__institution=institution, accepted_at__isnull=False, version__n__gt=base)
        .order_by("-version__n")
    )  # fmt: skip
    theirs: Facts = {}
    for sheet in newer:
        theirs = {**answers_of(sheet), **theirs}
    clash = [name for name, value in facts.items() if name in theirs and theirs[name] != value]
    if clash:
        raise Conflict({name: theirs[name] for name in clash}, {name: facts[name] for name in clash})


def _stored(facts: Facts) -> tuple[Facts, Facts]:
    """Answers as JSON, plain and personal; what was asked and not found out is null among the plain ones."""
    plain, personal = stored(facts)
    return {**plain, **{name: None for name, value in facts.items() if value is None}}, personal


def _reviewed(sheet_id: int, by: Post, at: datetime) -> Sheet:
    sheet = (
        Sheet.objects.select_for_update(of=("self",))
        .select_related("assignment__institution", "assignment__round__campaign", "submitted_by").get(pk=sheet_id)
    )  # fmt: skip
    if not Scope.of(by).covers(sheet.assignment.code):
        raise ReviewRefused("只能审核本辖区的排查表")
    if sheet.accepted_at:
        raise ReviewRefused("这份排查表已审核通过，不能再改；要更正请重新填报一份")
    if sheet.returned_at:
        raise ReviewRefused("这份排查表已退回")
    if sheet.superseded_at:
        raise ReviewRefused("填报人已提交更新的一份，请审核最新的排查表")
    if same_person(sheet.submitted_by, by, localdate(at)):
        raise ReviewRefused("不能审核自己填报的排查表，请由另一人审核")
    return sheet
