"""The colour list as the official annex, and who was given it."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods

from shouhu.engines.documents.annexes import colour_list as annex
from shouhu.engines.documents.annexes import wording
from shouhu.engines.documents.annexes.layout import A3_LANDSCAPE, Column, Heading, Table
from shouhu.engines.documents.annexes.workbook import workbook
from shouhu.engines.rules import words
from shouhu.engines.rules.facts import declared
from shouhu.engines.rules.rulesets import DEFAULT, RuleSet, load
from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.institutions.values import from_json
from shouhu.ledgers.ratings import queries
from shouhu.ledgers.ratings.actions import disclose
from shouhu.ledgers.ratings.queries import Listed
from shouhu.ledgers.units import queries as units
from shouhu.web.access import DeskRequest, page
from shouhu.web.listing import asked, taken
from shouhu.web.views import rating_words as told
from shouhu.web.views.rating import ON_THE_LIST, ListForm, query

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
GREEN_COLUMNS = (*annex.COLUMNS[:5], Column(("评估日期",), 13, "date"), *annex.COLUMNS[-2:])
PRINTED = ("name", "uscc", "address", "township", "n_prepayers", "prepaid_total")
"""The facts whose values stand on the annex."""


class ExportForm(forms.Form):
    """Who gets it."""

    receiver = forms.CharField(
        label=_("接收单位"), max_length=80,
        help_text=_("交给谁就填谁；自己留存的填本单位。日后有更正，软件据此列出应当通知的单位"),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@page("rating.export")
def export(request: DeskRequest) -> HttpResponse:
    """This function will give exactly what the list shows as a workbook, after asking who gets it."""
    listing = ListForm(request)
    at = listing.instant() or request.at
    states = queries.colour_list(request.scope, listing.filters(), at)
    form = ExportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        rows = queries.listed(states)
        day = localdate(at)
        campaign = campaigns.current(request.scope)
        # The rules that led then, not those that lead now: the annex of a past day must not change with them.
        newest = max(rows, key=lambda row: row.state.rating.rated_at, default=None)
        ruleset = load(newest.state.rating.ruleset_id if newest else campaign.ruleset_id if campaign else DEFAULT)
        with override(settings.LANGUAGE_CODE):  # a paper of the office, as the plan's annex has it
            content = as_workbook(rows, ruleset, day, request.post.unit.name, units.names({row.town for row in rows}),
                                  taken(request, asked(listing)))  # fmt: skip
            disclose(rows=[row.state for row in rows], receiver=form.cleaned_data["receiver"],
                     what=str(_("四色名单（截至%s）") % day), facts=PRINTED, by=request.post, at=request.at)  # fmt: skip
        answer = HttpResponse(content, content_type=WORKBOOK)
        answer["Content-Disposition"] = f'attachment; filename="colour-list-{day}.xlsx"'
        return answer
    return render(request, "rating/export.html", {
        "title": _("导出四色名单"), "form": form, "n": states.count(), "day": localdate(at), "submit_label": _("导出工作簿"),
        "cancel_url": reverse("rating-list") + query(request),
    })  # fmt: skip


def as_workbook(
    rows: Sequence[Listed],
    ruleset: RuleSet,
    day: date,
    unit: str,
    towns: Mapping[str, str],
    notes: tuple[str, ...] = (),
) -> bytes:
    """
    This function will write the annex of the red, orange and yellow, of what is not decided, and of the green.

    Columns, notes and wording are those of ``engines.documents.annexes.colour_list``; the rows are what counts, people's
    decisions included, and not what rating a register anew would give. The same rows give the same bytes.
    """
    notes = (wording.basis(ruleset, day), *notes)
    parts = (
        ("红橙黄名单", annex.TITLE, annex.ANNEX.get(ruleset.id, ""), annex.COLUMNS, annex.NOTE, ON_THE_LIST),
        ("待研判和待查", annex.PENDING_TITLE, "", annex.PENDING_COLUMNS, annex.PENDING_NOTE, ("decide", "unknown")),
        ("绿色", "绿色机构和场所名单", "", GREEN_COLUMNS, "", ("green",)),
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.xlsx"
        with workbook(path, as_of=day) as book:
            for name, title, number, columns, note, colours in parts:
                table = Table(book, name, Heading(title, unit, day, number, "人、元" if number else "", notes), columns, A3_LANDSCAPE,
                              frozen=2, filtered=True)  # fmt: skip
                chosen = [row for row in rows if row.state.colour in colours]
                for place, row in enumerate(chosen, 1):
                    table.line(_line(place, row, colours, towns))
                if not chosen:
                    table.wide("本期没有纳入这一部分的机构和场所。")
                table.finish(*filter(None, [note]))
        return path.read_bytes()


def _line(place: int, row: Listed, colours: Sequence[str], towns: Mapping[str, str]) -> tuple[Any, ...]:
    who = (place, *(_cell(row, name) for name in ("name", "uscc", "address")), told.grade(row.state, row.rating))
    why = "\n".join(told.hazards(row))
    ending = (row.state.rating.as_of, _cell(row, "township") or towns.get(row.town), None)
    if "red" in colours:
        return (*who, why, _cell(row, "n_prepayers"), _cell(row, "prepaid_total"), *ending)
    if "decide" in colours:
        return (*who, words.colour(row.rating.at_most) if row.rating.at_most else "—", why, *ending)
    return (*who, *ending)


def _cell(row: Listed, name: str) -> Any:
    value = row.fact(name)
    return None if value is None else wording.cells(declared()[name], [from_json(name, value)])[0]
