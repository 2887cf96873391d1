"""Disposals, their measures with due dates, and what proves them: evidence, talks, orders, referrals, refunds."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from shouhu.ledgers.ratings.models import COLOURS
from shouhu.ledgers.vault.fields import SealedText


def paired(what: str) -> Q:
    """This function will give the condition that an act has both an instant and a hand, or neither."""
    return Q(**{f"{what}_at": None, f"{what}_by": None}) | Q(
        **{f"{what}_at__isnull": False, f"{what}_by__isnull": False}
    )


class Disposal(models.Model):
    """分类处置 of one institution: opened by its colour, open until 销号; what comes after is a new one that names it."""

    institution = models.ForeignKey("institutions.Institution", models.PROTECT, related_name="disposals")
    rating = models.ForeignKey("ratings.Rating", models.PROTECT, related_name="+")
    """The rating on which its measures rest now."""
    colour = models.CharField(max_length=8, choices=list(COLOURS.items()))
    """The colour that demands its measures now."""
    worst = models.CharField(max_length=8, choices=list(COLOURS.items()))
    """The worst colour it ever had: an institution that was orange or red needs 一院一策."""
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey("units.Post", models.PROTECT, related_name="+")
    handler = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    """经办岗位."""
    assigned_at = models.DateTimeField(null=True)
    assigned_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    plan = SealedText()
    """一院一策."""
    planned_at = models.DateTimeField(null=True)
    planned_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    reopens = models.ForeignKey("self", models.PROTECT, null=True, related_name="reopened")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    close_note = models.TextField(blank=True)
    closing_rating = models.ForeignKey("ratings.Rating", models.PROTECT, null=True, related_name="+")
    """The rating that was made for closing."""

    class Meta:
        indexes = (models.Index("closed_at", "colour", name="disposal_open_colour"),)
        constraints = (
            models.UniqueConstraint("institution", condition=Q(closed_at=None), name="disposal_one_open"),
            models.CheckConstraint(condition=paired("assigned"), name="disposal_assigned_paired"),
            models.CheckConstraint(condition=paired("planned"), name="disposal_planned_paired"),
            models.CheckConstraint(condition=paired("closed"), name="disposal_closed_paired"),
            models.CheckConstraint(
                condition=Q(closed_at=None, closing_rating=None)
                | Q(closed_at__isnull=False, closing_rating__isnull=False),
                name="disposal_closed_rated",
            ),
            models.CheckConstraint(
                condition=Q(handler=None) | Q(assigned_at__isnull=False), name="disposal_handler_assigned"
            ),
        )


class Task(models.Model):
    """One measure of a disposal. Its words are copied, so that a later edition of the plan does not change them."""

    disposal = models.ForeignKey(Disposal, models.PROTECT, related_name="tasks")
    ruleset_id = models.CharField(max_length=20)
    measure = models.CharField(max_length=30)
    says = models.CharField(max_length=60)
    when = models.CharField(max_length=120, blank=True)
    """The condition under which the plan demands it; empty: always."""
    body = models.CharField(max_length=80)
    """Who may do it, in the plan's and the law's words."""
    powers = models.JSONField()
    """Clauses that give the power."""
    clause = models.CharField(max_length=60)
    mark = models.CharField(max_length=1, blank=True)
    proof = models.CharField(max_length=8)
    """What must be on file before it counts as done (``terms.yaml``)."""
    post = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    """承办岗位, where it is not the handler of the disposal."""
    is_kept = models.BooleanField(default=False)
    """Taken up again by hand: no change of colour drops it."""
    starts_on = models.DateField()
    n_days = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    due_how = models.JSONField()
    """How the due day was counted, as sentences."""
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    result = models.TextField(blank=True)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    returned_at = models.DateTimeField(null=True)
    returned_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    returned_why = models.CharField(max_length=300, blank=True)
    waived_at = models.DateTimeField(null=True)
    waived_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    waived_why = models.CharField(max_length=300, blank=True)
    dropped_at = models.DateTimeField(null=True)
    dropped_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    dropped_why = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = (models.Index("due_on", name="task_due", condition=Q(done_at=None, waived_at=None, dropped_at=None)),)
        constraints = (
            models.UniqueConstraint("disposal", "measure", condition=Q(dropped_at=None), name="task_once"),
            *(
                models.CheckConstraint(condition=paired(act), name=f"task_{act}_paired")
                for act in ("done", "reviewed", "returned", "waived", "dropped")
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at=None) | Q(done_at__isnull=False), name="task_reviewed_after_done"
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(waived_at=None, dropped_at=None, returned_at=None), name="task_one_end"
            ),
            models.CheckConstraint(condition=Q(waived_at=None) | Q(dropped_at=None), name="task_waived_or_dropped"),
            models.CheckConstraint(condition=Q(n_days__gte=1), name="task_takes_days"),
            models.CheckConstraint(condition=Q(due_on__gt=F("starts_on")), name="task_due_after_start"),
        )


class Application(models.Model):
    """申请 about a measure: to stop its clock, to extend it, or not to take it; counts once somebody else approves."""

    KINDS: ClassVar = {"pause": "中止计时", "extension": "延长时限", "waiver": "不采取该措施"}

    task = models.ForeignKey(Task, models.PROTECT, related_name="applications")
    kind = models.CharField(max_length=9, choices=list(KINDS.items()))
    from_on = models.DateField(null=True)
    until_on = models.DateField(null=True)
    """First and last day on which the clock stands still."""
    n_days = models.PositiveSmallIntegerField(null=True)
    """Worked days more."""
    reason = models.CharField(max_length=300)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("units.Post", models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    refused_at = models.DateTimeField(null=True)
    refused_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    refused_why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=paired("approved"), name="application_approved_paired"),
            models.CheckConstraint(condition=paired("refused"), name="application_refused_paired"),
            models.CheckConstraint(condition=Q(approved_at=None) | Q(refused_at=None), name="application_one_answer"),
            models.CheckConstraint(
                condition=Q(kind="pause", from_on__isnull=False, until_on__gte=F("from_on"), n_days=None)
                | Q(kind="extension", from_on=None, until_on=None, n_days__gte=1)
                | Q(kind="waiver", from_on=None, until_on=None, n_days=None),
                name="application_terms",
            ),
            models.UniqueConstraint(
                "task", condition=Q(approved_at=None, refused_at=None), name="application_one_pending"
            ),
        )


class Evidence(models.Model):
    """What proves a measure: a file or a note, as of a day; a new revision is added, the old one stays."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="evidence")
    n = models.PositiveSmallIntegerField()
    """The piece of evidence, counted within the measure."""
    revision = models.PositiveSmallIntegerField(default=1)
    effective_on = models.DateField()
    """The day for which it speaks; not the day on which it was added."""
    file = models.ForeignKey("vault.StoredFile", models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=300, blank=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey("units.Post", models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint("task", "n", "revision", name="evidence_once"),
            models.CheckConstraint(condition=Q(file__isnull=False) | ~Q(note=""), name="evidence_not_empty"),
        )


class Talk(models.Model):
    """约谈: who sat there and what was said is sealed."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="talks")
    held_on = models.DateField()
    place = models.CharField(max_length=120)
    present = SealedText()
    summary = SealedText()
    file = models.ForeignKey("vault.StoredFile", models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()
    added_by = models.ForeignKey("units.Post", models.PROTECT, related_name="+")


class Order(models.Model):
    """责令文书: which unit orders what, and by which article it may (DIS-3)."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="orders")
    number = models.CharField(max_length=60, unique=True)
    """文号."""
    issued_on = models.DateField()
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    """The unit that signs."""
    article = models.CharField(max_length=60)
    demands = models.TextField()
    due_on = models.DateField()
    file = models.ForeignKey("vault.StoredFile", models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()
    added_by = models.ForeignKey("units.Post", models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(due_on__gte=F("issued_on")), name="order_term"),)


class Referral(models.Model):
    """通报、移送: sent to somebody else, received against a receipt, and what they made of it."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="referrals")
    receiver = models.CharField(max_length=80)
    sent_on = models.DateField()
    note = models.CharField(max_length=300, blank=True)
    file = models.ForeignKey("vault.StoredFile", models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey("units.Post", models.PROTECT, related_name="+")
    receipt_number = models.CharField(max_length=60, blank=True)
    received_on = models.DateField(null=True)
    receipt = models.ForeignKey("vault.StoredFile", models.PROTECT, null=True, related_name="+")
    result = models.TextField(blank=True)
    result_on = models.DateField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(receipt_number="", received_on=None)
                | (~Q(receipt_number="") & Q(received_on__gte=F("sent_on"))),
                name="referral_receipt",
            ),
            models.CheckConstraint(
                condition=Q(result="", result_on=None) | (~Q(result="") & Q(result_on__gte=F("sent_on"))),
                name="referral_result",
            ),
        )


class Refund(models.Model):
    """清退: one entry of the refund ledger; a mistake is put right by an entry that names it, never by a change."""

    KINDS: ClassVar = {"owed": "应清退", "paid": "已清退"}

    disposal = models.ForeignKey(Disposal, models.PROTECT, related_name="refunds")
    kind = models.CharField(max_length=4, choices=list(KINDS.items()))
    on = models.DateField()
    n_persons = models.IntegerField()
    sum_fen = models.BigIntegerField()
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections")
    file = models.ForeignKey("vault.StoredFile", models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("units.Post", models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(corrects=None, sum_fen__gt=0, n_persons__gte=1) | (Q(corrects__isnull=False) & ~Q(note="")),
                name="refund_positive_or_corrects",
            ),
            models.CheckConstraint(
                condition=Q(kind="owed") | Q(corrects__isnull=False) | Q(file__isnull=False), name="refund_paid_proved"
            ),
        )


class Step(models.Model):
    """The trail: every act on a disposal with the words that belong to it; never changed, kept after 销号."""

    disposal = models.ForeignKey(Disposal, models.PROTECT, related_name="steps")
    task = models.ForeignKey(Task, models.PROTECT, null=True, related_name="steps")
    verb = models.CharField(max_length=30)
    note = models.TextField(blank=True)
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey("units.Post", models.PROTECT, related_name="+")

    class Meta:
        indexes = (models.Index("disposal", "taken_at", name="step_history"),)
