"""The vault: what lies in the database and on disk says nothing without the keys, and opens nowhere but in its place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from shouhu.ledgers.institutions.models import Hand
from shouhu.ledgers.vault import actions
from shouhu.ledgers.vault.keys import KeyRing, Unreadable
from tests import office

RING = KeyRing({0: b"h" * 32, 1: b"a" * 32})


@given(st.binary(max_size=200), st.text(max_size=20), st.integers(0, 500))
def test_what_was_sealed_opens_in_its_place_and_not_when_changed(plain: bytes, place: str, at: int) -> None:
    sealed = RING.seal(plain, place)
    assert RING.open(sealed, place) == plain
    with pytest.raises(Unreadable):
        RING.open(sealed, place + "x")
    at %= len(sealed)
    with pytest.raises(Unreadable):
        RING.open(sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :], place)


def test_old_keys_still_open_and_new_ones_seal() -> None:
    old = RING.seal(b"x", "p")
    newer = KeyRing({**RING.keys, 2: b"b" * 32})
    assert newer.open(old, "p") == b"x"
    assert newer.seal(b"x", "p")[0] == 2
    with pytest.raises(Unreadable):
        RING.open(newer.seal(b"x", "p"), "p")


def test_a_ring_is_made_once_and_read_again(tmp_path: Path) -> None:
    ring = KeyRing.kept_in(tmp_path / "keys")
    assert KeyRing.kept_in(tmp_path / "keys") == ring
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "keys").iterdir()} == {0o600}


@pytest.mark.django_db
def test_a_sealed_column_holds_no_plain_text() -> None:
    office.institution(principal="欧阳静安")
    assert Hand.objects.get().name == "欧阳静安"
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM institutions_hand")
        (raw,) = cursor.fetchone()
        cursor.execute("SELECT personal FROM institutions_version")
        (facts,) = cursor.fetchone()
    for held in (bytes(raw), bytes(facts)):
        assert "欧阳".encode() not in held


@pytest.mark.django_db
def test_a_stored_file_is_sealed_on_disk() -> None:
    stored = actions.store(content="合同.txt 内容".encode(), name="合同.txt", media_type="text/plain", token="ab" * 16,
                           by="P1", at=office.AT)  # fmt: skip
    assert actions.content_of(stored) == "合同.txt 内容".encode()
    path = actions.place_of(stored.token)
    assert path.is_relative_to(settings.FILES)
    assert "内容".encode() not in path.read_bytes()
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(Unreadable):
        actions.content_of(stored)
    path.unlink()


@pytest.mark.django_db
def test_bytes_that_no_row_leads_to_are_swept_away() -> None:
    kept, gone = (
        actions.store(content=b"x", name="a", media_type="text/plain", token=token * 16, by="P1", at=office.AT)
        for token in ("c1", "c2")
    )
    gone.erased_at = office.AT  # the power went before its bytes did
    gone.save()
    orphan = actions.place_of("c3" * 16)
    orphan.parent.mkdir(exist_ok=True)
    orphan.write_bytes(b"x")
    now = datetime.fromtimestamp(orphan.stat().st_mtime, UTC)
    assert actions.sweep(before=now - timedelta(days=1)) == 0
    actions.sweep(before=now + timedelta(seconds=1))
    assert [actions.place_of(one).exists() for one in (kept.token, gone.token, "c3" * 16)] == [True, False, False]
    actions.place_of(kept.token).unlink()
