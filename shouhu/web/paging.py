"""A page of a long list, read at the cost of a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet

from shouhu.ledgers.journal import actions as journal
from shouhu.web.access import DeskRequest

T = TypeVar("T")
M = TypeVar("M", bound=Model)
ROWS = 50
MOST_PRINTED = 2_000


def page_of(request: DeskRequest, rows: Sequence[T] | QuerySet[Any, T], size: int = ROWS) -> Page[T]:
    """This function will give the page that a request asks for; for paper (?print=) all rows up to MOST_PRINTED, journalled."""
    if not request.GET.get("print"):
        return Paginator(rows, size).get_page(request.GET.get("page"))
    page = Paginator(rows, MOST_PRINTED).get_page(1)
    route = request.resolver_match.url_name  # type: ignore[union-attr]
    journal.record(verb="list.printed", subject=f"route/{route}", by=request.post.code, at=request.at,
                   code=request.post.unit.code, changes={"rows": (None, page.end_index())}, outcome="read")  # fmt: skip
    return page


def paged(request: DeskRequest, rows: QuerySet[M, Any]) -> Page[M]:
    """
    This function will give the page of a list that a request asks for.

    The whole list is sorted as bare ids, and only the rows of the page are read with all that they show: sorting forty
    thousand whole rows takes half a second, sorting their ids a few hundredths.
    """
    ids: Any = page_of(request, rows.values_list("pk", flat=True))
    wanted = list(ids.object_list)
    found = {row.pk: row for row in rows.filter(pk__in=wanted).order_by()}
    ids.object_list = [found[pk] for pk in wanted if pk in found]
    page: Page[M] = ids
    return page
