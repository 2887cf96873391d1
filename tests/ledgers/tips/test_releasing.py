"""Files for units: none before a person released it, back when a person says so, with the act that decides on the text."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from shouhu.ledgers.journal.models import Entry
from shouhu.ledgers.tips import actions, queries
from shouhu.ledgers.tips.actions import Incomplete, Paper
from shouhu.ledgers.tips.models import Attachment, Tip
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.scope import Scope
from tests import office
from tests.ledgers.tips import handed
from tests.ledgers.tips.way import chief, fresh, key, step, told, until, worker

pytestmark = pytest.mark.django_db


def photos(n: int = 2) -> list[Paper]:
    """This function will hand in photos."""
    return [Paper(handed.photo(), "a.jpg", "image/jpeg", key()) for _ in range(n)]


def files(post: Post, tip: Tip) -> list[Attachment]:
    """This function will give the files of a tip that a post may have."""
    return list(queries.attachments(Scope.of(post), tip))


def journalled() -> list[tuple[str, str, str]]:
    """This function will give what was journalled of files that were given or taken back."""
    rows = Entry.objects.filter(verb__startswith="tip.file_").order_by("seq")
    return list(rows.values_list("verb", "subject", "by"))


def test_units_get_what_a_person_released_and_no_more_once_it_is_taken_back() -> None:
    tip = fresh(papers=photos())
    actions.copy_new(at=office.AT)
    first, second = Attachment.objects.order_by("pk")
    for verb in ("triage", "assign", "accept"):
        step(tip, verb)
    assert files(worker(), tip) == files(office.post("leader"), tip) == []
    assert files(chief(), tip) == [first, second]
    assert journalled() == []
    step(tip, "recopy", released=[second.pk], at=office.AT)
    assert files(worker(), tip) == files(office.post("leader"), tip) == [second]
    second.refresh_from_db()
    assert (second.released_at, second.released_by) == (office.AT, chief())
    step(tip, "recopy", released=[second.pk], at=office.AT + timedelta(1))
    second.refresh_from_db()
    assert second.released_at == office.AT  # it was not given again
    step(tip, "recopy", released=[first.pk])
    assert files(worker(), tip) == [first]
    step(tip, "recopy")
    assert files(worker(), tip) == []
    given, back = "tip.file_released", "tip.file_withdrawn"
    assert [(verb, subject) for verb, subject, by in journalled() if by == chief().code] == [
        (given, f"attachment/{second.pk}"), (given, f"attachment/{first.pk}"), (back, f"attachment/{second.pk}"),
        (back, f"attachment/{first.pk}"),
    ]  # fmt: skip


@pytest.mark.parametrize("verb", ["triage", "retriage", "recopy"])
def test_what_has_no_clean_copy_or_belongs_elsewhere_takes_the_whole_act_with_it(verb: str) -> None:
    other = fresh(papers=photos(1))
    actions.copy_new(at=office.AT)
    tip = until({"triage": "received", "retriage": "triaged", "recopy": "assigned"}[verb], fresh(papers=photos(1)))
    n_steps, n_entries = tip.steps.count(), Entry.objects.count()
    for wrong in (other.attachments.get().pk, tip.attachments.get().pk, 987_654):
        with pytest.raises(Incomplete, match="干净的副本"), transaction.atomic():
            step(tip, verb, released=[wrong])
    assert (tip.steps.count(), Entry.objects.count()) == (n_steps, n_entries)
    actions.copy_new(at=office.AT)
    step(tip, verb, released=[tip.attachments.get().pk])
    assert tip.attachments.get().released_by == chief()


def test_evidence_is_for_everybody_and_cannot_be_released() -> None:
    tip = until("verifying")
    step(tip, "conclude", papers=photos(1))
    assert len(files(worker(), tip)) == 1
    assert not queries.releasable(tip).exists()


def test_files_of_merged_tips_are_given_with_the_one_that_they_were_merged_into() -> None:
    tip, other = until("verifying"), fresh("还是那一家", papers=photos(1))
    actions.copy_new(at=office.AT)
    step(other, "merge", into_id=tip.pk, why="同一件事")
    assert files(worker(), tip) == []
    step(tip, "recopy", released=[other.attachments.get().pk])
    assert files(worker(), tip) == [other.attachments.get()]


def test_nothing_is_released_without_a_copy_whatever_wrote_it() -> None:
    tip = fresh(papers=photos(1))
    with pytest.raises(IntegrityError), transaction.atomic():
        tip.attachments.update(released_at=office.AT, released_by=chief())
    actions.copy_new(at=office.AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        tip.attachments.update(released_at=office.AT)


def test_what_was_added_is_told_since_the_text_was_decided_on() -> None:
    taken = told()
    actions.read_new(at=office.AT)
    tip, scope = taken.tip, Scope.of(chief())

    def add(text: str, hours: int) -> None:
        actions.add(receipt=taken.receipt, key=key(), text=text, at=office.AT + timedelta(hours=hours))

    add("还有收据", 1)
    since, added = queries.added(scope, tip)
    assert (since, [one.text for one in added]) == (None, ["还有收据"])
    step(tip, "triage", at=office.AT + timedelta(hours=2))
    assert queries.added(scope, tip) == (office.AT + timedelta(hours=2), [])
    step(tip, "write", at=office.AT + timedelta(hours=3))
    step(tip, "assign", at=office.AT + timedelta(hours=3))
    add("我姓李", 4)
    assert [one.text for one in queries.added(scope, tip)[1]] == ["我姓李"]
    assert queries.added(Scope.of(worker()), tip)[1] == []
    step(tip, "recopy", at=office.AT + timedelta(hours=5))
    assert queries.added(scope, tip) == (office.AT + timedelta(hours=5), [])


def test_what_came_with_a_merged_tip_is_new_however_early_it_was_said() -> None:
    tip, scope = fresh(), Scope.of(chief())
    merged = told("还是那一家")
    actions.read_new(at=office.AT)
    actions.add(receipt=merged.receipt, key=key(), text="我有合同", at=office.AT + timedelta(hours=1))
    step(tip, "triage", at=office.AT + timedelta(hours=2))
    assert queries.added(scope, tip)[1] == []
    step(merged.tip, "merge", into_id=tip.pk, why="同一件事", at=office.AT + timedelta(hours=3))
    assert [one.text for one in queries.added(scope, tip)[1]] == ["我有合同"]
    step(tip, "retriage", at=office.AT + timedelta(hours=4))
    assert queries.added(scope, tip)[1] == []
