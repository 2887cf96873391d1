"""
The receipt by which an informant comes back: 16 characters of Crockford's base 32, 80 bits.

It is a keyed function of the random key of the form, so that the same form sent twice gets the same receipt, and nothing that
is stored leads to it; the database keeps a keyed hash of it.
"""

from __future__ import annotations

import hashlib
import hmac
import re

from django.conf import settings

from shouhu.ledgers.vault import spelling

LENGTH = 16
_KEY = re.compile(r"[0-9a-f]{32}")


def receipt_for(key: str) -> str:
    """
    This function will give the receipt of a form.

    :param key: 32 random hex digits, made by the face when it showed the form.
    :raises ValueError: the key has another form.
    """
    if not _KEY.fullmatch(key):
        raise ValueError("not a key of a form")
    return spelling.spelled(hmac.digest(settings.KEYS.derived("receipt"), key.encode(), hashlib.sha256)[:10], LENGTH)


def printed(receipt: str) -> str:
    """This function will give a receipt in groups of four, as people read it out."""
    return spelling.grouped(receipt, 4)


def understood(text: str) -> str:
    """This function will read a receipt as a person typed it; empty when it cannot be one."""
    return spelling.understood(text, LENGTH)


def hashed(receipt: str) -> str:
    """This function will give the keyed hash under which a receipt is known to the database."""
    blind: str = settings.KEYS.blind(receipt, "receipt of a tip")
    return blind
