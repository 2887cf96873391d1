"""
How often one address may do something: counted in memory, under a hash whose key nobody knows and that ends with the process.

Nothing here is ever written down. Many old people may share one address (a village, a community centre, a phone network), so
the limits are wide, and a receipt is never locked: past the limit answers only come slowly.
"""

from __future__ import annotations

import secrets
import time
from collections import deque
from hashlib import blake2b
from ipaddress import IPv6Address, ip_address
from threading import BoundedSemaphore, Lock

from django.conf import settings
from django.http import HttpRequest

INTAKE, INTAKE_SECONDS = 30, 3600
"""Forms and messages that one address hands in within an hour."""
TRIES, TRIES_SECONDS = 20, 600
"""Receipts that one address tries within ten minutes before answers come slowly."""
SLOW_SECONDS = 2.0
WAITING_AT_MOST = 2
"""Slow answers at a time: whoever tries receipts by the thousand must not hold up those who know theirs."""
ADDRESSES_AT_MOST = 100_000
_KEY = secrets.token_bytes(32)


class Limit:
    """So many times within so many seconds, for each address."""

    def __init__(self, at_most: int, seconds: float) -> None:
        self.at_most, self.seconds = at_most, seconds
        self._times: dict[bytes, deque[float]] = {}
        self._lock = Lock()

    def take(self, address: str) -> bool:
        """This function will count one more time, and tell whether it is within the limit."""
        at, who = time.monotonic(), _hashed(address)
        with self._lock:
            if len(self._times) >= ADDRESSES_AT_MOST:
                self._times = {one: times for one, times in self._times.items() if times[-1] > at - self.seconds}
                if len(self._times) >= ADDRESSES_AT_MOST:
                    self._times.clear()
            times = self._times.setdefault(who, deque(maxlen=self.at_most + 1))
            while times and times[0] <= at - self.seconds:
                times.popleft()
            times.append(at)
            return len(times) <= self.at_most

    def give_back(self, address: str) -> None:
        """This function will take the last count back: what was handed in had been handed in before."""
        with self._lock:
            times = self._times.get(_hashed(address))
            if times:
                times.pop()
                if not times:
                    del self._times[_hashed(address)]

    def clear(self) -> None:
        """This function will forget all counts."""
        with self._lock:
            self._times.clear()


intake = Limit(INTAKE, INTAKE_SECONDS)
tries = Limit(TRIES, TRIES_SECONDS)
_waiting = BoundedSemaphore(WAITING_AT_MOST)


def held_up() -> bool:
    """This function will let an answer wait; False: enough of them are waiting, this one is not to be given now."""
    if not _waiting.acquire(blocking=False):
        return False
    try:
        time.sleep(SLOW_SECONDS)
    finally:
        _waiting.release()
    return True


def address_of(request: HttpRequest) -> str:
    """This function will give the address that a request came from; an own proxy's word is believed, nobody else's."""
    address: str = request.META.get("REMOTE_ADDR", "")
    if address in settings.PROXIES:
        return request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or address
    return address


def _hashed(address: str) -> bytes:
    try:
        known = ip_address(address)
    except ValueError:
        return blake2b(address.encode(), key=_KEY, digest_size=16).digest()
    # A household has a whole network of addresses of the sixth version.
    part = known.packed[:8] if isinstance(known, IPv6Address) and not known.ipv4_mapped else known.packed
    return blake2b(part, key=_KEY, digest_size=16).digest()
