"""Dated events of one institution: moves, changes of people, outlets, its point on the map, its end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from shouhu.ledgers.institutions import divisions, queries
from shouhu.ledgers.institutions.actions.recording import locked
from shouhu.ledgers.institutions.actions.writing import Change, hand, people, write
from shouhu.ledgers.institutions.models import ROLES, Hand, Institution, Outlet, Place, Version
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.refusals import Refused


class WrongDay(Refused):
    """The day of an event cannot be."""


class Senseless(Refused):
    """The event would change nothing, or cannot be told without a name."""


@transaction.atomic
def move(
    *, institution_id: int, code: str, address: str, on: date, by: Post, at: datetime, reference: str = ""
) -> Place:
    """
    This function will record that an institution stands elsewhere from a day on, or that its division got another code.

    :param address: empty: the address stays, only the division changed.
    :raises WrongDay: in the future, or before the last move.
    :raises Senseless: neither code nor address is another.
    """
    institution, current = locked(institution_id)
    address = address.strip() or institution.address
    if (code, address) == (institution.code, institution.address):
        raise Senseless("所属村居和地址都与现在相同，没有可记的变更")
    _check_day(on, at)
    before = institution.places.select_for_update().get(to_on=None)
    if before.from_on and on <= before.from_on:
        raise WrongDay(f"上一次变更是 {before.from_on.isoformat()}，本次的日期应在其后")
    before.to_on = on
    before.save(update_fields=["to_on"])
    place = Place.objects.create(institution=institution, code=code, address=address, from_on=on, source=reference[:60])
    was, institution.code = institution.code, code
    institution.save(update_fields=["code"])
    changes = {**divisions.facts_of(code), "address": address}
    _write(institution, current, changes, on=on, by=by, at=at, reference=reference)
    journal.record(verb="institution.moved", subject=institution, by=by.code, at=at, code=code,
                   changes={"code": (was, code)})  # fmt: skip
    return place


@transaction.atomic
def change_hand(
    *, institution_id: int, role: str, name: str, on: date, by: Post, at: datetime, reference: str = ""
) -> Hand:
    """
    This function will record that somebody else is 法定代表人, 主要负责人, 投资人 or 运营主体 from a day on.

    :raises WrongDay: in the future, or before the last change.
    :raises Senseless: no name, or the name that stands there already.
    """
    institution, current = locked(institution_id)
    name = name.strip()
    if not name:
        raise Senseless("请填写姓名或名称")
    _check_day(on, at)
    present = list(institution.hands.select_for_update().filter(role=role, to_on=None))
    if sorted(people(name)) == sorted(one.name for one in present):
        raise Senseless(f"{ROLES[role]}与现在相同，没有可记的变更")
    latest = max((one.from_on for one in present if one.from_on), default=None)
    if latest and on <= latest:
        raise WrongDay(f"上一次变更是 {latest.isoformat()}，本次的日期应在其后")
    for one in present:
        one.to_on = on
        one.save(update_fields=["to_on"])
    made = [hand(institution, role, one, reference[:60], from_on=on) for one in people(name)]
    Hand.objects.bulk_create(made)
    changes = {} if role == "operator" else {role: name}
    _write(institution, current, changes, on=on, by=by, at=at, reference=reference)
    journal.record(verb="institution.hand_changed", subject=institution, by=by.code, at=at, code=institution.code,
                   changes={role: (present[0].name if present else None, name)})  # fmt: skip
    return made[0]


@transaction.atomic
def add_outlet(
    *, institution_id: int, name: str, address: str, opened_on: date, by: Post, at: datetime, reference: str = ""
) -> Outlet:
    """
    This function will record a branch or outlet that was opened on a day.

    :raises WrongDay: in the future.
    :raises Senseless: no name, or one that is open already.
    """
    institution, current = locked(institution_id)
    name = name.strip()
    if not name:
        raise Senseless("请填写网点名称")
    if institution.outlets.filter(name=name, closed_on=None).exists():
        raise Senseless(f"“{name}”已经记过，没有可记的变更")
    _check_day(opened_on, at)
    outlet = Outlet.objects.create(institution=institution, name=name[:120], address=address.strip()[:200],
                                   opened_on=opened_on, source=reference[:60])  # fmt: skip
    _write(institution, current, {}, on=opened_on, by=by, at=at, reference=reference)
    journal.record(verb="institution.outlet_added", subject=institution, by=by.code, at=at, code=institution.code,
                   changes={"outlet": (None, name), "opened_on": (None, opened_on)})  # fmt: skip
    return outlet


@transaction.atomic
def close_outlet(*, outlet_id: int, on: date, by: Post, at: datetime) -> Outlet:
    """
    This function will record that an outlet was closed.

    :raises WrongDay: in the future, or before it was opened.
    """
    outlet = Outlet.objects.select_for_update().select_related("institution").get(pk=outlet_id)
    _check_day(on, at)
    if on < outlet.opened_on:
        raise WrongDay(f"该网点 {outlet.opened_on.isoformat()} 才开办，关闭日期应在其后")
    was, outlet.closed_on = outlet.closed_on, on
    outlet.save(update_fields=["closed_on"])
    journal.record(verb="institution.outlet_closed", subject=outlet.institution, by=by.code, at=at,
                   code=outlet.institution.code, changes={"closed_on": (was, on)})  # fmt: skip
    return outlet


@transaction.atomic
def set_point(*, institution_id: int, latitude: float, longitude: float, by: Post, at: datetime) -> Institution:
    """This function will set where an institution stands on the map (WGS 84)."""
    institution, _ = locked(institution_id)
    was = (institution.latitude, institution.longitude)
    institution.latitude, institution.longitude = latitude, longitude
    institution.save(update_fields=["latitude", "longitude"])
    journal.record(verb="institution.point_set", subject=institution, by=by.code, at=at, code=institution.code,
                   changes={"point": (was, (latitude, longitude))})  # fmt: skip
    return institution


@transaction.atomic
def cease(*, institution_id: int, on: date, by: Post, at: datetime) -> Institution:
    """
    This function will record that an institution ended its service on a day.

    :raises WrongDay: in the future.
    :raises Senseless: it ended before.
    """
    institution, _ = locked(institution_id)
    if institution.ceased_on:
        raise Senseless(f"已记为 {institution.ceased_on.isoformat()} 停办")
    _check_day(on, at)
    return _set_ceased(institution, on, by, at)


@transaction.atomic
def reopen(*, institution_id: int, by: Post, at: datetime) -> Institution:
    """
    This function will record that an institution that had ended serves again, or never ended.

    :raises Senseless: it is not recorded as ended.
    """
    institution, _ = locked(institution_id)
    if not institution.ceased_on:
        raise Senseless("没有停办记录，不需要恢复")
    return _set_ceased(institution, None, by, at)


def _set_ceased(institution: Institution, on: date | None, by: Post, at: datetime) -> Institution:
    was, institution.ceased_on = institution.ceased_on, on
    institution.save(update_fields=["ceased_on"])
    verb = "institution.ceased" if on else "institution.reopened"
    journal.record(verb=verb, subject=institution, by=by.code, at=at, code=institution.code,
                   changes={"ceased_on": (was, on)})  # fmt: skip
    return institution


def _check_day(on: date, at: datetime) -> None:
    if on > localdate(at):
        raise WrongDay("日期晚于今天，请核对；将来的变更请到当天再记")


def _write(institution: Institution, current: Version, changes: Mapping[str, Any], *, on: date, by: Post, at: datetime,
           reference: str) -> None:  # fmt: skip
    change = Change(institution, current, queries.facts_of(current), changes, reference[:60])
    write([change], cause="edit", by=by, at=at, on=on, dated=True)
