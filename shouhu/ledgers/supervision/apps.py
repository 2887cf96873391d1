"""The Django application of this ledger."""

from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    """督导."""

    name = "shouhu.ledgers.supervision"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "督导"
