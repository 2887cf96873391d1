"""The six standing mechanisms (长效机制) of ``mechanisms.yaml``, and when each is looked through next."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@dataclass(frozen=True)
class Mechanism:
    """One of them; ``kinds`` of units are proposed for it, the lead unit first."""

    name: str
    title: str
    arm: str
    says: str
    months: int
    kinds: tuple[str, ...]

    def next_look(self, after: date) -> date:
        """This function will give the day so many months after one; the last of the month where it has no such day."""
        year, month = divmod(after.year * 12 + after.month - 1 + self.months, 12)
        return date(year, month + 1, min(after.day, monthrange(year, month + 1)[1]))


@cache
def mechanisms() -> dict[str, Mechanism]:
    """This function will give the mechanisms by name, in their order."""
    declared: dict[str, Any] = yaml.safe_load((files(__package__) / "mechanisms.yaml").read_text("utf-8"))
    return {row["name"]: Mechanism(**{**row, "kinds": tuple(row["kinds"])}) for row in declared["mechanisms"]}
