"""The Django application of this ledger."""

from django.apps import AppConfig


class InstitutionsConfig(AppConfig):
    """机构."""

    name = "shouhu.ledgers.institutions"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "机构"
