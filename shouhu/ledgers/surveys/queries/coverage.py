"""Rounds, and how far each has come: 应查, 已查, 待审, 退回, live."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat, Substr

from shouhu.ledgers.surveys.models import Round
from shouhu.ledgers.surveys.queries.sheets import assignments
from shouhu.ledgers.units.codes import LENGTH, LEVELS, level_of, span
from shouhu.ledgers.units.models import Division
from shouhu.ledgers.units.scope import Scope

BELOW = {"nation": 2, "province": 4, "city": 6, "county": 9, "township": 12, "neighbourhood": 12}
"""By level, how many digits tell the divisions right below it."""


@dataclass(frozen=True)
class Row:
    """The numbers of one division; the four states add up to ``n_due``."""

    code: str
    name: str
    n_due: int
    n_done: int
    n_waiting: int
    n_returned: int
    n_late: int

    @property
    def n_open(self) -> int:
        """Assigned, and nothing handed in yet."""
        return self.n_due - self.n_done - self.n_waiting - self.n_returned

    @property
    def percent(self) -> int:
        """完成率: share of what was to be surveyed and is accepted, in whole percent; only what is complete is 100."""
        return 100 * self.n_done // self.n_due if self.n_due else 0


def rounds(scope: Scope) -> QuerySet[Round]:
    """This function will give the rounds that touch a scope, the newest first."""
    above = [scope.low[:digits].ljust(LENGTH, "0") for digits in LEVELS.values()]
    rows = Round.objects.filter(scope.range() | Q(code__in=above)).select_related("campaign", "questionnaire")
    return rows.order_by("-opens_on", "-pk")


def coverage(scope: Scope, round_: Round, today: date, within: str = "") -> list[Row]:
    """
    This function will give the numbers of a round by the divisions right below one, in one query.

    :param within: that division; the smaller of the scope and the round's division if not given.
    """
    area = within or max(scope.low, round_.code)
    low, high = span(area)
    digits = BELOW[level_of(area)]
    name = Division.objects.filter(code=OuterRef("area"), to_on=None).values("name")[:1]
    late = ~Q(state__in=("done", "waiting")) & Q(due_on__lt=today)
    rows = (
        assignments(scope, round_)
        .filter(code__gte=low, code__lt=high)
        .annotate(area=Concat(Substr("code", 1, digits), Value("0" * (LENGTH - digits))))
        .values("area")
        .annotate(
            name=Subquery(name), n_due=Count("pk"), n_done=Count("pk", filter=Q(state="done")),
            n_waiting=Count("pk", filter=Q(state="waiting")), n_returned=Count("pk", filter=Q(state="returned")),
            n_late=Count("pk", filter=late),
        )
        .order_by(F("area"))
    )  # fmt: skip
    columns = ("area", "name", "n_due", "n_done", "n_waiting", "n_returned", "n_late")
    return [Row(area, title or "", *counts) for area, title, *counts in rows.values_list(*columns)]


def total(rows: list[Row], code: str, name: str) -> Row:
    """This function will add rows up."""
    columns = ("n_due", "n_done", "n_waiting", "n_returned", "n_late")
    return Row(code, name, *(sum(getattr(row, column) for row in rows) for column in columns))
