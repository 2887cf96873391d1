"""The counter takes a crowd in at once, and one form that cannot be taken spoils it for nobody."""

from __future__ import annotations

from concurrent.futures import Future

import pytest

from shouhu.ledgers.tips import actions
from shouhu.ledgers.tips.models import Attachment, Tip
from shouhu.ledgers.vault.actions import content_of
from shouhu.public.counter import Waiting, take_in
from tests import office
from tests.public.test_telling import PHOTO

pytestmark = pytest.mark.django_db


def waiting(n: int, text: str = "骗") -> Waiting:
    papers = [actions.Paper(PHOTO.getvalue(), "a.jpg", "image/jpeg", f"{n:032x}")]
    return actions.Form(key=f"{n:032x}", channel="public", code=office.COUNTY, text=text, papers=papers), Future()


def test_one_that_cannot_be_taken_spoils_it_for_nobody() -> None:
    office.post()
    batch = [waiting(1), waiting(2, ""), waiting(3)]
    take_in(batch)
    taken = [future.result() for _, future in batch if not future.exception()]
    assert [one.is_new for one in taken] == [True, True]
    assert isinstance(batch[1][1].exception(), actions.Incomplete)
    assert Tip.objects.count() == 2
    assert [content_of(one.file) for one in Attachment.objects.select_related("file")] == [PHOTO.getvalue()] * 2


def test_the_same_form_twice_in_a_batch_is_one_tip() -> None:
    office.post()
    batch = [waiting(1), waiting(1)]
    take_in(batch)
    first, again = (future.result() for _, future in batch)
    assert first.receipt == again.receipt and (first.is_new, again.is_new) == (True, False)
    assert (Tip.objects.count(), Attachment.objects.count()) == (1, 1)
