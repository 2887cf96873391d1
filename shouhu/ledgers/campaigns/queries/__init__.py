"""What campaigns hold, one noun a file."""

from shouhu.ledgers.campaigns.queries.running import calendar, current, has_office_above

__all__ = ["calendar", "current", "has_office_above"]
