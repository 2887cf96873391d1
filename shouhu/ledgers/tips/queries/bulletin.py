"""线索通报: how many tips came from where, about what, by which way, and what became of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from shouhu.engines.text.taxonomy import guises, schemes
from shouhu.ledgers.tips.channels import channels, sources
from shouhu.ledgers.tips.models import AGES, OUTCOMES, STATES, Tip
from shouhu.ledgers.tips.queries.lists import Filters, narrowed
from shouhu.ledgers.tips.queries.sight import WIDE, barred
from shouhu.ledgers.tips.queries.timeliness import TIMELINESS, timeliness
from shouhu.ledgers.units import queries as units
from shouhu.ledgers.units.codes import LENGTH
from shouhu.ledgers.units.scope import Scope

FEW = 3
"""Fewer than these are not told to those who may not open the tips: in a village they would be somebody."""
SMALL, HIDDEN, NOT_TOLD = f"<{FEW}", "—", "未注明"


@dataclass(frozen=True)
class Line:
    """One line of a table: ``n`` is a number, or how it is shown where it may not be told."""

    code: str
    title: str
    n: int | str


@dataclass(frozen=True)
class Table:
    """How the tips divide by one question."""

    name: str
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Bulletin:
    """The tables of a period, both days included; ``n`` as in lines."""

    since: date
    until: date
    n: int | str
    tables: tuple[Table, ...]
    is_rounded: bool
    """Small numbers are not told exactly."""


def bulletin(
    scope: Scope, since: date, until: date, today: date | None = None, *, is_circulated: bool = False
) -> Bulletin:  # fmt: skip
    """
    This function will count the tips received from one day to another, merged ones not twice.

    Those who see all tips of their division get every number; others the numbers of their division, small ones not told.

    :param today: by which open tips are late; else the last day of the period.
    :param is_circulated: it goes to others too, so that small numbers are not told to anybody.
    """
    exact = scope.post.role in WIDE and not is_circulated
    filters = Filters(until, scope.post, show="all", since=since, until=until)
    rows = scope.limit(Tip.objects.filter(read_at__isnull=False, merged_into=None))
    rows = rows.exclude(pk__in=barred(scope.post).values("tip")) if scope.may("tip.figures") else rows.none()
    rows = narrowed(rows, filters).order_by()
    tables = tuple(_tables(scope, rows, until, today or until))
    n: int | str = rows.count()
    if not exact:
        tables = tuple(map(_rounded, tables))
        n = HIDDEN if any(isinstance(line.n, str) for one in tables for line in one.lines) else n
    return Bulletin(since, until, n, tables, not exact)


def _tables(scope: Scope, rows: QuerySet[Tip], on: date, today: date) -> Iterable[Table]:
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    digits = units.digits_below(scope, on)
    fields = (
        "code",
        "channel",
        "guise",
        "scheme",
        "age_band",
        "state",
        "is_urgent",
        "supervised_at",
        "rating",
        "identity",
    )
    found = rows.values_list(*fields)
    for code, channel, guise, scheme, age, state, is_urgent, supervised_at, rating, identity in found.iterator():
        counted["area"][code[:digits].ljust(LENGTH, "0")] += 1
        counted["channel"][channel] += 1
        counted["source"][channels()[channel].source] += 1
        counted["guise"][guise] += 1
        counted["scheme"][scheme] += 1
        counted["age"][age] += 1
        counted["state"][state] += 1
        flags = {
            "urgent": is_urgent,
            "supervised": supervised_at,
            "contested": rating == "contested",
            "named": identity,
        }
        counted["flag"].update(name for name, is_so in flags.items() if is_so)
    outcomes = rows.filter(findings__replaced_at=None, findings__outcome__isnull=False)
    counted["outcome"] = Counter(dict(outcomes.values_list("findings__outcome").annotate(n=Count("pk"))))
    counted["timeliness"] = timeliness(rows, today)
    names = units.names(counted["area"])
    titles: dict[str, tuple[str, Mapping[str, str]]] = {
        "area": ("地区", {code: names.get(code, code) for code in sorted(counted["area"])}),
        "source": ("来源", sources()),
        "channel": ("渠道", {code: one.title for code, one in channels().items()}),
        "guise": ("名目", {code: one.says for code, one in guises().items()}),
        "scheme": ("手法", {code: one.says for code, one in schemes().items()}),
        "age": ("老人年龄", AGES),
        "outcome": ("核查结论", OUTCOMES),
        "state": ("办理情况", {code: STATES[code] for code in STATES if code != "merged"}),
        "timeliness": ("办理时限", TIMELINESS),
        "flag": ("其中", {"urgent": "紧急", "supervised": "督办", "contested": "举报人不认可", "named": "实名"}),
    }
    return [_table(name, title, counted[name], lines) for name, (title, lines) in titles.items()]


def _table(name: str, title: str, counted: Mapping[str, int], titles: Mapping[str, str]) -> Table:
    lines = [Line(code, said, counted.get(code, 0)) for code, said in titles.items()]
    if counted.get("", 0):
        lines.append(Line("", NOT_TOLD, counted[""]))
    return Table(name, title, tuple(lines))


def _rounded(table: Table) -> Table:
    """Small numbers give way; where there is one only, the next larger goes too, or the sum would tell it."""
    small = {line.code for line in table.lines if isinstance(line.n, int) and 0 < line.n < FEW}
    larger = sorted((line.n, line.code) for line in table.lines if isinstance(line.n, int) and line.n >= FEW)
    beside = {larger[0][1]} if len(small) == 1 and larger and table.name != "flag" else set()
    lines = (
        Line(line.code, line.title, SMALL if line.code in small else HIDDEN if line.code in beside else line.n)
        for line in table.lines
    )
    return Table(table.name, table.title, tuple(lines))
