"""
What a page hands to the next one: sealed, so that nobody reads or changes it, and good for a while only.

There is no session and no cookie that tells one visitor from another. What was written on one screen travels in a hidden field of
the next; whoever leaves the page leaves nothing behind, on the server neither.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.conf import settings

from shouhu.ledgers.vault.keys import Unreadable

LASTS = {"form": timedelta(hours=12), "pass": timedelta(minutes=30), "draft": timedelta(hours=2)}
"""Kinds: a form on its way through its screens, a receipt that was typed in, a message begun before the receipt ran out."""


def seal(kind: str, values: Mapping[str, Any], at: datetime) -> str:
    """This function will seal values for a hidden field."""
    plain = orjson.dumps({"until": (at + LASTS[kind]).timestamp(), **values})
    return urlsafe_b64encode(settings.KEYS.seal(plain, f"public.{kind}")).decode()


def opened(kind: str, text: str, at: datetime) -> dict[str, Any] | None:
    """This function will open what ``seal`` gave; None: it is another kind's, was changed, or its time is over."""
    try:
        values: dict[str, Any] = orjson.loads(settings.KEYS.open(urlsafe_b64decode(text.encode()), f"public.{kind}"))
    except (Unreadable, Error, ValueError):
        return None
    return values if values.pop("until") > at.timestamp() else None
