"""Tips, who has them, what was found, what was said to and by the informant, and every step on the way."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from shouhu.ledgers.tips.channels import channels
from shouhu.ledgers.units.hands import paired
from shouhu.ledgers.vault.fields import SealedJSON, SealedText

STATES = {
    "received": "待甄别", "triaged": "待分办", "assigned": "待接收", "verifying": "核查中", "concluded": "待反馈",
    "replied": "待办结", "reported": "待审批", "resolved": "已办结", "archived": "已归档", "suspended": "已挂起",
    "merged": "已合并",
}  # fmt: skip
OUTCOMES = {
    "true": "属实",
    "partly": "部分属实",
    "untrue": "不属实",
    "unclear": "无法核实",
    "elsewhere": "已转其他部门或地区",
}
TOLD = {
    "named": "涉及的机构或人员",
    "place": "地点",
    "happened": "什么时候的事",
    "since": "持续多久",
    "teller": "反映人与老人的关系",
}
"""What is asked besides the text."""
AGES = {"under60": "60岁以下", "60s": "60至69岁", "70s": "70至79岁", "80up": "80岁以上"}
"""Of the elder concerned."""
RATINGS = {"satisfied": "满意", "acceptable": "基本满意", "contested": "不认可"}
"""What the informant says to the answer."""


class Arrival(models.Model):
    """A list of another platform that was taken in at once: 12337, 12345, 上级交办."""

    file = models.ForeignKey("vault.StoredFile", models.PROTECT, related_name="+")
    channel = models.CharField(max_length=20, choices=[(one.code, one.title) for one in channels().values()])
    mapping = models.JSONField(default=dict)
    """Which column holds what, as understood and then confirmed."""
    report = models.JSONField(default=dict)
    """Counts and remarks of the reading, without personal data."""
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey("units.Post", models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (paired("arrival", "taken"),)


class Tip(models.Model):
    """One telling. At every instant one unit has it (``unit``), and once it is handed out one post (``handler``)."""

    receipt_hash = models.CharField(max_length=64, unique=True)
    """Keyed hash of the receipt: all that is known of it here."""
    channel = models.CharField(max_length=20, choices=[(one.code, one.title) for one in channels().values()])
    outer_number = models.CharField(max_length=60, blank=True)
    """Its number on the platform that it came from."""
    arrival = models.ForeignKey(Arrival, models.PROTECT, null=True, related_name="tips")
    code = models.CharField(max_length=12)
    """The division where it happened, as far as told; the county if nothing was."""
    received_at = models.DateTimeField()
    taken_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    """Whoever wrote it down; empty when it came over the public page."""
    sum_fen = models.BigIntegerField(null=True)
    n_victims = models.PositiveIntegerField(null=True)
    is_ongoing = models.BooleanField(null=True)
    is_urgent = models.BooleanField(default=False)
    """Money is moving, a crowd gathers, or the place has collapsed; as told, or as read."""
    age_band = models.CharField(max_length=10, choices=list(AGES.items()), blank=True)
    identity = models.OneToOneField("informants.Identity", models.PROTECT, null=True, related_name="+")

    read_at = models.DateTimeField(null=True)
    """When the text was read by the engine, and units and people that it names were barred; nobody sees it before."""
    guise = models.CharField(max_length=20, blank=True)
    scheme = models.CharField(max_length=30, blank=True)
    """Codes of the taxonomy; the engine's suggestion until somebody has sorted it."""
    institution = models.ForeignKey("institutions.Institution", models.PROTECT, null=True, related_name="tips")

    state = models.CharField(max_length=10, choices=list(STATES.items()), default="received")
    suspended_state = models.CharField(max_length=10, blank=True)
    """Where it goes on after it was suspended."""
    suspended_until_on = models.DateField(null=True)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="tips")
    handler = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="tips")
    is_in_scope = models.BooleanField(null=True)
    triaged_at = models.DateTimeField(null=True)
    triaged_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    archived_at = models.DateTimeField(null=True)
    archived_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    erase_on = models.DateField(null=True)
    """The day on which words, files and identity are erased; what remains are codes and dates."""
    erased_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    supervised_at = models.DateTimeField(null=True)
    supervised_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    """督办."""
    due_from_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    """Until when the next step is to be taken; nothing is due once resolved."""
    rating = models.CharField(max_length=10, choices=list(RATINGS.items()), blank=True)
    rated_at = models.DateTimeField(null=True)
    # The long ones last: a list reads the columns before them, and a database need not wade through these.
    text = SealedText()
    told = SealedJSON(default=dict)
    """Answers to the questions besides, by the names of TOLD."""
    copy = SealedText()
    """The redacted text that units get, looked through by whoever sorted the tip."""
    reading = SealedJSON(null=True)
    """What the engine made of it: types, reasons, entities."""

    class Meta:
        indexes = (
            models.Index("state", "due_on", name="tip_due"),
            # All that lists are narrowed, sorted and counted by, so that they need not touch the long rows.
            models.Index(
                "code",
                "state",
                "due_on",
                "handler",
                "is_urgent",
                "supervised_at",
                "read_at",
                condition=Q(read_at__isnull=False),
                name="tip_list",
            ),
            models.Index("unit", "state", name="tip_unit"),
            models.Index("handler", "state", name="tip_handler"),
            models.Index("received_at", name="tip_received"),
            models.Index("id", condition=Q(read_at=None), name="tip_unread"),
            models.Index("read_at", condition=Q(read_at__isnull=False), name="tip_read"),
            models.Index("rated_at", condition=Q(rated_at__isnull=False), name="tip_rated"),
            models.Index("erase_on", condition=Q(erased_at=None, erase_on__isnull=False), name="tip_erase"),
        )
        constraints = (
            models.UniqueConstraint(
                "channel", "outer_number", condition=~Q(outer_number=""), name="tip_outer_number_once"
            ),
            *(paired("tip", name) for name in ("triaged", "resolved", "archived", "supervised")),
            models.CheckConstraint(
                condition=Q(triaged_at=None, is_in_scope=None) | Q(triaged_at__isnull=False, is_in_scope__isnull=False),
                name="tip_triage_told",
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False) | (~Q(state="merged") & Q(merged_into=None)),
                name="tip_merged_names_other",
            ),
            models.CheckConstraint(
                condition=(Q(state="suspended", suspended_until_on__isnull=False) & ~Q(suspended_state=""))
                | (~Q(state="suspended") & Q(suspended_state="", suspended_until_on=None)),
                name="tip_suspended_returns",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("resolved", "archived")) | Q(resolved_at__isnull=False),
                name="tip_resolved_by_hand",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("resolved", "archived", "merged"), due_on=None, due_from_on=None)
                | (~Q(state__in=("resolved", "archived", "merged")) & Q(due_on__gte=F("due_from_on"))),
                name="tip_due_while_open",
            ),
            models.CheckConstraint(
                condition=Q(rating="", rated_at=None) | (~Q(rating="") & Q(rated_at__isnull=False)),
                name="tip_rating_dated",
            ),
        )

    @property
    def number(self) -> str:
        """The number that the desk uses; it has nothing to do with the receipt."""
        return f"X{self.pk:06d}"


class Bar(models.Model):
    """A unit or post that a tip names, or that a person barred: it never sees the tip."""

    tip = models.ForeignKey(Tip, models.PROTECT, related_name="bars")
    unit = models.ForeignKey("units.Unit", models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField()
    set_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    """Empty: found by reading the text."""
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    """The text only mentions it. Reading anew does not set a bar again that a person lifted."""

    class Meta:
        constraints = (
            paired("bar", "lifted"),
            models.CheckConstraint(
                condition=Q(unit__isnull=False, post=None) | Q(unit=None, post__isnull=False), name="bar_one_of_both"
            ),
            models.UniqueConstraint("tip", "unit", condition=Q(post=None), name="bar_unit_once"),
            models.UniqueConstraint("tip", "post", condition=Q(unit=None), name="bar_post_once"),
        )


class Transfer(models.Model):
    """中转台账: a tip on its way to a unit of the house, or out of it to another department or district."""

    tip = models.ForeignKey(Tip, models.PROTECT, related_name="transfers")
    from_unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    to_unit = models.ForeignKey("units.Unit", models.PROTECT, null=True, related_name="incoming")
    to_name = models.CharField(max_length=80, blank=True)
    """Who receives it outside the house."""
    is_joint = models.BooleanField(default=False)
    """The unit helps; the tip stays with whoever has it."""
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey("units.Post", models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    """Outside the house: who recorded the receipt."""
    returned_at = models.DateTimeField(null=True)
    returned_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    why_returned = SealedText()
    ended_at = models.DateTimeField(null=True)
    """The unit has it no more: returned, passed on, or the tip was resolved and archived."""

    class Meta:
        indexes = (models.Index("to_unit", "ended_at", name="transfer_live"),)
        constraints = (
            paired("transfer", "accepted"),
            paired("transfer", "returned"),
            models.CheckConstraint(
                condition=Q(to_unit__isnull=False, to_name="") | (Q(to_unit=None) & ~Q(to_name="")),
                name="transfer_one_receiver",
            ),
            models.CheckConstraint(condition=Q(returned_at=None) | Q(ended_at__isnull=False), name="transfer_over"),
        )


class Finding(models.Model):
    """核查结论: what was found, by which evidence and law, and what it changes in what is known of the institution."""

    tip = models.ForeignKey(Tip, models.PROTECT, related_name="findings")
    outcome = models.CharField(max_length=10, choices=list(OUTCOMES.items()))
    facts = SealedText()
    evidence = SealedText()
    basis = models.JSONField(default=list)
    """Clauses and articles."""
    changes = SealedJSON(default=dict)
    """Facts of the register by name, as the finding shows them; they reach the institution when it is recorded."""
    recovered_fen = models.BigIntegerField(null=True)
    n_persons = models.PositiveIntegerField(null=True)
    found_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("units.Post", models.PROTECT, related_name="+")
    replaced_at = models.DateTimeField(null=True)
    """When a later finding took its place, after the tip was sent back or taken up again."""

    class Meta:
        constraints = (models.UniqueConstraint("tip", condition=Q(replaced_at=None), name="finding_one_live"),)


class Report(models.Model):
    """办结报告: written by whoever handled the tip, approved or sent back by somebody else."""

    tip = models.ForeignKey(Tip, models.PROTECT, related_name="reports")
    text = SealedText()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("units.Post", models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    returned_at = models.DateTimeField(null=True)
    returned_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    why_returned = SealedText()

    class Meta:
        constraints = (
            paired("report", "approved"),
            paired("report", "returned"),
            models.UniqueConstraint("tip", condition=Q(returned_at=None, approved_at=None), name="report_one_pending"),
        )


class Message(models.Model):
    """What the office says to the informant over the receipt, and what the informant says back."""

    tip = models.ForeignKey(Tip, models.PROTECT, related_name="messages")
    text = SealedText()
    is_answer = models.BooleanField(default=False)
    """反馈: the answer to the tip itself."""
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    """Empty: by the informant."""
    read_at = models.DateTimeField(null=True)
    """When whom it was for had it on a page: the informant by the receipt, or the office. Nothing else tells that it was read."""
    key_hash = models.CharField(max_length=64, blank=True)
    """Keyed hash of the form's random key: a message that is sent twice is taken once."""

    class Meta:
        indexes = (models.Index("sent_at", condition=Q(sent_by=None), name="message_incoming"),)
        constraints = (
            models.UniqueConstraint("key_hash", condition=~Q(key_hash=""), name="message_key_once"),
            models.CheckConstraint(condition=Q(is_answer=False) | Q(sent_by__isnull=False), name="answer_by_office"),
        )


class Attachment(models.Model):
    """A file that came with a tip or message. The original stays sealed; units get a clean copy once a person released it."""

    tip = models.ForeignKey(Tip, models.PROTECT, related_name="attachments")
    message = models.ForeignKey(Message, models.PROTECT, null=True, related_name="attachments")
    finding = models.ForeignKey(Finding, models.PROTECT, null=True, related_name="attachments")
    """Evidence of the verification, not of the informant."""
    file = models.ForeignKey("vault.StoredFile", models.PROTECT, related_name="+")
    copy = models.ForeignKey("vault.StoredFile", models.PROTECT, null=True, related_name="+")
    """Empty where no clean copy can be made: then units do not get the file."""
    copied_at = models.DateTimeField(null=True)
    """When the copy was made, or found impossible to make; evidence of the office's own is not copied."""
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    """Who looked at the copy and gave it to units: a picture may still show a face or a name. Empty: units do not have it."""
    words = SealedText()
    """What a picture says, read by machine."""

    class Meta:
        indexes = (models.Index("id", condition=Q(copied_at=None, finding=None), name="attachment_uncopied"),)
        constraints = (
            paired("attachment", "released"),
            models.CheckConstraint(
                condition=Q(released_at=None) | Q(copy__isnull=False), name="attachment_released_copy"
            ),
        )


class Step(models.Model):
    """Something that was done about a tip, in the order it was recorded: its trail; never changed afterwards."""

    tip = models.ForeignKey(Tip, models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=20)
    """As in ``workflow.yaml``."""
    state = models.CharField(max_length=10, choices=list(STATES.items()))
    """Afterwards."""
    says = SealedText()
    unit = models.ForeignKey("units.Unit", models.PROTECT, null=True, related_name="+")
    """To which unit it went."""
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    """Empty: by the informant, or by the desk itself."""

    class Meta:
        indexes = (
            models.Index("tip", "recorded_at", name="tip_trail"),
            models.Index("recorded_at", name="tip_step_recorded"),
        )


class Term(models.Model):
    """How many worked days a county gives to a step, where it changed the proposed number."""

    code = models.CharField(max_length=12)
    state = models.CharField(max_length=10, choices=list(STATES.items()))
    n_days = models.PositiveSmallIntegerField()
    set_at = models.DateTimeField()
    set_by = models.ForeignKey("units.Post", models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint("code", "state", name="term_once"),
            models.CheckConstraint(condition=Q(n_days__gte=1, n_days__lte=90), name="term_possible"),
        )
