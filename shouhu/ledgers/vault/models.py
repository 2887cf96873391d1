"""Stored files: sealed on disk under a random name, known by a keyed hash of their content."""

from django.db import models

from shouhu.ledgers.vault.fields import SealedText


class StoredFile(models.Model):
    """A file that somebody handed in; its bytes lie sealed in the folder ``files``."""

    token = models.CharField(max_length=32, unique=True)
    """Random; the file's name on disk, and what pages link to."""
    content_hash = models.CharField(max_length=64, db_index=True)
    """Keyed hash of the content: tells that the same file was handed in twice."""
    name = SealedText()
    media_type = models.CharField(max_length=100)
    n_bytes = models.PositiveBigIntegerField()
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=40)
    """Code of the post."""
    erased_at = models.DateTimeField(null=True)
    """When its bytes were deleted for good: it was handed in for something that nobody went on with."""
