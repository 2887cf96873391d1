"""通报: drafted, amended, issued with a number, received by each unit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from shouhu.ledgers.supervision import workflow
from shouhu.ledgers.supervision.actions.writing import Incomplete, NotFound, addressed, note, numbered, said
from shouhu.ledgers.supervision.models import MANNERS, Circular, Delivery
from shouhu.ledgers.supervision.queries import circulars as queries
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.rights import holders
from shouhu.ledgers.units.scope import Scope


@transaction.atomic
def draft(
    *, manner: str, title: str, text: str, named_ids: Iterable[int], unit_ids: Iterable[int], by: Post, at: datetime
) -> Circular:
    """
    This function will draft a circular about some units; it goes to them and to ``unit_ids``.

    :raises NotNow: the post may not. :raises NotFound: a unit lies outside the jurisdiction.
    :raises Incomplete: title, text or units are missing.
    """
    if by.role not in holders(workflow.ISSUE):
        raise workflow.NotNow("您的岗位不能拟通报，请由专项办办理")
    if manner not in MANNERS:
        raise Incomplete("请选择通报表扬或通报批评")
    named, wanted = set(named_ids), set(unit_ids)
    if not named:
        raise Incomplete("请选择被通报的单位")
    units = addressed(named | wanted, by, at)
    circular = Circular.objects.create(issuer=by.unit, manner=manner, title=said(title, "请填写通报标题"),
                                       text=said(text, "请填写通报正文"), drafted_at=at, drafted_by=by)  # fmt: skip
    Delivery.objects.bulk_create(Delivery(circular=circular, unit=unit, is_named=unit.pk in named) for unit in units)
    note(circular, "circular.draft", by.unit.code, by, at, {"units": (None, sorted(named | wanted))})
    return circular


@transaction.atomic
def amend(*, circular_id: int, title: str, text: str, by: Post, at: datetime) -> Circular:
    """
    This function will change the words of a draft.

    :raises Incomplete: title or text are missing.
    """
    circular = _locked(circular_id, "amend", by)
    before = circular.text
    circular.title, circular.text = said(title, "请填写通报标题"), said(text, "请填写通报正文")
    circular.save(update_fields=["title", "text"])
    note(circular, "circular.amend", by.unit.code, by, at, {"text": (before, circular.text)})
    return circular


@transaction.atomic
def send(*, circular_id: int, by: Post, at: datetime) -> Circular:
    """This function will issue a circular: it gets its number, and the units see it."""
    circular = _locked(circular_id, "send", by)
    circular.number = numbered(Circular.objects.all(), "通报", by, at)
    circular.issued_at, circular.issued_by = at, by
    circular.save(update_fields=["number", "issued_at", "issued_by"])
    note(circular, "circular.send", by.unit.code, by, at, {"number": (None, circular.number)})
    return circular


@transaction.atomic
def drop(*, circular_id: int, by: Post, at: datetime) -> Circular:
    """This function will put a draft aside for good."""
    circular = _locked(circular_id, "drop", by)
    circular.dropped_at, circular.dropped_by = at, by
    circular.save(update_fields=["dropped_at", "dropped_by"])
    note(circular, "circular.drop", by.unit.code, by, at)
    return circular


@transaction.atomic
def receive(*, circular_id: int, by: Post, at: datetime) -> Delivery:
    """
    This function will sign for a circular (签收) in the name of the post's unit.

    :raises NotNow: it is not addressed to the unit. :raises Incomplete: the unit has signed.
    """
    circular = Circular.objects.filter(pk=circular_id, issued_at__isnull=False).first()
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("unit")
    delivery = rows.filter(circular=circular, unit=by.unit_id).first() if circular else None
    if circular is None:
        raise NotFound("没有这份通报，或还没有印发")
    workflow.check(circular, "receive", by, delivery.unit_id if delivery else None)
    assert delivery
    if delivery.received_at:
        raise Incomplete("本单位已经签收")
    delivery.received_at, delivery.received_by = at, by
    delivery.save(update_fields=["received_at", "received_by"])
    note(circular, "circular.receive", by.unit.code, by, at, {"unit": (None, by.unit_id)})
    return delivery


def _locked(circular_id: int, verb: str, by: Post) -> Circular:
    rows = Circular.objects.select_for_update(of=("self",)).select_related("issuer")
    circular = rows.filter(queries.in_sight(Scope.of(by)), pk=circular_id).first()
    if circular is None:
        raise NotFound("没有这份通报，或不在您的辖区内")
    workflow.check(circular, verb, by)
    return circular
