"""通报 as a scope may see them, and the facts about units from which they are drafted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.clearances import queries as clearances
from shouhu.ledgers.disposals.counting import late_before
from shouhu.ledgers.disposals.models import Task
from shouhu.ledgers.disposals.queries.lists import UNFINISHED
from shouhu.ledgers.institutions import queries as institutions
from shouhu.ledgers.supervision.models import Circular, Delivery
from shouhu.ledgers.supervision.queries.orders import OWED, WIDE, in_state
from shouhu.ledgers.supervision.queries.orders import seen as orders
from shouhu.ledgers.surveys.models import Assignment
from shouhu.ledgers.tips import queries as tips
from shouhu.ledgers.tips.workflow import OPEN
from shouhu.ledgers.units.models import Unit
from shouhu.ledgers.units.scope import Scope


@dataclass(frozen=True)
class Record:
    """What a unit has done and what it is late with, now: each number of the ledgers, as the scope may see them."""

    unit: Unit
    surveys_done: int
    surveys_late: int
    measures_done: int
    measures_late: int
    sites_closed: int
    sites_late: int
    tips_done: int
    tips_late: int
    orders_done: int
    orders_late: int

    @property
    def n_done(self) -> int:
        """Everything that is done."""
        return self.surveys_done + self.measures_done + self.sites_closed + self.tips_done + self.orders_done

    @property
    def n_late(self) -> int:
        """Everything that is late."""
        return self.surveys_late + self.measures_late + self.sites_late + self.tips_late + self.orders_late


def in_sight(scope: Scope) -> Q:
    """This function will give the condition that a circular is one that a scope may see: its own, and issued ones to its units."""
    reach = Q(unit=scope.post.unit_id)
    if scope.post.role in WIDE:
        reach |= scope.range("unit__code")
    received = Q(pk__in=Delivery.objects.filter(reach).values("circular"), issued_at__isnull=False)
    drafted = (
        Q(issuer=scope.post.unit_id) if scope.may("supervision.issue") or scope.post.role == "leader" else Q(pk__in=())
    )
    return received | drafted


def seen(scope: Scope) -> QuerySet[Circular]:
    """This function will give the circulars that a scope may see, drafts first, then the latest, with their receipts counted."""
    rows = Circular.objects.filter(in_sight(scope)).select_related("issuer", "drafted_by__unit", "issued_by__unit")
    counted = rows.annotate(
        n_units=Count("deliveries"), n_received=Count("deliveries", filter=Q(deliveries__received_at__isnull=False))
    )
    return counted.order_by(F("issued_at").desc(nulls_first=True), "-pk")


def deliveries(circular: Circular) -> QuerySet[Delivery]:
    """This function will give to whom a circular goes, whoever has not signed first."""
    rows = Delivery.objects.filter(circular=circular).select_related("unit", "received_by__unit")
    return rows.order_by("-is_named", "unit__code", "pk")


def to_receive(scope: Scope) -> QuerySet[Delivery]:
    """This function will give the circulars that the unit of a scope has not signed for."""
    rows = Delivery.objects.filter(unit=scope.post.unit_id, received_at=None, circular__issued_at__isnull=False)
    return rows.select_related("circular__issuer").order_by("circular__issued_at")


def records(scope: Scope, units: Iterable[Unit], today: date) -> list[Record]:
    """This function will count what units have done and are late with, in the order given, in a query a ledger."""
    wanted = list(units)
    before = late_before(today, campaigns.calendar())
    ids = [unit.pk for unit in wanted]

    def counted(rows: QuerySet[Any], field: str) -> dict[int, int]:
        found = (
            rows.filter(**{f"{field}__in": ids}).order_by().values_list(field).annotate(n=Count("pk", distinct=True))
        )
        return dict(found)

    surveys = Assignment.objects.filter(institutions.in_sight(scope), withdrawn_at=None, round__closed_at=None)
    accepted = surveys.filter(sheets__accepted_at__isnull=False)
    tasks = Task.objects.filter(institutions.in_sight(scope, "disposal__institution__"), dropped_at=None)
    late_tasks = tasks.filter(UNFINISHED, due_on__lt=before, disposal__closed_at=None)
    handled, given = counted(late_tasks.filter(post=None), "disposal__handler__unit"), counted(late_tasks, "post__unit")
    late_measures = {pk: handled.get(pk, 0) + given.get(pk, 0) for pk in ids}
    sites, told = clearances.seen(scope), tips.seen(scope)
    counts = (
        counted(accepted, "unit"),
        counted(surveys.exclude(pk__in=accepted.values("pk")).filter(due_on__lt=before), "unit"),
        counted(tasks.filter(reviewed_at__isnull=False), "done_by__unit"),
        late_measures,
        counted(sites.filter(closed_at__isnull=False, proposal__isnull=False), "owner__unit"),
        counted(sites.filter(closed_at=None, due_on__lt=before), "owner__unit"),
        counted(told.filter(state__in=("resolved", "archived")), "unit"),
        counted(told.filter(state__in=OPEN, due_on__lt=before), "unit"),
        counted(orders(scope).filter(in_state("accepted")), "unit"),
        counted(orders(scope).filter(OWED, due_on__lt=before), "unit"),
    )
    return [Record(unit, *(one.get(unit.pk, 0) for one in counts)) for unit in wanted]


def drafted(manner: str, records_: Sequence[Record], today: date) -> str:
    """This function will draft the text of a circular from the records of the units that it names; figures only, no verdicts."""
    praise = manner == "praise"
    lines = [f"截至{today.year}年{today.month}月{today.day}日，有关单位专项行动办理情况如下："]
    for number, one in enumerate(records_, 1):
        parts = _done(one) if praise else _late(one)
        lines.append(
            f"{number}.{one.unit.name}：{'，'.join(parts) if parts else '没有' + ('已办结' if praise else '逾期') + '的记录'}。"
        )
    closing = (
        "对以上单位予以通报表扬。请各单位学习借鉴，继续抓好落实。"
        if praise
        else "对以上单位予以通报批评。请逐项查明原因，限期整改，并将整改情况书面报告。"
    )
    return "\n".join([*lines, closing])


def _done(one: Record) -> list[str]:
    told = (("核定排查表", one.surveys_done, "份"), ("办结处置措施", one.measures_done, "项"), ("销号未登记场所", one.sites_closed, "处"),
            ("办结线索", one.tips_done, "条"), ("办结督办单", one.orders_done, "件"))  # fmt: skip
    return [f"{what}{n}{unit}" for what, n, unit in told if n]


def _late(one: Record) -> list[str]:
    told = (("排查逾期", one.surveys_late, "家"), ("处置措施逾期", one.measures_late, "项"), ("未登记场所逾期", one.sites_late, "处"),
            ("线索逾期", one.tips_late, "条"), ("督办单逾期", one.orders_late, "件"))  # fmt: skip
    return [f"{what}{n}{unit}" for what, n, unit in told if n]
