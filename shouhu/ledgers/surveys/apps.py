"""The Django application of this ledger."""

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    """摸排."""

    name = "shouhu.ledgers.surveys"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "摸排"
