"""Unregistered sites on their way to zero: one row from being found to 销号, what was done, and what was proposed as its end."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from shouhu.ledgers.units.hands import paired
from shouhu.ledgers.vault.fields import SealedText

NATURES = {"social": "社会服务机构（民办非企业单位）名义", "enterprise": "企业名义", "other": "其他"}
"""In whose name a site works (002-10 三(四)2(2))."""
TRACKS = {"urge": "督促登记", "refund": "责令退费", "transfer": "移交", "joint": "联合执法"}
"""What is done about a site (001 二(二)四是); several may apply."""
OUTCOMES = {"registered": "登记备案完成", "shut": "关停取缔", "not_care": "确认不属养老服务"}


class Clearance(models.Model):
    """An unregistered site on the ledger. A site that is seen again after 销号 gets a new row that names the old one."""

    institution = models.ForeignKey("institutions.Institution", models.PROTECT, related_name="clearances")
    reopens = models.OneToOneField("self", models.PROTECT, null=True, related_name="reopened_as")
    owner = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="clearances")
    """包干人: the one post that answers for the site."""
    found_at = models.DateTimeField()
    found_by = models.ForeignKey("units.Post", models.PROTECT, related_name="+")
    verified_at = models.DateTimeField(null=True)
    verified_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    opened_when = models.CharField(max_length=30, blank=True)
    """开办时间 as people on the spot tell it: 2021年3月, 三年前."""
    classified_at = models.DateTimeField(null=True)
    classified_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    nature = models.CharField(max_length=10, choices=list(NATURES.items()), blank=True)
    is_stable = models.BooleanField(null=True)
    is_large = models.BooleanField(null=True)
    """Whether large prepayments are taken."""
    tracks = models.JSONField(default=list)
    """Names of TRACKS, in their order."""
    acted_at = models.DateTimeField(null=True)
    acted_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    """When the first measure was recorded."""
    proposal = models.OneToOneField("Proposal", models.PROTECT, null=True, related_name="+")
    """The end that is proposed now; one that was sent back is kept, but not named here."""
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    """The row of the same site that goes on, where two entries turned out to be one institution; closed without 销号."""
    due_from_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    """Until when the next step is to be taken, counted in worked days from ``due_from_on``; nothing is due once closed."""

    class Meta:
        indexes = (
            models.Index("closed_at", "due_on", name="clearance_due"),
            models.Index("owner", "closed_at", name="clearance_owner"),
        )
        constraints = (
            models.UniqueConstraint("institution", condition=Q(closed_at=None), name="clearance_one_open"),
            *(paired("clearance", name) for name in ("verified", "classified", "acted", "closed")),
            models.CheckConstraint(
                condition=Q(classified_at=None, nature="", is_stable=None, is_large=None)
                | (Q(classified_at__isnull=False, is_stable__isnull=False, is_large__isnull=False) & ~Q(nature="")),
                name="clearance_classified_whole",
            ),
            models.CheckConstraint(condition=Q(verified_at=None) | Q(owner__isnull=False), name="clearance_owned"),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(proposal__isnull=False) | Q(merged_into__isnull=False),
                name="clearance_proved",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, due_from_on__isnull=False, due_on__gte=F("due_from_on"))
                | Q(closed_at__isnull=False, due_from_on=None, due_on=None),
                name="clearance_due_while_open",
            ),
        )

    @property
    def state(self) -> str:
        """How far it has come, a name of ``transitions.STATES``; read from what is filled in."""
        if self.closed_at:
            return "closed"
        if self.proposal:
            return "reviewed" if self.proposal.reviewed_at else "proposed"
        reached = {"acting": self.acted_at, "classified": self.classified_at, "verified": self.verified_at}
        return next((state for state, at in reached.items() if at), "found")


class Proposal(models.Model):
    """That a site is done with, and the proof; looked through by somebody else, or sent back with a reason."""

    clearance = models.ForeignKey(Clearance, models.PROTECT, related_name="proposals")
    outcome = models.CharField(max_length=10, choices=list(OUTCOMES.items()))
    document_number = models.CharField(max_length=60)
    """Certificate of registration, closing document, or record of the check."""
    file = models.ForeignKey("vault.StoredFile", models.PROTECT, related_name="+")
    """Photo or scan."""
    done_on = models.DateField()
    is_filed = models.BooleanField(null=True)
    """Once registered: whether 备案 is done, too."""
    n_residents = models.PositiveIntegerField(null=True)
    n_placed = models.PositiveIntegerField(null=True)
    """Of a site that was shut: how many lived there, and how many of them have a place to live."""
    grounds = SealedText()
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey("units.Post", models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    returned_at = models.DateTimeField(null=True)
    returned_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            paired("proposal", "reviewed"),
            paired("proposal", "returned"),
            models.CheckConstraint(condition=~Q(document_number=""), name="proposal_documented"),
            models.CheckConstraint(
                condition=~Q(outcome="registered") | Q(is_filed__isnull=False), name="proposal_filing_known"
            ),
            models.CheckConstraint(
                condition=~Q(outcome="shut") | Q(n_residents__isnull=False, n_placed=F("n_residents")),
                name="proposal_everyone_placed",
            ),
            models.UniqueConstraint("clearance", condition=Q(returned_at=None), name="proposal_one_live"),
        )


class Step(models.Model):
    """Something that was done about a site, in the order it was recorded: its trail; never changed afterwards."""

    clearance = models.ForeignKey(Clearance, models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=10)
    """As in ``transitions.TRANSITIONS``, or ``find``."""
    track = models.CharField(max_length=10, choices=list(TRACKS.items()), blank=True)
    body = models.CharField(max_length=80, blank=True)
    """Who did it by law; of a transfer: who receives it."""
    document_number = models.CharField(max_length=60, blank=True)
    file = models.ForeignKey("vault.StoredFile", models.PROTECT, null=True, related_name="+")
    says = SealedText()
    answers = models.OneToOneField("self", models.PROTECT, null=True, related_name="answer")
    """Of a receipt: the transfer that it is for."""
    done_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("units.Post", models.PROTECT, related_name="+")

    class Meta:
        indexes = (models.Index("clearance", "recorded_at", name="clearance_trail"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(verb="receive", answers__isnull=False) | (~Q(verb="receive") & Q(answers=None)),
                name="step_receipt_answers",
            ),
            models.CheckConstraint(
                condition=~Q(track__in=("refund", "transfer", "joint"), verb__in=("act", "transfer"))
                | (~Q(body="") & ~Q(document_number="")),
                name="step_names_body_and_document",
            ),
        )
