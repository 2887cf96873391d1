"""What a list on paper says about itself."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext

from shouhu.web.listing import asked

register = template.Library()


@register.simple_tag(takes_context=True)
def narrowed_to(context: template.Context) -> str:
    """This function will say in words what the list is narrowed to: its filters as filled in, or the ready one that is chosen."""
    filters = context.get("filters")
    told = asked(filters) if filters else ""
    chosen = [str(one["label"]) for one in context.get("chips") or () if one["active"]]
    return told or "、".join(chosen) or gettext("全部")
