"""The way of a new district from nothing to its first round: what is done, what comes next, and who does it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from shouhu.ledgers.campaigns import queries as campaigns
from shouhu.ledgers.institutions import queries as institutions
from shouhu.ledgers.surveys import queries as surveys
from shouhu.ledgers.units import queries as units
from shouhu.ledgers.units.rights import holders, roles
from shouhu.ledgers.units.scope import Scope

register = template.Library()


@dataclass(frozen=True)
class Step:
    """A step: what it is, whether it is done, where it is done; without ``url`` the post may not do it, and ``who`` does."""

    label: str | Promise
    is_done: bool
    url: str
    who: str


@register.inclusion_tag("parts/first_day.html", takes_context=True)
def first_day(context: dict[str, Any]) -> dict[str, Any]:
    """This function will give the steps to those who take them, for as long as one is left."""
    request = context["request"]
    scope: Scope = request.scope
    if not (scope.may("unit.import") or scope.may("campaign.open")):
        return {}
    today = localdate(request.at)
    below = units.children(scope, scope.post.unit.code, today)
    held = units.posts(scope).filter(role="campaign_office", tenures__isnull=False, tenures__to_on=None)
    steps = [
        _step(scope, _("导入镇街和村居"), below.exists(), "unit-import", "?kind=divisions", "unit.import"),
        _step(scope, _("导入单位、岗位和人员，任命专项办"), held.exists(), "unit-import", "?kind=staff", "unit.import"),
        _step(scope, _("建立专项行动，选定规则"), campaigns.current(scope) is not None, "unit-campaign", "", "campaign.open"),
        _step(scope, _("导入机构台账"), institutions.seen(scope).exists(), "institution-import", "", "institution.import"),
        _step(scope, _("建立第一轮摸排，分派下去"), surveys.rounds(scope).exists(), "survey-round-new", "", "survey.plan"),
    ]  # fmt: skip
    if all(step.is_done for step in steps):
        return {}
    following = next((step for step in steps if not step.is_done), None)
    return {"steps": steps, "following": following, "manual_url": reverse("help-page", args=["start"])}


def _step(scope: Scope, label: str | Promise, is_done: bool, route: str, query: str, right: str) -> Step:
    who = next(role.title for role in roles().values() if role.code in holders(right))
    return Step(label, is_done, reverse(route) + query if scope.may(right) else "", who)
