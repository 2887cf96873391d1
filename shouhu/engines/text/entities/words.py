"""Words that finders know, from ``words.yaml``."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import yaml


def words(of: str) -> list[str]:
    """This function will give the words of one list."""
    return _lists()[of].split()


@cache
def _lists() -> dict[str, str]:
    lists: dict[str, str] = yaml.safe_load((files(__package__) / "words.yaml").read_text("utf-8"))
    return lists
