"""The colour list of any instant, what waits for a person, who would move under other rules, objections and corrections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Case, Count, Exists, IntegerField, Max, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Substr

from shouhu.engines.rules import ratings as engine
from shouhu.engines.rules.compare import compare
from shouhu.engines.rules.rulesets import RuleSet, load
from shouhu.ledgers.institutions import queries as institutions
from shouhu.ledgers.institutions.models import Institution, Version
from shouhu.ledgers.ratings.computing import CHUNK, as_row, computed, opened
from shouhu.ledgers.ratings.models import Correction, Decision, Disclosure, Exhibit, Move, Objection, Rating, Standing
from shouhu.ledgers.ratings.transitions import WORST_FIRST, counts, gives_way, grounds
from shouhu.ledgers.units.codes import LENGTH, span
from shouhu.ledgers.units.scope import Scope

SOON_DAYS = 14
"""A decision that ends within so many days is shown beforehand."""

_RANK = Case(
    *(When(colour=colour, then=Value(place)) for place, colour in enumerate(WORST_FIRST)), output_field=IntegerField()
)


# --- the list --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; empty: everything."""

    colours: tuple[str, ...] = ()
    township: str = ""
    """Code of a town, or of any division."""
    kind: str = ""
    text: str = ""
    falling: bool = False
    """Only those whose milder colour waits for a person."""


def colour_list(scope: Scope, filters: Filters | None = None, at: datetime | None = None) -> QuerySet[Any]:
    """
    This function will give the list, gravest first, then by place: rows of ``Standing`` now, or of ``Move`` at an instant.

    Both kinds of row read alike (``State``). What a past instant gives never changes afterwards: colours, reasons and
    the facts printed are those that were stored then.
    """
    filters = filters or Filters()
    rows: QuerySet[Any]
    if at is None:
        place = "institution__code"
        rows = Standing.objects.filter(institutions.in_sight(scope))
    else:
        place = "code"
        last = Move.objects.filter(moved_at__lte=at).values("institution").annotate(last=Max("pk"))
        merged = Version.objects.filter(cause="merge", reference=OuterRef("institution__number"), recorded_at__lte=at)
        rows = Move.objects.filter(Q(institution__merged_into=None) | ~Exists(merged), institutions.visible("institution__", at),
                                   pk__in=last.values("last"))  # fmt: skip
        own = scope.post.subject
        rows = scope.limit(rows) if own is None else rows.filter(institution=own)
    if filters.colours:
        rows = rows.filter(colour__in=filters.colours)
    if filters.township:
        low, high = span(filters.township)
        rows = rows.filter(**{f"{place}__gte": low, f"{place}__lt": high})
    if filters.kind:
        rows = rows.filter(rating__version__facts__kind=filters.kind)
    if filters.text:
        found = institutions.search(Institution.objects.all(), filters.text)
        rows = rows.filter(institution__in=found)
    if filters.falling:
        rows = rows.filter(falls_to__gt="")
    related = ("institution", "rating__version", "basis", "decision__proposed_by", "decision__approved_by")
    return (
        rows.select_related(*related)
        .defer("rating__version__personal")
        .annotate(rank=_RANK)
        .order_by("rank", place, "institution__number")
    )


def n_by_colour(scope: Scope, filters: Filters, at: datetime | None = None) -> dict[str, int]:
    """This function will count a list by colour, whatever colours it is narrowed to; every colour is there."""
    every = Filters(township=filters.township, kind=filters.kind, text=filters.text, falling=filters.falling)
    rows = colour_list(scope, every, at).select_related(None).defer(None).order_by()
    found = dict(rows.values_list("colour").annotate(n=Count("pk")))
    return {colour: found.get(colour, 0) for colour in WORST_FIRST}


@dataclass(frozen=True)
class Listed:
    """A row of the list, as it is printed: what counts, why, and the facts as they were when it was rated."""

    state: Standing | Move
    rating: engine.Rating

    @property
    def pk(self) -> int:
        """The id of the institution."""
        return self.state.institution_id

    @property
    def number(self) -> str:
        """Its number."""
        return self.state.institution.number

    @property
    def name(self) -> str:
        """Its name then."""
        return str(self.fact("name") or self.state.institution.name)

    @property
    def town(self) -> str:
        """The code of the town where it was."""
        code = self.state.code if isinstance(self.state, Move) else self.state.institution.code
        return f"{code[:9]}000"

    @property
    def is_bound(self) -> bool:
        """Whether the colour is only proven as the least it can be (至少橙色)."""
        by_rules = self.state.decision is None and not self.state.falls_to
        return by_rules and self.rating.colour != self.rating.listed

    def fact(self, name: str) -> Any:
        """This function will give a fact that is not personal, as stored; None where it was not known."""
        return self.state.rating.version.facts.get(name)


def listed(states: Iterable[Standing | Move]) -> list[Listed]:
    """This function will open rows of ``colour_list`` for printing."""
    return [Listed(state, opened(state.rating)) for state in states]


def standing_of(institution: Institution) -> Standing | None:
    """This function will give what counts for an institution now; None before it is rated."""
    related = ("institution", "rating__version", "basis__version", "decision__proposed_by", "decision__approved_by")
    return Standing.objects.filter(institution=institution).select_related(*related).first()


def n_listed_below(rows: QuerySet[Any], digits: int) -> dict[str, int]:
    """This function will count the rows of ``colour_list`` by the divisions that so many digits of the code tell."""
    place = "code" if rows.model is Move else "institution__code"
    stems = rows.select_related(None).defer(None).order_by().values_list(Substr(place, 1, digits))
    return {stem.ljust(LENGTH, "0"): n for stem, n in stems.annotate(n=Count("pk"))}


# --- one institution -------------------------------------------------------------------------------------------------


def history(institution: Institution) -> list[Move]:
    """This function will give the changes of what counts for an institution, newest first; mere re-ratings are left out."""
    told: list[Move] = []
    before = None
    moves = Move.objects.filter(institution=institution).order_by("pk")
    for move in moves.select_related("rating", "decision", "moved_by__unit"):
        now = (move.colour, move.decision_id, move.falls_to)
        if now != before:
            told.append(move)
        before = now
    return told[::-1]


def decisions(institution: Institution) -> list[Decision]:
    """This function will give what people decided about an institution, newest first, with who signed."""
    related = ("rating", "proposed_by__unit", "approved_by__unit", "refused_by__unit", "ended_by__unit")
    return list(Decision.objects.filter(institution=institution).select_related(*related).order_by("-pk"))


def disclosures(institution: Institution) -> list[Disclosure]:
    """This function will give to whom an institution's colour and facts were handed, newest first."""
    return list(Disclosure.objects.filter(institution=institution).order_by("-pk"))


# --- what waits for a person -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Queue:
    """What waits for a person, each in the order in which it should be taken."""

    undecided: QuerySet[Standing]
    """待研判, and nobody has proposed a colour."""
    falling: QuerySet[Standing]
    """A milder colour to be confirmed; one that would fall to 待研判 is among ``undecided``."""
    unsigned: QuerySet[Decision]
    """Decisions that need their second signature."""
    ending: QuerySet[Decision]
    """Decisions in force that end soon."""


def to_decide(scope: Scope, today: date) -> Queue:
    """This function will give what waits for a person in a scope."""
    waiting = Decision.objects.filter(institutions.in_sight(scope), refused_at=None, ended_at=None)
    waiting = waiting.select_related("institution", "rating", "proposed_by__unit", "approved_by__unit")
    proposed = waiting.filter(approved_at=None).order_by("proposed_at", "pk")
    standings = Standing.objects.filter(institutions.in_sight(scope)).select_related("institution", "rating")
    gravest = standings.annotate(rank=_RANK).order_by("rank", "since_at", "pk")
    return Queue(
        gravest.filter(Q(colour="decide") | Q(falls_to="decide", falls_to__gt=""), decision=None).exclude(
            institution__in=Decision.objects.filter(refused_at=None, ended_at=None, approved_at=None).values("institution")
        ),
        gravest.filter(falls_to__gt="").exclude(falls_to="decide"),
        proposed,
        waiting.filter(approved_at__isnull=False, expires_on__lte=today + timedelta(SOON_DAYS)).order_by("expires_on", "pk"),
    )  # fmt: skip


def decision(scope: Scope, decision_id: int) -> Decision | None:
    """This function will give a decision about an institution in a scope."""
    related = ("institution", "rating", "proposed_by__unit", "approved_by__unit")
    rows = Decision.objects.filter(institutions.in_sight(scope), pk=decision_id)
    return rows.select_related(*related).first()


# --- other rules -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mover:
    """An institution whose standing another rule set would change."""

    institution: Institution
    stands: str
    becomes: str
    """The colour that would count at once."""
    falls_to: str
    """The milder colour that would wait for a person."""
    loses: Decision | None
    """The decision that would give way."""
    by: tuple[str, ...]
    """The rules and findings that carry the new place."""

    @property
    def rated(self) -> str:
        """What it would be listed as if every fall were confirmed."""
        return self.falls_to or self.becomes


@dataclass(frozen=True)
class Preview:
    """What would happen if a rule set were adopted now."""

    ruleset: RuleSet
    movers: tuple[Mover, ...]
    """Gravest later place first."""
    table: Counter[tuple[str, str]]
    """How many stand at a colour now and would be listed at another: ``(stands, rated)``."""
    n_unrated: int
    """Institutions that were never rated; they would be."""

    @cached_property
    def by_town(self) -> dict[str, Counter[str]]:
        """Code of the town → how many go ``up`` at once, and how many would go ``down`` once confirmed."""
        towns: dict[str, Counter[str]] = {}
        for one in self.movers:
            way = "up" if one.becomes != one.stands else "down"
            towns.setdefault(f"{one.institution.code[:9]}000", Counter())[way] += 1
        return dict(sorted(towns.items()))

    @property
    def n_up(self) -> int:
        """How many colours would change at once."""
        return sum(one.becomes != one.stands for one in self.movers)

    @property
    def n_down(self) -> int:
        """How many would wait for a person."""
        return len(self.movers) - self.n_up


def preview(scope: Scope, ruleset_id: str, today: date) -> Preview:
    """
    This function will rate everything in a scope by another rule set, store nothing, and tell who would move.

    :raises NotRateable: the rule set names no colours.
    """
    ruleset = load(ruleset_id)
    ruleset.require_colours()
    standings = Standing.objects.filter(institutions.in_sight(scope)).order_by("institution__number")
    movers: list[Mover] = []
    table: Counter[tuple[str, str]] = Counter()
    n_rated = 0
    for chunk in _chunks(standings.select_related("institution", "rating", "decision__rating")):
        n_rated += len(chunk)
        after = computed([one.institution for one in chunk], ruleset, today)
        moves = compare([opened(one.rating) for one in chunk], [rating for _, rating in after]).moves
        by = {move.row: move.by for move in moves}
        for row, (standing, (version, rating)) in enumerate(zip(chunk, after, strict=True)):
            kept = standing.decision
            if kept and gives_way(kept, as_row(version, rating, ruleset, today), today):
                kept = None
            becomes, falls_to = counts(standing.colour, rating.listed, kept.colour if kept else "")
            table[standing.colour, falls_to or becomes] += 1
            if (becomes, falls_to) != (standing.colour, standing.falls_to):
                lost = standing.decision if kept is None else None
                movers.append(Mover(standing.institution, standing.colour, becomes, falls_to, lost, by.get(row, ())))
    movers.sort(key=lambda one: (WORST_FIRST.index(one.rated), WORST_FIRST.index(one.stands), one.institution.number))
    return Preview(ruleset, tuple(movers), table, institutions.seen(scope).count() - n_rated)


def outdated(today: date) -> Iterator[tuple[str, list[int]]]:
    """
    This function will give the institutions of which the rules say something else today, as answers ran out of their validity.

    :returns: the rule set by which each was rated last, and their ids, a chunk at a time.
    """
    shown = Standing.objects.filter(
        institutions.visible("institution__"), institution__merged_into=None, rating__as_of__lt=today
    )
    for ruleset_id in sorted(set(shown.order_by().values_list("rating__ruleset_id", flat=True))):
        ruleset = load(ruleset_id)
        rows = shown.filter(rating__ruleset_id=ruleset_id).order_by("pk").select_related("institution", "rating")
        for chunk in _chunks(rows):
            after = computed([one.institution for one in chunk], ruleset, today)
            fresh = [as_row(version, rating, ruleset, today) for version, rating in after]
            changed = [
                one.institution_id for one, row in zip(chunk, fresh, strict=True) if _said(one.rating) != _said(row)
            ]
            if changed:
                yield ruleset_id, changed


def _said(rating: Rating) -> tuple[Any, ...]:
    return rating.colour, rating.listed, rating.at_most, grounds(rating), rating.ask


def _chunks(standings: QuerySet[Standing]) -> Iterator[Sequence[Standing]]:
    rows: list[Standing] = []
    for one in standings.iterator(chunk_size=CHUNK):
        rows.append(one)
        if len(rows) == CHUNK:
            yield rows
            rows = []
    if rows:
        yield rows


# --- objections ------------------------------------------------------------------------------------------------------


def objections(scope: Scope) -> QuerySet[Objection]:
    """This function will give the objections of a scope: the open ones by due day, then the answered ones, newest first."""
    rows = Objection.objects.filter(institutions.in_sight(scope))
    related = ("institution", "version", "filed_by__unit", "decided_by__unit", "decision")
    is_answered = Case(When(decided_at=None, then=0), default=1, output_field=IntegerField())
    open_first = rows.annotate(is_answered=is_answered).order_by("is_answered", "-decided_at", "due_on", "pk")
    return open_first.select_related(*related).prefetch_related("exhibits__file")


def exhibit(scope: Scope, token: str) -> Exhibit | None:
    """This function will give a file that was handed in with an objection, by its token."""
    rows = Exhibit.objects.filter(institutions.in_sight(scope, "objection__institution__"), file__token=token)
    return rows.select_related("file", "objection").first()


def corrections(scope: Scope) -> QuerySet[Correction]:
    """This function will give the 更正通知 of a scope: those owed first, by receiver."""
    rows = Correction.objects.filter(institutions.in_sight(scope, "disclosure__institution__"))
    related = (
        "disclosure__institution__standing",
        "disclosure__rating__version",
        "objection__version",
        "sent_by__unit",
    )
    is_sent = Case(When(sent_at=None, then=0), default=1, output_field=IntegerField())
    return rows.annotate(is_sent=is_sent).order_by("is_sent", "disclosure__receiver", "pk").select_related(*related)
