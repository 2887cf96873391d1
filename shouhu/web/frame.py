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
from shouhu.web.work import n_tips

ROOMS = (
    ("", _("我的待办"), "home", "home.view", "home"),
    ("", _("专项行动"), "campaign-list", "campaign.view", "campaign"),
    ("", _("方案"), "plan-list", "campaign.view", "plan"),
    (_("查清"), _("机构"), "institution-list", "institution.view", "institution"),
    (_("查清"), _("摸排"), "survey-home", "survey.view", "survey"),
    (_("查清"), _("线索"), "tip-list", "tip.view", "tip"),
    (_("查清"), _("登记线索"), "tip-take", "tip.take", "tip"),
    (_("查清"), _("举报人身份"), "informant-list", "informant.view", "informant"),
    (_("定色"), _("名单"), "rating-list", "rating.view", "rating"),
    (_("定色"), _("异议"), "objection-list", "objection.view", "objection"),
    (_("处置"), _("处置"), "disposal-list", "disposal.view", "disposal"),
    (_("处置"), _("清零行动"), "clearance-list", "clearance.view", "clearance"),
    (_("督导"), _("督导"), "supervision-list", "supervision.view", "supervision"),
    (_("管理"), _("单位与岗位"), "unit-list", "unit.view", "unit"),
    (_("管理"), _("留痕"), "journal-list", "journal.view", "journal"),
    ("", _("本机构"), "own-home", "own.view", "own"),
)
"""Group, label, route, right, and the beginning of the names of its routes; of those that begin alike the first that is held."""
COUNTS = {"tip": n_tips}
"""What waits for the post in a room."""
SEARCHED = (("institution.view", _("搜索机构、编码、拼音首字母")), ("unit.view", _("搜索人员姓名")))
"""What there is to search with which right; the first that is held counts."""


def frame(request: Any) -> dict[str, Any]:
    """This function will give the context of ``base.html``."""
    scope: Scope | None = getattr(request, "scope", None)
    here = request.resolver_match.url_name if request.resolver_match else ""
    manual = section_of(here or "")
    if scope is None:
        return {"manual": manual}
    rooms = {room[-1]: room for room in reversed(ROOMS) if scope.may(room[3])}
    campaign = campaigns.current(scope)
    timetable = timetables().get(level_of(scope.post.unit.code))
    return {
        "nav": [
            {
                "group": group,
                "url": reverse(route),
                "label": label,
                "active": (here or "").split("-")[0] == begins,
                "count": COUNTS[begins](request) if begins in COUNTS else 0,
            }
            for group, label, route, _right, begins in reversed(rooms.values())
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
