"""Putting files into the vault and taking them out."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

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
