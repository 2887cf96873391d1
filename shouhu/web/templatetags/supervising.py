"""The nouns of supervision as tabs, and the way from a matter to an order about it."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shouhu.ledgers.supervision.queries import backtrace

register = template.Library()
TABS = (
    ("orders", _("督办单"), "supervision-list", "supervision.view"), ("circulars", _("通报"), "supervision-circulars", "supervision.view"),
    ("talks", _("约谈"), "supervision-talks", "supervision.view"), ("looks", _("回头看"), "supervision-looks", "supervision.view"),
    ("draws", _("双随机"), "supervision-draws", "supervision.draws"),
    ("backtraces", _("倒查"), "supervision-backtraces", "supervision.trace"),
)  # fmt: skip


@register.inclusion_tag("supervision/tabs.html", takes_context=True)
def supervision_tabs(context: template.Context) -> dict[str, Any]:
    """This function will show the nouns that the reader may open, the present one (``tab``) marked."""
    scope, tab = context["request"].scope, context["tab"]
    shown = [
        {"label": label, "url": reverse(route), "active": name == tab}
        for name, label, route, right in TABS
        if scope.may(right)
    ]
    return {"tabs": [] if context["request"].GET.get("print") else shown}


@register.inclusion_tag("supervision/ways.html", takes_context=True)
def supervision_ways(context: template.Context, kind: str, pk: int, *, is_open: Any = True) -> dict[str, Any]:
    """
    This function will offer an order about something that is open to those who issue them, and the way back (倒查) from what
    went red or proved true to those who may look; kind is a name of ``SUBJECTS``.
    """
    scope, route = context["request"].scope, ""
    if scope.may("supervision.trace"):
        if kind == "institution" and backtrace.of_institution(scope, pk):
            route = "supervision-backtrace"
        elif kind == "tip" and backtrace.of_tip(scope, pk):
            route = "supervision-backtrace-tip"
    may = is_open and scope.may("supervision.issue")
    return {
        "url": f"{reverse('supervision-new')}?{kind}={pk}" if may else "",
        "trace_url": reverse(route, args=[pk]) if route else "",
    }
