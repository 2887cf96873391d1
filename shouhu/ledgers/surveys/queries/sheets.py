"""Assignments with their state, one's own work, sheets under review, and what a sheet would change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import asin, cos, radians, sin, sqrt
from typing import Any

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils.timezone import localdate

from shouhu.engines.rules.facts import declared
from shouhu.engines.rules.ratings import Rating, rate_one
from shouhu.engines.rules.rulesets import load
from shouhu.ledgers.institutions import queries as institutions
from shouhu.ledgers.institutions.values import Facts, held
from shouhu.ledgers.surveys.models import METHODS, Assignment, Photo, Round, Sheet
from shouhu.ledgers.surveys.questionnaires import carried
from shouhu.ledgers.units.codes import parent_of
from shouhu.ledgers.units.scope import Scope, holder_of

STATES = {"open": "未查", "waiting": "待审", "returned": "已退回", "done": "已查"}
NOT_SHOWN = {"surveyed_on", "survey_method", "surveyor"}
FAR_METRES = 1000
ALIKE_BITS = 4
"""Two pictures whose looks differ in no more bits than this are reported as possibly the same."""
PENDING = Q(accepted_at=None, returned_at=None, superseded_at=None)


@dataclass(frozen=True)
class Change:
    """One answer of a sheet beside what is recorded now; ``is_new``: they differ."""

    name: str
    title: str
    old: Any
    new: Any
    seen: Any
    """What was recorded when the surveyor filled the sheet in."""
    personal: bool

    @property
    def is_new(self) -> bool:
        """Whether accepting the sheet changes the fact."""
        return bool(self.old != self.new)

    @property
    def is_crossed(self) -> bool:
        """Whether somebody changed the fact after the surveyor saw it."""
        return bool(self.old != self.seen and self.old != self.new)


@dataclass(frozen=True)
class Remark:
    """Something that a reviewer should look at; ``sheet``: the other sheet that it is about."""

    says: str
    sheet: Sheet | None = None


def states(rows: QuerySet[Assignment]) -> QuerySet[Any]:
    """This function will add ``state`` (open, waiting, returned, done) to assignments, read from their sheets."""
    own = Sheet.objects.filter(assignment=OuterRef("pk"))
    return rows.annotate(
        state=Case(
            When(Exists(own.filter(accepted_at__isnull=False)), then=Value("done")),
            When(Exists(own.filter(PENDING)), then=Value("waiting")),
            When(Exists(own.filter(returned_at__isnull=False)), then=Value("returned")),
            default=Value("open"),
            output_field=CharField(),
        )
    )


def assignments(scope: Scope, round_: Round) -> QuerySet[Any]:
    """This function will give the assignments of a round in a scope that stand, with their state."""
    return states(scope.limit(Assignment.objects.filter(round=round_, withdrawn_at=None)))


def mine(scope: Scope) -> QuerySet[Any]:
    """
    This function will give the work of a post in open rounds: its own, that of its unit which nobody was named for, and,
    for a village or grid, that of its town.
    """
    post = scope.post
    nobody = Q(post=None)
    ours = nobody & Q(unit=post.unit)
    if post.role in ("neighbourhood", "grid_worker"):
        ours |= nobody & scope.range() & Q(unit__code=parent_of(scope.low))
    rows = Assignment.objects.filter(Q(post=post) | ours, withdrawn_at=None, round__closed_at=None)
    return states(rows.select_related("institution", "round", "unit", "post")).order_by("due_on", "code", "pk")


def sheets(scope: Scope) -> QuerySet[Sheet]:
    """This function will give the sheets of institutions in a scope."""
    rows = scope.limit(Sheet.objects.all(), "assignment__code")
    return rows.select_related(
        "assignment__institution", "assignment__round__campaign", "assignment__unit", "submitted_by__unit", "accepted_by",
        "returned_by", "version",
    )  # fmt: skip


def to_review(scope: Scope) -> QuerySet[Sheet]:
    """This function will give the sheets in a scope that wait for review, the oldest first."""
    return sheets(scope).filter(PENDING).order_by("submitted_at", "pk")


def answers_of(sheet: Sheet) -> Facts:
    """This function will give the answers of a sheet as facts; None: asked, and could not be found out."""
    unknown: Facts = {name: None for name, value in sheet.answers.items() if value is None}
    known = {name: value for name, value in sheet.answers.items() if value is not None}
    return {**unknown, **held(known, sheet.personal or {})}


def diff(sheet: Sheet) -> list[Change]:
    """
    This function will put every answer of a sheet beside what is recorded, in the order of declaration.

    For an accepted sheet that is what was recorded right before it was accepted.
    """
    institution = sheet.assignment.institution
    before = sheet.version.n - 1 if sheet.version else institution.n
    now = institutions.facts_of(institutions.version(institution, before))
    seen = now if before == sheet.base else institutions.facts_of(institutions.version(institution, sheet.base))
    answers = answers_of(sheet)
    return [
        Change(name, fact.title, now.get(name), answers[name], seen.get(name), fact.personal)
        for name, fact in declared().items()
        if name in answers
    ]


def taken(sheet: Sheet) -> Facts:
    """
    This function will give what accepting a sheet changes: its answers, how the survey was made, and what is too old.

    What expires, was not asked and was learnt too long before the visit becomes unknown.
    """
    row = sheet.assignment
    day = localdate(sheet.visited_at)
    current = institutions.version(row.institution, row.institution.n)
    now = institutions.facts_of(current)
    valid = carried(now, current.origins, day, load(row.round.campaign.ruleset_id).answer_valid_days)
    surveyor = holder_of(sheet.submitted_by, localdate(sheet.submitted_at))
    return {
        **{name: None for name in now if name not in valid},
        **answers_of(sheet),
        "surveyed_on": day,
        "survey_method": METHODS[sheet.method],
        "surveyor": surveyor.name if surveyor else sheet.submitted_by.title,
    }


def outcome(sheet: Sheet, today: date) -> Rating:
    """This function will tell what the leading rules will say once a sheet that waits is accepted."""
    institution = sheet.assignment.institution
    facts = institutions.facts_of(institutions.version(institution, institution.n))
    return rate_one({**facts, **taken(sheet)}, load(sheet.assignment.round.campaign.ruleset_id), as_of=today)


def rivals(sheet: Sheet) -> QuerySet[Sheet]:
    """This function will give other sheets of the same institution in the same round that count or wait: surveyed twice."""
    others = Sheet.objects.filter(assignment=sheet.assignment, returned_at=None, superseded_at=None).exclude(
        pk=sheet.pk
    )
    return others.exclude(submitted_by=sheet.submitted_by).select_related("submitted_by__unit").order_by("n")


def warnings(scope: Scope, sheet: Sheet) -> list[Remark]:
    """This function will tell what a reviewer should look at before deciding on a sheet; what lies outside is not named."""
    told = []
    institution = sheet.assignment.institution
    if sheet.method != "visit":
        told.append(Remark("没有上门，只用了其他方式"))
    if sheet.method == "visit" and not sheet.n_asked:
        told.append(Remark("没有询问老人或其代理人"))
    if sheet.latitude is not None and sheet.longitude is not None and institution.latitude is not None:
        far = metres(sheet.latitude, sheet.longitude, institution.latitude, institution.longitude or 0.0)
        if far > FAR_METRES:
            told.append(Remark(f"填报位置离登记的地点约 {far / 1000:.1f} 公里"))
    told += [Remark(f"{other.submitted_by.title}也填报了同一家", other) for other in rivals(sheet)]
    others = {photo.sheet.assignment.institution: photo.sheet for photo in reused(sheet.photos.all())}
    for other, used in others.items():
        if scope.covers(other.code):
            told.append(Remark(f"照片疑似重复使用：与“{other.name}”的相同或极相似", used))
        else:
            told.append(Remark("照片疑似重复使用：与另一辖区一家机构的相同或极相似"))
    return told


def reused(photos: Iterable[Photo]) -> list[Photo]:
    """This function will give photos of other institutions that are the same as, or look the same as, some of these."""
    own = list(photos)
    if not own:
        return []
    looks = [int(photo.look, 16) for photo in own if photo.look]
    hashes = {photo.content_hash for photo in own}
    one = own[0].sheet.assignment.institution_id
    others = Photo.objects.exclude(sheet__assignment__institution=one)
    alike = [
        pk
        for pk, content_hash, look in others.values_list("pk", "content_hash", "look")
        if content_hash in hashes or (look and any((int(look, 16) ^ mark).bit_count() <= ALIKE_BITS for mark in looks))
    ]
    found = Photo.objects.filter(pk__in=alike).select_related("sheet__assignment__institution", "file")
    return list(found.order_by("pk"))


def metres(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """This function will give the distance between two points on the globe."""
    a, b = radians(latitude), radians(other_latitude)
    half = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(radians(other_longitude - longitude) / 2) ** 2
    return 2 * 6_371_000 * asin(sqrt(half))
