"""The entries and the head of the chain. No foreign keys: an entry must outlive what it speaks of."""

from django.db import models


class Entry(models.Model):
    """One act, refusal or read; ``digest`` covers every other column and the digest before it."""

    seq = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=60)
    """Code of the post, or ``system``."""
    verb = models.CharField(max_length=60)
    subject = models.CharField(max_length=60)
    """``kind/id``."""
    code = models.CharField(max_length=15, blank=True)
    """Division code that the subject belongs to."""
    fields = models.JSONField(default=dict)
    """``{field: [keyed hash of the old value, … of the new]}``."""
    outcome = models.CharField(max_length=8, default="done")
    """``done``, ``refused`` or ``read``."""
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        indexes = (
            models.Index("subject", "seq", name="journal_subject"),
            models.Index("by", "seq", name="journal_by"),
            models.Index("code", "seq", name="journal_code"),
        )
        constraints = (
            models.CheckConstraint(condition=models.Q(outcome__in=("done", "refused", "read")), name="journal_outcome"),
        )


class Head(models.Model):
    """The end of the chain; one row, locked by whoever writes."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    seq = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="journal_one_head"),)
