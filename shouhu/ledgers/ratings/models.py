"""Computed ratings, the colour that counts now, what people decided, and what institutions object to."""

from __future__ import annotations

from typing import ClassVar

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

    It counts from the second signature until it expires, is withdrawn or replaced, or the rules find something new
    (``transitions.DECISION``). Two persons sign it; its last day is ``expires_on``.
    """

    KINDS: ClassVar = {"decide": "研判", "override": "人工调整"}

    institution = models.ForeignKey("institutions.Institution", models.PROTECT, related_name="decisions")
    rating = models.ForeignKey(Rating, models.PROTECT, related_name="decisions")
    """What the rules said when it was taken."""
    kind = models.CharField(max_length=8, choices=list(KINDS.items()))
    colour = models.CharField(max_length=8, choices=list(COLOURS.items()))
    clause = models.CharField(max_length=60)
    """The list of the colour that it puts the institution on; for a 待研判 case by the 等 of that list."""
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
    ended_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    ended_why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_by=None)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="decision_approved_paired",
            ),
            models.CheckConstraint(
                condition=Q(refused_at=None, refused_by=None) | Q(refused_at__isnull=False, refused_by__isnull=False),
                name="decision_refused_paired",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="decision_ended_paired",
            ),
            models.CheckConstraint(condition=Q(approved_at=None) | Q(refused_at=None), name="decision_one_answer"),
            models.CheckConstraint(condition=~Q(approved_by=models.F("proposed_by")), name="decision_two_hands"),
            models.CheckConstraint(
                condition=Q(colour__in=("red", "orange", "yellow", "green")), name="decision_colour"
            ),
            models.UniqueConstraint(
                "institution",
                condition=Q(approved_at=None, refused_at=None, ended_at=None),
                name="decision_one_proposed",
            ),
            models.UniqueConstraint(
                "institution", condition=Q(approved_at__isnull=False, ended_at=None), name="decision_one_in_force"
            ),
        )

    @property
    def state(self) -> str:
        """Where it stands: a state of ``transitions.DECISION``."""
        if self.refused_at:
            return "refused"
        if self.ended_at:
            return "ended" if self.approved_at else "withdrawn"
        return "in_force" if self.approved_at else "proposed"


class State(models.Model):
    """What counts for an institution: its colour, why, since when, and the milder colour that waits for a person."""

    rating = models.ForeignKey(Rating, models.PROTECT, related_name="+")
    """What the rules said last."""
    basis = models.ForeignKey(Rating, models.PROTECT, related_name="+")
    """The rating that the colour rests on: an earlier one than ``rating`` while a milder colour waits."""
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="+")
    """The decision in force."""
    colour = models.CharField(max_length=8, choices=list(COLOURS.items()), db_index=True)
    since_at = models.DateTimeField()
    falls_to = models.CharField(max_length=8, blank=True, choices=list(COLOURS.items()))
    """The milder colour that the rules now give and nobody has confirmed yet; empty: none waits."""

    class Meta:
        abstract = True


class Standing(State):
    """The state that counts now, under the leading rule set: one row an institution, equal to its last ``Move``."""

    institution = models.OneToOneField("institutions.Institution", models.PROTECT, related_name="standing")

    class Meta:
        indexes = (models.Index(fields=["falls_to"], name="standing_falling", condition=Q(falls_to__gt="")),)
        constraints = (
            models.CheckConstraint(condition=~Q(falls_to=models.F("colour")), name="standing_falls_elsewhere"),
        )


class Move(State):
    """The history of ``Standing``: from this instant it read so. Never changed; makes any day answerable."""

    institution = models.ForeignKey("institutions.Institution", models.PROTECT, related_name="moves")
    code = models.CharField(max_length=12)
    """Where the institution was."""
    was = models.CharField(max_length=8, blank=True, choices=list(COLOURS.items()))
    """The colour before; empty at first."""
    reason = models.TextField(blank=True)
    """Why a person let the colour fall."""
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
    version = models.ForeignKey("institutions.Version", models.PROTECT, related_name="+")
    """What was held about the institution when it objected."""
    fact = models.CharField(max_length=40, blank=True)
    """The contested fact; empty: the colour itself."""
    says = SealedText()
    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey("units.Post", models.PROTECT, related_name="+")
    due_on = models.DateField()
    due_moved = models.TextField(blank=True)
    """How the day moved when the calendar of worked days changed, one line each."""
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    is_upheld = models.BooleanField(null=True)
    grounds = models.TextField(blank=True)
    decision = models.OneToOneField(Decision, models.PROTECT, null=True, related_name="objection")
    """For an upheld objection to the colour: the decision that it led to, which needs its second signature."""

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None, is_upheld=None)
                | Q(decided_at__isnull=False, decided_by__isnull=False, is_upheld__isnull=False),
                name="objection_decided_paired",
            ),
            models.UniqueConstraint(
                "institution", "fact", condition=Q(decided_at=None), name="objection_one_open_a_fact"
            ),
        )


class Exhibit(models.Model):
    """证明材料 of an objection, handed in with it or while it waits for its answer."""

    objection = models.ForeignKey(Objection, models.PROTECT, related_name="exhibits")
    file = models.ForeignKey("vault.StoredFile", models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    added_by = models.ForeignKey("units.Post", models.PROTECT, related_name="+")


class Disclosure(models.Model):
    """That an institution's colour and facts were handed out: corrections must reach whoever got them."""

    institution = models.ForeignKey("institutions.Institution", models.PROTECT, related_name="disclosures")
    rating = models.ForeignKey(Rating, models.PROTECT, related_name="+")
    colour = models.CharField(max_length=8, choices=list(COLOURS.items()))
    facts = models.JSONField()
    """Names of the facts whose values were handed out."""
    receiver = models.CharField(max_length=80)
    what = models.CharField(max_length=80)
    disclosed_at = models.DateTimeField()
    disclosed_by = models.ForeignKey("units.Post", models.PROTECT, related_name="+")


class Correction(models.Model):
    """更正通知: a receiver got what an upheld objection made wrong, and must be told; ``sent_at`` says that it was."""

    disclosure = models.ForeignKey(Disclosure, models.PROTECT, related_name="corrections")
    objection = models.ForeignKey(Objection, models.PROTECT, related_name="corrections")
    sent_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint("disclosure", "objection", name="correction_once"),
            models.CheckConstraint(
                condition=Q(sent_at=None, sent_by=None) | Q(sent_at__isnull=False, sent_by__isnull=False),
                name="correction_sent_paired",
            ),
        )
