"""Plans as they were read, campaigns with their phases, tasks and bodies, and the days that differ from the official calendar."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from shouhu.ledgers.units.hands import paired
from shouhu.ledgers.vault.fields import SealedText

DOMAINS = {"elder_care": "养老服务诈骗", "telecom_fraud": "电信网络诈骗"}
ARMS = {"outreach": "宣传", "crackdown": "打击", "regulation": "整治"}
"""The three arms of a campaign, by which its tasks are looked at."""
BODY_KINDS = {
    "leading_group": "领导小组",
    "campaign_office": "专项办",
    "working_group": "工作组",
    "task_force": "专班",
    "other": "其他",
}
SEATS = {"head": "组长", "deputy": "副组长", "member": "成员", "liaison": "联络员"}
ITEM_KINDS = {
    "phase": "阶段",
    "task": "任务",
    "report": "报送",
    "body": "机构",
    "annex": "附件",
    "threshold": "标准",
    "colour_rule": "评级条件",
    "measure": "处置措施",
    "channel": "举报渠道",
}
"""What a plan is read into; the lists of ``engines.plans.plan.Plan``."""
PAPER_STATES = {
    "reading": "正在读取",
    "failed": "读不了",
    "choosing": "待选方案",
    "other": "不是方案",
    "review": "待核对",
    "adopted": "已采用",
    "dropped": "已放弃",
}


class Campaign(models.Model):
    """A 专项行动 of one division: its title, its term, and the rule set that leads (none where nothing is put on a colour list)."""

    title = models.CharField(max_length=80)
    code = models.CharField(max_length=12, db_index=True)
    domain = models.CharField(max_length=20, choices=list(DOMAINS.items()), default="elder_care")
    ruleset_id = models.CharField(max_length=20, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    standing_at = models.DateTimeField(null=True)
    standing_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    """Since when it goes on as standing work (长效机制, 004-16)."""
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="campaign_order"),
            paired("campaign", "standing"),
        )


class CalendarDay(models.Model):
    """A day that an office set apart from the shipped calendar (调休, local holidays)."""

    on = models.DateField(unique=True)
    is_worked = models.BooleanField()
    note = models.CharField(max_length=60)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey("units.Post", models.PROTECT)


class PlanPaper(models.Model):
    """A 方案 that a unit handed in, as it was read; once adopted it is a campaign's own plan, or a sub-plan under one."""

    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="plans")
    file = models.ForeignKey("vault.StoredFile", models.PROTECT, null=True, related_name="+")
    """None for a plan that was written from a template of ours."""
    name = models.CharField(max_length=120)
    handed_in_at = models.DateTimeField()
    handed_in_by = models.ForeignKey("units.Post", models.PROTECT, related_name="+")
    parts = models.JSONField(null=True)
    """Where the file holds several plans: title, kind, number of phases and tasks of each."""
    part = models.PositiveSmallIntegerField(null=True)
    """Which of them was chosen."""
    failure = models.CharField(max_length=300, blank=True)
    """Why it could not be read."""
    text = models.TextField(blank=True)
    """The words as the file has them; the places of the items count in it."""
    proposal = models.JSONField(null=True)
    """``Plan.as_json()``, never changed afterwards; None until it was read."""
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, related_name="papers")
    is_leading = models.BooleanField(default=False)
    """Whether the campaign was made from it; else it is the plan of a town or department under that campaign."""
    adopted_at = models.DateTimeField(null=True)
    adopted_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    dropped_at = models.DateTimeField(null=True)
    dropped_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            paired("plan_paper", "adopted"),
            paired("plan_paper", "dropped"),
            models.CheckConstraint(condition=Q(adopted_at=None) | Q(dropped_at=None), name="plan_paper_one_end"),
            models.UniqueConstraint("campaign", condition=Q(is_leading=True), name="plan_paper_one_leading"),
        )

    @property
    def state(self) -> str:
        """A name of ``PAPER_STATES``."""
        if self.dropped_at or self.adopted_at:
            return "dropped" if self.dropped_at else "adopted"
        if self.failure:
            return "failed"
        if self.proposal is None:
            return "choosing" if self.parts and self.part is None else "reading"
        return "review" if self.proposal["kind"] == "campaign_plan" else "other"


class PlanItem(models.Model):
    """One thing that was read out of a plan, what a person made of it, and whether it was taken over."""

    paper = models.ForeignKey(PlanPaper, models.PROTECT, related_name="items")
    kind = models.CharField(max_length=12, choices=list(ITEM_KINDS.items()))
    position = models.PositiveIntegerField()
    """Among the items of its kind."""
    read = models.JSONField(null=True)
    """As in ``proposal``; None where a person added the item."""
    said = models.JSONField()
    """As it stands now: the fields of ``read`` with what a person changed."""
    start = models.PositiveIntegerField(null=True)
    stop = models.PositiveIntegerField(null=True)
    """Where it stands in the paper's text."""
    confidence = models.FloatField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    is_kept = models.BooleanField(default=True)

    class Meta:
        constraints = (
            paired("plan_item", "decided"),
            models.UniqueConstraint("paper", "kind", "position", name="plan_item_place"),
        )


class Phase(models.Model):
    """A phase of a campaign; phases may overlap (叠加压茬推进), and one may be part of another."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="phases")
    name = models.CharField(max_length=80)
    starts_on = models.DateField()
    ends_on = models.DateField()
    part_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts")
    position = models.PositiveIntegerField()
    how = models.CharField(max_length=300, blank=True)
    """How the days were computed from the words of the plan."""
    item = models.OneToOneField(PlanItem, models.PROTECT, null=True, related_name="phase")

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="phase_order"),)


class Meeting(models.Model):
    """A meeting and its minutes; what was agreed are tasks."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="meetings")
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="meetings")
    title = models.CharField(max_length=80)
    held_on = models.DateField()
    chair = models.CharField(max_length=60)
    attendees = models.TextField(blank=True)
    minutes = models.TextField()
    file = models.ForeignKey("vault.StoredFile", models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("units.Post", models.PROTECT, related_name="+")


class Task(models.Model):
    """What a campaign asks for; who owes it stands in its duties."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="tasks")
    phase = models.ForeignKey(Phase, models.PROTECT, null=True, related_name="tasks")
    number = models.CharField(max_length=40, blank=True)
    """The numbering path in the plan, as 三(二)2(1)."""
    title = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    arm = models.CharField(max_length=12, choices=list(ARMS.items()), blank=True)
    position = models.PositiveIntegerField()
    due_on = models.DateField(null=True)
    due_how = models.CharField(max_length=300, blank=True)
    item = models.OneToOneField(PlanItem, models.PROTECT, null=True, related_name="task")
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, related_name="tasks")
    mechanism = models.CharField(max_length=20, blank=True)
    """Of standing work: a name of ``mechanisms.yaml``."""
    added_at = models.DateTimeField()
    added_by = models.ForeignKey("units.Post", models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (paired("campaign_task", "withdrawn"),)


class Duty(models.Model):
    """That a unit owes a task; where no unit of ours bears the printed name it is named only, which is a gap to be closed."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="duties")
    unit = models.ForeignKey("units.Unit", models.PROTECT, null=True, related_name="duties")
    printed = models.CharField(max_length=80, blank=True)
    """The owner as the plan prints it."""
    is_lead = models.BooleanField(default=False)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey("units.Post", models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = (models.Index("unit", "accepted_at", name="duty_unit"),)
        constraints = (
            paired("duty", "done"),
            paired("duty", "accepted"),
            models.CheckConstraint(condition=Q(accepted_at=None) | Q(done_at__isnull=False), name="duty_done_first"),
            models.CheckConstraint(condition=Q(unit__isnull=False) | ~Q(printed=""), name="duty_owned"),
            models.UniqueConstraint("task", "unit", condition=Q(unit__isnull=False), name="duty_once"),
        )

    @property
    def state(self) -> str:
        """``open``, ``done`` (waits for a look) or ``accepted``."""
        if self.accepted_at:
            return "accepted"
        return "done" if self.done_at else "open"


class Cover(models.Model):
    """That an item of a town's or department's plan carries out a task of the district's; a task without one is a gap."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="covers")
    item = models.ForeignKey(PlanItem, models.PROTECT, related_name="covers")
    said_at = models.DateTimeField()
    said_by = models.ForeignKey("units.Post", models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint("task", "item", name="cover_once"),)


class Progress(models.Model):
    """
    What was said about a task, in order: of one unit's duty that it comes on, is done with the evidence, accepted or returned;
    of the whole task that it is due on another day or was withdrawn.
    """

    task = models.ForeignKey(Task, models.PROTECT, related_name="trail")
    duty = models.ForeignKey(Duty, models.PROTECT, null=True, related_name="trail")
    """None for what befell the whole task."""
    verb = models.CharField(max_length=10)
    """As in ``workflow.yaml``."""
    says = models.TextField()
    file = models.ForeignKey("vault.StoredFile", models.PROTECT, null=True, related_name="+")
    said_at = models.DateTimeField()
    said_by = models.ForeignKey("units.Post", models.PROTECT, related_name="+")


class ReportRule(models.Model):
    """What a campaign wants reported again and again; a campaign's reporting calendar is computed from these."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="report_rules")
    what = models.CharField(max_length=120)
    rule = models.CharField(max_length=40)
    """``weekly Tuesday 17:00``, ``weekly``, ``monthly 5th``, ``monthly``, ``regularly``."""
    limit = models.CharField(max_length=20, blank=True)
    to = models.CharField(max_length=80, blank=True)
    item = models.OneToOneField(PlanItem, models.PROTECT, null=True, related_name="report_rule")


class Body(models.Model):
    """An office, group or staff that a plan or a document sets up (ORG-2 to ORG-4)."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="bodies")
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="bodies")
    """Whose body it is; its lists are kept there."""
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20, choices=list(BODY_KINDS.items()))
    host = models.CharField(max_length=80, blank=True)
    document = models.CharField(max_length=120, blank=True)
    """The document that sets it up."""
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    item = models.OneToOneField(PlanItem, models.PROTECT, null=True, related_name="body")

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(to_on=None) | Q(to_on__gte=F("from_on")), name="body_order"),)


class Seat(models.Model):
    """Who sits in a body as what, from which day, to which day (the first day no more)."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="seats")
    role = models.CharField(max_length=10, choices=list(SEATS.items()))
    name = models.CharField(max_length=40)
    employer = models.CharField(max_length=80, blank=True)
    """单位."""
    position = models.CharField(max_length=60, blank=True)
    """职务."""
    phone = SealedText()
    from_on = models.DateField()
    to_on = models.DateField(null=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(to_on=None) | Q(to_on__gte=F("from_on")), name="seat_order"),)
