"""Sealing identities, and erasing them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from django.db import transaction
from django.utils.timezone import localdate

from shouhu.ledgers.informants import queries
from shouhu.ledgers.informants.models import Identity, Opening
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.vault.keys import Unreadable

_SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


class NoKey(Refused):
    """There is no key to which an identity could be sealed."""


def seal(*, identity: Mapping[str, str], at: datetime) -> Identity:
    """This function will seal what one informant said about themselves, as ``seal_many`` does."""
    return seal_many(identities=[identity], at=at)[0]


@transaction.atomic
def seal_many(*, identities: Sequence[Mapping[str, str]], at: datetime) -> list[Identity]:
    """
    This function will seal what informants said about themselves, so that only the 保密员 can open it.

    :raises NoKey: the 保密员 has made no key yet, or withdrew it; then tips are taken without a name only.
    """
    if not identities:
        return []
    key = queries.key_in_use()
    if key is None:
        raise NoKey("保密员还没有建立密钥，暂时只能匿名举报")
    on = localdate(at)
    return Identity.objects.bulk_create(
        Identity(key=key, sealed=sealed_to(bytes(key.public), orjson.dumps(dict(identity))), added_on=on)
        for identity in identities
    )


def sealed_to(public: bytes, plain: bytes) -> bytes:
    """This function will seal bytes to a public key."""
    return _SUITE.encrypt(plain, X25519PublicKey.from_public_bytes(public))


def opened_with(private: X25519PrivateKey, sealed: bytes) -> bytes:
    """
    This function will open what was sealed to the public key of a private one.

    :raises Unreadable: the bytes were changed, or sealed to another key.
    """
    try:
        return _SUITE.decrypt(sealed, private)
    except (InvalidTag, ValueError) as error:
        raise Unreadable("这条举报人身份已损坏，无法打开") from error


@transaction.atomic
def erase(*, identity_ids: Iterable[int], at: datetime) -> int:
    """
    This function will overwrite identities for good, with what was said about opening them; how many.

    The rows stay, and with them who asked, granted and read, and when.
    """
    rows = list(Identity.objects.select_for_update().filter(pk__in=identity_ids, erased_at=None).order_by("pk"))
    for row in rows:
        row.sealed, row.erased_at = b"", at
    Identity.objects.bulk_update(rows, ["sealed", "erased_at"], batch_size=500)
    Opening.objects.filter(identity__in=rows).update(content=None, reason="", refusal="")
    acts = [journal.Act("informant.erase", journal.named(row)) for row in rows]
    journal.record_many(acts=acts, by="system", at=at)
    return len(rows)
