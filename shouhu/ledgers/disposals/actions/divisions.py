"""A division that is renamed, moved or merged takes along everything that hangs on its code, from a day on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from shouhu.engines.documents.grids.grid import Sheet
from shouhu.ledgers.campaigns import actions as campaigns
from shouhu.ledgers.disposals.actions.opening import rate_and_open
from shouhu.ledgers.institutions import actions as institutions
from shouhu.ledgers.ratings.models import Standing
from shouhu.ledgers.surveys import actions as surveys
from shouhu.ledgers.tips import actions as tips
from shouhu.ledgers.units import actions as units
from shouhu.ledgers.units.codes import span
from shouhu.ledgers.units.models import Division, Post
from shouhu.ledgers.units.sheets import DivisionPlan


@transaction.atomic
def settle_division(*, code: str, new_code: str, name: str, on: date, by: Post, at: datetime) -> list[int]:
    """
    This function will change a division as ``units.actions.change_division`` does, and let its institutions, campaigns and
    open surveys follow, in one transaction. What was counted before that day stays under the old code and name.

    Disposals and the ledger of the 清零行动 follow their institutions; colours are written anew at the new place.

    :returns: the ids of the institutions that were taken along.
    :raises Refused: what any of the rooms refuses.
    """
    inside = _inside(code)
    mapping = units.change_division(code=code, new_code=new_code, name=name, on=on, by=by, at=at)
    return _follow(mapping or {one: one for one in inside}, on, by, at)


@transaction.atomic
def settle_divisions(*, sheets: Sequence[Sheet], on: date, by: Post, at: datetime) -> DivisionPlan:
    """This function will import towns and villages; institutions follow those that are called otherwise from the day on."""
    plan = units.import_divisions(sheets=sheets, on=on, by=by, at=at)
    renamed = {one for code in plan.renamed for one in _inside(code)}
    if renamed:
        _follow({one: one for one in renamed}, on, by, at)
    return plan


def _inside(code: str) -> list[str]:
    low, high = span(code)
    return list(Division.objects.filter(code__gte=low, code__lt=high, to_on=None).values_list("code", flat=True))


def _follow(mapping: Mapping[str, str], on: date, by: Post, at: datetime) -> list[int]:
    moved = institutions.follow_division(mapping=mapping, on=on, by=by, at=at)
    campaigns.follow_division(mapping=mapping, on=on, by=by, at=at)
    surveys.follow(institution_ids=moved, by=by, at=at, mapping=mapping)
    tips.follow_division(mapping=mapping)
    by = Post.objects.select_related("unit", "grid").get(pk=by.pk)  # whose own office may have moved
    rated = Standing.objects.filter(institution__in=moved, institution__merged_into=None).order_by("institution")
    rate_and_open(institution_ids=rated.values_list("institution", flat=True), by=by, at=at)
    return moved
