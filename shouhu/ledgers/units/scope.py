"""Who may see what: a role and a range of division codes. Every query of every ledger takes a scope first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from shouhu.ledgers.units.codes import span
from shouhu.ledgers.units.models import Person, Post, Tenure
from shouhu.ledgers.units.rights import holders

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Scope:
    """What one post may see: the codes ``low <= code < high``; for an institution's account, that institution alone."""

    post: Post
    low: str
    high: str

    @classmethod
    def of(cls, post: Post) -> Scope:
        """This function will give the scope of a post: its grid's village, else its unit's division."""
        low, high = span(post.grid.code[:12] if post.grid else post.unit.code)
        return cls(post, low, high)

    def may(self, right: str) -> bool:
        """This function will tell whether the post holds a right."""
        return self.post.role in holders(right)

    def covers(self, code: str) -> bool:
        """This function will tell whether a division code is in range."""
        return self.low <= code < self.high

    def range(self, field: str = "code") -> Q:
        """This function will give the condition that a column of codes lies in range."""
        return Q(**{f"{field}__gte": self.low, f"{field}__lt": self.high})

    def limit(self, rows: QuerySet[M], field: str = "code") -> QuerySet[M]:
        """This function will keep the rows whose code is in range."""
        return rows.filter(self.range(field))


def posts_of(person: Person, today: date) -> QuerySet[Post]:
    """This function will give the posts that a person holds on a day, in the order of their codes."""
    held = Q(tenures__person=person, tenures__from_on__lte=today)
    current = Q(tenures__to_on=None) | Q(tenures__to_on__gt=today)
    open_ = Q(closed_on=None) | Q(closed_on__gt=today)
    return Post.objects.filter(held & current, open_).select_related("unit", "grid").order_by("code").distinct()


def holder_of(post: Post, today: date) -> Person | None:
    """This function will give who holds a post on a day."""
    current = Q(to_on=None) | Q(to_on__gt=today)
    found = post.tenures.filter(current, from_on__lte=today).select_related("person").first()
    return found.person if found else None


def same_person(one: Post, other: Post, today: date, *, since: date | None = None) -> bool:
    """
    This function will tell whether two posts are in one hand: for second signatures and 销号 by someone else.

    :param since: whoever held one of them since that day counts too: somebody may act at one post and move to the other.
    """
    if one.pk == other.pk:
        return True
    current = Q(to_on=None) | (Q(to_on__gte=since) if since else Q(to_on__gt=today))
    held = Tenure.objects.filter(current, post__in=(one.pk, other.pk), from_on__lte=today)
    pairs = set(held.values_list("person", "post"))
    return len({person for person, _ in pairs}) < len(pairs)
