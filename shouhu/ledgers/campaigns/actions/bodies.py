"""Bodies of a campaign (领导小组, 专项办, 工作组, 专班) and who sits in them; people change and what was stays (ORG-4)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from shouhu.ledgers.campaigns import workflow
from shouhu.ledgers.campaigns.actions.writing import Incomplete, NotFit
from shouhu.ledgers.campaigns.models import BODY_KINDS, SEATS, Body, Campaign, Seat
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.units import queries as units
from shouhu.ledgers.units.codes import within
from shouhu.ledgers.units.models import Post, Unit
from shouhu.ledgers.units.rights import holders

ONE_ONLY = ("head", "liaison")
"""Seats of which a body has one at a time."""


@transaction.atomic
def set_up(
    *, campaign_id: int, unit_id: int, name: str, kind: str, from_on: date, parent_id: int | None = None, host: str = "",
    document: str = "", by: Post, at: datetime,
) -> Body:  # fmt: skip
    """
    This function will set up a body of a unit.

    :raises Incomplete: name or kind are missing.
    :raises NotFit: the unit lies outside the campaign, or the body above belongs to another campaign.
    """
    campaign = Campaign.objects.select_for_update().get(pk=campaign_id)
    unit = Unit.objects.filter(units.open_on(localdate(at)), pk=unit_id).first()
    if unit is None or not within(unit.code, campaign.code):
        raise NotFit("请选择本次专项行动范围内、没有撤销的单位")
    _require(campaign, unit, by)
    name = name.strip()
    if not 0 < len(name) <= 80 or kind not in BODY_KINDS:
        raise Incomplete("请填写机构名称（不超过80个字）并选择种类")
    parent = Body.objects.filter(pk=parent_id, campaign=campaign, to_on=None).first() if parent_id else None
    if parent_id and parent is None:
        raise NotFit("上级机构不在本次专项行动内，或已撤销")
    body = Body.objects.create(campaign=campaign, unit=unit, parent=parent, name=name, kind=kind, host=host.strip(),
                               document=document.strip(), from_on=from_on)  # fmt: skip
    journal.record(verb="body.set_up", subject=body, by=by.code, at=at, code=unit.code,
                   changes={"name": (None, name), "kind": (None, kind), "from_on": (None, from_on)})  # fmt: skip
    return body


@transaction.atomic
def dissolve(*, body_id: int, on: date, by: Post, at: datetime) -> Body:
    """
    This function will end a body, and with it every seat in it.

    :raises NotFit: it is dissolved already, has bodies below it, or the day lies before it was set up or after today.
    """
    body = _locked(body_id, by)
    if body.children.filter(to_on=None).exists():
        raise NotFit("下面还有没有撤销的机构，请先撤销它们")
    _require_day(on, body.from_on, at)
    seats = list(Seat.objects.select_for_update().filter(body=body, to_on=None))
    for seat in seats:
        seat.to_on = max(on, seat.from_on)
    Seat.objects.bulk_update(seats, ["to_on"])
    body.to_on = on
    body.save(update_fields=["to_on"])
    journal.record(
        verb="body.dissolved", subject=body, by=by.code, at=at, code=body.unit.code, changes={"to_on": (None, on)}
    )
    return body


@transaction.atomic
def seat(
    *, body_id: int, role: str, name: str, from_on: date, employer: str = "", position: str = "", phone: str = "", by: Post,
    at: datetime,
) -> Seat:  # fmt: skip
    """
    This function will give somebody a seat in a body.

    :raises Incomplete: no name, or no such seat.
    :raises NotFit: a head or liaison is there already, or the day lies outside the body's time.
    """
    body = _locked(body_id, by)
    name = name.strip()
    if not 0 < len(name) <= 40 or role not in SEATS:
        raise Incomplete("请填写姓名（不超过40个字）并选择组内职务")
    _require_day(from_on, body.from_on, at)
    held = Seat.objects.filter(body=body, role=role, to_on=None).first()
    if held and role in ONE_ONLY:
        raise NotFit(f"{SEATS[role]}现在是{held.name}；换人请用“更换”")
    made = Seat.objects.create(body=body, role=role, name=name, employer=employer.strip(), position=position.strip(),
                               phone=phone.strip(), from_on=from_on)  # fmt: skip
    _note(made, "taken", by, at, {"name": (None, name), "role": (None, role), "from_on": (None, from_on)})
    return made


@transaction.atomic
def replace(
    *,
    seat_id: int,
    name: str,
    on: date,
    employer: str = "",
    position: str = "",
    phone: str = "",
    by: Post,
    at: datetime,
) -> Seat:
    """
    This function will put somebody else into a seat from a day on; the former holder stays on record up to it.

    :raises Incomplete: no name.
    :raises NotFit: the seat is empty since, or the day lies before its holder came or after today.
    """
    former = _seat(seat_id, by)
    name = name.strip()
    if not 0 < len(name) <= 40:
        raise Incomplete("请填写接任人的姓名，不超过40个字")
    _require_day(on, former.from_on, at)
    former.to_on = on
    former.save(update_fields=["to_on"])
    made = Seat.objects.create(body=former.body, role=former.role, name=name, employer=employer.strip(), position=position.strip(),
                               phone=phone.strip(), from_on=on)  # fmt: skip
    _note(
        made, "replaced", by, at, {"name": (former.name, name), "from_on": (None, on), "phone": (former.phone, phone)}
    )
    return made


@transaction.atomic
def vacate(*, seat_id: int, on: date, by: Post, at: datetime) -> Seat:
    """
    This function will end a seat with nobody after it; an empty seat that must be filled shows as a gap.

    :raises NotFit: it ended already, or the day lies before its holder came or after today.
    """
    held = _seat(seat_id, by)
    _require_day(on, held.from_on, at)
    held.to_on = on
    held.save(update_fields=["to_on"])
    _note(held, "vacated", by, at, {"to_on": (None, on)})
    return held


def may_keep(unit: Unit, campaign: Campaign, by: Post) -> bool:
    """This function will tell whether a post keeps the bodies of a unit: its own, or those of a campaign that it directs."""
    return by.role in holders("campaign.body") and (by.unit_id == unit.pk or workflow.runs(campaign, by))


def _require(campaign: Campaign, unit: Unit, by: Post) -> None:
    if not may_keep(unit, campaign, by):
        raise workflow.NotNow(f"“{unit.name}”的机构和名单由本单位或专项办维护")


def _locked(body_id: int, by: Post) -> Body:
    body = Body.objects.select_for_update(of=("self",)).select_related("campaign", "unit").get(pk=body_id)
    _require(body.campaign, body.unit, by)
    if body.to_on:
        raise NotFit(f"“{body.name}”已于 {body.to_on} 撤销")
    return body


def _seat(seat_id: int, by: Post) -> Seat:
    seat = Seat.objects.select_for_update(of=("self",)).select_related("body__campaign", "body__unit").get(pk=seat_id)
    _require(seat.body.campaign, seat.body.unit, by)
    if seat.to_on:
        raise NotFit(f"{seat.name}已于 {seat.to_on} 不再担任，请刷新页面后再看")
    return seat


def _require_day(on: date, first: date, at: datetime) -> None:
    if on < first:
        raise NotFit(f"日期不能早于 {first}")
    if on > localdate(at):
        raise NotFit("日期不能晚于今天")


def _note(seat: Seat, verb: str, by: Post, at: datetime, changes: dict[str, tuple[object, object]]) -> None:
    journal.record(verb=f"seat.{verb}", subject=seat, by=by.code, at=at, code=seat.body.unit.code, changes=changes)
