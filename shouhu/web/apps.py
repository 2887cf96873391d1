"""The Django application of the desk; it has no tables."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """工作台."""

    name = "shouhu.web"
    verbose_name = "工作台"
