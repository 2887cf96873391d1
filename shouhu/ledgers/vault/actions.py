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

TOKEN_LENGTH = 32
_SWEPT_AT_ONCE = 500


@transaction.atomic
def store(*, content: bytes, name: str, media_type: str, token: str, by: str, at: datetime) -> StoredFile:
    """
    This function will seal a file to disk, flushed before it returns, and record it.

    :param token: 32 random hex digits, made by the face.
    :param by: code of the post.
    """
    path = place_of(token)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path.exists() and not StoredFile.objects.filter(token=token).exists():
        path.unlink()  # left by a try of the same form that was taken back; nothing leads to it
    sealed = settings.KEYS.seal(content, f"file.{token}")
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(sealed)
        file.flush()
        os.fsync(file.fileno())
    for folder in (path.parent, path.parent.parent):  # the latter may have got a new folder
        _flush(folder)
    return StoredFile.objects.create(
        token=token,
        content_hash=settings.KEYS.blind(content.hex(), "file content"),
        name=name[:200],
        media_type=media_type[:100],
        n_bytes=len(content),
        added_at=at,
        added_by=by,
    )


def _flush(folder: Path) -> None:
    """Have the names in a folder reach the disk: bytes that no name leads to are lost with the power."""
    if os.name == "nt":
        return  # Windows opens no folder as a file, and writes its names through
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


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


def sweep(*, before: datetime) -> int:
    """
    This function will delete bytes that no row leads to, or only that of an erased file: left by a kill or a lost power; how many.

    :param before: younger files stay, as somebody may be handing them in just now.
    """
    old = [
        path
        for path in Path(settings.FILES).glob("??/*")
        if len(path.name) == TOKEN_LENGTH and path.stat().st_mtime < before.timestamp()
    ]
    n = 0
    for start in range(0, len(old), _SWEPT_AT_ONCE):
        some = {path.name: path for path in old[start : start + _SWEPT_AT_ONCE]}
        for token in set(some) - set(_kept(some)):
            some[token].unlink(missing_ok=True)
            n += 1
    return n


def _kept(tokens: Iterable[str]) -> Iterable[str]:
    return StoredFile.objects.filter(token__in=list(tokens), erased_at=None).values_list("token", flat=True)


@transaction.atomic
def erase(*, files: Iterable[StoredFile], at: datetime) -> None:
    """
    This function will delete for good the bytes and names of files whose time is over; their rows stay.

    The bytes go once the transaction is through.
    """
    gone = [one for one in files if one.erased_at is None]
    for one in gone:
        one.name, one.erased_at = "", at
        transaction.on_commit(partial(place_of(one.token).unlink, missing_ok=True))
    StoredFile.objects.bulk_update(gone, ["name", "erased_at"], batch_size=500)


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
