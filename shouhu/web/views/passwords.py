"""First passwords: drawn by lot, shown once, to be changed at the first log-in."""

from __future__ import annotations

import secrets

_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without those that are taken for each other on paper."""


def first_password() -> str:
    """This function will draw a password of 79 bits in four groups, for reading it off a slip."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
