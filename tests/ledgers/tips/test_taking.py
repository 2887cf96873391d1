"""Taking tips in: each form once, its receipt only where it was given, nothing readable in the database."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from shouhu.ledgers.journal.models import Entry
from shouhu.ledgers.tips import actions, receipts
from shouhu.ledgers.tips.actions.writing import Incomplete, NobodyThere
from shouhu.ledgers.tips.models import Step, Tip
from shouhu.ledgers.vault import spelling
from shouhu.public.counter import Counter
from tests import office
from tests.ledgers.tips import way

AT = office.AT


def form(**more: object) -> actions.Form:
    """This function will give a form that was not sent yet."""
    made = actions.Form(key=way.key(), channel="public", code=office.TOWN, text="他们让我妈交三万八存床位")
    return replace(made, **more)  # type: ignore[arg-type]


@given(st.binary(min_size=16, max_size=16))
def test_a_receipt_is_read_back_however_it_was_copied(key: bytes) -> None:
    receipt = receipts.receipt_for(key.hex())
    assert len(receipt) == 16 and set(receipt) <= set(spelling.ALPHABET)
    wide = "".join(chr(ord(char) + 0xFEE0) for char in receipt)
    sloppy = receipt.lower().replace("0", "o").replace("1", "l")
    assert {receipts.understood(told) for told in (receipts.printed(receipt), wide, sloppy, f" {receipt}　")} == {
        receipt
    }
    assert receipts.receipt_for(key.hex()) == receipt


@pytest.mark.parametrize("told", ["", "ABC", "U" * 16, "0" * 17, "一" * 16])
def test_what_cannot_be_a_receipt_is_none(told: str) -> None:
    assert receipts.understood(told) == ""


@pytest.mark.django_db
def test_a_form_that_is_sent_twice_is_taken_once() -> None:
    way.chief()
    first = form()
    once = actions.take_in(form=first, by=None, at=AT)
    again = actions.take_in(form=replace(first, text="又改了几个字"), by=None, at=AT)
    assert (once.is_new, again.is_new) == (True, False)
    assert once.receipt == again.receipt and once.tip.pk == again.tip.pk
    assert Tip.objects.get().text == first.text
    twin = form()
    both = actions.take_in_many(forms=[twin, form(), twin], by=None, at=AT)
    assert both[0].receipt == both[2].receipt != both[1].receipt
    assert Tip.objects.count() == 3 == Step.objects.filter(verb="take_in").count()
    assert Entry.objects.filter(verb="tip.take_in").count() == 3


@pytest.mark.django_db
def test_all_of_a_batch_or_none() -> None:
    way.chief()
    with pytest.raises(Incomplete, match="请先写下发生了什么"):
        actions.take_in_many(forms=[form(), form(text="  ")], by=None, at=AT)
    with pytest.raises(Incomplete, match="超过10,000字"):
        actions.take_in(form=form(text="长" * 10_001), by=None, at=AT)
    with pytest.raises(NobodyThere, match="请直接拨打110"):
        actions.take_in(form=form(code="110101000000"), by=None, at=AT)
    assert not Tip.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_one_that_cannot_be_taken_does_not_hold_up_the_others() -> None:
    way.chief()
    counter = Counter(idle=0.05)
    with pytest.raises(Incomplete):
        counter.hand_in(form(text=""))
    assert counter.hand_in(form()).is_new
    assert Tip.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_database_holds_neither_words_nor_receipt() -> None:
    way.chief()
    taken = actions.take_in(form=form(text="独一无二的望潮石文字", told={"named": "望潮石机构"}), by=None, at=AT)
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        plain = b"".join(path.read_bytes() for path in Path(name).parent.glob(f"{Path(name).name}*"))
    else:
        with connection.cursor() as cursor:
            cursor.execute("SELECT t::text FROM tips_tip t")
            plain = repr(cursor.fetchall()).encode()
    assert settings.KEYS.blind(taken.receipt, "receipt of a tip").encode() in plain
    for told in ("望潮石", taken.receipt):
        assert told.encode() not in plain
