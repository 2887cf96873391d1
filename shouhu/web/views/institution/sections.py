"""What other rooms know about an institution, shown on its page to whoever may see those rooms."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from shouhu.engines.rules.facts import declared
from shouhu.ledgers.clearances import queries as clearances
from shouhu.ledgers.disposals import queries as disposals
from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.ratings import queries as ratings
from shouhu.ledgers.surveys import queries as surveys
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.scope import Scope

MOST = 20
"""Rows of one room; its own page has them all."""


def sections(scope: Scope, institution: Institution) -> list[dict[str, Any]]:
    """This function will give the sections below the facts: title, rows (newest first), and what to say without any."""
    made = (
        ("survey.view", _surveys), ("rating.view", _ratings), ("disposal.view", _disposals),
        ("clearance.view", _clearances), ("objection.view", _objections),
    )  # fmt: skip
    return [make(scope, institution) for right, make in made if scope.may(right)]


def _surveys(scope: Scope, institution: Institution) -> dict[str, Any]:
    rows = surveys.sheets(scope).filter(assignment__institution=institution).order_by("-submitted_at", "-pk")[:MOST]
    may_open = scope.may("survey.review")
    return {
        "title": _("摸排"), "empty": _("还没有填报过"),
        "rows": [
            {"what": row.assignment.round.title, "at": row.submitted_at, "note": _signed(row.submitted_by),
             "url": reverse("survey-sheet", args=[row.pk]) if may_open else ""}
            for row in rows
        ],
    }  # fmt: skip


def _ratings(scope: Scope, institution: Institution) -> dict[str, Any]:
    moves = ratings.history(institution)
    return {
        "title": _("等级"), "empty": _("还没有评定"), "action": _("看评定理由"),
        "url": reverse("rating-page", args=[institution.pk]) if moves else "",
        "rows": [
            {"colour": move.colour, "what": move.reason, "at": move.moved_at, "note": _signed(move.moved_by)}
            for move in moves[:MOST]
        ],
    }  # fmt: skip


def _disposals(scope: Scope, institution: Institution) -> dict[str, Any]:
    rows = disposals.seen(scope).filter(institution=institution).select_related("handler__unit").order_by("-opened_at")
    return {
        "title": _("处置"), "empty": _("没有处置任务"),
        "rows": [
            {"colour": row.colour, "what": _("已销号") if row.closed_at else _("处置中"), "at": row.opened_at,
             "note": _signed(row.handler), "url": reverse("disposal-page", args=[row.pk])}
            for row in rows[:MOST]
        ],
    }  # fmt: skip


def _clearances(scope: Scope, institution: Institution) -> dict[str, Any]:
    rows = clearances.seen(scope).filter(institution=institution).order_by("-found_at", "-pk")[:MOST]
    return {
        "title": _("清零行动"), "empty": _("没有列入清零台账"),
        "rows": [
            {"what": _("已销号") if row.closed_at else _("未销号"), "at": row.found_at, "note": _signed(row.owner),
             "url": reverse("clearance-page", args=[row.pk])}
            for row in rows
        ],
    }  # fmt: skip


def _objections(scope: Scope, institution: Institution) -> dict[str, Any]:
    rows = ratings.objections(scope).filter(institution=institution).order_by("-filed_at", "-pk")[:MOST]
    return {
        "title": _("异议"), "empty": _("没有异议"), "action": _("代为登记异议"),
        "url": reverse("objection-new", args=[institution.pk]) if scope.may("objection.file") else "",
        "rows": [
            {"what": declared()[row.fact].title if row.fact else _("等级"), "at": row.filed_at,
             "note": _("待答复") if row.decided_at is None else _("成立") if row.is_upheld else _("不成立"),
             "url": reverse("objection-page", args=[row.pk])}
            for row in rows
        ],
    }  # fmt: skip


def _signed(post: Post | None) -> str:
    return f"{post.unit.name} {post.title}" if post else ""
