"""Which campaign runs, and which days are worked."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Length

from shouhu.engines.periods.calendar import Calendar
from shouhu.ledgers.campaigns.models import CalendarDay, Campaign
from shouhu.ledgers.units.codes import chain, within
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.scope import Scope


def in_sight(scope: Scope, field: str = "code") -> Q:
    """This function will give the condition that a campaign's code is one that a scope sees: inside it, or above it."""
    return scope.range(field) | Q(**{f"{field}__in": chain(scope.low)})


def seen(scope: Scope) -> QuerySet[Campaign]:
    """This function will give the campaigns of a scope's division, of those inside it and of those above, the newest first."""
    return Campaign.objects.filter(in_sight(scope)).order_by("-starts_on", "-pk")


def current(scope: Scope) -> Campaign | None:
    """This function will give the newest campaign with a colour list, of the scope's division or of one above it."""
    campaigns = Campaign.objects.exclude(ruleset_id="").order_by(F("starts_on").desc(), Length("code").desc())
    return next((one for one in campaigns if within(scope.low, one.code) or scope.covers(one.code)), None)


def calendar() -> Calendar:
    """This function will give the shipped calendar with the days that the office set apart."""
    return Calendar.shipped().with_exceptions(dict(CalendarDay.objects.values_list("on", "is_worked")))


def has_office_above(post: Post) -> bool:
    """This function will tell whether another campaign office covers a post's division: the calendar is that office's."""
    others = Post.objects.filter(role="campaign_office", closed_on=None).exclude(unit__code=post.unit.code)
    return any(within(post.unit.code, code) for code in others.values_list("unit__code", flat=True))
