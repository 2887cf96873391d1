"""The Django application of the public site; it has no tables."""

from django.apps import AppConfig


class PublicConfig(AppConfig):
    """公众网站."""

    name = "shouhu.public"
    label = "public"
    verbose_name = "公众网站"
