"""The Django application of this room."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """定时任务."""

    name = "shouhu.jobs"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "定时任务"
