"""The Django application of this ledger."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    """密封件."""

    name = "shouhu.ledgers.vault"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "密封件"
