"""What an order can be about: whether a scope may see it, who answers for it, and how an order about it begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from shouhu.ledgers.campaigns.models import Duty
from shouhu.ledgers.clearances import queries as clearances
from shouhu.ledgers.disposals import queries as disposals
from shouhu.ledgers.institutions import queries as institutions
from shouhu.ledgers.supervision.models import SUBJECTS, SupervisionOrder
from shouhu.ledgers.tips import queries as tips
from shouhu.ledgers.tips.models import Tip, Transfer
from shouhu.ledgers.units import queries as units
from shouhu.ledgers.units.models import Unit
from shouhu.ledgers.units.rights import holders
from shouhu.ledgers.units.scope import Scope


@dataclass(frozen=True)
class Opening:
    """How an order about something begins: the unit that answers for it, the title, and the first words of the issue."""

    unit_id: int | None
    title: str
    issue: str


def subject_of(scope: Scope, kind: str, pk: int) -> Any | None:
    """This function will give what an order is about, a name of SUBJECTS and its id, if the scope may see it."""
    if kind not in SUBJECTS or not scope.may("campaign.view" if kind == "duty" else f"{kind}.view"):
        return None
    match kind:
        case "duty":
            reach = Q(unit=scope.post.unit_id) | Q(scope.range("unit__code"))
            rows: Any = Duty.objects.filter(reach).select_related("task", "unit")
        case "tip":
            rows = tips.seen(scope)
        case "disposal":
            rows = disposals.seen(scope).select_related("institution", "handler__unit")
        case "clearance":
            rows = clearances.seen(scope)
        case _:
            rows = institutions.seen(scope)
    return rows.filter(pk=pk).first()


def of(scope: Scope, order: SupervisionOrder) -> tuple[str, Any] | None:
    """This function will give what an order is about with its kind; None: about nothing, or the scope may not see it."""
    for kind in SUBJECTS:
        if pk := getattr(order, f"{kind}_id"):
            row = subject_of(scope, kind, pk)
            return (kind, row) if row is not None else None
    return None


def holding(tip: Tip) -> set[int]:
    """This function will give the ids of the units that have a tip or help with it: no other unit knows of it."""
    helping = Transfer.objects.filter(tip=tip, ended_at=None, to_unit__isnull=False).values_list("to_unit", flat=True)
    return {tip.unit_id, *helping}


def opening(scope: Scope, kind: str, row: Any) -> Opening:
    """This function will propose how an order begins; of a tip no word is said beside its number."""
    match kind:
        case "duty":
            return Opening(row.unit_id, f"落实专项行动任务：{row.task.title}"[:80], f"任务“{row.task.title}”尚未办结。")
        case "tip":
            return Opening(row.unit_id, f"办理线索 {row.number}", f"线索 {row.number} 请抓紧核查，按期报结论。")
        case "disposal":
            handler = row.handler.unit_id if row.handler else None
            return Opening(
                handler, f"推进“{row.institution.name}”处置"[:80], f"“{row.institution.name}”的处置措施尚未办结。"
            )
        case "clearance":
            owner = row.owner.unit_id if row.owner else None
            return Opening(
                owner, f"推进“{row.institution.name}”清零"[:80], f"未登记场所“{row.institution.name}”尚未销号。"
            )
        case _:
            return Opening(_town_of(scope, row.code), f"核查整改“{row.name}”"[:80], f"“{row.name}”存在以下问题：")


def receivers(scope: Scope, on: date, right: str = "supervision.reply") -> list[Unit]:
    """This function will give the open units of the scope that have a post which holds a right: papers can be addressed to them."""
    posts = units.posts(scope).filter(units.open_on(on), role__in=holders(right)).values("unit")
    return list(units.units(scope).filter(units.open_on(on), pk__in=posts).order_by("code", "name"))


def _town_of(scope: Scope, code: str) -> int | None:
    town = f"{code[:9]}000"
    return (
        Unit.objects.filter(scope.range(), code=town, closed_on=None, kind="task_force")
        .values_list("pk", flat=True)
        .first()
    )
