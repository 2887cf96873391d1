"""Which campaign runs, and which days are worked."""

from __future__ import annotations

from django.db.models import F
from django.db.models.functions import Length

from shouhu.engines.periods.calendar import Calendar
from shouhu.ledgers.campaigns.models import CalendarDay, Campaign
from shouhu.ledgers.units.codes import within
from shouhu.ledgers.units.scope import Scope


def current(scope: Scope) -> Campaign | None:
    """This function will give the newest campaign of the scope's division or of one above it."""
    campaigns = Campaign.objects.order_by(F("starts_on").desc(), Length("code").desc())
    return next((one for one in campaigns if within(scope.low, one.code) or scope.covers(one.code)), None)


def calendar() -> Calendar:
    """This function will give the shipped calendar with the days that the office set apart."""
    return Calendar.shipped().with_exceptions(dict(CalendarDay.objects.values_list("on", "is_worked")))
