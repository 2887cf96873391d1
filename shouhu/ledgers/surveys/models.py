"""Questionnaires by version, rounds, who surveys what, answer sheets and their photos."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from shouhu.ledgers.vault.fields import SealedJSON, SealedText

METHODS = {"visit": "上门", "video": "视频", "call": "电话", "papers": "查资料"}
CAPTIONS = {
    "front": "门头或招牌", "licence": "证照", "prices": "收费公示", "contract": "合同或收据样本", "publicity": "宣传资料",
    "inside": "内部场所", "other": "其他",
}  # fmt: skip


def together(first: str, second: str) -> Q:
    """This function will give the condition that two columns are filled both or neither."""
    return Q(**{first: None, second: None}) | Q(**{f"{first}__isnull": False, f"{second}__isnull": False})


class Questionnaire(models.Model):
    """The questions as they were on one day; never changed: a round keeps the wording that was asked."""

    number = models.PositiveIntegerField(unique=True)
    digest = models.CharField(max_length=64, unique=True)
    """SHA-256 of the content."""
    content = models.JSONField()
    """Topics, each ``{id, title, questions: [{name, title, type, ask, unit, choices, personal, expires}]}``."""
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("units.Post", models.PROTECT, related_name="+")


class Round(models.Model):
    """One survey of a division: from a day to a day, with one questionnaire."""

    title = models.CharField(max_length=80)
    campaign = models.ForeignKey("campaigns.Campaign", models.PROTECT, related_name="rounds")
    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="rounds")
    code = models.CharField(max_length=12, db_index=True)
    opens_on = models.DateField()
    due_on = models.DateField()
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey("units.Post", models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(due_on__gte=F("opens_on")), name="round_order"),
            models.CheckConstraint(condition=together("closed_at", "closed_by"), name="round_closed_paired"),
        )


class Assignment(models.Model):
    """That a unit is to survey an institution in a round, and why it is that unit."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="assignments")
    institution = models.ForeignKey("institutions.Institution", models.PROTECT, related_name="assignments")
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    post = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    """Empty: anybody of the unit who may survey."""
    code = models.CharField(max_length=12)
    """Division code of the institution."""
    due_on = models.DateField()
    planned_on = models.DateField(null=True)
    """When the surveyor means to go; not told to the institution (四不两直)."""
    why = models.CharField(max_length=20)
    """Id of the rule in ``duties.yaml``; ``manual``: a person chose."""
    assigned_at = models.DateTimeField()
    assigned_by = models.ForeignKey("units.Post", models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = (models.Index("round", "code", name="assignment_place"),)
        constraints = (
            models.UniqueConstraint("round", "institution", name="assignment_once"),
            models.CheckConstraint(
                condition=together("withdrawn_at", "withdrawn_by"), name="assignment_withdrawn_paired"
            ),
        )


class Sheet(models.Model):
    """
    One answer sheet as it was handed in; its answers are never changed afterwards.

    It waits for review until it is accepted, returned, or superseded by a later sheet of the same hand.
    """

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="sheets")
    n = models.PositiveIntegerField()
    key = models.UUIDField(unique=True)
    """Made by the device: the same sheet sent twice is one sheet."""
    base = models.PositiveIntegerField()
    """Number of the version of facts that the surveyor had before them."""
    answers = models.JSONField()
    """Fact name to value as in ``register.jsonl``; null: asked, and could not be found out."""
    personal = SealedJSON(default=dict)
    method = models.CharField(max_length=6, choices=list(METHODS.items()))
    visited_at = models.DateTimeField()
    n_asked = models.PositiveIntegerField()
    """How many residents or their agents were asked; no names."""
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    note = SealedText()
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey("units.Post", models.PROTECT, related_name="+")
    superseded_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    returned_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    return_reason = models.CharField(max_length=300, blank=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    version = models.ForeignKey("institutions.Version", models.PROTECT, null=True, related_name="+")
    """The version of facts that it became."""

    class Meta:
        indexes = (models.Index("submitted_at", name="sheet_submitted"),)
        constraints = (
            models.UniqueConstraint("assignment", "n", name="sheet_once"),
            models.CheckConstraint(condition=together("returned_at", "returned_by"), name="sheet_returned_paired"),
            models.CheckConstraint(
                condition=together("accepted_at", "accepted_by") & together("accepted_at", "version"),
                name="sheet_accepted_whole",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, returned_at=None)
                | Q(accepted_at=None, superseded_at=None)
                | Q(returned_at=None, superseded_at=None),
                name="sheet_one_outcome",
            ),
            models.CheckConstraint(
                condition=Q(returned_at=None) | ~Q(return_reason=""), name="sheet_returned_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None) | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="sheet_point",
            ),
        )


class Photo(models.Model):
    """A photo of a sheet: kept without its EXIF data, known by what was handed in and by what it looks like."""

    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="photos")
    file = models.ForeignKey("vault.StoredFile", models.PROTECT, related_name="+")
    content_hash = models.CharField(max_length=64, db_index=True)
    """SHA-256 of the file as it was handed in."""
    look = models.CharField(max_length=16, blank=True)
    """What it looks like in 64 bits (hex): the same picture saved anew differs in a few; empty: nothing to see."""
    caption = models.CharField(max_length=10, choices=list(CAPTIONS.items()))
    added_at = models.DateTimeField()
    added_by = models.ForeignKey("units.Post", models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint("sheet", "content_hash", name="photo_once"),)
