"""An identity is read by one named person, once, after three hands had to do with it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from shouhu.ledgers.informants import actions, queries
from shouhu.ledgers.informants.actions.opening import Incomplete, NotNow
from shouhu.ledgers.informants.models import Identity, Opening
from shouhu.ledgers.journal import queries as journal
from shouhu.ledgers.journal.models import Entry
from shouhu.ledgers.units.models import Post, Tenure
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.units.scope import Scope
from tests import office
from tests.ledgers.informants import people
from tests.ledgers.informants.people import AT, LATER, PASSPHRASE, TOLD, asker, granter, keeper

pytestmark = pytest.mark.django_db


@pytest.fixture
def identity() -> Identity:
    """An identity that is sealed."""
    people.key()
    return people.sealed()


def test_from_the_request_to_the_one_reading(identity: Identity) -> None:
    opening = people.released(identity)
    assert actions.read(opening_id=opening.pk, by=asker(), at=LATER) == TOLD
    with pytest.raises(NotNow, match="已查看"):
        actions.read(opening_id=opening.pk, by=asker(), at=LATER)
    entries = Entry.objects.filter(subject=f"opening/{opening.pk}").order_by("seq")
    assert list(entries.values_list("verb", "outcome")) == [
        ("informant.ask", "done"), ("informant.grant", "done"), ("informant.release", "done"), ("informant.read", "read"),
    ]  # fmt: skip
    assert all(verb != journal.told(verb) for verb in entries.values_list("verb", flat=True))


def test_nothing_lies_open_in_the_database_before_between_or_after(identity: Identity) -> None:
    def held() -> bytes:
        with connection.cursor() as cursor:
            cursor.execute("SELECT sealed FROM informants_identity")
            parts = [bytes(cursor.fetchone()[0])]
            cursor.execute("SELECT content, reason FROM informants_opening")
            parts += [bytes(part) for row in cursor.fetchall() for part in row if part]
        return b"".join(parts)

    opening = people.released(identity)
    assert b"13900001234" not in held()
    actions.read(opening_id=opening.pk, by=asker(), at=LATER)
    assert Opening.objects.filter(content__isnull=False).count() == 0
    assert b"13900001234" not in held()


def test_asker_granter_and_keeper_are_three_people(identity: Identity) -> None:
    opening = people.asked(identity)
    with pytest.raises(NotNow, match="申请人"):
        actions.grant(opening_id=opening.pk, by=asker(), at=AT)
    with pytest.raises(NotNow, match="专项办审批"):
        actions.grant(opening_id=opening.pk, by=keeper(), at=AT)
    both = Post.objects.create(unit=asker().unit, title="专项办兼任", code="T-both", role="campaign_office")
    Tenure.objects.create(post=both, person=keeper().tenures.get().person, from_on=AT.date())
    actions.grant(opening_id=opening.pk, by=both, at=AT)
    with pytest.raises(NotNow, match="审批人"):
        actions.release(opening_id=opening.pk, passphrase=PASSPHRASE, by=keeper(), at=AT)


def test_the_viewer_does_not_grant_and_nobody_else_reads(identity: Identity) -> None:
    opening = people.asked(identity, viewer=granter())
    with pytest.raises(NotNow, match="查看人"):
        actions.grant(opening_id=opening.pk, by=granter(), at=AT)
    third = office.post(holder="专项办主任")
    actions.grant(opening_id=opening.pk, by=third, at=AT)
    actions.release(opening_id=opening.pk, passphrase=PASSPHRASE, by=keeper(), at=AT)
    for other in (asker(), third, keeper()):
        with pytest.raises(NotNow, match="指定的查看人"):
            actions.read(opening_id=opening.pk, by=other, at=LATER)
    assert actions.read(opening_id=opening.pk, by=granter(), at=LATER) == TOLD


def test_moving_to_another_post_makes_no_second_person(identity: Identity) -> None:
    opening = people.asked(identity)
    mover = asker().tenures.get()
    mover.to_on = AT.date() + timedelta(days=1)
    mover.save()
    elsewhere = Post.objects.create(unit=asker().unit, title="另一岗位", code="T-else", role="campaign_office")
    Tenure.objects.create(post=elsewhere, person=mover.person, from_on=mover.to_on)
    with pytest.raises(NotNow, match="申请人"):
        actions.grant(opening_id=opening.pk, by=elsewhere, at=AT + timedelta(days=3))


def test_who_lost_the_role_reads_nothing_any_more(identity: Identity) -> None:
    opening = people.released(identity)
    former = asker()
    former.role = "task_force"
    former.save()
    with pytest.raises(NotNow):
        actions.read(opening_id=opening.pk, by=former, at=LATER)


def test_a_refusal_says_why(identity: Identity) -> None:
    opening = people.asked(identity)
    with pytest.raises(Incomplete):
        actions.refuse(opening_id=opening.pk, why=" ", by=granter(), at=AT)
    actions.refuse(opening_id=opening.pk, why="凭事实就能核实，先留言问", by=granter(), at=AT)
    (row,) = queries.openings(Scope.of(asker()))
    assert (row.refusal, queries.state_of(row, AT)) == ("凭事实就能核实，先留言问", "refused")
    with pytest.raises(NotNow, match="未同意"):
        actions.release(opening_id=opening.pk, passphrase=PASSPHRASE, by=keeper(), at=AT)


def test_what_is_not_read_in_time_is_wiped(identity: Identity) -> None:
    opening = people.released(identity)
    late = AT + queries.READABLE
    with pytest.raises(NotNow, match="逾期未看"):
        actions.read(opening_id=opening.pk, by=asker(), at=late)
    assert actions.expire(at=late - timedelta(seconds=1)) == 0
    assert actions.expire(at=late) == 1
    assert Opening.objects.get().content is None


def test_a_grant_does_not_last_for_ever(identity: Identity) -> None:
    opening = people.granted(identity)
    with pytest.raises(NotNow, match="逾期未启封"):
        actions.release(opening_id=opening.pk, passphrase=PASSPHRASE, by=keeper(), at=AT + queries.GRANTED)


def test_the_same_is_not_asked_twice_and_not_without_a_reason(identity: Identity) -> None:
    people.asked(identity)
    with pytest.raises(NotNow, match="不必重复"):
        people.asked(identity)
    with pytest.raises(Incomplete):
        actions.ask(identity_id=identity.pk, viewer_id=asker().pk, reason="看看", by=asker(), at=AT)
    with pytest.raises(NotNow, match="查看人须是"):
        actions.ask(
            identity_id=identity.pk, viewer_id=office.post("task_force").pk, reason="需要当面核实", by=asker(), at=AT
        )


def test_an_erased_identity_is_gone_with_what_was_said_about_it(identity: Identity) -> None:
    opening = people.released(identity)
    assert actions.erase(identity_ids=[identity.pk], at=LATER) == 1
    assert actions.erase(identity_ids=[identity.pk], at=LATER) == 0
    identity.refresh_from_db()
    opening.refresh_from_db()
    assert (bytes(identity.sealed), opening.content, opening.reason) == (b"", None, "")
    with pytest.raises(NotNow, match="已按期限删除"):
        actions.read(opening_id=opening.pk, by=asker(), at=LATER)


def test_what_waits_for_whom(identity: Identity) -> None:
    def waiting() -> list[int]:
        return [queries.waiting(Scope.of(one), AT).count() for one in (asker(), granter(), keeper())]

    assert waiting() == [0, 0, 0]
    opening = people.asked(identity)
    assert waiting() == [0, 1, 0]
    actions.grant(opening_id=opening.pk, by=granter(), at=AT)
    assert waiting() == [0, 0, 1]
    actions.release(opening_id=opening.pk, passphrase=PASSPHRASE, by=keeper(), at=AT)
    assert waiting() == [1, 0, 0]
    actions.read(opening_id=opening.pk, by=asker(), at=AT)
    assert waiting() == [0, 0, 0]
    assert queries.openings(office.scope("task_force")).count() == 0
    assert queries.openings(office.scope(code="990199000000")).count() == 0
    assert asker() in queries.viewers(Scope.of(asker()))


def test_without_a_key_only_anonymous_tips_are_taken() -> None:
    with pytest.raises(actions.NoKey, match="匿名"):
        people.sealed()
    assert issubclass(actions.NoKey, Refused)
