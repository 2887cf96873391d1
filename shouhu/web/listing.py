"""A list taken out exactly as it is shown: the same rows in the same order, with what it was narrowed to, who took it, and when."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from shouhu.engines.documents.annexes.layout import A4_LANDSCAPE, Column, Heading, Table
from shouhu.engines.documents.annexes.workbook import Cell, workbook
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.units.refusals import Refused
from shouhu.web.access import DeskRequest

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 100_000


class TooMany(Refused):
    """The list is too long for one workbook."""


def asked(form: forms.Form) -> str:
    """This function will say in words what a list is narrowed to: every filter that was filled in, as the page names it."""
    form.is_valid()
    told = []
    for field in form:
        value = form.cleaned_data.get(field.name)
        if value in (None, "", False, [], ()) or not field.label:
            continue
        choices = dict(getattr(field.field, "choices", ()))
        values = value if isinstance(value, list | tuple) else [value]
        shown = "、".join(str(choices.get(one, choices.get(str(one), one))) for one in values)
        told.append(str(field.label) if value is True else f"{field.label}：{shown}")
    return "；".join(told)


def taken(request: DeskRequest, narrowed: str) -> tuple[str, str]:
    """This function will give the lines that every list bears once it is taken out: its filter, and who took it when."""
    who = f"{request.post.unit.name} {request.post.title} {request.person.name}"
    when = f"{localtime(request.at):%Y-%m-%d %H:%M}"
    return f"{_('筛选')}：{narrowed or _('全部')}", f"{_('导出')}：{who}　{when}"


def export(
    request: DeskRequest,
    *,
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
    n_rows: int,
    narrowed: str,
    note: str = "",
) -> HttpResponse:
    """
    This function will give rows as a workbook, and journal that they were taken.

    Text never becomes a formula; a hundred thousand rows take seconds and no memory to speak of.

    :raises TooMany: longer than MOST_ROWS.
    """
    if n_rows > MOST_ROWS:
        raise TooMany(
            _("共 %(n)s 行，超过一次可导出的 %(most)s 行，请缩小筛选范围")
            % {"n": f"{n_rows:,}", "most": f"{MOST_ROWS:,}"}
        )
    today, route = localdate(request.at), request.resolver_match.url_name  # type: ignore[union-attr]
    journal.record(verb="list.exported", subject=f"route/{route}", by=request.post.code, at=request.at,
                   code=request.post.unit.code, changes={"rows": (None, n_rows)}, outcome="read")  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.xlsx"
        with workbook(path, as_of=today) as book:
            heading = Heading(title, request.post.unit.name, today, notes=taken(request, narrowed))
            table = Table(book, _sheet_name(title), heading, columns, A4_LANDSCAPE, frozen=1, filtered=True)
            for row in rows:
                table.line(row)
            if not n_rows:
                table.wide(_("没有符合条件的记录。"))
            table.finish(*filter(None, [note]))
        content = path.read_bytes()
    disposition = content_disposition_header(True, f"{title}{today:%Y%m%d}.xlsx") or "attachment"
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": disposition})


def _sheet_name(title: str) -> str:
    return "".join(one for one in title if one not in "[]:*?/\\'")[:31]


def column(head: Any, width: float, style: Any = "text") -> Column:
    """This function will make a column with one heading."""
    return Column((str(head),), width, style)
