"""The Django application of this ledger."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """留痕."""

    name = "shouhu.ledgers.journal"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "留痕"
