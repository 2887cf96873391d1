"""The ledger as a scope may see it: the list, how many are left, the curve to zero, the map, and what waits for whom."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.timezone import localdate

from shouhu.engines.periods.calendar import Calendar
from shouhu.engines.periods.deadlines import overdue
from shouhu.engines.rules.facts import declared
from shouhu.engines.rules.measures import Measure, measures_for
from shouhu.engines.rules.ratings import rate
from shouhu.engines.rules.rulesets import load
from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.clearances import transitions
from shouhu.ledgers.clearances.models import Clearance
from shouhu.ledgers.institutions import queries as institutions
from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.institutions.values import Facts
from shouhu.ledgers.units import queries as units
from shouhu.ledgers.units.codes import LENGTH, parent_of, span
from shouhu.ledgers.units.models import Division, Post, Tenure
from shouhu.ledgers.units.rights import holders
from shouhu.ledgers.units.scope import Scope

SHOWS = ("open", "unowned", "overdue", "closed", "all")
DAILY = 28
"""A curve over more days than these has a point a week."""


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to: ``show`` one of SHOWS, the code of a town, a state, words of the name; empty: all."""

    show: str = "open"
    town: str = ""
    state: str = ""
    text: str = ""


@dataclass(frozen=True)
class Area:
    """How far a division has come; ``code`` is its 12 digits, ``name`` the code where it has none."""

    code: str
    name: str
    n_open: int
    n_closed: int


@dataclass(frozen=True)
class Countdown:
    """How many are left, and what is wrong with them; ``curve`` holds a day, open on its evening, closed until then."""

    n_open: int
    n_closed: int
    n_unowned: int
    n_overdue: int
    n_unlisted: int
    areas: tuple[Area, ...]
    """The divisions right below the scope."""
    curve: tuple[tuple[date, int, int], ...]


@dataclass(frozen=True)
class Place:
    """An open site on the map, with the colour of its institution."""

    clearance_id: int
    name: str
    latitude: float
    longitude: float
    colour: str
    state: str


@dataclass(frozen=True)
class Due:
    """A step that waits for a post, ``left`` as the function of that name gives it."""

    clearance_id: int
    name: str
    verb: str
    title: str
    state: str
    due_on: date
    left: int | None
    is_returned: bool
    """Whether the end that was proposed was sent back."""


# --- lists -----------------------------------------------------------------------------------------------------------


def seen(scope: Scope) -> QuerySet[Clearance]:
    """This function will give every row of the ledger in a scope, with what lists show of it; the earliest deadline first."""
    rows = Clearance.objects.filter(institutions.in_sight(scope))
    related = ("institution__standing", "owner__unit", "owner__grid", "proposal__proposed_by")
    return rows.select_related(*related).order_by(F("due_on").asc(nulls_last=True), "-closed_at", "pk")


def listed(scope: Scope, filters: Filters, today: date) -> QuerySet[Clearance]:
    """This function will give the rows of the ledger that the filters keep."""
    rows = seen(scope)
    match filters.show:
        case "open":
            rows = rows.filter(closed_at=None)
        case "unowned":
            rows = rows.filter(_unowned(today))
        case "overdue":
            rows = rows.filter(_overdue(today, campaigns.calendar()))
        case "closed":
            rows = rows.filter(closed_at__isnull=False)
    if filters.town:
        low, high = span(filters.town)
        rows = rows.filter(institution__code__gte=low, institution__code__lt=high)
    if filters.state:
        rows = rows.filter(in_state(filters.state))
    if filters.text.strip():
        rows = rows.filter(institution__in=institutions.search(Institution.objects.all(), filters.text))
    return rows


def unowned(scope: Scope, today: date) -> QuerySet[Clearance]:
    """This function will give the open sites for which nobody answers: no post named, or nobody at that post."""
    return seen(scope).filter(_unowned(today))


def unlisted(scope: Scope) -> QuerySet[Institution]:
    """This function will give the sites that are known to be unregistered and were never put on the ledger."""
    rows = institutions.seen(scope).filter(is_registered=False, ceased_on=None)
    return rows.filter(~Exists(Clearance.objects.filter(institution=OuterRef("pk")))).order_by("code", "name")


def others(clearance: Clearance) -> QuerySet[Clearance]:
    """This function will give the other rows of the same site, the latest first: it was found and closed before, or later."""
    rows = Clearance.objects.filter(institution=clearance.institution_id).exclude(pk=clearance.pk)
    return rows.select_related("proposal").order_by("-found_at", "-pk")


def in_state(state: str) -> Q:
    """This function will give the condition that a row is in a state, as ``Clearance.state`` reads it."""
    reached = {
        "closed": Q(closed_at__isnull=False),
        "reviewed": Q(proposal__reviewed_at__isnull=False),
        "proposed": Q(proposal__isnull=False),
        "acting": Q(acted_at__isnull=False),
        "classified": Q(classified_at__isnull=False),
        "verified": Q(verified_at__isnull=False),
        "found": Q(),
    }
    states = list(reached)
    condition: Q = reached[state]
    for later in states[: states.index(state)]:
        condition = Q(condition, ~reached[later])
    return condition


def _unowned(today: date) -> Q:
    held = Tenure.objects.filter(Q(to_on=None) | Q(to_on__gt=today), post=OuterRef("owner"), from_on__lte=today)
    return Q(closed_at=None) & (Q(owner=None) | Q(owner__closed_on__lte=today) | Q(~Exists(held)))


def _overdue(today: date, calendar: Calendar) -> Q:
    worked = today
    while not calendar.is_worked(worked):
        worked -= timedelta(1)
    return Q(closed_at=None, due_on__lt=worked)


# --- counts ----------------------------------------------------------------------------------------------------------


def countdown(scope: Scope, today: date) -> Countdown:
    """This function will count what is left and what is done, by division and over time."""
    rows = seen(scope).order_by()
    spans = list(rows.values_list("institution__code", "found_at", "closed_at"))
    digits = units.digits_below(scope, today)
    totals = Counter((code[:digits].ljust(LENGTH, "0"), closed_at is None) for code, _, closed_at in spans)
    named = names({area for area, _ in totals})
    found = [found_at for _, found_at, _ in spans]
    closed = [closed_at for _, _, closed_at in spans if closed_at]
    return Countdown(
        n_open=len(found) - len(closed),
        n_closed=len(closed),
        n_unowned=rows.filter(_unowned(today)).count(),
        n_overdue=rows.filter(_overdue(today, campaigns.calendar())).count(),
        n_unlisted=unlisted(scope).count(),
        areas=tuple(
            Area(code, named.get(code, code), totals[code, True], totals[code, False])
            for code in sorted({code for code, _ in totals})
        ),
        curve=curve(found, closed, _days(found, today)),
    )


def curve(
    found: Iterable[datetime], closed: Iterable[datetime], days: Sequence[date]
) -> tuple[tuple[date, int, int], ...]:
    """This function will count for each day how many were open on its evening, and how many had been closed by then."""
    found_on, closed_on = sorted(map(localdate, found)), sorted(map(localdate, closed))
    counted = ((day, bisect_right(found_on, day), bisect_right(closed_on, day)) for day in days)
    return tuple((day, n_found - n_closed, n_closed) for day, n_found, n_closed in counted)


def _days(found: Sequence[datetime], today: date) -> list[date]:
    """From the eve of the first day to today: every day, or every week once there are many."""
    if not found:
        return []
    first = min(localdate(min(found)) - timedelta(1), today)
    step = 1 if (today - first).days <= DAILY else 7
    return [today - timedelta(n) for n in range(0, (today - first).days + step, step)][::-1]


def town_of(code: str) -> str:
    """This function will give the code of the town in which a village lies; of a town or above, the code itself."""
    return code[:9].ljust(LENGTH, "0")


def names(codes: Iterable[str]) -> dict[str, str]:
    """This function will give the present names of divisions by code."""
    return dict(Division.objects.filter(code__in=set(codes), to_on=None).values_list("code", "name"))


# --- map -------------------------------------------------------------------------------------------------------------


def points(scope: Scope) -> list[Place]:
    """This function will give the open sites whose place on the map is known: the map empties as they are closed."""
    rows = seen(scope).filter(closed_at=None, institution__latitude__isnull=False)
    return [
        Place(row.pk, row.institution.name, row.institution.latitude or 0.0, row.institution.longitude or 0.0,
              colour_of(row.institution), row.state)
        for row in rows
    ]  # fmt: skip


def colour_of(institution: Institution) -> str:
    """This function will give the colour that counts for an institution; 待查 where it was never rated."""
    standing = getattr(institution, "standing", None)
    return standing.colour if standing else "unknown"


# --- who, and until when ---------------------------------------------------------------------------------------------


def due_for(scope: Scope, today: date) -> list[Due]:
    """
    This function will give what waits for the post of a scope, the most urgent first.

    Steps of handling wait for the named person; where there is none, for all who may name one; 复核 and 销号 for those
    who may review, but for what they proposed or answer for themselves.
    """
    post, calendar = scope.post, campaigns.calendar()
    mine = Q(pk__in=())
    if scope.may(transitions.HANDLE):
        mine |= Q(owner=post, proposal=None) | _unowned(today)
    if scope.may(transitions.REVIEW):
        mine |= Q(proposal__isnull=False) & ~Q(proposal__proposed_by=post) & ~Q(owner=post)
    rows = seen(scope).filter(mine, closed_at=None).prefetch_related("steps")
    owned = holders_of((row.owner_id for row in rows), today)
    waiting = []
    for row in rows:
        vacant = row.owner_id not in owned and row.proposal is None
        verb = "appoint" if vacant else transitions.next_verb(row)
        assert row.due_on
        done = (one for one in row.steps.all() if one.verb != "recount")
        last = max(done, key=lambda one: (one.recorded_at, one.pk), default=None)
        waiting.append(Due(row.pk, row.institution.name, verb, transitions.TITLES[verb], row.state, row.due_on,
                           left(row.due_on, today, calendar), last is not None and last.verb == "send_back"))  # fmt: skip
    return waiting


def left(due_on: date, today: date, calendar: Calendar) -> int | None:
    """
    This function will give the worked days after today until a deadline; negative: how many have begun since.

    None on the days off right after it: it is over, and no worked day has begun.
    """
    if due_on < today:
        return -overdue(due_on, today, calendar) or None
    return sum(calendar.is_worked(today + timedelta(n)) for n in range(1, (due_on - today).days + 1))


def holders_of(post_ids: Iterable[int | None], today: date) -> dict[int, str]:
    """This function will give the names of those who hold posts on a day, by the id of the post."""
    current = Q(to_on=None) | Q(to_on__gt=today)
    tenures = Tenure.objects.filter(current, post__in={pk for pk in post_ids if pk}, from_on__lte=today)
    return dict(tenures.values_list("post_id", "person__name"))


def candidates(clearance: Clearance, today: date) -> QuerySet[Post]:
    """This function will give the posts that may answer for a site: held now, allowed to handle it, and of its place."""
    code = clearance.institution.code
    above = {code}
    while (parent := parent_of(code)) != code:
        above.add(parent)
        code = parent
    held = Tenure.objects.filter(Q(to_on=None) | Q(to_on__gt=today), post=OuterRef("pk"), from_on__lte=today)
    posts = Post.objects.filter(
        Exists(held), unit__code__in=above, role__in=holders(transitions.HANDLE), closed_on=None
    )
    return posts.select_related("unit", "grid").order_by("-unit__code", "title", "code")


def hands(scope: Scope, today: date) -> QuerySet[Post]:
    """This function will give the posts of a scope that may answer for sites and are held now."""
    held = Tenure.objects.filter(Q(to_on=None) | Q(to_on__gt=today), post=OuterRef("pk"), from_on__lte=today)
    rows = Post.objects.filter(
        scope.range("unit__code"), Exists(held), role__in=holders(transitions.HANDLE), closed_on=None
    )
    return rows.select_related("unit", "grid").order_by("unit__code", "title", "code")


# --- what the facts and the plan suggest -----------------------------------------------------------------------------


def facts(clearance: Clearance) -> Facts:
    """This function will give what is known of the site now, personal facts too."""
    institution = clearance.institution
    return institutions.facts_of(institutions.version(institution, institution.n))


def is_large(known: Facts, ruleset_id: str, today: date) -> bool | None:
    """This function will tell whether a site takes large prepayments, as the leading rule set reckons; None: not known."""
    ruleset = load(ruleset_id)
    if all(one.name != "large_prepayment" for one in ruleset.derived):
        return None
    columns = {name: [known.get(name)] for name in declared()}
    return rate(columns, ruleset, as_of=today, engine="record").derived("large_prepayment")[0]


def advised(nature: str, stable: bool | None, large: bool | None) -> list[str]:
    """
    This function will propose tracks: urge where it is stable and takes nothing large; order refunds and act jointly where
    it takes much and is not stable (001 二(二)四是); hand over what works in the name of a company or a social service
    organisation (002-10 三(四)2(2)). In the two cases of which 001 does not speak: urge, after deliberation.
    """
    risky = large is True and stable is False
    calm = large is False and stable is True
    tracks = ["refund", "joint"] if risky else ["urge"]
    return tracks + ["transfer"] * (not calm and nature in ("enterprise", "social"))


def demanded(ruleset_id: str) -> tuple[Measure, ...]:
    """This function will give what the leading plan demands for unregistered sites, whatever their colour."""
    return measures_for(ruleset_id, "", unregistered=True)
