"""Opening and closing rounds."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from shouhu.ledgers.campaigns.models import Campaign
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.surveys.models import Questionnaire, Round, Sheet
from shouhu.ledgers.surveys.questionnaires import generated
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.units.scope import Scope


class RoundRefused(Refused):
    """A round may not be opened or closed like this."""


@transaction.atomic
def open_round(
    *, title: str, campaign_id: int, code: str, opens_on: date, due_on: date, by: Post, at: datetime
) -> Round:
    """
    This function will open a round for a division, with the questionnaire of today's declared facts.

    :raises RoundRefused: outside the post's division, no title, or days in the wrong order.
    """
    if not Scope.of(by).covers(code):
        raise RoundRefused("只能为本辖区建立排查轮次")
    if not title.strip():
        raise RoundRefused("请填写轮次名称，例如“第一轮全面摸排”")
    if due_on < opens_on:
        raise RoundRefused("完成期限不能早于开始日期")
    made = Round.objects.create(
        title=title.strip()[:80], campaign=Campaign.objects.get(pk=campaign_id), questionnaire=_questionnaire(by, at),
        code=code, opens_on=opens_on, due_on=due_on, opened_at=at, opened_by=by,
    )  # fmt: skip
    journal.record(verb="round.opened", subject=made, by=by.code, at=at, code=code,
                   changes={"title": (None, made.title), "due_on": (None, due_on)})  # fmt: skip
    return made


@transaction.atomic
def close_round(*, round_id: int, by: Post, at: datetime) -> Round:
    """
    This function will close a round: nothing more is assigned or handed in.

    :raises RoundRefused: closed already, not of the post's division, or sheets wait for review.
    """
    closing = Round.objects.select_for_update().get(pk=round_id)
    if closing.closed_at:
        raise RoundRefused("本轮排查已结束")
    if not Scope.of(by).covers(closing.code):
        raise RoundRefused("只能结束本辖区的排查轮次")
    waiting = Sheet.objects.filter(
        assignment__round=closing, accepted_at=None, returned_at=None, superseded_at=None
    ).count()
    if waiting:
        raise RoundRefused(f"还有 {waiting} 份排查表待审，请先审核或退回，再结束本轮")
    closing.closed_at, closing.closed_by = at, by
    closing.save(update_fields=["closed_at", "closed_by"])
    journal.record(verb="round.closed", subject=closing, by=by.code, at=at, code=closing.code)
    return closing


def _questionnaire(by: Post, at: datetime) -> Questionnaire:
    content, digest = generated()
    last = Questionnaire.objects.aggregate(last=Max("number"))["last"] or 0
    made, _ = Questionnaire.objects.get_or_create(
        digest=digest, defaults={"number": last + 1, "content": content, "made_at": at, "made_by": by}
    )
    return made
