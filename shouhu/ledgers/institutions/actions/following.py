"""Institutions follow their division: to its new code or name, from the day on which it changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from shouhu.ledgers.institutions import divisions, queries
from shouhu.ledgers.institutions.actions.writing import Change, write
from shouhu.ledgers.institutions.models import Batch, Institution, Place
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.refusals import Refused


class UnderImport(Refused):
    """An import that is under way names the divisions as they were."""


@transaction.atomic
def follow_division(*, mapping: Mapping[str, str], on: date, by: Post, at: datetime) -> list[int]:
    """
    This function will take institutions along with divisions that got other codes or names on a day.

    Addresses stay, and so does everything under the old code until that day: a place is closed, not changed.

    :param mapping: old code → new code; the same code where only the name is new.
    :returns: the ids of the institutions, in their order.
    :raises UnderImport: rows of these divisions are being imported.
    """
    moving = {code for code, new in mapping.items() if code != new}
    unfinished = Batch.objects.filter(dropped_at=None, shown_at=None).select_related("file")
    if batch := unfinished.filter(Q(code__in=moving) | Q(rows__code__in=moving)).first():
        raise UnderImport(f"“{batch.file.name}”正在导入，涉及这个区划；请先完成或放弃这批台账，再办理区划变更")
    Batch.objects.bulk_update([_moved(one, mapping) for one in Batch.objects.filter(code__in=moving)], ["code"])
    rows = list(Institution.objects.select_for_update().filter(code__in=mapping).order_by("pk"))
    before = {one.pk: one.code for one in rows}
    _move_places({code: mapping[code] for code in moving}, on)
    for one in rows:
        one.code = mapping[one.code]
    Institution.objects.bulk_update(rows, ["code"], batch_size=500)
    _rename(rows, on, by, at)
    journal.record_many(by=by.code, at=at, acts=[
        journal.Act("institution.moved", journal.named(one), one.code, {"code": (before[one.pk], one.code)})
        for one in rows if before[one.pk] != one.code
    ])  # fmt: skip
    return [one.pk for one in rows]


def _moved(batch: Batch, mapping: Mapping[str, str]) -> Batch:
    batch.code = mapping[batch.code]
    return batch


def _move_places(mapping: Mapping[str, str], on: date) -> None:
    """From the day on they stand under the new codes, also where an institution went elsewhere since."""
    ended, recoded, made = [], [], []
    lasting = Place.objects.select_for_update().filter(Q(to_on=None) | Q(to_on__gt=on), code__in=mapping)
    for place in lasting.order_by("pk"):
        if place.from_on and place.from_on >= on:
            place.code = mapping[place.code]
            recoded.append(place)
        else:
            made.append(Place(institution_id=place.institution_id, code=mapping[place.code], address=place.address, from_on=on,
                              to_on=place.to_on, source="division"))  # fmt: skip
            place.to_on = on
            ended.append(place)
    Place.objects.bulk_update(ended, ["to_on"], batch_size=500)
    Place.objects.bulk_update(recoded, ["code"], batch_size=500)
    Place.objects.bulk_create(made, batch_size=500)


def _rename(rows: list[Institution], on: date, by: Post, at: datetime) -> None:
    """A version for those whose town or village is called otherwise now."""
    present = [one for one in rows if one.merged_into_id is None]
    facts = divisions.facts_of_many(one.code for one in present)
    versions = queries.current(present)
    changes = []
    for one in present:
        now = queries.facts_of(versions[one.pk])
        fresh = {name: value for name, value in facts[one.code].items() if value and now.get(name) != value}
        if fresh:
            changes.append(Change(one, versions[one.pk], now, fresh))
    write(changes, cause="division", by=by, at=at, on=on)
