"""
The keys of the 保密员: one passphrase opens all of them, and so does one recovery code on paper.

Deriving a key from a passphrase takes half a second on purpose, so it is done before the database is locked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.db import transaction

from shouhu.ledgers.informants import queries
from shouhu.ledgers.informants.actions.sealing import NoKey, opened_with, sealed_to
from shouhu.ledgers.informants.models import Guess, Identity, IdentityKey
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.units.rights import holders
from shouhu.ledgers.vault import keys as vault
from shouhu.ledgers.vault.keys import KeyRing, Unreadable

SHORTEST = 12
"""Characters of a passphrase."""
FEWEST = 6
"""Different ones among them."""
FREE_GUESSES, FIRST_WAIT, LONGEST_WAIT = 5, 30, 3600
"""How many wrong ones in a day cost nothing but their time; seconds of waiting after that, doubled each time."""
CHUNK = 200
"""Identities that are moved to a new key in one transaction, while others wait for the database."""


class WrongPassphrase(Refused):
    """What was typed opens nothing, or may not be tried again yet."""


class NotFit(Refused):
    """The key cannot be made or changed as asked."""


@dataclass(frozen=True)
class Opened:
    """All private keys by the id of their pair, and the salt under which they lay."""

    privates: dict[int, X25519PrivateKey]
    salt: bytes


def make_key(*, passphrase: str, by: Post, at: datetime) -> tuple[IdentityKey, str]:
    """
    This function will make the first key; later ones are made by ``rotate``.

    :returns: the key, and the recovery code, which is kept nowhere: to be printed at once.
    :raises NotFit: there is a key already; the passphrase is too short.
    """
    _may(by)
    _check(passphrase)
    if queries.all_keys():
        raise NotFit("密钥已经建立，不能再建一把；需要更换请用“更换密钥”")
    private, salt, code = X25519PrivateKey.generate(), vault.new_salt(), vault.new_code()
    ring, spare = vault.under_passphrase(passphrase, salt), vault.under_code(code)
    with transaction.atomic():
        if IdentityKey.objects.select_for_update().exists():
            raise NotFit("密钥刚刚由别人建立，请刷新页面")
        key = _added(private, salt, ring, spare, by, at)
        _note("informant.make_key", key, by, at)
    return key, code


def change_passphrase(*, passphrase: str, new: str, by: Post, at: datetime) -> None:
    """
    This function will put every key under another passphrase; the recovery code stays.

    :raises WrongPassphrase: the present one is another.
    :raises NotFit: the new one is too short or the old one.
    """
    _may(by)
    _check(new)
    if new.strip() == passphrase.strip():
        raise NotFit("新口令与原口令相同，请换一个")
    _put_under(new, opened(passphrase, by, at), "informant.change_passphrase", by, at)


def recover(*, code: str, new_passphrase: str, by: Post, at: datetime) -> None:
    """
    This function will put every key under a new passphrase, the old one being lost; the recovery code stays.

    :raises WrongPassphrase: the code is another.
    :raises NotFit: the new passphrase is too short.
    """
    _may(by)
    _check(new_passphrase)
    rows = _all()
    _begin_guess(by, at)
    try:
        spare = vault.under_code(code)
        privates = {key.pk: _unwrapped(spare, key, "recovery") for key in rows}
    except Unreadable as error:
        raise _wrong("恢复码不对，请对照打印的恢复码逐组核对", by, at) from error
    _end_guess(by)
    _put_under(new_passphrase, Opened(privates, bytes(rows[0].salt)), "informant.recover", by, at)


def renew_code(*, passphrase: str, by: Post, at: datetime) -> str:
    """
    This function will make a new recovery code for every key; the paper with the old one is worth nothing then.

    :returns: the code, to be printed at once.
    :raises WrongPassphrase: the passphrase is another.
    """
    _may(by)
    known, code = opened(passphrase, by, at), vault.new_code()
    with transaction.atomic():
        rows = _locked(known)
        _recode(rows, known, vault.under_code(code))
        _note("informant.renew_code", rows[-1], by, at)
    return code


def rotate(*, passphrase: str, by: Post, at: datetime) -> tuple[IdentityKey, str]:
    """
    This function will make a new pair under the same passphrase, seal from now on to it, and move every identity to it.

    A kill at any instant loses nothing: the old pair opens what was not moved yet, and the same call goes on where it
    stopped. Only then is the old pair retired. The recovery code is a new one, for all pairs.

    :returns: the new key, and the recovery code, to be printed at once.
    :raises WrongPassphrase: the passphrase is another.
    :raises NoKey: there is none.
    """
    _may(by)
    known, code = opened(passphrase, by, at), vault.new_code()
    ring, spare = vault.under_passphrase(passphrase, known.salt), vault.under_code(code)
    with transaction.atomic():
        rows = _locked(known)
        if sum(key.retired_at is None for key in rows) < 2:  # else the last change was cut short
            fresh = X25519PrivateKey.generate()
            rows.append(_added(fresh, known.salt, ring, spare, by, at))
            known.privates[rows[-1].pk] = fresh
        _recode(rows, known, spare)
        _note("informant.rotate", rows[-1], by, at)
    _move(known, rows[-1], by, at)
    return rows[-1], code


def move_identities(*, passphrase: str, by: Post, at: datetime) -> int:
    """
    This function will go on with a change of keys that was cut short; how many identities were moved.

    :raises WrongPassphrase: the passphrase is another.
    """
    _may(by)
    return _move(opened(passphrase, by, at), _newest(), by, at)


def retire_key(*, by: Post, at: datetime) -> IdentityKey:
    """
    This function will stop sealing: tips are taken without a name only, until a new key is made by ``rotate``.

    What is sealed stays readable by the passphrase.

    :raises NoKey: there is no key in use.
    """
    _may(by)
    with transaction.atomic():
        if queries.key_in_use() is None:
            raise NoKey("没有正在使用的密钥")
        key = _newest()
        _retire(list(IdentityKey.objects.select_for_update().filter(retired_at=None)), by, at)
        _note("informant.retire_key", key, by, at)
    return key


# --- opening keys


def opened(passphrase: str, by: Post, at: datetime) -> Opened:
    """
    This function will open all keys by their passphrase.

    :raises NoKey: there is none.
    :raises WrongPassphrase: it is another one, or too many were wrong.
    """
    rows = _all()
    salt = bytes(rows[0].salt)
    _begin_guess(by, at)
    ring = vault.under_passphrase(passphrase, salt)
    try:
        privates = {key.pk: _unwrapped(ring, key, "wrapped") for key in rows}
    except Unreadable as error:
        raise _wrong("口令不对，请重新输入；确实忘记时可用打印的恢复码重设", by, at) from error
    _end_guess(by)
    return Opened(privates, salt)


def _begin_guess(by: Post, at: datetime) -> None:
    """Noted before anything is compared, so that many guesses at once count too; for good, whatever comes of the act."""
    with transaction.atomic(durable=True):
        recent = Guess.objects.filter(guessed_by=by, guessed_at__gt=at - timedelta(days=1)).order_by("-guessed_at")
        n = recent.count()
        if n >= FREE_GUESSES:
            seconds = min(FIRST_WAIT * 2 ** min(n - FREE_GUESSES, 20), LONGEST_WAIT)
            left = (recent[0].guessed_at + timedelta(seconds=seconds) - at).total_seconds()
            if left > 0:
                raise WrongPassphrase(f"已连续输错{n}次，请{-(-int(left + 1) // 60)}分钟后再试")
        Guess.objects.create(guessed_by=by, guessed_at=at)


def _end_guess(by: Post) -> None:
    Guess.objects.filter(guessed_by=by).delete()


def _wrong(sentence: str, by: Post, at: datetime) -> WrongPassphrase:
    _note("informant.wrong_passphrase", _newest(), by, at, outcome="refused")
    n = Guess.objects.filter(guessed_by=by, guessed_at__gt=at - timedelta(days=1)).count()
    return WrongPassphrase(f"{sentence}（一天内第{n}次输错）")


def _unwrapped(ring: KeyRing, key: IdentityKey, column: str) -> X25519PrivateKey:
    return X25519PrivateKey.from_private_bytes(ring.open(bytes(getattr(key, column)), _place(key, column)))


# --- writing keys


def _added(
    private: X25519PrivateKey, salt: bytes, ring: KeyRing, spare: KeyRing, by: Post, at: datetime
) -> IdentityKey:  # fmt: skip
    key = IdentityKey(public=private.public_key().public_bytes_raw(), salt=salt, made_at=at, made_by=by)
    for column, under in (("wrapped", ring), ("recovery", spare)):
        setattr(key, column, under.seal(private.private_bytes_raw(), _place(key, column)))
    key.save()
    return key


def _put_under(passphrase: str, known: Opened, verb: str, by: Post, at: datetime) -> None:
    salt = vault.new_salt()
    ring = vault.under_passphrase(passphrase, salt)
    with transaction.atomic():
        rows = _locked(known)
        for key in rows:
            key.salt, key.wrapped = salt, ring.seal(known.privates[key.pk].private_bytes_raw(), _place(key, "wrapped"))
        IdentityKey.objects.bulk_update(rows, ["salt", "wrapped"])
        _note(verb, rows[-1], by, at)


def _recode(rows: list[IdentityKey], known: Opened, spare: KeyRing) -> None:
    for key in rows:
        key.recovery = spare.seal(known.privates[key.pk].private_bytes_raw(), _place(key, "recovery"))
    IdentityKey.objects.bulk_update(rows, ["recovery"])


def _locked(known: Opened) -> list[IdentityKey]:
    """All rows, the newest last, as long as they are as they were opened."""
    rows = list(IdentityKey.objects.select_for_update().order_by("pk"))
    if {(key.pk, bytes(key.salt)) for key in rows} != {(pk, known.salt) for pk in known.privates}:
        raise NotFit("密钥或口令刚刚由别人更换，请刷新页面后再试")
    return rows


def _move(known: Opened, key: IdentityKey, by: Post, at: datetime) -> int:
    n_moved = 0
    while n := _moved_chunk(known, key, by, at):
        n_moved += n
    return n_moved


@transaction.atomic
def _moved_chunk(known: Opened, key: IdentityKey, by: Post, at: datetime) -> int:
    """Some identities, each either under its old pair or under the new one; when none is left, the old pairs retire."""
    old = list(
        IdentityKey.objects.select_for_update().exclude(pk=key.pk)
    )  # waits for whoever just seals to one of them
    rows = list(
        Identity.objects.select_for_update().filter(erased_at=None).exclude(key=key).order_by("pk")[:CHUNK]
    )  # fmt: skip
    public = bytes(key.public)
    for row in rows:
        row.sealed, row.key = sealed_to(public, opened_with(known.privates[row.key_id], bytes(row.sealed))), key
    Identity.objects.bulk_update(rows, ["sealed", "key"])
    if not rows:
        _retire([one for one in old if one.retired_at is None], by, at)
    return len(rows)


def _retire(rows: list[IdentityKey], by: Post, at: datetime) -> None:
    for row in rows:
        row.retired_at, row.retired_by = at, by
    IdentityKey.objects.bulk_update(rows, ["retired_at", "retired_by"])


# --- the rest


def _all() -> list[IdentityKey]:
    rows = queries.all_keys()
    if not rows:
        raise NoKey("还没有建立密钥")
    return rows


def _newest() -> IdentityKey:
    return IdentityKey.objects.latest("pk")


def _place(key: IdentityKey, column: str) -> str:
    return f"{column} {bytes(key.public).hex()}"


def _may(by: Post) -> None:
    if by.role not in holders("informant.keys"):
        raise NotFit("密钥由保密员保管")


def _check(passphrase: str) -> None:
    plain = passphrase.strip()
    if len(plain) < SHORTEST or len(set(plain)) < FEWEST:
        raise NotFit(f"口令至少{SHORTEST}个字，其中不同的字至少{FEWEST}个，请换一个自己记得住、别人猜不到的长句")


def _note(verb: str, key: IdentityKey, by: Post, at: datetime, outcome: str = "done") -> None:
    journal.record(verb=verb, subject=key, by=by.code, at=at, code=by.unit.code, outcome=outcome)
