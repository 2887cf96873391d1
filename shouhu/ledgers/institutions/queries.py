"""Institutions as a scope may see them: lists, one institution, its facts on any day, its events, imports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThanOrEqual, LessThan
from django.utils.timezone import make_aware

from shouhu.engines.rules.facts import Fact, declared
from shouhu.ledgers.institutions.models import CAUSES, ROLES, Batch, Hand, Institution, Outlet, StagedRow, Version
from shouhu.ledgers.institutions.values import Facts, held, shown
from shouhu.ledgers.units.codes import is_code, level_of, stem
from shouhu.ledgers.units.scope import Scope

WIDE = ("nation", "province", "city")


def seen(scope: Scope) -> QuerySet[Institution]:
    """This function will give the institutions in a scope: shown ones, not merged away; an institution's account sees its own."""
    return Institution.objects.filter(in_sight(scope, ""))


def in_sight(scope: Scope, path: str = "institution__") -> Q:
    """
    This function will give the condition that a row's institution, which ``path`` leads to, is one that ``seen`` gives.

    It is told by columns, so that a database begins with the few rows of its own table and not with all institutions.
    """
    standing_there = visible(path) & Q(**{f"{path}merged_into": None})
    if scope.post.subject is not None:
        return standing_there & Q(**{f"{path}pk": scope.post.subject})
    if level_of(scope.low) not in WIDE:
        return standing_there & scope.range(f"{path}code")
    # Most rows lie inside: the index of codes would be a detour, and a column that is computed keeps planners from it.
    code = Coalesce(F(f"{path}code"), Value(""))
    return standing_there & Q(GreaterThanOrEqual(code, scope.low), LessThan(code, scope.high))


def visible(path: str = "", at: datetime | None = None) -> Q:
    """
    This function will give the condition that an import has shown an institution and was not undone, now or at an instant.

    :param path: how the institution is reached from the rows in question, e.g. ``institution__``.
    """
    shown, dropped = f"{path}batch__shown_at", f"{path}batch__dropped_at"
    never = Q(**{f"{path}batch": None})
    if at is None:
        return never | Q(**{f"{shown}__isnull": False, dropped: None})
    return never | Q(Q(**{dropped: None}) | Q(**{f"{dropped}__gt": at}), **{f"{shown}__lte": at})


def successor(scope: Scope, institution_id: int) -> Institution | None:
    """This function will give the institution that another was merged into, where the scope may see it."""
    return seen(scope).filter(merged=institution_id).first()


def search(rows: QuerySet[Institution], text: str) -> QuerySet[Institution]:
    """This function will keep the institutions whose name, credit code, number, initials or division's code hold a text."""
    text = text.strip()
    if not text:
        return rows
    within = Q(code__startswith=stem(text) if is_code(text) else text) if text.isdecimal() and len(text) >= 6 else Q()
    return rows.filter(
        Q(name__icontains=text)
        | Q(initials__contains=text.lower())
        | Q(number__icontains=text)
        | Q(uscc__istartswith=text)
        | within
        # The number of an entry that was merged away leads to the one that was kept.
        | Q(pk__in=Institution.objects.filter(number=text, merged_into__isnull=False).values("merged_into"))
    )


def version(institution: Institution, n: int) -> Version:
    """This function will give one version of an institution's facts."""
    return Version.objects.get(institution=institution, n=n)


def current(institutions: Iterable[Institution]) -> dict[int, Version]:
    """This function will give the current version of each institution by its id, in one query."""
    wanted = {one.pk: one.n for one in institutions}
    versions = Version.objects.filter(institution__in=wanted, n=Subquery(
        Institution.objects.filter(pk=OuterRef("institution")).values("n")[:1]
    ))  # fmt: skip
    return {one.institution_id: one for one in versions}


def version_at(institution: Institution, at: datetime) -> Version | None:
    """This function will give the version that held at an instant; None before the first."""
    return Version.objects.filter(institution=institution, recorded_at__lte=at).order_by("-n").first()


def facts_of(version: Version) -> Facts:
    """This function will give the facts of a version, personal ones too, as the rating engine takes them."""
    return held(version.facts, version.personal or {})


@dataclass(frozen=True)
class Known:
    """A fact of an institution with where and when its value was learnt; ``value`` None: unknown."""

    fact: Fact
    value: Any
    cause: str
    reference: str
    on: date | None


def known(version: Version) -> list[Known]:
    """This function will give every declared fact of a version with its origin, in the order of declaration."""
    facts = facts_of(version)
    found = []
    for name, fact in declared().items():
        cause, reference, day = version.origins.get(name) or ("", "", None)
        on = date.fromisoformat(day) if day else None
        found.append(Known(fact, facts.get(name), CAUSES.get(cause, cause), reference, on))
    return found


@dataclass(frozen=True)
class Event:
    """Something that happened to an institution: when, what, by whom, in words without names of people."""

    at: datetime
    what: str
    who: str = ""
    note: str = ""


def events(institution: Institution) -> list[Event]:
    """This function will give what happened to an institution, the latest first: versions, moves, people, outlets, merges."""
    found = [*_versions(institution), *_dated(institution)]
    for gone in institution.merged.all():
        found.append(Event(gone.found_at, f"原编号 {gone.number} 的“{gone.name}”首次登记，后并入本机构"))
    return sorted(found, key=lambda event: event.at, reverse=True)


def _versions(institution: Institution) -> list[Event]:
    rows = institution.versions.select_related("recorded_by__unit").order_by("n")
    found = []
    before: Facts = {}
    for row in rows:
        facts = facts_of(row)
        moved = [name for name in declared() if facts.get(name) != before.get(name)]
        who = f"{row.recorded_by.unit.name} {row.recorded_by.title}"
        if row.n == 1:
            what, note = f"登记入库（{CAUSES[row.cause]}）", f"已知 {len(facts)} 项"
        else:
            what = f"{CAUSES[row.cause]}：改动 {len(moved)} 项"
            note = "；".join(_told(declared()[name], before.get(name), facts.get(name)) for name in moved[:6])
            note += f"；另有 {len(moved) - 6} 项" if len(moved) > 6 else ""
        found.append(Event(row.recorded_at, what, who, "。".join(filter(None, (row.reason, note)))))
        before = facts
    return found


def _dated(institution: Institution) -> list[Event]:
    found = []
    for place in institution.places.filter(from_on__isnull=False):
        found.append(Event(_noon(place.from_on), f"迁至 {place.address or '（地址未知）'}", note=_source(place.source)))
    for hand in institution.hands.filter(from_on__isnull=False):
        role = ROLES[hand.role]
        found.append(Event(_noon(hand.from_on), f"{role}变更为 {_masked(hand.name)}", note=_source(hand.source)))
    for outlet in institution.outlets.all():
        found.append(Event(_noon(outlet.opened_on), f"新开网点“{outlet.name}”", note=_source(outlet.source)))
        if outlet.closed_on:
            found.append(Event(_noon(outlet.closed_on), f"网点“{outlet.name}”关闭"))
    if institution.ceased_on:
        found.append(Event(_noon(institution.ceased_on), "停办"))
    return found


def _told(fact: Fact, old: Any, new: Any) -> str:
    return f"{fact.title} {shown(fact, old)} → {shown(fact, new)}"


def _masked(name: str) -> str:
    return shown(declared()["investor"], name)


def _source(source: str) -> str:
    return f"依据：{source}" if source and source not in CAUSES else ""


def _noon(day: date | None) -> datetime:
    assert day is not None
    return make_aware(datetime.combine(day, time(12)))


def hands(institution: Institution) -> list[Hand]:
    """This function will give who stands behind an institution now and who did before, by role and day."""
    return list(institution.hands.order_by("role", F("from_on").desc(nulls_last=True), "pk"))


def outlets(institution: Institution) -> QuerySet[Outlet]:
    """This function will give the outlets of an institution, the newest first."""
    return institution.outlets.order_by("-opened_on", "pk")


def outlet(scope: Scope, outlet_id: int) -> Outlet | None:
    """This function will give an outlet whose institution the scope may see."""
    return Outlet.objects.select_related("institution").filter(in_sight(scope), pk=outlet_id).first()


def shared_hands(scope: Scope, institution: Institution) -> QuerySet[Institution]:
    """This function will give the other institutions in scope behind which one of the same people stands now."""
    hashes = institution.hands.filter(to_on=None).values("name_hash")
    same = Hand.objects.filter(name_hash__in=hashes, to_on=None).values("institution")
    return seen(scope).filter(pk__in=same).exclude(pk=institution.pk).order_by("number")


def likely_same(scope: Scope, institution: Institution) -> QuerySet[Institution]:
    """This function will give the entries in scope that may be the same institution: same code, same name, or same address."""
    same = Q(name=institution.name)
    if institution.uscc:
        same |= Q(uscc=institution.uscc)
    if institution.address:
        same |= Q(address=institution.address)
    return seen(scope).filter(same).exclude(pk=institution.pk).order_by("number")


# --- imports


def batches(scope: Scope) -> QuerySet[Batch]:
    """This function will give the imports of a scope, the newest first."""
    rows = scope.limit(Batch.objects.select_related("file", "uploaded_by__unit"))
    return rows.order_by("-uploaded_at", "-pk")


def decided(batch: Batch) -> dict[str, int]:
    """This function will count the staged rows of a batch by decision, and those with problems."""
    counts = dict.fromkeys(("new", "update", "skip", "ask"), 0)
    counts |= dict(batch.rows.order_by().values_list("decision").annotate(Count("pk")))
    return {**counts, "problems": batch.rows.filter(n_problems__gt=0).count()}


def staged(batch: Batch, kind: str) -> QuerySet[StagedRow]:
    """This function will give the staged rows of a batch by decision; ``problems``: those with problems, ``doubt``: doubtful ones."""
    rows = batch.rows.select_related("matched").order_by("n")
    if kind == "problems":
        return rows.filter(n_problems__gt=0)
    return rows.exclude(doubt="") if kind == "doubt" else rows.filter(decision=kind)


@dataclass(frozen=True)
class Difference:
    """What a staged row would change: the title of a fact with both values in words."""

    label: str
    old: str
    new: str


def differences(rows: Sequence[StagedRow]) -> Mapping[int, list[Difference]]:
    """This function will give what each staged row that matches would change, by the row's id, in one query."""
    versions = current([row.matched for row in rows if row.matched])
    found = {}
    for row in rows:
        if row.matched_id is None or row.matched_id not in versions:
            continue
        now = facts_of(versions[row.matched_id])
        said = held(row.facts, row.personal)
        found[row.pk] = [
            _difference(fact, now.get(name), said[name])
            for name, fact in declared().items()
            if name in said and now.get(name) != said[name]
        ]
    return found


def _difference(fact: Fact, old: Any, new: Any) -> Difference:
    before, after = shown(fact, old), shown(fact, new)
    return Difference(fact.title, before, f"{after}（不同）" if before == after else after)  # masked alike


def imported(batch: Batch) -> tuple[int, int]:
    """This function will count the institutions that an import added and those that it updated."""
    return batch.institutions.count(), updates(batch).count()


def updates(batch: Batch) -> QuerySet[Version]:
    """This function will give the versions by which an import changed institutions that were known, the latest first."""
    return batch.versions.filter(cause="import", n__gt=1).order_by("-pk")


def n_undone(batch: Batch) -> int:
    """This function will count the updates of an import that were taken back: one version each, the latest first."""
    return batch.versions.filter(cause="undo").count()


def undoing(batch: Batch) -> bool:
    """This function will tell whether a dropped import still has rows to remove or updates to take back."""
    return n_undone(batch) < updates(batch).count() or batch.rows.exists()
