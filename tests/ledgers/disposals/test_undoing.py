"""An import that is undone: colours and measures go back to what was known before, and nobody's work is lost."""

from __future__ import annotations

from typing import Any

import pytest

from shouhu.ledgers.clearances.models import Clearance
from shouhu.ledgers.disposals import actions, queries
from shouhu.ledgers.disposals.models import Disposal
from shouhu.ledgers.institutions import actions as institutions
from shouhu.ledgers.institutions import queries as known
from shouhu.ledgers.institutions.models import Batch, Institution
from shouhu.ledgers.ratings import queries as ratings
from shouhu.ledgers.ratings.models import Standing
from shouhu.ledgers.surveys.models import Assignment
from tests import office
from tests.ledgers.disposals.work import AT, FACTS, chief, town
from tests.ledgers.institutions.sheet import HEAD, row, uscc
from tests.ledgers.institutions.test_imports import stage
from tests.ledgers.surveys import field

pytestmark = pytest.mark.django_db


def imported(rows: list[list[str]], **how: Any) -> Batch:
    batch = stage(rows, **how)
    institutions.confirm_batch(batch_id=batch.pk, by=chief(), at=AT)
    return actions.settle_batch(batch_id=batch.pk, by=chief(), at=AT, pause=lambda: None)


def undo(batch: Batch) -> Batch:
    return actions.settle_undoing(batch_id=batch.pk, by=chief(), at=AT, pause=lambda: None)


def test_what_an_import_changed_is_rated_by_what_was_known_before() -> None:
    one = office.institution("第1养老院", uscc=uscc(1), **FACTS["green"])
    actions.settle(institution_ids=[one.pk], by=chief(), at=AT)
    batch = imported([[*row(1), "法定代表人"]], head=(*HEAD, "经济犯罪被起诉"))
    assert Standing.objects.get().colour == "orange"
    undo(batch)
    standing = Standing.objects.select_related("rating__version").get()
    one.refresh_from_db()
    assert (standing.rating.colour, standing.colour, standing.falls_to) == ("green", "orange", "green")
    assert standing.rating.version.n == one.n  # so that a person can confirm the fall at once
    undo(batch)
    assert known.updates(batch).count() == known.n_undone(batch) == 1


def test_what_an_import_added_vanishes_from_every_list_and_round() -> None:
    batch = imported([[*row(1), "未登记"]], head=(*HEAD, "登记状态"))
    one = Institution.objects.get()
    field.assigned(one)
    assert queries.seen(office.scope()).count() == Clearance.objects.count() == 1
    undo(batch)
    scope = office.scope()
    assert not queries.seen(scope).exists() and not queries.due_for(scope, AT.date())
    assert not ratings.colour_list(scope).exists() and not ratings.colour_list(scope, None, AT).exists()
    assert not Assignment.objects.filter(withdrawn_at=None).exists()
    assert queries.task(scope, Disposal.objects.get().tasks.all()[0].pk) is None


def test_what_somebody_has_worked_on_since_stays() -> None:
    batch = imported([row(1), row(2), row(3)])
    first, second, third = Institution.objects.order_by("pk")
    actions.take(disposal_ids=[Disposal.objects.get(institution=first).pk], post=town(), by=chief(), at=AT)
    field.submit(field.assigned(second), {"n_beds": 99}, by=town())
    batch = undo(batch)
    assert batch.report["kept"] == 2
    assert list(known.seen(office.scope()).order_by("pk")) == [first, second]
    assert queries.seen(office.scope()).filter(institution=first, handler=town()).exists()
    assert Assignment.objects.get(institution=second).withdrawn_at is None
    assert third.assignments.count() == 0
