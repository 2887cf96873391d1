"""What people keep for themselves at their desk: how far they have read, and filters of lists."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.units.models import Person, Post, Reading, SavedFilter
from shouhu.ledgers.units.refusals import Refused

MOST_FILTERS = 20
"""Of one person for one list."""


class KeepingRefused(Refused):
    """It cannot be kept like this."""


@transaction.atomic
def read_notices(*, person_id: int, until: datetime, by: Post, at: datetime) -> Reading:
    """
    This function will note up to when a person has read the notices of a post; never back, and not beyond now.

    A bookmark and no act: the journal is not told.
    """
    found, is_new = Reading.objects.select_for_update().get_or_create(
        person_id=person_id, post=by, defaults={"until_at": min(until, at)}
    )
    if not is_new and found.until_at < until:
        found.until_at = min(until, at)
        found.save(update_fields=["until_at"])
    return found


@transaction.atomic
def save_filter(*, person_id: int, route: str, name: str, query: str, by: Post, at: datetime) -> SavedFilter:
    """
    This function will keep what a list is narrowed to under a name; the same name replaces what it stood for.

    :param query: as it stands in the address.
    :raises KeepingRefused: no name, nothing narrowed, too long, or too many already.
    """
    name = name.strip()
    if not name or len(name) > SavedFilter._meta.get_field("name").max_length:  # type: ignore[operator]
        raise KeepingRefused("请给这个筛选起个名字，不超过20个字")
    if not query:
        raise KeepingRefused("现在没有筛选条件，请先筛选再保存")
    if len(query) > SavedFilter._meta.get_field("query").max_length:  # type: ignore[operator]
        raise KeepingRefused("筛选条件太长，不能保存")
    Person.objects.select_for_update().get(pk=person_id)
    others = SavedFilter.objects.filter(person=person_id, route=route).exclude(name=name)
    if others.count() >= MOST_FILTERS:
        raise KeepingRefused(f"每个列表最多保存{MOST_FILTERS}个筛选，请先删去不用的")
    kept, _ = SavedFilter.objects.update_or_create(
        person_id=person_id, route=route, name=name, defaults={"query": query, "saved_at": at}
    )
    journal.record(verb="filter.saved", subject=kept, by=by.code, at=at, code=by.unit.code)
    return kept


@transaction.atomic
def drop_filter(*, filter_id: int, person_id: int, by: Post, at: datetime) -> SavedFilter:
    """
    This function will forget a filter of a person.

    :raises KeepingRefused: there is none, or it is somebody else's.
    """
    kept = SavedFilter.objects.select_for_update().filter(pk=filter_id, person=person_id).first()
    if kept is None:
        raise KeepingRefused("没有这个筛选，可能已经删去")
    journal.record(verb="filter.dropped", subject=kept, by=by.code, at=at, code=by.unit.code)
    SavedFilter.objects.filter(pk=filter_id).delete()
    return kept
