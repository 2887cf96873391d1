"""Campaigns and the days that differ from the official calendar."""

from django.db import models


class Campaign(models.Model):
    """A 专项行动 of one division: its title, its term, and the rule set that leads."""

    title = models.CharField(max_length=80)
    code = models.CharField(max_length=12, db_index=True)
    ruleset_id = models.CharField(max_length=20)
    starts_on = models.DateField()
    ends_on = models.DateField()
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(ends_on__gte=models.F("starts_on")), name="campaign_order"),
        )


class CalendarDay(models.Model):
    """A day that an office set apart from the shipped calendar (调休, local holidays)."""

    on = models.DateField(unique=True)
    is_worked = models.BooleanField()
    note = models.CharField(max_length=60)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey("units.Post", models.PROTECT)
