"""
How long somebody must wait before the next log-in attempt is looked at at all.

Counted are failures of a name *from an address*, so that whoever guesses cannot lock out the person he guesses for: the
rightful one comes from elsewhere. A name that is guessed from many addresses gets one free try an address instead of
five. An address that fails with many names waits as a whole, except for names that logged in from it before.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil

from django.db.models import Count, Max, QuerySet

from shouhu.ledgers.units.models import LoginAttempt

KEPT = timedelta(days=7)
"""Attempts older than this are deleted."""
COUNTED, ADDRESS_COUNTED = timedelta(days=1), timedelta(hours=1)
FREE, FREE_UNDER_ATTACK = 5, 1
"""Failures of a name from an address that cost nothing."""
ATTACK = 50
"""Failures of a name in a day, from anywhere, that count as an attack."""
ADDRESS_FREE = 60
FIRST_WAIT, LONGEST_WAIT = 30, 3600
"""Seconds; each failure doubles the wait."""


def wait(name_hash: str, address_hash: str, at: datetime) -> int:
    """This function will give the seconds that are left to wait; 0 when an attempt may be made."""
    day = LoginAttempt.objects.filter(at__gt=at - COUNTED)
    pair = LoginAttempt.objects.filter(name_hash=name_hash, address_hash=address_hash)
    welcome = pair.filter(succeeded=True).aggregate(last=Max("at"))["last"]
    failed = day.filter(name_hash=name_hash, address_hash=address_hash, succeeded=False)
    attacked = day.filter(name_hash=name_hash, succeeded=False).count() >= ATTACK
    left = _left(
        failed.filter(at__gt=welcome) if welcome else failed,
        FREE_UNDER_ATTACK if attacked and not welcome else FREE,
        at,
    )
    if welcome:
        return left
    crowd = LoginAttempt.objects.filter(at__gt=at - ADDRESS_COUNTED, address_hash=address_hash, succeeded=False)
    return max(left, _left(crowd, ADDRESS_FREE, at))


def _left(failed: QuerySet[LoginAttempt], free: int, at: datetime) -> int:
    found = failed.aggregate(n=Count("pk"), last=Max("at"))
    beyond = found["n"] - free
    if beyond < 0:
        return 0
    seconds = min(FIRST_WAIT * 2 ** min(beyond, 20), LONGEST_WAIT)
    over_at: datetime = found["last"] + timedelta(seconds=seconds)
    return max(0, ceil((over_at - at).total_seconds()))
