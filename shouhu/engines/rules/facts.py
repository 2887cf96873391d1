"""The declared facts: one table for workbooks, survey, rules and files (docs/files.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml

FactType = Literal["text", "code", "choice", "yes_no", "money", "count", "months", "date", "persons", "names"]
NUMBERS: frozenset[FactType] = frozenset({"money", "count", "months"})
PERSONS = ("投资人", "法定代表人", "主要负责人", "机构")


@dataclass(frozen=True)
class Moot:
    """What 不适用 means for a fact while another yes/no fact is 否."""

    without: str
    value: Any


@dataclass(frozen=True)
class Fact:
    """One declared fact; the keys are explained at the top of ``facts.yaml``."""

    name: str
    title: str
    type: FactType
    ask: str
    unit: str | None = None
    worse: bool | None = None
    expires: bool = False
    synonyms: tuple[str, ...] = ()
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    aspects: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    implies: Mapping[bool, Mapping[str, Any]] = field(default_factory=dict)
    moot: Moot | None = None
    mend: Any = None
    personal: bool = False

    @property
    def is_number(self) -> bool:
        """Whether the fact is a sum, a count or a number of months."""
        return self.type in NUMBERS

    @property
    def heading(self) -> str:
        """The column title with its unit, as the canonical register prints it."""
        return f"{self.title}({self.unit})" if self.type == "money" else self.title


def _read(row: dict[str, Any]) -> Fact:
    moot = row.pop("moot", None)
    for key in ("choices", "aspects"):
        row[key] = {k: tuple(v) for k, v in row.get(key, {}).items()}
    return Fact(
        **{**row, "synonyms": tuple(row.get("synonyms", ()))},
        moot=Moot(moot["without"], moot["as"]) if moot else None,
    )


@cache
def declared() -> dict[str, Fact]:
    """This function will give every declared fact by name, in the order of declaration."""
    text = (files(__package__) / "facts.yaml").read_text("utf-8")
    return {
        row["name"]: _read(dict(row)) for row in yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    }
