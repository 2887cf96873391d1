"""The Django application of this ledger."""

from django.apps import AppConfig


class UnitsConfig(AppConfig):
    """单位."""

    name = "shouhu.ledgers.units"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "单位"
