"""The kinds of letters as data: what each is called, which fields it has, and its text around them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml

FieldType = Literal["line", "lines", "text", "date", "table", "body", "choice"]
Head = Literal["red", "letter", "plain"]


@dataclass(frozen=True)
class Field:
    """One field; the keys are explained at the top of ``common.yaml``."""

    name: str
    label: str
    type: FieldType
    required: bool = False
    most: int = 200
    least: int = 1
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kind:
    """One kind of letter; the keys are explained at the top of ``common.yaml``."""

    id: str
    name: str
    title: str
    head: Head
    fields: Mapping[str, Field]
    body: tuple[Mapping[str, Any], ...]
    receipt: str


@cache
def kinds() -> dict[str, Kind]:
    """This function will give every kind of letter by its id, with the common fields before its own."""
    here = files(__package__)
    common = _loaded((here / "common.yaml").read_text("utf-8"))["fields"]
    found = (file for file in (here / "kinds").iterdir() if file.name.endswith(".yaml"))
    rows = [_loaded(file.read_text("utf-8")) for file in sorted(found, key=lambda file: file.name)]
    return {row["id"]: _kind(row, common) for row in rows}


@cache
def unbroken() -> tuple[str, ...]:
    """This function will give the words that a title or a name of an office is not parted in."""
    return tuple(_loaded((files(__package__) / "common.yaml").read_text("utf-8"))["unbroken"])


def _loaded(text: str) -> Any:
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def _kind(row: dict[str, Any], common: dict[str, dict[str, Any]]) -> Kind:
    needed = {name: {"required": True} for name in row.get("required", ())}
    declared = {name: keys | needed.get(name, {}) for name, keys in (common | row["fields"]).items()}
    fields = {
        name: Field(name, **(keys | {"choices": tuple(keys.get("choices", ()))})) for name, keys in declared.items()
    }
    return Kind(
        row["id"], row["name"], row["title"], row["head"], fields, tuple(row["body"]), receipt=row.get("receipt", "")
    )
