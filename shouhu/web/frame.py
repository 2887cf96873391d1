"""What stands around every page: rooms, post, campaign, countdown."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shouhu.engines.periods.weeks import timetables
from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.units.codes import level_of
from shouhu.ledgers.units.scope import Scope
from shouhu.web import notices
from shouhu.web.handbook import section_of

ROOMS = (
    ("", _("我的待办"), "home", "home.view", "home"),
    (_("查清"), _("机构"), "institution-list", "institution.view", "institution"),
    (_("查清"), _("摸排"), "survey-home", "survey.view", "survey"),
    (_("定色"), _("名单"), "rating-list", "rating.view", "rating"),
    (_("定色"), _("异议"), "objection-list", "objection.view", "objection"),
    (_("处置"), _("处置"), "disposal-list", "disposal.view", "disposal"),
    (_("处置"), _("清零行动"), "clearance-list", "clearance.view", "clearance"),
    (_("管理"), _("单位与岗位"), "unit-list", "unit.view", "unit"),
    (_("管理"), _("留痕"), "journal-list", "journal.view", "journal"),
    ("", _("本机构"), "own-home", "own.view", "own"),
)
"""Group, label, route, right, and the beginning of the names of its routes."""
SEARCHED = (("institution.view", _("搜索机构、编码、拼音首字母")), ("unit.view", _("搜索人员姓名")))
"""What there is to search with which right; the first that is held counts."""


def frame(request: Any) -> dict[str, Any]:
    """This function will give the context of ``base.html``."""
    scope: Scope | None = getattr(request, "scope", None)
    here = request.resolver_match.url_name if request.resolver_match else ""
    manual = section_of(here or "")
    if scope is None:
        return {"manual": manual}
    campaign = campaigns.current(scope)
    timetable = timetables().get(level_of(scope.post.unit.code))
    return {
        "nav": [
            {"group": group, "url": reverse(route), "label": label, "active": (here or "").split("-")[0] == begins}
            for group, label, route, right, begins in ROOMS
            if scope.may(right)
        ],
        "manual": manual,
        "post": scope.post,
        "posts": getattr(request, "posts", []),
        "notices": notices.unread(request) if scope.may("home.view") else None,
        "search_label": next((label for right, label in SEARCHED if scope.may(right)), ""),
        "campaign": campaign,
        "countdown": timetable.next_deadline(request.at) if timetable else None,
        "demo": bool(campaign and campaign.is_demo),
    }
