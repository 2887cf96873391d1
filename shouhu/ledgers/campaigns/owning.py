"""Which units a plan means by the owners that it prints, proposed by ``owners.yaml``; a person confirms it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

GROUPS = {"task_force": "各镇街专班", "member_unit": "各成员单位", "neighbourhood": "各村居"}
"""What stands for all units of a sort, among the choices."""
NOBODY = ""
"""The choice of an owner that is none of ours: it stays as printed, and shows as a gap."""
UNNAMED = "（没有写明责任单位）"
"""Stands for the owner of tasks that name none."""
_SHORTEST = 3


@dataclass(frozen=True)
class Candidate:
    """A unit that may owe a task."""

    pk: int
    name: str
    kind: str
    is_own_level: bool
    """Whether it stands on the campaign's own division."""
    group: str
    """Of ``GROUPS``; empty for units that are named one by one only."""

    @property
    def key(self) -> str:
        """What a choice of it is called."""
        return f"u{self.pk}"


def proposed(printed: str, units: Sequence[Candidate]) -> str:
    """This function will give the choice that a printed owner most likely means; ``NOBODY`` where none is likely."""
    plain = _plain(printed)
    for group, pattern in _patterns().items():
        if pattern.search(plain) and any(one.group == group for one in units):
            return group
    bare = re.sub(r"^(?:[^区县市镇乡]{0,4}[区县市镇乡]|街道)(?=..)", "", plain)
    levels = [[one for one in units if one.is_own_level], [one for one in units if not one.is_own_level]]
    for level in levels:
        named = [one for one in level if _plain(one.name) == plain]
        named = named or [one for one in level if len(bare) >= _SHORTEST and _plain(one.name).endswith(bare)]
        if len(named) == 1:
            return named[0].key
    kind = next((kind for kind, words in _declared()["kinds"].items() if any(word in plain for word in words)), None)
    of_kind = [one for one in levels[0] if one.kind == kind]
    return of_kind[0].key if len(of_kind) == 1 else NOBODY


def meant(key: str, units: Sequence[Candidate]) -> tuple[int, ...]:
    """This function will give the units of a choice; none for what is no choice."""
    return tuple(one.pk for one in units if key and key in (one.key, one.group))


def _plain(name: str) -> str:
    return re.sub(r"[（()）、，,/\s]|（.*?）", "", name)


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {group: re.compile(pattern) for group, pattern in _declared()["groups"].items()}


@cache
def _declared() -> dict[str, Any]:
    declared: dict[str, Any] = yaml.safe_load((files(__package__) / "owners.yaml").read_text("utf-8"))
    return declared
