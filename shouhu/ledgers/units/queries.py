"""The administrative tree on any day, offices, posts and people in a scope, and what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from shouhu.ledgers.units.codes import LENGTH, LEVELS, chain, is_code, level_of, span, stem, within
from shouhu.ledgers.units.models import Division, Grid, Person, Post, Reading, SavedFilter, Tenure, Unit
from shouhu.ledgers.units.rights import roles
from shouhu.ledgers.units.scope import Scope

_DEPTHS = sorted(LEVELS.values())


def on_day(on: date, begins: str = "from_on", ends: str = "to_on") -> Q:
    """This function will give the condition that a row holds on a day; ``to_on`` is the first day no more."""
    began = Q(**{begins: None}) | Q(**{f"{begins}__lte": on})
    return began & (Q(**{ends: None}) | Q(**{f"{ends}__gt": on}))


def open_on(on: date, ends: str = "closed_on") -> Q:
    """This function will give the condition that an office or post is open on a day."""
    return Q(**{ends: None}) | Q(**{f"{ends}__gt": on})


def tree(scope: Scope, on: date) -> QuerySet[Division]:
    """This function will give the divisions in a scope as they were on a day, parents before children."""
    return scope.limit(Division.objects.filter(on_day(on))).order_by("code")


def division(scope: Scope, code: str, on: date) -> Division | None:
    """This function will give the division that bore a code on a day."""
    return tree(scope, on).filter(code=code).first()


def children(scope: Scope, code: str, on: date) -> QuerySet[Division]:
    """
    This function will give the divisions directly below one as they were on a day.

    Where a level is left out (中山市 has towns and no counties), the towns are the children.
    """
    low, high = span(code)
    inside = tree(scope, on).filter(code__gte=low, code__lt=high).exclude(code=code)
    for digits in _DEPTHS[_DEPTHS.index(len(stem(code))) + 1 :]:
        below = inside.filter(code__endswith="0" * (LENGTH - digits))
        if below.exists():
            return below
    return inside.none()


def above(scope: Scope, code: str, on: date) -> list[Division]:
    """This function will give the divisions from the top of a scope down to a code, for the path on a page."""
    return list(tree(scope, on).filter(code__in=chain(code)))


def narrowings(scope: Scope, chosen: str, on: date) -> list[tuple[str, str]]:
    """
    This function will give code and name of the divisions that a list can be narrowed to.

    They are those right below the scope and, on the way down to the chosen one, those below each, set further in: a
    province chooses a city, then one of its counties, and never among all its towns.
    """
    path = {one.code for one in above(scope, chosen, on)} if is_code(chosen) else set()

    def below(code: str, depth: int) -> Iterator[tuple[str, str]]:
        for one in children(scope, code, on):
            yield one.code, "　" * depth + one.name
            if one.code in path:
                yield from below(one.code, depth + 1)

    return list(below(scope.low, 0))


def digits_below(scope: Scope, on: date) -> int:
    """This function will give how many digits of a code tell the divisions right below a scope; all where there are none."""
    first = children(scope, scope.low, on).first()
    return len(stem(first.code)) if first else LENGTH


def outlines(scope: Scope, chosen: str, on: date) -> list[Division]:
    """This function will give the divisions to draw: those right below the chosen one, or the scope, with known bounds."""
    top = chosen if is_code(chosen) and scope.covers(chosen) else scope.low
    below = [one for one in children(scope, top, on) if one.boundary]
    return below or [one for one in tree(scope, on).filter(code=top) if one.boundary]


def names(codes: Iterable[str]) -> dict[str, str]:
    """
    This function will give the names of divisions and grids by code, in two queries; call it once a page.

    A code that is no longer in force gives the name it bore last; one that was never known is absent.
    """
    wanted = set(codes)
    places = Division.objects.filter(code__in=wanted).order_by("code", "pk")
    found = dict(places.exclude(to_on=None).values_list("code", "name")) | dict(
        places.filter(to_on=None).values_list("code", "name")
    )
    return found | dict(Grid.objects.filter(code__in=wanted).values_list("code", "name"))


def units(scope: Scope) -> QuerySet[Unit]:
    """This function will give the offices in a scope, closed ones too."""
    return scope.limit(Unit.objects.all()).order_by("code", "pk")


def posts(scope: Scope) -> QuerySet[Post]:
    """This function will give the posts of offices in a scope, closed ones too."""
    return scope.limit(Post.objects.select_related("unit", "grid"), "unit__code").order_by("code")


def grids(scope: Scope) -> QuerySet[Grid]:
    """This function will give the grids in a scope."""
    return scope.limit(Grid.objects.all()).order_by("code")


def people(scope: Scope) -> QuerySet[Person]:
    """This function will give the people who hold or held a post in a scope, and those who never held any."""
    here = Q(tenures__post__unit__code__gte=scope.low, tenures__post__unit__code__lt=scope.high)
    return Person.objects.filter(here | Q(tenures=None)).order_by("username").distinct()


def tenures_of(posts: Iterable[Post], on: date) -> dict[int, Tenure]:
    """This function will give who holds each of the posts on a day, by the id of the post, in one query."""
    held = Tenure.objects.filter(on_day(on), post__in=list(posts)).select_related("person")
    return {one.post_id: one for one in held}


def held_by(people: Iterable[Person], on: date) -> dict[int, list[Tenure]]:
    """This function will give the posts that each of the people holds on a day, by the id of the person, in one query."""
    found: dict[int, list[Tenure]] = {}
    held = Tenure.objects.filter(on_day(on), open_on(on, "post__closed_on"), person__in=list(people))
    for one in held.select_related("post__unit").order_by("post__code"):
        found.setdefault(one.person_id, []).append(one)
    return found


def unseated(people: QuerySet[Person], on: date) -> QuerySet[Person]:
    """This function will keep the people who hold no post on a day."""
    return people.exclude(pk__in=Tenure.objects.filter(on_day(on)).values("person"))


def signers(codes: Iterable[str]) -> dict[str, Post]:
    """This function will give posts by the codes that entries of the journal are signed with, whatever their place."""
    return {post.code: post for post in Post.objects.filter(code__in=set(codes)).select_related("unit")}


def people_named(signatures: Iterable[str]) -> dict[str, str]:
    """This function will give the names of people by ``person/id``, as acts on one's own account are signed."""
    ids = {one.removeprefix("person/") for one in signatures if one.startswith("person/")}
    found = Person.objects.filter(pk__in=[one for one in ids if one.isdigit()]).values_list("pk", "name")
    return {f"person/{pk}": name for pk, name in found}


def demo_people(on: date) -> list[Tenure]:
    """This function will give one invented person a role who can log in, with the post that they hold."""
    held = Tenure.objects.filter(on_day(on), person__is_demo=True, person__suspended_at=None)
    by_role: dict[str, Tenure] = {}
    for one in held.select_related("person", "post__unit").order_by("person__username"):
        by_role.setdefault(one.post.role, one)
    return [by_role[role] for role in roles() if role in by_role]


def has_auditor_above(post: Post) -> bool:
    """This function will tell whether another office with an open auditor's post covers the division of a post."""
    others = Post.objects.filter(role="auditor", closed_on=None).exclude(unit__code=post.unit.code)
    return any(within(post.unit.code, other) for other in others.values_list("unit__code", flat=True))


def unit_for(code: str, role: str, on: date) -> Unit | None:
    """
    This function will give the office that answers for a code in a role: of its division, else of the nearest above.

    Of several offices the one set up first.
    """
    outwards = chain(code)
    with_post = Post.objects.filter(open_on(on), role=role).values("unit")
    found = Unit.objects.filter(open_on(on), code__in=outwards, pk__in=with_post)
    return min(found, key=lambda unit: (outwards.index(unit.code), unit.pk), default=None)


@dataclass(frozen=True)
class Gap:
    """A township without a 联络员: ``why`` is ``no_unit``, ``no_post`` or ``vacant``."""

    code: str
    name: str
    why: str


def missing_liaisons(scope: Scope, on: date) -> list[Gap]:
    """This function will give the townships whose offices have no 联络员 in place (001 三(二): 各镇街明确一名联络员)."""
    towns = tree(scope, on).filter(code__endswith="0" * (LENGTH - LEVELS["township"]))
    named = {code: name for code, name in towns.values_list("code", "name") if level_of(code) == "township"}
    staffed = set(scope.limit(Unit.objects.filter(open_on(on))).values_list("code", flat=True))
    liaisons = scope.limit(Post.objects.filter(open_on(on), is_liaison=True), "unit__code")
    assigned = set(liaisons.values_list("unit__code", flat=True))
    held = liaisons.filter(on_day(on, "tenures__from_on", "tenures__to_on"), tenures__isnull=False)
    present = set(held.values_list("unit__code", flat=True))
    return [
        Gap(code, name, "vacant" if code in assigned else "no_post" if code in staffed else "no_unit")
        for code, name in named.items()
        if code not in present
    ]


@dataclass(frozen=True)
class Staffing:
    """A division with how many open offices, posts, people at posts and grids it has inside, and its missing 联络员."""

    division: Division
    n_inside: int
    """Divisions below it."""
    n_units: int
    n_posts: int
    n_held: int
    n_grids: int
    n_gaps: int


def staffing(scope: Scope, code: str, on: date) -> list[Staffing]:
    """This function will count what the divisions directly below a code have inside, in six queries."""
    below = list(children(scope, code, on))
    if not below:
        return []
    depth = len(stem(below[0].code))
    low, high = span(code)

    def counted(codes: Iterable[str]) -> Counter[str]:
        return Counter(one[:depth].ljust(LENGTH, "0") for one in codes if low <= one < high)

    open_posts = scope.limit(Post.objects.filter(open_on(on)), "unit__code")
    held = open_posts.filter(on_day(on, "tenures__from_on", "tenures__to_on"), tenures__isnull=False)
    n_units = counted(scope.limit(Unit.objects.filter(open_on(on))).values_list("code", flat=True))
    n_posts = counted(open_posts.values_list("unit__code", flat=True))
    n_held = counted(held.values_list("unit__code", flat=True))
    n_grids = counted(grids(scope).values_list("code", flat=True))
    n_gaps = counted(gap.code for gap in missing_liaisons(scope, on))
    n_inside = counted(tree(scope, on).values_list("code", flat=True))
    counts = (n_units, n_posts, n_held, n_grids, n_gaps)
    return [Staffing(one, n_inside[one.code] - 1, *(each[one.code] for each in counts)) for one in below]


def read_until(person: Person, post: Post) -> datetime | None:
    """This function will give up to when a person has read the notices of a post; None if they never did."""
    return Reading.objects.filter(person=person, post=post).values_list("until_at", flat=True).first()


def saved_filters(person: Person, route: str) -> QuerySet[SavedFilter]:
    """This function will give the filters that a person keeps for a list, by name."""
    return SavedFilter.objects.filter(person=person, route=route).order_by("name")
