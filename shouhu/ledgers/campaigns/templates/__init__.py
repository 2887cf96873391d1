"""Plans to begin with, one file each, in our own words: chosen, written for a place and a day, then read like any other plan."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

import yaml

ORDER = ("district_colours", "department", "town_elder", "telecom_households", "publicity_month")
_DAY = re.compile(r"\{\+(\d+)\}")


@dataclass(frozen=True)
class Template:
    """A plan to begin with; ``text`` speaks of ``{place}`` and ``{issuer}``, and of days as ``{+45}`` after the first."""

    id: str
    title: str
    says: str
    domain: str
    level: str
    n_days: int
    text: str

    def written(self, *, place: str, issuer: str, starts_on: date) -> tuple[str, str]:
        """This function will give the title and the text for a place, an office and a first day."""
        text = self.text.replace("{place}", place).replace("{issuer}", issuer)
        text = _DAY.sub(lambda found: _said(starts_on + timedelta(int(found[1]))), text)
        return text.partition("\n")[0], text


@cache
def templates() -> dict[str, Template]:
    """This function will give the templates by id, in the order in which they are offered."""
    folder = files(__package__)
    return {name: Template(name, **yaml.safe_load((folder / f"{name}.yaml").read_text("utf-8"))) for name in ORDER}


def _said(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
