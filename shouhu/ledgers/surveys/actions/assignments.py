"""Deciding who surveys what: by rule for all, by hand for some, and for what is found on the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.timezone import localdate

from shouhu.ledgers.institutions import actions as institutions
from shouhu.ledgers.institutions import queries as known
from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.journal.actions import Act, named
from shouhu.ledgers.surveys.duties import MANUAL, duty_for, unit_for, units
from shouhu.ledgers.surveys.models import Assignment, Round, Sheet
from shouhu.ledgers.surveys.queries.sheets import PENDING, mine
from shouhu.ledgers.units.codes import span, within
from shouhu.ledgers.units.models import Post, Unit
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.units.rights import holders
from shouhu.ledgers.units.scope import Scope


class AssignmentRefused(Refused):
    """Work may not be given out like this."""


@dataclass(frozen=True)
class Assigned:
    """What an assignment by rule did."""

    n_new: int
    n_moved: int
    n_withdrawn: int
    n_kept: int


@transaction.atomic
def assign(*, round_id: int, by: Post, at: datetime, institution_ids: Iterable[int] | None = None) -> Assigned:
    """
    This function will give out every institution of a round by the rows of ``duties.yaml``.

    Run again it follows what has changed: new institutions, other registration or filing, institutions gone. What a
    person gave out by hand and what has been handed in stays where it is.

    :param institution_ids: only these; all of the round's division if not given.
    :raises AssignmentRefused: the round is closed or not of the post's division, or no unit there may survey.
    """
    round_ = _open(round_id, by)
    rows = _frame(round_, by)
    given = Assignment.objects.select_for_update(of=("self",)).filter(round=round_).select_related("unit")
    if institution_ids is not None:
        ids = list(institution_ids)
        rows, given = rows.filter(pk__in=ids), given.filter(institution__in=ids)
    held = {one.institution_id: one for one in given}
    begun = set(Sheet.objects.filter(assignment__in=held.values()).values_list("assignment", flat=True))
    able = units()
    new, moved, gone = [], [], []
    frame = list(rows)
    for institution in frame:
        duty = duty_for(institution)
        unit = unit_for(duty, institution.code, able)
        if unit is None:
            raise AssignmentRefused(f"“{institution.name}”所在的地方没有可以排查的单位，请先建立单位和岗位")
        old = held.get(institution.pk)
        if old is None:
            new.append(
                Assignment(round=round_, institution=institution, unit=unit, code=institution.code, due_on=round_.due_on,
                           why=duty.id, assigned_at=at, assigned_by=by)
            )  # fmt: skip
        elif old.withdrawn_at or (old.why != MANUAL and old.pk not in begun and (old.unit, old.why) != (unit, duty.id)):
            old.unit, old.post, old.why, old.code = unit, None, duty.id, institution.code
            old.withdrawn_at = old.withdrawn_by = None
            old.assigned_at, old.assigned_by = at, by
            moved.append(old)
    inside = {one.pk for one in frame}
    for old in held.values():
        if old.institution_id not in inside and not old.withdrawn_at:
            old.withdrawn_at, old.withdrawn_by = at, by
            gone.append(old)
    Assignment.objects.bulk_create(new, batch_size=500)
    Assignment.objects.bulk_update(
        [*moved, *gone], ["unit", "post", "why", "code", "withdrawn_at", "withdrawn_by", "assigned_at", "assigned_by"],
        batch_size=200,
    )  # fmt: skip
    journal.record_many(
        acts=[
            *(Act("assignment.made", named(one), one.code, {"unit": (None, one.unit_id)}) for one in [*new, *moved]),
            *(Act("assignment.withdrawn", named(one), one.code) for one in gone),
        ],
        by=by.code, at=at,
    )  # fmt: skip
    return Assigned(len(new), len(moved), len(gone), len(held) - len(moved) - len(gone))


@transaction.atomic
def reassign(
    *,
    assignment_ids: Iterable[int],
    by: Post,
    at: datetime,
    unit_id: int | None = None,
    post_id: int | None = None,
    due_on: date | None = None,
) -> list[Assignment]:
    """
    This function will give work to another unit, to one post, or move its day; ``assign`` will leave it so.

    :param post_id: one post; its unit takes the work over.
    :raises AssignmentRefused: outside the post's division, withdrawn, or the unit may not survey there.
    """
    scope = Scope.of(by)
    rows = list(
        Assignment.objects.select_for_update(of=("self",)).filter(pk__in=list(assignment_ids), withdrawn_at=None)
        .select_related("round", "institution").order_by("pk")
    )  # fmt: skip
    rows = [row for row in rows if scope.covers(row.code)]
    if not rows:
        raise AssignmentRefused("请先勾选要改派的机构")
    post = Post.objects.select_related("unit").get(pk=post_id) if post_id else None
    unit = post.unit if post else Unit.objects.get(pk=unit_id) if unit_id else None
    if unit and not unit.posts.filter(role__in=holders("survey.fill"), closed_on=None).exists():
        raise AssignmentRefused(f"“{unit.name}”没有可以排查的岗位")
    if post and post.role not in holders("survey.fill"):
        raise AssignmentRefused(f"岗位“{post.title}”不承担排查")
    acts = []
    for row in rows:
        if unit and not within(row.code, unit.code) and not scope.covers(unit.code):
            raise AssignmentRefused(f"“{row.institution.name}”不能改派给“{unit.name}”")
        if row.round.closed_at:
            raise AssignmentRefused("本轮排查已结束，不能再改派")
        before = row.unit_id, row.post_id, row.due_on
        if unit:
            row.unit, row.post, row.why = unit, post, MANUAL
        row.due_on = due_on or row.due_on
        row.assigned_at, row.assigned_by = at, by
        changes: Mapping[str, tuple[Any, Any]] = {
            "unit": (before[0], row.unit_id), "post": (before[1], row.post_id), "due_on": (before[2], row.due_on),
        }  # fmt: skip
        acts.append(Act("assignment.moved", named(row), row.code, changes))
    Assignment.objects.bulk_update(
        rows, ["unit", "post", "why", "due_on", "assigned_at", "assigned_by"], batch_size=200
    )
    journal.record_many(acts=acts, by=by.code, at=at)
    return rows


@transaction.atomic
def follow(*, institution_ids: Iterable[int], by: Post, at: datetime, mapping: Mapping[str, str] | None = None) -> None:
    """
    This function will let the work of open rounds stand where its institutions are now; rounds that are over keep their totals.

    :param mapping: old code → new code, where whole divisions moved.
    """
    rounds = list(Round.objects.select_for_update().filter(closed_at=None, code__in=mapping or {}))
    for one in rounds:
        one.code = (mapping or {})[one.code]
    Round.objects.bulk_update(rounds, ["code"])
    here = F("institution__code")
    rows = Assignment.objects.select_for_update(of=("self",)).filter(
        institution__in=list(institution_ids), round__closed_at=None
    )
    moved = list(rows.exclude(code=here).annotate(place=here).order_by("pk"))
    acts = [Act("assignment.moved", named(row), row.place, {"code": (row.code, row.place)}) for row in moved]
    for row in moved:
        row.code = row.place
    Assignment.objects.bulk_update(moved, ["code"], batch_size=500)
    journal.record_many(acts=acts, by=by.code, at=at)


@transaction.atomic
def withdraw(*, institution_ids: Iterable[int], by: Post, at: datetime) -> None:
    """This function will take institutions out of the open rounds: they turned out to be none, or to be others' entries."""
    rows = Assignment.objects.select_for_update(of=("self",)).filter(
        institution__in=list(institution_ids), round__closed_at=None, withdrawn_at=None
    )
    gone = list(rows.order_by("pk"))
    for row in gone:
        row.withdrawn_at, row.withdrawn_by = at, by
    Assignment.objects.bulk_update(gone, ["withdrawn_at", "withdrawn_by"], batch_size=500)
    journal.record_many(acts=[Act("assignment.withdrawn", named(row), row.code) for row in gone], by=by.code, at=at)


@transaction.atomic
def merge(*, kept_id: int, gone_id: int, by: Post, at: datetime) -> None:
    """
    This function will let the entry that is kept take the place of a merged one in the open rounds.

    What was accepted about the merged one stays with it, and its round counts it, unless the kept one has its own place there.

    :raises AssignmentRefused: a sheet about the merged one waits for review.
    """
    kept = Institution.objects.select_for_update().get(pk=kept_id)
    if Sheet.objects.filter(PENDING, assignment__institution=gone_id).exists():
        raise AssignmentRefused("要并入的那一家还有排查表待审，请先审核或退回，再合并")
    ours = set(Assignment.objects.filter(institution=kept_id).values_list("round", flat=True))
    given = Assignment.objects.filter(institution=gone_id, round__closed_at=None, withdrawn_at=None)
    undone = given.exclude(sheets__accepted_at__isnull=False)
    made = Assignment.objects.bulk_create([
        Assignment(round_id=row.round_id, institution=kept, unit_id=row.unit_id, post_id=row.post_id, code=kept.code,
                   due_on=row.due_on, why=row.why, assigned_at=at, assigned_by=by)
        for row in undone if row.round_id not in ours
    ])  # fmt: skip
    gone = list(given.filter(Q(round__in=ours) | Q(pk__in=undone)).order_by("pk"))
    for row in gone:
        row.withdrawn_at, row.withdrawn_by = at, by
    Assignment.objects.bulk_update(gone, ["withdrawn_at", "withdrawn_by"])
    journal.record_many(by=by.code, at=at, acts=[
        *(Act("assignment.made", named(row), row.code, {"unit": (None, row.unit_id)}) for row in made),
        *(Act("assignment.withdrawn", named(row), row.code) for row in gone),
    ])  # fmt: skip


@dataclass(frozen=True)
class Former:
    """Where work was, until when and why, before it was given elsewhere."""

    unit_id: int
    post_id: int | None
    due_on: date
    why: str


@transaction.atomic
def put_back(*, former: Mapping[int, Former], moved_at: datetime, by: Post, at: datetime) -> list[Assignment]:
    """
    This function will undo a change of hands (``reassign``): work that nobody has touched since goes back where it was.

    :param moved_at: when the same post changed it.
    :raises AssignmentRefused: others have gone on with all of it.
    """
    rows = Assignment.objects.select_for_update(of=("self",)).filter(
        pk__in=former, assigned_by=by, assigned_at=moved_at, withdrawn_at=None, round__closed_at=None
    )
    undone = list(rows.exclude(sheets__submitted_at__gte=moved_at).order_by("pk"))
    if not undone:
        raise AssignmentRefused("已有人接着办理，不能撤销，请另行改派")
    acts = []
    for row in undone:
        before, was = (row.unit_id, row.post_id, row.due_on), former[row.pk]
        row.unit_id, row.post_id, row.due_on, row.why = was.unit_id, was.post_id, was.due_on, was.why
        row.assigned_at, row.assigned_by = at, by
        after = (row.unit_id, row.post_id, row.due_on)
        changes = dict(zip(("unit", "post", "due_on"), zip(before, after, strict=True), strict=True))
        acts.append(Act("assignment.moved", named(row), row.code, changes))
    Assignment.objects.bulk_update(
        undone, ["unit", "post", "why", "due_on", "assigned_at", "assigned_by"], batch_size=200
    )
    journal.record_many(acts=acts, by=by.code, at=at)
    return undone


@transaction.atomic
def plan_visit(*, assignment_id: int, on: date | None, by: Post, at: datetime) -> Assignment:
    """
    This function will note when the surveyor means to go; no day takes the plan back. The institution is not told.

    :raises AssignmentRefused: not (any more) this post's work, or the day is over.
    """
    row = Assignment.objects.select_for_update().get(pk=assignment_id)
    if not mine(Scope.of(by)).filter(pk=row.pk).exists():
        raise AssignmentRefused("这一家不在您的排查任务里，可能已改派")
    if on and on < localdate(at):
        raise AssignmentRefused("计划上门的日期不能早于今天")
    before, row.planned_on = row.planned_on, on
    row.save(update_fields=["planned_on"])
    journal.record(verb="assignment.planned", subject=row, by=by.code, at=at, code=row.code,
                   changes={"planned_on": (before, on)})  # fmt: skip
    return row


@transaction.atomic
def found(
    *,
    round_id: int,
    name: str,
    code: str,
    address: str,
    by: Post,
    at: datetime,
    point: tuple[float, float] | None = None,
    reference: str = "",
) -> Assignment:
    """
    This function will take a place that nobody knew of, without registration, into the frame and the round.

    :param code: 12-digit code of its village or town.
    :raises AssignmentRefused: outside the post's division, or something of the same name stands there already.
    """
    round_ = Round.objects.select_for_update().get(pk=round_id)
    if round_.closed_at or not Scope.of(by).covers(code) or not within(code, round_.code):
        raise AssignmentRefused("只能登记本辖区、正在进行的轮次里新发现的场所")
    if not address.strip():
        raise AssignmentRefused("请写明地址，便于核查人员找到这一处")
    twin = _frame(round_, by).filter(name=name.strip(), code=code).first()
    if twin:
        raise AssignmentRefused(f"同一处已有“{twin.name}”（{twin.number}），请直接在名单中找到它填报")
    institution = institutions.register(
        facts={"name": name.strip(), "address": address.strip(), "registered": "未登记"},
        code=code, source="grid" if by.role == "grid_worker" else "survey", by=by, at=at, point=point, reference=reference,
    )  # fmt: skip
    duty = duty_for(institution)
    unit = unit_for(duty, code, units()) or by.unit
    made = Assignment.objects.create(
        round=round_, institution=institution, unit=unit, code=code, due_on=round_.due_on, why=duty.id,
        assigned_at=at, assigned_by=by,
    )  # fmt: skip
    journal.record(
        verb="assignment.made", subject=made, by=by.code, at=at, code=code, changes={"unit": (None, unit.pk)}
    )
    return made


def _open(round_id: int, by: Post) -> Round:
    round_ = Round.objects.select_for_update().get(pk=round_id)
    if round_.closed_at:
        raise AssignmentRefused("本轮排查已结束，不能再分派")
    if not Scope.of(by).covers(round_.code):
        raise AssignmentRefused("只能分派本辖区的排查轮次")
    return round_


def _frame(round_: Round, by: Post) -> QuerySet[Institution]:
    """The institutions in a post's reach that a round must survey: in its division, and still there."""
    low, high = span(round_.code)
    return known.seen(Scope.of(by)).filter(code__gte=low, code__lt=high, ceased_on=None).order_by("pk")
