"""双随机: pool and seed sealed, drawn with the words of witnesses, and what each team found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from shouhu.engines.draws import published, sealing
from shouhu.engines.draws.drawing import draw as drawn_from
from shouhu.engines.draws.pool import BadDraw, pool_of
from shouhu.ledgers.clearances.actions import Paper
from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.supervision import workflow
from shouhu.ledgers.supervision.actions.writing import Incomplete, NotFound, note, past, said, stored
from shouhu.ledgers.supervision.models import FOUND, RandomInspection, Visit
from shouhu.ledgers.supervision.queries import inspecting as queries
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.rights import holders
from shouhu.ledgers.units.scope import Scope


@transaction.atomic
def commit(
    *, title: str, town: str, rates: Mapping[str, str], post_ids: Iterable[int], team_size: int, declared: Iterable[tuple[str, str]],
    seed: str, by: Post, at: datetime,
) -> RandomInspection:  # fmt: skip
    """
    This function will seal a pool of institutions and inspectors with a secret seed; its number can be published.

    :param rates: colour → ``30%`` or ``5``. :param declared: post code and institution number of declared relations.
    :param seed: 64 random hex digits made by the face.
    :raises NotNow: the post may not. :raises Incomplete: nothing can be drawn from the pool, with what to mend.
    """
    if by.role not in holders(workflow.ISSUE):
        raise workflow.NotNow("您的岗位不能组织双随机抽查，请由专项办办理")
    scope = Scope.of(by)
    posts = list(queries.inspectors(scope, localdate(at)).filter(pk__in=list(post_ids)))
    if not posts:
        raise Incomplete("请选择检查人员")
    rows = queries.candidates(scope, town)
    try:
        pool = queries.pool(said(title, "请填写抽查名称"), rows, rates, posts, team_size, declared)
        commitment = sealing.commit(pool, bytes.fromhex(seed))
    except BadDraw as refusal:
        raise Incomplete(str(refusal)) from None
    inspection = RandomInspection.objects.create(issuer=by.unit, title=pool.title, seed=seed, committed_at=at, committed_by=by,
                                                 sealed=published.sealed_as_json(pool, commitment))  # fmt: skip
    note(inspection, "draw.commit", by.unit.code, by, at, {"commitment": (None, commitment.number)})
    return inspection


@transaction.atomic
def draw(*, draw_id: int, words: Iterable[str], by: Post, at: datetime) -> RandomInspection:
    """
    This function will draw from what was sealed, with the words of witnesses, and give each institution its team.

    :raises NotFound: no such draw. :raises NotNow: it was drawn, or another office sealed it.
    :raises Incomplete: words that cannot be used.
    """
    rows = RandomInspection.objects.select_for_update(of=("self",)).select_related("issuer")
    inspection = rows.filter(queries.in_sight(Scope.of(by)), pk=draw_id).first()
    if inspection is None:
        raise NotFound("没有这次抽查，或不在您的辖区内")
    workflow.check(inspection, "draw", by)
    try:
        drawn = drawn_from(
            pool_of(inspection.sealed["pool"]),
            bytes.fromhex(inspection.seed),
            [one.strip() for one in words if one.strip()],
        )
    except BadDraw as refusal:
        raise Incomplete(str(refusal)) from None
    inspection.published, inspection.drawn_at, inspection.drawn_by = published.as_json(drawn), at, by
    inspection.save(update_fields=["published", "drawn_at", "drawn_by"])
    found = {
        one.number: one for one in Institution.objects.filter(number__in=[one.object_id for one in drawn.inspections])
    }
    posts = {one.code: one for one in Post.objects.filter(code__in=drawn.pool.inspectors)}
    for one in drawn.inspections:
        visit = Visit.objects.create(inspection=inspection, institution=found[one.object_id], n_missing=one.n_missing)
        visit.team.set(posts[code] for code in one.inspectors)
    note(inspection, "draw.draw", by.unit.code, by, at, {"seal": (None, inspection.published["seal"])})
    return inspection


@transaction.atomic
def find(
    *, visit_id: int, found: str, found_on: date, says: str, paper: Paper | None = None, by: Post, at: datetime
) -> Visit:
    """
    This function will put on record what a team found at an institution.

    :raises NotFound: the post is not of the team. :raises NotNow: it is on record. :raises Incomplete: nothing is said.
    """
    rows = Visit.objects.select_for_update(of=("self",)).select_related("inspection", "institution")
    visit = rows.filter(pk=visit_id, team=by).first()
    if visit is None:
        raise NotFound("检查结果由抽到的检查人员登记")
    workflow.check(visit, "find", by)
    if found not in FOUND:
        raise Incomplete("请选择检查结果")
    visit.found, visit.found_on, visit.says = found, past(found_on, at), said(says, "请写明检查情况")
    visit.file, visit.found_at, visit.found_by = stored(paper, by, at), at, by
    visit.save(update_fields=["found", "found_on", "says", "file", "found_at", "found_by"])
    note(visit, "visit.find", visit.institution.code, by, at, {"found": (None, found)})
    return visit
