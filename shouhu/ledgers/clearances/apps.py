"""The Django application of this ledger."""

from django.apps import AppConfig


class ClearancesConfig(AppConfig):
    """清零行动."""

    name = "shouhu.ledgers.clearances"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "清零行动"
