"""Numbers that nobody can foresee without the key, and everybody reproduces with it."""

from __future__ import annotations

import hmac

_ALL = 1 << 256


class Numbers:
    """The stream HMAC-SHA256(key, counter), counter from 0 in 8 bytes, big endian; each block is one number below 2^256."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._counter = 0

    def below(self, n: int) -> int:
        """This function will give the next number from 0 to ``n`` - 1, each equally likely; blocks past a multiple of n are skipped."""
        while True:
            block = hmac.digest(self._key, self._counter.to_bytes(8, "big"), "sha256")
            self._counter += 1
            number = int.from_bytes(block, "big")
            if number < _ALL - _ALL % n:
                return number % n
