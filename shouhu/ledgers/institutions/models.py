"""Institutions and sites, their versions of facts, where they stood, who stood behind them, and batches of import."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from shouhu.ledgers.vault.fields import SealedJSON, SealedText

SOURCES = {
    "known": "日常掌握", "police": "公安共享", "market": "市场监管共享", "registry": "金民工程推送", "tip": "举报线索",
    "grid": "网格发现", "survey": "排查中发现", "import": "台账导入",
}  # fmt: skip
"""Where an institution came from (001 二(二)一是: 应查尽查 must show it)."""
CAUSES = {
    "import": "台账导入", "survey": "排查核定", "edit": "直接修改", "objection": "异议更正", "found": "新发现",
    "merge": "合并", "undo": "撤销导入", "events": "变更记录", "clearance": "清零销号", "division": "区划变更",
    "tip": "线索核查",
}  # fmt: skip
"""How a fact was learnt; ``events``: counted from dated changes of hands, places and outlets."""
ROLES = {"legal_representative": "法定代表人", "principal": "主要负责人", "investor": "投资人", "operator": "运营主体"}
"""In what capacity a person or company stands behind an institution."""
DECISIONS = {"new": "新增", "update": "更新", "skip": "不导入", "ask": "待定"}


class Numbering(models.Model):
    """The last running number that a county gave to an institution; one row a county, locked by whoever registers."""

    county = models.CharField(max_length=6, primary_key=True)
    last = models.PositiveIntegerField(default=0)


class Batch(models.Model):
    """One import of a register: staged in chunks, checked, then shown by one switch, or dropped."""

    file = models.ForeignKey("vault.StoredFile", models.PROTECT)
    source = models.CharField(max_length=10, choices=list(SOURCES.items()))
    code = models.CharField(max_length=12)
    mapping = models.JSONField(default=list)
    """How its tables are read: place, head and columns of each, as understood and then confirmed by the clerk."""
    report = models.JSONField(default=dict)
    """Counts and remarks of the reading, without personal data."""
    n_rows = models.PositiveIntegerField(default=0)
    n_staged = models.PositiveIntegerField(default=0)
    """How far staging has come; a broken import goes on from here."""
    n_taken = models.PositiveIntegerField(default=0)
    """How many staged rows have been taken over since the batch was confirmed."""
    failure = models.CharField(max_length=300, blank=True)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey("units.Post", models.PROTECT, related_name="+")
    mapped_at = models.DateTimeField(null=True)
    mapped_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    shown_at = models.DateTimeField(null=True)
    shown_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    dropped_at = models.DateTimeField(null=True)
    dropped_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(n_staged__lte=F("n_rows")), name="batch_progress"),
            models.CheckConstraint(
                condition=Q(mapped_at=None, mapped_by=None) | Q(mapped_at__isnull=False, mapped_by__isnull=False),
                name="batch_mapped_paired",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="batch_confirmed_paired",
            ),
            models.CheckConstraint(condition=Q(shown_at=None) | Q(confirmed_at__isnull=False), name="batch_order"),
            models.CheckConstraint(
                condition=Q(shown_at=None, shown_by=None) | Q(shown_at__isnull=False, shown_by__isnull=False),
                name="batch_shown_paired",
            ),
            models.CheckConstraint(
                condition=Q(dropped_at=None, dropped_by=None) | Q(dropped_at__isnull=False, dropped_by__isnull=False),
                name="batch_dropped_paired",
            ),
        )

    @property
    def state(self) -> str:
        """Where the import stands: columns, staging, preview, taking, shown or dropped."""
        if self.dropped_at:
            return "dropped"
        if self.shown_at:
            return "shown"
        if self.confirmed_at:
            return "taking"
        if not self.mapped_at:
            return "columns"
        return "preview" if self.n_rows and self.n_staged == self.n_rows else "staging"


class Institution(models.Model):
    """
    An institution or unregistered site.

    The columns from ``name`` to ``filed`` repeat facts of the current version, so that lists can sort and filter.
    """

    number = models.CharField(max_length=20, unique=True)
    """Printed on lists: county code, a dash, a running number."""
    code = models.CharField(max_length=12)
    name = models.CharField(max_length=120)
    initials = models.CharField(max_length=120, blank=True)
    """Pinyin initials of the name, for search."""
    uscc = models.CharField(max_length=18, blank=True, db_index=True)
    address = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=30, blank=True)
    operation = models.CharField(max_length=10, blank=True)
    is_registered = models.BooleanField(null=True)
    is_filed = models.BooleanField(null=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    """WGS 84."""
    n = models.PositiveIntegerField(default=1)
    """Number of the current version."""
    source = models.CharField(max_length=10, choices=list(SOURCES.items()))
    found_at = models.DateTimeField()
    found_by = models.ForeignKey("units.Post", models.PROTECT, related_name="+")
    ceased_on = models.DateField(null=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, db_index=False, related_name="merged")
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="institutions")

    class Meta:
        indexes = (
            models.Index("code", "name", name="institution_place"),
            # Of the few that were merged away: an index of all the others' nulls only leads planners astray.
            models.Index(fields=["merged_into"], name="institution_merged", condition=Q(merged_into__isnull=False)),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None) | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="institution_point",
            ),
            models.CheckConstraint(condition=Q(n__gte=1), name="institution_versioned"),
        )


class Version(models.Model):
    """Every fact of an institution as known from one moment on; never changed afterwards."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="versions")
    n = models.PositiveIntegerField()
    facts = models.JSONField()
    """Fact name to value as in ``register.jsonl``; without the personal ones; unknown facts are absent."""
    personal = SealedJSON(default=dict)
    origins = models.JSONField()
    """Fact name to ``[cause, reference, day]``: how and when its present value was learnt."""
    cause = models.CharField(max_length=10, choices=list(CAUSES.items()))
    reference = models.CharField(max_length=60, blank=True)
    """What caused it: ``sheet/12``, ``batch/3#27``."""
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="versions")
    """The import that wrote it, or whose undoing did."""
    reason = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("units.Post", models.PROTECT, related_name="+")

    class Meta:
        indexes = (
            models.Index("recorded_at", name="version_recorded"),
            models.Index("batch", "cause", name="version_batch"),
        )
        constraints = (models.UniqueConstraint("institution", "n", name="version_once"),)


class Place(models.Model):
    """Where an institution was, from a day to a day (the first no more): moves keep last year's totals where they were."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="places")
    code = models.CharField(max_length=12)
    address = models.CharField(max_length=200, blank=True)
    from_on = models.DateField(null=True)
    to_on = models.DateField(null=True)
    source = models.CharField(max_length=60)

    class Meta:
        indexes = (models.Index("code", "from_on", name="place_code"),)
        constraints = (models.UniqueConstraint("institution", condition=Q(to_on=None), name="place_current_once"),)


class Hand(models.Model):
    """Who was 法定代表人, 主要负责人, 投资人 or 运营主体, from a day to a day; the name is sealed."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="hands")
    role = models.CharField(max_length=20, choices=list(ROLES.items()))
    name = SealedText()
    name_hash = models.CharField(max_length=64, db_index=True)
    """Keyed hash of the name: tells who stands behind several institutions."""
    from_on = models.DateField(null=True)
    to_on = models.DateField(null=True)
    """The day on which somebody else came; only changes with a day are counted as changes."""
    source = models.CharField(max_length=60)

    class Meta:
        indexes = (models.Index("institution", "role", name="hand_role"),)


class Outlet(models.Model):
    """A branch or outlet of an institution, opened and closed on a day."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="outlets")
    name = models.CharField(max_length=120)
    address = models.CharField(max_length=200, blank=True)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    source = models.CharField(max_length=60)


class StagedRow(models.Model):
    """One row of a batch as read and as it would be taken over; gone once the batch is shown or dropped."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="rows")
    n = models.PositiveIntegerField()
    place = models.CharField(max_length=80)
    """Sheet and row as Excel shows them."""
    code = models.CharField(max_length=12, blank=True)
    facts = models.JSONField()
    personal = SealedJSON(default=dict)
    problems = SealedJSON(default=list)
    """``[cell, title, why]``; sealed, as a reason may quote a name."""
    n_problems = models.PositiveIntegerField(default=0)
    matched = models.ForeignKey(Institution, models.PROTECT, null=True, related_name="+")
    base = models.PositiveIntegerField(null=True)
    """Number of the version of ``matched`` that the row was compared with."""
    doubt = models.CharField(max_length=200, blank=True)
    """Why a person has to look before the row is taken over."""
    decision = models.CharField(max_length=6, choices=list(DECISIONS.items()))

    class Meta:
        indexes = (models.Index("batch", "decision", "n", name="staged_decision"),)
        constraints = (
            models.UniqueConstraint("batch", "n", name="staged_once"),
            models.CheckConstraint(
                condition=~Q(decision="update") | Q(matched__isnull=False), name="staged_update_matched"
            ),
            models.CheckConstraint(condition=~Q(decision__in=("new", "update")) | ~Q(code=""), name="staged_placed"),
        )
