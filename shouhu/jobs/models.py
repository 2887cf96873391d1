"""What the schedule remembers: one row for every time that a job was due."""

from django.db import models


class Run(models.Model):
    """A job at one due time. Two workers cannot make two of it, and only one of them gets each try."""

    job = models.CharField(max_length=40)
    due_at = models.DateTimeField()
    n_tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    """When it may be tried (again): also what lets another worker take over from one that died."""
    started_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    remark = models.TextField(blank=True)
    """What a person should know of it: a warning, or why it failed."""

    class Meta:
        constraints = (models.UniqueConstraint("job", "due_at", name="run_once_when_due"),)
        indexes = (models.Index("next_try_at", name="run_open", condition=models.Q(done_at=None)),)
