"""Patterns that compile when they are first needed: one text needs few of them, and compiling takes longer than reading."""

from __future__ import annotations

import re
from typing import cast


def pattern(written: str, flags: int = 0) -> re.Pattern[str]:
    """This function will give a regular expression that is not compiled before it is used."""
    return cast(re.Pattern[str], _Late(written, flags))


class _Late:
    def __init__(self, written: str, flags: int) -> None:
        self._written, self._flags = written, flags

    def __getattr__(self, name: str) -> object:
        """This function will be called for what is not there yet: from then on the method is the compiled one's own."""
        own: object = getattr(re.compile(self._written, self._flags), name)
        setattr(self, name, own)
        return own
