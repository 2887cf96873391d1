"""What dated changes prove: how often hands, addresses and outlets changed within three years (001 二(二)二是)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db.models import F

from shouhu.engines.documents.numbers import UNBOUNDED
from shouhu.engines.rules.values import Approximate
from shouhu.ledgers.institutions.models import Hand, Outlet, Place

REPRESENTATIVES, ADDRESSES, OUTLETS = "n_rep_changes_3y", "n_address_changes_3y", "n_new_outlets_3y"
FACTS = frozenset({REPRESENTATIVES, ADDRESSES, OUTLETS})
_YEARS = 3


def proved(institution_ids: Collection[int], today: date) -> dict[int, dict[str, int]]:
    """This function will count the dated changes of the last three years by institution and fact; none: no entry."""
    found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    if not institution_ids:
        return {}
    since = _years_before(today)
    ended = Hand.objects.filter(institution__in=institution_ids, role="legal_representative", to_on__gt=since,
                                to_on__lte=today)  # fmt: skip
    for pk in ended.values_list("institution", flat=True):
        found[pk][REPRESENTATIVES] += 1
    before: dict[int, tuple[str, date | None]] = {}
    places = Place.objects.filter(institution__in=institution_ids).order_by(
        "institution", F("from_on").asc(nulls_first=True), "pk"
    )
    for pk, address, from_on in places.values_list("institution", "address", "from_on"):
        earlier = before.get(pk)
        # A division that got another code moves the code, not the address.
        if earlier and earlier[0] and address and earlier[0] != address and from_on and since < from_on <= today:
            found[pk][ADDRESSES] += 1
        before[pk] = (address, from_on)
    opened = Outlet.objects.filter(institution__in=institution_ids, opened_on__gt=since, opened_on__lte=today)
    for pk in opened.values_list("institution", flat=True):
        found[pk][OUTLETS] += 1
    return {pk: dict(counts) for pk, counts in found.items()}


def more(stated: Mapping[str, Any], proven: Mapping[str, int]) -> dict[str, Any]:
    """
    This function will give the facts that dated changes raise above what is stated: the larger number counts.

    Where nothing is stated, what is proven is a lower bound: “1以上”.
    """
    raised: dict[str, Any] = {}
    for name, count in proven.items():
        value = stated.get(name)
        if value is None or (isinstance(value, Approximate) and value.low < count <= value.high):
            raised[name] = Approximate(count, "以上", count, UNBOUNDED)
        elif (value.high if isinstance(value, Approximate) else value) < count:
            raised[name] = count
    return raised


def _years_before(day: date) -> date:
    """The same day three years earlier; 28 February for 29 February."""
    try:
        return day.replace(year=day.year - _YEARS)
    except ValueError:
        return day.replace(year=day.year - _YEARS, day=28)
