"""The vocabulary of the plan reader, as patterns."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def words(key: str) -> Any:
    """This function will give one list or table of ``words.yaml``."""
    return _all()[key]


@cache
def either(key: str) -> str:
    """This function will give a list of words (which may be patterns) as one alternation, the longest first."""
    return "(?:" + "|".join(sorted(words(key), key=len, reverse=True)) + ")"


@cache
def _all() -> Any:
    return yaml.safe_load((files(__package__) / "words.yaml").read_text("utf-8"))
