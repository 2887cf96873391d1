"""The key pair of the 保密员, sealed identities, and requests to open one."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from shouhu.ledgers.units.hands import paired
from shouhu.ledgers.vault.fields import SealedJSON, SealedText


class IdentityKey(models.Model):
    """A key pair. The newest one seals unless it is retired; each opens what was sealed to it. One passphrase opens all."""

    public = models.BinaryField()
    """X25519, 32 bytes."""
    salt = models.BinaryField()
    """The same in every row, so that the passphrase is made into a key once."""
    wrapped = models.BinaryField()
    """The private key under the passphrase (Argon2id, AES-256-GCM)."""
    recovery = models.BinaryField()
    """The private key under the recovery code, which was printed once and is kept nowhere."""
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("units.Post", models.PROTECT, related_name="+")
    retired_at = models.DateTimeField(null=True)
    retired_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (paired("identity_key", "retired"),)


class Guess(models.Model):
    """A passphrase or recovery code that was tried; deleted when it fits."""

    guessed_at = models.DateTimeField()
    guessed_by = models.ForeignKey("units.Post", models.PROTECT, related_name="+")


class Identity(models.Model):
    """What an informant said about themselves, sealed to a public key."""

    key = models.ForeignKey(IdentityKey, models.PROTECT, related_name="identities")
    sealed = models.BinaryField()
    """HPKE (RFC 9180) of a JSON object: name, phone, address, whatever was given."""
    added_on = models.DateField()
    """The day only: an instant would tell which tip it came with."""
    erased_at = models.DateTimeField(null=True)
    """When it was overwritten, its time being over."""


class Opening(models.Model):
    """A request that one named person may read one identity, what was decided, and whether it was read."""

    identity = models.ForeignKey(Identity, models.PROTECT, related_name="openings")
    viewer = models.ForeignKey("units.Post", models.PROTECT, related_name="+")
    reason = SealedText()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("units.Post", models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    is_granted = models.BooleanField(null=True)
    refusal = SealedText()
    """Why it was not granted; told to whoever asked."""
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    """The 保密员 who gave the passphrase."""
    content = SealedJSON(null=True)
    """From release until it is read or runs out; then gone."""
    until_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            paired("opening", "decided"),
            paired("opening", "released"),
            models.CheckConstraint(
                condition=Q(decided_at=None, is_granted=None) | Q(decided_at__isnull=False, is_granted__isnull=False),
                name="opening_decision_told",
            ),
            models.CheckConstraint(condition=Q(released_at=None) | Q(is_granted=True), name="opening_granted_first"),
            models.CheckConstraint(
                condition=Q(released_at=None, until_at=None) | Q(released_at__isnull=False, until_at__isnull=False),
                name="opening_ends",
            ),
            models.CheckConstraint(condition=Q(read_at=None) | Q(released_at__isnull=False), name="opening_read_order"),
            models.CheckConstraint(condition=Q(read_at=None) | Q(content=None), name="opening_read_once"),
            models.UniqueConstraint("identity", "viewer", condition=Q(decided_at=None), name="opening_asked_once"),
        )
