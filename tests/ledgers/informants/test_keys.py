"""The keys of the 保密员: one passphrase, one code on paper; changing them loses no identity, whenever the power goes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from shouhu.ledgers.informants import actions, queries
from shouhu.ledgers.informants.actions import keys
from shouhu.ledgers.informants.actions.sealing import opened_with
from shouhu.ledgers.informants.models import Guess, Identity, IdentityKey
from shouhu.ledgers.journal.models import Entry
from tests import office
from tests.ledgers.informants import people
from tests.ledgers.informants.people import AT, PASSPHRASE, keeper

pytestmark = pytest.mark.django_db
NEW = "另一句谁也猜不到的话，写在这里"


def names(passphrase: str = PASSPHRASE) -> list[str]:
    """This function will open every identity with the passphrase and give the names."""
    privates = keys.opened(passphrase, keeper(), AT).privates
    rows = Identity.objects.order_by("pk")
    return [opened_with(privates[row.key_id], bytes(row.sealed)).decode().split('"')[3] for row in rows]


def test_only_the_keeper_makes_one_key_under_a_long_passphrase() -> None:
    with pytest.raises(keys.NotFit, match="保密员"):
        actions.make_key(passphrase=PASSPHRASE, by=office.post(), at=AT)
    for short in ("短口令", "啊" * 30):
        with pytest.raises(keys.NotFit, match="至少12个字"):
            actions.make_key(passphrase=short, by=keeper(), at=AT)
    code = people.key()
    assert [len(group) for group in code.split()] == [5] * 5
    with pytest.raises(keys.NotFit, match="已经建立"):
        people.key()


def test_a_passphrase_typed_in_full_width_letters_is_the_same() -> None:
    actions.make_key(passphrase="correct horse battery", by=keeper(), at=AT)
    people.sealed(name="甲")
    assert names("ｃｏｒｒｅｃｔ　ｈｏｒｓｅ　ｂａｔｔｅｒｙ") == ["甲"]


def test_another_passphrase_opens_and_the_old_one_does_not() -> None:
    code = people.key()
    people.sealed(name="甲")
    actions.change_passphrase(passphrase=PASSPHRASE, new=NEW, by=keeper(), at=AT)
    assert names(NEW) == ["甲"]
    with pytest.raises(actions.WrongPassphrase, match="口令不对"):
        names()
    actions.recover(code=code, new_passphrase=PASSPHRASE, by=keeper(), at=AT)  # the code stays
    assert names() == ["甲"]


def test_the_code_on_paper_opens_as_people_type_it_and_a_reprint_voids_it() -> None:
    code = people.key()
    people.sealed(name="甲")
    actions.recover(code=code.lower().replace(" ", "-").replace("1", "l"), new_passphrase=NEW, by=keeper(), at=AT)
    assert names(NEW) == ["甲"]
    other = actions.renew_code(passphrase=NEW, by=keeper(), at=AT)
    for wrong in (code, "ABCDE", "不是恢复码"):
        with pytest.raises(actions.WrongPassphrase, match="恢复码不对"):
            actions.recover(code=wrong, new_passphrase=PASSPHRASE, by=keeper(), at=AT)
    actions.recover(code=other, new_passphrase=PASSPHRASE, by=keeper(), at=AT)
    assert names() == ["甲"]


def test_wrong_ones_are_counted_journalled_and_made_to_wait() -> None:
    people.key()
    for n in range(keys.FREE_GUESSES):
        with pytest.raises(actions.WrongPassphrase, match=f"第{n + 1}次"):
            names("不是这一句，反正不是这一句")
    with pytest.raises(actions.WrongPassphrase, match="1分钟后再试"):
        names()  # not even the right one
    assert Entry.objects.filter(verb="informant.wrong_passphrase", outcome="refused").count() == keys.FREE_GUESSES
    later = AT + timedelta(seconds=keys.FIRST_WAIT)
    assert keys.opened(PASSPHRASE, keeper(), later).privates
    assert Guess.objects.count() == 0


def test_a_new_pair_takes_over_everything() -> None:
    code = people.key()
    for name in "甲乙丙":
        people.sealed(name=name)
    key, other = actions.rotate(passphrase=PASSPHRASE, by=keeper(), at=AT)
    people.sealed(name="丁")
    assert set(Identity.objects.values_list("key", flat=True)) == {key.pk}
    assert [one.retired_at is None for one in queries.all_keys()] == [False, True]
    assert names() == list("甲乙丙丁")
    with pytest.raises(actions.WrongPassphrase):
        actions.recover(code=code, new_passphrase=NEW, by=keeper(), at=AT)
    actions.recover(code=other, new_passphrase=NEW, by=keeper(), at=AT)
    assert names(NEW) == list("甲乙丙丁")


@pytest.mark.parametrize("n_chunks", range(4))
def test_a_rotation_that_is_killed_anywhere_loses_nothing(monkeypatch: pytest.MonkeyPatch, n_chunks: int) -> None:
    people.key()
    told = [f"第{n}人" for n in range(7)]
    for name in told:
        people.sealed(name=name)
    monkeypatch.setattr(keys, "CHUNK", 3)
    real = keys._moved_chunk
    done: list[int] = []

    def killed(*args: Any) -> int:
        if len(done) == n_chunks:
            raise KeyboardInterrupt
        done.append(real(*args))
        return done[-1]

    monkeypatch.setattr(keys, "_moved_chunk", killed)
    with pytest.raises(KeyboardInterrupt):
        actions.rotate(passphrase=PASSPHRASE, by=keeper(), at=AT)
    assert queries.is_moving()
    assert queries.n_to_move() == max(0, 7 - 3 * n_chunks)
    people.sealed(name="其间来的人")
    assert names() == [*told, "其间来的人"]
    actions.change_passphrase(passphrase=PASSPHRASE, new=NEW, by=keeper(), at=AT)
    monkeypatch.setattr(keys, "_moved_chunk", real)
    if n_chunks % 2:
        _, code = actions.rotate(passphrase=NEW, by=keeper(), at=AT)
        actions.recover(code=code, new_passphrase=NEW + "！", by=keeper(), at=AT)
        actions.change_passphrase(passphrase=NEW + "！", new=NEW, by=keeper(), at=AT)
    else:
        actions.move_identities(passphrase=NEW, by=keeper(), at=AT)
    assert not queries.is_moving()
    assert IdentityKey.objects.count() == 2  # it went on with the pair that was there
    assert set(Identity.objects.values_list("key", flat=True)) == {queries.key_in_use().pk}  # type: ignore[union-attr]
    assert names(NEW) == [*told, "其间来的人"]


def test_a_withdrawn_key_seals_no_more_and_still_opens() -> None:
    people.key()
    identity = people.sealed(name="甲")
    actions.retire_key(by=keeper(), at=AT)
    with pytest.raises(actions.NoKey):
        people.sealed()
    assert actions.read(opening_id=people.released(identity).pk, by=people.asker(), at=AT) == {"name": "甲"}
    with pytest.raises(actions.NoKey):
        actions.retire_key(by=keeper(), at=AT)
    actions.rotate(passphrase=PASSPHRASE, by=keeper(), at=AT)
    people.sealed(name="乙")
    assert names() == ["甲", "乙"]


def test_two_hands_at_the_keys_do_not_undo_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    people.key()
    known = keys.opened(PASSPHRASE, keeper(), AT)
    actions.change_passphrase(passphrase=PASSPHRASE, new=NEW, by=keeper(), at=AT)
    monkeypatch.setattr(keys, "opened", lambda *_: known)
    with pytest.raises(keys.NotFit, match="刚刚由别人更换"):
        actions.rotate(passphrase=PASSPHRASE, by=keeper(), at=AT)
