"""销号 and what comes after: nothing is closed while anything is owed, and both trails are kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from shouhu.engines.rules import words
from shouhu.engines.rules.measures import Measure
from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.disposals.actions.opening import demanded_by, leading, open_for, tasks_for
from shouhu.ledgers.disposals.actions.trail import leave, lock_institution_of, locked_disposal, require_other, said
from shouhu.ledgers.disposals.models import Disposal, Task
from shouhu.ledgers.disposals.owing import owing
from shouhu.ledgers.disposals.workflow import check
from shouhu.ledgers.ratings import actions as ratings
from shouhu.ledgers.ratings.models import Standing
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.refusals import Refused


class CloseRefused(Refused):
    """The disposal may not be closed yet; ``str()`` names everything that is owed."""


class ReopenRefused(Refused):
    """The disposal cannot be taken up again like this."""


@transaction.atomic
def close(*, disposal_id: int, note: str, by: Post, at: datetime) -> Disposal:
    """
    This function will close (销号) a disposal once nothing is owed, after rating the institution anew.

    :raises CloseRefused: a measure, a review, an approval, a refund or the plan is owed, or the colour has not come down.
    :raises SecondPerson: the handler, or somebody who did one of its measures.
    """
    lock_institution_of(disposal_id)
    disposal = locked_disposal(disposal_id, by)
    check(disposal, "close", by)
    require_other(by, workers_of(disposal), at, "您是这件处置的经办人或办理过其中的措施，须由其他人销号")
    note = said(note, "请写明销号的依据和核实情况")
    ratings.rate(institution_ids=[disposal.institution_id], ruleset_id=leading(by), by=by, at=at)
    open_for(institution_ids=[disposal.institution_id], by=by, at=at)
    disposal = locked_disposal(disposal_id, by)
    if owed := owing(disposal):
        raise CloseRefused(f"不能销号：{'；'.join(owed)}")
    standing = Standing.objects.select_related("rating").get(institution=disposal.institution_id)
    disposal.closed_at, disposal.closed_by, disposal.close_note = at, by, note
    disposal.closing_rating = standing.rating
    disposal.save(update_fields=["closed_at", "closed_by", "close_note", "closing_rating"])
    leave(disposal, disposal=disposal, verb="close", by=by, at=at,
          note=f"重新评级为{words.colour(standing.colour)}；{note}", changes={"closed_at": (None, at)})  # fmt: skip
    return disposal


@transaction.atomic
def reopen(*, disposal_id: int, task_ids: Iterable[int], why: str, by: Post, at: datetime) -> Disposal:
    """
    This function will take a closed matter up again as a new disposal that names the old one.

    :param task_ids: measures of the old one to be taken again, besides what the present colour demands.
    :raises ReopenRefused: a disposal is open already, or there would be nothing to do.
    """
    lock_institution_of(disposal_id)
    old = locked_disposal(disposal_id, by)
    check(old, "reopen", by)
    why = said(why, "请写明恢复处置的原因")
    if Disposal.objects.filter(institution=old.institution_id, closed_at=None).exists():
        raise ReopenRefused("这家机构已有一件处置正在办理，请在那一件里办理")
    standing = Standing.objects.select_related("rating").get(institution=old.institution_id)
    again = [_measure(task) for task in Task.objects.filter(disposal=old, pk__in=list(task_ids)).order_by("pk")]
    demanded = demanded_by(standing)
    if not again and not demanded:
        raise ReopenRefused("现在的等级没有要求措施，请勾选原处置中要重新办理的措施")
    kept = {measure.id for measure in again}
    made = Disposal.objects.create(institution=old.institution, rating=standing.rating, colour=standing.colour,
                                   worst=standing.colour, opened_at=at, opened_by=by, reopens=old)  # fmt: skip
    wanted = [*{measure.id: measure for measure in (*demanded, *again)}.values()]
    tasks = list(tasks_for([(made, wanted)], campaigns.calendar(), localdate(at)))
    for task in tasks:
        task.is_kept = task.measure in kept
    Task.objects.bulk_create(tasks)
    leave(old, disposal=old, verb="reopened", by=by, at=at, note=why)
    leave(made, disposal=made, verb="reopen", by=by, at=at, note=why, changes={"reopens": (None, old.pk)})
    return made


def workers_of(disposal: Disposal) -> list[Post]:
    """This function will give the posts that handle a disposal or did one of its measures: none of them may close it."""
    ids = set(Task.objects.filter(disposal=disposal, done_by__isnull=False).values_list("done_by", flat=True))
    return list(Post.objects.filter(pk__in=ids | {disposal.handler_id}))


def _measure(task: Task) -> Measure:
    return Measure(task.measure, task.says, task.body, tuple(task.powers), task.clause, task.mark, task.when)
