"""The Django application of this ledger."""

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    """专项行动."""

    name = "shouhu.ledgers.campaigns"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "专项行动"
