"""Computed ratings, the colour that counts now, what people decided, and what institutions object to."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from shouhu.ledgers.vault.fields import SealedText

COLOURS = {"red": "红", "orange": "橙", "yellow": "黄", "green": "绿", "unknown": "待查", "decide": "待研判"}


class Rating(models.Model):
    """What one rule set says about one version of an institution's facts; never changed afterwards."""

    institution = models.ForeignKey("institutions.Institution", models.PROTECT, related_name="ratings")
    version = models.ForeignKey("institutions.Version", models.PROTECT, related_name="+")
    ruleset_id = models.CharField(max_length=20)
    ruleset_hash = models.CharField(max_length=64)
    as_of = models.DateField()
    """The day for which answers were valid or expired."""
    colour = models.CharField(max_length=8, choices=list(COLOURS.items()))
    at_least = models.CharField(max_length=8, blank=True)
    at_most = models.CharField(max_length=8, blank=True)
    listed = models.CharField(max_length=8, choices=list(COLOURS.items()))
    """What the list goes by: the higher of ``colour`` and ``at_least``."""
    fired = models.JSONField()
    findings = models.JSONField()
    open = models.JSONField()
    ask = models.JSONField()
    flags = models.JSONField()
    rated_at = models.DateTimeField()
    rated_by = models.ForeignKey("units.Post", models.PROTECT, related_name="+")

    class Meta:
        indexes = (models.Index("institution", "ruleset_id", "rated_at", name="rating_history"),)


class Decision(models.Model):
    """
    A colour given by a person: where the rules are silent (``decide``), or against them (``override``).

    It counts from the second signature until it expires, is withdrawn, or the computed colour becomes worse.
    """

    institution = models.ForeignKey("institutions.Institution", models.PROTECT, related_name="decisions")
    rating = models.ForeignKey(Rating, models.PROTECT, related_name="decisions")
    """What the rules said when it was taken."""
    kind = models.CharField(max_length=8, choices=[("decide", "研判"), ("override", "人工调整")])
    colour = models.CharField(max_length=8, choices=list(COLOURS.items()))
    clause = models.CharField(max_length=60)
    """The clause it rests on; for a 待研判 case the 等 of the colour's list."""
    reason = models.TextField()
    expires_on = models.DateField()
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey("units.Post", models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    refused_at = models.DateTimeField(null=True)
    refused_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    refused_why = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_by=None) | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="decision_approved_paired",
            ),
            models.CheckConstraint(
                condition=Q(refused_at=None, refused_by=None) | Q(refused_at__isnull=False, refused_by__isnull=False),
                name="decision_refused_paired",
            ),
            models.CheckConstraint(condition=Q(approved_at=None) | Q(refused_at=None), name="decision_one_answer"),
            models.CheckConstraint(condition=Q(colour__in=("red", "orange", "yellow", "green")), name="decision_colour"),
            models.UniqueConstraint(
                "institution", condition=Q(refused_at=None, ended_at=None), name="decision_one_at_a_time"
            ),
        )


class Standing(models.Model):
    """The colour of an institution that counts now, under the leading rule set: one row an institution."""

    institution = models.OneToOneField("institutions.Institution", models.PROTECT, related_name="standing")
    rating = models.ForeignKey(Rating, models.PROTECT, related_name="+")
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="+")
    colour = models.CharField(max_length=8, choices=list(COLOURS.items()), db_index=True)
    since_at = models.DateTimeField()


class Move(models.Model):
    """The history of ``Standing``: from this instant the colour was so, for this reason. Makes any day answerable."""

    institution = models.ForeignKey("institutions.Institution", models.PROTECT, related_name="moves")
    code = models.CharField(max_length=12)
    colour = models.CharField(max_length=8, choices=list(COLOURS.items()))
    rating = models.ForeignKey(Rating, models.PROTECT, related_name="+")
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="+")
    moved_at = models.DateTimeField()
    moved_by = models.ForeignKey("units.Post", models.PROTECT, related_name="+")

    class Meta:
        indexes = (
            models.Index("institution", "moved_at", name="move_history"),
            models.Index("moved_at", name="move_at"),
        )


class Objection(models.Model):
    """陈述申辩: an institution contests a fact or its colour, and gets a reasoned decision."""

    institution = models.ForeignKey("institutions.Institution", models.PROTECT, related_name="objections")
    fact = models.CharField(max_length=40, blank=True)
    """The contested fact; empty: the colour itself."""
    says = SealedText()
    file = models.ForeignKey("vault.StoredFile", models.PROTECT, null=True, related_name="+")
    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey("units.Post", models.PROTECT, related_name="+")
    due_on = models.DateField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    is_upheld = models.BooleanField(null=True)
    grounds = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None, is_upheld=None)
                | Q(decided_at__isnull=False, decided_by__isnull=False, is_upheld__isnull=False),
                name="objection_decided_paired",
            ),
        )


class Disclosure(models.Model):
    """That a list or page with an institution's colour or facts was handed out: corrections must reach whoever got it."""

    institution = models.ForeignKey("institutions.Institution", models.PROTECT, related_name="disclosures")
    rating = models.ForeignKey(Rating, models.PROTECT, null=True, related_name="+")
    receiver = models.CharField(max_length=80)
    what = models.CharField(max_length=80)
    disclosed_at = models.DateTimeField()
    disclosed_by = models.ForeignKey("units.Post", models.PROTECT, related_name="+")
    corrected_at = models.DateTimeField(null=True)
