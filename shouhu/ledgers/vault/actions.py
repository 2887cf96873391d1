"""Putting files into the vault and taking them out."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from shouhu.ledgers.vault.models import StoredFile


@transaction.atomic
def store(*, content: bytes, name: str, media_type: str, token: str, by: str, at: datetime) -> StoredFile:
    """
    This function will seal a file to disk, flushed before it returns, and record it.

    :param token: 32 random hex digits, made by the face.
    :param by: code of the post.
    """
    path = place_of(token)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    sealed = settings.KEYS.seal(content, f"file.{token}")
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(sealed)
        file.flush()
        os.fsync(file.fileno())
    return StoredFile.objects.create(
        token=token,
        content_hash=settings.KEYS.blind(content.hex(), "file content"),
        name=name[:200],
        media_type=media_type[:100],
        n_bytes=len(content),
        added_at=at,
        added_by=by,
    )


@transaction.atomic
def erase_unclaimed(*, before: datetime, released: Iterable[int], at: datetime) -> list[StoredFile]:
    """
    This function will delete for good the bytes of files that were handed in before an instant and that nothing refers to.

    The rows stay, so that the journal's references go on meaning something. The bytes go once the transaction is through.

    :param released: ids of files that something refers to and that may go all the same.
    :returns: the files, for the journal.
    """
    claimed = Q()
    for relation in StoredFile._meta.related_objects:
        held = relation.related_model._default_manager.filter(**{f"{relation.field.name}__isnull": False})
        claimed |= Q(pk__in=held.values(relation.field.attname))
    rows = StoredFile.objects.select_for_update().filter(added_at__lt=before, erased_at=None)
    gone = list(rows.filter(~claimed | Q(pk__in=list(released))).order_by("pk"))
    for one in gone:
        one.erased_at = at
        transaction.on_commit(partial(place_of(one.token).unlink, missing_ok=True))
    StoredFile.objects.bulk_update(gone, ["erased_at"], batch_size=500)
    return gone


def content_of(stored: StoredFile) -> bytes:
    """
    This function will give the bytes of a stored file.

    :raises Unreadable: the key or the file is missing, or the file was changed on disk.
    """
    opened: bytes = settings.KEYS.open(place_of(stored.token).read_bytes(), f"file.{stored.token}")
    return opened


def place_of(token: str) -> Path:
    """This function will give the path of a stored file."""
    return Path(settings.FILES) / token[:2] / token
