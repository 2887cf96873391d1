"""What people keep for themselves, as lists show it."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import QueryDict
from django.urls import reverse

from shouhu.ledgers.units import queries
from shouhu.web.bulk import offered

register = template.Library()


def narrowed(query: QueryDict) -> str:
    """This function will give what a list is narrowed to as it stands in the address, without the page and what is empty."""
    kept = QueryDict(mutable=True)
    for name, values in query.lists():
        if name != "page" and any(values):
            kept.setlist(name, [value for value in values if value])
    return kept.urlencode()


@register.inclusion_tag("parts/saved_filters.html", takes_context=True)
def saved_filters(context: template.Context) -> dict[str, Any]:
    """This function will show the reader's own filters of a list, and offer to keep the present one."""
    request = context["request"]
    if request.resolver_match is None or request.resolver_match.kwargs:
        return {}
    route, query = request.resolver_match.url_name, narrowed(request.GET)
    rows = list(queries.saved_filters(request.person, route))
    return {
        "saved": [{"pk": row.pk, "name": row.name, "query": row.query, "active": row.query == query} for row in rows],
        "may_save": query and all(row.query != query for row in rows),
        "route": route,
        "query": query,
        "path": request.path,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("parts/undo.html", takes_context=True)
def undo_offer(context: template.Context) -> dict[str, Any]:
    """This function will offer to take back what was just done to many things of a list."""
    request = context["request"]
    undo = offered(request, request.resolver_match.url_name) if request.resolver_match else None
    return {"undo": undo, "url": reverse(undo["route"]), "csrf_token": context.get("csrf_token")} if undo else {}
