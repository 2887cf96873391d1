"""Orders with their trail, circulars and who received them, talks, what was looked at again, and random inspections."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from shouhu.ledgers.units.hands import paired
from shouhu.ledgers.vault.fields import SealedText

MANNERS = {"praise": "通报表扬", "criticism": "通报批评"}
MATTERS = {"tip": "办结线索", "clearance": "销号场所", "disposal": "销号处置", "move": "降级机构"}
"""What a 回头看 draws from (003, 000-14)."""
SUBJECTS = ("duty", "tip", "disposal", "clearance", "institution")
"""What an order may be about, by the names of its columns."""


FOUND = {
    "none": "未发现问题",
    "mended": "发现问题，已当场整改",
    "ordered": "发现问题，责令整改",
    "referred": "发现问题，移交处理",
}
"""What an inspection finds."""


def one_of(names: tuple[str, ...], *, may_be_none: bool) -> Q:
    """This function will give the condition that exactly one of the columns is filled, or none where that may be."""
    condition = Q(**dict.fromkeys(names)) if may_be_none else Q(pk__in=())
    for name in names:
        others = {other: None for other in names if other != name}
        condition |= Q(**{f"{name}__isnull": False}, **others)
    return condition


class RegulatoryTalk(models.Model):
    """约谈 of a unit: called by a notice, then on record; what it undertakes become orders."""

    number = models.CharField(max_length=40)
    issuer = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="regulatory_talks")
    meets_on = models.DateField()
    meets_when = models.TimeField()
    place = models.CharField(max_length=120)
    invited = models.CharField(max_length=120)
    """Who of the unit is to come."""
    why = models.TextField()
    called_at = models.DateTimeField()
    called_by = models.ForeignKey("units.Post", models.PROTECT, related_name="+")
    held_on = models.DateField(null=True)
    present = SealedText()
    summary = SealedText()
    file = models.ForeignKey("vault.StoredFile", models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(null=True)
    recorded_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    why_cancelled = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = (models.Index("unit", "recorded_at", name="regulatory_talk_unit"),)
        constraints = (
            models.UniqueConstraint("issuer", "number", name="regulatory_talk_number"),
            paired("regulatory_talk", "recorded"),
            paired("regulatory_talk", "cancelled"),
            models.CheckConstraint(
                condition=Q(recorded_at=None, held_on=None) | Q(recorded_at__isnull=False, held_on__isnull=False),
                name="regulatory_talk_held",
            ),
            models.CheckConstraint(
                condition=Q(recorded_at=None) | Q(cancelled_at=None), name="regulatory_talk_one_end"
            ),
        )

    @property
    def state(self) -> str:
        """A state of ``workflow.yaml``."""
        return "cancelled" if self.cancelled_at else "held" if self.recorded_at else "called"


class SupervisionOrder(models.Model):
    """督办单: what a unit is to do until a day; the day stands in the paper, so it moves by an act and never by itself."""

    number = models.CharField(max_length=40)
    issuer = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="supervision_orders")
    title = models.CharField(max_length=80)
    issue = SealedText()
    duty = models.ForeignKey("campaigns.Duty", models.PROTECT, null=True, related_name="supervision_orders")
    tip = models.ForeignKey("tips.Tip", models.PROTECT, null=True, related_name="supervision_orders")
    disposal = models.ForeignKey("disposals.Disposal", models.PROTECT, null=True, related_name="supervision_orders")
    clearance = models.ForeignKey("clearances.Clearance", models.PROTECT, null=True, related_name="supervision_orders")
    institution = models.ForeignKey(
        "institutions.Institution", models.PROTECT, null=True, related_name="supervision_orders"
    )
    talk = models.ForeignKey(RegulatoryTalk, models.PROTECT, null=True, related_name="undertakings")
    """The talk at which the unit undertook it."""
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey("units.Post", models.PROTECT, related_name="+")
    due_on = models.DateField()
    due_how = models.JSONField()
    """How the due day was counted, as sentences."""
    n_levels = models.PositiveSmallIntegerField(default=0)
    """How far it was reported upward; counted anew once it is returned with a new day."""
    replied_at = models.DateTimeField(null=True)
    replied_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    returned_at = models.DateTimeField(null=True)
    returned_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = (
            models.Index("unit", "due_on", name="order_unit"),
            models.Index("due_on", condition=Q(replied_at=None, withdrawn_at=None), name="order_due"),
        )
        constraints = (
            models.UniqueConstraint("issuer", "number", name="order_number"),
            *(paired("order", name) for name in ("replied", "returned", "accepted", "withdrawn")),
            models.CheckConstraint(condition=one_of(SUBJECTS, may_be_none=True), name="order_one_subject"),
            models.CheckConstraint(
                condition=Q(replied_at=None) | Q(returned_at=None), name="order_replied_or_returned"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(replied_at__isnull=False), name="order_replied_first"
            ),
            models.CheckConstraint(condition=Q(accepted_at=None) | Q(withdrawn_at=None), name="order_one_end"),
        )

    @property
    def state(self) -> str:
        """A state of ``workflow.yaml``, read from what is filled in."""
        dated = {
            "withdrawn": self.withdrawn_at, "accepted": self.accepted_at, "replied": self.replied_at,
            "returned": self.returned_at,
        }  # fmt: skip
        return next((state for state, at in dated.items() if at), "open")


class Step(models.Model):
    """Something that was done about an order, in the order it was recorded: its trail; never changed afterwards."""

    order = models.ForeignKey(SupervisionOrder, models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=10)
    """As in ``workflow.yaml``, or ``issue``."""
    says = SealedText()
    file = models.ForeignKey("vault.StoredFile", models.PROTECT, null=True, related_name="+")
    told = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    """Of an escalation: who was told."""
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("units.Post", models.PROTECT, related_name="+")

    class Meta:
        indexes = (
            models.Index("order", "recorded_at", name="order_trail"),
            models.Index("recorded_at", name="order_step_recorded"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(verb="escalate", told__isnull=False) | (~Q(verb="escalate") & Q(told=None)),
                name="order_step_told",
            ),
        )


class Circular(models.Model):
    """通报: praise or criticism to units; numbered once it is issued, and never changed afterwards."""

    number = models.CharField(max_length=40, blank=True)
    issuer = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    manner = models.CharField(max_length=10, choices=list(MANNERS.items()))
    title = models.CharField(max_length=80)
    text = models.TextField()
    drafted_at = models.DateTimeField()
    drafted_by = models.ForeignKey("units.Post", models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(null=True)
    issued_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    dropped_at = models.DateTimeField(null=True)
    dropped_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint("issuer", "number", condition=~Q(number=""), name="circular_number"),
            paired("circular", "issued"),
            paired("circular", "dropped"),
            models.CheckConstraint(
                condition=Q(issued_at=None, number="") | (Q(issued_at__isnull=False) & ~Q(number="")),
                name="circular_numbered",
            ),
            models.CheckConstraint(condition=Q(issued_at=None) | Q(dropped_at=None), name="circular_one_end"),
        )

    @property
    def state(self) -> str:
        """A state of ``workflow.yaml``."""
        return "dropped" if self.dropped_at else "issued" if self.issued_at else "draft"


class Delivery(models.Model):
    """That a circular goes to a unit, whether it is about it, and its receipt (签收)."""

    circular = models.ForeignKey(Circular, models.PROTECT, related_name="deliveries")
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="circulars")
    is_named = models.BooleanField(default=False)
    """Whether it is praised or criticised."""
    received_at = models.DateTimeField(null=True)
    received_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint("circular", "unit", name="delivery_once"),
            paired("delivery", "received"),
        )


class LookBack(models.Model):
    """回头看: a sample of what was closed in a period, drawn by a seed that is kept, so that anybody can draw it again."""

    issuer = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    title = models.CharField(max_length=80)
    from_on = models.DateField()
    until_on = models.DateField()
    shares = models.JSONField()
    """Kind of matter → how many were asked for: ``5``, or ``10%``."""
    pools = models.JSONField()
    """Kind of matter → ids of everything that it was drawn from, sorted."""
    seed = models.CharField(max_length=64)
    due_on = models.DateField()
    due_how = models.JSONField()
    drawn_at = models.DateTimeField()
    drawn_by = models.ForeignKey("units.Post", models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="look_back_period"),)


class Item(models.Model):
    """One matter of a 回头看: who is to look at it, what they found, and whether it was opened again."""

    look_back = models.ForeignKey(LookBack, models.PROTECT, related_name="items")
    kind = models.CharField(max_length=10, choices=list(MATTERS.items()))
    tip = models.ForeignKey("tips.Tip", models.PROTECT, null=True, related_name="look_backs")
    clearance = models.ForeignKey("clearances.Clearance", models.PROTECT, null=True, related_name="look_backs")
    disposal = models.ForeignKey("disposals.Disposal", models.PROTECT, null=True, related_name="look_backs")
    move = models.ForeignKey("ratings.Move", models.PROTECT, null=True, related_name="look_backs")
    unit = models.ForeignKey("units.Unit", models.PROTECT, null=True, related_name="look_backs")
    """Who looks; empty: no unit that was chosen may, and one has to be named by hand."""
    is_sound = models.BooleanField(null=True)
    """Whether whoever looked found it as it was closed."""
    looked_on = models.DateField(null=True)
    says = SealedText()
    file = models.ForeignKey("vault.StoredFile", models.PROTECT, null=True, related_name="+")
    looked_at = models.DateTimeField(null=True)
    looked_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    """Of a doubtful one: who opened it again, or decided that it stays."""
    is_reopened = models.BooleanField(null=True)
    why = SealedText()

    class Meta:
        indexes = (models.Index("unit", "looked_at", name="item_unit"),)
        constraints = (
            paired("item", "looked"),
            paired("item", "settled"),
            models.CheckConstraint(condition=one_of(tuple(MATTERS), may_be_none=False), name="item_one_matter"),
            models.CheckConstraint(
                condition=Q(looked_at=None, is_sound=None, looked_on=None)
                | Q(looked_at__isnull=False, is_sound__isnull=False, looked_on__isnull=False, unit__isnull=False),
                name="item_looked_whole",
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, is_reopened=None)
                | Q(settled_at__isnull=False, is_reopened__isnull=False, is_sound=False),
                name="item_settled_whole",
            ),
            *(
                models.UniqueConstraint(
                    "look_back", name, condition=Q(**{f"{name}__isnull": False}), name=f"item_{name}_once"
                )
                for name in MATTERS
            ),
        )

    @property
    def state(self) -> str:
        """A state of ``workflow.yaml``."""
        if self.settled_at:
            return "reopened" if self.is_reopened else "kept"
        if self.looked_at is None:
            return "waiting"
        return "kept" if self.is_sound else "doubtful"


class RandomInspection(models.Model):
    """双随机 (000-19): pool and seed sealed, then drawn; the published file lets anybody draw it again."""

    issuer = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    title = models.CharField(max_length=80)
    sealed = models.JSONField()
    """What is published before the draw, as ``engines.draws.published`` gives it."""
    seed = SealedText()
    """64 hex digits; nobody sees them before the draw."""
    committed_at = models.DateTimeField()
    committed_by = models.ForeignKey("units.Post", models.PROTECT, related_name="+")
    published = models.JSONField(null=True)
    """What is published after the draw: everything, with seed, words and result."""
    drawn_at = models.DateTimeField(null=True)
    drawn_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            paired("random_inspection", "drawn"),
            models.CheckConstraint(
                condition=Q(drawn_at=None, published=None) | Q(drawn_at__isnull=False, published__isnull=False),
                name="random_inspection_published",
            ),
        )

    @property
    def state(self) -> str:
        """A state of ``workflow.yaml``."""
        return "drawn" if self.drawn_at else "committed"


class Visit(models.Model):
    """An institution that was drawn, its team, and what they found."""

    inspection = models.ForeignKey(RandomInspection, models.PROTECT, related_name="visits")
    institution = models.ForeignKey("institutions.Institution", models.PROTECT, related_name="random_visits")
    team = models.ManyToManyField("units.Post", related_name="random_visits")
    n_missing = models.PositiveSmallIntegerField()
    """Inspectors that could not be found because of conflicts."""
    found = models.CharField(max_length=10, choices=list(FOUND.items()), blank=True)
    found_on = models.DateField(null=True)
    says = SealedText()
    file = models.ForeignKey("vault.StoredFile", models.PROTECT, null=True, related_name="+")
    found_at = models.DateTimeField(null=True)
    found_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint("inspection", "institution", name="visit_once"),
            paired("visit", "found"),
            models.CheckConstraint(
                condition=Q(found_at=None, found="", found_on=None)
                | (Q(found_at__isnull=False, found_on__isnull=False) & ~Q(found="")),
                name="visit_found_whole",
            ),
        )

    @property
    def state(self) -> str:
        """A state of ``workflow.yaml``."""
        return "found" if self.found_at else "drawn"
