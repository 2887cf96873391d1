"""The Django application of this ledger."""

from django.apps import AppConfig


class TipsConfig(AppConfig):
    """线索."""

    name = "shouhu.ledgers.tips"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "线索"
