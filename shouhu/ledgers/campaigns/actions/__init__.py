"""Every act on campaigns, one verb one function, one noun a file."""

from shouhu.ledgers.campaigns.actions.days import DayRefused, clear_day, require_calendar, set_day
from shouhu.ledgers.campaigns.actions.opening import CampaignRefused, follow_division, lead, open_campaign

__all__ = [
    "CampaignRefused",
    "DayRefused",
    "clear_day",
    "follow_division",
    "lead",
    "open_campaign",
    "require_calendar",
    "set_day",
]
