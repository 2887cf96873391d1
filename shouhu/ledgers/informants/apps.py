"""The Django application of this ledger."""

from django.apps import AppConfig


class InformantsConfig(AppConfig):
    """举报人身份."""

    name = "shouhu.ledgers.informants"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "举报人身份"
