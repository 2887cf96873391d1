"""From a tip to a survey task in one step."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from shouhu.ledgers.institutions import actions as institutions
from shouhu.ledgers.surveys import actions as surveys
from shouhu.ledgers.surveys.models import Assignment
from shouhu.ledgers.tips.actions.writing import Incomplete, locked, move, said
from shouhu.ledgers.units.codes import level_of
from shouhu.ledgers.units.models import Post


@transaction.atomic
def survey(
    *, tip_id: int, round_id: int, by: Post, at: datetime, unit_id: int | None = None, name: str = "", address: str = "",
    code: str = "",
) -> Assignment:  # fmt: skip
    """
    This function will take what a tip is about into a round of the survey; what nobody knew is registered first.

    Whoever registers calls ``settle_tip_survey`` of the disposals, which rates it, too.

    :param unit_id: who surveys it; None: as the rules of the round say.
    :param name: of what is not linked to an institution yet, with its address and code (the tip's if empty).
    :raises Incomplete: name, address or place are missing, or the institution does not belong to the round.
    :raises Refused: what the survey refuses.
    """
    tip, _ = locked(tip_id, "survey", by)
    fields = []
    if tip.institution is None:
        code = code or tip.code
        if level_of(code) not in ("township", "neighbourhood"):
            raise Incomplete("请选择场所所在的镇街或村居")
        facts = {
            "name": said(name, "线索还没有关联机构，请填写机构或场所的名称"),
            "address": said(address, "请写明地址，便于排查人员找到这一处"),
        }
        tip.institution = institutions.register(
            facts=facts, code=code, source="tip", cause="tip", reference=f"tip/{tip.pk}", by=by, at=at
        )
        fields = ["institution"]
    surveys.assign(round_id=round_id, institution_ids=[tip.institution.pk], by=by, at=at)
    made = Assignment.objects.filter(round=round_id, institution=tip.institution, withdrawn_at=None).first()
    if made is None:
        raise Incomplete("这家机构不在所选轮次的排查范围内，请选择另一轮")
    if unit_id and made.unit_id != unit_id:
        (made,) = surveys.reassign(assignment_ids=[made.pk], unit_id=unit_id, by=by, at=at)
    move(tip, "survey", fields, by, at, unit=made.unit, says=f"{tip.institution.number}列入排查，{made.due_on}前完成")
    return made
