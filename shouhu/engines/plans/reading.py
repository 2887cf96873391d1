"""What ``reading.yaml`` lists, compiled."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def _lists() -> dict[str, Any]:
    lists: dict[str, Any] = yaml.safe_load((files(__package__) / "reading.yaml").read_text("utf-8"))
    return lists


@cache
def words(of: str) -> tuple[str, ...]:
    """This function will give the words of a list."""
    return tuple(_lists()[of].split())


@cache
def patterns(of: str) -> dict[str, str]:
    """This function will give the named patterns of a list."""
    return dict(_lists()[of])


@cache
def either(of: str) -> re.Pattern[str]:
    """This function will give one pattern for all patterns of a list."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in _lists()[of]), re.IGNORECASE)


@cache
def each(of: str) -> tuple[re.Pattern[str], ...]:
    """This function will give the patterns of a list one by one."""
    return tuple(map(re.compile, _lists()[of]))
