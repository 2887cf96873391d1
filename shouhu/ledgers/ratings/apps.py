"""The Django application of this ledger."""

from django.apps import AppConfig


class RatingsConfig(AppConfig):
    """四色名单."""

    name = "shouhu.ledgers.ratings"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "四色名单"
