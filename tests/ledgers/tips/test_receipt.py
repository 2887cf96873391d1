"""What the receipt opens: progress without names, messages both ways, the rating; and merged tips that keep both receipts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from shouhu.ledgers.journal import queries as journal
from shouhu.ledgers.tips import actions, queries
from shouhu.ledgers.tips.actions import Incomplete, NotNow, NotThere, Taken
from shouhu.ledgers.tips.models import Message, Tip
from shouhu.ledgers.units.scope import Scope
from tests import office
from tests.ledgers.tips.way import DAY, TEXT, chief, fresh, key, step, told, until, worker

pytestmark = pytest.mark.django_db
LATER = office.AT + timedelta(days=1)


def taken(text: str = TEXT) -> Taken:
    """This function will take a tip in and have it read."""
    made = told(text)
    actions.read_new(at=office.AT)
    made.tip.refresh_from_db()
    return made


def test_progress_is_told_without_naming_anybody() -> None:
    one = taken()
    seen = {queries.by_receipt(one.receipt).state}  # type: ignore[union-attr]
    for state in ("triaged", "verifying", "concluded", "replied", "resolved", "archived"):
        until(state, one.tip)
        shown = queries.by_receipt(one.receipt)
        assert shown is not None
        seen.add(shown.state)
        said = str((shown.state, shown.steps, shown.messages))
        assert not any(name in said for name in ("望澜区", "钱承办", "王主任", "member_unit"))
    assert len(seen) == 6
    assert shown is not None
    assert (shown.answer[:4], shown.outcome, shown.may_rate, shown.may_add) == ("经核查，", "属实", True, False)
    assert [step.on for step in shown.steps] == [DAY] * len(shown.steps)


def test_a_receipt_is_understood_as_people_type_it_and_nothing_else_is() -> None:
    one = taken()
    spaced = "-".join(one.receipt[start : start + 4] for start in range(0, 16, 4)).lower()
    assert queries.by_receipt(spaced) == queries.by_receipt(one.receipt)
    for wrong in ("", "1", one.receipt[:-1], "0" * 16, one.receipt + "0", "'; drop table", one.tip.number):
        assert queries.by_receipt(wrong) is None
        with pytest.raises(NotThere):
            actions.add(receipt=wrong, key=key(), text="补充", at=LATER)


def test_messages_go_both_ways_and_silence_tells_nothing() -> None:
    one = taken()
    step(one.tip, "write", text="请问是哪一天交的钱？")
    question = Message.objects.get(tip=one.tip)
    assert queries.by_receipt(one.receipt).messages[0].is_from_office  # type: ignore[union-attr]
    question.refresh_from_db()
    assert question.read_at is None  # to be told is not to have read
    assert actions.note_opened(receipt=one.receipt, at=LATER) == 1
    assert actions.note_opened(receipt=one.receipt, at=LATER) == 0
    assert actions.note_opened(receipt="0" * 16, at=LATER) == 0
    question.refresh_from_db()
    assert question.read_at == LATER
    form = key()
    added = actions.add(receipt=one.receipt, key=form, text="重阳节那天，张阿姨也在", at=LATER)
    assert actions.add(receipt=one.receipt, key=form, text="重阳节那天，张阿姨也在", at=LATER) == added
    assert "举报人有1条补充" in "".join(queries.warnings(Scope.of(chief()), one.tip))
    until("verifying", one.tip)
    hidden = queries.messages(Scope.of(worker()), one.tip)[-1]
    assert (hidden.text, hidden.is_hidden) == ("", True)
    assert queries.messages(Scope.of(chief()), one.tip)[-1].text.startswith("重阳节")
    actions.note_reading(tip_id=one.tip.pk, by=chief(), at=LATER)
    added.refresh_from_db()
    assert added.read_at == LATER
    assert [(entry.verb, entry.outcome, entry.by) for entry in journal.of(f"tip/{one.tip.pk}")[:1]] == [
        ("tip.words_read", "read", chief().code)
    ]


@pytest.mark.parametrize("number", ["13800138000", "110101199003070396", "6222021234567890128"])
def test_no_private_number_goes_out(number: str) -> None:
    tip = fresh()
    with pytest.raises(Incomplete, match="删去"):
        step(tip, "write", text=f"请联系老李 {number}")
    assert step(tip, "write", text="请拨打12345或本办电话0571-88001234")


def test_each_answer_is_rated_once() -> None:
    one = taken()
    with pytest.raises(Incomplete), transaction.atomic():
        actions.rate(receipt=one.receipt, rating="satisfied", text="", at=LATER)
    until("replied", one.tip)
    with pytest.raises(Incomplete), transaction.atomic():
        actions.rate(receipt=one.receipt, rating="great", text="", at=LATER)
    actions.rate(receipt=one.receipt, rating="contested", text="钱还没有退", at=LATER)
    last = queries.trail(Scope.of(chief()), one.tip)[0]
    assert (last.what, last.says) == ("举报人评价", "不认可")
    with pytest.raises(Incomplete), transaction.atomic():
        actions.rate(receipt=one.receipt, rating="satisfied", text="", at=LATER)
    assert "不认可" in "".join(queries.warnings(Scope.of(chief()), Tip.objects.get(pk=one.tip.pk)))
    tip = until("archived", Tip.objects.get(pk=one.tip.pk))
    with pytest.raises(NotNow), transaction.atomic():
        actions.add(receipt=one.receipt, key=key(), text="还没有退", at=LATER)
    step(tip, "reopen", at=LATER)
    tip.refresh_from_db()
    for verb in ("assign", "accept", "conclude", "reply"):
        step(tip, verb, at=LATER + timedelta(hours=1))
    shown = queries.by_receipt(one.receipt)
    assert shown and shown.may_rate
    assert shown.rating == "不认可"


# --- merged


def test_merged_tips_keep_both_receipts_and_share_the_answer() -> None:
    one, two, three = taken(), taken("同一家养老院，我爸也交了钱"), taken("还有我")
    until("verifying", two.tip)
    step(three.tip, "merge", into_id=one.tip.pk, why="同一家")
    assert step(one.tip, "merge", into_id=two.tip.pk, why="同一家", by=chief()) == two.tip
    assert set(queries.merged(Scope.of(chief()), two.tip)) == {one.tip, three.tip}
    actions.add(receipt=one.receipt, key=key(), text="我还有收据", at=LATER)
    assert [said.of for said in queries.messages(Scope.of(chief()), two.tip)] == [one.tip]
    actions.note_reading(tip_id=two.tip.pk, by=chief(), at=LATER)
    assert Message.objects.get(tip=one.tip).read_at == LATER
    until("resolved", Tip.objects.get(pk=two.tip.pk))
    for receipt in (one.receipt, two.receipt, three.receipt):
        shown = queries.by_receipt(receipt)
        assert shown
        assert (shown.state, shown.answer[:4], shown.may_rate) == ("已经办结", "经核查，", True)
        assert [said.text for said in shown.messages if not said.is_from_office] == ["我还有收据"] * (
            receipt == one.receipt
        )
    actions.rate(receipt=three.receipt, rating="satisfied", text="", at=LATER)
    assert Tip.objects.get(pk=two.tip.pk).rating == ""
    tip = until("archived", Tip.objects.get(pk=two.tip.pk))
    assert {one.erase_on for one in Tip.objects.all()} == {tip.erase_on}


def test_whom_a_merged_tip_names_loses_the_other_too() -> None:
    two = until("verifying")
    one = fresh(f"{worker().unit.name}包庇他们")
    step(one, "merge", into_id=two.pk, why="同一家")
    two.refresh_from_db()
    assert (two.state, two.unit) == ("triaged", chief().unit)
    assert queries.one(Scope.of(worker()), two.pk) is None


def test_merging_wrongly_is_refused_and_can_be_taken_back() -> None:
    one, two = taken(), taken()
    far = fresh(code="990102002000")
    for into in (one.tip, None):
        with pytest.raises((Incomplete, NotThere)), transaction.atomic():
            step(one.tip, "merge", into_id=into.pk if into else 0, why="同一件事")
    with pytest.raises(NotThere), transaction.atomic():
        step(one.tip, "merge", into_id=far.pk, why="同一件事", by=office.post("campaign_office", office.TOWN))
    with pytest.raises(Incomplete), transaction.atomic():
        step(one.tip, "merge", into_id=two.tip.pk, why="")
    step(one.tip, "merge", into_id=two.tip.pk, why="同一件事")
    with pytest.raises(Incomplete, match="它自己"), transaction.atomic():
        step(two.tip, "merge", into_id=one.tip.pk, why="绕一圈")
    one.tip.refresh_from_db()
    step(one.tip, "unmerge", why="不是同一家")
    one.tip.refresh_from_db()
    assert (one.tip.state, one.tip.merged_into, one.tip.due_on is None) == ("received", None, False)
    assert queries.by_receipt(one.receipt).is_merged is False  # type: ignore[union-attr]
