"""The Django application of this ledger."""

from django.apps import AppConfig


class DisposalsConfig(AppConfig):
    """分类处置."""

    name = "shouhu.ledgers.disposals"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "分类处置"
